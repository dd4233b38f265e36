"""Whether a drafted sentence says what its quotes say, and no more: the nouns and the port.

The check is offline and explainable: its finding names what does not hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quote that a sentence is held against, with what the passage stands under.

    ``section`` is the path of its headings; ``language`` an ISO 639-1 code.
    """

    quote: str
    entity: str
    section: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a sentence is supported, and why not: the first reason is the weightiest.

    ``score`` estimates the probability, 0 to 1, that the sentence is supported. ``doubtful`` says
    of a supported one that its quote is the better answer, which is at hand and always true.
    """

    supported: bool
    score: float
    reasons: tuple[str, ...] = ()
    doubtful: bool = False


class SupportCheck(Protocol):
    """Holds a sentence against all the evidence that it cites."""

    def check(self, sentence: str, evidence: Sequence[Evidence]) -> Finding:
        """``sentence`` without its citation markers; no evidence is never support."""
        ...
