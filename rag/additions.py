"""What a sentence adds to a quote that it otherwise copies.

Measures of likeness are blind here: a long copy with three words more ("…, despite protests by
parents") is nearly the quote, and is false. A paraphrase has other words in other places; who
copies has no need of more words than the quote has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from rag.support import Evidence
from rag.words import stem_of

# A sentence is a copy when this share of its words, or of the quote's, stand in the same order.
_COPIED = 0.7
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Words that join and point; those that deny, limit or oppose are not among them.
_JOINING = frozenset(
    "a an the this that these those which who whom whose it its they their them he his she her we "
    "our there here of in on at by for from to with and or as is are was were be been being has "
    "have had do does did held took takes take taken place made conducted organised organized "
    "occurred happened also such one ones including includes include "
    "le la les un une des de du et à en dans que qui est sont a ont el los las una y en por para "
    "que es son ha han и в на с по что это".split()
)


def added(sentence: str, evidence: Sequence[Evidence]) -> str:
    """The words that a near copy inserts and that stand nowhere in its evidence; "" for none."""
    language = evidence[0].language if evidence else "en"
    words = _WORD.findall(sentence)
    quotes = [_WORD.findall(one.quote) for one in evidence]
    known = {
        stem_of(word.lower(), language)
        for one in evidence
        for word in _WORD.findall(" ".join((one.quote, one.entity, *one.section)))
    }
    for quote in quotes:
        inserted = _inserted(words, quote)
        strange = [
            word
            for word in inserted
            if word.lower() not in _JOINING and stem_of(word.lower(), language) not in known
        ]
        if strange:
            return " ".join(inserted)
    return ""


def _inserted(words: Sequence[str], quote: Sequence[str]) -> list[str]:
    """The words of a copy that stand where the quote has none; nothing if it is no copy."""
    matcher = SequenceMatcher(
        None, [word.lower() for word in quote], [word.lower() for word in words], autojunk=False
    )
    copied = sum(block.size for block in matcher.get_matching_blocks())
    if not words or copied < _COPIED * min(len(words), len(quote)):
        return []
    return [
        word
        for kind, _, _, start, end in matcher.get_opcodes()
        if kind == "insert"
        for word in words[start:end]
    ]
