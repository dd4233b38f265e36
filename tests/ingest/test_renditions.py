"""One submission as three kinds of file is one text, with one tree of sections.

The Word and PDF files were made from the bundled text by LibreOffice 7.4
(`soffice --headless --convert-to docx`), its Markdown marks taken out first.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.embedder import HashedBagOfWords
from corpus.model import Document
from ingest.pipeline import build_document

FOLDER = Path(__file__).parent / "renditions"


def document(path: Path, embedder: HashedBagOfWords) -> Document:
    return build_document(path.read_bytes(), path.name, embedder)


@pytest.mark.parametrize(("name", "pages"), [("seed.docx", 0), ("seed.pdf", 4)])
def test_the_same_submission_in_another_file(
    name: str, pages: int, seed: Path, fake_embedder: HashedBagOfWords
) -> None:
    """Text, sections, chunks and what is known of the submitter agree; a PDF has pages as well."""
    text = document(seed, fake_embedder)
    other = document(FOLDER / name, fake_embedder)
    assert other.text == text.text
    assert [(s.path, s.span, s.part) for s in other.sections] == [
        (s.path, s.span, s.part) for s in text.sections
    ]
    assert [chunk.span for chunk in other.chunks] == [chunk.span for chunk in text.chunks]
    assert len(other.pages) == pages
    for known in ("entity", "session", "year", "language", "title"):
        assert getattr(other.submission, known) == getattr(text.submission, known)


def test_pages_follow_each_other(fake_embedder: HashedBagOfWords) -> None:
    """The pages of the PDF cover its text from the first character to the last."""
    found = document(FOLDER / "seed.pdf", fake_embedder)
    assert (found.pages[0].span.start, found.pages[-1].span.end) == (0, len(found.text))
    summit = found.text.index("ECPAT Global Boys Summit in Casablanca")
    page = found.page_at(summit)
    assert page is not None
    assert page.number == 3
