"""Uploads, taken in one batch after the other while questions are answered.

What was accepted lies on disk until it is done, so that a server that ends in between goes on
with it when it starts again.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from corpus.errors import CorpusReadOnly, NotFound, WsisError
from corpus.store import Corpus
from ingest.metadata import Metadata
from ingest.tasks import UPLOAD, FileReport, Task

Ingest = Callable[[Corpus, Sequence[Task], Callable[[Path, int, int], None]], Iterator[FileReport]]

_log = logging.getLogger("wsis.server")
_NOTE = "job.json"
_BATCH = 64
# Reports of jobs that are done, the oldest forgotten first.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent; ``path`` is what its report calls it."""

    path: str
    source: str
    stated: dict[str, Any]

    @property
    def filename(self) -> str:
        """Its last part as a name that can lie in a folder of ours."""
        name = self.path.replace("\\", "/").rpartition("/")[2].replace("\0", "").lstrip(".")
        stem, dot, suffix = name.rpartition(".")
        return f"{stem[:60]}{dot}{suffix[:12]}" if stem else name[:60] or "file"


class _Stopping(Exception):
    pass


class Jobs:
    """Takes uploads in, in a thread of its own, from construction to ``close``."""

    def __init__(self, corpus: Corpus, folder: Path, ingest: Ingest) -> None:
        self._corpus = corpus
        self._folder = folder
        self._ingest = ingest
        self._reports: OrderedDict[str, FileReport] = OrderedDict()
        self._waiting: list[str] = []
        self._changed = threading.Condition()
        self._stopping = False
        self._resume()
        self._thread = threading.Thread(target=self._work, name="uploads", daemon=True)
        self._thread.start()

    def accept(self, upload: Upload, content: BinaryIO) -> str:
        """Put a file on disk and in the queue; returns the job's id. Raises CorpusReadOnly."""
        job = uuid.uuid4().hex
        folder = self._folder / job
        try:
            folder.mkdir(parents=True)
            with (folder / upload.filename).open("wb") as file:
                shutil.copyfileobj(content, file)
            # Last: an upload without its note was never accepted.
            (folder / _NOTE).write_text(json.dumps(asdict(upload)), encoding="utf-8")
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise CorpusReadOnly(f"The upload could not be stored ({error.strerror}).") from error
        self._enqueue(job, upload)
        return job

    def report(self, job: str) -> FileReport:
        """What became of an upload so far; status ``queued`` or ``running`` until it is done."""
        with self._changed:
            if job not in self._reports:
                raise NotFound(f"There is no job {job!r}; reports are kept until a restart.")
            return self._reports[job]

    def close(self) -> None:
        """Stop after the file in hand; the others are done at the next start."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def _resume(self) -> None:
        for folder in sorted(self._folder.iterdir()) if self._folder.is_dir() else []:
            try:
                self._enqueue(folder.name, self._upload(folder.name))
            except (OSError, ValueError, TypeError):
                shutil.rmtree(folder, ignore_errors=True)

    def _upload(self, job: str) -> Upload:
        return Upload(**json.loads((self._folder / job / _NOTE).read_text(encoding="utf-8")))

    def _enqueue(self, job: str, upload: Upload) -> None:
        with self._changed:
            self._reports[job] = FileReport(upload.path, "queued")
            self._waiting.append(job)
            while len(self._reports) > _REMEMBERED:
                self._reports.popitem(last=False)
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopping)
                if self._stopping:
                    return
                batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            try:
                self._take(batch)
            except _Stopping:
                return

    def _take(self, batch: Sequence[str]) -> None:
        """Take a batch in; when the disk or we fail, each of its jobs says so."""
        uploads = {job: self._upload(job) for job in batch}
        tasks = [self._task(job, upload) for job, upload in uploads.items()]
        left = iter(batch)
        try:
            for report in self._ingest(self._corpus, tasks, self._progress(batch)):
                job = next(left)
                self._done(job, replace(report, path=uploads[job].path))
        except _Stopping:
            raise
        except Exception as error:  # noqa: BLE001 - a job that fails must not end the others
            _log.error("uploads failed", exc_info=error)
            told = str(error) if isinstance(error, WsisError) else "See the server's log."
            for job in left:
                self._done(job, FileReport(uploads[job].path, "failed", message=told))

    def _task(self, job: str, upload: Upload) -> Task:
        path = self._folder / job / upload.filename
        # Checked when it was accepted; JSON has lists for tuples.
        stated: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in upload.stated.items()
        }
        return Task(path, upload.source or f"{UPLOAD}{upload.path}", Metadata(**stated))

    def _progress(self, batch: Sequence[str]) -> Callable[[Path, int, int], None]:
        def running(path: Path, done: int, total: int) -> None:  # noqa: ARG001
            if self._stopping:
                raise _Stopping
            with self._changed:
                before = self._reports.get(batch[done])
                if before:
                    self._reports[batch[done]] = replace(before, status="running")

        return running

    def _done(self, job: str, report: FileReport) -> None:
        shutil.rmtree(self._folder / job, ignore_errors=True)
        with self._changed:
            self._reports[job] = report
