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
from ingest.canonical import Source, is_garbled
from ingest.headings import Outlined
from ingest.paragraphs import source_of
from ingest.pdfium import damaged, is_bare, sheets
from ingest.recognition import Recogniser
from ingest.sheets import Sheet

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
_NOT_READ = (
    "The PDF holds pictures of pages but no text. Set WSIS_OCR=on to have them read (it needs "
    "tesseract), or run text recognition on it (`ocrmypdf in.pdf out.pdf`) and ingest the result."
)
_NOT_RECOGNISED = (
    "The PDF holds pictures of pages, and text recognition found no word on them. Scan it "
    "anew, or add its language to WSIS_OCR."
)


def read_pdf(data: bytes, recognise: Recogniser | None = None) -> Source:
    """Lines with their pages and boxes; an empty line where a paragraph ends.

    Pages without text, or whose letters are not told, are read by ``recognise`` where it is given.
    Raises UnreadableFile: ``damaged``, ``needs_password``, ``needs_ocr`` or ``too_large``.
    """
    labels, outline = _labels_and_outline(data)
    pages = sheets(data)
    wanted = frozenset(page.number for page in pages if _needs_recognition(page))
    if recognise and wanted:
        pages = recognise(data, pages, wanted)
    if 2 * sum(map(_is_scan, pages)) > len(pages):
        raise UnreadableFile("needs_ocr", _NOT_RECOGNISED if recognise else _NOT_READ)
    if labels is None and all(is_bare(page.letters) for page in pages):
        raise damaged("its pages cannot be listed, and hardly any text is found")
    known = labels if labels and len(labels) == len(pages) else ()
    return source_of(pages, known, outline)


def _is_scan(page: Sheet) -> bool:
    """A picture with no text but, in its margins, what a scanner or an archive stamps on it.

    Also a page on which nothing was recognised.
    """
    nothing = page.is_recognised and not any(letter.text.isalnum() for letter in page.letters)
    return nothing or (page.is_picture and _is_empty(page))


def _is_empty(page: Sheet) -> bool:
    inner = (
        letter
        for letter in page.letters
        if letter.text.isalnum() and _STAMPED < letter.foot / page.height < 1 - _STAMPED
    )
    return next(inner, None) is None


def _needs_recognition(page: Sheet) -> bool:
    """Whether only its picture tells what stands on a page; empty ones are not told apart yet."""
    return page.is_picture or _is_empty(page) or is_garbled(letter.text for letter in page.letters)


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
