"""The HTTP API as the command line calls it; answers come back as the nouns they were."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import httpx
from pydantic import TypeAdapter

from corpus.errors import BadRequest, CorpusEmpty, Forbidden, NotFound, ServerUnreachable, WsisError
from rag.model import Answer, Citation, Query

_ANSWER = TypeAdapter(Answer)
_CITATIONS = TypeAdapter(tuple[Citation, ...])
_TIMEOUT = httpx.Timeout(180.0, connect=3.0)
_BY_STATUS: dict[int, type[WsisError]] = {
    error.http_status: error for error in (BadRequest, CorpusEmpty, Forbidden, NotFound)
}


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

    def answers(self) -> bool:
        """Whether a server is there and ready."""
        try:
            self._call("GET", "/readyz")
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
        return response.json()


def _error(response: httpx.Response) -> WsisError:
    kind = _BY_STATUS.get(response.status_code, WsisError)
    try:
        return kind(str(response.json()["detail"]))
    except (ValueError, KeyError, TypeError):
        return ServerUnreachable(f"The server answered with status {response.status_code}.")
