"""Pages for a text that has none, from the same file laid out as a PDF.

The two texts are aligned by words. Four words in a row that stand once in each are an anchor; from
it the words are followed to both sides as long as they are the same. What is not reached has no
place: a page that is not known is better than a wrong one. Takes linear time but for the sorting
of anchors; a passage that the layout moves (a note at its page's foot) is found where it went.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.model import Page, Span
from corpus.places import Place, packed, share_of, unpacked
from ingest.canonical import Canonical

_ANCHOR = 4
# A word; of scripts without blanks between words, a letter.
_TOKEN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_]+(?:['’.,-][^\W_]+)*")
# As many words in a row without a place leave the page between two pages open.
_MOST_LOST = 12
# So many characters beside a word are its marks, and stand in its box.
_MARKS = 3


@dataclass(frozen=True, slots=True)
class _Token:
    key: str
    span: Span


def with_pages(text: Canonical, shown: Canonical) -> Canonical:
    """``text`` with the pages of ``shown``, and with boxes for the words found on them.

    ``shown`` is the text of the same file laid out; its pages have boxes of words.
    """
    own, other = _tokens(text.text), _tokens(shown.text)
    pairs = aligned([t.key for t in own], [t.key for t in other])
    places = _Places(shown)
    placed: list[Place] = []
    pages: list[tuple[int, int]] = []
    for i, j in pairs:
        here, there = own[i].span, other[j].span
        found = list(places.over(there))
        placed += [_moved(each, there, here, shown.text) for each in found]
        pages += [(i, each.page) for each in found[:1]]
    if len(shown.pages) == 1:
        spans = {shown.pages[0].number: Span(0, len(text.text))}
    else:
        spans = _spans(text.text, own, _in_order(pages))
    return replace(text, pages=tuple(_paged(shown.pages, spans, placed)))


def aligned(one: Sequence[str], two: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of places with the same word, in the order of ``one``; each place in one pair."""
    found = _anchored(one, two)
    taken = set(found.values())
    for step in (1, -1):
        for start in sorted(found, reverse=step < 0):
            i, j = start + step, found[start] + step
            while (
                (0 <= i < len(one) and 0 <= j < len(two) and one[i] == two[j])
                and i not in found
                and j not in taken
            ):
                found[i] = j
                taken.add(j)
                i, j = i + step, j + step
    return sorted(found.items())


def _anchored(one: Sequence[str], two: Sequence[str]) -> dict[int, int]:
    """Pairs within runs of words that stand once in each; none where two runs disagree."""
    left, right = _once(one), _once(two)
    pairs = {
        (at + n, right[gram] + n)
        for gram, at in left.items()
        if gram in right
        for n in range(_ANCHOR)
    }
    firsts, seconds = Counter(i for i, _ in pairs), Counter(j for _, j in pairs)
    return {i: j for i, j in pairs if firsts[i] == seconds[j] == 1}


def _once(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """The runs of words that stand once, and where."""
    grams = [tuple(words[at : at + _ANCHOR]) for at in range(len(words) - _ANCHOR + 1)]
    counts = Counter(grams)
    return {gram: at for at, gram in enumerate(grams) if counts[gram] == 1}


def _tokens(text: str) -> list[_Token]:
    return [_Token(m.group().casefold(), Span(*m.span())) for m in _TOKEN.finditer(text)]


def _moved(place: Place, there: Span, here: Span, text: str) -> Place:
    """The place, which has ``there`` of the text or a part of it, as one of ``here``."""
    start = max(0, place.span.start - there.start)
    end = max(0, there.end - place.span.end)
    span = Span(here.start + start, max(here.start + start, here.end - end))
    box = place.box
    if len(place.span) - place.span.overlap(there) > _MARKS:
        box = share_of(place, there, text) or box
    return Place(place.page, span, box)


class _Places:
    """The places of all words of a text that is laid out, by span."""

    def __init__(self, shown: Canonical) -> None:
        whole = Span(0, len(shown.text))
        self._all = sorted(
            (place for page in shown.pages for place in unpacked(page, whole)),
            key=lambda place: place.span,
        )
        self._starts = [place.span.start for place in self._all]

    def over(self, span: Span) -> Iterator[Place]:
        """Places of words that the span touches, their boxes whole."""
        at = max(0, bisect.bisect_right(self._starts, span.start) - 1)
        while at < len(self._all) and self._starts[at] < span.end:
            if self._all[at].span.overlap(span):
                yield self._all[at]
            at += 1


def _in_order(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of words whose pages never go back: without notes that come last."""
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, page) in enumerate(found):
        length = bisect.bisect_right(lowest, page)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [page]
        ends[length : length + 1] = [at]
    kept: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.append(found[at])
        at = before[at]
    return kept[::-1]


def _spans(text: str, words: Sequence[_Token], flow: Sequence[tuple[int, int]]) -> dict[int, Span]:
    """The span of each page that has words of the flow, from its first word to the next page's.

    Where many words in between have no place, it ends with its last that has.
    """
    runs: dict[int, tuple[int, int]] = {}
    for at, number in flow:
        runs[number] = (runs.get(number, (at, at))[0], at)
    starts = [*(first for first, _ in runs.values()), len(words)]
    spans: dict[int, Span] = {}
    for (number, (first, last)), after in zip(runs.items(), starts[1:], strict=True):
        start = 0 if not spans and first <= _MOST_LOST else words[first].span.start
        end = words[last].span.end
        if after - last <= _MOST_LOST + 1:
            end = words[after].span.start if after < len(words) else len(text)
        spans[number] = Span(start, end)
    return spans


def _paged(
    shown: Sequence[Page], spans: dict[int, Span], placed: Sequence[Place]
) -> Iterator[Page]:
    """The pages with their own words; one without words of the flow has an empty span."""
    by_page: dict[int, list[Place]] = {}
    for place in sorted(placed, key=lambda place: place.span):
        by_page.setdefault(place.page, []).append(place)
    position = 0
    for page in shown:
        span = spans.get(page.number, Span(position, position))
        position = span.end
        yield Page(page.number, page.printed, span, packed(by_page.get(page.number, ())))
