"""Breaking the system on purpose makes the gate fail each time; unbroken it passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document as LangChainDocument

from corpus.model import Filters
from corpus.multilingual import MultilingualEmbedder
from corpus.store import Corpus
from corpus.transformer import SentenceTransformerEmbedder
from evals.execute import evaluate
from evals.gate import check, read_gate
from evals.model import Outcome, Run
from evals.shelf import Shelf
from evals.suites.files import bundled
from evals.systems import Ours, System
from rag.model import AnswerSentence, Query, Status, Verdict
from rag.retrieve import HybridRetriever

SUITE = bundled("dev")


@pytest.fixture(scope="module")
def corpus(
    tmp_path_factory: pytest.TempPathFactory,
    minilm: SentenceTransformerEmbedder,
    multilingual: MultilingualEmbedder,
) -> Iterator[Corpus]:
    shelf = Shelf(
        tmp_path_factory.mktemp("cache"), lambda: minilm, load_multilingual=lambda: multilingual
    )
    with shelf.corpus(SUITE.collection) as opened:
        yield opened


class Reversed(HybridRetriever):
    """Hits in reverse order."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: Any, filters: Filters | None = None, limit: int = 8
    ) -> list[LangChainDocument]:
        found = super()._get_relevant_documents(
            query, run_manager=run_manager, filters=filters, limit=limit
        )
        return found[::-1]


class Shifted(Ours):
    """Every citation one character too far."""

    def ask(self, query: Query) -> Outcome:
        outcome = super().ask(query)
        moved = tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in outcome.citations)
        return replace(outcome, citations=moved)


class NeverDeclines(Ours):
    """Every question answered, with the nearest passages when nothing answers."""

    def ask(self, query: Query) -> Outcome:
        outcome = super().ask(query)
        if outcome.status is Status.ANSWERED:
            return outcome
        cited = tuple(replace(c, number=n) for n, c in enumerate(outcome.nearest, start=1))
        sentences = tuple(AnswerSentence(c.quote, (c.number,), Verdict.QUOTED) for c in cited)
        return Outcome(Status.ANSWERED, 1.0, "", sentences, cited)


def _run(system: System, corpus: Corpus, limit: int | None = None) -> Run:
    started = "20260101T000000Z"
    return evaluate(SUITE, system, corpus, started, lambda name, done, total: None, limit)


def _missed(run: Run) -> set[str]:
    return {failure.metric for failure in check(run, read_gate())}


def test_the_unbroken_system_passes(corpus: Corpus) -> None:
    assert _missed(_run(Ours(corpus), corpus)) == set()


def test_hits_in_reverse_order_fail(corpus: Corpus) -> None:
    system = Ours(corpus)
    system.assistant.retriever = Reversed(corpus=corpus)
    assert {"recall@1", "mrr"} <= _missed(_run(system, corpus))


def test_citations_shifted_by_one_character_fail(corpus: Corpus) -> None:
    assert "broken" in _missed(_run(Shifted(corpus), corpus))


def test_never_declining_fails(corpus: Corpus) -> None:
    assert "unanswerable_recall" in _missed(_run(NeverDeclines(corpus), corpus))


def test_runs_are_the_same_twice(corpus: Corpus) -> None:
    """Two runs of one revision on one corpus differ in nothing but time."""
    first, second = (_run(Ours(corpus), corpus, limit=20).records for _ in range(2))
    assert _timeless(first) == _timeless(second)


def _timeless(records: Sequence[Any]) -> list[Any]:
    return [replace(record, latency_ms=0.0) for record in records]


def test_gold_of_a_test_split_is_not_kept(tmp_path: Path, corpus: Corpus) -> None:
    suite = replace(SUITE, split="test", hide_gold=True)
    run = evaluate(suite, Ours(corpus), corpus, "", lambda name, done, total: None, limit=3)
    assert len(run.records) == 3
    assert not any(record.gold for record in run.records)


def test_a_crash_is_recorded_and_fails(corpus: Corpus) -> None:
    class Crashes(Ours):
        asked = 0

        def ask(self, query: Query) -> Outcome:
            self.asked += 1
            if self.asked == 3:
                raise ValueError("odd question")
            return super().ask(query)

    run = _run(Crashes(corpus), corpus, limit=20)
    assert [record.error for record in run.records if record.error] == ["ValueError: odd question"]
    assert "errors" in _missed(run)
