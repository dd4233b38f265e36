"""Suites of case files: the bundled ECPAT cases, the same in a crowd, and users' own."""

from __future__ import annotations

from pathlib import Path

from corpus.settings import BUNDLED
from corpus.store import Corpus
from evals.cases import CASES, CaseFile, located, read_cases
from evals.collection import from_files
from evals.errors import CasesInvalid
from evals.model import Case
from evals.score import Measures
from evals.suites.suite import Suite, needed

SPLITS = ("dev", "test")
_MEASURES = Measures(answers=True, passages=True, depth=8)


def bundled(split: str) -> Suite:
    """The cases about the bundled submission."""
    path = CASES / f"ecpat-{split}.yaml"
    return _suite(f"ecpat-{split}", read_cases(path), path, "ecpat", [])


def crowd(split: str, data: Path, size: int | None) -> Suite:
    """The same cases with ``size`` (None: all) UN resolutions in the corpus as well."""
    folder = needed(data / "un-resolutions" / "background")
    others = sorted(folder.glob("*.txt"))[:size]
    path = CASES / f"ecpat-{split}.yaml"
    name = f"crowd-{size or 'all'}"
    return _suite(f"{name}-{split}", read_cases(path), path, name, others)


def own(path: Path) -> Suite:
    """A user's case file; its documents are named relative to it."""
    file = read_cases(path)
    beside = [found for name in file.beside for found in _expanded(path.parent / name)]
    return _suite(f"{file.suite}-{file.split}", file, path, file.suite, beside)


def _suite(name: str, file: CaseFile, path: Path, collection: str, others: list[Path]) -> Suite:
    document = _document(file, path)
    searched = [document, *(one for one in others if one != document)]

    def cases(corpus: Corpus) -> tuple[Case, ...]:
        named = [s for s in corpus.submissions() if s.filename == document.name]
        return located(file, corpus.document(named[0].id))

    return Suite(
        name,
        from_files(collection, searched),
        cases,
        _MEASURES,
        split=file.split,
        hide_gold=file.split == "test",
    )


def _document(file: CaseFile, path: Path) -> Path:
    for folder in (path.parent, BUNDLED):
        if (folder / file.document).is_file():
            return folder / file.document
    raise CasesInvalid(
        f"The cases in {path} are about {file.document}, which is neither beside them nor bundled."
    )


def _expanded(path: Path) -> list[Path]:
    if not path.exists():
        raise CasesInvalid(f"{path}, to be searched beside the cases' document, is not there.")
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
