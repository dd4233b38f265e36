"""Which sentences of the retrieved passages answer: the extractive answerer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.model import Document, Part, Span
from corpus.sentences import quotable_sentences
from corpus.store import Corpus
from rag.cover import says_of_itself
from rag.expect import Expected, expected, states
from rag.interaction import interactions
from rag.listing import Listing, is_planned
from rag.retrieve import NAMED, Retrieved
from rag.submitters import topic_of

# How much a sentence's meaning, its words, its passage's rank and the kind of thing it states
# count; chosen on cases for tuning, see docs/decisions/0022-late-interaction.md.
_PASSAGE, _WORDS, _RANK, _KIND = 0.5, 0.4, 0.3, 0.05
# How much it counts that the sentence's words meet the question's, how much less it then counts
# that they are the same words, and how many sentences, the best, are looked at for it, since that
# takes some milliseconds each; see docs/decisions/0022-late-interaction.md.
_MET, _MET_ALREADY, _LOOKED_AT = 0.9, 0.3, 12
# Added for a sentence about future actions when the question asks for plans.
_PLANNED = 0.1
# Taken from a sentence of the cover block.
_BOILERPLATE = 0.3
# Added for one that says what is asked about the submission itself.
_OF_ITSELF = 0.5
# Words of the section's heading count half: they say what a bullet is about.
_HEADING_WEIGHT = 0.5
# Sentences that share this much of their words (Jaccard) say the same.
_SAME = 0.9
# Chinese sets no blanks: there each character counts.
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted, and how well it fits the question, higher is better.

    ``meaning`` is the sentence's similarity, 0 for another subject to 1, ``about`` its passage's,
    ``words`` the share of the question's content words that the sentence or its heading has,
    weighted by rarity, ``met`` how near its words come to each of the question's (0 for one that
    is not among the best without it); ``score`` mixes these with the passage's rank and with the
    kind of thing that is asked for.
    """

    document: Document
    span: Span
    retrieved: Retrieved
    meaning: float
    about: float
    words: float
    score: float
    met: float = 0.0

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)


class Selector:
    """Scores the sentences of passages for a question, by the vectors that the corpus keeps."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def candidates(self, question: str, found: Sequence[Retrieved]) -> list[Candidate]:
        """Every quotable sentence of the passages, best first."""
        topic = topic_of(question, [one.passage.document.submission for one in found])
        ranked = sorted(self._scored(question, topic, found), key=_order)
        best, others = ranked[:_LOOKED_AT], ranked[_LOOKED_AT:]
        return [*sorted(self._looked_at(topic, best), key=_order), *others]

    def listed(self, question: str, asked_for: Listing) -> list[Candidate]:
        """Every quotable sentence of the section that a list question asks for, in its order."""
        found = [Retrieved(passage, asked_for.fit) for passage in asked_for.passages]
        return self._scored(question, question, found)

    def _looked_at(self, question: str, best: Sequence[Candidate]) -> Iterator[Candidate]:
        """Candidates with how well each meets the single words of the question."""
        read = [(candidate.text, candidate.document.submission.language) for candidate in best]
        met = interactions(self._corpus, question, read)
        if met is None:
            yield from best
            return
        for candidate, own in zip(best, met, strict=True):
            # Words that are shared are words that are met.
            more = _MET * own - _MET_ALREADY * min(own, candidate.words)
            yield replace(candidate, met=own, score=round(candidate.score + more, 5))

    def _scored(self, question: str, topic: str, found: Sequence[Retrieved]) -> list[Candidate]:
        """``topic`` is what nearness is measured to."""
        asked = self._corpus.multilingual_question(topic)
        overlap = _Overlap(self._corpus, topic)
        wanted = _Wanted(question, overlap, expected(question), is_planned(question))
        scored = []
        vectors = self._corpus.unit_vectors([one.passage for one in found])
        for one, (whole, single) in zip(found, vectors, strict=True):
            about = self._related(float(whole @ asked))
            spans = quotable_sentences(one.passage.document, one.passage.chunk)
            for span, own in zip(spans, single @ asked, strict=True):
                scored.append(_candidate(one, span, self._related(float(own)), about, wanted))
        return scored

    def _related(self, cosine: float) -> float:
        """Cosine similarity from 0, where subjects differ, to 1."""
        unrelated = self._corpus.multilingual.unrelated
        return round((cosine - unrelated) / (1 - unrelated), 4)


class _Overlap:
    """Share of a question's words, weighted by idf, that a text has."""

    def __init__(self, corpus: Corpus, question: str) -> None:
        self._corpus = corpus
        self._question = question
        self._by_language: dict[str, Mapping[str, float]] = {}

    def of(self, text: str, heading: str, language: str) -> float:
        weights = self._weights(language)
        total = sum(weights.values())
        if not total:
            return 0.0
        own = set(self._corpus.terms(text, language))
        above = set(self._corpus.terms(heading, language)) - own
        shared = sum(weights.get(term, 0.0) for term in own)
        return (shared + _HEADING_WEIGHT * sum(weights.get(t, 0.0) for t in above)) / total

    def _weights(self, language: str) -> Mapping[str, float]:
        if language not in self._by_language:
            terms = self._corpus.terms(self._question, language)
            self._by_language[language] = self._corpus.weights(terms)
        return self._by_language[language]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a question asks of a sentence: words, a kind of thing, plans."""

    question: str
    overlap: _Overlap
    kind: Expected | None
    planned: bool


def _order(candidate: Candidate) -> tuple[float, str, Span]:
    return -candidate.score, candidate.document.submission.id, candidate.span


def _candidate(
    found: Retrieved, span: Span, meaning: float, about: float, wanted: _Wanted
) -> Candidate:
    document, section = found.passage.document, found.passage.section
    text = span.of(document.text)
    heading = " ".join((document.submission.entity, *section.path))
    words = wanted.overlap.of(text, heading, document.submission.language)
    score = meaning + _PASSAGE * about + _WORDS * words + _RANK * found.score
    if wanted.kind and states(text, wanted.kind, wanted.question):
        score += _KIND
    if wanted.planned and section.part is Part.FUTURE_ACTIONS:
        score += _PLANNED
    if found.named:
        score += NAMED
    if section.boilerplate:
        itself = says_of_itself(text, document.submission, wanted.question)
        score += _OF_ITSELF if itself else -_BOILERPLATE
    return Candidate(document, span, found, meaning, about, words, round(score, 5))


def folded(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Candidates without those that say again, nearly word for word, what one before them says."""
    told: list[frozenset[str]] = []
    for candidate in candidates:
        words = frozenset(_WORD.findall(candidate.text.lower()))
        if not any(_alike(words, before) for before in told):
            told.append(words)
            yield candidate


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _SAME * len(one | other)
