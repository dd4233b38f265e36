"""Whether a system knows when it does not know; from status and confidence of each record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Probability that a positive scores above a negative, ties counting half (Mann-Whitney U)."""
    ordered = sorted([(score, True) for score in positive] + [(score, False) for score in negative])
    wins, below = 0.0, 0
    for _, tied in groupby(ordered, key=lambda pair: pair[0]):
        group = [is_positive for _, is_positive in tied]
        positives = sum(group)
        negatives = len(group) - positives
        wins += positives * (below + negatives / 2)
        below += negatives
    return wins / (len(positive) * len(negative))


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering the surest ``coverage`` of all questions, ``risk`` of those answers are wrong."""

    coverage: float
    risk: float


def risk_coverage(judged: Sequence[tuple[float, bool]]) -> list[RiskPoint]:
    """The curve over (confidence, right) pairs, one point a question, surest first.

    Within a tie every order is as likely, so its questions share their errors evenly
    (El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification").
    """
    points: list[RiskPoint] = []
    errors, answered = 0.0, 0
    ordered = sorted(judged, key=lambda pair: -pair[0])
    for _, tied in groupby(ordered, key=lambda pair: pair[0]):
        group = [right for _, right in tied]
        share = sum(not right for right in group) / len(group)
        for _ in group:
            errors, answered = errors + share, answered + 1
            points.append(RiskPoint(answered / len(ordered), errors / answered))
    return points


def risk_area(judged: Sequence[tuple[float, bool]]) -> float:
    """Mean risk over all coverages, 0 to 1, lower is better."""
    points = risk_coverage(judged)
    return sum(point.risk for point in points) / len(points)
