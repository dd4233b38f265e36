"""Vectors in Chroma, through langchain-chroma; the only file that imports either.

Chroma measures distance; this adapter turns it into cosine similarity once, so that
everywhere else higher is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api.collection_configuration import CreateCollectionConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings

from corpus.embedder import Embedder, Matrix, Vector
from corpus.errors import CorpusUnreachable
from corpus.model import Entry, Hit, Scope

# Within the limits of distributed Chroma, so the same code moves there.
BATCH = 250
CHUNKS = "wsis-chunks"
UNITS = "wsis-units"
# chromadb's defaults lose a third of the neighbours at 100,000 clustered vectors.
_HNSW: CreateCollectionConfiguration = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
}


class _LangChainEmbeddings(Embeddings):
    """Our embedder in the shape LangChain's vector stores call."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [row.tolist() for row in self._embedder.embed_documents(texts)]

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._embedder.embed_query(text).tolist()
        return vector


class VectorIndex:
    """A collection in an embedded Chroma folder, or in a Chroma server when ``url`` is given.

    Raises CorpusUnreachable when the server does not answer.
    """

    def __init__(
        self, embedder: Embedder, folder: Path, url: str = "", collection: str = CHUNKS
    ) -> None:
        self._embeddings = _LangChainEmbeddings(embedder)
        self._client = _client(folder, url)
        self._name = collection
        self._open()

    def add(self, entries: Sequence[Entry]) -> None:
        """Embed and store; an entry whose id is there already is replaced."""
        for start in range(0, len(entries), BATCH):
            batch = entries[start : start + BATCH]
            self._store.add_texts(
                texts=[embedded_text(entry) for entry in batch],
                metadatas=[{"s": entry.submission_id, "p": entry.part} for entry in batch],
                ids=[entry.chunk_id for entry in batch],
            )

    def remove(self, chunk_ids: Sequence[str]) -> None:
        for start in range(0, len(chunk_ids), BATCH):
            self._store.delete(ids=list(chunk_ids[start : start + BATCH]))

    def remove_submission(self, submission_id: str) -> None:
        """Take out all entries of a submission."""
        self._store.delete(where={"s": submission_id})

    def search(
        self, vector: Vector, limit: int, scope: Scope, without: Sequence[str] = ()
    ) -> list[Hit]:
        """The nearest entries, best first; the score is cosine similarity, -1 to 1.

        Those of the submissions ``without`` are passed over.
        """
        if scope.submissions == ():
            return []  # Chroma refuses a filter that names nothing
        # LangChain's search would fetch every text along with its id, at twice the time.
        found = self._collection.query(
            query_embeddings=[vector.tolist()],
            n_results=limit,
            where=_where(scope, without),
            include=["distances"],
        )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        hits = [Hit(str(identity), round(1.0 - float(far), 6)) for identity, far in pairs]
        return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))

    def vectors(self, ids: Sequence[str]) -> dict[str, Vector]:
        """The stored vectors of the entries that are there, by id."""
        if not ids:
            return {}
        found = self._collection.get(ids=list(ids), include=["embeddings"])
        matrix: Matrix = np.asarray(found["embeddings"], dtype=np.float32)
        return dict(zip(found["ids"], matrix, strict=True))

    def ids(self) -> set[str]:
        return set(self._store.get(include=[])["ids"])

    def clear(self) -> None:
        self._store.delete_collection()
        self._open()

    def close(self) -> None:
        self._client.close()

    def _open(self) -> None:
        self._store = Chroma(
            collection_name=self._name,
            embedding_function=self._embeddings,
            client=self._client,
            collection_configuration=_HNSW,
        )
        self._collection = self._client.get_collection(self._name)


def embedded_text(entry: Entry) -> str:
    """What is embedded of an entry."""
    return f"{entry.header}\n{entry.text}" if entry.header else entry.text


def _where(scope: Scope, without: Sequence[str]) -> dict[str, Any] | None:
    clauses: list[dict[str, Any]] = []
    if without:
        clauses.append({"s": {"$nin": list(without)}})
    if scope.submissions is not None:
        clauses.append({"s": {"$in": list(scope.submissions)}})
    if scope.parts:
        clauses.append({"p": {"$in": list(scope.parts)}})
    if len(clauses) > 1:
        return {"$and": clauses}
    return clauses[0] if clauses else None


def _client(folder: Path, url: str) -> Any:
    settings = Settings(anonymized_telemetry=False)
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    address = urlsplit(url)
    try:
        return chromadb.HttpClient(
            host=address.hostname or "localhost",
            port=address.port or (443 if address.scheme == "https" else 8000),
            ssl=address.scheme == "https",
            settings=settings,
        )
    except (ValueError, ChromaError, OSError) as error:
        raise CorpusUnreachable(
            f"The Chroma server at {url} does not answer ({error}). Start it with "
            f"`chroma run --path FOLDER`, or unset WSIS_CHROMA_URL to use the embedded store."
        ) from error
