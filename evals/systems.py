"""What is evaluated: one protocol, and our assistant behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from corpus.model import Document
from corpus.store import Corpus
from evals.model import Outcome
from rag.assistant import Assistant
from rag.generate import Writer
from rag.model import Citation, Query
from rag.retrieve import HybridRetriever, Weights
from rag.standalone import standalone


class System(Protocol):
    """Anything that answers questions about a corpus; baselines implement it too."""

    @property
    def name(self) -> str: ...

    @property
    def config(self) -> str:
        """Names the configuration; a changed one is another system."""

    def ask(self, query: Query) -> Outcome:
        """The answer, or the refusal, that a user would see."""

    def retrieve(self, query: Query) -> tuple[Citation, ...]:
        """At most ``query.top_k`` passages, best first."""

    def rank_sentences(self, query: Query) -> tuple[Citation, ...]:
        """Single sentences, best first; empty for a system that does not rank them."""


class Ours:
    """The assistant as it is delivered; with other ``weights``, some arms of its retrieval alone.

    ``has_model`` is false where no embedding model is loaded, so that sentences are not ranked.
    With a ``writer`` whole answers are asked of it as of a connected model; passages never are.
    """

    def __init__(
        self,
        corpus: Corpus,
        name: str = "ours",
        weights: Weights | None = None,
        *,
        has_model: bool = True,
        writer: Writer | None = None,
    ) -> None:
        self.name = name
        self.assistant = Assistant(corpus, writer)
        self._corpus = corpus
        self._has_model = has_model
        if weights is not None:
            self.assistant.retriever = HybridRetriever(corpus=corpus, weights=weights)

    @property
    def config(self) -> str:
        return self.assistant.config

    def ask(self, query: Query) -> Outcome:
        answer = self.assistant.ask(query)
        return Outcome(
            answer.status,
            answer.confidence,
            answer.answer,
            answer.sentences,
            answer.citations,
            answer.nearest,
        )

    def retrieve(self, query: Query) -> tuple[Citation, ...]:
        return self.assistant.retrieve(replace(query, question=self._alone(query)))

    def rank_sentences(self, query: Query) -> tuple[Citation, ...]:
        if not self._has_model:
            return ()
        return self.assistant.rank(replace(query, question=self._alone(query)))

    def _alone(self, query: Query) -> str:
        return standalone(self._corpus, query.question, query.history)


def documents_of(corpus: Corpus) -> list[Document]:
    """Every document of a corpus, for baselines that index it their own way."""
    return [corpus.document(submission.id) for submission in corpus.submissions()]
