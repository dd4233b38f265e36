"""The server as the chat sees it: three requests, and problems in place of exceptions."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from rag.model import Answer, AnswerSentence, Query
from ui.nouns import Catalogue, Excerpt, Problem, ServerProblem
from ui.sse import Event, events

T = TypeVar("T")

DEFAULT_SERVER_URL = "http://127.0.0.1:8000"
# A language model on two cores may need a minute; a server that is there accepts at once.
TIMEOUT = httpx.Timeout(180.0, connect=5.0)


@dataclass(frozen=True, slots=True)
class Stage:
    """What the server is doing while no sentence has come yet."""

    name: str


@dataclass(frozen=True, slots=True)
class Client:
    """Talks to the server at ``base_url``; ``api_key`` is sent as a bearer token if set.

    Every method raises ServerProblem, and nothing else, if the server does not give what
    was asked for.
    """

    base_url: str = DEFAULT_SERVER_URL
    api_key: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Client:
        url = environment.get("WSIS_SERVER_URL") or DEFAULT_SERVER_URL
        return cls(url.rstrip("/"), environment.get("WSIS_API_KEY", ""))

    def submissions(self) -> Catalogue:
        """What can be searched now."""
        return self._get(Catalogue, "/submissions")

    def excerpt(self, submission_id: str, start: int, end: int) -> Excerpt:
        """The canonical text of a submission between two code points."""
        path = f"/submissions/{quote(submission_id, safe='')}/text"
        return self._get(Excerpt, path, {"start": start, "end": end})

    def picture(self, submission_id: str, page: int, start: int, end: int) -> bytes:
        """A page as PNG, what stands between the two code points marked."""
        path = f"/submissions/{quote(submission_id, safe='')}/pages/{page}.png"
        with self._http() as http:
            response = http.get(path, params={"start": start, "end": end})
        _check(response)
        return response.content

    def ask(self, query: Query) -> Iterator[Stage | AnswerSentence | Answer]:
        """Stages and sentences as the server finds them; the last item is the whole answer."""
        accept = {"Accept": "text/event-stream"}
        with (
            self._http() as http,
            http.stream("POST", "/ask", json=asdict(query), headers=accept) as response,
        ):
            if response.is_error:
                response.read()
            _check(response)
            for event in events(_lines(response)):
                item = _item(event)
                if item is not None:
                    yield item
                if isinstance(item, Answer):
                    return
        raise ServerProblem(
            Problem("The answer broke off", "The server stopped before the answer was whole.", 502)
        )

    def link(self, path: str) -> str | None:
        """The address of a page on the server; None for one that leads elsewhere."""
        return self.base_url + path if path.startswith("/") and path[1:2] != "/" else None

    def _get(self, kind: type[T], path: str, params: Mapping[str, int] | None = None) -> T:
        with self._http() as http:
            response = http.get(path, params=params, headers={"Accept": "application/json"})
        _check(response)
        return _parse(kind, response.text)

    @contextmanager
    def _http(self) -> Iterator[httpx.Client]:
        headers = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        try:
            # Proxy settings of the machine must not carry loopback requests off it.
            with httpx.Client(
                base_url=self.base_url, headers=headers, timeout=TIMEOUT, trust_env=False
            ) as http:
                yield http
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise ServerProblem(self._unreachable(error)) from error

    def _unreachable(self, error: Exception) -> Problem:
        if isinstance(error, httpx.ReadTimeout):
            return Problem(
                "The server did not answer in time",
                f"{self.base_url} took longer than {TIMEOUT.read:.0f} seconds.",
                504,
            )
        return Problem(
            "The server cannot be reached",
            f"Nothing usable answers at {self.base_url}. Start the server there, then try again.",
        )


def _lines(response: httpx.Response) -> Iterator[str]:
    """Lines of a stream, split at newlines only: a passage may hold other separators."""
    rest = ""
    for text in response.iter_text():
        *whole, rest = (rest + text).split("\n")
        for line in whole:
            yield line.removesuffix("\r")


def _item(event: Event) -> Stage | AnswerSentence | Answer | None:
    """The event as a noun; events of a kind that we do not know are passed over."""
    match event.name:
        case "status":
            return _parse(Stage, json.dumps({"name": _object(event.data).get("stage", "")}))
        case "sentence":
            return _parse(AnswerSentence, event.data)
        case "answer":
            return _parse(Answer, event.data)
        case "error":
            raise ServerProblem(_problem(_object(event.data), None))
    return None


def _check(response: httpx.Response) -> None:
    if not response.is_success:
        raise ServerProblem(_problem(_object(response.text), response.status_code))


def _problem(document: Mapping[str, Any], status: int | None) -> Problem:
    """An RFC 9457 document as a Problem; what it leaves out is filled with plain words."""
    code = document.get("status") or status or 500
    return Problem(
        title=str(document.get("title") or "The server could not answer"),
        detail=str(document.get("detail") or f"It answered with status {code}."),
        status=code if isinstance(code, int) else status,
    )


def _object(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _parse(kind: type[T], text: str) -> T:
    try:
        return TypeAdapter(kind).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise ServerProblem(
            Problem(
                "The server's answer could not be read",
                f"{kind.__name__}, {where}: {first['msg']}. Are chat and server of one version?",
                502,
            )
        ) from error
