"""Which sentences of the retrieved passages answer: the extractive answerer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from corpus.embedder import Vector
from corpus.model import Document, Part, Span
from corpus.sentences import quotable_sentences
from corpus.store import Corpus
from rag.listing import Listing, is_planned
from rag.retrieve import BOILERPLATE_WEIGHT, Retrieved

# How much meaning, words and the passage's own rank count; chosen on the dev cases.
_MEANING, _WORDS, _RANK = 0.7, 0.2, 0.1
# Some 1.5 kB each.
_KEPT_VECTORS = 20_000
# Added for a sentence about future actions when the question asks for plans.
_PLANNED = 0.1
# Words of the section's heading count half: they say what a bullet is about.
_HEADING_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted, and how well it fits the question, higher is better.

    ``score`` mixes cosine similarity, the share of the question's content words that the sentence
    or its heading has, weighted by rarity, and the passage's own rank.
    """

    document: Document
    span: Span
    retrieved: Retrieved
    score: float

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)


class Selector:
    """Scores the sentences of passages for a question.

    A sentence's vector is kept once it is made. Each is embedded by itself, since padding in a
    batch changes its last bits, and then an answer would depend on what was asked before.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._vector = lru_cache(maxsize=_KEPT_VECTORS)(self._embed)

    def candidates(self, question: str, found: Sequence[Retrieved]) -> list[Candidate]:
        """Every quotable sentence of the passages, best first."""
        scored = self._scored(question, found)
        return sorted(scored, key=lambda c: (-c.score, c.document.submission.id, c.span))

    def listed(self, question: str, asked_for: Listing) -> list[Candidate]:
        """Every quotable sentence of the section that a list question asks for, in its order."""
        found = [Retrieved(passage, asked_for.fit) for passage in asked_for.passages]
        return self._scored(question, found)

    def _scored(self, question: str, found: Sequence[Retrieved]) -> list[Candidate]:
        asked = self._corpus.embedder.embed_query(question)
        overlap = _Overlap(self._corpus, question)
        planned = is_planned(question)
        scored = []
        for one in found:
            document = one.passage.document
            for span in quotable_sentences(document, one.passage.chunk):
                similarity = float(self._vector(span.of(document.text)) @ asked)
                scored.append(_candidate(one, span, similarity, overlap, planned))
        return scored

    def _embed(self, sentence: str) -> Vector:
        vector: Vector = self._corpus.embedder.embed_documents([sentence])[0]
        return vector


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


def _candidate(
    found: Retrieved, span: Span, similarity: float, overlap: _Overlap, planned: bool
) -> Candidate:
    document, section = found.passage.document, found.passage.section
    heading = " ".join((document.submission.entity, *section.path))
    words = overlap.of(span.of(document.text), heading, document.submission.language)
    meaning = round(float(np.clip(similarity, -1.0, 1.0)), 4)
    score = _MEANING * meaning + _WORDS * words + _RANK * found.score
    if section.boilerplate:
        score *= BOILERPLATE_WEIGHT
    if planned and section.part is Part.FUTURE_ACTIONS:
        score += _PLANNED
    return Candidate(document, span, found, round(score, 5))
