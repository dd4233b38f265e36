"""Pictures of pages to letters, by tesseract (a program of its own, asked for hOCR).

What it recognises goes the way of a PDF's own letters: its words have boxes, its lines a baseline
and a height. Letters get equal shares of their word's box, for tesseract places words.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from corpus.errors import UnreadableFile
from ingest.letters import Box, Letter, is_leftwards
from ingest.pdfium import Drawn, drawn_pages
from ingest.reading import TESSERACT
from ingest.sheets import Sheet

# Pages of PDF files to the same pages with what was recognised on those of these numbers.
Recogniser = Callable[[bytes, Sequence[Sheet], frozenset[int]], list[Sheet]]

# A dense page takes some 10 s on a busy core; one that is all noise, several times that.
PAGE_SECONDS, FILE_SECONDS = 60.0, 3_600.0
_SECONDS_A_PAGE, _LEAST_SECONDS = 40.0, 120.0
# Lines of which tesseract is less sure than this, of 100, are no text but parts of pictures.
_LEAST_SURE = 50.0
# Heights of lines this near to the usual one are the usual one: they depend on the letters.
# In Arabic still more so.
_ALIKE, _ALIKE_ARABIC = 0.15, 0.45
# What a dot before an item is taken for; only where several lines of a page open so.
_DOTS, _LEAST_ITEMS = ("e", "o", "¢", "©", "®", "°", "*", "»"), 3
_UNBROKEN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LINES = ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat")
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_BOX = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")
_BASELINE = re.compile(rf"baseline {_NUMBER} {_NUMBER}")
_SIZE, _ANGLE, _SURE = (
    re.compile(rf"{name} {_NUMBER}") for name in ("x_size", "textangle", "x_wconf")
)
_DESCENT = re.compile(rf"x_descenders {_NUMBER}")


@dataclass(frozen=True, slots=True)
class Tesseract:
    """A Recogniser for languages as tesseract names them ("eng+fra")."""

    languages: str

    def __call__(self, data: bytes, pages: Sequence[Sheet], wanted: frozenset[int]) -> list[Sheet]:
        """Raises UnreadableFile: ``timed_out``, or ``damaged`` where tesseract fails."""
        seconds = min(FILE_SECONDS, max(_LEAST_SECONDS, _SECONDS_A_PAGE * len(wanted)))
        ends = time.monotonic() + seconds
        # What is not drawn is an empty page.
        made = {p.number: replace(p, is_picture=False) if p.number in wanted else p for p in pages}
        for drawn in drawn_pages(data, sorted(wanted)):
            if time.monotonic() > ends:
                raise _timed_out(f"the text of {len(wanted)} pages", seconds)
            page = made[drawn.number]
            try:
                letters = tuple(_letters(self._asked(drawn), page, drawn))
            except etree.XMLSyntaxError as error:
                raise _failed(drawn.number) from error
            # Letters that the file itself has are on the picture, too.
            made[drawn.number] = replace(
                page, letters=letters, unseen=0, is_picture=False, is_recognised=True
            )
        return list(made.values())

    def _asked(self, drawn: Drawn) -> bytes:
        """What tesseract says of a picture, as hOCR."""
        program = shutil.which(TESSERACT)
        if program is None:
            raise UnreadableFile("needs_ocr", "tesseract is not installed any more.")
        options = ["-l", self.languages, "--dpi", str(drawn.dpi), "--psm", "1", "hocr"]
        try:
            done = subprocess.run(  # noqa: S603 - its arguments are ours, the picture is data
                [program, "stdin", "stdout", *options],
                input=drawn.picture,
                capture_output=True,
                timeout=PAGE_SECONDS,
                # One thread: several make a page slower, and two files are read at a time.
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
                check=True,
            )
        except subprocess.TimeoutExpired as error:
            raise _timed_out(f"the text of page {drawn.number}", PAGE_SECONDS) from error
        except (OSError, subprocess.CalledProcessError) as error:
            raise _failed(drawn.number) from error
        return done.stdout


def _failed(number: int) -> UnreadableFile:
    return UnreadableFile("damaged", f"tesseract failed on page {number} of the file.")


def _timed_out(what: str, seconds: float) -> UnreadableFile:
    return UnreadableFile(
        "timed_out", f"Recognising {what} took more than {seconds:.0f} s. Split the file."
    )


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of words in dots of the picture; ``quarter``: turns to the left, as of letters."""

    words: tuple[_Word, ...]
    foot: float
    height: float
    quarter: int


