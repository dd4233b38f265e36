"""Pieces of a page to segments: what stands on one baseline and is read without a stop."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.letters import Box, Piece

# Baselines no further apart than this share of the font size are one.
SAME_FOOT = 0.35

# Shares of the font size.
_CELL_GAP = 1.5
_MARK_GAP = 5.0
_MERGED = 0.5
_RAISED_SIZE, _RAISED_FOOT, _RAISED_APART, _RAISED_LETTERS = 0.82, 0.12, 0.6, 4
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
            and abs(piece.foot - base.foot) > SAME_FOOT * max(piece.size, base.size)
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
    if abs(last.foot - segment.foot) > SAME_FOOT * size or last.leftwards != segment.leftwards:
        return False
    gap = segment.box.left - last.box.right
    if last.leftwards:
        gap = last.box.left - segment.box.right
    mark = _MARK.match(last.text)
    return -_MERGED * size < gap <= (_MARK_GAP if mark else _MERGED) * size
