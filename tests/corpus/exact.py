"""Exact indexes in memory: what the contract tests hold the real ones against."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.embedder import Embedder, Vector
from corpus.model import Entry, Hit, Scope


class _ById:
    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(self, entries: Sequence[Entry]) -> None:
        self._entries |= {entry.chunk_id: entry for entry in entries}

    def remove(self, chunk_ids: Sequence[str]) -> None:
        for chunk_id in chunk_ids:
            self._entries.pop(chunk_id, None)

    def ids(self) -> set[str]:
        return set(self._entries)

    def clear(self) -> None:
        self._entries = {}

    def _within(self, scope: Scope) -> list[Entry]:
        return [
            entry
            for entry in self._entries.values()
            if (scope.submissions is None or entry.submission_id in scope.submissions)
            and (not scope.parts or entry.part in scope.parts)
        ]


class ExactVectors(_ById):
    """Cosine similarity to every entry."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__()
        self._embedder = embedder

    def search(self, vector: Vector, limit: int, scope: Scope) -> list[Hit]:
        hits = [
            Hit(e.chunk_id, float(self._embedder.embed_documents([_text(e)])[0] @ vector))
            for e in self._within(scope)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:limit]


class ExactWords(_ById):
    """Share of each entry's words that the question has."""

    def search(self, text: str, limit: int, scope: Scope) -> list[Hit]:
        hits = [Hit(e.chunk_id, _share(_words(text), e)) for e in self._within(scope)]
        ranked = sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))
        return [hit for hit in ranked if hit.score > 0][:limit]

    def matching(self, text: str, scope: Scope) -> list[str]:
        wanted = _words(text)
        return sorted(e.chunk_id for e in self._within(scope) if wanted <= _words(_text(e)))


def _share(wanted: set[str], entry: Entry) -> float:
    own = _words(_text(entry))
    return len(wanted & own) / len(own)


def _text(entry: Entry) -> str:
    return f"{entry.header}\n{entry.text}"


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))
