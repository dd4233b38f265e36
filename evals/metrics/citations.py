"""How citations lie on the gold passages, and whether they are what they claim to be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.model import Span
from evals.model import Gold, Outcome
from rag.model import Citation

# What decides whether a citation supports an answer; named in every run.
CHECKER = "span overlap > 1/2"
_MARKER = re.compile(r"\[(\d+)\]")
_WORD = re.compile(r"\w+")


def span_coverage(gold: Sequence[Gold], citations: Sequence[Citation]) -> float:
    """Characters of gold that citations cover over characters of gold, 0 to 1."""
    covered = sum(_covered(one, citations) for one in gold)
    return covered / sum(len(one.span) for one in gold)


def precision(gold: Sequence[Gold], citations: Sequence[Citation]) -> float:
    """Share of citations of which more than half lies on gold (CHECKER); 0 without citations."""
    supported = sum(_mostly_on(citation, gold) for citation in citations)
    return supported / len(citations) if citations else 0.0


def found_gold(gold: Sequence[Gold], citation: Citation) -> list[str]:
    """Which gold passages, by place in ``gold``, a citation covers by more than half."""
    return [str(n) for n, one in enumerate(gold) if 2 * _covered(one, [citation]) > len(one.span)]


def document_hit(gold: Sequence[Gold], citations: Sequence[Citation]) -> float:
    """1 when any citation is from a document that answers, else 0."""
    answering = {one.document for one in gold}
    return float(any(citation.submission_id in answering for citation in citations))


def section_hit(gold: Sequence[Gold], citations: Sequence[Citation]) -> float:
    """1 when any citation stands in the section of a gold passage, else 0."""
    places = {(one.document, one.section) for one in gold}
    return float(any((c.submission_id, tuple(c.section)) in places for c in citations))


def wrong_document(gold: Sequence[Gold], citations: Sequence[Citation]) -> float:
    """1 when any citation is from a document that does not answer, else 0."""
    answering = {one.document for one in gold}
    return float(any(citation.submission_id not in answering for citation in citations))


def required_recall(required: Sequence[str], shown: str) -> float:
    """Share of required strings that ``shown`` has, case and blanks aside; "a|b" takes either."""
    text = _folded(shown)
    met = sum(any(_folded(one) in text for one in each.split("|")) for each in required)
    return met / len(required)


def quoted_words(citations: Sequence[Citation]) -> int:
    """How many words a reader has to read in the quotes."""
    return sum(len(_WORD.findall(citation.quote)) for citation in citations)


def broken(citations: Sequence[Citation], texts: Mapping[str, str]) -> int:
    """Citations whose quote is not the text of their span; ``texts`` is by document id."""
    return sum(texts[c.submission_id][c.start : c.end] != c.quote for c in citations)


def dangling(outcome: Outcome) -> int:
    """Citation numbers, in sentences or as markers of the answer's text, that name nothing.

    A "[3]" inside a sentence is the source's own and no marker.
    """
    known = {citation.number for citation in outcome.citations}
    named = [number for sentence in outcome.sentences for number in sentence.citations]
    text = outcome.answer if outcome.sentences else ""
    for sentence in outcome.sentences:
        text = text.replace(sentence.text, " ", 1)
    named += [int(number) for number in _MARKER.findall(text)]
    return sum(number not in known for number in named)


def _covered(gold: Gold, citations: Sequence[Citation]) -> int:
    spans = [Span(c.start, c.end) for c in citations if c.submission_id == gold.document]
    return _length_on(gold.span, spans)


def _mostly_on(citation: Citation, gold: Sequence[Gold]) -> bool:
    own = Span(citation.start, citation.end)
    spans = [one.span for one in gold if one.document == citation.submission_id]
    return 2 * _length_on(own, spans) > len(own)


def _length_on(whole: Span, parts: Sequence[Span]) -> int:
    """Characters of ``whole`` that any of ``parts`` covers, each counted once."""
    covered, reached = 0, whole.start
    for part in sorted(parts):
        start, end = max(part.start, reached), min(part.end, whole.end)
        covered += max(0, end - start)
        reached = max(reached, end)
    return covered


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
