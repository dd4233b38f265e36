"""Pages laid out to lines for the canonical text: paragraphs, notes, no running heads.

Where a paragraph ends no PDF says; a wider gap, another size or weight of letters, or an indent
does. Notes stand small at a column's foot and open with their mark.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.places import SCALE, Shares
from ingest.canonical import Kind, Line, Source
from ingest.headings import Look, Outlined, with_headings
from ingest.layout import Laid, Segment, reading_order, segments
from ingest.letters import Box, Letter, Piece, pieces

# Times the usual distance of lines: further apart, a paragraph ends between them.
_GAP = 1.3
# A running head or foot stands in this outer share of the page, on as many pages or more.
_MARGIN, _RUNNING_PAGES, _RUNNING_SHARE = 0.12, 3, 0.5
# The first and the last line of a page may do so as far in as this.
_WIDE_MARGIN = 0.2
_OTHER_SIZE = 1.08
# Shares of the font size.
_INDENT, _DEEPEST_INDENT, _FLUSH = 0.8, 5.0, 0.4
_BLANK = 0.2
_LARGE, _LARGE_STEP, _LARGE_GAP = 1.15, 1.6, 1.45
_ROW_GAPS = 2
_NOTE_SIZE, _MARK_SIZE = 0.93, 0.85
_NOTE_MARK = re.compile(r"(?P<number>\d{1,3})[.)]?(?=\s|[^\W\d])|[*†‡§]+\s?")
_SENTENCE_END = re.compile(r"[.!?:;؟。！？][\"'”’»)]*$")
_HANGING = re.compile(r"(?:[-–—•▪●◦‣·*]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)]|\[\w+\])\s")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|página|стр\.)?\s*[-–—|]?\s*(?P<number>\d{1,5})\s*[-–—|]?"
    r"(?:\s*(?:of|/|de|sur|из)\s*\d{1,5})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as read: its letters, wide rules, and how many letters none can see.

    ``is_picture``: it is mostly a picture, with hardly a letter of text. ``is_recognised``: its
    letters were recognised on a picture of it.
    """

    number: int
    width: float
    height: float
    letters: tuple[Letter, ...]
    rules: tuple[Box, ...] = ()
    unseen: int = 0
    is_picture: bool = False
    is_recognised: bool = False


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line on its page; ``quarter`` tells how its frame is turned."""

    laid: Laid
    sheet: Sheet
    quarter: int
    is_outer: bool = False

    @property
    def segment(self) -> Segment:
        return self.laid.segment

    @property
    def text(self) -> str:
        cells = (" ".join(segment.text for segment in cell) for cell in self.laid.cells)
        return " | ".join(cells)

    @property
    def boxes(self) -> tuple[Shares, ...]:
        made: list[Shares] = []
        for number, cell in enumerate(self.laid.cells):
            made += [(0, 0, 0, 0)] if number else []
            made += [self._share(box) for segment in cell for _, box in segment.words]
        return tuple(made)

    @property
    def pattern(self) -> str:
        """The line with its numbers made equal, so that "Page 3" is "Page 4"."""
        return re.sub(r"\d+|\b[ivxlc]+\b", "0", self.text.lower())

    def _share(self, box: Box) -> Shares:
        # The box stands on the turned page, whose sides are changed over by odd turns.
        sides = (self.sheet.width, self.sheet.height)
        width, height = sides[::-1] if self.quarter % 2 else sides
        shown = box.turned(width, height, -self.quarter % 4)
        across, down = SCALE / self.sheet.width, SCALE / self.sheet.height
        values = (shown.left * across, shown.top * down, shown.right * across, shown.bottom * down)
        left, top, right, bottom = (min(SCALE, max(0, round(value))) for value in values)
        return left, top, right, bottom


def source_of(
    sheets: Sequence[Sheet], labels: Sequence[str | None], outline: Sequence[Outlined] = ()
) -> Source:
    """All pages as lines; ``labels`` are the file's own page numbers, empty where it has none."""
    pages = [_laid_out(sheet) for sheet in sheets]
    running = _running(pages)
    printed = tuple(labels) if any(labels) else _printed(pages)
    bodies = [[line for line in page if not _is_running(line, running, printed)] for page in pages]
    body_size = _body_size(bodies)
    marks = _note_marks(bodies, body_size)
    lines = [
        line
        for sheet, body in zip(sheets, bodies, strict=True)
        for line in _page_lines(body, sheet.number, body_size, marks)
    ]
    recognised = tuple(sheet.number for sheet in sheets if sheet.is_recognised)
    return Source(tuple(with_headings(lines, outline)), printed, _warnings(sheets), recognised)


