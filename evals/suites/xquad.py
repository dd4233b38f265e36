"""XQuAD: professional translations of SQuAD passages and questions (Artetxe et al. 2020).

240 passages and 1,190 questions in each of five UN languages, parallel by question id. A
question's passage is to be found among all, then the sentence in it that has the answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.model import Span
from corpus.store import Corpus
from evals.collection import Text, document_id, from_texts
from evals.model import Case, Gold
from evals.score import Measures
from evals.suites.suite import Suite, needed
from rag.model import Query

LANGUAGES = ("en", "es", "ru", "ar", "zh")


@dataclass(frozen=True, slots=True)
class _Question:
    id: str
    text: str
    passage: str
    answer: Span


def xquad(language: str, data: Path) -> Suite:
    """Questions and passages of one language."""
    return _suite(f"xquad-{language}", language, language, data)


def xquad_cross(language: str, data: Path) -> Suite:
    """Questions of one language, English passages."""
    return _suite(f"xquad-cross-{language}", language, "en", data)


def _suite(name: str, asked_in: str, written_in: str, data: Path) -> Suite:
    passages, answers = _read(data, written_in)
    asked = {one.id: one.text for one in _read(data, asked_in)[1]}

    def cases(corpus: Corpus) -> tuple[Case, ...]:  # noqa: ARG001 - spans are in the data set
        return tuple(_case(one, asked[one.id], asked_in) for one in answers)

    return Suite(
        name,
        from_texts(f"xquad-{written_in}", passages),
        cases,
        Measures(documents=True, sentences=True, sentence_depth=3),
        notes={"source": "XQuAD, CC BY-SA 4.0", "passages": len(passages)},
    )


def _case(question: _Question, text: str, language: str) -> Case:
    document = document_id(question.passage)
    return Case(
        question.id,
        "question",
        Query(text),
        language,
        (Gold(document, question.answer),),
        {document: 1},
    )


def _read(data: Path, language: str) -> tuple[list[Text], list[_Question]]:
    path = needed(data / "xquad" / f"xquad.{language}.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    passages, questions = [], []
    for number, paragraph in enumerate(_paragraphs(content)):
        passage = Text(f"xquad-{language}-{number}", paragraph["context"], language)
        passages.append(passage)
        questions += [_question(entry, passage.id) for entry in paragraph["qas"]]
    return passages, questions


def _paragraphs(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for article in content["data"]:
        yield from article["paragraphs"]


def _question(entry: dict[str, Any], passage: str) -> _Question:
    answer = entry["answers"][0]
    start = answer["answer_start"]
    return _Question(
        entry["id"], entry["question"], passage, Span(start, start + len(answer["text"]))
    )
