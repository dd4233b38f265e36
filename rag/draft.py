"""What a draft is made of and what became of it: the nouns of writing with a model."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

from rag.judge import Fate
from rag.language_model import Piece, Usage
from rag.model import AnswerSentence, Citation
from rag.retrieve import Retrieved
from rag.select import Candidate


@dataclass(frozen=True, slots=True)
class Task:
    """A question and what may be said about it: passages, and what would be quoted.

    Tasks of one ``key`` are one task; an empty key is never remembered.
    """

    question: str
    found: tuple[Retrieved, ...]
    chosen: tuple[Candidate, ...]
    ranked: tuple[Candidate, ...] = ()
    key: tuple[Hashable, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """What became of one drafted sentence, for the record, and the quotes it was held against."""

    text: str
    verdict: Fate
    reasons: tuple[str, ...]
    score: float
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record(Usage):
    """How a draft was made and what became of it; kept with the answer.

    ``form`` is ``json`` or ``lines``; tokens and cost are those of all attempts.
    """

    model: str
    prompt_version: str
    form: str = ""
    attempts: int = 0
    finish: str = ""
    cached: bool = False
    failure: str = ""
    sentences: tuple[Sentence, ...] = ()

    def given(self, piece: Piece) -> Record:
        """With what a piece of the reply tells of it."""
        return replace(self.counted(piece), finish=piece.finish or self.finish)


@dataclass(frozen=True, slots=True)
class Written:
    """A finished draft: without sentences, ``warning`` says why quotes are given instead."""

    record: Record
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    warning: str = ""
