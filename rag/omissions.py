"""What limits a quote and is left out of the sentence that rests on it.

"The agency will buy scanners" follows from "Subject to approval, the agency will buy scanners" for
most readers in a hurry, and for the cross-encoder: a condition, somebody else whose opinion it is,
or a part of a whole falls away in a word or two. Where one does, the quote is the better answer.
English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.sentences import sentence_spans
from rag.support import Evidence
from rag.words import Reading, read

_LANGUAGE = "en"


def _cues(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


# Of what a quote's whole sentence says.
_WHOLE = (
    _cues(
        r"unless|if|in case|provided(?: that)?|providing that|on condition|subject to|except|"
        r"depend(?:s|ing)? on|as long as|once|pending|consents?|should(?= [^.,;]+,)"
    ),
    _cues(
        r"according to|claim(?:s|ed)?|alleg(?:es?|ed)|warn(?:s|ed)?|argu(?:es?|ed)|"
        r"believ(?:es?|ed)|suggest(?:s|ed)?|reportedly|allegedly|"
        r"in (?:its|their|his|her) (?:view|opinion)|(?:un)?clear whether"
    ),
    _cues(r"helps?|helped|helping to|designed to|meant to|intended to|able to|associated with"),
)
# Of the words that stand next to it.
_PART = _cues(
    r"few|a few|some|several|most|many|half|not all|not every|majority|minority|often|sometimes|"
    r"usually|mostly|mainly|largely|partly|nearly|almost|certain"
)
_FEW, _A_FEW = _cues(r"(?<!a )few"), _cues(r"a few")
# Content words that a part of a whole is told of, after it.
_REACHED = 2
# Of the sentence's content words so many must stand in a quote's sentence that it rests on.
_SHARED = 0.5


def omitted(sentence: str, evidence: Sequence[Evidence]) -> str:
    """The first word of a quote that limits what the sentence says without it; "" for none."""
    said = {word.stem for word in read(sentence, _LANGUAGE, ()).words if word.content}
    for text in _stated(evidence):
        stated = read(text, _LANGUAGE, ())
        shared = said.intersection(word.stem for word in stated.words if word.content)
        if not said or len(shared) < _SHARED * len(said):
            continue
        for cues in _WHOLE:
            found = cues.search(text)
            if found and not cues.search(sentence):
                return found.group()
        part = _part(stated, sentence, said)
        if part:
            return part
    return ""


def _stated(evidence: Sequence[Evidence]) -> Iterator[str]:
    for one in evidence:
        if one.language == _LANGUAGE:
            yield from (span.of(one.quote) for span in sentence_spans(one.quote))


def _part(stated: Reading, sentence: str, said: set[str]) -> str:
    text = stated.text
    more = _FEW.search(text) and not _A_FEW.search(text) and _A_FEW.search(sentence)
    if _PART.search(sentence) and not more:
        return ""
    for found in _PART.finditer(text):
        after = [w.stem for w in stated.words if w.content and w.start >= found.end()]
        if not said.isdisjoint(after[:_REACHED]):
            return found.group()
    return ""
