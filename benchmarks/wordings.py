"""What other wordings of a question, by a language model, bring: beside the question alone.

First whole answers to the bundled questions, without and with wordings, drafts in neither. Then
questions of XQuAD in other languages over English passages: whether the right passage is among
those that are read, and whether the sentence with the answer comes first. Wordings come from
replies that were recorded, or are asked of the model of the settings:

    python -m benchmarks.wordings [--replies FILE] [--model] [--questions 60]

XQuAD lies in the folder of public data (WSIS_SHARED_DATA); without it that part is left out.
Replies to its questions are not in the project: record some, or use ``--model``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.open import multilingual_embedder, passage_embedder
from corpus.settings import read_settings
from corpus.store import Corpus
from evals.cases import CASES
from evals.errors import SuiteUnavailable
from evals.execute import evaluate
from evals.model import Case
from evals.recorded import RecordedWordings, read_wordings
from evals.shelf import Shelf
from evals.suites.files import SPLITS, bundled
from evals.suites.suite import Suite, sampled, shared_data
from evals.suites.xquad import LANGUAGES, xquad_cross
from evals.systems import Ours
from rag.assistant import Assistant
from rag.chat_model import connect
from rag.circuit import Circuit
from rag.generate import Writer
from rag.language_model import LanguageModel
from rag.model import Query
from rag.retrieve import Retrieved, widened
from rag.select import Selector
from rag.variants import Wordings, near
from rag.verify import verifier

SHOWN = ("passed", "coverage", "precision", "unanswerable_recall", "false_refusals", "hedges")
# As many as an answer of eight reads, and as many more.
READ, MORE = 12, 6
ENGLISH = ("en",)


@dataclass(frozen=True, slots=True)
class Found:
    """One question: whether the right passage is read and the right sentence first, by each way."""

    has_wording: bool
    alone: bool
    deeper: bool
    worded: bool
    first_alone: bool
    first_worded: bool


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--replies", type=Path, default=CASES / "wordings.jsonl")
    parser.add_argument("--model", action="store_true", help="ask the model of the settings")
    parser.add_argument("--questions", type=int, default=60, help="of each language of XQuAD")
    asked = parser.parse_args()
    settings = read_settings()
    connected = connect(settings) if asked.model else RecordedWordings(read_wordings(asked.replies))
    if connected is None:
        parser.error("set WSIS_MODEL")
    shelf = Shelf(
        settings.data_dir / "evals-cache",
        lambda: passage_embedder(settings.embedder),
        load_multilingual=multilingual_embedder,
    )
    for split in SPLITS:
        answers(split, shelf, connected)
    for language in LANGUAGES:
        if language not in ENGLISH:
            crossed(language, shelf, connected, asked.questions)


def answers(split: str, shelf: Shelf, model: LanguageModel) -> None:
    """Figures of both over a split of the bundled questions."""
    suite = _without_history(bundled(split))
    with shelf.corpus(suite.collection) as corpus:
        writer = _writer(corpus, model)
        questions = [case.query.question for case in suite.cases(corpus)]
        worded = sum(bool(near(corpus, q, writer.wordings(q, ENGLISH)).kept) for q in questions)
        print(f"ecpat-{split}: {worded} of {len(questions)} with a wording that held")
        for name, asked in (("alone", None), ("with wordings", writer)):
            run = evaluate(suite, Ours(corpus, name, writer=asked), corpus, "", _silent)
            figures = [f"{one} {run.figures[one].value:.3f}" for one in SHOWN if one in run.figures]
            print(f"ecpat-{split:5} {name:14}", *figures, flush=True)


def crossed(language: str, shelf: Shelf, model: LanguageModel, count: int) -> None:
    """Counts over questions of a language on English passages."""
    try:
        suite = xquad_cross(language, shared_data())
    except SuiteUnavailable as error:
        print(f"xquad-cross-{language} is left out: {error}")
        return
    with shelf.corpus(suite.collection) as corpus:
        sample = sampled(suite.cases(corpus), count)
        found = list(_found(sample, corpus, _writer(corpus, model)))
    worded = [one for one in found if one.has_wording]
    if not worded:
        print(f"xquad-cross-{language} is left out: none of its questions had a wording that held")
        return
    shares: list[tuple[str, Callable[[Found], bool]]] = [
        (f"read, {READ} alone", lambda one: one.alone),
        (f"{READ + MORE} alone", lambda one: one.deeper),
        (f"{READ} and {MORE} by wordings", lambda one: one.worded),
        ("right sentence first, by the question", lambda one: one.first_alone),
        ("by its translation", lambda one: one.first_worded),
    ]
    print(
        f"xquad-cross-{language}: {len(worded)} of {len(found)} with a wording that held;", end=""
    )
    print(*(f"{name} {sum(map(has, worded)) / len(worded):.3f}" for name, has in shares))


def _found(cases: Sequence[Case], corpus: Corpus, writer: Writer) -> Iterator[Found]:
    retriever, selector = Assistant(corpus).retriever, Selector(corpus)

    def passages(query: Query, question: str, limit: int) -> list[Retrieved]:
        documents = retriever.invoke(question, filters=query.filters, limit=limit)
        return [document.metadata["retrieved"] for document in documents]

    for case in cases:
        question = case.query.question
        wordings: Wordings = near(corpus, question, writer.wordings(question, ENGLISH))
        alone = passages(case.query, question, READ)
        others = [passages(case.query, one.text, READ) for one in wordings.kept]
        worded = widened(alone, others, MORE)
        translated = wordings.translated(question, ENGLISH)
        yield Found(
            bool(wordings.kept),
            _has(case, alone),
            _has(case, passages(case.query, question, READ + MORE)),
            _has(case, worded),
            _is_first(case, selector, question, alone),
            _is_first(case, selector, translated, alone),
        )


def _has(case: Case, found: Sequence[Retrieved]) -> bool:
    return any(one.passage.document.submission.id in case.relevant for one in found)


def _is_first(case: Case, selector: Selector, question: str, found: Sequence[Retrieved]) -> bool:
    best = next(iter(selector.candidates(question, found)), None)
    return best is not None and any(
        gold.document == best.document.submission.id
        and gold.span.start < best.span.end
        and best.span.start < gold.span.end
        for gold in case.gold
    )


def _writer(corpus: Corpus, model: LanguageModel) -> Writer:
    """One whose drafts may all fail, and that asks for wordings all the same."""
    return Writer(model, verifier(corpus), Circuit(failures=1_000_000))


def _without_history(suite: Suite) -> Suite:
    """Replies were recorded to questions as they stand."""
    return replace(
        suite,
        cases=lambda corpus: tuple(one for one in suite.cases(corpus) if not one.query.history),
    )


def _silent(name: str, done: int, total: int) -> None:
    """No bar."""


if __name__ == "__main__":
    main()
