"""The support check and its baselines over claims: records and runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from corpus.embedder import Embedder
from evals.claims import Claim
from evals.errors import SuiteUnavailable
from evals.figures import by_kind, figures
from evals.model import Record, Run
from evals.runs import revision
from evals.shelf import Shelf
from evals.suites.suite import sampled
from rag.entailment import CrossEncoder
from rag.support import Finding
from rag.verify import Verifier
from rag.words import read

Check = Callable[[Claim], Finding]
Progress = Callable[[str, int, int], None]
# Scores from which the baselines let a sentence pass: the highest ones at which they reject at
# most a tenth of the faithful paraphrases of dev.
_OVERLAP, _COSINE = 0.73, 0.735
CHECKS = ("ours", "overlap", "cosine")


@dataclass(frozen=True, slots=True)
class ClaimSuite:
    """Sentences to be let through or rejected; ``claims`` may need an embedder to choose quotes."""

    name: str
    claims: Callable[[Embedder], tuple[Claim, ...]]
    split: str = "test"
    notes: dict[str, Any] = field(default_factory=dict)


def run(
    suite: ClaimSuite, name: str, shelf: Shelf, progress: Progress, limit: int | None = None
) -> Run:
    """One check over one suite; ``limit`` takes an evenly spread sample of the claims."""
    check = _check(name, shelf)
    started = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    claims = suite.claims(shelf.remembering)
    sample = sampled(claims, limit)
    clock = time.perf_counter()
    records = []
    for done, claim in enumerate(sample):
        progress(f"{suite.name} {name}", done, len(sample))
        records.append(judged(claim, check))
    return Run(
        suite=suite.name,
        system=name,
        split=suite.split,
        started=started,
        revision=revision(),
        config=name,
        snapshot="",
        seconds=round(time.perf_counter() - clock, 1),
        figures=figures(records),
        by_kind=by_kind(records),
        records=tuple(records),
        notes={**suite.notes, "cases": len(claims), "asked": len(records)},
    )


def judged(claim: Claim, check: Check) -> Record:
    """The record of a claim: passed when it was let through exactly if its quotes support it."""
    started = time.perf_counter()
    finding = check(claim)
    elapsed = (time.perf_counter() - started) * 1000
    rejected = float(not finding.supported)
    values = {"errors": 0.0}
    if claim.supported:
        values["faithful_rejected"] = rejected
    else:
        values["corrupted_rejected"] = rejected
        values[f"rejected_of_{claim.origin}"] = rejected
    return Record(
        case=claim.id,
        kind=claim.kind,
        question=claim.text,
        language="en",
        answerable=claim.supported,
        passed=finding.supported == claim.supported,
        values=values,
        latency_ms=round(elapsed, 2),
        status="",
        confidence=finding.score,
        error="; ".join(finding.reasons),
    )


def _check(name: str, shelf: Shelf) -> Check:
    if name == "ours":
        ours = Verifier(shelf.remembering, shelf.multilingual, entailment=CrossEncoder())
        return lambda claim: ours.check(claim.text, claim.evidence)
    if name == "overlap":
        return _overlap
    if name == "cosine":
        return lambda claim: _cosine(claim, shelf.embedder)
    raise SuiteUnavailable(f"There is no check {name!r}. There are: {', '.join(CHECKS)}.")


def _overlap(claim: Claim) -> Finding:
    """The share of the sentence's content words whose stem is in a quote."""
    said = [w.stem for w in read(claim.text, "en", ()).words if w.content]
    stated = frozenset(s for one in claim.evidence for s in read(one.quote, "en", ()).stems)
    score = sum(stem in stated for stem in said) / len(said) if said else 0.0
    return Finding(score >= _OVERLAP, score)


def _cosine(claim: Claim, embedder: Embedder) -> Finding:
    """The cosine of the sentence with the nearest quote, or with all quotes as one text."""
    quotes = [one.quote for one in claim.evidence]
    said, *stated = embedder.embed_documents([claim.text, *quotes, " ".join(quotes)])
    score = max(float(said @ one) for one in stated)
    return Finding(score >= _COSINE, score)
