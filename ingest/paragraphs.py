"""Pages laid out to lines for the canonical text: paragraphs, notes, no running heads.

Where a paragraph ends no PDF says; a wider gap, another size or weight of letters, or an indent
does.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence

from ingest.canonical import Kind, Line, Source
from ingest.headings import Look, Outlined, with_headings
from ingest.notes import body_size_of, note_marks, split_notes, without_marks
from ingest.running import is_running, printed_numbers, running_patterns
from ingest.sheets import Placed, Sheet, laid_out

# Times the usual distance of lines: further apart, a paragraph ends between them.
_GAP = 1.3
_OTHER_SIZE = 1.08
# Shares of the font size.
_INDENT, _DEEPEST_INDENT, _FLUSH = 0.8, 5.0, 0.4
_BLANK = 0.2
_LARGE, _LARGE_STEP, _LARGE_GAP = 1.15, 1.6, 1.45
_ROW_GAPS = 2
_SENTENCE_END = re.compile(r"[.!?:;؟。！？][\"'”’»)]*$")
_HANGING = re.compile(r"(?:[-–—•▪●◦‣·*]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)]|\[\w+\])\s")


def source_of(
    sheets: Sequence[Sheet], labels: Sequence[str | None], outline: Sequence[Outlined] = ()
) -> Source:
    """All pages as lines; ``labels`` are the file's own page numbers, empty where it has none."""
    pages = [laid_out(sheet) for sheet in sheets]
    running = running_patterns(pages)
    printed = tuple(labels) if any(labels) else printed_numbers(pages)
    bodies = [[line for line in page if not is_running(line, running, printed)] for page in pages]
    body_size = body_size_of(bodies)
    marks = note_marks(bodies, body_size)
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


def _page_lines(
    page: Sequence[Placed], number: int, body_size: float, marks: frozenset[str]
) -> Iterator[tuple[Line, Look | None]]:
    """An empty line where a paragraph ends and after the page; notes and asides last."""
    body, notes = split_notes(page, body_size)
    main = body[0].quarter if body else 0
    notes += [[line] for line in body if line.quarter != main]
    body = [without_marks(line, marks) for line in body if line.quarter == main]
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


def _step(above: Placed, below: Placed) -> float | None:
    """How far down the next line of a column stands; None between columns."""
    if above.laid.column != below.laid.column or above.quarter != below.quarter:
        return None
    return below.segment.foot - above.segment.foot


def _parts(body: Sequence[Placed], at: int, usual: float, body_size: float) -> bool:
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


def _opens_bold(line: Placed) -> bool:
    return line.segment.pieces[0].bold


def _is_indented(above: Placed, line: Placed, below: Placed | None) -> bool:
    """Whether the line opens a paragraph by its indent; hanging lines keep theirs."""
    size = line.segment.size
    if _HANGING.match(above.text) or _inset(above) > _FLUSH * size:
        return False
    if not _INDENT * size < _inset(line) < _DEEPEST_INDENT * size:
        return False
    same_column = below is not None and below.laid.column == line.laid.column
    return not (same_column and below and abs(_inset(below) - _inset(line)) < _FLUSH * size)


def _inset(line: Placed) -> float:
    """Points between the edge of the column and where the line begins."""
    box, column = line.segment.box, line.laid.column
    return column.right - box.right if line.segment.leftwards else box.left - column.left


def _wraps(line: Placed, below: Placed, body_size: float) -> bool:
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
