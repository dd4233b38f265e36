"""Tables of a page: cells that stand at one height, row by row."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence

from ingest.segments import SAME_FOOT, Laid, Segment

# Stretches without lines at least this share of the font size high part what is on a page.
BAND = 3.0
# Letters in the usual line of a column; cells have fewer.
_PROSE = 22
# Share of lines on one side that have a line at the same height on the other.
_ALIGNED = 0.6
_NUMERIC = re.compile(r"[\d.,%+()−–-]+$")


def is_table(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    """Cells are short, and those of one row stand at one height."""
    shorter = min(statistics.median(len(s.text) for s in side) for side in (left, right))
    if shorter >= _PROSE:
        return False
    fewer, more = sorted((left, right), key=len)
    heights = [s.foot for s in more]
    aligned = sum(any(abs(s.foot - h) <= SAME_FOOT * s.size for h in heights) for s in fewer)
    return aligned >= _ALIGNED * len(fewer)


def rows_of(found: Sequence[Segment]) -> list[list[Segment]]:
    """Segments by baseline, from the top; in a row in the order of their writing."""
    rows: list[list[Segment]] = []
    for segment in sorted(found, key=lambda s: s.foot):
        if rows and abs(rows[-1][0].foot - segment.foot) <= SAME_FOOT * segment.size:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        leftwards = 2 * sum(s.leftwards for s in row) > len(row)
        row.sort(key=lambda s: -s.box.right if leftwards else s.box.left)
    return rows


def with_rows_beside(inside: Sequence[Segment], found: Sequence[Segment]) -> list[Segment]:
    """The cells of a table, and the rows of several cells right above and below them."""
    rows = rows_of(found)
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
    return several and lower[0].foot - upper[0].foot < BAND * lower[0].size


def table_rows(found: Sequence[Segment], columns: Sequence[tuple[float, float]]) -> list[Laid]:
    """Rows of cells; a line that has no first cell, or follows closely, goes on the row above."""
    box = found[0].box
    for segment in found[1:]:
        box = box.around(segment.box)
    steps = [b[0].foot - a[0].foot for a, b in itertools.pairwise(rows_of(found))]
    apart = _apart(steps)
    made: list[dict[int, list[Segment]]] = []
    before: float | None = None
    for row in rows_of(found):
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


def columns_of(found: Sequence[Segment]) -> list[tuple[float, float]]:
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
