"""Headings and the tree they make, from what the file marks and from how lines are worded.

The CSTD template is met with gaps: a "Part two" without a "Part one", a "(b)" without an
"(a)", numbered heads on plain lines, and run-in heads ("Technology – a key feature …").
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.model import Part, Section, Span
from corpus.sentences import LIST_MARK, sentence_spans
from ingest.canonical import Block, Canonical, Kind

COVER = "Cover"

_LONGEST_HEADING = 120
_ORDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PART = re.compile(
    rf"(?:part|partie|parte|часть|section)\s+(?P<ordinal>\d+|[ivx]+|{'|'.join(_ORDINALS)})\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?P<decimal>\d+(?:\.\d+)+)\.?\s+\S|(?P<number>\d{1,2})[.)]\s+\S"
    r"|\((?P<letter>[a-z])\)\s+\S|(?P<roman>[IVX]{1,5})\.\s+\S|(?P<capital>[A-Z])\.\s+\S"
)
# The title of a resolution opens with its number: "2023/3. Assessment of the progress …".
_RESOLUTION = re.compile(r"\d{2,4}/\d{1,4}\.\s+\S")
_LONGEST_TITLE = 300
_UNNUMBERED = re.compile(
    r"(?:executive\s+summary|summary|introduction|background|conclusions?|recommendations|"
    r"annex(?:es)?|references|foreword|acknowledge?ments|résumé(?:\s+exécutif)?|resumen"
    r"(?:\s+ejecutivo)?|резюме|введение|заключение|概要|摘要|引言|结论|ملخص تنفيذي|مقدمة|خاتمة)",
    re.IGNORECASE,
)
# A short opening phrase, then a dash between blanks or a colon: "Data protection – …".
_RUN_IN = re.compile(r"(?P<head>[^\W\d_][^.!?:;–—\n]{1,48}?)\s*(?:\s[-–—]|:)\s+(?=\S)")
_RUN_IN_WORDS = 6
_LONGEST_LEAD = 80
_CAPITAL_SHARE = 0.9
_NO_LEAD = re.compile(rf"(?:note|figure|fig|table|source)\b|{LIST_MARK.pattern}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2}")
# A line that may be a head for standing alone: from a capital (or a script without), no marks.
_ALONE = re.compile(r"[^\W\d_a-zа-яà-ÿ][^|@/{}\[\]<>=]*")
_LEAST_ALONE, _MOST_WORDS, _MOST_ALONE, _LONG_BLOCK = 3, 18, 3, 45
_SIGNS = re.compile(r"[\u3400-\u9fff]")
_BARE_NUMBER = re.compile(r"[IVX]{1,5}\.?|[A-Z]\.?")
_CLAUSE_END = re.compile(r"[.;:,!?。；：，、！？؛،؟][\"'”’»)\]]*$")
_NUMBERED_ALONE = "numbered alone"
_LONGEST_COVER = 4_000
# Phrases of the cover block that every submission of a session opens with.
_COVER_MARKS = (
    re.compile(r"commission on science and technology for development", re.IGNORECASE),
    re.compile(r"submissions? from entities in the united nations system", re.IGNORECASE),
    re.compile(r"^submission by\b", re.IGNORECASE | re.MULTILINE),
    re.compile(r"resolution 2006/46", re.IGNORECASE),
    re.compile(r"^disclaimer:", re.IGNORECASE | re.MULTILINE),
)
_PARTS = (
    (re.compile(r"executive summary", re.IGNORECASE), Part.EXECUTIVE_SUMMARY),
    (re.compile(r"trends and experiences", re.IGNORECASE), Part.TRENDS_AND_EXPERIENCES),
    (re.compile(r"innovative policies", re.IGNORECASE), Part.INNOVATIVE_POLICIES),
    (re.compile(r"future actions", re.IGNORECASE), Part.FUTURE_ACTIONS),
)


@dataclass(frozen=True, slots=True)
class _Heading:
    """``style`` tells kinds of numbering apart; ``ordinal`` is its place in the numbering."""

    span: Span
    style: str
    ordinal: int
    level: int


def sections(document: Canonical, title: str) -> tuple[Section, ...]:
    """The sections of a document, in order; they cover all of its text but blanks.

    What stands before the first heading is the cover, when it reads like one, or else goes
    under ``title``.
    """
    headings = sorted(_headings(document), key=lambda heading: heading.span)
    cover = _cover(document.text, headings)
    headings = [heading for heading in headings if heading.span.start >= cover.end]
    made: list[Section] = []
    if len(cover):
        made.append(Section(0, (COVER,), cover, boilerplate=True))
    opening = Span(cover.end, headings[0].span.start if headings else len(document.text))
    if opening.of(document.text).strip():
        made.append(Section(len(made), (title,), opening))
    for heading, path, following in zip(
        headings, _paths(headings, document.text), [*headings[1:], None], strict=False
    ):
        end = following.span.start if following else len(document.text)
        span = Span(heading.span.start, end)
        made.append(Section(len(made), path, span, heading.span, _part(path)))
    return tuple(made)


def _headings(document: Canonical) -> Iterator[_Heading]:
    blocks = document.blocks
    run_ins = _run_in_heads(document) | _leads(document)
    alone = dict(_lone_lines(document))
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        heading = _heading(document.text, block, following)
        if alone.get(block) == _NUMBERED_ALONE:
            yield _Heading(block.span, _NUMBERED_ALONE, 1, 0)
        elif heading:
            yield heading
        elif block in run_ins:
            yield _Heading(run_ins[block], "run-in", 1, 0)
        elif block in alone:
            yield _Heading(block.span, alone[block], 1, 0)


def _lone_lines(document: Canonical) -> Iterator[tuple[Block, str]]:
    """Short lines without a full stop, between long blocks, at most three together.

    A line under a bare number ("II") has a style of its own.
    """
    text = document.text
    before: Block | None = None
    for short, group in itertools.groupby(document.blocks, lambda b: _is_short(text, b)):
        run = list(group)
        if short and before and len(run) <= _MOST_ALONE and _ends_long(text, before):
            following = next((b for b in document.blocks if b.span > run[-1].span), None)
            if following and _length(text, following) >= _LONG_BLOCK:
                yield from _styled(text, run)
        before = run[-1]


def _styled(text: str, run: Sequence[Block]) -> Iterator[tuple[Block, str]]:
    under_number = False
    for block in run:
        is_number = bool(_BARE_NUMBER.fullmatch(block.span.of(text)))
        if not is_number:
            yield block, _NUMBERED_ALONE if under_number else "alone"
        under_number = is_number


def _is_short(text: str, block: Block) -> bool:
    line = block.span.of(text)
    if block.kind is not Kind.TEXT or len(line) > _LONGEST_HEADING:
        return False
    if _BARE_NUMBER.fullmatch(line):
        return True
    fits = len(line) >= _LEAST_ALONE and len(line.split()) <= _MOST_WORDS
    return fits and bool(_ALONE.fullmatch(line)) and not _is_sentence(line)


def _length(text: str, block: Block) -> int:
    """In letters of an alphabet; a Chinese sign says as much as three."""
    return len(block.span) + 2 * len(_SIGNS.findall(block.span.of(text)))


def _ends_long(text: str, block: Block) -> bool:
    """Whether a block of some length ends there, with a mark that ends a clause at least."""
    return _length(text, block) >= _LONG_BLOCK and bool(_CLAUSE_END.search(block.span.of(text)))


def _leads(document: Canonical) -> dict[Block, Span]:
    """Opening words that the file sets off; a single one of a file is emphasis."""
    found: dict[Block, Span] = {}
    for block in document.blocks:
        words = document.text[block.span.start : block.span.start + block.lead]
        head = words.rstrip(" .:–—-")
        if block.lead and block.kind is Kind.TEXT and len(head) <= _LONGEST_LEAD:
            is_set_off = head != words or document.text[block.span.start + block.lead :][:1] in ":–"
            if is_set_off and head and not _NO_LEAD.match(words):
                found[block] = Span(block.span.start, block.span.start + len(head))
    return found if len(found) > 1 else {}


def _heading(text: str, block: Block, following: Block | None) -> _Heading | None:
    if block.kind is Kind.HEADING:
        return _Heading(block.span, f"marked {block.level}", 1, block.level)
    line = block.span.of(text)
    if block.kind is not Kind.TEXT or following is None:
        return None
    if _RESOLUTION.match(line) and len(line) <= _LONGEST_TITLE and not _is_sentence_end(line):
        return _Heading(block.span, "resolution", 1, 1)
    if len(line) > _LONGEST_HEADING:
        return None
    if part := _PART.match(line):
        return _Heading(block.span, "part", _ordinal(part["ordinal"]), 1)
    if _is_sentence(line) or not _WORD.search(line):
        return None
    if _UNNUMBERED.fullmatch(line):
        return _Heading(block.span, "unnumbered", 1, 1)
    numbered = _NUMBERED.match(line)
    if numbered and not _is_list_of_items(text, line, following):
        style = numbered.lastgroup or ""
        return _Heading(block.span, _style(style, numbered[style]), _ordinal(numbered[style]), 0)
    if _is_in_capitals(line):
        return _Heading(block.span, "capitals", 1, 0)
    return None


def _is_in_capitals(line: str) -> bool:
    """Words of capitals; not the symbol of a document, nor one capital among other signs."""
    capitals = sum(character.isupper() for character in line)
    letters = sum(character.isalpha() for character in line)
    several = len(line.split()) > 1 and not re.search(r"\d/|/\d", line)
    return line.isupper() and several and capitals > _CAPITAL_SHARE * letters


def _is_sentence(line: str) -> bool:
    return _is_sentence_end(line) or len(sentence_spans(line)) > 1


def _is_sentence_end(line: str) -> bool:
    return bool(re.search(r"[.;,:。؛،；：，、]$", line))


def _is_list_of_items(text: str, line: str, following: Block) -> bool:
    """A numbered line right before another of its kind is an item, not a heading."""
    after = following.span.of(text)
    own, next_one = _NUMBERED.match(line), _NUMBERED.match(after)
    return bool(own and next_one and own.lastgroup == next_one.lastgroup)


def _run_in_heads(document: Canonical) -> dict[Block, Span]:
    """Blocks that open with a run-in head; a lone one is just a dash in a sentence."""
    found: dict[Block, Span] = {}
    run: dict[Block, Span] = {}
    for block in document.blocks:
        head = _run_in_head(document.text, block)
        if head:
            run[block] = head
            continue
        found |= run if len(run) > 1 else {}
        run = {}
    return found | (run if len(run) > 1 else {})


def _run_in_head(text: str, block: Block) -> Span | None:
    if block.kind is not Kind.TEXT:
        return None
    match = _RUN_IN.match(text, block.span.start, block.span.end)
    if not match or len(match["head"].split()) > _RUN_IN_WORDS or not match["head"][0].isupper():
        return None
    is_paragraph = block.span.end - match.end() > _LONGEST_HEADING
    return Span(match.start("head"), match.end("head")) if is_paragraph else None


def _paths(headings: Sequence[_Heading], text: str) -> Iterator[tuple[str, ...]]:
    """The path of each heading, from the order in which styles of numbering first appear.

    A style met for the first time goes one deeper when its numbering starts, and beside the
    outermost numbered one when it does not: "(b)" whose "(a)" is missing is no child of "4.".
    """
    stack: list[_Heading] = []
    for heading in headings:
        del stack[_depth(heading, stack) :]
        stack.append(heading)
        yield tuple(each.span.of(text) for each in stack)


def _depth(heading: _Heading, stack: Sequence[_Heading]) -> int:
    """Under how many headings of the stack the heading stands."""
    styles = [each.style for each in stack]
    if not heading.level and heading.style in styles:
        return styles.index(heading.style)
    depth = len(stack)
    while depth and not _is_child(heading, stack[depth - 1]):
        depth -= 1
    return depth


def _is_child(heading: _Heading, above: _Heading) -> bool:
    if heading.level and above.level:
        return heading.level > above.level
    if heading.level:
        return False
    if heading.ordinal > 1 and above.level == 0:
        return False
    return above.style != "run-in"


def _style(group: str, number: str) -> str:
    return f"decimal {number.count('.')}" if group == "decimal" else group


def _ordinal(number: str) -> int:
    number = number.lower().rsplit(".", 1)[-1]
    if number.isdigit():
        return int(number)
    if number in _ORDINALS:
        return _ORDINALS.index(number) + 1
    if len(number) == 1 and number not in "ivx":
        return ord(number) - ord("a") + 1
    values = {"i": 1, "v": 5, "x": 10}
    digits = [values[letter] for letter in number]
    return sum(
        -value if any(later > value for later in digits[place + 1 : place + 2]) else value
        for place, value in enumerate(digits)
    )


def _cover(text: str, headings: Sequence[_Heading]) -> Span:
    """The cover block, whose lines in capitals are no headings; empty where there is none."""
    end = next((h.span.start for h in headings if h.style != "capitals"), len(text))
    marks = sum(bool(mark.search(text, 0, end)) for mark in _COVER_MARKS)
    return Span(0, end if marks > 1 and end <= _LONGEST_COVER else 0)


def _part(path: Sequence[str]) -> Part | None:
    """The part of the template; the innermost heading that names one decides."""
    for heading in reversed(path):
        for pattern, part in _PARTS:
            if pattern.search(heading):
                return part
    return None
