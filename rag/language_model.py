"""The port of a language model: it drafts, and nothing that it says is believed unchecked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

from corpus.errors import ModelUnavailable

Schema = Mapping[str, Any]
Stopped = Callable[[], bool]


class ModelFailed(ModelUnavailable):
    """The model gave no whole reply. The message is for a reader and holds nothing of a key."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: the rules, and the task with its material."""

    system: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens, 0 where the provider tells none, and US dollars, None where it does not."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None

    def counted(self, more: Usage) -> Self:
        """With another's added."""
        return replace(
            self,
            tokens_in=self.tokens_in + more.tokens_in,
            tokens_out=self.tokens_out + more.tokens_out,
            cost=self.cost if more.cost is None else (self.cost or 0.0) + more.cost,
        )


@dataclass(frozen=True, slots=True)
class Piece(Usage):
    """A part of a reply as it comes; what the model counted stands in the last ones.

    ``finish`` says why the reply ended, in the provider's word ("stop", "length", …), empty while
    it goes on.
    """

    text: str = ""
    finish: str = ""


class LanguageModel(Protocol):
    """Streams a reply."""

    @property
    def name(self) -> str:
        """As answers name it."""
        ...

    @property
    def structured(self) -> bool:
        """Whether it is worth asking for a reply that fits a JSON schema."""
        ...

    @property
    def bound(self) -> bool:
        """Whether its server holds every character of a reply to the schema, by a grammar.

        Such a schema is never read by the model, so that texts of others may stand in it.
        """
        ...

    def stream(
        self, prompt: Prompt, schema: Schema | None, stopped: Stopped = lambda: False
    ) -> Iterator[Piece]:
        """Pieces as they come; closing the iterator, or ``stopped``, ends the call.

        Raises ModelFailed, also after pieces came. Ends early, in silence, when stopped.
        """
        ...
