"""Which words mean much the same, and which the opposite: WordNet 3.0, packed.

Miller 1995, "WordNet: A Lexical Database for English". Made by ``scripts/wordnet.py``; its licence
stands beside the data.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rag.words import stem_of

_FILE = Path(__file__).resolve().parent / "data" / "wordnet.txt.gz"


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Sets of synonyms by the stem of a word in them; by each set those near and opposite."""

    of: dict[str, frozenset[int]]
    near: tuple[frozenset[int], ...]
    opposite: tuple[frozenset[int], ...]


def related(one: str, other: str) -> bool:
    """Whether two stems share a meaning, or have meanings one step apart."""
    first, second = _lexicon().of.get(one), _lexicon().of.get(other)
    if not first or not second:
        return False
    return bool(_around(one) & second or _around(other) & first)


def has_related(stem: str, others: frozenset[str]) -> bool:
    """Whether any of the other stems is related to this one."""
    own = _lexicon().of.get(stem)
    if not own:
        return False
    around = _around(stem)
    sets = (_lexicon().of.get(other, frozenset()) for other in others)
    return any(around & one for one in sets) or any(
        own & _around(other) for other in others if other in _lexicon().of
    )


def far_apart(one: str, other: str) -> bool:
    """Whether two stems that WordNet has share no meaning even two steps away."""
    return known(one) and known(other) and not _around(one) & _around(other)


def opposite(one: str, other: str) -> bool:
    """Whether a meaning of one stem is the opposite of a meaning of the other."""
    first, second = _lexicon().of.get(one), _lexicon().of.get(other)
    if not first or not second or first & second:
        return False
    against = _lexicon().opposite
    return any(against[at] & second for at in first) or any(against[at] & first for at in second)


def known(stem: str) -> bool:
    """Whether WordNet has the word; it has no names to speak of."""
    return stem in _lexicon().of


@cache
def _around(stem: str) -> frozenset[int]:
    lexicon = _lexicon()
    own = lexicon.of[stem]
    return own.union(*(lexicon.near[at] for at in own))


@cache
def _lexicon() -> _Lexicon:
    with gzip.open(_FILE, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    of: dict[str, set[int]] = {}
    for at, (words, _, _) in enumerate(rows):
        for word in words.split():
            of.setdefault(stem_of(word, "en"), set()).add(at)
    return _Lexicon(
        {stem: frozenset(sets) for stem, sets in of.items()},
        tuple(frozenset(map(int, near.split())) for _, near, _ in rows),
        tuple(frozenset(map(int, against.split())) for _, _, against in rows),
    )
