"""Other wordings of a question, and its translation, by a model; code takes those that hold.

They are searched with besides the question: what it finds itself keeps its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.language import language_of
from corpus.model import LANGUAGES
from corpus.store import Corpus
from rag.asking import Asker, Call
from rag.circuit import Circuit
from rag.language_model import LanguageModel
from rag.markup import plain_text
from rag.prompting import filled, version
from rag.remembered import Remembered
from rag.rewriting import bare, words_of

# A reader waits for this before anything is searched.
SECONDS = 6.0
MOST = 3
# More translations would leave no line for other words.
_MOST_LANGUAGES = 2
_LONGEST, _MOST_REPLY = 400, 1_500
_REMEMBERED = 512
# A model that is slow or down is not waited for again, question after question.
_FAILURES, _REST_SECONDS = 3, 300.0
# Similarity of the multilingual vectors, 0 for another subject to 1, below which a wording asks
# something else; see docs/decisions/0026-variants-and-a-real-model.md.
_NEAR = 0.18
_LINE = re.compile(r"(?P<language>[a-z]{2}):\s*(?P<text>\S.*)")
_NUMBER = re.compile(r"\d+")
_THOUSANDS = re.compile(r"(?<=\d)[ .,٬’'](?=\d{3}(?!\d))")
# Not at a word's edge, since Chinese sets no blanks.
_SHORT_FORM = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]+(?=s?(?![A-Za-z0-9]))")
# Short forms that the UN has in each language, as English has them.
_ALSO = {
    "IA": "AI",
    "ODD": "SDG",
    "ODS": "SDG",
    "OIT": "ILO",
    "OMS": "WHO",
    "ONG": "NGO",
    "ONU": "UN",
    "CMSI": "WSIS",
    "SMSI": "WSIS",
    "TIC": "ICT",
    "UE": "EU",
    "UIT": "ITU",
}
# Latin letters in a capital inside a sentence; the first word has one anyway.
_NAME = re.compile(r"(?<=[\w,;:] )[“\"'(]?([A-ZÀ-Þ][\w’'-]*)")
_UN = frozenset(_ALSO.values())
_LATIN = frozenset({"en", "es", "fr"})


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in other words; ``language`` is an ISO 639-1 code."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """What a model gave for a question, and what it cost; ``call`` is None when none was asked."""

    kept: tuple[Wording, ...] = ()
    call: Call | None = field(default=None)

    def translated(self, question: str, languages: Sequence[str]) -> str:
        """The question in the language that most of the submissions have; itself if that is its
        own, or when there is no translation that holds."""
        if not languages or language_of(question) in languages:
            return question
        into = [one.text for one in self.kept if one.language == languages[0]]
        return into[0] if into else question


# When no model is asked.
NONE = Wordings()


class Rewording:
    """Asks a model to word questions anew, once each."""

    def __init__(self, model: LanguageModel) -> None:
        self._asker = Asker(model, SECONDS, _MOST_REPLY, Circuit(_FAILURES, _REST_SECONDS))
        self._remembered = Remembered[Wordings](_REMEMBERED)

    def wordings(self, question: str, languages: Sequence[str]) -> Wordings:
        """Those that the letters do not speak against; ``languages`` are those to search in."""
        key = (question, tuple(languages), self._asker.name, version())
        known = self._remembered.get(key)
        if known and known.call:
            return replace(known, call=replace(known.call, cached=True))
        into = [code for code in languages if code != language_of(question)]
        names = ", ".join(f"{LANGUAGES[code]} ({code})" for code in into) or "no language"
        prompt = filled("variants", question=question, languages=names)
        given = self._asker.ask(prompt)
        if given is None:
            return NONE
        reply, call = given
        if call.failure:
            return Wordings((), call)
        found = Wordings(checked(reply, question, into), call)
        self._remembered.put(key, found)
        return found


def checked(reply: str, question: str, into: Sequence[str]) -> tuple[Wording, ...]:
    """The lines that ask what the question asks, as far as letters can tell.

    ``into`` are the languages that a translation may have. A reply that is more than lines in the
    form asked for is no reply.
    """
    lines = [line.strip() for line in reply.splitlines() if line.strip()]
    matches = [_LINE.fullmatch(line) for line in lines]
    if not lines or len(lines) > MOST or not all(matches):
        return ()
    kept: dict[str, Wording] = {}
    for found in matches:
        wording = _held(found["language"], found["text"], question, into) if found else None
        if wording and wording.text.casefold() != question.casefold():
            kept.setdefault(wording.text.casefold(), wording)
    return tuple(kept.values())


def _held(language: str, line: str, question: str, into: Sequence[str]) -> Wording | None:
    own = language_of(question)
    text = plain_text(line)
    if not text or len(text) > _LONGEST or text[-1] not in "?？؟":
        return None
    if language not in (own, *into) or language_of(text) != language:
        return None
    if numbers(text) != numbers(question):
        return None
    if not _names_agree(text, question, translated=language != own):
        return None
    return Wording(text, language)


def numbers(text: str) -> list[str]:
    """The numbers of a text in any script's digits, sorted, without marks between thousands."""
    whole = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text))
    return sorted(str(int(found)) for found in _NUMBER.findall(whole))


def _short_forms(text: str) -> set[str]:
    return {_ALSO.get(form, form) for form in _SHORT_FORM.findall(text)}


def _names_agree(text: str, question: str, *, translated: bool) -> bool:
    """No new name in the same language; in a translation as many as the question has at most.

    The names of countries are translated. Scripts without capitals do not tell their names, and
    write short forms of the UN in letters of their own.
    """
    latin = language_of(question) in _LATIN
    more = _short_forms(text) - _short_forms(question)
    if _short_forms(question) - _short_forms(text) or more - (set() if latin else _UN):
        return False
    known = words_of(question)
    new = [
        name
        for name in _NAME.findall(text)
        if bare(name) not in known and not _SHORT_FORM.match(name)
    ]
    if not translated:
        return not new
    if not latin:
        return True
    kept = words_of(text)
    gone = [name for name in _NAME.findall(question) if bare(name) not in kept]
    return len(new) <= len(gone)


def near(corpus: Corpus, question: str, found: Wordings) -> Wordings:
    """Without the wordings whose meaning is far from the question's."""
    if not found.kept:
        return found
    asked_for = corpus.multilingual_question(question)
    unrelated = corpus.multilingual.unrelated
    least = unrelated + _NEAR * (1 - unrelated)
    vectors = [corpus.multilingual.embed_query(one.text) for one in found.kept]
    kept = [
        one for one, own in zip(found.kept, vectors, strict=True) if float(own @ asked_for) >= least
    ]
    return replace(found, kept=tuple(kept))


def languages_of(searched: Sequence[str]) -> tuple[str, ...]:
    """The two languages that most submissions have, most first; ``searched`` has one each."""
    counts = {code: searched.count(code) for code in LANGUAGES if code in searched}
    return tuple(sorted(counts, key=lambda code: (-counts[code], code))[:_MOST_LANGUAGES])
