"""The embedder port, and a second implementation whose numbers can be worked out by eye."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
