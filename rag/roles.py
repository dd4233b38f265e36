"""Who does what to whom: whether a sentence has two things the other way round than its source.

Two content words with a third, or a preposition, between them are a relation. A sentence that has
the same relation the other way round says something else, unless one of the two is in the passive.
English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.words import Reading, Word

_WINDOW = 9
_PREPOSITIONS = frozenset(
    "of in within for against towards toward over under before after into onto than from to by "
    "with during on at through".split()
)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|get|gets|got)\b(?: \w+ly)? \w+(?:ed|en|n|t|d|un)\b.*\bby\b"
    r"|\w+ed by\b|\b(?:led|run|held|made|built|taken|given|written|chosen) by\b",
    re.IGNORECASE,
)
_JOINED = frozenset({"and", "or", "as", "with", "alongside", "between", "both"})
_CLOSE = 4


@dataclass(frozen=True, slots=True)
class Relation:
    """``first`` stands before ``second``; ``by`` is what connects them."""

    first: str
    second: str
    by: frozenset[str]
    passive: bool
    told: str


def swapped(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """A reason where the claim has a relation of a source the other way round."""
    if claim.language != "en" or any(source.language != "en" for source in sources):
        return []
    stated: dict[tuple[str, str], list[Relation]] = {}
    for source in sources:
        for one in relations(source):
            stated.setdefault((one.first, one.second), []).append(one)
    for one in relations(claim):
        turned = [r for r in stated.get((one.second, one.first), ()) if r.by & one.by]
        straight = [r for r in stated.get((one.first, one.second), ()) if r.by & one.by]
        same_way = any(r.passive == one.passive for r in straight)
        if turned and not straight and all(r.passive == one.passive for r in turned):
            return [f"“{one.told}” stands the other way round in the quote: “{turned[0].told}”"]
        if straight and not same_way and not turned:
            return [f"“{one.told}” has the roles of “{straight[0].told}” exchanged"]
    return []


@lru_cache(maxsize=4096)
def relations(reading: Reading) -> tuple[Relation, ...]:
    """The relations between the content words that stand near each other in a clause."""
    return tuple(_relations(reading))


def _relations(reading: Reading) -> Iterator[Relation]:
    words = reading.words
    content = [w for w in words if w.content and not w.text[0].isdigit()]
    for at, first in enumerate(content):
        for second in content[at + 1 :]:
            if second.place - first.place > _WINDOW or second.clause != first.clause:
                break
            between = words[first.place + 1 : second.place]
            by = _connecting(between)
            if by and first.stem != second.stem:
                told = reading.text[first.start : second.start + len(second.text)]
                yield Relation(first.stem, second.stem, by, bool(_PASSIVE.search(told)), told)


def _connecting(between: Sequence[Word]) -> frozenset[str]:
    """What connects two words: the verbs and nouns between them, or else one preposition.

    Things joined by "and" stand side by side, and their order says nothing.
    """
    content = [word.stem for word in between if word.content]
    little = {word.lower for word in between if not word.content}
    if little & _JOINED:
        return frozenset()
    if content:
        return frozenset(content) if len(content) <= _CLOSE else frozenset()
    prepositions = little & _PREPOSITIONS
    return frozenset(f"~{word}" for word in prepositions) if len(prepositions) == 1 else frozenset()
