"""What a suite searches: documents, named by their content, from files or from passages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.embedder import Embedder
from corpus.errors import UnreadableFile
from corpus.model import Chunk, Document, Section, Span, Submission
from ingest.manifest import read_manifest
from ingest.metadata import Metadata
from ingest.pipeline import build_document

_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents to be ingested; ``key`` changes when any of their content does."""

    name: str
    key: str
    documents: Callable[[Embedder], Iterator[Document]]


@dataclass(frozen=True, slots=True)
class Text:
    """A passage of a public data set."""

    id: str
    text: str
    language: str = "en"


def from_files(name: str, paths: Sequence[Path]) -> Collection:
    """Files ingested as users ingest them; one that cannot be read is left out."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())

    def documents(embedder: Embedder) -> Iterator[Document]:
        seen: set[str] = set()
        for path in paths:
            known = read_manifest(path.parent).get(path.name, Metadata())
            try:
                document = build_document(path.read_bytes(), path.name, embedder, known)
            except UnreadableFile:
                continue
            if document.submission.id not in seen:
                seen.add(document.submission.id)
                yield document

    return Collection(name, digest.hexdigest(), documents)


def from_texts(name: str, texts: Iterable[Text]) -> Collection:
    """Passages as documents of one chunk each, indexed plainly: no submitter, no title.

    That is how published figures for such data sets are made; the embedder reads a passage
    as far as its limit.
    """
    kept = list(texts)
    digest = hashlib.sha256()
    for one in kept:
        digest.update(f"{one.id}\0{one.language}\0{one.text}\0".encode())
    return Collection(name, digest.hexdigest(), lambda embedder: (plain(one) for one in kept))  # noqa: ARG005


def document_id(name: str) -> str:
    """The submission id of a passage by its id in the data set."""
    return hashlib.sha256(name.encode()).hexdigest()[:_ID_DIGITS]


def plain(passage: Text) -> Document:
    """A passage as a document of one section and one chunk, its text untouched."""
    identity = document_id(passage.id)
    whole = Span(0, len(passage.text))
    digest = hashlib.sha256(passage.text.encode()).hexdigest()
    submission = Submission(
        identity, "", "", None, None, None, passage.language, f"{identity}.txt", digest
    )
    section = Section(0, (), whole)
    chunk = Chunk(identity, identity, 0, 0, whole, passage.text)
    return Document(submission, passage.text, (section,), (chunk,))
