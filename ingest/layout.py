"""The reading order of a page: lines, columns one after the other, tables row by row.

A gutter is a stretch of the page, free from top to bottom, with lines on both sides of it. It
parts columns where both sides read like prose, and cells where they do not. The page is cut at
its best gutter, and what stands above, below and beside it is cut again.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.letters import Box, Piece

# Shares of the font size.
_CELL_GAP = 1.5
_MARK_GAP = 5.0
_GUTTER = 0.55
_BAND = 3.0
_SAME_FOOT = 0.35
_MERGED = 0.5
_RAISED_SIZE, _RAISED_FOOT, _RAISED_APART, _RAISED_LETTERS = 0.82, 0.12, 0.6, 4
# Letters in the usual line of a column; cells have fewer.
_PROSE = 22
_LEAST_LINES = 3
# Share of lines on one side that have a line at the same height on the other.
_ALIGNED = 0.6
_NUMERIC = re.compile(r"[\d.,%+()−–-]+$")
_MARK = re.compile(
    r"(?:[-–—•▪●◦‣·*§o]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]|\d+(?:\.\d+)*\.?)$"
)


@dataclass(frozen=True)
class Segment:
    """Pieces on one baseline that are read without a stop, in reading order."""

    pieces: tuple[Piece, ...]

    @cached_property
    def box(self) -> Box:
        box = self.pieces[0].box
        for piece in self.pieces[1:]:
            box = box.around(piece.box)
        return box

    @cached_property
    def size(self) -> float:
        """The font size of most of its letters, points."""
        sizes: dict[float, int] = {}
        for piece in [p for p in self.pieces if not p.raised] or self.pieces:
            sizes[piece.size] = sizes.get(piece.size, 0) + len(piece.text)
        return max(sizes, key=lambda size: sizes[size])

    @cached_property
    def foot(self) -> float:
        feet = [piece.foot for piece in self.pieces if not piece.raised]
        return statistics.median_low(feet or [self.pieces[0].foot])

    @cached_property
    def words(self) -> tuple[tuple[str, Box], ...]:
        """Its words, each with its box; pieces without a blank between are one word."""
        made: list[tuple[str, Box]] = []
        for piece in self.pieces:
            if piece.glued and made:
                text, box = made[-1]
                made[-1] = (text + piece.text, box.around(piece.box))
            else:
                made.append((piece.text, piece.box))
        return tuple(part for text, box in made for part in _parted(text, box))

    @cached_property
    def text(self) -> str:
        return " ".join(text for text, _ in self.words)

    @cached_property
    def bold(self) -> bool:
        """Whether every word of it is."""
        plain = [piece for piece in self.pieces if not piece.bold]
        return len(plain) < len(self.pieces) and not any(map(_is_word, plain))

    @cached_property
    def lead(self) -> int:
        """How many characters of its text are bold at the start, where the rest is not."""
        bold = tuple(itertools.takewhile(lambda piece: piece.bold, self.pieces))
        whole = len(bold) == len(self.pieces) or not bold
        return 0 if whole else len(Segment(bold).text)

    @cached_property
    def gaps(self) -> int:
        """How many gaps it has that are wide enough to part cells."""
        ordered = sorted((piece.box.left, piece.box.right) for piece in self.pieces)
        pairs = itertools.pairwise(ordered)
        return sum(after[0] - before[1] > _CELL_GAP * self.size for before, after in pairs)

    @cached_property
    def leftwards(self) -> bool:
        letters = sum(len(piece.text) for piece in self.pieces)
        return 2 * sum(len(piece.text) for piece in self.pieces if piece.leftwards) > letters


@dataclass(frozen=True, slots=True)
class Laid:
    """A line of the page in its place: one segment, or the cells of a table row.

    ``column`` is the box of the column that it stands in.
    """

    cells: tuple[tuple[Segment, ...], ...]
    column: Box

    @property
    def is_row(self) -> bool:
        return len(self.cells) > 1

    @property
    def segment(self) -> Segment:
        return self.cells[0][0]


def _is_word(piece: Piece) -> bool:
    return sum(character.isalpha() for character in piece.text) > 1


def _parted(text: str, box: Box) -> list[tuple[str, Box]]:
    """A word that came with a blank inside: its parts in one box."""
    return [(part, box) for part in text.split()]


def segments(pieces: Sequence[Piece]) -> list[Segment]:
    """Pieces of one row of the file, parted where a wide gap or another baseline comes."""
    made: list[Segment] = []
    for _, group in itertools.groupby(pieces, key=lambda piece: piece.row):
        for level in _levels(list(group)):
            made.extend(_split_at_gaps(level))
    return _with_raised(_merged(made))


def _with_raised(found: Sequence[Segment]) -> list[Segment]:
    """Small numbers over the line, which the file has in rows of their own, in their places."""
    made = list(found)
    for small in [s for s in found if len(s.text) <= _RAISED_LETTERS]:
        base = next((s for s in made if s is not small and _carries(s, small)), None)
        if base is not None:
            made[made.index(base)] = _inserted(base, small)
            made.remove(small)
    return made


def _carries(base: Segment, small: Segment) -> bool:
    if small.size > _RAISED_SIZE * base.size or base.leftwards:
        return False
    rise = base.foot - small.foot
    near = base.box.distance(small.box) <= _RAISED_APART * base.size
    return near and _RAISED_FOOT * base.size < rise < base.size


def _inserted(base: Segment, small: Segment) -> Segment:
    at = sum(piece.box.left < small.box.left for piece in base.pieces)
    before, after = base.pieces[:at], base.pieces[at:]
    raised = tuple(
        replace(p, glued=bool(before), raised=True, foot=base.foot) for p in small.pieces
    )
    if after and before:
        touching = after[0].box.left - raised[-1].box.right < 0.15 * base.size
        after = (replace(after[0], glued=touching), *after[1:])
    return Segment((*before, *raised, *after))


def _levels(row: Sequence[Piece]) -> Iterator[list[Piece]]:
    level: list[Piece] = []
    for piece in row:
        base = next((p for p in reversed(level) if not p.raised), None)
        if (
            base
            and not piece.raised
            and abs(piece.foot - base.foot) > _SAME_FOOT * max(piece.size, base.size)
        ):
            yield level
            level = []
        level.append(piece)
    if level:
        yield level


def _split_at_gaps(level: Sequence[Piece]) -> Iterator[Segment]:
    """Gaps are looked for from left to right, the pieces stay in reading order."""
    ordered = sorted(level, key=lambda piece: piece.box.left)
    cuts: list[float] = []
    right = ordered[0].box.right
    for before, piece in itertools.pairwise(ordered):
        right = max(right, before.box.right)
        is_mark = len(cuts) == 0 and before is ordered[0] and _MARK.match(before.text)
        widest = (_MARK_GAP if is_mark else _CELL_GAP) * max(piece.size, before.size)
        if piece.box.left - right > widest:
            cuts.append((piece.box.left + right) / 2)
    for _, group in itertools.groupby(
        level, key=lambda piece: sum(piece.box.left > cut for cut in cuts)
    ):
        yield Segment(tuple(group))


def _merged(found: Sequence[Segment]) -> list[Segment]:
    """Segments that go on each other at once, though the file has them in two rows."""
    made: list[Segment] = []
    for segment in found:
        last = made[-1] if made else None
        if last and _goes_on(last, segment):
            made[-1] = Segment(last.pieces + segment.pieces)
        else:
            made.append(segment)
    return made


def _goes_on(last: Segment, segment: Segment) -> bool:
    size = max(last.size, segment.size)
    if abs(last.foot - segment.foot) > _SAME_FOOT * size or last.leftwards != segment.leftwards:
        return False
    gap = segment.box.left - last.box.right
    if last.leftwards:
        gap = last.box.left - segment.box.right
    mark = _MARK.match(last.text)
    return -_MERGED * size < gap <= (_MARK_GAP if mark else _MERGED) * size


def reading_order(found: Sequence[Segment], barriers: Sequence[Box]) -> list[Laid]:
    """The segments of a page as lines and table rows, in reading order.

    ``barriers`` are wide horizontal rules, across which no column goes.
    """
    if not found:
        return []
    gutter = _best_gutter(found, barriers)
    if gutter is None:
        return _plain(found)
    inside = [s for s in found if gutter.top <= s.box.top and s.box.bottom <= gutter.bottom]
    middle = (gutter.left + gutter.right) / 2
    left = [s for s in inside if s.box.right <= middle]
    right = [s for s in inside if s.box.left > middle]
    if _is_table(left, right):
        columns = _columns(inside)
        inside = _with_rows_beside(inside, found)
        zone = _table_rows(inside, columns)
    else:
        leftwards = 2 * sum(s.leftwards for s in inside) > len(inside)
        sides = (right, left) if leftwards else (left, right)
        zone = [laid for side in sides for laid in reading_order(side, barriers)]
    height = statistics.median_low([s.foot for s in inside])
    outside = [s for s in found if s not in inside]
    above = [s for s in outside if s.foot < height]
    below = [s for s in outside if s.foot >= height]
    return [*reading_order(above, barriers), *zone, *reading_order(below, barriers)]


def _with_rows_beside(inside: Sequence[Segment], found: Sequence[Segment]) -> list[Segment]:
    """The cells of a table, and the rows of several cells right above and below them."""
    rows = _rows(found)
    known = set(map(id, inside))
    own = [n for n, row in enumerate(rows) if any(id(s) in known for s in row)]
    first, last = own[0], own[-1]
    while first and _is_row_beside(rows[first - 1], rows[first]):
        first -= 1
    while last + 1 < len(rows) and _is_row_beside(rows[last], rows[last + 1]):
        last += 1
    return [segment for row in rows[first : last + 1] for segment in row]


def _is_row_beside(upper: Sequence[Segment], lower: Sequence[Segment]) -> bool:
    several = len(upper) > 1 and len(lower) > 1
    return several and lower[0].foot - upper[0].foot < _BAND * lower[0].size


def _best_gutter(found: Sequence[Segment], barriers: Sequence[Box]) -> Box | None:
    """The free stretch with most lines on its poorer side; None where no side has enough."""
    size = statistics.median_low([segment.size for segment in found])
    half = _GUTTER * size / 2
    breaks = [*barriers, *_empty_bands(found, _BAND * size)]
    best: tuple[tuple[int, float], Box] | None = None
    for middle in _middles(found, half):
        for top, bottom in _free(found, breaks, middle, half):
            if bottom - top < 2 * size:
                continue
            box = _fitted(found, middle, top, bottom)
            if box is None:
                continue
            score = (_score(found, box), box.right - box.left)
            if score[0] and (best is None or score > best[0]):
                best = (score, box)
    return best[1] if best else None


def _empty_bands(found: Sequence[Segment], least: float) -> Iterator[Box]:
    """Stretches of the page at least so high that have no line at all."""
    boxes = sorted((s.box for s in found), key=lambda box: box.top)
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    bottom = boxes[0].bottom
    for box in boxes:
        if box.top - bottom > least:
            yield Box(left, bottom, right, box.top)
        bottom = max(bottom, box.bottom)


def _middles(found: Sequence[Segment], half: float) -> Iterator[float]:
    """Where a gutter can be: right of a segment's end, left of another's beginning."""
    starts = sorted(segment.box.left for segment in found)
    last = -1.0
    for end in sorted(segment.box.right for segment in found):
        if end - last > 0.1 and starts[-1] > end + 2 * half:
            last = end
            yield end + half + 0.05


def _free(
    found: Sequence[Segment], breaks: Sequence[Box], middle: float, half: float
) -> Iterator[tuple[float, float]]:
    """Stretches from top to bottom in which nothing crosses the middle."""
    crossing = sorted(
        (box.top, box.bottom)
        for box in (*(segment.box for segment in found), *breaks)
        if box.left < middle + half and box.right > middle - half
    )
    top = min(segment.box.top for segment in found)
    for start, end in crossing:
        if start > top:
            yield top, start
        top = max(top, end)
    bottom = max(segment.box.bottom for segment in found)
    if bottom > top:
        yield top, bottom


def _fitted(found: Sequence[Segment], middle: float, top: float, bottom: float) -> Box | None:
    """The gutter with its real edges; cut at the top to where both sides have begun."""
    slack = 1.0
    inside = [s for s in found if s.box.top >= top - slack and s.box.bottom <= bottom + slack]
    left = [s.box for s in inside if s.box.right <= middle]
    right = [s.box for s in inside if s.box.left > middle]
    if not left or not right:
        return None
    start = min(box.top for box in right) if _begins_later(left, right) else top
    ends = max(*(b.bottom for b in left), *(b.bottom for b in right))
    return Box(
        max(box.right for box in left if box.bottom > start),
        start - slack,
        min(box.left for box in right),
        ends + slack,
    )


def _begins_later(left: Sequence[Box], right: Sequence[Box]) -> bool:
    """Whether a head stands over the left side alone: then it is not of the columns."""
    first = min(box.top for box in right)
    over = [box for box in left if box.bottom <= first]
    return bool(over) and len(over) < len(left)


def _score(found: Sequence[Segment], gutter: Box) -> int:
    inside = [s for s in found if gutter.top <= s.box.top and s.box.bottom <= gutter.bottom]
    middle = (gutter.left + gutter.right) / 2
    left = [s for s in inside if s.box.right <= middle]
    right = [s for s in inside if s.box.left > middle]
    fewer = min(len(left), len(right))
    if not left or not right:
        return 0
    if _is_table(left, right):
        wide = gutter.right - gutter.left >= 2 * left[0].size
        return fewer if fewer >= _LEAST_LINES or (fewer > 1 and wide) else 0
    return fewer if fewer >= _LEAST_LINES else 0


def _is_table(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Cells are short, and those of one row stand at one height."""
    shorter = min(statistics.median(len(s.text) for s in side) for side in (left, right))
    if shorter >= _PROSE:
        return False
    fewer, more = sorted((left, right), key=len)
    heights = [s.foot for s in more]
    aligned = sum(any(abs(s.foot - h) <= _SAME_FOOT * s.size for h in heights) for s in fewer)
    return aligned >= _ALIGNED * len(fewer)


