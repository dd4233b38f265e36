"""What is evaluated: one protocol, and our assistant behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from corpus.model import Document
from corpus.store import Corpus
from evals.model import Outcome
from rag.assistant import Assistant
from rag.model import Citation, Query
from rag.retrieve import HybridRetriever
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
    """The assistant as it is delivered; with ``dense_weight`` 0 or 1, one arm of its retrieval.

    ``has_model`` is false where no embedding model is loaded, so that sentences are not ranked.
    """

    def __init__(
        self,
        corpus: Corpus,
        name: str = "ours",
        dense_weight: float | None = None,
        *,
        has_model: bool = True,
    ) -> None:
        self.name = name
        self.assistant = Assistant(corpus)
        self._corpus = corpus
        self._weight = dense_weight
        self._has_model = has_model
        if dense_weight is not None:
            self.assistant.retriever = HybridRetriever(corpus=corpus, dense_weight=dense_weight)

    @property
    def config(self) -> str:
        arm = "" if self._weight is None else f"-dense={self._weight:g}"
        return f"{self.assistant.config}{arm}"

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
        found = self.assistant.retrieve(replace(query, question=self._alone(query)))
        # The arm that counts nothing still brings its hits, at 0.
        return found if self._weight is None else tuple(c for c in found if c.score > 0)

    def rank_sentences(self, query: Query) -> tuple[Citation, ...]:
        if not self._has_model:
            return ()
        return self.assistant.rank(replace(query, question=self._alone(query)))

    def _alone(self, query: Query) -> str:
        return standalone(self._corpus, query.question, query.history)


def documents_of(corpus: Corpus) -> list[Document]:
    """Every document of a corpus, for baselines that index it their own way."""
    return [corpus.document(submission.id) for submission in corpus.submissions()]
