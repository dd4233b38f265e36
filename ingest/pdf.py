"""PDF to lines, by PDFium; page labels by pypdf. The only file that imports either.

Where a paragraph ends no PDF says; a wider gap between two lines than is usual on the page does.
"""

from __future__ import annotations

import io
import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from corpus.errors import UnreadableFile
from ingest.canonical import Line, Source

MAX_PAGES = 2_000
# A page with fewer letters than this, half of it or more a picture, is a picture of text.
_LETTERS_A_PAGE, _PICTURED = 20, 0.5
# Times the usual distance of lines: further apart, a paragraph ends between them.
_GAP = 1.3
# A running head or foot stands in this outer share of the page, on as many pages or more.
_MARGIN, _RUNNING_PAGES, _RUNNING_SHARE = 0.12, 3, 0.5


def read_pdf(data: bytes) -> Source:
    """Lines with their pages; an empty line where a paragraph ends.

    Raises UnreadableFile: ``damaged``, ``needs_password``, ``needs_ocr`` or ``too_large``.
    """
    labels = _page_labels(data)
    try:
        pages = _pdf_pages(data)
    except pypdfium2.PdfiumError as error:
        raise _damaged_pdf(str(error)) from error
    if 2 * sum(page.is_picture for page in pages) > len(pages):
        raise UnreadableFile(
            "needs_ocr",
            "The PDF holds pictures of pages but no text. Run text recognition on it (for "
            "example `ocrmypdf in.pdf out.pdf`) and ingest the result.",
        )
    if labels is None and all(page.is_bare for page in pages):
        raise _damaged_pdf("its pages cannot be listed, and hardly any text is found")
    running = _running(pages)
    lines = tuple(
        line
        for number, page in enumerate(pages, start=1)
        for line in _page_lines(page, number, running)
    )
    known = labels if labels and len(labels) == len(pages) else (None,) * len(pages)
    return Source(lines, known)


def _damaged_pdf(why: str) -> UnreadableFile:
    return UnreadableFile(
        "damaged", f"The PDF cannot be read ({why}). Open it in a viewer and save it anew."
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line and how far its foot is from the page's, as a share of its height; None: unknown."""

    text: str
    foot: float | None

    @property
    def is_outer(self) -> bool:
        return self.foot is not None and not _MARGIN <= self.foot <= 1 - _MARGIN

    @property
    def pattern(self) -> str:
        """The line with its numbers made equal, so that "Page 3" is "Page 4"."""
        return re.sub(r"\d+|\b[ivxlc]+\b", "0", self.text.strip().lower())


@dataclass(frozen=True, slots=True)
class _PdfPage:
    """A page's lines, and the share of the page that pictures cover, 0 to 1."""

    lines: tuple[_Placed, ...]
    pictured: float

    @property
    def is_bare(self) -> bool:
        return sum(c.isalpha() for line in self.lines for c in line.text) < _LETTERS_A_PAGE

    @property
    def is_picture(self) -> bool:
        return self.is_bare and self.pictured >= _PICTURED


def _pdf_pages(data: bytes) -> list[_PdfPage]:
    document = pypdfium2.PdfDocument(data)
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableFile(
                "too_large", f"The PDF has {len(document)} pages; at most {MAX_PAGES} are read."
            )
        return [_pdf_page(document, index) for index in range(len(document))]
    finally:
        document.close()


def _pdf_page(document: pypdfium2.PdfDocument, index: int) -> _PdfPage:
    page = document[index]
    text_page = page.get_textpage()
    try:
        return _PdfPage(tuple(_placed(text_page, page.get_height())), _pictured(page))
    finally:
        text_page.close()
        page.close()


def _placed(text_page: pypdfium2.PdfTextPage, height: float) -> Iterator[_Placed]:
    """The lines of a page, in the order of the file.

    PDFium marks a hyphen at a line's end with U+FFFE; canonical text decides about it.
    """
    text: str = text_page.get_text_range()
    # Else, some characters being two in Python, a character's place is not its number in PDFium.
    numbered = len(text) == text_page.count_chars() and height > 0
    for match in re.finditer(r"[^\r\n\ufffe]+\ufffe?|[\r\n]+", text):
        line = match.group()
        if line.isspace():
            if line.count("\n") > 1:
                yield _Placed("", None)
            continue
        first = match.start() + len(line) - len(line.lstrip())
        bottom = text_page.get_charbox(first, loose=True)[1] if numbered else None
        yield _Placed(line.replace("\ufffe", "-"), None if bottom is None else bottom / height)


def _running(pages: Sequence[_PdfPage]) -> frozenset[str]:
    """Patterns of running heads and feet: outer lines that many pages have alike."""
    seen = Counter(
        pattern
        for page in pages
        for pattern in {line.pattern for line in page.lines if line.is_outer}
    )
    least = max(_RUNNING_PAGES, _RUNNING_SHARE * len(pages) / 2)
    return frozenset(pattern for pattern, count in seen.items() if count >= least)


def _page_lines(page: _PdfPage, number: int, running: frozenset[str]) -> Iterator[Line]:
    """Without running heads; an empty line where a paragraph ends, and after the page."""
    kept = [line for line in page.lines if not (line.is_outer and line.pattern in running)]
    steps = [_step(*pair) for pair in itertools.pairwise(kept)]
    down = [step for step in steps if step is not None and step > 0]
    usual = statistics.median_low(down) if down else 0.0
    for line, step in zip(kept, [None, *steps], strict=False):
        if step is not None and step > _GAP * usual:
            yield Line("", number)
        yield Line(line.text, number)
    yield Line("", number)


def _step(above: _Placed, below: _Placed) -> float | None:
    """How far down the next line stands; None where it is not known."""
    return None if above.foot is None or below.foot is None else above.foot - below.foot


def _pictured(page: pypdfium2.PdfPage) -> float:
    """Share of the page that pictures cover; those over each other count twice."""
    width, height = page.get_size()
    covered = 0.0
    for picture in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        covered += (right - left) * (top - bottom)
    return min(1.0, covered / (width * height)) if width * height else 0.0


def _page_labels(data: bytes) -> tuple[str | None, ...] | None:
    """The printed page numbers, None if not to be had; here a password is noticed, too."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(
                "needs_password", "The PDF asks for a password. Save a copy without one."
            )
        return tuple(reader.page_labels)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        # Labels are an extra; whether the file can be read at all is PDFium's to say.
        return None
