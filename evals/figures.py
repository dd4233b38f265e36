"""Records -> figures: each metric over a run, with its interval."""

from __future__ import annotations

import statistics as plain_statistics
from collections.abc import Callable, Sequence

from evals.metrics import abstention, statistics
from evals.model import Figure, Record

# Values that are summed, not averaged: none of them may occur at all.
COUNTS = ("broken", "dangling", "errors")
# Values that are kept in a record for figures of another name.
_WITHIN = (*COUNTS, "right", "words")

Statistic = Callable[[Sequence[Record]], float | None]


def figures(records: Sequence[Record]) -> dict[str, Figure]:
    """All metrics that apply to these records, by name."""
    made = {name: _mean(records, name) for name in _means(records)}
    for name, statistic in _STATISTICS.items():
        value = statistic(records)
        if value is not None:
            made[name] = _resampled(records, statistic, value)
    for name, statistic in _PLAIN.items():
        value = statistic(records)
        if value is not None:
            made[name] = Figure(value, None, None, len(records))
    return made


def by_kind(records: Sequence[Record]) -> dict[str, dict[str, Figure]]:
    """The same for each class of question."""
    kinds = dict.fromkeys(record.kind for record in records)
    return {kind: figures([r for r in records if r.kind == kind]) for kind in kinds}


def judged(records: Sequence[Record]) -> list[tuple[float, bool]]:
    """(confidence, right) of each answer, as risk and coverage need them; claims have none."""
    return [
        (record.confidence, record.values["right"] > 0)
        for record in records
        if record.confidence is not None and "right" in record.values
    ]


def _means(records: Sequence[Record]) -> list[str]:
    names = dict.fromkeys(name for record in records for name in record.values)
    return [name for name in names if name not in _WITHIN]


def _mean(records: Sequence[Record], name: str) -> Figure:
    values = [record.values[name] for record in records if name in record.values]
    low, high = statistics.mean_interval(values)
    return Figure(sum(values) / len(values), low, high, len(values))


def _resampled(records: Sequence[Record], statistic: Statistic, value: float) -> Figure:
    bounds = statistics.interval(lambda drawn: statistic([records[i] for i in drawn]), len(records))
    low, high = bounds or (None, None)
    return Figure(value, low, high, len(records))


def _share(records: Sequence[Record], status: str, *, answerable: bool) -> float | None:
    asked = [r for r in records if r.status and r.answerable is answerable]
    return sum(r.status == status for r in asked) / len(asked) if asked else None


def _unanswerable_recall(records: Sequence[Record]) -> float | None:
    answered = _share(records, "answered", answerable=False)
    return None if answered is None else 1 - answered


def _auroc(records: Sequence[Record]) -> float | None:
    sure = [r for r in records if r.confidence is not None]
    positive = [r.confidence or 0.0 for r in sure if r.answerable]
    negative = [r.confidence or 0.0 for r in sure if not r.answerable]
    return abstention.auroc(positive, negative) if positive and negative else None


def _risk_area(records: Sequence[Record]) -> float | None:
    pairs = judged(records)
    return abstention.risk_area(pairs) if pairs else None


def _passed(records: Sequence[Record]) -> float | None:
    return sum(r.passed for r in records) / len(records) if records else None


def _words(records: Sequence[Record]) -> float | None:
    counts = [r.values["words"] for r in records if "words" in r.values]
    return float(plain_statistics.median(counts)) if counts else None


def _total(name: str) -> Statistic:
    def total(records: Sequence[Record]) -> float | None:
        counts = [r.values[name] for r in records if name in r.values]
        return sum(counts) if counts else None

    return total


def _latency(share: float) -> Statistic:
    def latency(records: Sequence[Record]) -> float | None:
        timed = [r.latency_ms for r in records if r.latency_ms > 0]
        return statistics.quantile(timed, share) if timed else None

    return latency


_STATISTICS: dict[str, Statistic] = {
    "passed": _passed,
    "unanswerable_recall": _unanswerable_recall,
    "false_refusals": lambda records: _share(records, "not_found", answerable=True),
    "hedges": lambda records: _share(records, "partial", answerable=True),
    "auroc": _auroc,
    "risk_area": _risk_area,
}
_PLAIN: dict[str, Statistic] = {
    "broken": _total("broken"),
    "dangling": _total("dangling"),
    "errors": _total("errors"),
    "median_words": _words,
    "latency_p50": _latency(0.5),
    "latency_p95": _latency(0.95),
}
