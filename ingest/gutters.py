"""Gutters of a page: stretches free from top to bottom, with lines on both sides."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from ingest.letters import Box
from ingest.segments import Segment
from ingest.tables import BAND, is_table

# The least width, as a share of the font size, and the least lines on the poorer side.
_GUTTER = 0.55
_LEAST_LINES = 3


def best_gutter(found: Sequence[Segment], barriers: Sequence[Box]) -> Box | None:
    """The free stretch with most lines on its poorer side; None where no side has enough."""
    size = statistics.median_low([segment.size for segment in found])
    half = _GUTTER * size / 2
    breaks = [*barriers, *_empty_bands(found, BAND * size)]
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
    if is_table(left, right):
        wide = gutter.right - gutter.left >= 2 * left[0].size
        return fewer if fewer >= _LEAST_LINES or (fewer > 1 and wide) else 0
    return fewer if fewer >= _LEAST_LINES else 0
