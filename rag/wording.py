"""The user's words made the corpus's words: typos mended, short and long forms both searched."""

from __future__ import annotations

import re
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein
from spellchecker import SpellChecker

from corpus.language import language_of
from corpus.model import Scope
from corpus.store import Corpus

_TOKEN = re.compile(r"[\w&-]+")
_WORD = re.compile(r"[^\W\d_]{4,}")
# A shorter word is near too many others: only one with two letters changed over is mended.
_SHORTEST = 5
# Languages of the UN that the dictionary has; the others' questions are left as they are.
_DICTIONARIES = frozenset({"en", "es", "fr", "ru", "ar"})
# One slip of the pen, two in a long word.
_LONG = 9


def mended(corpus: Corpus, question: str) -> str:
    """The question with its misspelt words as the submissions spell them.

    A word is misspelt when no submission has it and no dictionary either, and it is a slip or two
    away from just one word that the submissions have, or a slip away from a small word ("abuot").
    """
    language = language_of(question)
    if language not in _DICTIONARIES:
        return question

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        if match.start() > 0 or word.isupper():
            return _mend(corpus, word, language)
        # The first word has a capital, name or not.
        small = _mend(corpus, word.lower(), language)
        return word if small == word.lower() else small[0].upper() + small[1:]

    return _WORD.sub(mend, question)


def with_acronyms(corpus: Corpus, question: str) -> str:
    """The question with the long forms that submissions define for its short ones, and reverse."""
    lowered, words = question.lower(), set(_TOKEN.findall(question))
    added = []
    for short, long in corpus.acronyms():
        has_short = short in words
        has_long = long.lower() in lowered
        if has_short and not has_long:
            added.append(long)
        elif has_long and not has_short:
            added.append(short)
    return " ".join((question, *dict.fromkeys(added)))


def _mend(corpus: Corpus, word: str, language: str) -> str:
    terms = corpus.terms(word, language)
    if not terms or any(corpus.frequencies(terms).values()) or word.isupper():
        return word
    if word.lower() in _dictionary(language):
        return word
    small = _small_word(corpus, word, language)
    if small and sorted(small) == sorted(word):
        return small
    if len(word) < _SHORTEST:
        return word
    (stem,) = terms[:1]
    reach = 2 if len(word) >= _LONG else 1
    near = {
        term: distance
        for term in corpus.near_terms(stem, language)
        if (distance := DamerauLevenshtein.distance(stem, term, score_cutoff=reach)) <= reach
    }
    best = [term for term, distance in near.items() if distance == min(near.values())]
    if not best:
        return small or word
    return _as_written(corpus, best[0], language) or word if len(best) == 1 else word


def _small_word(corpus: Corpus, word: str, language: str) -> str | None:
    """The commonest word one slip away, if it is one that says nothing by itself."""
    if not word.islower():
        return None
    dictionary = _dictionary(language)
    near = [
        other
        for other in sorted(dictionary.candidates(word) or ())
        if DamerauLevenshtein.distance(word, other, score_cutoff=1) == 1
    ]
    if not near:
        return None
    best = max(near, key=dictionary.word_usage_frequency)
    return None if corpus.terms(best, language) else best


def _as_written(corpus: Corpus, stem: str, language: str) -> str | None:
    """A word of the submissions that has this stem."""
    for passage in corpus.passages(corpus.matching(stem, Scope())[:1]).values():
        for match in _WORD.finditer(passage.chunk.text):
            if corpus.terms(match.group(), language) == [stem]:
                return match.group()
    return None


@cache
def _dictionary(language: str) -> SpellChecker:
    return SpellChecker(language=language)
