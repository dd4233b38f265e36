"""Which sentences of the retrieved passages answer: the extractive answerer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.model import Document, Span
from corpus.sentences import quotable_sentences
from corpus.store import Corpus
from rag.retrieve import Retrieved

# How much meaning, words and the passage's own rank count; chosen on the dev cases.
_MEANING, _WORDS, _RANK = 0.55, 0.30, 0.15
# Words of the section's heading count half: they say what a bullet is about.
_HEADING_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may be quoted, and how well it fits the question.

    ``meaning`` is cosine similarity, -1 to 1; ``words`` the share of the question's content
    words, weighted by rarity, that the sentence or its heading has, 0 to 1; ``score`` the
    mixture that ranks.
    """

    document: Document
    span: Span
    retrieved: Retrieved
    meaning: float
    words: float
    score: float

    @property
    def text(self) -> str:
        return self.span.of(self.document.text)


def candidates(corpus: Corpus, question: str, found: Sequence[Retrieved]) -> list[Candidate]:
    """Every quotable sentence of the passages, best first."""
    places = [
        (one, span)
        for one in found
        for span in quotable_sentences(one.passage.document, one.passage.chunk)
    ]
    if not places:
        return []
    texts = [span.of(one.passage.document.text) for one, span in places]
    similarities = corpus.embedder.embed_documents(texts) @ corpus.embedder.embed_query(question)
    overlap = _Overlap(corpus, question)
    made = [
        _candidate(one, span, float(similarity), overlap)
        for (one, span), similarity in zip(places, similarities, strict=True)
    ]
    return sorted(made, key=lambda c: (-c.score, c.document.submission.id, c.span))


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


def _candidate(found: Retrieved, span: Span, similarity: float, overlap: _Overlap) -> Candidate:
    document = found.passage.document
    heading = " ".join((document.submission.entity, *found.passage.section.path))
    words = overlap.of(span.of(document.text), heading, document.submission.language)
    meaning = round(float(np.clip(similarity, -1.0, 1.0)), 4)
    demotion = 0.5 if found.passage.section.boilerplate else 1.0
    score = demotion * (_MEANING * meaning + _WORDS * words + _RANK * found.score)
    return Candidate(document, span, found, meaning, round(words, 4), round(score, 5))
