"""Quotes put into the reader's language by a model: beside the quote, never in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from corpus.language import language_of
from corpus.model import LANGUAGES
from corpus.store import Corpus
from rag.asking import Asker, Call
from rag.circuit import Circuit
from rag.language_model import LanguageModel, Stopped
from rag.markup import plain_text
from rag.model import Citation, Translation
from rag.prompting import filled, labelled_texts, version
from rag.remembered import Remembered
from rag.variants import numbers
from rag.write import one_line

# The answer is there already; a reader waits so long for the help to read its sources.
SECONDS = 20.0
_MOST_CHARACTERS, _MOST_REPLY = 6_000, 16_000
_REMEMBERED = 1_024
_FAILURES, _REST_SECONDS = 3, 300.0
# Below this the language of a text in Latin letters is a guess.
_TELLS_LANGUAGE = 25
_LATIN = frozenset({"en", "es", "fr"})
# A translation is shorter than its quote, or longer, by so much at most; a Chinese character
# counts as about three of an alphabet.
_SHORTEST, _LONGEST, _DENSE = 0.4, 2.5, 3
_LINE = re.compile(r"\s*\[?(?P<label>[A-Z]{4})\]?\s*:\s*(?P<text>\S.*?)\s*")
_HAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


class Translator:
    """Asks a model for the translations that an answer's citations need, all at once."""

    def __init__(self, model: LanguageModel) -> None:
        self._asker = Asker(model, SECONDS, _MOST_REPLY, Circuit(_FAILURES, _REST_SECONDS))
        self._remembered = Remembered[Translation](_REMEMBERED)

    def translated(
        self, citations: Sequence[Citation], language: str, stopped: Stopped = lambda: False
    ) -> tuple[tuple[Citation, ...], Call | None]:
        """The citations with the translations of those given that hold, and what it cost."""
        quotes = {one_line(one.quote): self._known(one.quote, language) for one in citations}
        missing = list(_fitting([quote for quote, known in quotes.items() if known is None]))
        call = None
        if missing:
            labels = labelled_texts(language, missing)
            prompt = filled("translate", language=LANGUAGES[language], quotes=_fenced(labels))
            reply, call = self._asker.ask(prompt, stopped) or ("", None)
            for quote, text in _read(reply, labels):
                if holds(text, quote, language):
                    found = Translation(text, language, self._asker.name)
                    quotes[quote] = found
                    self._remembered.put(self._key(quote, language), found)
        given = tuple(replace(one, translation=quotes[one_line(one.quote)]) for one in citations)
        return given, call

    def _known(self, quote: str, language: str) -> Translation | None:
        return self._remembered.get(self._key(one_line(quote), language))

    def _key(self, quote: str, language: str) -> tuple[str, ...]:
        return quote, language, self._asker.name, version()


def foreign(corpus: Corpus, citations: Sequence[Citation], question: str) -> tuple[str, set[int]]:
    """The question's language, and the numbers of the citations in another."""
    language = language_of(question)
    if language in _LATIN and len(question) < _TELLS_LANGUAGE:
        return language, set()
    numbers_of = {
        one.number
        for one in citations
        if _own_language(one.quote, corpus.document(one.submission_id).submission.language)
        != language
    }
    return language, numbers_of


def _own_language(quote: str, submission: str) -> str:
    own = language_of(quote)
    return submission if own in _LATIN and len(quote) < _TELLS_LANGUAGE else own


def holds(text: str, quote: str, language: str) -> bool:
    """Whether a text may be the quote in a language, as far as code can tell."""
    if plain_text(text) != text or language_of(text) != language:
        return False
    ratio = _size(text) / max(1, _size(quote))
    return numbers(text) == numbers(quote) and _SHORTEST <= ratio <= _LONGEST


def _size(text: str) -> int:
    return len(text) + (_DENSE - 1) * len(_HAN.findall(text))


def _fitting(quotes: Sequence[str]) -> Iterator[str]:
    """The first quotes, as many as a model reads in time."""
    room = _MOST_CHARACTERS
    for quote in quotes:
        room -= len(quote)
        if room < 0:
            return
        yield quote


def _fenced(labels: Mapping[str, str]) -> str:
    return "\n\n".join(f"<<{label}\n{quote}\n{label}>>" for label, quote in labels.items())


def _read(reply: str, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each quote with its translation; none that has two, or a label of its own."""
    found = [match for line in reply.splitlines() if (match := _LINE.fullmatch(line))]
    given = [match["label"] for match in found]
    for match in found:
        label = match["label"]
        if label in labels and given.count(label) == 1:
            yield labels[label], match["text"]
