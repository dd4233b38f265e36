"""CLAPNQ: real questions with one passage each that answers them, or does not (Rosenthal 2024).

150 of each in the data. Every question is asked of its own passage only: whether the passage
answers, and which of its sentences does.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from corpus.model import Filters
from corpus.store import Corpus
from evals.collection import Text, document_id, from_texts
from evals.gold import occurrences
from evals.model import Case, Gold
from evals.score import Measures
from evals.suites.suite import Suite, needed
from rag.model import Query


def clapnq(data: Path) -> Suite:
    """Answerable questions, then unanswerable ones, so that a spread sample has both.

    The one answerable question for which no sentence was marked is left out.
    """
    answerable = [row for row in _read(data, "answerable") if _selected(row)]
    rows = [*answerable, *_read(data, "unanswerable")]
    texts = [Text(_name(row), row["passages"][0]["text"]) for row in rows]

    def cases(corpus: Corpus) -> tuple[Case, ...]:  # noqa: ARG001 - spans are in the data set
        return tuple(_case(row) for row in rows)

    return Suite(
        "clapnq",
        from_texts("clapnq", texts),
        cases,
        Measures(answers=True, sentences=True),
        notes={"source": "CLAPNQ dev, Apache-2.0"},
    )


def _case(row: dict[str, Any]) -> Case:
    document = document_id(_name(row))
    text = row["passages"][0]["text"]
    gold = tuple(Gold(document, occurrences(one, text)[0]) for one in _selected(row))
    return Case(
        row["id"],
        "answerable" if gold else "unanswerable",
        Query(row["input"], filters=Filters(submission=(document,))),
        gold=gold,
    )


def _selected(row: dict[str, Any]) -> list[str]:
    """The sentences marked as answering; some answers are written by hand as well."""
    return list(dict.fromkeys(row["output"][0]["selected_sentences"]))


def _name(row: dict[str, Any]) -> str:
    return f"clapnq-{row['id']}"


def _read(data: Path, which: str) -> list[dict[str, Any]]:
    path = needed(data / "clapnq" / f"{which}.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
