"""Headings and the tree they make, from what the file marks and from how lines are worded.

The CSTD template is met with gaps: a "Part two" without a "Part one", a "(b)" without an
"(a)", numbered heads on plain lines, and run-in heads ("Technology – a key feature …").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.model import Part, Section, Span
from corpus.sentences import sentence_spans
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
_UNNUMBERED = re.compile(
    r"(?:executive\s+summary|summary|introduction|background|conclusions?|recommendations|"
    r"annex(?:es)?|references|foreword|acknowledge?ments|résumé(?:\s+exécutif)?|resumen"
    r"(?:\s+ejecutivo)?|резюме|введение|заключение|概要|摘要|引言|结论|ملخص تنفيذي|مقدمة|خاتمة)",
    re.IGNORECASE,
)
# A short opening phrase, then a dash between blanks or a colon: "Data protection – …".
_RUN_IN = re.compile(r"(?P<head>[^\W\d_][^.!?:;–—\n]{1,48}?)\s*(?:\s[-–—]|:)\s+(?=\S)")
_RUN_IN_WORDS = 6
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
    run_ins = _run_in_heads(document)
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        heading = _heading(document.text, block, following)
        if heading:
            yield heading
        elif block in run_ins:
            yield _Heading(run_ins[block], "run-in", 1, 0)


def _heading(text: str, block: Block, following: Block | None) -> _Heading | None:
    if block.kind is Kind.HEADING:
        return _Heading(block.span, f"marked {block.level}", 1, block.level)
    line = block.span.of(text)
    if block.kind is not Kind.TEXT or len(line) > _LONGEST_HEADING or following is None:
        return None
    if part := _PART.match(line):
        return _Heading(block.span, "part", _ordinal(part["ordinal"]), 1)
    if _is_sentence(line):
        return None
    if _UNNUMBERED.fullmatch(line):
        return _Heading(block.span, "unnumbered", 1, 1)
    numbered = _NUMBERED.match(line)
    if numbered and not _is_list_of_items(text, line, following):
        style = numbered.lastgroup or ""
        return _Heading(block.span, _style(style, numbered[style]), _ordinal(numbered[style]), 0)
    if line.isupper() and len(line.split()) > 1:
        return _Heading(block.span, "capitals", 1, 0)
    return None


def _is_sentence(line: str) -> bool:
    return bool(re.search(r"[.;,:。؛،]$", line)) or len(sentence_spans(line)) > 1


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
