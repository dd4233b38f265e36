"""An embedder that keeps passage vectors on disk, so that a corpus is embedded only once."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.embedder import Embedder, Matrix, Vector, WordVectors, word_vectors

_BATCH = 250


class RememberingEmbedder:
    """The ``inner`` embedder's vectors, to the bit; those of passages are kept in ``path``.

    Questions are embedded anew, so that their time is the user's.
    """

    def __init__(self, inner: Embedder, path: Path) -> None:
        self._inner = inner
        self.name = inner.name
        self.dimension = inner.dimension
        self.max_tokens = inner.max_tokens
        self.languages = inner.languages
        self.unrelated = inner.unrelated
        path.parent.mkdir(parents=True, exist_ok=True)
        self._store = sqlite3.connect(path)
        # Vectors come one by one; what a crash loses is made again.
        self._store.execute("PRAGMA synchronous = OFF")
        self._store.execute("PRAGMA journal_mode = WAL")
        self._store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, v BLOB)")

    def count_tokens(self, text: str) -> int:
        return self._inner.count_tokens(text)

    def embed_query(self, text: str) -> Vector:
        return self._inner.embed_query(text)

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        known = {text: vector for text in set(texts) if (vector := self._read(text)) is not None}
        # Of one order, whatever the set's, so that batches are padded alike in every process.
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = self._inner.embed_documents(batch)
            known.update(zip(batch, vectors, strict=True))
            self._write(batch, vectors)
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def embed_words(self, text: str) -> WordVectors:
        return word_vectors(self._inner, text)

    def close(self) -> None:
        self._store.close()

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(f"{self.name}\0{text}".encode(), digest_size=16).digest()

    def _read(self, text: str) -> Vector | None:
        row = self._store.execute(
            "SELECT v FROM vectors WHERE key = ?", (self._key(text),)
        ).fetchone()
        return np.frombuffer(row[0], dtype=np.float32) if row else None

    def _write(self, texts: Sequence[str], vectors: Matrix) -> None:
        with self._store:
            self._store.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                [
                    (self._key(text), vector.astype(np.float32).tobytes())
                    for text, vector in zip(texts, vectors, strict=True)
                ],
            )
