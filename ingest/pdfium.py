"""What PDFium knows of a page: its letters and where they stand, rules, grounds, pictures.

The only file that imports PDFium; it draws pages, too.
"""

from __future__ import annotations

import ctypes
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2
from PIL import Image, ImageChops, ImageDraw
from pypdfium2 import raw

from corpus.errors import UnreadableFile
from ingest.letters import Box, Letter
from ingest.sheets import Sheet

MAX_PAGES = 2_000
# A page with fewer letters than this, half of it or more a picture, is a picture of text.
_LETTERS_A_PAGE, _PICTURED = 20, 0.5
_BOLD = re.compile(r"bold|black|heavy|demi|medi(?!um)|cmbx|[-,]bd\b", re.IGNORECASE)
_BOLD_WEIGHT = 600
# Points: letters smaller than this are not meant to be read.
_TINY = 2.5
_WHITE = 250
_INVISIBLE_MODE = 3
# A rule at least this share of the page wide, and at most so many points high, parts a page.
_RULE_WIDTH, _RULE_HEIGHT, _MOST_RULES = 0.55, 3.0, 6
_HYPHENS = ("\x02", "\ufffe")
_WIDEST, _HIGHEST = 1_000, 1_600
_MARKER = (255, 236, 130)
_AROUND = 2
# Recognition wants 300 dots an inch; a page larger than 14 by 20 inches gets fewer.
_DPI, _MOST_DOTS = 300, 6_000
# A page whose darkest and lightest dots differ by less has nothing on it.
_CONTRAST = 24


