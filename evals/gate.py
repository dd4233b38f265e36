"""What an evaluation must reach for a change to land: floors and ceilings by suite and system."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.errors import CasesInvalid
from evals.model import Run

GATE = Path(__file__).resolve().parent / "gate.toml"


class _Limits(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: str
    system: str
    limit: int | None = None
    floors: dict[str, float] = {}
    ceilings: dict[str, float] = {}


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    check: tuple[_Limits, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one system must keep to on one suite; ``sample`` limits the questions asked."""

    suite: str
    system: str
    sample: int | None
    floors: Mapping[str, float]
    ceilings: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Failure:
    """One limit that a run does not keep to; ``value`` is None when it was not measured."""

    suite: str
    system: str
    metric: str
    value: float | None
    told: str


def read_gate(path: Path = GATE) -> tuple[Limits, ...]:
    """The limits in a TOML file; raises CasesInvalid and says what is wrong in it."""
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise CasesInvalid(f"The gate {path} cannot be used: {error}") from error
    return tuple(Limits(c.suite, c.system, c.limit, c.floors, c.ceilings) for c in file.check)


def check(run: Run, gate: Sequence[Limits]) -> list[Failure]:
    """The limits of this run's suite and system that it breaks; empty when it may pass.

    A limit on a metric that the run does not have is broken: nothing passes unmeasured.
    """
    failures = []
    for limits in gate:
        if (limits.suite, limits.system) != (run.suite, run.system):
            continue
        for metric, floor in limits.floors.items():
            value = _value(run, metric)
            if value is None or value < floor:
                failures.append(_failure(run, metric, value, f"at least {floor:g}"))
        for metric, ceiling in limits.ceilings.items():
            value = _value(run, metric)
            if value is None or value > ceiling:
                failures.append(_failure(run, metric, value, f"at most {ceiling:g}"))
    return failures


def _value(run: Run, metric: str) -> float | None:
    figure = run.figures.get(metric)
    return figure.value if figure else None


def _failure(run: Run, metric: str, value: float | None, limit: str) -> Failure:
    seen = "was not measured" if value is None else f"is {value:.4g}"
    told = f"{run.suite} {run.system}: {metric} {seen}, must be {limit}"
    return Failure(run.suite, run.system, metric, value, told)
