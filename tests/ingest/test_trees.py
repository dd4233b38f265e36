"""Heads found in documents of different make, against trees that were marked by hand.

A ``.tree`` file has one head a line, indented under the head that it belongs to. They were read
off the pages as a reader sees them: titles and run-in heads count, captions, docket numbers,
authors and labels in figures do not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from corpus.settings import BUNDLED
from ingest.canonical import canonical
from ingest.readers import read
from ingest.sections import COVER, sections

FOLDER = Path(__file__).parent
TREES = sorted((FOLDER / "trees").glob("*.tree"))
# Of all heads of all documents together; measured .907 and .979 on 25 November 2026.
LEAST_PRECISION, LEAST_RECALL = 0.9, 0.9


@dataclass(frozen=True)
class Compared:
    """Heads that were found, that are marked, and that agree; ``nested``: also in their parent."""

    found: int
    marked: int
    agreed: int
    nested: int


def located(name: str, shared_data: Path) -> Path:
    """The document of a tree."""
    if name == "seed.txt":
        return BUNDLED / "ECPAT_International_CSTD27.txt"
    if name.startswith("seed"):
        return FOLDER / "renditions" / name
    if name.startswith("wsis-"):
        _, language, file = name.split("-", 2)
        return shared_data / "un-resolutions" / "wsis" / language / file
    if name.startswith("background-"):
        return shared_data / "un-resolutions" / "background" / name.removeprefix("background-")
    return shared_data / "parser-pack" / name


def plain(head: str) -> str:
    return re.sub(r"\W+", " ", head).strip().casefold()


def marked(tree: str) -> Iterator[tuple[str, str]]:
    """Each head and the one above it."""
    above: list[str] = []
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        del above[depth:]
        yield plain(line), above[-1] if above else ""
        above.append(plain(line))


def found(path: Path) -> Iterator[tuple[str, str]]:
    source = read(path.read_bytes(), path.suffix)
    for section in sections(canonical(source.lines, source.labels), "untitled"):
        if section.heading and section.path != (COVER,):
            yield plain(section.path[-1]), plain(section.path[-2]) if section.path[1:] else ""


def compared(tree: Path, shared_data: Path) -> Compared:
    name = tree.name.removesuffix(".tree")
    is_marked = list(marked(tree.read_text(encoding="utf-8")))
    is_found = list(found(located(name, shared_data)))
    agreed = Counter(head for head, _ in is_marked) & Counter(head for head, _ in is_found)
    nested = Counter(is_marked) & Counter(is_found)
    return Compared(len(is_found), len(is_marked), agreed.total(), nested.total())


def test_heads_are_found_in_documents_of_different_make(
    shared_data: Path, record_property: Callable[[str, object], None]
) -> None:
    """Precision and recall over all of them; no document is left without its heads."""
    results = {tree.name.removesuffix(".tree"): compared(tree, shared_data) for tree in TREES}
    assert len(results) >= 8
    total = Compared(*(sum(column) for column in zip(*map(astuple, results.values()), strict=True)))
    precision, recall = total.agreed / total.found, total.agreed / total.marked
    for name, one in {**results, "all": total}.items():
        record_property(name, astuple(one))
    assert precision >= LEAST_PRECISION
    assert recall >= LEAST_RECALL
    assert all(2 * one.agreed >= one.marked for one in results.values())
