"""PDF to lines: letters from ``pdfium``, page labels by pypdf; the only file that imports it.

What becomes of the letters is told in ``letters``, ``layout`` and ``paragraphs``.
"""

from __future__ import annotations

import io

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from corpus.errors import UnreadableFile
from ingest.canonical import Source
from ingest.paragraphs import Sheet, source_of
from ingest.pdfium import damaged, is_bare, sheets

# What a scanner or an archive stamps on a page stands in this outer share of it.
_STAMPED = 0.12


def read_pdf(data: bytes) -> Source:
    """Lines with their pages and boxes; an empty line where a paragraph ends.

    Raises UnreadableFile: ``damaged``, ``needs_password``, ``needs_ocr`` or ``too_large``.
    """
    labels = _page_labels(data)
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
    return source_of(pages, known)


def _is_scan(page: Sheet) -> bool:
    """A picture with no text but, in its margins, what a scanner or an archive stamps on it."""
    inner = (
        letter
        for letter in page.letters
        if letter.text.isalnum() and _STAMPED < letter.foot / page.height < 1 - _STAMPED
    )
    return page.is_picture and next(inner, None) is None


def _page_labels(data: bytes) -> tuple[str | None, ...] | None:
    """The page labels, all None where the file has none; None where they cannot be had.

    Here a password is noticed, too.
    """
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(
                "needs_password", "The PDF asks for a password. Save a copy without one."
            )
        if "/PageLabels" not in reader.root_object:
            return (None,) * len(reader.pages)
        return tuple(reader.page_labels)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        # Labels are an extra; whether the file can be read at all is PDFium's to say.
        return None
