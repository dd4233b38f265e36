"""Any data set in BEIR's layout: corpus.jsonl, queries.jsonl, qrels/*.tsv (Thakur et al. 2021)."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.language import language_of
from corpus.store import Corpus
from evals.collection import Text, document_id, from_texts
from evals.errors import SuiteUnavailable
from evals.model import Case
from evals.score import Measures
from evals.suites.suite import Suite, needed
from rag.assistant import LONGEST_QUESTION
from rag.model import Query

_SPLITS = ("test", "dev", "train")


def beir(folder: Path) -> Suite:
    """The folder's test questions, or those of the first split it has."""
    texts = [
        Text(_name(folder, row["_id"]), _text(row), language_of(_text(row)))
        for row in _rows(needed(folder / "corpus.jsonl"))
        if _text(row)
    ]
    known = {document_id(text.id) for text in texts}
    questions = {str(row["_id"]): row["text"] for row in _rows(needed(folder / "queries.jsonl"))}
    graded = _grades(folder, known)

    def cases(corpus: Corpus) -> tuple[Case, ...]:  # noqa: ARG001 - judgements are in the data set
        return tuple(
            Case(key, "query", Query(questions[key][:LONGEST_QUESTION]), relevant=grades)
            for key, grades in graded.items()
            if key in questions and any(grade > 0 for grade in grades.values())
        )

    return Suite(
        f"beir-{folder.name}",
        from_texts(f"beir-{folder.name}", texts),
        cases,
        Measures(documents=True, depth=10),
        notes={"source": str(folder), "passages": len(texts)},
    )


def _grades(folder: Path, known: set[str]) -> dict[str, dict[str, int]]:
    """Grades by question, then by document; judgements of documents left out are left out."""
    files = [folder / "qrels" / f"{split}.tsv" for split in _SPLITS]
    path = next((file for file in files if file.is_file()), None)
    if path is None:
        raise SuiteUnavailable(f"{folder / 'qrels'} has none of: {', '.join(_SPLITS)} (.tsv).")
    graded: dict[str, dict[str, int]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            document = document_id(_name(folder, row["corpus-id"]))
            if document in known:
                graded[row["query-id"]][document] = int(row["score"])
    return graded


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _text(row: dict[str, Any]) -> str:
    return "\n".join(part for part in (row.get("title", ""), row["text"]) if part).strip()


def _name(folder: Path, key: str) -> str:
    return f"beir-{folder.name}-{key}"
