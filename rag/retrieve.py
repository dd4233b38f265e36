"""Hybrid retrieval: BM25, passage vectors and sentence vectors in one ranking.

A passage is found by its words, by its meaning as a whole, and by the meaning of its single
sentences, the last two in any language. The rankings are fused by a convex combination.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from corpus.language import language_of
from corpus.model import Filters, Hit, Scope
from corpus.store import Corpus, Passage
from corpus.units import chunk_of, is_sentence
from rag.cover import asks_about_itself
from rag.submitters import named, topic_of
from rag.wording import with_acronyms

# Fetched from each arm before fusion; more changes nothing that a user sees.
_DEPTH = 50
# A passage has some four units, itself and its sentences; those of long passages crowd the rest
# out, and a passage whose best sentence lies beyond the depth loses half of the arm.
_UNITS_A_PASSAGE = 12
# Passages looked at, to each that is kept: some are of the cover and lose.
_LOADED = 2
# A passage of the cover block has to be this much better to stand before one of the body.
BOILERPLATE_WEIGHT = 0.5
# Ranks beyond it count about alike; as in the paper.
_RECIPROCAL = 60
# Added to the passages, and to the sentences, of a submission that the question names.
NAMED = 0.15


@dataclass(frozen=True, slots=True)
class Weights:
    """What each arm counts; chosen on dev cases, see docs/decisions/0007-two-encoders.md.

    ``words`` is BM25, ``dense`` the passage embedder, ``multilingual`` the other encoder's mean
    of a passage and of its best sentence. Where the passage embedder was not made for the
    question's language its share goes to ``multilingual``, and so does as much of ``words`` as
    the question has words (by idf) that no passage has: those that BM25 cannot look for.
    """

    words: float = 0.35
    dense: float = 0.1
    multilingual: float = 0.55


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage, its fused score, 0 to 1, and whether the question names its submission."""

    passage: Passage
    score: float
    named: bool = False


class HybridRetriever(BaseRetriever):
    """Passages for a question, best first.

    ``invoke(question, filters=…, limit=…)`` gives LangChain documents whose metadata holds the
    ``Retrieved`` they were made from. The fusion is the convex combination of min-max scaled
    scores (Bruch, Gai, Ingber 2022, "An Analysis of Fusion Functions for Hybrid Retrieval").
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    corpus: Corpus
    # Evaluations take the arms apart.
    weights: Weights = Weights()

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
        scopes = [self.corpus.scope(filters)]
        searched = self.corpus.searched(filters)
        meant = named(question, searched)
        if meant:
            scopes.append(replace(scopes[0], submissions=tuple(sorted(meant))))
        topic = topic_of(question, searched)
        fused = self._fused(topic, scopes, max(_DEPTH, limit))
        best = sorted(fused, key=lambda chunk_id: (-fused[chunk_id], chunk_id))
        passages = self.corpus.passages(best if meant else best[: _LOADED * limit])
        cover = 1.0 if asks_about_itself(question) else BOILERPLATE_WEIGHT
        found = [_retrieved(passage, fused[one], cover, meant) for one, passage in passages.items()]
        return sorted(found, key=lambda one: (-one.score, one.passage.chunk.id))[:limit]

    def _fused(self, question: str, scopes: Sequence[Scope], depth: int) -> dict[str, float]:
        """Every arm's chunks in any scope with their fused score; none of no weight."""
        weights, arms = self._weights(question), list[tuple[float, Mapping[str, float]]]()
        if weights.words:
            words = with_acronyms(self.corpus, question)
            hits = _from_all(scopes, lambda scope: self.corpus.lexical(words, depth, scope))
            arms.append((weights.words, scaled(hits, 0.0)))
        if weights.dense:
            own = self.corpus.embedder.embed_query(question)
            hits = _from_all(scopes, lambda scope: self.corpus.dense(own, depth, scope))
            arms.append((weights.dense, scaled(hits)))
        if weights.multilingual:
            vector = self.corpus.multilingual_question(question)
            count = depth * _UNITS_A_PASSAGE
            units = _from_all(scopes, lambda scope: self.corpus.near_units(vector, count, scope))
            least = min((hit.score for hit in units), default=0.0)
            for kind in (False, True):
                best = _best_of_chunks(hit for hit in units if is_sentence(hit.chunk_id) is kind)
                arms.append((weights.multilingual / 2, scaled(best, least)))
        return fuse(arms)

    def _weights(self, question: str) -> Weights:
        """What each arm counts for this question."""
        own, known = self.weights, self.corpus.embedder.languages
        if not own.multilingual:
            return own
        language = language_of(question)
        words = own.words * self._share_known(question, language)
        dense = own.dense if known is None or language in known else 0.0
        return Weights(words, dense, own.multilingual + own.words + own.dense - words - dense)

    def _share_known(self, question: str, language: str) -> float:
        """Share of the question's words, by idf, that stand in some passage."""
        weights = self.corpus.weights(self.corpus.terms(question, language))
        there = self.corpus.frequencies(list(weights))
        total = sum(weights.values())
        return sum(weights[term] for term in weights if there[term]) / total if total else 0.0


