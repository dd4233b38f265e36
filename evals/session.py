"""What the commands that ask questions share: the shelf, its progress bars, and saved runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress as Bars

from corpus.embedder import Embedder
from corpus.open import multilingual_embedder, passage_embedder
from corpus.settings import read_settings
from evals import checks
from evals.errors import CasesInvalid, SuiteUnavailable
from evals.execute import SYSTEMS, Progress
from evals.execute import run as run_suite
from evals.gate import Failure, Limits, check
from evals.model import Run
from evals.runs import save
from evals.shelf import Shelf
from evals.suites.catalogue import Maker, makers
from evals.suites.files import SPLITS
from evals.suites.suite import Suite, shared_data

_CACHE = "evals-cache"


@dataclass(frozen=True, slots=True)
class Asked:
    """What to run; ``split`` None means both, ``limit`` None every question."""

    suites: Sequence[str]
    systems: Sequence[str]
    split: str | None
    limit: int | None
    data: Path | None
    runs: Path


def run_all(asked: Asked, err: Console) -> list[Run]:
    """Every system over every suite, saved one by one; raises CasesInvalid for unknown names."""
    _check_names(asked)
    done: list[Run] = []
    made = makers(asked.suites, shared_data(asked.data), asked.split)
    with _shelf(err) as (shelf, progress):
        for _, make in made:
            done += _run(make, asked, shelf, progress, err)
    return done


def run_gate(
    gate: Sequence[Limits], data: Path | None, runs: Path, err: Console
) -> tuple[list[Run], list[Failure]]:
    """The suites that the gate names, and the limits they break."""
    done: list[Run] = []
    failures: list[Failure] = []
    with _shelf(err) as (shelf, progress):
        for limits in gate:
            family, split = _family(limits.suite)
            asked = Asked((family,), (limits.system,), split, limits.sample, data, runs)
            for _, make in makers(asked.suites, shared_data(data), split):
                for one in _run(make, asked, shelf, progress, err):
                    done.append(one)
                    # A suite given by its path runs under a name of its own.
                    failures += check(one, [replace(limits, suite=one.suite)])
    return done, failures


def _run(
    make: Maker, asked: Asked, shelf: Shelf, progress: Progress, err: Console
) -> Iterator[Run]:
    """A suite's runs; none, and a line that says why, where its data is absent."""
    try:
        suite = make()
    except SuiteUnavailable as error:
        err.print(f"skipped: {error}")
        return
    for name in asked.systems:
        one = _run_one(suite, name, shelf, progress, asked.limit)
        err.print(f"{one.suite} {one.system}: {one.seconds:g} s, {save(one, asked.runs)}")
        yield one


def _run_one(
    suite: Suite | checks.ClaimSuite, name: str, shelf: Shelf, progress: Progress, limit: int | None
) -> Run:
    if isinstance(suite, checks.ClaimSuite):
        return checks.run(suite, name, shelf, progress, limit)
    return run_suite(suite, name, shelf, progress, limit)


@contextmanager
def _shelf(err: Console) -> Iterator[tuple[Shelf, Progress]]:
    settings = read_settings()

    def load_embedder() -> Embedder:
        return passage_embedder(settings.embedder)

    with Bars(console=err, transient=True) as bars:
        task = bars.add_task("", total=None)

        def ingesting(name: str, done: int) -> None:
            bars.update(task, description=f"taking in {name}: {done}", total=None)

        def asking(name: str, done: int, total: int) -> None:
            bars.update(task, description=name, completed=done, total=total)

        yield (
            Shelf(settings.data_dir / _CACHE, load_embedder, ingesting, multilingual_embedder),
            asking,
        )


def _check_names(asked: Asked) -> None:
    there = tuple(dict.fromkeys((*SYSTEMS, *checks.CHECKS)))
    unknown = [name for name in asked.systems if name not in there]
    if unknown or not asked.systems:
        named = ", ".join(unknown) or "none"
        raise CasesInvalid(f"Unknown system: {named}. There are: {', '.join(there)}.")
    if asked.split not in {None, *SPLITS}:
        raise CasesInvalid(f"Unknown split: {asked.split}. There are: {', '.join(SPLITS)}.")


def _family(suite: str) -> tuple[str, str | None]:
    """The name a suite is asked for by, and its split: "ecpat-dev" is ecpat's dev split."""
    for split in SPLITS:
        if suite.endswith(f"-{split}"):
            return suite.removesuffix(f"-{split}"), split
    return suite, None
