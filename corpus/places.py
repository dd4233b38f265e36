"""Where on the page the words of a text stand, and from a span the boxes to highlight.

Boxes are in ten-thousandths of the width and height of the page as a viewer shows it, from its
top left corner, so that they fit a picture of the page of any size.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from corpus.model import Document, Location, Page, Span

SCALE = 10_000
Shares = tuple[int, int, int, int]

_WORD = np.dtype(
    [("start", "<u4"), ("end", "<u4")] + [(n, "<u2") for n in ("left", "top", "right", "bottom")]
)
# A page's notes may stand in the text after a sentence that ends pages later.
_PAGES_BACK = 3
# Words nearer than this share of their height make one box.
_NEAR = 3.0


@dataclass(frozen=True, slots=True)
class Place:
    """A word of the canonical text and its box: left, top, right, bottom."""

    page: int
    span: Span
    box: Shares


def packed(places: Iterable[Place]) -> bytes:
    """The places of one page's words, compressed."""
    rows = [(p.span.start, p.span.end, *p.box) for p in places]
    return zlib.compress(np.array(rows, dtype=_WORD).tobytes(), 6) if rows else b""


def unpacked(page: Page, span: Span) -> Iterator[Place]:
    """The places of a page's words that the span touches."""
    if page.words:
        words = _words(page.words)
        touched = words[(words["start"] < span.end) & (words["end"] > span.start)]
        for start, end, left, top, right, bottom in touched.tolist():
            yield Place(page.number, Span(start, end), (left, top, right, bottom))


@lru_cache(maxsize=256)
def _words(data: bytes) -> np.ndarray[Any, Any]:
    return np.frombuffer(zlib.decompress(data), dtype=_WORD)


def locations(document: Document, span: Span) -> tuple[Location, ...]:
    """One location a page that the span stands on, in the order of pages."""
    # What a layout moved, such as notes, may stand on any page.
    return _found(document, _near(document, span), span) or _found(
        document, [page for page in document.pages if page.words], span
    )


def _found(document: Document, pages: Iterable[Page], span: Span) -> tuple[Location, ...]:
    found = []
    for page in pages:
        shares = [share_of(place, span, document.text) for place in unpacked(page, span)]
        boxes = _lines([box for box in shares if box])
        if boxes or (not page.words and page.span.overlap(span)):
            found.append(Location(page.number, page.printed, boxes, page.recognised))
    return tuple(found)


def _near(document: Document, span: Span) -> Sequence[Page]:
    touched = [n for n, page in enumerate(document.pages) if page.span.overlap(span)]
    if not touched:
        return ()
    return document.pages[max(0, touched[0] - _PAGES_BACK) : touched[-1] + 1]


def share_of(place: Place, span: Span, text: str) -> Shares | None:
    """The box of the word, or of the share of its letters that the span covers."""
    covered = place.span.overlap(span)
    if not covered:
        return None
    left, top, right, bottom = place.box
    if covered == len(place.span):
        return place.box
    letter = (right - left) / len(place.span)
    before = max(0, span.start - place.span.start)
    if _is_leftwards(place.span.of(text)):
        before = len(place.span) - before - covered
    start = left + before * letter
    return round(start), top, round(start + covered * letter), bottom


def _is_leftwards(word: str) -> bool:
    return any("\u0590" <= character <= "\u08ff" for character in word)


def _lines(words: Sequence[Shares]) -> tuple[tuple[float, float, float, float], ...]:
    """Boxes of words beside each other put together."""
    made: list[Shares] = []
    for word in words:
        if made and _beside(made[-1], word):
            a = made[-1]
            made[-1] = (
                min(a[0], word[0]),
                min(a[1], word[1]),
                max(a[2], word[2]),
                max(a[3], word[3]),
            )
        else:
            made.append(word)
    return tuple((b[0] / SCALE, b[1] / SCALE, b[2] / SCALE, b[3] / SCALE) for b in made)


def _beside(line: Shares, word: Shares) -> bool:
    height = max(word[3] - word[1], 1)
    shared = min(line[3], word[3]) - max(line[1], word[1])
    apart = max(word[0] - line[2], line[0] - word[2])
    return shared > height / 2 and apart < _NEAR * height
