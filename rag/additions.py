"""What a sentence says with words that none of its quotes has.

Likeness is blind to a word or two that a fluent writer adds ("…, despite protests by parents"), and
takes a neighbouring word for the same one: with "the quote has something like it" half of what two
small models got shown said what no quote says. Where a sentence has words of its own, the quote
itself is the better answer. See docs/decisions/0026-variants-and-a-real-model.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.language import language_of
from rag.support import Evidence
from rag.words import stem_of

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Below this the language of a sentence is a guess.
_TELLS_LANGUAGE = 40
# Words that join and point; those that deny, limit, oppose, count or plan are not among them.
_JOINING = frozenset(
    "a an the this that these those which who whom whose it its they their them he his she her we "
    "our there here of in on at by for from to with into about through between among and or as "
    "than when while where how what is are was were be been being has have had do does did held "
    "takes took taken take place made conducted organised organized occurred happened also such "
    "one ones including includes include "
    "le la les un une des de du et à en dans que qui est sont a ont el los las una y en por para "
    "que es son ha han и в на с по что это".split()
)


def added(sentence: str, evidence: Sequence[Evidence]) -> str:
    """The words of a sentence that stand nowhere in its evidence, nor above it; "" for none.

    A sentence in another language than its quotes has no word of theirs: it is for the others
    that hold sentences against quotes.
    """
    language = evidence[0].language if evidence else "en"
    if len(sentence) >= _TELLS_LANGUAGE and language_of(sentence) != language:
        return ""
    quoted = " ".join(" ".join((one.quote, one.entity, *one.section)) for one in evidence)
    known = {
        stem_of(part.lower(), language)
        for word in _WORD.findall(quoted)
        for part in (word, *_parts(word))
    }

    def is_strange(word: str) -> bool:
        if word.lower() in _JOINING or stem_of(word.lower(), language) in known:
            return False
        return not all(stem_of(part.lower(), language) in known for part in _parts(word))

    return " ".join(filter(is_strange, _WORD.findall(sentence)))


def _parts(word: str) -> list[str]:
    """Of a word with a hyphen or an apostrophe in it; else the word."""
    return re.split(r"['’-]", word)
