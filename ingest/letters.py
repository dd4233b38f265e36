"""Letters of a page to pieces: words, or parts of words, each with its box.

A piece has one direction of writing and one size; whether a blank stands before it the file says
for left-to-right text, and the distance on the page for the rest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.canonical import clean


@dataclass(frozen=True, slots=True)
class Box:
    """Points from the top left corner of the page as it is shown, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def distance(self, other: Box) -> float:
        """Points of free space between the two from left to right; 0 where they overlap."""
        return max(0.0, self.left - other.right, other.left - self.right)

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def turned(self, width: float, height: float, quarter: int) -> Box:
        """The box after as many quarter turns to the right of a page of that size."""
        if quarter == 1:
            return Box(height - self.bottom, self.left, height - self.top, self.right)
        if quarter == 2:
            return Box(
                width - self.right, height - self.bottom, width - self.left, height - self.top
            )
        if quarter == 3:
            return Box(self.top, width - self.right, self.bottom, width - self.left)
        return self


@dataclass(frozen=True, slots=True)
class Letter:
    """One character as PDFium tells it.

    ``foot`` is the y of its baseline and ``start`` its x, ``row`` the number of the line that
    PDFium put it in, ``quarter`` the quarter turns to the left of its line of text.
    """

    text: str
    box: Box
    foot: float
    size: float
    bold: bool
    row: int
    quarter: int = 0
    start: float = 0.0


@dataclass(frozen=True, slots=True)
class Piece:
    """``glued``: no blank stands before it. ``raised``: a superscript."""

    text: str
    box: Box
    foot: float
    size: float
    bold: bool
    row: int
    glued: bool = False
    raised: bool = False

    @property
    def leftwards(self) -> bool:
        return is_leftwards(self.text)


# Shares of the font size: where no blank is told, wider gaps part words; narrower ones do not
# where the direction changes.
_PARTING, _TOUCHING = 0.5, 0.12
_RAISED_SIZE, _RAISED_FOOT = 0.8, 0.12
_SAME_FOOT = 0.3
_ALEFS = "اأإآ"


def is_leftwards(text: str) -> bool:
    """Whether the first letter with a direction is written from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def pieces(letters: Sequence[Letter]) -> Iterator[Piece]:
    """Runs of letters that belong together, in the order of the file."""
    run: list[Letter] = []
    blank = True
    before: Piece | None = None
    for letter in [*_marks_mended(list(_ligatures_mended(letters))), None]:
        if letter is not None and run and not letter.text.isspace() and _joins(run, letter):
            run.append(letter)
            continue
        if run:
            made = _piece(run, before, blank=blank)
            if made:
                yield made
                before, blank = made, False
        run = [] if letter is None or letter.text.isspace() else [letter]
        blank = blank or letter is None or letter.text.isspace()


def _joins(run: Sequence[Letter], letter: Letter) -> bool:
    last = run[-1]
    if letter.row != last.row or _changes_direction(run, letter):
        return False
    if abs(letter.foot - last.foot) > _RAISED_FOOT * max(letter.size, last.size):
        return False
    return last.box.distance(letter.box) <= _PARTING * max(letter.size, last.size)


def _changes_direction(run: Sequence[Letter], letter: Letter) -> bool:
    before = {unicodedata.bidirectional(each.text[0]) for each in run}
    now = unicodedata.bidirectional(letter.text[0])
    leftwards = {"R", "AL"}
    if now in leftwards:
        return bool(before & {"L", "EN"})
    return now in ("L", "EN") and bool(before & leftwards)


def _piece(run: Sequence[Letter], before: Piece | None, *, blank: bool) -> Piece | None:
    text = clean("".join(letter.text for letter in run))
    if not text:
        return None
    box = run[0].box
    for letter in run[1:]:
        box = box.around(letter.box)
    size, foot, row = max(letter.size for letter in run), run[0].foot, run[0].row
    beside = before is not None and before.row == row
    glued = bool(beside and not blank)
    if before is not None and beside and (before.leftwards or is_leftwards(text)):
        mixed = before.text[-1].isalpha() and text[0].isalpha()
        mixed = mixed and before.leftwards != is_leftwards(text)
        glued = not mixed and before.box.distance(box) < _TOUCHING * size
    raised = (
        before is not None
        and beside
        and glued
        and size < _RAISED_SIZE * before.size
        and before.foot - foot > _RAISED_FOOT * before.size
    )
    bold = 2 * sum(letter.bold for letter in run) > len(run)
    return Piece(text, box, foot, size, bold, row, glued, raised)


def _marks_mended(letters: list[Letter]) -> list[Letter]:
    """Vowel signs put after the letter that they stand over; PDFium may have them before it."""
    made = list(letters)
    for at in range(1, len(made) - 1):
        mark, before, after = made[at], made[at - 1], made[at + 1]
        if unicodedata.bidirectional(mark.text[0]) != "NSM" or not is_leftwards(after.text):
            continue
        if _overlap(mark.box, after.box) > _overlap(mark.box, before.box):
            made[at], made[at + 1] = after, mark
    return made


def _overlap(mark: Box, letter: Box) -> float:
    return min(mark.right, letter.right) - max(mark.left, letter.left)


def _ligatures_mended(letters: Sequence[Letter]) -> Iterator[Letter]:
    """Lam and alef drawn as one sign: two letters in one box, which PDFium turns round."""
    waiting: Letter | None = None
    for letter in letters:
        if waiting and letter.text == "ل" and letter.box == waiting.box:
            yield letter
            yield waiting
            waiting = None
            continue
        if waiting:
            yield waiting
        waiting = letter if letter.text in _ALEFS else None
        if waiting is None:
            yield letter
    if waiting:
        yield waiting
