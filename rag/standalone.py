"""A follow-up made to stand alone: what it points at is put in, what it leaves out is added."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.language import language_of
from corpus.store import Corpus
from rag.enumeration import pointed_at
from rag.model import Message, Role

# A question with fewer content words than this leans on what was said before.
_FEW_WORDS = 3
_LEANING = re.compile(
    r"^\s*(?:and|but|so|also|what about|how about|et|y|и|а)\b"
    r"|\b(?:it|its|they|them|their|theirs|he|she|him|his|her|this|that|these|those|there|then|"
    r"one|ones|the last|the first|the other|others|same|former|latter)\b",
    re.IGNORECASE,
)
# "And in Asia?" after "… in the EU?" asks of another place, not of both.
_PLACED = re.compile(
    r"\b(?P<how>in|for|from|with|by|en|dans|pour|para|в|для)\s+(?:the\s+|la\s+|le\s+|el\s+)?"
    r"(?P<what>[A-ZÀ-ÞА-Я][\w’'-]*(?:\s+(?:and\s+)?[A-ZÀ-ÞА-Я][\w’'-]*)*)"
)


def standalone(corpus: Corpus, question: str, history: Sequence[Message]) -> str:
    """The question, with the earlier question's content words where it leans on them.

    A question that names its own subject is left as it is, also after a change of topic. "The
    last of those" is replaced by what it points at in the answer before.
    """
    question = _pointed(question, history)
    asked = [place for place, message in enumerate(history) if message.role is Role.USER]
    if not asked or not _leans(corpus, question):
        return question
    # The question before may itself lean on the one before it.
    before = standalone(corpus, history[asked[-1]].content, history[: asked[-1]])
    language = language_of(before)
    known = set(corpus.terms(question, language))
    missing = [
        word
        for word in re.findall(r"[\w'’-]+", _without_replaced(before, question))
        if (terms := corpus.terms(word, language)) and not known.issuperset(terms)
    ]
    return f"{question} ({' '.join(dict.fromkeys(missing))})" if missing else question


def _pointed(question: str, history: Sequence[Message]) -> str:
    answers = (message.content for message in reversed(history) if message.role is Role.ASSISTANT)
    return pointed_at(question, next(answers, ""))


def _without_replaced(before: str, question: str) -> str:
    """The question before without the place or party that the new one names instead."""
    named = {match["how"].lower() for match in _PLACED.finditer(question)}
    return _PLACED.sub(lambda match: "" if match["how"].lower() in named else match.group(), before)


def _leans(corpus: Corpus, question: str) -> bool:
    words = corpus.terms(question, language_of(question))
    return len(words) < _FEW_WORDS or bool(_LEANING.search(question))
