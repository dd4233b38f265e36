"""File -> Document -> Sections -> Chunks -> corpus, and one report a file."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.embedder import Embedder
from corpus.errors import UnreadableFile
from corpus.model import Document, Submission
from corpus.store import Corpus
from ingest.canonical import Source, canonical
from ingest.metadata import MANIFEST, Metadata, metadata, read_manifest
from ingest.readers import read
from ingest.sandbox import read_apart
from ingest.sections import sections
from ingest.split import split

_ID_DIGITS = 16

Reader = Callable[[bytes, str], Source]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    ``status`` is ``indexed``, ``unchanged`` or ``replaced`` for a file that was taken, else the
    reason why not; ``seconds`` is wall time.
    """

    path: str
    status: str
    submission_id: str | None = None
    pages: int = 0
    chunks: int = 0
    seconds: float = 0.0
    message: str = ""

    @property
    def taken(self) -> bool:
        return self.status in {"indexed", "unchanged", "replaced"}


def ingest(
    corpus: Corpus,
    paths: Sequence[Path],
    progress: Callable[[Path, int, int], None],
) -> Iterator[FileReport]:
    """Take files and folders in, one report a file; a bad file never stops the others.

    ``progress`` is called before each file with its path, how many are done, and of how many.
    """
    files = list(_files(paths))
    for done, path in enumerate(files):
        progress(path, done, len(files))
        yield ingest_file(corpus, path)


def ingest_file(corpus: Corpus, path: Path) -> FileReport:
    """Take one file in; one whose content is there already is left as it is."""
    started = time.perf_counter()
    report = _ingest_file(corpus, path)
    return replace(report, seconds=round(time.perf_counter() - started, 3))


def _ingest_file(corpus: Corpus, path: Path) -> FileReport:
    try:
        data = path.read_bytes()
        source = str(path.resolve())
        manifest = read_manifest(path.parent).get(path.name, Metadata())
        known = _known(corpus, data)
        if known:
            return _keep(corpus, known, path, source, manifest)
        warnings: list[str] = []
        reader = _telling(read_apart, warnings)
        document = build_document(data, path.name, corpus.embedder, manifest, reader)
    except UnreadableFile as error:
        return FileReport(str(path), error.status, message=str(error))
    except OSError as error:
        message = f"The file cannot be opened ({error.strerror}). Check its path and your rights."
        return FileReport(str(path), "damaged", message=message)
    replaced = corpus.add(document, path, source)
    return FileReport(
        str(path),
        "replaced" if replaced else "indexed",
        document.submission.id,
        len(document.pages),
        len(document.chunks),
        message=" ".join(([f"In place of {replaced.id}."] if replaced else []) + warnings),
    )


def _telling(reader: Reader, warnings: list[str]) -> Reader:
    """The reader, which puts what it warns of into ``warnings``."""

    def read_and_tell(data: bytes, suffix: str) -> Source:
        source = reader(data, suffix)
        warnings.extend(source.warnings)
        return source

    return read_and_tell


def build_document(
    data: bytes,
    filename: str,
    embedder: Embedder,
    known: Metadata | None = None,
    reader: Reader = read,
) -> Document:
    """A file's content as a document; what ``known`` says overrides what is found in it.

    ``reader`` is ``sandbox.read_apart`` for files from anyone. Raises UnreadableFile.
    """
    source = reader(data, Path(filename).suffix)
    text = canonical(source.lines, source.labels)
    found = (known or Metadata()).over(metadata(text))
    digest = hashlib.sha256(data).hexdigest()
    title = found.title or filename
    submission = Submission(
        id=digest[:_ID_DIGITS],
        title=title,
        entity=found.entity or Path(filename).stem.replace("_", " "),
        entity_type=found.entity_type,
        session=found.session,
        year=found.year,
        language=found.language or "en",
        filename=filename,
        sha256=digest,
    )
    document = Document(submission, text.text, sections(text, title), (), text.pages)
    return replace(document, chunks=split(document, embedder))


def _known(corpus: Corpus, data: bytes) -> Submission | None:
    digest = hashlib.sha256(data).hexdigest()
    return next((s for s in corpus.submissions() if s.sha256 == digest), None)


def _keep(
    corpus: Corpus, known: Submission, path: Path, source: str, manifest: Metadata
) -> FileReport:
    """A file whose content is there already: only its name or its metadata may be new."""
    stated = {
        name: value for name in Metadata.__slots__ if (value := getattr(manifest, name)) is not None
    }
    updated = replace(known, filename=path.name, **stated)
    if updated != known:
        corpus.update(updated, source)
    document = corpus.document(known.id)
    return FileReport(str(path), "unchanged", known.id, len(document.pages), len(document.chunks))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in a fixed order."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if found.is_file() and not hidden and found.name != MANIFEST:
                yield found
