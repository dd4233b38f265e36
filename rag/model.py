"""What the assistant is asked and what it answers: the nouns of the HTTP contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from corpus.model import Filters, Location


class Mode(StrEnum):
    AUTO = "auto"
    EXTRACTIVE = "extractive"
    GENERATIVE = "generative"


class Status(StrEnum):
    """``partial``: related passages are shown, none states what is asked."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    NOT_FOUND = "not_found"


class Verdict(StrEnum):
    """How a sentence is backed: it is its quote, or it was checked against it."""

    QUOTED = "quoted"
    SUPPORTED = "supported"


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question as a user put it, with what was said before and what to search."""

    question: str
    history: tuple[Message, ...] = ()
    filters: Filters = field(default_factory=Filters)
    mode: Mode = Mode.AUTO
    top_k: int = 8


@dataclass(frozen=True, slots=True)
class Translation:
    """A quote as ``model`` put it into ``language`` (ISO 639-1), to help a reader.

    Code compares numbers, length and language, not the meaning: it is no evidence.
    """

    text: str
    language: str
    model: str


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact passage: ``quote == document.text[start:end]``, offsets in code points.

    ``number`` counts from 1 in the order of the answer; 0 in a list that no answer refers to.
    ``page`` counts the file's pages from 1, ``printed_page`` is the number on the paper;
    ``locations`` has both for each page that the quote stands on, with boxes to highlight.
    ``score`` is the retrieval score of the passage, higher is better. ``translation`` stands
    beside a quote in another language than the question's, where a model gave one.
    """

    number: int
    submission_id: str
    entity: str
    title: str
    session: int | None
    year: int | None
    section: tuple[str, ...]
    page: int | None
    printed_page: str | None
    start: int
    end: int
    quote: str
    score: float
    url: str
    locations: tuple[Location, ...] = ()
    translation: Translation | None = None


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One claim, attributed to its submitter, and the numbers of the citations behind it."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done while no sentence comes: ``searching``, ``drafting``, ``starting_over``,
    ``translating``.

    After ``starting_over`` the sentences that came before it do not count.
    """

    stage: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says, or declines to say, and all that is needed to check it.

    ``answer`` is the sentences with their ``[n]`` markers, or a refusal that says what was
    searched; then ``sentences`` and ``citations`` are empty and ``nearest`` shows the closest
    passages. ``confidence`` estimates how likely the passages answer the question, 0 to 1.
    ``snapshot`` names the state of the corpus, ``config`` the configuration that answered.
    """

    answer_id: str
    snapshot: str
    config: str
    mode: Mode
    model: str | None
    status: Status
    question: str
    standalone_question: str
    answer: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    nearest: tuple[Citation, ...]
    filters: Filters
    warnings: tuple[str, ...] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)
