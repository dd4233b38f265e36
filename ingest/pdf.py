"""PDF to lines: letters from ``pdfium``, page labels and outline by pypdf.

The only file that imports pypdf. What becomes of the letters is told in ``letters``, ``layout``
and ``paragraphs``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from corpus.errors import UnreadableFile
from ingest.canonical import Source
from ingest.headings import Outlined
from ingest.paragraphs import Sheet, source_of
from ingest.pdfium import damaged, is_bare, sheets

_BROKEN = (
    PyPdfError,
    DependencyError,  # an encrypted outline; PDFium reads the text all the same
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    OSError,
)
_MOST_ENTRIES = 5_000
# What a scanner or an archive stamps on a page stands in this outer share of it.
_STAMPED = 0.12


def read_pdf(data: bytes) -> Source:
    """Lines with their pages and boxes; an empty line where a paragraph ends.

    Raises UnreadableFile: ``damaged``, ``needs_password``, ``needs_ocr`` or ``too_large``.
    """
    labels, outline = _labels_and_outline(data)
    pages = sheets(data)
    if 2 * sum(map(_is_scan, pages)) > len(pages):
        raise UnreadableFile(
            "needs_ocr",
            "The PDF holds pictures of pages but no text. Run text recognition on it (for "
            "example `ocrmypdf in.pdf out.pdf`) and ingest the result.",
        )
    if labels is None and all(is_bare(page.letters) for page in pages):
        raise damaged("its pages cannot be listed, and hardly any text is found")
    known = labels if labels and len(labels) == len(pages) else ()
    return source_of(pages, known, outline)


def _is_scan(page: Sheet) -> bool:
    """A picture with no text but, in its margins, what a scanner or an archive stamps on it."""
    inner = (
        letter
        for letter in page.letters
        if letter.text.isalnum() and _STAMPED < letter.foot / page.height < 1 - _STAMPED
    )
    return page.is_picture and next(inner, None) is None


def _labels_and_outline(data: bytes) -> tuple[tuple[str | None, ...] | None, list[Outlined]]:
    """The page labels, all None where the file has none, and its outline.

    No labels where the pages cannot be listed. Here a password is noticed, too.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(
                "needs_password", "The PDF asks for a password. Save a copy without one."
            )
        labels: tuple[str | None, ...] = (None,) * len(reader.pages)
        if "/PageLabels" in reader.root_object:
            labels = tuple(reader.page_labels)
    except _BROKEN:
        # Labels are an extra; whether the file can be read at all is PDFium's to say.
        return None, []
    try:
        return labels, list(_entries(reader.outline))[:_MOST_ENTRIES]
    except _BROKEN:
        return labels, []


def _entries(outline: Iterable[Any], level: int = 1) -> Iterator[Outlined]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(entry, level + 1)
        elif entry.title:
            yield Outlined(str(entry.title), level)
