"""How well a sentence meets each word of a question: late interaction.

A sentence's one vector says what it is about as a whole; a question often asks about a part of
it. So each token of the question is held against the sentence's tokens, and the best of each
counts (MaxSim: Khattab and Zaharia 2020, "ColBERT"), here weighted by the rarity of its word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.embedder import WordVectors
from corpus.language import language_of
from corpus.store import Corpus

# What a token of a word that says nothing by itself ("the", "of") counts, in idf.
_LITTLE = 0.3
_WORD = re.compile(r"\w+")


def interactions(
    corpus: Corpus, question: str, sentences: Sequence[tuple[str, str]]
) -> list[float] | None:
    """MaxSim of the question with each (text, language), 0 to 1 in practice.

    A sentence whose language the encoder does not know gets the mean of the others, so that it
    neither gains nor loses. None where it does not know the question's, or any sentence's.
    """
    language = language_of(question)
    if not _is_known(corpus, language):
        return None
    asked = corpus.words(question)
    if not asked.spans:
        return None
    weights = _weights(corpus, question, asked, language)
    found = [
        _maxsim(weights, asked, corpus.words(text)) if _is_known(corpus, spoken) else None
        for text, spoken in sentences
    ]
    told = [value for value in found if value is not None]
    if not told:
        return None
    usual = round(sum(told) / len(told), 5)
    return [usual if value is None else value for value in found]


def _is_known(corpus: Corpus, language: str) -> bool:
    known = corpus.embedder.languages
    return known is None or language in known


def _maxsim(weights: NDArray[np.float64], asked: WordVectors, told: WordVectors) -> float | None:
    if not told.spans:
        return None
    nearest = (asked.pieces @ told.pieces.T).max(axis=1)
    return round(float(weights @ nearest), 5)


def _weights(
    corpus: Corpus, question: str, asked: WordVectors, language: str
) -> NDArray[np.float64]:
    """For each token of the question the idf of the word it is of; they sum to 1."""
    words = list(_WORD.finditer(question))
    terms = {match.group(): corpus.terms(match.group(), language) for match in words}
    idf = corpus.weights([term for found in terms.values() for term in found])
    by_place = {
        place: max((idf.get(term, 0.0) for term in terms[match.group()]), default=0.0)
        for match in words
        for place in range(*match.span())
    }
    raw = np.array([_LITTLE + by_place.get(span.start, 0.0) for span in asked.spans])
    return np.asarray(raw / raw.sum(), dtype=np.float64)
