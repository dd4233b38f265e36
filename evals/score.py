"""A case and what a system made of it -> a record with the values of all metrics."""

from __future__ import annotations

import time
import traceback
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.store import Corpus
from evals.metrics import citations as cited
from evals.metrics import ranking
from evals.model import Case, Outcome, Record, Shown
from evals.systems import System
from rag.model import Citation, Status

_DEPTHS = (1, 4, 5, 8)
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Measures:
    """What a suite looks at: whole answers, retrieved passages, documents, single sentences.

    ``depth`` is how many passages are retrieved; ``sentence_depth`` from how many of them
    sentences are ranked.
    """

    answers: bool = False
    passages: bool = False
    documents: bool = False
    sentences: bool = False
    depth: int = 10
    sentence_depth: int = 8


class Scorer:
    """Judges one system on the cases of a suite; ``hide_gold`` for test splits."""

    def __init__(
        self, system: System, corpus: Corpus, measures: Measures, hide_gold: bool = False
    ) -> None:
        self._system = system
        self._measures = measures
        self._hide_gold = hide_gold
        self._corpus = corpus
        self._texts: dict[str, str] = {}

    def score(self, case: Case) -> Record:
        """The record of a case; a question on which the system raises is one that it failed."""
        try:
            return self._score(case)
        except Exception as error:  # noqa: BLE001 - a crash is a result, and the gate allows none
            return replace(
                self._empty(case),
                passed=False,
                values={"errors": 1.0},
                status="error",
                error="".join(traceback.format_exception_only(error)).strip(),
            )

    def _score(self, case: Case) -> Record:
        record = self._empty(case)
        if self._measures.passages or self._measures.documents:
            record = self._retrieval(case, record)
        if self._measures.sentences and case.gold:
            record = self._sentences(case, record)
        if self._measures.answers:
            record = self._answer(case, record)
        return record

    def _empty(self, case: Case) -> Record:
        hidden = self._hide_gold or not case.gold
        gold = (
            ()
            if hidden
            else tuple(self._text(g.document)[g.span.start : g.span.end] for g in case.gold)
        )
        return Record(
            case=case.id,
            kind=case.kind,
            question=case.query.question,
            language=case.language,
            answerable=case.answerable,
            passed=True,
            values={"errors": 0.0},
            latency_ms=0.0,
            gold=gold,
        )

    def _retrieval(self, case: Case, record: Record) -> Record:
        if not case.answerable:
            return record
        depth = max(self._measures.depth, case.query.top_k)
        started = time.perf_counter()
        found = self._system.retrieve(replace(case.query, top_k=depth))
        elapsed = (time.perf_counter() - started) * 1000
        values: dict[str, float] = {}
        if self._measures.passages:
            values |= _passage_values(case, found)
        if self._measures.documents:
            values |= _document_values(case, found)
        passed = max(values.get("recall@8", 0.0), values.get("recall@10", 0.0)) > 0
        return replace(
            record,
            values={**record.values, **values},
            passed=passed,
            latency_ms=round(elapsed, 2),
            shown=() if passed else _shown(found),
        )

    def _sentences(self, case: Case, record: Record) -> Record:
        query = replace(case.query, top_k=self._measures.sentence_depth)
        ranked = self._system.rank_sentences(query)
        if not ranked:
            return record
        hits = [_touching(case, one) for one in ranked]
        every = {str(n) for n in range(len(case.gold))}
        values = {
            "sentence@1": ranking.success_at(1, hits, every),
            "sentence@3": ranking.success_at(3, hits, every),
            "sentence_mrr": ranking.reciprocal_rank(hits, every),
        }
        passed = record.passed and values["sentence@3"] > 0
        shown = record.shown or (() if passed else _shown(ranked))
        return replace(record, values={**record.values, **values}, passed=passed, shown=shown)

    def _answer(self, case: Case, record: Record) -> Record:
        started = time.perf_counter()
        outcome = self._system.ask(case.query)
        elapsed = (time.perf_counter() - started) * 1000
        values = answer_values(case, outcome, self._texts_of(outcome))
        return replace(
            record,
            values={**record.values, **values},
            passed=_passed(case, outcome, values),
            latency_ms=round(elapsed, 2),
            status=str(outcome.status),
            confidence=outcome.confidence,
            shown=_shown(outcome.citations or outcome.nearest),
        )

    def _texts_of(self, outcome: Outcome) -> Mapping[str, str]:
        everything = (*outcome.citations, *outcome.nearest)
        return {one.submission_id: self._text(one.submission_id) for one in everything}

    def _text(self, document: str) -> str:
        if document not in self._texts:
            self._texts[document] = self._corpus.document(document).text
        return self._texts[document]


