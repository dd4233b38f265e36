"""The reading order of a page: lines, columns one after the other, tables row by row.

A gutter is a stretch of the page, free from top to bottom, with lines on both sides of it. It
parts columns where both sides read like prose, and cells where they do not. The page is cut at
its best gutter, and what stands above, below and beside it is cut again.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.gutters import best_gutter
from ingest.letters import Box, Piece
from ingest.segments import Laid, Segment
from ingest.tables import columns_of, is_table, rows_of, table_rows, with_rows_beside


def reading_order(found: Sequence[Segment], barriers: Sequence[Box]) -> list[Laid]:
    """The segments of a page as lines and table rows, in reading order.

    ``barriers`` are wide horizontal rules, across which no column goes.
    """
    if not found:
        return []
    gutter = best_gutter(found, barriers)
    if gutter is None:
        return _plain(found)
    inside = [s for s in found if gutter.top <= s.box.top and s.box.bottom <= gutter.bottom]
    middle = (gutter.left + gutter.right) / 2
    left = [s for s in inside if s.box.right <= middle]
    right = [s for s in inside if s.box.left > middle]
    if is_table(left, right):
        columns = columns_of(inside)
        inside = with_rows_beside(inside, found)
        zone = table_rows(inside, columns)
    else:
        leftwards = 2 * sum(s.leftwards for s in inside) > len(inside)
        sides = (right, left) if leftwards else (left, right)
        zone = [laid for side in sides for laid in reading_order(side, barriers)]
    height = statistics.median_low([s.foot for s in inside])
    outside = [s for s in found if s not in inside]
    above = [s for s in outside if s.foot < height]
    below = [s for s in outside if s.foot >= height]
    return [*reading_order(above, barriers), *zone, *reading_order(below, barriers)]


def _plain(found: Sequence[Segment]) -> list[Laid]:
    """Lines from the top down; those at one height are read as one."""
    column = found[0].box
    for segment in found[1:]:
        column = column.around(segment.box)
    lines: list[Laid] = []
    for row in rows_of(found):
        joined = Segment(tuple(piece for segment in row for piece in _unglued(segment)))
        lines.append(Laid(((joined,),), column))
    return lines


def _unglued(segment: Segment) -> Iterator[Piece]:
    """The pieces, a blank before the first."""
    first, *rest = segment.pieces
    yield replace(first, glued=False)
    yield from rest
