"""Pages as read, and their lines in reading order, each in its place."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.places import SCALE, Shares
from ingest.layout import reading_order
from ingest.letters import Box, Letter, Piece, pieces
from ingest.segments import Laid, Segment, segments

# A running head or foot stands in this outer share of the page.
_MARGIN = 0.12
# The first and the last line of a page may do so as far in as this.
_WIDE_MARGIN = 0.2


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
class Placed:
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


def laid_out(sheet: Sheet) -> list[Placed]:
    """The lines of a page in reading order; those that run another way come last."""
    by_quarter: dict[int, list[Letter]] = {}
    for letter in sheet.letters:
        by_quarter.setdefault(letter.quarter, []).append(letter)
    placed: list[Placed] = []
    for quarter, letters in sorted(by_quarter.items(), key=lambda item: -len(item[1])):
        turned = [_upright(letter, sheet, quarter) for letter in letters]
        found = list(pieces(turned))
        rules = [rule.turned(sheet.width, sheet.height, quarter) for rule in sheet.rules]
        laid = _vertical(found) if _is_vertical(turned) else reading_order(segments(found), rules)
        placed += [Placed(line, sheet, quarter) for line in laid]
    return _outer_marked(placed, sheet)


def _outer_marked(placed: Sequence[Placed], sheet: Sheet) -> list[Placed]:
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
