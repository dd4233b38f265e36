"""Who may call: with keys set, those who send one; without, programs on this machine only."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import Forbidden
from corpus.settings import Settings, is_loopback
from server import problems

_OPEN = {"/healthz", "/readyz"}


class Guard:
    """Middleware that refuses HTTP callers who may not.

    It hands the connection on as it is, so that what is behind it can tell when a caller leaves.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._keys = settings.keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None
        if scope["type"] == "http" and scope["path"] not in _OPEN:
            refusal = self._refusal(Request(scope))
        if refusal:
            await problems.response(problems.of_error(Forbidden(refusal)))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

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
        # Or post a form to us, which a browser lets any page do.
        origin = urlsplit(request.headers.get("origin", "")).hostname
        if "origin" in request.headers and not is_loopback(origin or ""):
            return f"Pages of {request.headers['origin']} may not call this server."
        return None

    def _has_key(self, request: Request) -> bool:
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        return any(hmac.compare_digest(sent.encode(), key.encode()) for key in self._keys)
