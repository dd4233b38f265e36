from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.embedder import HashedBagOfWords
from corpus.model import Chunk, Document, Section, Span, Submission
from corpus.settings import BUNDLED
from evals.shelf import Shelf
from ingest.manifest import read_manifest
from ingest.pipeline import build_document
from rag.model import Citation

NAME = "ECPAT_International_CSTD27.txt"


@pytest.fixture(scope="session")
def ecpat() -> Document:
    known = read_manifest(BUNDLED)[NAME]
    return build_document((BUNDLED / NAME).read_bytes(), NAME, HashedBagOfWords(), known)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    return Shelf(tmp_path / "cache", HashedBagOfWords)


def document(text: str, key: str = "d1", path: tuple[str, ...] = ("One",)) -> Document:
    submission = Submission(key, key, key, None, None, None, "en", f"{key}.txt", key * 8)
    whole = Span(0, len(text))
    return Document(
        submission,
        text,
        (Section(0, path, whole),),
        (Chunk(f"{key}-0", key, 0, 0, whole, text),),
    )


def citation(
    start: int,
    end: int,
    *,
    document: str = "d1",
    section: tuple[str, ...] = ("One",),
    number: int = 1,
    quote: str | None = None,
    text: str = "",
) -> Citation:
    return Citation(
        number=number,
        submission_id=document,
        entity=document,
        title=document,
        session=None,
        year=None,
        section=section,
        page=None,
        printed_page=None,
        start=start,
        end=end,
        quote=text[start:end] if quote is None else quote,
        score=0.5,
        url="",
    )
