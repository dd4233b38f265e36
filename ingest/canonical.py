"""Canonical text: lines as a reader found them become blocks, one block a line.

Everything that changes characters happens here, before any offset is fixed: line wraps and
sentences cut by a page break are mended, blanks folded, control characters left out. What
follows only carries spans.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.model import Page, Span
from corpus.places import Place, Shares, packed
from corpus.sentences import LIST_MARK
from ingest.hyphens import breaks_word


class Kind(StrEnum):
    """What a block is, where the file says so; TEXT where only its wording can tell."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file. ``level`` counts from 1 for headings that the file marks.

    ``boxes`` has the box of each word on its page, all zero for what is not printed there.
    ``wraps``: it fills its column, so that the next line goes on it. ``lead``: so many
    characters at its start are set off from the rest (bold).
    """

    text: str
    page: int = 1
    kind: Kind = Kind.TEXT
    level: int = 0
    boxes: tuple[Shares, ...] = ()
    wraps: bool = False
    lead: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader found: lines in reading order, and the printed number of each page.

    ``warnings`` are sentences for the report: what was left out, and why. ``recognised`` are the
    numbers of the pages whose text was recognised on a picture. ``shown`` is what a PDF of the file
    has, where that was made to know its pages.
    """

    lines: tuple[Line, ...]
    labels: tuple[str | None, ...] = ()
    warnings: tuple[str, ...] = ()
    recognised: tuple[int, ...] = ()
    shown: Source | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row: one line of the canonical text.

    ``lead``: so many characters at its start are set off from the rest.
    """

    span: Span
    kind: Kind
    level: int
    lead: int = 0


@dataclass(frozen=True, slots=True)
class Canonical:
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[Page, ...]


# A line at least this much of the usual width was wrapped, so the next one continues it.
_FULL_LINE = 0.7
# Lines longer than this are whole paragraphs, not wrapped ones.
_LONGEST_WRAP = 200
# A paragraph shorter than this is more likely a heading than a sentence cut in two.
_SHORTEST_CUT = 40
_LONGEST_WORD = 60
# More replacement and private-use characters than this share, and a text is not readable.
_GARBLED_SHARE = 0.1
_ENDED = re.compile(r"[.!?:;؟。！？…][\"'”’»)\]]*$")
_HYPHENATED = re.compile(r"(\w+)-$")
_PRESENTATION = re.compile(r"[\ufb00-\ufb06\ufb50-\ufdfb\ufe70-\ufefc]+")


def canonical(
    lines: Sequence[Line],
    labels: Sequence[str | None] = (),
    recognised: Sequence[int] = (),
) -> Canonical:
    """Join lines into canonical text.

    ``labels`` holds the printed number of each page, in order; empty where the file has no
    pages. ``recognised`` are the numbers of those read by text recognition. A page's span runs
    from its first block to the next page's.
    """
    cleaned = [replace(line, text=clean(line.text)) for line in lines]
    words = _vocabulary(cleaned)
    text = ""
    blocks: list[Block] = []
    places: list[Place] = []
    starts: dict[int, int] = {}
    for group in _mended(_grouped(cleaned)):
        if text:
            together = group[0].kind is Kind.ROW or _is_item(group[0])
            text += "\n" if together and blocks and blocks[-1].kind is not Kind.HEADING else "\n\n"
        start = len(text)
        for number, line in enumerate(group):
            text = _joined(text, line.text, words) if number else text + line.text
            starts.setdefault(line.page, len(text) - len(line.text))
            _append_places(places, line, len(text) - len(line.text))
        kind = Kind.ITEM if _is_item(group[0]) else group[0].kind
        blocks.append(Block(Span(start, len(text)), kind, group[0].level, group[0].lead))
    pages = (
        replace(page, recognised=page.number in recognised)
        for page in _pages(text, starts, labels, places)
    )
    return Canonical(text, tuple(blocks), tuple(pages))


def clean(text: str) -> str:
    """Composed characters, single blanks, no control, format or private-use characters.

    Zero-width joiners stay: Arabic and Indic scripts are spelt with them. Letters that stand for
    how others look (Arabic presentation forms, "ﬁ") become these.
    """
    spelt = _PRESENTATION.sub(lambda form: unicodedata.normalize("NFKC", form.group()), text)
    composed = unicodedata.normalize("NFC", spelt.replace("\t", " "))
    kept = (
        " " if unicodedata.category(c) == "Zs" else c
        for c in composed
        if c in "\u200c\u200d" or unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
    )
    return re.sub(r" {2,}", " ", "".join(kept)).strip()


def is_garbled(text: Iterable[str]) -> bool:
    """Whether too many characters stand for no letter that anybody knows."""
    visible = bad = 0
    for character in text:
        if not character.isspace():
            visible += 1
            bad += character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character < " "
    return bad > _GARBLED_SHARE * visible


def _grouped(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that belong to one block; blank lines separate."""
    width = _usual_width(lines)
    group: list[Line] = []
    for line in lines:
        if not line.text:
            if group:
                yield group
            group = []
        elif group and _continues(group[-1], line, width):
            group.append(line)
        else:
            if group:
                yield group
            group = [line]
    if group:
        yield group


