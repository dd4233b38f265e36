"""Notes of a page: small lines at a column's foot that open with their mark."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.segments import Segment
from ingest.sheets import Placed

# Shares of the size of the body, and of the note.
_NOTE_SIZE, _MARK_SIZE = 0.93, 0.85
_NOTE_MARK = re.compile(r"(?P<number>\d{1,3})[.)]?(?=\s|[^\W\d])|[*†‡§]+\s?")


def body_size_of(pages: Sequence[Sequence[Placed]]) -> float:
    """The size of most letters of the file."""
    sizes: Counter[float] = Counter()
    for line in itertools.chain.from_iterable(pages):
        sizes[line.segment.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_small(line: Placed, body_size: float) -> bool:
    return not line.laid.is_row and line.segment.size <= _NOTE_SIZE * body_size


def split_notes(
    page: Sequence[Placed], body_size: float
) -> tuple[list[Placed], list[list[Placed]]]:
    """The body of a page, and its notes: small lines at the foot of a column, from a mark on."""
    body: list[Placed] = []
    notes: list[list[Placed]] = []
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


def _opens_note(line: Placed, *, below_text: bool) -> bool:
    """A column of small letters alone is no notes, unless it opens with a raised mark."""
    first = line.segment.pieces[0]
    raised = first.raised or first.size < _MARK_SIZE * line.segment.size
    low = line.segment.foot > line.sheet.height / 2
    return low and (below_text or raised) and bool(_NOTE_MARK.match(line.text))


def note_marks(pages: Sequence[Sequence[Placed]], body_size: float) -> frozenset[str]:
    """The numbers that notes open with; raised in the body, they point to these."""
    found = set()
    for page in pages:
        for note in split_notes(page, body_size)[1]:
            mark = _NOTE_MARK.match(note[0].text)
            found.add(mark["number"] if mark else None)
    return frozenset(number for number in found if number)


def without_marks(line: Placed, marks: frozenset[str]) -> Placed:
    """The line without the raised numbers that point to notes."""

    def kept(segment: Segment) -> Segment:
        left = tuple(p for p in segment.pieces if not (p.raised and p.text in marks))
        return Segment(left) if left else segment

    cells = tuple(tuple(kept(segment) for segment in cell) for cell in line.laid.cells)
    return replace(line, laid=replace(line.laid, cells=cells))
