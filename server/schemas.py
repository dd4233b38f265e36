"""What a request may hold. Requests are untrusted: unknown keys and wrong types are refused."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from corpus.model import EntityType, Filters, Part
from rag.assistant import LARGEST_TOP_K, LONGEST_QUESTION
from rag.model import Message, Mode, Query, Role

_MOST_MESSAGES = 50
_LONGEST_MESSAGE = 20_000
_EXAMPLE: dict[str, Any] = {"question": "Where and when was the Global Boys Summit held?"}

Names = Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=100)]
Numbers = Annotated[list[Annotated[int, Field(ge=0, le=9_999)]], Field(max_length=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MessageRequest(_Strict):
    """One earlier turn of the conversation."""

    role: Role
    content: str = Field(max_length=_LONGEST_MESSAGE)


class FiltersRequest(_Strict):
    """What to search; an empty list leaves that field unlimited."""

    submission: Names = []
    entity: Names = []
    entity_type: list[EntityType] = []
    session: Numbers = []
    year: Numbers = []
    language: Names = []
    part: list[Part] = []

    def noun(self) -> Filters:
        return Filters(**{name: tuple(value) for name, value in self})


class RetrieveRequest(_Strict):
    """A question whose ranked passages are wanted, without an answer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    question: str = Field(min_length=1, max_length=LONGEST_QUESTION)
    filters: FiltersRequest = FiltersRequest()
    top_k: int = Field(8, ge=1, le=LARGEST_TOP_K)

    def query(self) -> Query:
        return Query(self.question, filters=self.filters.noun(), top_k=self.top_k)


class AskRequest(RetrieveRequest):
    """A question, with what was said before and what to search."""

    history: list[MessageRequest] = Field([], max_length=_MOST_MESSAGES)
    mode: Mode = Mode.AUTO

    def query(self) -> Query:
        history = tuple(Message(turn.role, turn.content) for turn in self.history)
        return Query(self.question, history, self.filters.noun(), self.mode, self.top_k)
