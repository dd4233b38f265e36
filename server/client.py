"""The HTTP API as the command line calls it; answers come back as the nouns they were."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter

from corpus.errors import (
    BadRequest,
    CorpusEmpty,
    CorpusReadOnly,
    Forbidden,
    NotFound,
    ServerUnreachable,
    TooLarge,
    WsisError,
)
from ingest.tasks import FileReport, Task
from rag.model import Answer, Citation, Query

_ANSWER = TypeAdapter(Answer)
_CITATIONS = TypeAdapter(tuple[Citation, ...])
_TIMEOUT = httpx.Timeout(180.0, connect=3.0)
_BY_STATUS: dict[int, type[WsisError]] = {
    error.http_status: error
    for error in (BadRequest, CorpusEmpty, CorpusReadOnly, Forbidden, NotFound, TooLarge)
}
# Files sent before the first of them is done, and how often that is asked.
_AHEAD = 16
_POLL_SECONDS = 0.1
Progress = Callable[[Path, int, int], None]


@dataclass(frozen=True, slots=True)
class RemoteAssistant:
    """The assistant of a server at ``url``.

    Raises ServerUnreachable when it does not answer, else the error that the server met.
    """

    url: str
    key: str = ""

    def ask(self, query: Query) -> Answer:
        return _ANSWER.validate_python(self._call("POST", "/ask", json=asdict(query)))

    def search(self, text: str, query: Query) -> tuple[Citation, ...]:
        params = {"q": text, "limit": 1000, "entity": query.filters.entity}
        found = self._call("GET", "/search", params={**params, "part": query.filters.part})
        return _CITATIONS.validate_python(found["hits"])

    def submissions(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self._call("GET", "/submissions")["submissions"]
        return listed

    def ingest(self, tasks: Sequence[Task], progress: Progress) -> Iterator[FileReport]:
        """As ``ingest.pipeline.ingest_tasks``: files are sent ahead, reports come in order."""
        ahead: deque[tuple[Task, str | FileReport]] = deque()
        following = iter(tasks)
        for done, task in enumerate(tasks):
            while len(ahead) < _AHEAD and (later := next(following, None)):
                ahead.append((later, self._send(later)))
            progress(task.path, done, len(tasks))
            _, sent = ahead.popleft()
            found = self._await(sent) if isinstance(sent, str) else sent
            yield replace(found, path=str(task.path))

    def remove(self, submission_id: str) -> None:
        """Take a submission out of every store; raises NotFound."""
        self._call("DELETE", f"/submissions/{quote(submission_id, safe='')}")

    def _send(self, task: Task) -> str | FileReport:
        """The job of a file that was sent, or why it was not."""
        stated = {k: v for k, v in asdict(task.known()).items() if v is not None}
        form = {"source": task.key, "metadata": json.dumps(stated)}
        try:
            with task.path.open("rb") as file:
                files = {"file": (task.path.name, file)}
                sent = self._call("POST", "/submissions", data=form, files=files)
        except OSError as error:
            told = f"The file cannot be opened ({error.strerror}). Check its path and your rights."
            return FileReport(str(task.path), "damaged", message=told)
        except TooLarge as error:
            return FileReport(str(task.path), "too_large", message=str(error))
        return str(sent["job"])

    def _await(self, job: str) -> FileReport:
        while True:
            found = self._call("GET", f"/jobs/{job}")
            if found["status"] not in {"queued", "running"}:
                return FileReport(**{name: found[name] for name in FileReport.__slots__})
            time.sleep(_POLL_SECONDS)

    def serves(self) -> bool:
        """Whether a server is there, with or without submissions."""
        return self._succeeds("/submissions")

    def answers(self) -> bool:
        """Whether a server is there and ready."""
        return self._succeeds("/readyz")

    def _succeeds(self, path: str) -> bool:
        try:
            self._call("GET", path)
        except WsisError:
            return False
        return True

    def _call(self, method: str, path: str, **arguments: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            # Proxy settings of the machine must not carry loopback requests off it.
            with httpx.Client(base_url=self.url, timeout=_TIMEOUT, trust_env=False) as http:
                response = http.request(method, path, headers=headers, **arguments)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ServerUnreachable(
                f"No server answers at {self.url} ({error}). Start one with `wsis serve`, or unset "
                f"WSIS_SERVER_URL to open the corpus directly."
            ) from error
        if response.is_error:
            raise _error(response)
        return response.json() if response.content else None


def _error(response: httpx.Response) -> WsisError:
    kind = _BY_STATUS.get(response.status_code, WsisError)
    try:
        return kind(str(response.json()["detail"]))
    except (ValueError, KeyError, TypeError):
        return ServerUnreachable(f"The server answered with status {response.status_code}.")
