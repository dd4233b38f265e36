"""Replies that a language model once gave, to measure what they bring time after time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from evals.errors import CasesInvalid
from rag.language_model import ModelFailed, Piece, Prompt, Schema, Stopped
from rag.prompting import filled

_RULES = filled("variants", question="", languages="").system
_QUESTION = "\n\nQuestion: "


class RecordedWordings:
    """The ``LanguageModel`` that words questions as another one did.

    ``replies`` are by question; to others it has an empty one, since a failure would keep it from
    being asked again. All that is not a question to be worded fails, as where a model is down.
    """

    name = "recorded"
    structured = True
    bound = False

    def __init__(self, replies: Mapping[str, str]) -> None:
        self._replies = replies

    def stream(
        self,
        prompt: Prompt,
        schema: Schema | None,  # noqa: ARG002
        stopped: Stopped = lambda: False,  # noqa: ARG002
    ) -> Iterator[Piece]:
        if prompt.system != _RULES:
            raise ModelFailed("it only words questions")
        yield Piece(text=self._replies.get(prompt.user.partition(_QUESTION)[2], ""), finish="stop")


def read_wordings(path: Path) -> dict[str, str]:
    """Replies by question, from lines of ``{"question": …, "reply": …}``; raises CasesInvalid."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {row["question"]: row["reply"] for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CasesInvalid(f"The replies in {path} cannot be used: {error}") from error
