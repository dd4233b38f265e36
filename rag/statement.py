"""Whether a drafted text states something: a whole sentence, with a verb that says so, no question.

A part of a sentence, however faithful to its quote, lets a reader guess the rest.
"""

from __future__ import annotations

import re

from corpus.language import language_of
from rag.parse import Token, parse

_FEWEST_WORDS = 3
# A Chinese, Japanese or Korean character counts as a word.
_WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]|\w+")
# What may close a sentence, brackets and quotation marks after it left out.
_ENDS = re.compile(r"[.!?…。！？؟۔][\s\"'”’»)\]]*$")
_ASKS = re.compile(r"[?？؟][\s\"'”’»)\]]*$")
# Tags of verbs that tell of a time, and of those that help them (Penn Treebank).
_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
_HELPS = frozenset({"aux", "auxpass"})


def fault(text: str) -> str:
    """Why a text states nothing; "" when it does."""
    if len(_WORD.findall(text)) < _FEWEST_WORDS or not _ENDS.search(text):
        return "it is not a whole sentence"
    if _ASKS.search(text):
        return "it is a question"
    if language_of(text) == "en" and not _has_verb(parse(text)):
        return "it is not a whole sentence: its main word is no verb"
    return ""


def _has_verb(words: tuple[Token, ...]) -> bool:
    """Whether the main word of some clause that stands alone is, or has, a finite verb."""
    roots = [place for place, word in enumerate(words) if word.head == place]
    return any(
        words[root].tag in _FINITE
        or any(w.head == root and w.dep in _HELPS and w.tag in _FINITE for w in words)
        for root in roots
    )
