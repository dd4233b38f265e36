"""The assistant's work as it goes on, for a caller who may leave."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import Any

from anyio import to_thread
from fastapi import Request
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from corpus.errors import WsisError
from rag.assistant import Assistant
from rag.model import Answer, AnswerSentence, Query, Stage
from server import problems

# How soon a caller's leaving is noticed, and how long a stream is left without a sign of life.
_LISTEN_SECONDS, _SILENT_SECONDS = 0.25, 10.0

Given = Stage | AnswerSentence | Answer


async def work(
    request: Request, assistant: Assistant, query: Query
) -> AsyncGenerator[Given | None, None]:
    """What the assistant gives, and None now and then while it gives nothing.

    Ends without an answer when the caller leaves; the work, a model's included, ends with it.
    """
    gone = threading.Event()
    given = assistant.stream(query, gone.is_set)
    try:
        while True:
            step = asyncio.ensure_future(
                to_thread.run_sync(next, given, None, abandon_on_cancel=True)
            )
            async for _ in _waiting(step, request):
                yield None
            if not step.done():
                step.cancel()
                return
            one = step.result()
            if one is None:
                return
            yield one
    finally:
        gone.set()


async def answer(request: Request, assistant: Assistant, query: Query) -> Answer | None:
    """The whole answer; None when the caller left before."""
    async with aclosing(work(request, assistant, query)) as given:
        async for one in given:
            if isinstance(one, Answer):
                return one
    return None


async def events(
    request: Request, assistant: Assistant, query: Query
) -> AsyncGenerator[bytes, None]:
    """The work as server-sent events; the last one is the whole answer, or the problem."""
    try:
        async with aclosing(work(request, assistant, query)) as given:
            async for one in given:
                yield KEEPALIVE_COMMENT if one is None else _event(_NAMES[type(one)], asdict(one))
    except WsisError as error:
        yield _event("error", problems.of_error(error))


_NAMES: dict[type[Given], str] = {Stage: "status", AnswerSentence: "sentence", Answer: "answer"}


async def _waiting(step: asyncio.Future[Any], request: Request) -> AsyncGenerator[None, None]:
    """Gives a sign after each long silence, until the step is done or the caller has gone."""
    silent = 0.0
    while not (await asyncio.wait({step}, timeout=_LISTEN_SECONDS))[0]:
        if await request.is_disconnected():
            return
        silent += _LISTEN_SECONDS
        if silent >= _SILENT_SECONDS:
            silent = 0.0
            yield


def _event(name: str, data: Any) -> bytes:
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False), event=name)
