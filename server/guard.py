"""Who may call: with keys set, those who send one; without, programs on this machine only."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from corpus.errors import Forbidden
from corpus.settings import Settings, is_loopback
from server import problems

_OPEN = {"/healthz", "/readyz"}
Next = Callable[[Request], Awaitable[Response]]


class Guard:
    """HTTP middleware that refuses callers who may not."""

    def __init__(self, settings: Settings) -> None:
        self._keys = settings.keys

    async def __call__(self, request: Request, call_next: Next) -> Response:
        refusal = None if request.url.path in _OPEN else self._refusal(request)
        if refusal:
            return problems.response(problems.of_error(Forbidden(refusal)))
        return await call_next(request)

    def _refusal(self, request: Request) -> str | None:
        if self._keys:
            return (
                None
                if self._has_key(request)
                else ("A key is needed: send it as `Authorization: Bearer KEY`.")
            )
        client = request.client.host if request.client else ""
        if not is_loopback(client):
            return "Without WSIS_API_KEYS the server answers programs on its own machine only."
        # A web page may make a browser on this machine call us under a name of its own.
        host = request.url.hostname or ""
        if not is_loopback(host):
            return f"The server is not called {host!r}. Call it as localhost or 127.0.0.1."
        return None

    def _has_key(self, request: Request) -> bool:
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        return any(hmac.compare_digest(sent.encode(), key.encode()) for key in self._keys)
