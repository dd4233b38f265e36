"""The embedder port, and a second implementation whose numbers can be worked out by eye."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corpus.model import Span

Vector = NDArray[np.float32]
Matrix = NDArray[np.float32]
# The last bits depend on the processor and on how a batch was padded; without them equal
# passages cannot change places, nor a printed score change.
_DECIMALS = 5


class Embedder(Protocol):
    """Text to unit vectors; questions and documents are two methods, never a mode."""

    @property
    def name(self) -> str:
        """Identifies model and weights; two embedders of one name give the same vectors."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def max_tokens(self) -> int:
        """Longest input, special tokens included, that is embedded without being cut."""

    @property
    def languages(self) -> frozenset[str] | None:
        """ISO 639-1 codes of the languages it was made for; None: no limit is known."""

    @property
    def unrelated(self) -> float:
        """Cosine similarity that texts on different subjects have; some models crowd near 1."""

    def count_tokens(self, text: str) -> int:
        """Tokens of ``text`` as the model counts them, special tokens included."""

    def embed_query(self, text: str) -> Vector:
        """A question's unit vector, shape (dimension,)."""

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of passages, shape (len(texts), dimension)."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Unit vectors of a text's word pieces, a row each, and of the whole text.

    ``spans`` say where each piece stands; a text longer than the model reads ends early.
    """

    spans: tuple[Span, ...]
    pieces: Matrix
    whole: Vector


@runtime_checkable
class WordEmbedder(Protocol):
    """What an embedder that shows its inside can do as well."""

    def embed_words(self, text: str) -> WordVectors:
        """A vector for each word piece in its context."""


def word_vectors(embedder: Embedder, text: str) -> WordVectors:
    """The vectors of a text's words; from an embedder of whole texts only, word by word."""
    if isinstance(embedder, WordEmbedder):
        return embedder.embed_words(text)
    spans = [Span(match.start(), match.end()) for match in re.finditer(r"\w+", text)]
    vectors = embedder.embed_documents([text, *(span.of(text) for span in spans)])
    return WordVectors(tuple(spans), vectors[1:], vectors[0])


def normalised(vectors: Matrix) -> Matrix:
    """Rows of length 1; a row of zeros stays."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows: Matrix = vectors / np.maximum(norms, np.float32(1e-12))
    return rows


def rounded(vectors: ArrayLike) -> NDArray[np.float32]:
    """A model's output as it is kept and compared, in its shape."""
    return np.round(np.asarray(vectors), _DECIMALS).astype(np.float32)


class HashedBagOfWords:
    """A deterministic embedder for tests: each word adds one to the bucket it hashes to.

    Two texts are as similar as the words they share, so a test's expectation can be
    computed by hand. Not for production: it knows nothing of meaning.
    """

    def __init__(self, dimension: int = 512, max_tokens: int = 256) -> None:
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.languages: frozenset[str] | None = None
        self.unrelated = 0.0
        self.name = f"hashed-bag-of-words-{dimension}"

    def count_tokens(self, text: str) -> int:
        return len(_words(text)) + 2

    def embed_query(self, text: str) -> Vector:
        return self._embed(text)

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._embed(text) for text in texts])

    def _embed(self, text: str) -> Vector:
        vector = np.zeros(self.dimension, dtype=np.float32)
        for word in _words(text):
            digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
            vector[int.from_bytes(digest, "big") % self.dimension] += 1.0
        norm = float(np.linalg.norm(vector))
        if norm == 0.0:
            vector[0] = 1.0
            return vector
        return vector / np.float32(norm)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
