"""Judged sentences told to a reader: attributed by code, numbered, and each only once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Span
from rag.judge import Fate, Judged, Place
from rag.model import AnswerSentence, Citation, Verdict
from rag.select import Candidate
from rag.write import cite, one_line

# Words that open a sentence with a capital and go on with a small letter after "According to …,".
_OPENERS = frozenset(
    "the a an this that these those it its they their there in on at by for from with through as "
    "since during after before over under between among to of and or but also more most many some "
    "several all both each every no not one two three four five six seven eight nine ten "
    "le la les un une des el los las una в на и".split()
)
_WORD = re.compile(r"\w+")


class Teller:
    """Numbers citations in the order of the answer; each passage keeps one number.

    ``ranked`` gives the score of a sentence where the ranker saw it.
    """

    def __init__(self, ranked: Sequence[Candidate]) -> None:
        self._scores = {(c.document.submission.id, c.span): c.score for c in ranked}
        self._citations: dict[tuple[str, Span], Citation] = {}
        self._told: set[str] = set()
        self._before = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._citations.values())

    def tell(self, judged: Judged) -> AnswerSentence | None:
        """The sentence for a reader; None when it is rejected or was told already."""
        if judged.fate is Fate.REJECTED:
            return None
        if judged.fate is Fate.QUOTED:
            return self._quote(judged.places)
        if self._repeats(judged.text):
            return None
        return self._attributed(judged.text, judged.places, Verdict.SUPPORTED)

    def _quote(self, places: Sequence[Place]) -> AnswerSentence | None:
        new = [place for place in places if not self._repeats(place.quote)]
        if not new:
            return None
        # One at a time: the others come with the sentences that name them.
        return self._attributed(f"“{one_line(new[0].quote)}”", new[:1], Verdict.QUOTED)

    def _attributed(self, text: str, places: Sequence[Place], verdict: Verdict) -> AnswerSentence:
        who = _listed(list(dict.fromkeys(place.entity for place in places)))
        said = text if verdict is Verdict.QUOTED else _continued(text, places)
        if who != self._before:
            lead = f"According to {who},"
        elif verdict is Verdict.QUOTED:
            lead = f"{who} also states:"
        else:
            lead = f"Also according to {who},"
        self._before = who
        numbers = tuple(dict.fromkeys(self._number(place) for place in places))
        return AnswerSentence(f"{lead} {said}", numbers, verdict)

    def _number(self, place: Place) -> int:
        key = (place.document.submission.id, place.span)
        if key not in self._citations:
            score = self._scores.get(key, place.score)
            number = len(self._citations) + 1
            self._citations[key] = cite(place.document, place.span, score, number)
        return self._citations[key].number

    def _repeats(self, text: str) -> bool:
        words = " ".join(_WORD.findall(text.lower()))
        known = words in self._told
        self._told.add(words)
        return known


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _continued(text: str, places: Sequence[Place]) -> str:
    """The sentence as it goes on after a comma: names keep their capital, other words do not."""
    first = re.match(r"[^\W\d_]+", text)
    if not first or first.group()[1:] != first.group()[1:].lower():
        return text
    small = first.group().lower()
    elsewhere = any(re.search(rf"\b{re.escape(small)}\b", place.quote) for place in places)
    return small + text[first.end() :] if small in _OPENERS or elsewhere else text
