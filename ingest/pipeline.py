"""File -> Document -> Sections -> Chunks -> corpus, and one report a file.

Files are read ahead in processes of their own while others are embedded. What is complete is
published together every few seconds; a report is given when its file is searchable, not before.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from corpus.changes import Addition, Changes, Renewal
from corpus.embedder import Embedder
from corpus.errors import UnreadableFile
from corpus.model import Document, Mention, Submission
from corpus.store import Corpus
from ingest.alignment import with_pages
from ingest.canonical import Source, canonical
from ingest.mentions import mentions, stated_mentions
from ingest.metadata import Metadata, metadata
from ingest.readers import read
from ingest.reading import AS_IT_IS, Reading
from ingest.sandbox import read_apart
from ingest.sections import sections
from ingest.split import split
from ingest.tasks import FileReport, Task, files_in, is_there

_ID_DIGITS = 16
# What is published together: at most so many files, or what so many seconds gave.
_MOST_FILES = 64
_SECONDS = 15.0

Progress = Callable[[Path, int, int], None]

Reader = Callable[[bytes, str], Source]


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read: its document, unless its content is there or it was refused."""

    sha256: str = ""
    document: Document | None = None
    refused: UnreadableFile | None = None
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


def ingest(
    corpus: Corpus, paths: Sequence[Path], progress: Progress, reading: Reading = AS_IT_IS
) -> Iterator[FileReport]:
    """Take files and folders in, one report a file; a bad file never stops the others.

    ``progress`` is called before each file with its path, how many are done, and of how many.
    Raises CorpusReadOnly when the disk refuses; what was reported stays.
    """
    return ingest_tasks(corpus, [Task(path) for path in files_in(paths)], progress, reading)


