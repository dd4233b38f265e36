"""Short requests of a model, bounded in time and length, and what each cost."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from rag.circuit import Circuit
from rag.language_model import LanguageModel, ModelFailed, Prompt, Stopped, Usage
from rag.prompting import version


@dataclass(frozen=True, slots=True)
class Call(Usage):
    """How a request went, for the record.

    ``failure`` says why there is no reply, and is empty when there is one.
    """

    model: str
    prompt_version: str
    cached: bool = False
    failure: str = ""


class Asker:
    """Asks a model; one that fails again and again is let be for a while.

    ``seconds`` bound a request, ``longest`` the characters of a reply.
    """

    def __init__(
        self, model: LanguageModel, seconds: float, longest: int, circuit: Circuit | None = None
    ) -> None:
        self.name = model.name
        self._model = model
        self._seconds = seconds
        self._longest = longest
        self._circuit = circuit or Circuit()

    def ask(self, prompt: Prompt, stopped: Stopped = lambda: False) -> tuple[str, Call] | None:
        """The reply and how it went; None while the model is let be. Raises nothing."""
        if self._circuit.waits():
            return None
        reply, call = _asked(self._model, prompt, self._seconds, self._longest, stopped)
        if call.failure:
            self._circuit.failed()
        else:
            self._circuit.succeeded()
        return reply, call


def _asked(
    model: LanguageModel, prompt: Prompt, seconds: float, longest: int, stopped: Stopped
) -> tuple[str, Call]:
    """The reply and how it went.

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
