"""Runs systems over suites."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from corpus.store import Corpus
from evals.baselines.tutorial import Tutorial, scratch
from evals.errors import SuiteUnavailable
from evals.figures import by_kind, figures
from evals.metrics.citations import CHECKER
from evals.model import Record, Run
from evals.runs import revision
from evals.score import Scorer
from evals.shelf import Shelf
from evals.suites.suite import Suite, sampled
from evals.systems import Ours, System, documents_of
from rag.retrieve import Weights

# One arm of our retrieval alone.
_ARMS = {
    "bm25": Weights(1.0, 0.0, 0.0),
    "dense": Weights(0.0, 1.0, 0.0),
    "multilingual": Weights(0.0, 0.0, 1.0),
}
SYSTEMS = ("ours", "tutorial", *_ARMS)
Progress = Callable[[str, int, int], None]


def run(suite: Suite, name: str, shelf: Shelf, progress: Progress, limit: int | None = None) -> Run:
    """One system over one suite; ``limit`` takes an evenly spread sample of the cases."""
    words_only = name == "bm25" and not suite.measures.answers
    started = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    with (
        shelf.corpus(suite.collection, words_only=words_only) as corpus,
        _system(name, corpus, shelf, has_model=not words_only) as system,
    ):
        return evaluate(suite, system, corpus, started, progress, limit)


def evaluate(
    suite: Suite,
    system: System,
    corpus: Corpus,
    started: str,
    progress: Progress,
    limit: int | None = None,
) -> Run:
    """Any system over a suite whose corpus is open."""
    clock = time.perf_counter()
    scorer = Scorer(system, corpus, suite.measures, suite.hide_gold)
    cases = suite.cases(corpus)
    if suite.measures.answers and cases:
        # The first question loads language and country tables; no user waits for them twice.
        system.ask(cases[0].query)
    sample = sampled(cases, limit)
    records: list[Record] = []
    for done, case in enumerate(sample):
        progress(f"{suite.name} {system.name}", done, len(sample))
        records.append(scorer.score(case))
    return Run(
        suite=suite.name,
        system=system.name,
        split=suite.split,
        started=started,
        revision=revision(),
        config=system.config,
        snapshot=corpus.snapshot,
        seconds=round(time.perf_counter() - clock, 1),
        figures=figures(records),
        by_kind=by_kind(records),
        records=tuple(records),
        notes={**suite.notes, "checker": CHECKER, "cases": len(cases), "asked": len(records)},
    )


@contextmanager
def _system(name: str, corpus: Corpus, shelf: Shelf, *, has_model: bool) -> Iterator[System]:
    if name == "tutorial":
        with scratch() as folder:
            tutorial = Tutorial(
                documents_of(corpus), shelf.embedder, Path(folder), shelf.remembering
            )
            try:
                yield tutorial
            finally:
                tutorial.close()
    elif name in _ARMS:
        yield Ours(corpus, name, _ARMS[name], has_model=has_model)
    elif name == "ours":
        yield Ours(corpus)
    else:
        raise SuiteUnavailable(f"There is no system {name!r}. There are: {', '.join(SYSTEMS)}.")
