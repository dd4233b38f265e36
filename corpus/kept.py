"""Passage vectors kept by content: what was embedded once is never embedded again.

A crash in the middle of a large ingest, a rebuild and a file that comes back cost no model time
for what is known. The vectors of a removed submission are forgotten with it.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from corpus.embedder import Embedder, Matrix, Vector, WordVectors, word_vectors
from corpus.transactions import immediate

FILE = "vectors.sqlite"
# Embedded and stored as one: what a crash can lose.
_BATCH = 256
_MOST_VARIABLES = 10_000


class KeptVectors:
    """One file of unit vectors by embedder and text; safe to share by threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        # What the machine loses when its power fails is made again.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) "
            "WITHOUT ROWID"
        )

    def close(self) -> None:
        self._db.close()

    def read(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        """The vectors that are there."""
        found: dict[bytes, Vector] = {}
        for start in range(0, len(keys), _MOST_VARIABLES):
            batch = keys[start : start + _MOST_VARIABLES]
            marks = ", ".join("?" * len(batch))
            with self._lock:
                rows = self._db.execute(
                    f"SELECT key, vector FROM vectors WHERE key IN ({marks})", batch
                ).fetchall()
            found |= {key: np.frombuffer(vector, dtype=np.float32) for key, vector in rows}
        return found

    def write(self, keys: Sequence[bytes], vectors: Matrix) -> None:
        rows = [
            (key, vector.astype(np.float32).tobytes())
            for key, vector in zip(keys, vectors, strict=True)
        ]
        with self._lock, immediate(self._db) as db:
            db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def forget(self, keys: Iterable[bytes]) -> None:
        with self._lock, immediate(self._db) as db:
            db.executemany("DELETE FROM vectors WHERE key = ?", [(key,) for key in keys])

    def forget_others(self, keys: Iterable[bytes]) -> None:
        """Keep these alone."""
        with self._lock:
            there = {row[0] for row in self._db.execute("SELECT key FROM vectors")}
        self.forget(there.difference(keys))


class KeepingEmbedder:
    """The ``inner`` embedder's vectors, to the bit; those of passages are kept.

    Questions are embedded anew, so that their time is the user's.
    """

    def __init__(self, inner: Embedder, kept: KeptVectors) -> None:
        self._inner = inner
        self._kept = kept
        self.name = inner.name
        self.dimension = inner.dimension
        self.max_tokens = inner.max_tokens
        self.languages = inner.languages
        self.unrelated = inner.unrelated

    def count_tokens(self, text: str) -> int:
        return self._inner.count_tokens(text)

    def embed_query(self, text: str) -> Vector:
        return self._inner.embed_query(text)

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        keys = [self.key(text) for text in texts]
        text_of = dict(zip(keys, texts, strict=True))
        known = self._kept.read(list(text_of))
        missing = [key for key in text_of if key not in known]
        # Texts of like length together, so that little is padded; ties in the order they came.
        missing.sort(key=lambda key: len(text_of[key]))
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            vectors = self._inner.embed_documents([text_of[key] for key in batch])
            self._kept.write(batch, vectors)
            known |= dict(zip(batch, vectors, strict=True))
        return np.stack([known[key] for key in keys])

    def embed_words(self, text: str) -> WordVectors:
        return word_vectors(self._inner, text)

    def key(self, text: str) -> bytes:
        """What a text's vector is kept under; 16 bytes."""
        return hashlib.blake2b(f"{self.name}\0{text}".encode(), digest_size=16).digest()
