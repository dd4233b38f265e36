"""The nouns of an evaluation: cases, what a system makes of them, records and runs.

Spans count code points of a document's canonical text, like everywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.model import Span
from rag.model import AnswerSentence, Citation, Query, Status


@dataclass(frozen=True, slots=True)
class Gold:
    """A passage that answers a case: where it stands and under which headings."""

    document: str
    span: Span
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One question with all that is needed to judge an answer; no system sees more than ``query``.

    ``gold`` is empty when nothing answers. ``relevant`` grades documents by id, for suites that
    judge documents. ``required`` are strings an answer must show, "a|b" being alternatives.
    """

    id: str
    kind: str
    query: Query
    language: str = "en"
    gold: tuple[Gold, ...] = ()
    relevant: Mapping[str, int] = field(default_factory=dict)
    required: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        return bool(self.gold or self.relevant)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system says to one question; ``confidence`` is higher when it is surer to answer.

    ``nearest`` are the passages shown when it declines, best first.
    """

    status: Status
    confidence: float
    answer: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage as it is kept in a record, for a reader of the report."""

    document: str
    section: tuple[str, ...]
    start: int
    end: int
    quote: str
    score: float


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one question.

    ``values`` are its metrics by name; one that does not apply to it is left out.
    ``latency_ms`` is wall time of the answer. ``gold`` holds the quotes looked for; it is empty
    for cases of a test split, so that nobody tunes on them. ``error`` is what the system raised.
    """

    case: str
    kind: str
    question: str
    language: str
    answerable: bool
    passed: bool
    values: dict[str, float]
    latency_ms: float
    status: str = ""
    confidence: float | None = None
    shown: tuple[Shown, ...] = ()
    gold: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric over ``count`` records, with its 95 % bootstrap interval (None: not resampled)."""

    value: float
    low: float | None
    high: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Run:
    """One system over one suite: when, of which revision, on which corpus, and every record."""

    suite: str
    system: str
    split: str
    started: str
    revision: str
    config: str
    snapshot: str
    seconds: float
    figures: dict[str, Figure]
    by_kind: dict[str, dict[str, Figure]]
    records: tuple[Record, ...]
    notes: dict[str, Any] = field(default_factory=dict)
