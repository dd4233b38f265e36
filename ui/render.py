"""From nouns to what is shown: escaped labels, highlighted passages, notes. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import shorten

from rag.model import AnswerSentence, Citation, Verdict
from ui.labels import (
    kind_label,
    language_label,
    page_label,
    section_label,
    session_label,
    translation_label,
)
from ui.nouns import Excerpt, Listing

CONTEXT = 500
# A cut word is dropped up to the next blank, unless that is farther: Chinese has no blanks.
LONGEST_WORD = 40
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")
SNIPPET = 60
JOINER = "\N{WORD JOINER}"
PARAPHRASE = "paraphrase"
# Controls, and the marks that could turn the order of a whole label round.
UNSHOWN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")


class Kind(StrEnum):
    TEXT = "text"
    STRONG = "strong"
    MARK = "mark"
    CITE = "cite"
    CUT = "cut"
    ISOLATED = "isolated"
    TAG = "tag"


class Style(StrEnum):
    BODY = "body"
    NOTE = "note"
    ROW = "row"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one look; the text of a CITE is the citation's number."""

    text: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Block:
    runs: tuple[Run, ...]
    style: Style = Style.BODY


def plain(text: str) -> Block:
    """A paragraph of one run."""
    return Block((Run(text),))


def escape_markdown(text: str) -> str:
    """``text`` on one line such that Streamlit's Markdown shows it, and only shows it.

    Backslashes disarm the syntax. Addresses, ``:name:`` and typographic arrows are replaced
    after parsing, where backslashes are gone: an invisible word joiner breaks those.
    """
    line = " ".join(UNSHOWN.sub("", text).split())
    line = re.sub(r"(?i)https?(?=://)|www(?=\.)|@|:(?=[\w+-])", rf"\g<0>{JOINER}", line)
    line = re.sub(r"(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)", _broken, line)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)


def _broken(match: re.Match[str]) -> str:
    return JOINER.join(match[0])


def answer_blocks(sentences: Sequence[AnswerSentence]) -> list[Block]:
    """A paragraph a sentence, its citation markers behind it; a paraphrase is named one."""
    return [
        Block(
            (
                *_text(item.text),
                *(Run(str(number), Kind.CITE) for number in item.citations),
                *((Run(PARAPHRASE, Kind.TAG),) if item.verdict is Verdict.SUPPORTED else ()),
            )
        )
        for item in sentences
    ]


def _text(text: str) -> list[Run]:
    """One run; more if right to left words stand in quotes, lest these join what is before."""
    if not RIGHT_TO_LEFT.search(text):
        return [Run(text)]
    pieces = re.split(r"(?<=[“«\"])([^“”«»\"]+)(?=[”»\"])", text)
    kinds = (Kind.TEXT, Kind.ISOLATED)
    return [Run(piece, kinds[place % 2]) for place, piece in enumerate(pieces) if piece]


def passage_bounds(citation: Citation) -> tuple[int, int]:
    """The stretch of the submission to fetch: the quote and what surrounds it."""
    return max(0, citation.start - CONTEXT), citation.end + CONTEXT


def passage(citation: Citation, excerpt: Excerpt) -> Block | None:
    """The quote, marked, in its surroundings; None if the excerpt does not hold it there."""
    start, end = citation.start - excerpt.start, citation.end - excerpt.start
    if start < 0 or not citation.quote or excerpt.text[start:end] != citation.quote:
        return None
    before, after = excerpt.text[:start], excerpt.text[end:]
    runs: list[Run] = []
    if excerpt.start > 0:
        runs.append(Run("… ", Kind.CUT))
        before = _without_first_word(before)
    runs += [Run(before.lstrip()), Run(citation.quote, Kind.MARK)]
    if excerpt.end < excerpt.length:
        runs += [Run(_without_last_word(after).rstrip()), Run(" …", Kind.CUT)]
    else:
        runs.append(Run(after.rstrip()))
    return Block(tuple(run for run in runs if run.text), Style.PASSAGE)


def quote_alone(citation: Citation) -> Block:
    """The quote where its surroundings cannot be had."""
    return Block((Run(citation.quote, Kind.MARK),), Style.PASSAGE)


def _without_first_word(text: str) -> str:
    blank = re.search(r"\s", text[:LONGEST_WORD])
    return text[blank.end() :] if blank else text


def _without_last_word(text: str) -> str:
    blank = re.search(r"\s\S*$", text[-LONGEST_WORD:])
    return text[: len(text) - len(blank[0])] if blank else text


def source_label(citation: Citation, *, numbered: bool) -> str:
    """Markdown for the heading that opens a source; one without a number shows how it begins."""
    number = rf"**\[{citation.number}\]** " if numbered else ""
    start = shorten(citation.quote, SNIPPET, placeholder=" …")
    parts = [
        citation.entity,
        *(citation.section[-1:] if numbered else [start]),
        page_label(citation),
    ]
    return number + " · ".join(_isolated(escape_markdown(part)) for part in parts if part)


def source_notes(citation: Citation) -> list[Block]:
    """Who says it, in which submission, in which section, on which page."""
    lines = {
        "Submitter": citation.entity,
        "Submission": " · ".join(
            part
            for part in (citation.title, session_label(citation.session, citation.year))
            if part
        ),
        "Section": section_label(citation),
        "Page": page_label(citation).removeprefix("page "),
    }
    return [
        Block((Run(f"{name}: ", Kind.STRONG), Run(value)), Style.NOTE)
        for name, value in lines.items()
        if value
    ]


def translation_note(citation: Citation) -> list[Block]:
    """The quote in the reader's language, under the quote, marked as a model's; empty if none."""
    if citation.translation is None:
        return []
    label = f"{translation_label(citation.translation)}: "
    return [Block((Run(label, Kind.STRONG), Run(citation.translation.text)), Style.NOTE)]


def listing_row(listing: Listing) -> Block:
    """A submission in a list: who, to which session, on which year."""
    kind = kind_label(listing.entity_type) if listing.entity_type else ""
    rest = [session_label(listing.session, listing.year), kind, language_label(listing.language)]
    tail = "".join(f" · {part}" for part in rest if part)
    return Block((Run(listing.entity, Kind.STRONG), Run(tail)), Style.ROW)


def _isolated(text: str) -> str:
    """Right-to-left text between isolates, so that it does not reorder its neighbours."""
    if not RIGHT_TO_LEFT.search(text):
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
