"""What the chat holds besides the answer: what is searchable, a stretch of text, a turn."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import EntityType
from rag.model import Answer, Message, Query, Role

# How an answer begins tells later questions what it was about; servers limit the length.
REMEMBERED = 8_000


@dataclass(frozen=True, slots=True)
class Listing:
    """One searchable submission, as ``GET /submissions`` lists it."""

    id: str
    title: str
    entity: str
    language: str
    entity_type: EntityType | None = None
    session: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is searchable; ``snapshot`` names this state of the corpus."""

    submissions: tuple[Listing, ...]
    snapshot: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """``text`` is code points ``start`` to ``end`` of a submission that is ``length`` long."""

    start: int
    end: int
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no answer, in words for the reader; ``status`` is None without a server."""

    title: str
    detail: str = ""
    status: int | None = None


class ServerProblem(Exception):
    """The server refused, failed or could not be reached: show ``problem``, keep the question."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.title}: {problem.detail}")
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came back; ``number`` is its own in the whole session."""

    number: int
    query: Query
    outcome: Answer | Problem

    def messages(self) -> tuple[Message, ...]:
        """The turn as later questions send it; a failed turn says nothing."""
        if isinstance(self.outcome, Problem):
            return ()
        return (
            Message(Role.USER, self.query.question),
            Message(Role.ASSISTANT, self.outcome.answer[:REMEMBERED]),
        )
