"""The assistant as a dependency of requests."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from corpus.errors import NotReady
from rag.assistant import Assistant


def _assistant(request: Request) -> Assistant:
    assistant: Assistant | None = request.app.state.assistant
    if assistant is None:
        raise NotReady("The models are still being loaded. Try again in some seconds.")
    return assistant


TheAssistant = Annotated[Assistant, Depends(_assistant)]
