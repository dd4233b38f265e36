"""One short request of a model, bounded in time and length, and what it cost."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from rag.language_model import LanguageModel, ModelFailed, Piece, Prompt, Stopped
from rag.prompting import version


@dataclass(frozen=True, slots=True)
class Call:
    """How a request went, for the record: tokens and US dollars as the provider tells them.

    ``failure`` says why there is no reply, and is empty when there is one.
    """

    model: str
    prompt_version: str
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    cached: bool = False
    failure: str = ""

    def counted(self, piece: Piece) -> Call:
        cost = self.cost if piece.cost is None else (self.cost or 0.0) + piece.cost
        return replace(
            self,
            tokens_in=self.tokens_in + piece.tokens_in,
            tokens_out=self.tokens_out + piece.tokens_out,
            cost=cost,
        )


def asked(
    model: LanguageModel,
    prompt: Prompt,
    seconds: float,
    longest: int,
    stopped: Stopped = lambda: False,
) -> tuple[str, Call]:
    """The reply, at most about ``longest`` characters of it, and how it went; raises nothing.

    What came before a time-out or a failure is no reply: it may say something else as a whole.
    """
    call, reply = Call(model.name, version()), ""
    end = time.monotonic() + seconds
    late = False

    def over() -> bool:
        nonlocal late
        late = late or time.monotonic() > end
        return late or stopped()

    try:
        for piece in model.stream(prompt, None, over):
            call = call.counted(piece)
            reply += piece.text
            if len(reply) > longest:
                return "", replace(call, failure="its reply was too long")
            if piece.finish == "length":
                return "", replace(call, failure="its reply was cut short")
    except ModelFailed as failure:
        return "", replace(call, failure=str(failure))
    if late:
        return "", replace(call, failure=f"it was not done after {seconds:g} seconds")
    return reply, call