def sheets(data: bytes) -> list[Sheet]:
    """The pages of a PDF; raises UnreadableFile (``damaged``, ``too_large``)."""
    document = _opened(data)
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableFile(
                "too_large", f"The PDF has {len(document)} pages; at most {MAX_PAGES} are read."
            )
        return [_page(document, index) for index in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise damaged(str(error)) from error
    finally:
        document.close()


def picture(data: bytes, number: int, boxes: Sequence[Sequence[float]]) -> bytes:
    """Page ``number`` (from 1) as PNG, at most 1,000 by 1,600 dots, the boxes marked.

    Boxes are left, top, right, bottom as shares of the page. Raises UnreadableFile.
    """
    document = _opened(data)
    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(_WIDEST / width, _HIGHEST / height)
        drawn = page.render(scale=scale).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, IndexError, ZeroDivisionError, ValueError) as error:
        raise damaged(f"page {number}: {error}") from error
    finally:
        document.close()
    marks = Image.new("RGB", drawn.size, "white")
    pen = ImageDraw.Draw(marks)
    for left, top, right, bottom in boxes:
        x, y = drawn.width, drawn.height
        corners = (left * x - _AROUND, top * y - _AROUND, right * x + _AROUND, bottom * y + _AROUND)
        pen.rectangle(corners, fill=_MARKER)
    png = io.BytesIO()
    ImageChops.multiply(drawn, marks).save(png, "PNG")
    return png.getvalue()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page in shades of grey, ``width`` dots wide, as a PGM file."""

    number: int
    picture: bytes
    width: int
    dpi: int


def drawn_pages(data: bytes, numbers: Sequence[int]) -> Iterator[Drawn]:
    """Pages (from 1), drawn for text recognition; empty ones are left out."""
    document = _opened(data)
    try:
        for number in numbers:
            page = document[number - 1]
            scale = min(_DPI / 72, _MOST_DOTS / max(page.get_size()))
            drawn = page.render(scale=scale, grayscale=True).to_pil()
            page.close()
            darkest, lightest = drawn.getextrema()
            if lightest - darkest >= _CONTRAST:
                file = io.BytesIO()
                drawn.save(file, "PPM")
                yield Drawn(number, file.getvalue(), drawn.width, max(70, round(72 * scale)))
    except (pypdfium2.PdfiumError, IndexError, ZeroDivisionError, ValueError) as error:
        raise damaged(str(error)) from error
    finally:
        document.close()


def is_bare(letters: Sequence[Letter]) -> bool:
    """Whether there are too few letters to make a page of text."""
    return sum(letter.text.isalpha() for letter in letters) < _LETTERS_A_PAGE


def damaged(why: str) -> UnreadableFile:
    """The error of a PDF that cannot be read."""
    return UnreadableFile(
        "damaged", f"The PDF cannot be read ({why}). Open it in a viewer and save it anew."
    )


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise damaged(str(error)) from error


def _page(document: pypdfium2.PdfDocument, index: int) -> Sheet:
    page = document[index]
    text_page = page.get_textpage()
    try:
        frame = _Frame.of(page)
        drawn = _Drawn.of(page, frame)
        reader = _Letters(text_page, frame, drawn)
        letters = tuple(reader.read())
        picture = drawn.pictured >= _PICTURED and is_bare(letters)
        return Sheet(
            index + 1,
            frame.width,
            frame.height,
            letters,
            tuple(drawn.rules),
            reader.unseen,
            picture,
        )
    finally:
        text_page.close()
        page.close()


@dataclass(frozen=True, slots=True)
class _Frame:
    """From the coordinates of the file to points from the top left of the page as shown."""

    width: float
    height: float
    across: tuple[float, float, float]
    down: tuple[float, float, float]

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> _Frame:
        width, height = page.get_size()
        span, fine = 1_000.0, 1_000_000
        shown = [_shown(page, x, y, fine) for x, y in ((0.0, 0.0), (span, 0.0), (0.0, span))]
        (u, v), (u_x, v_x), (u_y, v_y) = shown
        scale_u, scale_v = width / fine, height / fine
        return cls(
            width,
            height,
            ((u_x - u) / span * scale_u, (u_y - u) / span * scale_u, u * scale_u),
            ((v_x - v) / span * scale_v, (v_y - v) / span * scale_v, v * scale_v),
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        (a, b, c), (d, e, f) = self.across, self.down
        return a * x + b * y + c, d * x + e * y + f

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        (u, v), (u2, v2) = self.point(left, bottom), self.point(right, top)
        return Box(min(u, u2), min(v, v2), max(u, u2), max(v, v2))

    def quarter(self, angle: float) -> int:
        """Quarter turns to the left of text at that angle (radians, in the file's frame)."""
        (a, b, _), (d, e, _) = self.across, self.down
        x, y = math.cos(angle), math.sin(angle)
        return round(math.atan2(-(d * x + e * y), a * x + b * y) / (math.pi / 2)) % 4


def _shown(page: pypdfium2.PdfPage, x: float, y: float, fine: int) -> tuple[int, int]:
    u, v = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, fine, fine, 0, x, y, u, v)
    return u.value, v.value


@dataclass(slots=True)
class _Drawn:
    """What else is on the page: wide rules, pictures, and grounds that white letters show on."""

    rules: list[Box] = field(default_factory=list)
    grounds: list[Box] = field(default_factory=list)
    pictured: float = 0.0

    @classmethod
    def of(cls, page: pypdfium2.PdfPage, frame: _Frame) -> _Drawn:
        drawn = cls()
        covered = 0.0
        kinds = [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING]
        for found in page.get_objects(filter=kinds, max_depth=3):
            box = frame.box(*found.get_bounds())
            width, height = box.right - box.left, box.bottom - box.top
            if found.type == raw.FPDF_PAGEOBJ_IMAGE:
                covered += width * height
            if found.type != raw.FPDF_PAGEOBJ_PATH or not _is_white(found):
                drawn.grounds.append(box)
            if height <= _RULE_HEIGHT and width >= _RULE_WIDTH * frame.width:
                drawn.rules.append(box)
        if len(drawn.rules) > _MOST_RULES:
            # The lines of a table.
            drawn.rules.clear()
        area = frame.width * frame.height
        drawn.pictured = min(1.0, covered / area) if area else 0.0
        return drawn

    def shows(self, box: Box) -> bool:
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        return any(g.left <= x <= g.right and g.top <= y <= g.bottom for g in self.grounds)