def answer_values(case: Case, outcome: Outcome, texts: Mapping[str, str]) -> dict[str, float]:
    """Metrics of one answer; those of finding the gold are 0 when it was declined.

    ``right`` says whether what is shown, the answer or else the nearest passages, has a gold
    passage: it is what confidence should predict.
    """
    shown = outcome.citations or outcome.nearest
    values = {
        "broken": float(cited.broken((*outcome.citations, *outcome.nearest), texts)),
        "dangling": float(cited.dangling(outcome)),
        "right": float(any(cited.found_gold(case.gold, one) for one in shown)),
    }
    if outcome.citations:
        values["precision"] = cited.precision(case.gold, outcome.citations)
        values["words"] = float(cited.quoted_words(outcome.citations))
    if not case.gold:
        return values
    values["document_hit"] = cited.document_hit(case.gold, outcome.citations)
    if any(one.section for one in case.gold):
        values["section_hit"] = cited.section_hit(case.gold, outcome.citations)
    values["coverage"] = cited.span_coverage(case.gold, outcome.citations)
    if outcome.citations:
        values["wrong_document"] = cited.wrong_document(case.gold, outcome.citations)
    if case.required:
        values["required"] = cited.required_recall(case.required, _text_shown(outcome))
    return values


def _text_shown(outcome: Outcome) -> str:
    sentences = (sentence.text for sentence in outcome.sentences)
    return "\n".join((*sentences, *(citation.quote for citation in outcome.citations)))


def _passed(case: Case, outcome: Outcome, values: Mapping[str, float]) -> bool:
    if values["broken"] or values["dangling"]:
        return False
    if not case.answerable:
        return outcome.status is not Status.ANSWERED
    return outcome.status is Status.ANSWERED and values["right"] > 0


def _passage_values(case: Case, found: Sequence[Citation]) -> dict[str, float]:
    every = {str(n) for n in range(len(case.gold))}
    places = [cited.found_gold(case.gold, one) for one in found]
    values = {f"recall@{k}": ranking.recall_at(k, places, every) for k in _DEPTHS}
    return {**values, "mrr": ranking.reciprocal_rank(places, every)}


def _document_values(case: Case, found: Sequence[Citation]) -> dict[str, float]:
    ids = list(dict.fromkeys(one.submission_id for one in found))
    places: list[Collection[str]] = [{one} for one in ids]
    relevant = [one for one, grade in case.relevant.items() if grade > 0]
    return {
        "ndcg@10": ranking.ndcg_at_10(ids, case.relevant),
        "recall@1": ranking.recall_at(1, places, relevant),
        "recall@5": ranking.recall_at(5, places, relevant),
        "recall@10": ranking.recall_at(10, places, relevant),
    }


def _touching(case: Case, sentence: Citation) -> list[str]:
    """Gold passages on which a sentence lies: it holds the answer, or is mostly within it."""
    return [
        str(n)
        for n, gold in enumerate(case.gold)
        if cited.found_gold([gold], sentence) or cited.precision([gold], [sentence])
    ]


def _shown(citations: Sequence[Citation]) -> tuple[Shown, ...]:
    return tuple(
        Shown(c.submission_id, tuple(c.section), c.start, c.end, c.quote, c.score)
        for c in citations[:_SHOWN]
    )