def _plain(found: Sequence[Segment]) -> list[Laid]:
    """Lines from the top down; those at one height are read as one."""
    column = found[0].box
    for segment in found[1:]:
        column = column.around(segment.box)
    lines: list[Laid] = []
    for row in _rows(found):
        joined = Segment(tuple(piece for segment in row for piece in _unglued(segment)))
        lines.append(Laid(((joined,),), column))
    return lines


def _unglued(segment: Segment) -> Iterator[Piece]:
    """The pieces, a blank before the first."""
    first, *rest = segment.pieces
    yield replace(first, glued=False)
    yield from rest


def _rows(found: Sequence[Segment]) -> list[list[Segment]]:
    """Segments by baseline, from the top; in a row in the order of their writing."""
    rows: list[list[Segment]] = []
    for segment in sorted(found, key=lambda s: s.foot):
        if rows and abs(rows[-1][0].foot - segment.foot) <= _SAME_FOOT * segment.size:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        leftwards = 2 * sum(s.leftwards for s in row) > len(row)
        row.sort(key=lambda s: -s.box.right if leftwards else s.box.left)
    return rows


def _table_rows(found: Sequence[Segment], columns: Sequence[tuple[float, float]]) -> list[Laid]:
    """Rows of cells; a line that has no first cell, or follows closely, goes on the row above."""
    box = found[0].box
    for segment in found[1:]:
        box = box.around(segment.box)
    steps = [b[0].foot - a[0].foot for a, b in itertools.pairwise(_rows(found))]
    apart = _apart(steps)
    made: list[dict[int, list[Segment]]] = []
    before: float | None = None
    for row in _rows(found):
        cells: dict[int, list[Segment]] = {}
        for segment in row:
            cells.setdefault(_column_of(segment, columns), []).append(segment)
        step = row[0].foot - before if before is not None else None
        close = step is not None and (step < apart if apart else 0 not in cells)
        close = close and not (len(cells) == len(columns) and _NUMERIC.match(row[-1].text))
        if made and close:
            for number, group in cells.items():
                made[-1].setdefault(number, []).extend(group)
        else:
            made.append(cells)
        before = row[0].foot
    leftwards = 2 * sum(s.leftwards for s in found) > len(found)
    return [
        Laid(tuple(tuple(cells[n]) for n in sorted(cells, reverse=leftwards)), box)
        for cells in made
    ]


def _apart(steps: Sequence[float]) -> float:
    """The step that parts rows from the lines of one cell; 0 where steps are of one kind."""
    known = sorted(step for step in steps if step > 0)
    if len(known) < 2 or known[-1] < 1.25 * known[0]:
        return 0.0
    jumps = [(after / before, after) for before, after in itertools.pairwise(known)]
    ratio, step = max(jumps)
    return step - 0.1 if ratio > 1.15 else 0.0


def _columns(found: Sequence[Segment]) -> list[tuple[float, float]]:
    """The stretches from left to right that cells cover, in order."""
    made: list[tuple[float, float]] = []
    for left, right in sorted((s.box.left, s.box.right) for s in found):
        if made and left <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], right))
        else:
            made.append((left, right))
    return made


def _column_of(segment: Segment, columns: Sequence[tuple[float, float]]) -> int:
    """The first column that the cell stands in; the nearest where it stands beside all."""
    box = segment.box
    apart = [max(0.0, left - box.right, box.left - right) for left, right in columns]
    return apart.index(min(apart))
