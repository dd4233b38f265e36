"""The assistant as a dependency of requests."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from rag.assistant import Assistant


def _assistant(request: Request) -> Assistant:
    assistant: Assistant = request.app.state.assistant
    return assistant


TheAssistant = Annotated[Assistant, Depends(_assistant)]
