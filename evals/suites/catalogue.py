"""Names of suites as the command line takes them -> suites."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from evals.checks import ClaimSuite
from evals.errors import CasesInvalid
from evals.suites import files, support
from evals.suites.beir import beir
from evals.suites.clapnq import clapnq
from evals.suites.suite import Suite
from evals.suites.un_wsis import un_wsis_paragraphs, un_wsis_years
from evals.suites.wice import wice
from evals.suites.xquad import LANGUAGES, xquad, xquad_cross

# Each is made when it is its turn: one whose data is absent does not stop the others.
Maker = Callable[[], Suite | ClaimSuite]

NAMES = (
    "ecpat",
    "crowd-120",
    "crowd-all",
    *(f"xquad-{language}" for language in LANGUAGES),
    *(f"xquad-cross-{language}" for language in LANGUAGES if language != "en"),
    "clapnq",
    "wice",
    *support.NAMES,
    "un-wsis-paragraphs",
    "un-wsis-years",
)


def makers(names: Sequence[str], data: Path, split: str | None) -> list[tuple[str, Maker]]:
    """What makes each suite named; raises CasesInvalid for a name that means nothing.

    ``ecpat`` and ``crowd-N`` stand for both splits, or for the one given; a path to a YAML file
    for its cases; ``beir:FOLDER`` for a folder in BEIR's layout.
    """
    return [made for name in names for made in _makers(name, data, split)]


def _makers(name: str, data: Path, split: str | None) -> list[tuple[str, Maker]]:
    splits = (split,) if split else files.SPLITS
    if name == "ecpat":
        return [(f"{name}-{one}", _bind(files.bundled, one)) for one in splits]
    if crowd := re.fullmatch(r"crowd-(\d+|all)", name):
        size = None if crowd[1] == "all" else int(crowd[1])
        return [(f"{name}-{one}", _bind(files.crowd, one, data, size)) for one in splits]
    if cross := re.fullmatch(rf"xquad-cross-({'|'.join(LANGUAGES)})", name):
        return [(name, _bind(xquad_cross, cross[1], data))]
    if plain := re.fullmatch(rf"xquad-({'|'.join(LANGUAGES)})", name):
        return [(name, _bind(xquad, plain[1], data))]
    if name.startswith("beir:"):
        return [(name, _bind(beir, Path(name.removeprefix("beir:"))))]
    if name in support.NAMES:
        return [(f"{name}-{one}", _bind(support.MAKERS[name], one, data)) for one in splits]
    if name.endswith((".yaml", ".yml")):
        return [(name, _bind(files.own, Path(name)))]
    known = {
        "clapnq": clapnq,
        "wice": wice,
        "un-wsis-paragraphs": un_wsis_paragraphs,
        "un-wsis-years": un_wsis_years,
    }
    if name == "un-wsis":
        return [(one, _bind(known[one], data)) for one in known if one.startswith(name)]
    if name in known:
        return [(name, _bind(known[name], data))]
    raise CasesInvalid(
        f"There is no suite {name!r}. There are: {', '.join(NAMES)}, beir:FOLDER, "
        "or the path of a case file."
    )


def _bind(make: Callable[..., Suite | ClaimSuite], *arguments: object) -> Maker:
    return lambda: make(*arguments)