def _continues(before: Line, line: Line, width: float) -> bool:
    if before.kind is not line.kind or line.kind not in (Kind.TEXT, Kind.NOTE):
        return False
    if LIST_MARK.match(line.text):
        return False
    if before.wraps or line.text[0].islower():
        return True
    wrapped = len(before.text) >= _FULL_LINE * width and len(before.text) <= _LONGEST_WRAP
    heading_above = before.text.isupper() and not (line.text.isupper() or line.text[0] == "(")
    return wrapped and not heading_above


def _usual_width(lines: Sequence[Line]) -> float:
    """The length that all but the longest tenth of the lines stay within."""
    lengths = sorted(len(line.text) for line in lines if line.text)
    return float(lengths[int(0.9 * (len(lengths) - 1))]) if lengths else 0.0


def _mended(groups: Iterator[list[Line]]) -> Iterator[list[Line]]:
    """Put together a sentence that a blank line or a page break cuts in two.

    Notes that stand at the break come after it.
    """
    before: list[Line] | None = None
    notes: list[list[Line]] = []
    for group in groups:
        if before and group[0].kind is Kind.NOTE:
            notes.append(group)
            continue
        if before and _is_cut(before, group):
            before.extend(group)
            continue
        yield from (*([before] if before else []), *notes)
        before, notes = group, []
    yield from (*([before] if before else []), *notes)


def _is_cut(before: list[Line], group: list[Line]) -> bool:
    if {line.kind for line in (*before, *group)} != {Kind.TEXT}:
        return False
    if sum(len(line.text) for line in before) < _SHORTEST_CUT or _ENDED.search(before[-1].text):
        return False
    return group[0].text[0].islower() and not LIST_MARK.match(group[0].text)


def _joined(text: str, following: str, words: set[str]) -> str:
    """Append a continued line; a hyphen at its end goes where it broke a word."""
    hyphen = _HYPHENATED.search(text, max(0, len(text) - _LONGEST_WORD))
    if not hyphen:
        return f"{text} {following}"
    rest = re.match(r"\w+", following)
    broken = rest is not None and breaks_word(hyphen.group(1), rest.group(), words)
    return (text[:-1] if broken else text) + following


def _vocabulary(lines: Sequence[Line]) -> set[str]:
    """Its words in lower case, and those with a hyphen inside."""
    found = (re.findall(r"\w+-\w+|\w+", line.text.lower()) for line in lines)
    return {part for line in found for word in line for part in (word, *word.split("-"))}


def _is_item(line: Line) -> bool:
    return line.kind is Kind.ITEM or bool(
        line.kind is Kind.TEXT
        and LIST_MARK.match(line.text)
        and not line.text[0].isalnum()
        and line.text[0] != "("
    )


def _append_places(places: list[Place], line: Line, start: int) -> None:
    """The words of a line, its text beginning at ``start``, that have a box."""
    if places and places[-1].span.end > start:
        # The hyphen that ended the line before is gone.
        places[-1] = replace(places[-1], span=Span(places[-1].span.start, start))
    for word, box in zip(re.finditer(r"\S+", line.text), line.boxes, strict=False):
        if any(box):
            span = Span(start + word.start(), start + word.end())
            places.append(Place(line.page, span, box))


def _pages(
    text: str, starts: dict[int, int], labels: Sequence[str | None], places: Sequence[Place]
) -> tuple[Page, ...]:
    pages = []
    position = 0
    words: dict[int, list[Place]] = {}
    for place in places:
        words.setdefault(place.page, []).append(place)
    for number, label in enumerate(labels, start=1):
        start = max(position, starts.get(number, position))
        later = (starts[n] for n in range(number + 1, len(labels) + 1) if n in starts)
        end = max(start, next(later, len(text)))
        pages.append(Page(number, label, Span(start, end), packed(words.get(number, ()))))
        position = end
    return tuple(pages)