def _letters(hocr: bytes, page: Sheet, drawn: Drawn) -> Iterator[Letter]:
    """Letters in points of the page, blanks between the words."""
    points = page.width / drawn.width
    lines = _with_dots(list(_lines(hocr)))
    usual = _usual_height(lines)
    for row, line in enumerate(lines):
        share = _ALIKE_ARABIC if is_leftwards(line.words[0].text) else _ALIKE
        alike = abs(line.height - usual) <= share * usual
        size = round((usual if alike else line.height) * points, 1)
        for word, following in zip(line.words, [*line.words[1:], None], strict=True):
            for character, box in _spread(word, line.quarter):
                placed = _scaled(box, points)
                foot, start = line.foot * points, placed.left
                if line.quarter % 2:
                    foot, start = placed.bottom, foot
                yield Letter(character, placed, foot, size, False, row, line.quarter, start)
            if following is None or not _is_unbroken(word, following):
                blank = _scaled(word.box, points)
                yield Letter(" ", blank, line.foot * points, size, False, row, line.quarter)


def _lines(hocr: bytes) -> Iterator[_Line]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(hocr, parser)
    for node in root.iter("{*}span") if root is not None else ():
        if node.get("class") not in _LINES:
            continue
        found = [(_word(each), _value(_SURE, each.get("title", ""))) for each in node]
        words = tuple(word for word, _ in found if word.text)
        box = _box(node.get("title", ""))
        if words and box and statistics.fmean(sure for _, sure in found) >= _LEAST_SURE:
            yield _line(words, box, node.get("title", ""))


def _with_dots(lines: Sequence[_Line]) -> list[_Line]:
    """The lines with the dots before items as dots; tesseract takes them for letters and signs."""
    opening = [line for line in lines if _opens_item(line)]
    if len(opening) < _LEAST_ITEMS:
        return list(lines)
    return [
        replace(line, words=(replace(line.words[0], text="•"), *line.words[1:]))
        if line in opening
        else line
        for line in lines
    ]


def _opens_item(line: _Line) -> bool:
    marked = len(line.words) > 1 and line.words[0].text in _DOTS
    return marked and not line.words[1].text[0].islower()


def _line(words: tuple[_Word, ...], box: Box, title: str) -> _Line:
    quarter = round(_value(_ANGLE, title) / 90) % 4
    upright = quarter % 2 == 0
    height = _value(_SIZE, title) or (box.bottom - box.top if upright else box.right - box.left)
    baseline = _BASELINE.search(title)
    if baseline and not quarter:
        slope, offset = float(baseline[1]), float(baseline[2])
        foot = box.bottom + offset + slope * (box.right - box.left) / 2
    else:
        below = _value(_DESCENT, title)
        edges = (box.bottom - below, box.right - below, box.top + below, box.left + below)
        foot = edges[quarter]
    return _Line(words, foot, height, quarter)


def _word(node: etree._Element) -> _Word:
    box = _box(node.get("title", ""))
    text = "".join(node.itertext()).strip() if box else ""
    return _Word(text, box or Box(0, 0, 0, 0))


def _box(title: str) -> Box | None:
    found = _BOX.search(title)
    return Box(*map(float, found.groups())) if found else None


def _value(pattern: re.Pattern[str], title: str) -> float:
    found = pattern.search(title)
    return float(found[1]) if found else 0.0


def _usual_height(lines: Sequence[_Line]) -> float:
    """The height that lines with half of all letters stay within."""
    heights = sorted((line.height, sum(len(w.text) for w in line.words)) for line in lines)
    half = sum(letters for _, letters in heights) / 2
    for height, letters in heights:
        half -= letters
        if half <= 0:
            return height
    return 0.0


def _is_unbroken(word: _Word, following: _Word) -> bool:
    """Whether no blank stands between the two: Chinese and Japanese have none."""
    return bool(_UNBROKEN.match(word.text[-1]) and _UNBROKEN.match(following.text[0]))


def _spread(word: _Word, quarter: int) -> Iterator[tuple[str, Box]]:
    """Its letters with equal shares of its box, along the way that it is written."""
    box, count = word.box, len(word.text)
    backwards = is_leftwards(word.text) != (quarter in (1, 2))
    for number, character in enumerate(word.text):
        at = count - 1 - number if backwards else number
        if quarter % 2:
            step = (box.bottom - box.top) / count
            yield (
                character,
                replace(box, top=box.top + at * step, bottom=box.top + (at + 1) * step),
            )
        else:
            step = (box.right - box.left) / count
            yield (
                character,
                replace(box, left=box.left + at * step, right=box.left + (at + 1) * step),
            )


def _scaled(box: Box, points: float) -> Box:
    return Box(box.left * points, box.top * points, box.right * points, box.bottom * points)