def _warnings(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    told = []
    unseen = [sheet for sheet in sheets if sheet.unseen]
    if unseen:
        count = sum(sheet.unseen for sheet in unseen)
        told.append(
            f"{count:,} letters that no reader sees (white, tiny, transparent or off the page) "
            f"were left out on page {_listed(unseen)}."
        )
    pictures = [sheet for sheet in sheets if sheet.is_picture]
    if pictures:
        told.append(
            f"Page {_listed(pictures)} is a picture; what it shows is not read. Set WSIS_OCR=on, "
            "or run text recognition on the file."
        )
    recognised = [sheet for sheet in sheets if sheet.is_recognised]
    if recognised:
        told.append(
            f"Page {_listed(recognised)} was read by text recognition: its text is as recognised, "
            "not as written."
        )
    return tuple(told)


def _listed(sheets: Sequence[Sheet]) -> str:
    numbers = ", ".join(str(sheet.number) for sheet in sheets[:5])
    return numbers + (" and others" if len(sheets) > 5 else "")


# --- a page ---------------------------------------------------------------------------------


def _laid_out(sheet: Sheet) -> list[_Placed]:
    """The lines of a page in reading order; those that run another way come last."""
    by_quarter: dict[int, list[Letter]] = {}
    for letter in sheet.letters:
        by_quarter.setdefault(letter.quarter, []).append(letter)
    placed: list[_Placed] = []
    for quarter, letters in sorted(by_quarter.items(), key=lambda item: -len(item[1])):
        turned = [_upright(letter, sheet, quarter) for letter in letters]
        found = list(pieces(turned))
        rules = [rule.turned(sheet.width, sheet.height, quarter) for rule in sheet.rules]
        laid = _vertical(found) if _is_vertical(turned) else reading_order(segments(found), rules)
        placed += [_Placed(line, sheet, quarter) for line in laid]
    return _outer_marked(placed, sheet)


def _outer_marked(placed: Sequence[_Placed], sheet: Sheet) -> list[_Placed]:
    """Lines that may be running heads or feet, by where they stand, told as such."""
    feet = [line.segment.foot / sheet.height for line in placed if not line.quarter]
    if not feet:
        return list(placed)
    first, last = min(feet), max(feet)
    top = _WIDE_MARGIN if first <= _WIDE_MARGIN else 0.0
    bottom = 1 - _WIDE_MARGIN if last >= 1 - _WIDE_MARGIN else 1.0
    made = []
    for line in placed:
        foot = line.segment.foot / sheet.height
        outer = not _MARGIN <= foot <= 1 - _MARGIN
        outer = outer or foot == first <= top or foot == last >= bottom
        made.append(replace(line, is_outer=outer and not line.quarter))
    return made


def _upright(letter: Letter, sheet: Sheet, quarter: int) -> Letter:
    if not quarter:
        return letter
    point = Box(letter.start, letter.foot, letter.start, letter.foot)
    start = point.turned(sheet.width, sheet.height, quarter)
    box = letter.box.turned(sheet.width, sheet.height, quarter)
    return replace(letter, box=box, start=start.left, foot=start.top)


def _is_vertical(letters: Sequence[Letter]) -> bool:
    """Whether most letters stand under the one before: Chinese and Japanese of the old way."""
    down = across = 0
    for before, letter in itertools.pairwise(letters):
        if before.row == letter.row and not letter.text.isspace():
            shift = abs(letter.box.left - before.box.left)
            is_down = letter.box.top - before.box.top > shift and letter.text > "\u2e80"
            down, across = down + is_down, across + (not is_down)
    return down > across


def _vertical(found: Sequence[Piece]) -> list[Laid]:
    """The file's own lines in its own order."""
    lines = []
    for _, row in itertools.groupby(found, key=lambda piece: piece.row):
        segment = Segment(tuple(replace(piece, raised=False) for piece in row))
        lines.append(Laid(((segment,),), segment.box))
    return lines


# --- running heads and page numbers -----------------------------------------------------------


def _running(pages: Sequence[Sequence[_Placed]]) -> frozenset[str]:
    """Patterns of running heads and feet: outer lines that many pages have alike."""
    seen = Counter(
        pattern for page in pages for pattern in {line.pattern for line in page if line.is_outer}
    )
    least = max(_RUNNING_PAGES, _RUNNING_SHARE * len(pages) / 2)
    running = {pattern for pattern, count in seen.items() if count >= least}
    if len(pages) == 2:
        # On two pages only what is the same to the letter is no chance.
        first, second = ({line.text for line in page if line.is_outer} for page in pages)
        running |= {text.lower() for text in first & second if not re.search(r"\d", text)}
    return frozenset(running)


def _is_running(line: _Placed, running: frozenset[str], printed: Sequence[str | None]) -> bool:
    if not line.is_outer:
        return False
    number = _PAGE_NUMBER.fullmatch(line.text)
    is_own = number and number["number"] == printed[line.sheet.number - 1]
    return bool(is_own) or line.pattern in running


def _printed(pages: Sequence[Sequence[_Placed]]) -> tuple[str | None, ...]:
    """Page numbers as they stand in the margins, where they count with the pages."""
    offsets = Counter(
        offset
        for page in pages
        for offset in {
            int(found) - line.sheet.number
            for line in page
            if line.is_outer
            for found in re.findall(r"(?<![\d.,/–-])\d{1,5}(?![\d.,/–-])", line.text)
        }
    )
    if not offsets:
        return (None,) * len(pages)
    (offset, count), *_ = offsets.most_common(1)
    if count < max(2, len(pages) / 2):
        return (None,) * len(pages)
    return tuple(str(n + offset) if n + offset > 0 else None for n in range(1, len(pages) + 1))


# --- notes ------------------------------------------------------------------------------------


def _body_size(pages: Sequence[Sequence[_Placed]]) -> float:
    """The size of most letters of the file."""
    sizes: Counter[float] = Counter()
    for line in itertools.chain.from_iterable(pages):
        sizes[line.segment.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_small(line: _Placed, body_size: float) -> bool:
    return not line.laid.is_row and line.segment.size <= _NOTE_SIZE * body_size


def _split_notes(
    page: Sequence[_Placed], body_size: float
) -> tuple[list[_Placed], list[list[_Placed]]]:
    """The body of a page, and its notes: small lines at the foot of a column, from a mark on."""
    body: list[_Placed] = []
    notes: list[list[_Placed]] = []
    for _, column in itertools.groupby(page, key=lambda line: line.laid.column):
        lines = list(column)
        at = len(lines)
        while at and _is_small(lines[at - 1], body_size):
            at -= 1
        below_text = at > 0
        while at < len(lines) and not _opens_note(lines[at], below_text=below_text):
            at += 1
        body += lines[:at]
        for line in lines[at:]:
            if _opens_note(line, below_text=True) or not notes:
                notes.append([])
            notes[-1].append(line)
    return body, notes


def _opens_note(line: _Placed, *, below_text: bool) -> bool:
    """A column of small letters alone is no notes, unless it opens with a raised mark."""
    first = line.segment.pieces[0]
    raised = first.raised or first.size < _MARK_SIZE * line.segment.size
    low = line.segment.foot > line.sheet.height / 2
    return low and (below_text or raised) and bool(_NOTE_MARK.match(line.text))


def _note_marks(pages: Sequence[Sequence[_Placed]], body_size: float) -> frozenset[str]:
    """The numbers that notes open with; raised in the body, they point to these."""
    found = set()
    for page in pages:
        for note in _split_notes(page, body_size)[1]:
            mark = _NOTE_MARK.match(note[0].text)
            found.add(mark["number"] if mark else None)
    return frozenset(number for number in found if number)


def _without_marks(line: _Placed, marks: frozenset[str]) -> _Placed:
    def kept(segment: Segment) -> Segment:
        left = tuple(p for p in segment.pieces if not (p.raised and p.text in marks))
        return Segment(left) if left else segment

    cells = tuple(tuple(kept(segment) for segment in cell) for cell in line.laid.cells)
    return replace(line, laid=replace(line.laid, cells=cells))


# --- paragraphs -------------------------------------------------------------------------------


def _page_lines(
    page: Sequence[_Placed], number: int, body_size: float, marks: frozenset[str]
) -> Iterator[tuple[Line, Look | None]]:
    """An empty line where a paragraph ends and after the page; notes and asides last."""
    body, notes = _split_notes(page, body_size)
    main = body[0].quarter if body else 0
    notes += [[line] for line in body if line.quarter != main]
    body = [_without_marks(line, marks) for line in body if line.quarter == main]
    steps = [_step(*pair) for pair in itertools.pairwise(body)]
    down = [step for step in steps if step is not None and step > 0]
    usual = statistics.median_low(down) if down else 0.0
    for at, line in enumerate(body):
        opens = not at or _parts(body, at, usual, body_size)
        if at and opens:
            yield Line("", number), None
        kind = Kind.ROW if line.laid.is_row else Kind.TEXT
        wraps = at + 1 < len(body) and _wraps(line, body[at + 1], body_size)
        # A line with several wide gaps is a row of a table that was not known as one.
        look = Look(line.segment.size, line.segment.bold and line.segment.gaps < _ROW_GAPS)
        lead = line.segment.lead if opens and kind is Kind.TEXT else 0
        yield Line(line.text, number, kind, 0, line.boxes, wraps, lead), look
    yield Line("", number), None
    for note in notes:
        for n in note:
            yield Line(n.text, number, Kind.NOTE, 0, n.boxes, wraps=True), None
        yield Line("", number), None


def _step(above: _Placed, below: _Placed) -> float | None:
    """How far down the next line of a column stands; None between columns."""
    if above.laid.column != below.laid.column or above.quarter != below.quarter:
        return None
    return below.segment.foot - above.segment.foot


def _parts(body: Sequence[_Placed], at: int, usual: float, body_size: float) -> bool:
    """Whether a paragraph ends before line ``at``."""
    above, line = body[at - 1], body[at]
    if above.laid.is_row or line.laid.is_row:
        return above.laid.is_row != line.laid.is_row
    smaller, larger = sorted((above.segment.size, line.segment.size))
    widest = _GAP * usual
    if smaller >= _LARGE * body_size:
        widest = max(widest, _LARGE_GAP * smaller)
    step = _step(above, line)
    if step is None or step > widest or step < 0 or larger > _OTHER_SIZE * smaller:
        return True
    if above.segment.bold != line.segment.bold and not _opens_bold(line):
        return True
    if _opens_bold(line) and not _opens_bold(above):
        return bool(_SENTENCE_END.search(above.text))
    return _is_indented(above, line, body[at + 1] if at + 1 < len(body) else None)


def _opens_bold(line: _Placed) -> bool:
    return line.segment.pieces[0].bold


def _is_indented(above: _Placed, line: _Placed, below: _Placed | None) -> bool:
    """Whether the line opens a paragraph by its indent; hanging lines keep theirs."""
    size = line.segment.size
    if _HANGING.match(above.text) or _inset(above) > _FLUSH * size:
        return False
    if not _INDENT * size < _inset(line) < _DEEPEST_INDENT * size:
        return False
    same_column = below is not None and below.laid.column == line.laid.column
    return not (same_column and below and abs(_inset(below) - _inset(line)) < _FLUSH * size)


def _inset(line: _Placed) -> float:
    """Points between the edge of the column and where the line begins."""
    box, column = line.segment.box, line.laid.column
    return column.right - box.right if line.segment.leftwards else box.left - column.left


def _wraps(line: _Placed, below: _Placed, body_size: float) -> bool:
    """Whether the line goes on below: the next word would not have fitted, or it is a large head
    of several lines."""
    if line.laid.is_row or below.laid.is_row:
        return False
    box, column = line.segment.box, line.laid.column
    free = box.left - column.left if line.segment.leftwards else column.right - box.right
    word = below.segment.words[0][1]
    if free < word.right - word.left + _BLANK * line.segment.size:
        return True
    step = _step(line, below)
    large = line.segment.size >= _LARGE * body_size and below.segment.size == line.segment.size
    return bool(large and step and 0 < step < _LARGE_STEP * line.segment.size)
