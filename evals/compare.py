"""Two runs of one suite, question by question: what changed, and whether it may be chance."""

from __future__ import annotations

from dataclasses import dataclass

from evals.errors import CasesInvalid
from evals.figures import COUNTS
from evals.metrics.statistics import Difference, paired_difference
from evals.model import Record, Run

# A question must have a value in both runs to be paired; refusals are paired as outcomes.
_MIN_PAIRS = 2
_WITHIN = ("words", "right")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Second run minus first, by metric, and the questions that changed sides."""

    first: Run
    second: Run
    differences: dict[str, Difference]
    mended: tuple[str, ...]
    broken: tuple[str, ...]


def compare(first: Run, second: Run) -> Comparison:
    """Paired differences over the questions both runs asked.

    Raises CasesInvalid when the runs are of different suites or share no question.
    """
    if first.suite != second.suite:
        raise CasesInvalid(
            f"Only runs of one suite can be compared; these are of {first.suite} and "
            f"{second.suite}."
        )
    ours = {record.case: record for record in first.records}
    pairs = [(ours[r.case], r) for r in second.records if r.case in ours]
    if len(pairs) < _MIN_PAIRS:
        raise CasesInvalid("These runs share fewer than two questions.")
    return Comparison(
        first,
        second,
        {name: paired_difference(*values) for name, values in _paired(pairs).items()},
        mended=tuple(new.case for old, new in pairs if new.passed and not old.passed),
        broken=tuple(new.case for old, new in pairs if old.passed and not new.passed),
    )


def _paired(pairs: list[tuple[Record, Record]]) -> dict[str, tuple[list[float], list[float]]]:
    made: dict[str, tuple[list[float], list[float]]] = {}
    expanded = [(_values(old), _values(new)) for old, new in pairs]
    for name in dict.fromkeys(name for old, _ in expanded for name in old):
        both = [(old[name], new[name]) for old, new in expanded if name in old and name in new]
        if len(both) >= _MIN_PAIRS:
            made[name] = ([old for old, _ in both], [new for _, new in both])
    return made


def _values(record: Record) -> dict[str, float]:
    """A record's own values, and its outcome as 0 or 1."""
    left_out = (*COUNTS, *_WITHIN)
    values = {name: value for name, value in record.values.items() if name not in left_out}
    values["passed"] = float(record.passed)
    if record.status:
        if record.answerable:
            values["false_refusals"] = float(record.status == "not_found")
            values["hedges"] = float(record.status == "partial")
        else:
            values["unanswerable_recall"] = float(record.status != "answered")
    if record.latency_ms:
        values["latency_ms"] = record.latency_ms
    return values
