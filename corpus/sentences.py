"""Sentence boundaries as spans, for the six UN languages.

Canonical text has one block (heading, paragraph, list item, table row) a line, so a newline
always ends a sentence. Within a line, a boundary is terminal punctuation that is not part of
an abbreviation, a number, an initial or an enumeration mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Chunk, Document, Span

# Capitals are left out: "A. Smith" opens with an initial.
LIST_MARK = re.compile(r"[ \t]*(?:[-–—•▪●◦‣·*]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])[ \t]+")

# A line of a cover that its next line completes: "Submission by".
_GOES_ON = re.compile(r"\b(?:by|from|of|on behalf of|par|por|de|del|от)$", re.IGNORECASE)
_SHORT_LINE = 60
_AFTER_HEADING = re.compile(r"[\s:.\-–—]*")
# French sets a blank before the closing quotation mark.
_TERMINAL = re.compile(r"[.!?؟۔…]+(?:[\"'”’)\]]|\s?»)*(?=\s)|[。！？｡]+[”’」』）]*")
# A full stop after these never ends a sentence.
_ABBREVIATIONS = frozenset(
    "al mr mrs ms dr prof st ed eds e.g i.e cf vs viz approx dept est inc ltd co corp jr sr gen "
    "gov hon sen rep u.s u.k u.n a.m p.m mm mme mlle sra sres dra г гг т.е т.д т.п см".split()
)
# After these it does, unless a number follows: "No. 5", but "She said no."
_BEFORE_NUMBERS = frozenset(
    "no nos vol vols art arts para paras p pp fig figs rev add corr res dec doc "
    "jan feb mar apr jun jul aug sep sept oct nov núm pág págs párr ст п пп рис".split()
)


def sentence_spans(text: str, within: Span | None = None) -> list[Span]:
    """Spans of the sentences of ``text`` (or of a part of it), in order, blanks trimmed.

    Every non-blank character of the range is in exactly one of them.
    """
    whole = Span(0, len(text)) if within is None else within  # an empty span is falsy
    return [
        trimmed
        for line in _lines(text, whole)
        for sentence in _split_line(text, line)
        if len(trimmed := trim(text, sentence))
    ]


def quotable_sentences(document: Document, chunk: Chunk) -> list[Span]:
    """The sentences of a chunk that can be quoted: headings, bullets and numbers left out."""
    heading = document.sections[chunk.section].heading
    start = chunk.span.start
    if heading and start < heading.end:
        after = _AFTER_HEADING.match(document.text, heading.end)
        start = min(after.end() if after else heading.end, chunk.span.end)
    spans = [
        _without_mark(document.text, sentence)
        for sentence in sentence_spans(document.text, Span(start, chunk.span.end))
    ]
    told = [span for span in spans if any(c.isalnum() for c in span.of(document.text))]
    return list(_continued(document.text, told))


def _continued(text: str, spans: list[Span]) -> Iterator[Span]:
    """The spans, a line that goes on in the next ("Submission by") together with that."""
    start: int | None = None
    for number, span in enumerate(spans):
        first = span.start if start is None else start
        goes_on = len(span) <= _SHORT_LINE and _GOES_ON.search(span.of(text))
        if goes_on and number + 1 < len(spans):
            start = first
        else:
            start = None
            yield Span(first, span.end)


def _without_mark(text: str, sentence: Span) -> Span:
    opens_line = sentence.start == 0 or text[sentence.start - 1] == "\n"
    mark = LIST_MARK.match(text, sentence.start, sentence.end) if opens_line else None
    return Span(mark.end(), sentence.end) if mark and mark.end() < sentence.end else sentence


def trim(text: str, span: Span) -> Span:
    """The span without the blanks at its ends."""
    inner = span.of(text)
    start = span.start + len(inner) - len(inner.lstrip())
    return Span(start, max(start, span.end - (len(inner) - len(inner.rstrip()))))


def _lines(text: str, within: Span) -> Iterator[Span]:
    start = within.start
    while start < within.end:
        newline = text.find("\n", start, within.end)
        end = within.end if newline < 0 else newline + 1
        yield Span(start, end)
        start = end


def _split_line(text: str, line: Span) -> Iterator[Span]:
    start = line.start
    mark = LIST_MARK.match(text, line.start, line.end)
    search_from = mark.end() if mark else line.start
    for match in _TERMINAL.finditer(text, search_from, line.end):
        if _ends_sentence(text, start, match, line.end):
            yield Span(start, match.end())
            start = match.end()
    yield Span(start, line.end)


def _ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    mark = match.group()
    if mark[0] in "。！？｡":
        return True
    following = text[match.end() : end].lstrip()
    if not following:
        return True
    opener = following.lstrip("\"'“‘«([¿¡")[:1]
    if opener.islower():
        return False
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    word = re.split(r"[\s(\[“\"'«]", text[start : match.start()])[-1].lower()
    if word in _ABBREVIATIONS or (word in _BEFORE_NUMBERS and opener.isdigit()):
        return False
    is_initial = len(word) == 1 and word.isalpha() and text[match.start() - 1].isupper()
    return not is_initial
