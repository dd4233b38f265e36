"""What a suite is: a collection, cases over it, and what to measure."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from corpus.settings import PROJECT
from corpus.store import Corpus
from evals.collection import Collection
from evals.errors import SuiteUnavailable
from evals.model import Case
from evals.score import Measures

SHARED_DATA = "WSIS_SHARED_DATA"
One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Suite:
    """``cases`` are made from the opened corpus, since gold spans refer to its documents.

    ``words_only``: a lexical system needs no embedding model here, as no answers are asked for.
    """

    name: str
    collection: Collection
    cases: Callable[[Corpus], tuple[Case, ...]]
    measures: Measures
    split: str = "test"
    hide_gold: bool = False
    notes: dict[str, Any] = field(default_factory=dict)


def shared_data(given: Path | None = None) -> Path:
    """The folder of public data sets: as given, else WSIS_SHARED_DATA, else beside the project."""
    stated = os.environ.get(SHARED_DATA)
    return given or (Path(stated) if stated else PROJECT.parent / "shared" / "data")


def needed(path: Path) -> Path:
    """The path; raises SuiteUnavailable where it is not on this machine."""
    if not path.exists():
        raise SuiteUnavailable(
            f"{path} is not here. Name the folder of public data with --data or {SHARED_DATA}."
        )
    return path


def sampled(cases: Sequence[One], limit: int | None) -> Sequence[One]:
    """At most ``limit`` of the cases, evenly spread; all of them for None."""
    return cases[:: max(1, len(cases) // limit)][:limit] if limit else cases