def _from_all(scopes: Iterable[Scope], search: Callable[[Scope], Sequence[Hit]]) -> list[Hit]:
    """What a search finds in each scope, once each, best first."""
    hits = {hit.chunk_id: hit for scope in scopes for hit in search(scope)}
    return sorted(hits.values(), key=lambda hit: (-hit.score, hit.chunk_id))


def _retrieved(passage: Passage, score: float, cover: float, meant: frozenset[str]) -> Retrieved:
    share = cover if passage.section.boilerplate else 1.0
    is_meant = passage.document.submission.id in meant
    return Retrieved(passage, round(share * score + NAMED * is_meant, 5), is_meant)


def scaled(hits: Sequence[Hit], least: float | None = None) -> dict[str, float]:
    """Scores from 0, at ``least`` or the lowest there is, to 1 at the best, by chunk id."""
    if not hits:
        return {}
    low = min(hit.score for hit in hits) if least is None else least
    reach = max(hit.score for hit in hits) - low
    return {hit.chunk_id: (hit.score - low) / reach if reach > 0 else 1.0 for hit in hits}


def fuse(arms: Iterable[tuple[float, Mapping[str, float]]]) -> dict[str, float]:
    """Convex combination of rankings by chunk id; a chunk that one lacks gets nothing from it."""
    fused: dict[str, float] = {}
    for weight, scores in arms:
        for chunk_id, score in scores.items():
            fused[chunk_id] = fused.get(chunk_id, 0.0) + weight * score
    return fused


def widened(
    found: Sequence[Retrieved], others: Sequence[Sequence[Retrieved]], most: int
) -> tuple[Retrieved, ...]:
    """What a question found, and after it at most ``most`` passages that other wordings found.

    The others are ranked together by reciprocal rank (Cormack, Clarke, Büttcher 2009), since the
    scores of two questions are each scaled to their own best. None of them counts more than
    the last that the question found itself.
    """
    least = min((one.score for one in found), default=1.0)
    own = {one.passage.chunk.id for one in found}
    ranks: dict[str, float] = {}
    best: dict[str, Retrieved] = {}
    for ranking in others:
        for rank, one in enumerate(ranking, start=1):
            chunk_id = one.passage.chunk.id
            ranks[chunk_id] = ranks.get(chunk_id, 0.0) + 1 / (_RECIPROCAL + rank)
            if chunk_id not in best or one.score > best[chunk_id].score:
                best[chunk_id] = one
    new = sorted(ranks.keys() - own, key=lambda chunk_id: (-ranks[chunk_id], chunk_id))
    meant = {one.passage.document.submission.id for one in found if one.named}
    return (*found, *(_lowered(best[one], least, meant) for one in new[:most]))


def _lowered(one: Retrieved, score: float, meant: Collection[str]) -> Retrieved:
    """A passage as it counts where another wording found it; only the question names submitters."""
    named = one.named and one.passage.document.submission.id in meant
    return replace(one, score=min(one.score, score), named=named)


def _best_of_chunks(units: Iterable[Hit]) -> list[Hit]:
    """The chunks that units belong to, each with its best unit's score; input is best first."""
    best: dict[str, Hit] = {}
    for hit in units:
        chunk_id = chunk_of(hit.chunk_id)
        best.setdefault(chunk_id, Hit(chunk_id, hit.score))
    return list(best.values())
