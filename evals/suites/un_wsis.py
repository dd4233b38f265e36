"""Six WSIS and ICT resolutions in six languages, their paragraphs numbered alike.

``un-wsis-paragraphs``: a numbered paragraph in another language is the question, the same
paragraph of the same resolution among the English ones is to be found. Resolutions repeat each
other from year to year, so the right year is half of the task.
``un-wsis-years``: a question names a resolution and the opening words of one of its paragraphs
that another year's has nearly alike; the right document is to be cited.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus.model import Document, Filters, Span
from corpus.store import Corpus
from evals.collection import from_files
from evals.model import Case, Gold
from evals.score import Measures
from evals.suites.suite import Suite, needed
from evals.systems import documents_of
from rag.assistant import LONGEST_QUESTION
from rag.model import Query

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
_TARGET = "en"
_NUMBERED = re.compile(r"^(\d{1,3})\s*[-–.．、]\s*(?=\D).*$", re.MULTILINE)
_SYMBOL = re.compile(r"^(?:[AE]/RES/)?(\d{2,4}/\d+)\.?$", re.MULTILINE)
_OPENING_WORDS = 14
_MOST_YEARS = 60


def un_wsis_paragraphs(data: Path) -> Suite:
    """Paragraphs in five languages against the English resolutions."""

    def cases(corpus: Corpus) -> tuple[Case, ...]:
        by_name = _by_name(corpus)
        return tuple(
            case
            for (name, language), document in by_name.items()
            if language != _TARGET
            for case in _same_paragraphs(document, by_name[name, _TARGET])
        )

    return _suite("un-wsis-paragraphs", data, cases, Measures(passages=True))


def un_wsis_years(data: Path) -> Suite:
    """Questions that name one of several resolutions that say nearly the same."""

    def cases(corpus: Corpus) -> tuple[Case, ...]:
        made = list(_naming(corpus))
        return tuple(made[:: max(1, len(made) // _MOST_YEARS)][:_MOST_YEARS])

    return _suite("un-wsis-years", data, cases, Measures(answers=True, documents=True))


def _suite(name: str, data: Path, cases: object, measures: Measures) -> Suite:
    folder = needed(data / "un-resolutions" / "wsis")
    paths = [path for language in LANGUAGES for path in sorted((folder / language).glob("*.txt"))]
    assert callable(cases)  # noqa: S101 - both callers pass a function
    return Suite(name, from_files("un-wsis", paths), cases, measures)


def numbered(text: str) -> dict[int, Span]:
    """Spans of the numbered paragraphs by number; numbering that goes back is a quotation's."""
    found: dict[int, Span] = {}
    for match in _NUMBERED.finditer(text):
        if int(match[1]) == len(found) + 1:
            found[int(match[1])] = Span(match.start(), match.end())
    return found


def _by_name(corpus: Corpus) -> dict[tuple[str, str], Document]:
    return {(d.submission.filename, d.submission.language): d for d in documents_of(corpus)}


def _same_paragraphs(asked: Document, target: Document) -> Iterator[Case]:
    language = asked.submission.language
    there = numbered(target.text)
    for number, span in numbered(asked.text).items():
        if number in there:
            question = re.sub(r"^\d+\s*[-–.．、]\s*", "", span.of(asked.text))
            yield Case(
                f"{asked.submission.filename}-{language}-{number}",
                language,
                Query(question[:LONGEST_QUESTION], filters=Filters(language=(_TARGET,))),
                language,
                (_gold(target, there[number]),),
                {target.submission.id: 1},
            )


def _naming(corpus: Corpus) -> Iterator[Case]:
    english = [d for (_, language), d in _by_name(corpus).items() if language == _TARGET]
    openings = Counter(
        opening
        for document in english
        for opening in {_opening(document, span) for span in numbered(document.text).values()}
    )
    for document in english:
        symbol = _SYMBOL.search(document.text)
        for number, span in numbered(document.text).items():
            opening = _opening(document, span)
            if symbol and openings[opening] > 1:
                yield Case(
                    f"{document.submission.filename}-{number}",
                    "named resolution",
                    Query(
                        f"In resolution {symbol[1]}, which paragraph begins: {opening}?",
                        filters=Filters(language=(_TARGET,)),
                    ),
                    gold=(_gold(document, span),),
                    relevant={document.submission.id: 1},
                )


def _gold(document: Document, span: Span) -> Gold:
    return Gold(document.submission.id, span, document.section_at(span.start).path)


def _opening(document: Document, span: Span) -> str:
    words = span.of(document.text).split()[1 : _OPENING_WORDS + 1]
    return " ".join(words).rstrip(" ,;.:")