def ingest_tasks(
    corpus: Corpus, tasks: Sequence[Task], progress: Progress, reading: Reading = AS_IT_IS
) -> Iterator[FileReport]:
    """As ``ingest``, for files of which more is known than their path."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as readers:
        yield from _Run(corpus, reading).all(tasks, progress, readers)


def ingest_file(corpus: Corpus, path: Path, reading: Reading = AS_IT_IS) -> FileReport:
    """Take one file in; one whose content is there already is left as it is."""
    run = _Run(corpus, reading)
    task = Task(path)
    return next(iter(run.take(task, run.read(task)) + run.publish()))


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
    text = canonical(source.lines, source.labels, source.recognised)
    if source.shown:
        text = with_pages(text, canonical(source.shown.lines, source.shown.labels))
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
    parts, named = sections(text, title), stated_mentions(mentions(text.text), found)
    document = Document(submission, text.text, parts, (), text.pages, named)
    return replace(document, chunks=split(document, embedder))


@dataclass
class _Run:
    """Files that are read and embedded and wait to be published, with their reports."""

    corpus: Corpus
    reading: Reading
    _additions: list[Addition] = field(default_factory=list)
    _renewals: list[Renewal] = field(default_factory=list)
    _waiting: list[FileReport] = field(default_factory=list)
    _since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._look()

    def all(
        self, tasks: Sequence[Task], progress: Progress, readers: ThreadPoolExecutor
    ) -> Iterator[FileReport]:
        ahead: deque[Future[_Read]] = deque()
        following = iter(tasks)
        for done, task in enumerate(tasks):
            while len(ahead) < 2 * (os.cpu_count() or 2) and (later := next(following, None)):
                ahead.append(readers.submit(self.read, later))
            progress(task.path, done, len(tasks))
            yield from self.take(task, ahead.popleft().result())
            if len(self._waiting) >= _MOST_FILES or time.monotonic() - self._since > _SECONDS:
                yield from self.publish()
        yield from self.publish()

    def read(self, task: Task, *, known: bool = True) -> _Read:
        """Read a file, unless its content is there; ``known`` False: though it is."""
        started = time.perf_counter()
        digest = ""
        try:
            data = task.path.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            stated = task.known()
            if known and digest in self._by_content:
                return _Read(digest)
            warnings: list[str] = []
            reader = _telling(partial(read_apart, reading=self.reading), warnings)
            document = build_document(data, task.path.name, self.corpus.embedder, stated, reader)
        except UnreadableFile as error:
            return _Read(digest, refused=error)
        except OSError as error:
            told = f"The file cannot be opened ({error.strerror}). Check its path and your rights."
            return _Read(digest, refused=UnreadableFile("damaged", told))
        seconds = time.perf_counter() - started
        return _Read(digest, document, warnings=tuple(warnings), seconds=seconds)

    def take(self, task: Task, found: _Read) -> list[FileReport]:
        """Make a file ready to be published; what had to be published before it is reported."""
        if found.refused:
            refused = found.refused
            self._waiting.append(FileReport(str(task.path), refused.status, message=str(refused)))
            return []
        reports = self.publish() if self._is_waiting_for(found.sha256) else []
        known = self._by_content.get(found.sha256)
        if known:
            self._keep(task, known)
            return reports
        if found.document is None:  # it was there when the file was read, and was replaced since
            return [*reports, *self.take(task, self.read(task, known=False))]
        self._add(task, found.document, found)
        return reports

    def publish(self) -> list[FileReport]:
        """Make what waits searchable; gives the reports on it."""
        changes = Changes(tuple(self._additions), tuple(self._renewals))
        if changes:
            self.corpus.publish(changes)
            self._look()
        reports = self._waiting
        self._additions, self._renewals, self._waiting = [], [], []
        self._since = time.monotonic()
        return reports

    def _look(self) -> None:
        self._by_content = {one.sha256: one for one in self.corpus.submissions()}
        self._sources = self.corpus.sources()

    def _is_waiting_for(self, sha256: str) -> bool:
        added = {one.document.submission.sha256 for one in self._additions}
        return sha256 in added | {one.submission.sha256 for one in self._renewals}

    def _add(self, task: Task, document: Document, found: _Read) -> None:
        started = time.perf_counter()
        self.corpus.embed(document)
        self._additions.append(Addition(document, task.path, task.key))
        old = self._sources.get(task.key)
        self._waiting.append(
            FileReport(
                str(task.path),
                "replaced" if old else "indexed",
                document.submission.id,
                len(document.pages),
                len(document.chunks),
                round(found.seconds + time.perf_counter() - started, 3),
                " ".join(([f"In place of {old}."] if old else []) + list(found.warnings)),
            )
        )

    def _keep(self, task: Task, known: Submission) -> None:
        """A file whose content is there already: only its name or its metadata may be new."""
        reassigned = {one.source for one in self._additions}
        others = [s for s, own in self._sources.items() if own == known.id and s != task.key]
        gone = tuple(source for source in others if not is_there(source))
        elsewhere = len(set(others) - set(gone) - reassigned) > 0
        updated, named = known, None
        if not elsewhere or known.filename == task.path.name:
            stated = task.known()
            updated = replace(known, filename=task.path.name, **_stated(stated))
            named = self._named(known, stated)
        if updated != known or gone or named is not None or self._sources.get(task.key) != known.id:
            self._renewals.append(Renewal(updated, task.key, gone, named))
        pages, chunks = self.corpus.size(known.id)
        self._waiting.append(FileReport(str(task.path), "unchanged", known.id, pages, chunks))

    def _named(self, known: Submission, stated: Metadata) -> tuple[Mention, ...] | None:
        """What a submission that is there names, as stated; None where that is nothing new."""
        if stated.action_lines is None and stated.sdgs is None and stated.dates is None:
            return None
        document = self.corpus.document(known.id)
        named = stated_mentions(mentions(document.text), stated)
        return None if named == document.mentions else named


def _stated(manifest: Metadata) -> dict[str, Any]:
    """What it states of the submission itself."""
    names = [name for name in Metadata.__slots__ if name in Submission.__slots__]
    return {name: value for name in names if (value := getattr(manifest, name)) is not None}
