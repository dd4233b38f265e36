"""Where a quote stands in a passage, to the character."""

from __future__ import annotations

import unicodedata

from corpus.model import Span
from corpus.sentences import quotable_sentences
from corpus.store import Passage

# Marks that keyboards and models write one for the other.
_ALIKE = {
    **dict.fromkeys("“”„‟«»″＂", '"'),
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
}
_UNSEEN = frozenset(
    "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}"
)
_EDGES = " \"'.,;:…-"


def located(quote: str, text: str, within: Span) -> Span | None:
    """The span of ``text`` that ``quote`` copies; None where no such passage stands.

    Blanks, quotation marks and dashes may differ, and marks at the quote's ends; no letter and
    no digit may, and a quote never starts or ends inside a word or a number.
    """
    wanted, _ = _normal(quote)
    wanted = wanted.strip(_EDGES)
    normal, places = _normal(within.of(text))
    start = normal.find(wanted) if any(c.isalnum() for c in wanted) else -1
    while start >= 0:
        end = start + len(wanted)
        if not (_joined(normal, start) or _joined(normal, end)):
            return Span(within.start + places[start], within.start + places[end - 1] + 1)
        start = normal.find(wanted, start + 1)
    return None


def whole_sentences(passage: Passage, span: Span) -> Span | None:
    """From the first to the last quotable sentence that a span touches; None where it is none.

    A part of a sentence may say what the whole of it denies.
    """
    touched = [
        one for one in quotable_sentences(passage.document, passage.chunk) if one.overlap(span)
    ]
    return Span(touched[0].start, touched[-1].end) if touched else None


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in blanks, quotation marks and the marks at their ends only."""
    return _spoken(one) == _spoken(other)


def _spoken(text: str) -> str:
    return _normal(text)[0].replace('"', "").strip(_EDGES)


def _joined(text: str, place: int) -> bool:
    """Whether the characters before and at a place belong to one word or number."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if before.isdigit() and after in ".," and text[place + 1 : place + 2].isdigit():
        return True
    if before in ".," and after.isdigit() and text[max(0, place - 2) : place - 1].isdigit():
        return True
    # Chinese and Japanese set no blanks between words.
    return before.isalnum() and after.isalnum() and not (_wide(before) or _wide(after))


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _normal(text: str) -> tuple[str, list[int]]:
    """The text with one blank for many and one mark for its likes, and where each one stood."""
    out: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character in _UNSEEN:
            continue
        shown = " " if character.isspace() else _ALIKE.get(character, character)
        if shown == " " and (not out or out[-1] == " "):
            continue
        out.extend(shown)
        places.extend([place] * len(shown))
    return "".join(out), places
