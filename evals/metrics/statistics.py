"""How sure a figure is: seeded resampling, so that the same run gives the same interval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEED = 20_031_212
_RESAMPLES = 2_000
_FLIPS = 10_000
_LOW, _HIGH = 2.5, 97.5


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first over ``count`` paired questions, its 95 % interval and p value."""

    value: float
    low: float
    high: float
    p: float
    count: int


def quantile(values: Sequence[float], share: float) -> float:
    """Linear-interpolated quantile; ``share`` 0 to 1."""
    return float(np.quantile(np.asarray(values, dtype=float), share))


def mean_interval(values: Sequence[float]) -> tuple[float, float]:
    """Percentile bootstrap of the mean, 95 % (Efron 1979)."""
    data = np.asarray(values, dtype=float)
    return _percentiles(data[_indices(len(data), _RESAMPLES)].mean(axis=1))


def interval(
    statistic: Callable[[NDArray[np.intp]], float | None], count: int, resamples: int = 500
) -> tuple[float, float] | None:
    """Percentile bootstrap of any statistic of ``count`` records, given drawn positions.

    Draws for which it is undefined (None) are left out; None when all are.
    """
    drawn = (statistic(row) for row in _indices(count, resamples))
    values = [value for value in drawn if value is not None]
    return _percentiles(np.asarray(values)) if values else None


def paired_difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """Paired bootstrap of the mean difference and a two-sided sign-flip permutation test.

    On values of 0 and 1 the permutation test is McNemar's, by sampling (Fisher 1935; for
    retrieval Smucker, Allan, Carterette 2007).
    """
    change = np.asarray(second, dtype=float) - np.asarray(first, dtype=float)
    low, high = _percentiles(change[_indices(len(change), _RESAMPLES)].mean(axis=1))
    observed = abs(float(change.mean()))
    signs = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(_FLIPS, len(change)))
    flipped = np.abs((signs * change).mean(axis=1))
    # Counting the observed order itself keeps p above 0.
    p = (1 + int((flipped >= observed - 1e-12).sum())) / (_FLIPS + 1)
    return Difference(float(change.mean()), low, high, p, len(change))


def _indices(count: int, resamples: int) -> NDArray[np.intp]:
    return np.random.default_rng(SEED).integers(0, count, size=(resamples, count))


def _percentiles(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.percentile(values, [_LOW, _HIGH])
    return float(low), float(high)
