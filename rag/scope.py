"""Of how many a sentence speaks: "all", "only", "some", "few", held against its source.

"Each" for "every" is seen, other wordings are not, so a finding speaks against a sentence, but does
not condemn it by itself. English only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag import lexicon
from rag.arguments import stems
from rag.parse import Token, parse
from rag.words import Reading, in_english, stem_of

_ALL, _MOST, _MANY, _SOME, _FEW = "all", "most", "many", "some", "few"
_SCOPE = {
    word: scope
    for scope, words in (
        (_ALL, "all every each any"),
        (_MOST, "most majority"),
        (_MANY, "many numerous proportion share number"),
        (_SOME, "some several certain part"),
        (_FEW, "few fewer minority"),
    )
    for word in words.split()
}
# Nouns that give a scope only to what follows them: "a majority of".
_BEFORE_OF = frozenset("majority proportion share number part minority".split())
_BESIDE = frozenset({"det", "predet", "amod", "advmod", "nummod", "nmod", "quantmod"})
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely|solely)\b", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|solely|exclusively|merely|nothing but|alone)\b", re.IGNORECASE)
# In other words than "all" and "few"; near enough for a source to be so told.
_SAYS_ALL = re.compile(
    r"\b(?:all|every\w*|each|any|always|entire|whole|world-?wide|global\w*|across the world|"
    r"throughout|without exception)\b",
    re.IGNORECASE,
)
_SAYS_FEW = re.compile(
    r"\b(?:few|little|rare\w*|minority|hardly|scarce\w*|small (?:proportion|share|number))\b",
    re.IGNORECASE,
)


def disagreements(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """A reason for "only" that no source says, and for things told of more or of fewer."""
    if not in_english(claim, sources):
        return []
    stated = " ".join(source.text for source in sources)
    only = _ONLY.search(_NOT_ONLY.sub("", claim.text))
    if only and not _ONLY.search(_NOT_ONLY.sub("", stated)):
        return [f"“{only.group()}” is not in the quote"]
    reasons = []
    tokens = parse(claim.text)
    for at, token in enumerate(tokens):
        told = _scope(tokens, at) if token.noun else frozenset()
        if told:
            known = [_scope(parse(s.text), there) for s in sources for there in _alike(token, s)]
            if known and _differs(told, frozenset().union(*known), stated, _subject(tokens, at)):
                reasons.append(f"of how many “{token.text}” it speaks is not in the quote")
    return reasons


def _differs(told: frozenset[str], known: frozenset[str], stated: str, subject: bool) -> bool:
    """Whether what is told of a noun does not follow from what is known of it."""
    if _ALL in told and _ALL not in known and (subject or known):
        return not _SAYS_ALL.search(stated)
    if told & {_SOME, _MOST} and _ALL in known:
        return True
    return _FEW in told and _FEW not in known and not _SAYS_FEW.search(stated)


def _scope(tokens: Sequence[Token], at: int) -> frozenset[str]:
    found = {
        _SCOPE[one.lower]
        for place, one in enumerate(tokens)
        if one.head == at != place and one.dep in _BESIDE and one.lower in _SCOPE
        if one.lower not in _BEFORE_OF
    }
    head = tokens[at].head
    if tokens[head].lower == "of" and tokens[tokens[head].head].lower in _SCOPE:
        found.add(_SCOPE[tokens[tokens[head].head].lower])
    return frozenset(found)


def _alike(token: Token, source: Reading) -> list[int]:
    stem = stem_of(token.text, "en")
    words = zip(parse(source.text), stems(source.text), strict=True)
    return [at for at, (word, own) in enumerate(words) if word.noun and _same(stem, own)]


def _same(one: str, other: str) -> bool:
    return one == other or lexicon.related(one, other)


def _subject(tokens: Sequence[Token], at: int) -> bool:
    """Whether a statement is made of it, or of something of it."""
    return tokens[at].dep in {"nsubj", "nsubjpass"} or tokens[tokens[at].head].lower == "of"
