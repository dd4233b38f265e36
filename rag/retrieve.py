"""Hybrid retrieval: dense and BM25 rankings fused into one, as a LangChain retriever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from corpus.language import language_of
from corpus.model import Filters, Hit
from corpus.store import Corpus, Passage

# Fetched from each arm before fusion; more changes nothing that a user sees.
_DEPTH = 50
# Weight of the dense arm in the convex combination; chosen on the dev cases.
_DENSE_WEIGHT = 0.5
# What is left of it for a question in a language that the embedder was not made for.
_FOREIGN_SHARE = 0.2
# A passage of the cover block has to be this much better to stand before one of the body.
BOILERPLATE_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage and its fused score, 0 to 1."""

    passage: Passage
    score: float


class HybridRetriever(BaseRetriever):
    """Passages for a question, best first.

    ``invoke(question, filters=…, limit=…)`` gives LangChain documents whose metadata holds the
    ``Retrieved`` they were made from. The fusion is the convex combination of min-max scaled
    scores (Bruch, Gai, Ingber 2022, "An Analysis of Fusion Functions for Hybrid Retrieval").
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    corpus: Corpus
    # 0: by words alone, 1: by meaning alone; evaluations take the arms apart.
    dense_weight: float = _DENSE_WEIGHT

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
        filters: Filters | None = None,
        limit: int = 8,
    ) -> list[LangChainDocument]:
        return [
            LangChainDocument(
                id=found.passage.chunk.id,
                page_content=found.passage.chunk.text,
                metadata={"retrieved": found},
            )
            for found in self._search(query, filters or Filters(), limit)
        ]

    def _search(self, question: str, filters: Filters, limit: int) -> list[Retrieved]:
        scope = self.corpus.scope(filters)
        depth = max(_DEPTH, limit)
        dense = self.corpus.dense(self.corpus.embedder.embed_query(question), depth, scope)
        fused = fuse(dense, self.corpus.lexical(question, depth, scope), self._weight(question))
        passages = self.corpus.passages(list(fused))
        found = [
            Retrieved(
                passages[chunk_id],
                round(BOILERPLATE_WEIGHT * score, 5)
                if passages[chunk_id].section.boilerplate
                else round(score, 5),
            )
            for chunk_id, score in fused.items()
            if chunk_id in passages
        ]
        return sorted(found, key=lambda one: (-one.score, one.passage.chunk.id))[:limit]

    def _weight(self, question: str) -> float:
        """The dense arm's weight: an English model drowns good words in other languages."""
        known = self.corpus.embedder.languages
        if known is None or self.dense_weight in (0.0, 1.0) or language_of(question) in known:
            return self.dense_weight
        return _FOREIGN_SHARE * self.dense_weight


def fuse(dense: Sequence[Hit], lexical: Sequence[Hit], dense_weight: float) -> dict[str, float]:
    """Convex combination of two rankings, 0 to 1, by chunk id.

    Cosine is scaled from the least of its ranking to the best; BM25 from 0. A chunk that one
    ranking lacks gets nothing from it.
    """
    low = min((hit.score for hit in dense), default=0.0)
    by_meaning = _scaled({hit.chunk_id: hit.score - low for hit in dense})
    by_words = _scaled({hit.chunk_id: hit.score for hit in lexical})
    return {
        chunk_id: dense_weight * by_meaning.get(chunk_id, 0.0)
        + (1 - dense_weight) * by_words.get(chunk_id, 0.0)
        for chunk_id in {**by_meaning, **by_words}
    }


def _scaled(scores: Mapping[str, float]) -> dict[str, float]:
    top = max(scores.values(), default=0.0)
    return {key: value / top if top > 0 else 0.0 for key, value in scores.items()}
