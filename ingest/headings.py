"""Headings of pages, from several signs: the outline, the size and weight of letters, wording.

No sign is believed alone: an outline's title must stand on the page, a line in large or bold
letters must be short, end like a head and stand over text.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.sentences import LIST_MARK
from ingest.canonical import Kind, Line

_LONGEST, _MOST_LINES = 200, 4
# Times the size of the body: larger letters make a head; much larger ones also with a full stop.
_LARGER, _MUCH_LARGER = 1.09, 1.3
# Bold letters may be as much smaller, in capitals or of another face.
_SMALLER = 0.75
# A file that is bold in more than this share says nothing by it.
_BOLD_SHARE = 0.5
_ENDED = re.compile(r"[.;,،。；]$")
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|tableau|cuadro|box|chart|source|note|рис|таблица|表|图)\s*[\d.:–-]",
    re.IGNORECASE,
)
_NO_HEAD = re.compile(r"^\[|@|https?://|^[\W\d_]*$|\d{1,2}:\d\d")
# Authors and places between a title and the text: commas and marks of notes, no verb to tell.
_AUTHORS = re.compile(r"[∗†‡]|,[^,]+,")
_FEWEST_IN_OUTLINE = 2


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is printed: font size in points, whether all of it is bold."""

    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Outlined:
    """An entry of a file's outline; ``level`` counts from 1."""

    title: str
    level: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines without an empty one between, and how the first is printed."""

    lines: tuple[Line, ...]
    look: Look | None

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def is_text(self) -> bool:
        return all(line.kind is Kind.TEXT for line in self.lines) and bool(self.text.strip())


def with_headings(
    printed: Sequence[tuple[Line, Look | None]], outline: Sequence[Outlined]
) -> Iterator[Line]:
    """The lines, heads put into one line each and marked with their level."""
    groups = list(_groups(printed))
    body = _body_look(groups)
    titles = {_plain(entry.title): entry.level for entry in outline}
    outlined = {n: titles[key] for n, g in enumerate(groups) if (key := _plain(g.text)) in titles}
    if len(outlined) < _FEWEST_IN_OUTLINE:
        outlined = {}
    heads = [n in outlined or _is_head(groups, n, body) for n in range(len(groups))]
    heads = [head and not _is_of_authors(groups, heads, n) for n, head in enumerate(heads)]
    levels = _levels([g for g, head in zip(groups, heads, strict=True) if head], groups, outlined)
    for number, (group, head) in enumerate(zip(groups, heads, strict=True)):
        if head and group.look:
            level = outlined.get(number) or levels[group.look]
            yield _merged(group.lines, level)
        else:
            yield from group.lines


def _groups(printed: Sequence[tuple[Line, Look | None]]) -> Iterator[_Group]:
    """Empty lines are groups of their own."""
    for empty, group in itertools.groupby(printed, key=lambda pair: not pair[0].text):
        pairs = list(group)
        if empty:
            yield from (_Group((line,), None) for line, _ in pairs)
        else:
            yield _Group(tuple(line for line, _ in pairs), pairs[0][1])


def _body_look(groups: Sequence[_Group]) -> Look:
    """The size of most letters; bold only if most of the file is."""
    sizes: Counter[float] = Counter()
    bold = letters = 0
    for group in groups:
        if group.look and group.is_text:
            sizes[group.look.size] += len(group.text)
            letters += len(group.text)
            bold += len(group.text) * group.look.bold
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    return Look(size, bold > _BOLD_SHARE * letters)


def _is_head(groups: Sequence[_Group], number: int, body: Look) -> bool:
    group = groups[number]
    text = group.text
    if not group.look or not group.is_text or len(text) > _LONGEST:
        return False
    if len(group.lines) > _MOST_LINES or _CAPTION.match(text) or _NO_HEAD.search(text):
        return False
    larger = group.look.size / body.size if body.size else 1.0
    set_off = larger >= _LARGER or (group.look.bold and not body.bold and larger > _SMALLER)
    if not set_off or _is_bullet(text) or (_ENDED.search(text) and larger < _MUCH_LARGER):
        return False
    later = next((g for g in groups[number + 1 :] if g.look), None)
    # Before a table stands its caption, or its first row.
    return later is not None and (later.is_text or larger >= _MUCH_LARGER)


def _is_bullet(text: str) -> bool:
    return bool(LIST_MARK.match(text)) and not (text[0].isalnum() or text[0] == "(")


def _is_of_authors(groups: Sequence[_Group], heads: Sequence[bool], number: int) -> bool:
    """Whether the head is of names that follow a title at once."""
    group = groups[number]
    if group.lines[0].page > 1 or not _AUTHORS.search(group.text):
        return False
    before = [n for n in range(number) if groups[n].is_text]
    return bool(before) and any(heads[n] for n in before)


def _levels(
    heads: Sequence[_Group], groups: Sequence[_Group], outlined: dict[int, int]
) -> dict[Look, int]:
    """The level of each look: the outline's where it has one, else by size, then weight."""
    looks = {group.look for group in heads if group.look}
    told: dict[Look, Counter[int]] = {}
    for number, level in outlined.items():
        look = groups[number].look
        if look:
            told.setdefault(look, Counter())[level] += 1
    ranked = sorted(looks, key=lambda look: (-round(look.size), not look.bold))
    levels: dict[Look, int] = {}
    for rank, look in enumerate(ranked, start=1):
        levels[look] = told[look].most_common(1)[0][0] if look in told else rank
    return levels


def _merged(lines: Sequence[Line], level: int) -> Line:
    boxes = tuple(box for line in lines for box in line.boxes)
    text = " ".join(line.text for line in lines)
    return replace(lines[0], text=text, kind=Kind.HEADING, level=level, boxes=boxes, wraps=False)


def _plain(title: str) -> str:
    """A title without its number, blanks and case, to compare."""
    bare = re.sub(r"^[\s\d.()ivxIVX§-]+(?=\w)", "", title)
    return re.sub(r"\W+", "", bare).casefold()
