"""A follow-up made to stand alone, by the content words of the question before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.language import language_of
from corpus.store import Corpus
from rag.model import Message, Role

# A question with fewer content words than this leans on what was said before.
_FEW_WORDS = 3
_LEANING = re.compile(
    r"^\s*(?:and|but|so|also|what about|how about|et|y|и|а)\b"
    r"|\b(?:it|its|they|them|their|theirs|he|she|him|his|her|this|that|these|those|there|then|"
    r"one|ones|the last|the first|the other|others|same|former|latter)\b",
    re.IGNORECASE,
)


def standalone(corpus: Corpus, question: str, history: Sequence[Message]) -> str:
    """The question, with the earlier question's content words where it leans on them.

    A question that names its own subject is left as it is, also after a change of topic.
    """
    before = next((m.content for m in reversed(history) if m.role is Role.USER), "")
    if not before or not _leans(corpus, question):
        return question
    language = language_of(before)
    known = set(corpus.terms(question, language))
    missing = [
        word
        for word in re.findall(r"[\w'’-]+", before)
        if (terms := corpus.terms(word, language)) and not known.issuperset(terms)
    ]
    return f"{question} ({' '.join(dict.fromkeys(missing))})" if missing else question


def _leans(corpus: Corpus, question: str) -> bool:
    words = corpus.terms(question, language_of(question))
    return len(words) < _FEW_WORDS or bool(_LEANING.search(question))
