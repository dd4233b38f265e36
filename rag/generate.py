"""The answer that a model drafts and code decides: each sentence is given once it is verified.

passages -> labels and prompt -> draft, as it comes -> judge -> sentences with citations
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.model import Span
from corpus.sentences import quotable_sentences
from rag.asking import Call
from rag.circuit import Circuit
from rag.draft import Record, Sentence, Task, Written
from rag.drafting import (
    LONGEST_DRAFT,
    MOST_SENTENCES,
    DraftReader,
    DraftUnreadable,
    JsonReader,
    LineReader,
    bound_schema,
    schema,
)
from rag.judge import Fate, Judge, Judged
from rag.language_model import LanguageModel, ModelFailed, Piece, Schema, Stopped
from rag.model import AnswerSentence, Citation, Message
from rag.prompting import fenced, filled, labelled, version
from rag.remembered import Remembered
from rag.retrieve import Retrieved
from rag.rewriting import Rewriter
from rag.select import Candidate
from rag.support import SupportCheck
from rag.telling import Teller
from rag.translating import Translator
from rag.variants import NONE, Rewording, Wordings
from rag.write import one_line

# What a model is given to read: about 2,000 tokens.
_MOST_PASSAGES, _MOST_CHARACTERS = 10, 8_000
# Sentences told a second time before a draft is ended.
_MOST_REPEATED = 3
# Finished drafts that are kept in memory.
_REMEMBERED = 256
INSTEAD = "The answer is made of quotes alone."


@dataclass(slots=True)
class _Run:
    """One draft on its way."""

    record: Record
    teller: Teller
    sentences: list[AnswerSentence] = field(default_factory=list)


class Writer:
    """Drafts with a model and shows what holds."""

    def __init__(
        self, model: LanguageModel, check: SupportCheck, circuit: Circuit | None = None
    ) -> None:
        self.model = model
        self._check = check
        self._circuit = circuit or Circuit()
        self._rewriter = Rewriter(model)
        self._rewording = Rewording(model)
        self._translator = Translator(model)
        self._remembered = Remembered[Written](_REMEMBERED)

    def rewritten(self, question: str, history: Sequence[Message]) -> str | None:
        """A follow-up as it can be understood alone; None when there is none that holds."""
        return None if self._circuit.is_open else self._rewriter.rewritten(question, history)

    def wordings(self, question: str, languages: Sequence[str]) -> Wordings:
        """The question in other words and in languages of the submissions, as far as it holds."""
        return NONE if self._circuit.is_open else self._rewording.wordings(question, languages)

    def translated(
        self, citations: Sequence[Citation], language: str, stopped: Stopped
    ) -> tuple[tuple[Citation, ...], Call | None]:
        """Citations with their quotes in a language, as far as that holds; a help to read them."""
        if self._circuit.is_failing:
            return tuple(citations), None
        return self._translator.translated(citations, language, stopped)

    def write(
        self, task: Task, stopped: Stopped = lambda: False
    ) -> Iterator[AnswerSentence | Written]:
        """Sentences as they are verified, and last what was written as a whole.

        When the last has no sentences, those given before it are withdrawn.
        """
        key = (*task.key, self.model.name, version()) if task.key else ()
        known = self._remembered.get(key)
        if known:
            yield from known.sentences
            yield replace(known, record=replace(known.record, cached=True))
            return
        for one in self._write(task, stopped):
            if isinstance(one, Written) and one.sentences:
                self._remembered.put(key, one)
            yield one

    def _write(self, task: Task, stopped: Stopped) -> Iterator[AnswerSentence | Written]:
        run = _Run(Record(self.model.name, version()), Teller(task.ranked))
        waits = self._circuit.waits()
        if waits:
            yield _instead(run, f"it failed several times; it is tried again in {waits:.0f} s")
            return
        try:
            yield from self._drafts(task, run, stopped)
        except ModelFailed as failure:
            self._circuit.failed()
            yield _instead(run, str(failure))
            return
        self._circuit.succeeded()
        if run.sentences:
            yield Written(run.record, tuple(run.sentences), run.teller.citations)
        else:
            yield _instead(run, run.record.failure or _nothing_left(run.record))

    def _drafts(self, task: Task, run: _Run, stopped: Stopped) -> Iterator[AnswerSentence]:
        """A draft, and another in the plain form when the first cannot be read."""
        passages = _passages(task)
        judge = Judge(passages, self._check, _spans(task.chosen))
        forms = ("json", "lines") if self.model.structured else ("lines", "lines")
        for form in forms:
            if stopped():
                return
            run.record = replace(
                run.record, form=form, attempts=run.record.attempts + 1, failure=""
            )
            try:
                yield from self._draft(form, task.question, passages, judge, run, stopped)
            except DraftUnreadable as unreadable:
                run.record = replace(
                    run.record, failure=f"its draft could not be read: {unreadable}"
                )
            except ModelFailed:
                # A server without JSON schemas says so at once; then lines are asked for.
                if form == "lines" or self.model.structured or run.sentences:
                    raise
            else:
                return
            if run.sentences:
                return

    def _draft(
        self,
        form: str,
        question: str,
        passages: Mapping[str, Retrieved],
        judge: Judge,
        run: _Run,
        stopped: Stopped,
    ) -> Iterator[AnswerSentence]:
        prompt = filled(f"draft-{form}", passages=fenced(passages), question=question)
        reader: DraftReader = JsonReader() if form == "json" else LineReader()
        shape = self._shape(passages) if form == "json" else None
        length, cut = 0, False
        pieces = self.model.stream(prompt, shape, stopped)
        for piece in pieces:
            run.record = run.record.given(piece)
            length += len(piece.text)
            for drafted in reader.feed(piece.text):
                yield from _shown(judge.judge(drafted), run)
            over = _over(length, [one.text for one in run.record.sentences])
            if over:
                cut = True
                run.record = replace(run.record, finish=over)
                break
        _close(pieces)
        for drafted in reader.end(cut=cut or run.record.finish == "length"):
            yield from _shown(judge.judge(drafted), run)

    def _shape(self, passages: Mapping[str, Retrieved]) -> Schema:
        if not self.model.bound:
            return schema(passages)
        quotes = {label: _quotable(one) for label, one in passages.items()}
        return bound_schema(quotes) if any(quotes.values()) else schema(passages)


def _over(length: int, sentences: Sequence[str]) -> str:
    """Why a draft need not go on; small models write the same again and again."""
    if len(sentences) - len(set(sentences)) >= _MOST_REPEATED:
        return "it repeated itself"
    return "too long" if length > LONGEST_DRAFT or len(sentences) >= MOST_SENTENCES else ""


def _quotable(one: Retrieved) -> list[str]:
    """The sentences of a passage, each on one line."""
    passage = one.passage
    spans = quotable_sentences(passage.document, passage.chunk)
    return [one_line(span.of(passage.document.text)) for span in spans]


def _shown(judged: Iterator[Judged], run: _Run) -> Iterator[AnswerSentence]:
    for one in judged:
        sentence = run.teller.tell(one)
        quotes = tuple(place.quote for place in one.held_against)
        kept = Sentence(one.text, one.fate, one.reasons, round(one.score, 4), quotes)
        if one.fate is not Fate.REJECTED and sentence is None:
            kept = replace(kept, verdict=Fate.REJECTED, reasons=("it was said before",))
        run.record = replace(run.record, sentences=(*run.record.sentences, kept))
        if sentence is not None:
            run.sentences.append(sentence)
            yield sentence


def _passages(task: Task) -> dict[str, Retrieved]:
    """What is given to read: first the passages that would be quoted, then as they rank."""
    unique: dict[str, Retrieved] = {}
    for one in (*(c.retrieved for c in task.chosen), *task.found):
        unique.setdefault(one.passage.chunk.id, one)
    room = _MOST_CHARACTERS
    given: list[Retrieved] = []
    for one in list(unique.values())[:_MOST_PASSAGES]:
        room -= len(one.passage.chunk.text)
        if given and room < 0:
            break
        given.append(one)
    return labelled(task.question, given)


def _spans(chosen: Sequence[Candidate]) -> frozenset[tuple[str, Span]]:
    return frozenset((one.document.submission.id, one.span) for one in chosen)


def _instead(run: _Run, why: str) -> Written:
    record = replace(run.record, failure=why)
    return Written(record, warning=f"The language model did not write this: {why}. {INSTEAD}")


def _nothing_left(record: Record) -> str:
    if not record.sentences:
        return "it found no answer in the passages"
    count = len(record.sentences)
    said = "the sentence" if count == 1 else f"none of the {count} sentences"
    return f"{said} that it drafted " + ("did not hold" if count == 1 else "held")


def _close(pieces: Iterator[Piece]) -> None:
    """Ends the call; a reply that is long enough goes on costing otherwise."""
    close = getattr(pieces, "close", None)
    if close:
        close()