def _is_white(found: pypdfium2.PdfObject) -> bool:
    """Whether a path leaves white what it covers: its filling is white, or it has none."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if raw.FPDFPath_GetDrawMode(found, mode, stroke) and not mode.value:
        return True
    colour = [ctypes.c_uint() for _ in range(4)]
    return bool(raw.FPDFPageObj_GetFillColor(found, *colour)) and (
        all(part.value >= _WHITE for part in colour[:3]) or not colour[3].value
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """What the letters of one text object have in common."""

    size: float
    bold: bool
    quarter: int
    white: bool
    clear: bool


class _Letters:
    """Reads the letters of a page; ``unseen`` counts those left out because none can see them."""

    def __init__(self, text_page: pypdfium2.PdfTextPage, frame: _Frame, drawn: _Drawn) -> None:
        self._text_page, self._frame, self._drawn = text_page, frame, drawn
        self._looks: dict[int, _Look] = {}
        self.unseen = 0

    def read(self) -> Iterator[Letter]:
        row = 0
        look = _Look(0.0, bold=False, quarter=0, white=False, clear=False)
        corners = raw.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        for index in range(self._text_page.count_chars()):
            code = raw.FPDFText_GetUnicode(self._text_page, index)
            text = chr(code) if code and code < 0x110000 else "\ufffd"
            if text in "\r\n":
                row += text == "\n"
                continue
            text = "-" if text in _HYPHENS else text
            found = raw.FPDFText_GetTextObject(self._text_page, index)
            if found:
                address = ctypes.cast(found, ctypes.c_void_p).value or 0
                look = self._looks.get(address) or self._look(address, found, index)
            raw.FPDFText_GetLooseCharBox(self._text_page, index, corners)
            raw.FPDFText_GetCharOrigin(self._text_page, index, x, y)
            box = self._frame.box(corners.left, corners.bottom, corners.right, corners.top)
            if not text.isspace() and self._is_unseen(look, box):
                self.unseen += 1
                continue
            foot = self._frame.point(x.value, y.value)
            yield Letter(text, box, foot[1], look.size, look.bold, row, look.quarter, foot[0])

    def _is_unseen(self, look: _Look, box: Box) -> bool:
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        if not (0 <= x <= self._frame.width and 0 <= y <= self._frame.height):
            return True
        if look.clear:
            # The text that recognition lays over a scan is of this kind.
            return self._drawn.pictured < _PICTURED
        return look.size < _TINY or (look.white and not self._drawn.shows(box))

    def _look(self, address: int, found: raw.FPDF_PAGEOBJECT, index: int) -> _Look:
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._text_page, index, matrix)
        size = raw.FPDFText_GetFontSize(self._text_page, index) * math.hypot(matrix.b, matrix.d)
        colour = [ctypes.c_uint() for _ in range(4)]
        told = raw.FPDFText_GetFillColor(self._text_page, index, *colour)
        mode = raw.FPDFTextObj_GetTextRenderMode(found)
        look = _Look(
            round(size, 1) or _TINY,
            bold=self._is_bold(index),
            quarter=self._frame.quarter(raw.FPDFText_GetCharAngle(self._text_page, index)),
            white=bool(told) and all(part.value >= _WHITE for part in colour[:3]),
            clear=mode == _INVISIBLE_MODE or bool(told and not colour[3].value),
        )
        self._looks[address] = look
        return look

    def _is_bold(self, index: int) -> bool:
        name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
        raw.FPDFText_GetFontInfo(self._text_page, index, name, 200, flags)
        heavy = raw.FPDFText_GetFontWeight(self._text_page, index) >= _BOLD_WEIGHT
        return heavy or bool(_BOLD.search(name.value.decode("utf-8", "replace")))
