"""Whether the hyphen at a line's end belongs to the word: by the file's words, then by lexicons."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from spellchecker import SpellChecker

# Of the languages that break words at hyphens; read when a word first needs them.
_LANGUAGES = ("en", "fr", "es")
# No language leaves one letter alone at a line's end: "e-learning" is written so.
_SHORTEST_HALF = 2
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")


def breaks_word(left: str, right: str, words: Container[str]) -> bool:
    """Whether "left-", then "right" on the next line, is one word that the line's end broke.

    ``words``: the file's own, in lower case, those with a hyphen inside too. What neither it nor
    a lexicon has is one word when one of its halves is none.
    """
    whole = (left + right).lower()
    if whole in words:
        return True
    if f"{left}-{right}".lower() in words or not right[:1].islower():
        return False
    if not (_LATIN.fullmatch(left) and _LATIN.fullmatch(right)):
        return False
    if min(len(left), len(right)) < _SHORTEST_HALF:
        return False
    return _known(whole) or not (_known(left.lower()) and _known(right.lower()))


def _known(word: str) -> bool:
    return any(word in _lexicon(language) for language in _LANGUAGES)


@lru_cache(maxsize=len(_LANGUAGES))
def _lexicon(language: str) -> SpellChecker:
    return SpellChecker(language=language)
