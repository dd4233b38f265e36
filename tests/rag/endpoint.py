"""A server that speaks the OpenAI protocol on loopback and says, or does, what a test wants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from corpus.settings import Settings
from rag.chat_model import ChatModel, connect
from tests.rag.scripted import TRANSLATION, WORDINGS

Json = dict[str, Any]


@dataclass
class Behaviour:
    """How the server treats requests; ``reply`` is given the request's JSON.

    ``statuses`` are answered first, one a request. ``dies_after`` characters the connection is
    cut, and ``hangs_after`` them it stays open and silent, or with comments if it ``drips``.
    """

    reply: Callable[[Json], str]
    statuses: list[int] = field(default_factory=list)
    dies_after: int | None = None
    hangs_after: int | None = None
    drips: bool = False
    knows_schemas: bool = True
    finish: str = "stop"
    wordings: str = ""
    translation: Callable[[Json], str] = lambda asked: ""
    requests: list[Json] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)


@contextmanager
def endpoint(behaviour: Behaviour) -> Iterator[str]:
    """The base URL of a server that behaves so, until the block ends."""

    class Handler(_Handler):
        how = behaviour

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def connected(behaviour: Behaviour, timeout: float = 20) -> Iterator[ChatModel]:
    """The chat model that talks to it, as the settings would connect it."""
    with endpoint(behaviour) as url:
        model = connect(Settings(model="tiny", model_base_url=url, model_timeout=timeout))
        assert model is not None
        try:
            yield model
        finally:
            model.close()


class _Handler(BaseHTTPRequestHandler):
    how: Behaviour
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if asked["messages"][0]["content"] == WORDINGS:
            # How drafts go is what a behaviour says; these requests stand beside it.
            self._whole(self.how.wordings)
            return
        if asked["messages"][0]["content"] == TRANSLATION:
            self._whole(self.how.translation(asked))
            return
        self.how.requests.append(asked)
        self.how.authorizations.append(self.headers.get("authorization", ""))
        if self.how.statuses:
            self._refuse(self.how.statuses.pop(0))
        elif "response_format" in asked and not self.how.knows_schemas:
            self._refuse(400)
        else:
            try:
                self._stream(self.how.reply(asked))
            except OSError:
                self.how.left.set()

    def _refuse(self, status: int) -> None:
        body = json.dumps({"error": {"message": "no: sk-secret-key", "type": "x"}}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _whole(self, text: str) -> None:
        self._begin()
        self._event({"delta": {"role": "assistant", "content": text}, "finish_reason": None})
        self._end("stop")

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True

    def _stream(self, text: str) -> None:
        self._begin()
        given = 0
        for start in range(0, len(text), 40):
            if self.how.dies_after is not None and given >= self.how.dies_after:
                self.connection.shutdown(2)
                return
            if self.how.hangs_after is not None and given >= self.how.hangs_after:
                self._hang()
                return
            part = text[start : start + 40]
            given += len(part)
            self._event({"delta": {"role": "assistant", "content": part}, "finish_reason": None})
        self._end(self.how.finish)

    def _end(self, finish: str) -> None:
        self._event({"delta": {}, "finish_reason": finish})
        self._event(None, {"prompt_tokens": 1_200, "completion_tokens": 80, "total_tokens": 1_280})
        self.wfile.write(b"data: [DONE]\n\n")

    def _hang(self) -> None:
        """Until the other side has gone, and a minute at most."""
        self.connection.settimeout(0.05)
        for _ in range(1_200):
            if self.how.drips:
                self.wfile.write(b": still here\n\n")
            try:
                if not self.connection.recv(1):
                    raise BrokenPipeError
            except TimeoutError:
                time.sleep(0)

    def _event(self, choice: Json | None, usage: Json | None = None) -> None:
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "tiny",
            "choices": [{"index": 0, **choice}] if choice else [],
            "usage": usage,
        }
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, *arguments: object) -> None:
        """Nothing: the tests' output stays readable."""
