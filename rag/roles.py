"""Who does what to whom: whether a sentence has two things the other way round than its source.

Two content words with a verb between them, or the first with a preposition right behind it, are a
relation. A sentence that has the same relation the other way round says something else, unless
one of the two is in the passive. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.words import Reading, Word, in_english

_WINDOW = 9
# Between them stand at most so many content words.
_CLOSE = 4
_PREPOSITIONS = frozenset(
    "of in within for against towards toward over under before after into onto than from to by "
    "with during on at through".split()
)
_PARTICIPLE = re.compile(r"(?:ed|en)$|^(?:led|held|run|made|built|won|met|brought|drawn)$")
_PAST = re.compile(r"(?:ed|ing)$|^(?:led|held|ran|built|made|met|gave|took|brought|won)$")
# A verb's "s" is told from a plural's by what follows.
_AFTER_VERB = frozenset(
    "the a an its their his her our that this these those all to with on".split()
)
_BEFORE_VERB = frozenset(
    "to will would may might can could should must shall not cannot continues continue".split()
)
_DETERMINERS = frozenset("the a an its their our all this that these those both".split())
_OBJECT_WORDS = 3
_ARE = frozenset("is are was were be been being has have had".split())
_BE = frozenset("is are was were be been being".split())
_JOINED = frozenset({"and", "or", "as", "with", "alongside", "between", "both"})
# Of these the order says nothing: "in Casablanca in June", "including".
_LEFT_OUT = frozenset(
    "includes including included include january february march april may june july august "
    "september october november december".split()
)


@dataclass(frozen=True, slots=True)
class Relation:
    """``first`` stands before ``second``; ``by`` has the stems of the verbs between, or "~of".

    ``passive`` are those of the verbs that are followed by "by"; ``undergone`` those after "was"
    and its like, with or without it.
    """

    first: str
    second: str
    by: frozenset[str]
    passive: frozenset[str]
    undergone: frozenset[str]
    told: str


def swapped(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """A reason where the claim has a relation of a source the other way round."""
    if not in_english(claim, sources):
        return []
    stated: dict[tuple[str, str], list[Relation]] = {}
    for source in sources:
        for one in relations(source):
            stated.setdefault((one.first, one.second), []).append(one)
    for one in relations(claim):
        turned = [r for r in stated.get((one.second, one.first), ()) if r.by & one.by]
        straight = [r for r in stated.get((one.first, one.second), ()) if r.by & one.by]
        if turned and not straight and all(_is_same_doing(one, r) for r in turned):
            return [f"“{one.told}” stands the other way round in the quote: “{turned[0].told}”"]
        if straight and not turned and not any(_same_voice(one, r) for r in straight):
            return [f"“{one.told}” has the roles of “{straight[0].told}” exchanged"]
    return []


def other_objects(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """A reason where a verb's object is another one of the source's nouns.

    "protecting providers" for "protecting children": both stand in the source, and both in the
    sentence, but not with that verb.
    """
    if not in_english(claim, sources):
        return []
    everywhere = frozenset(stem for source in sources for stem in source.stems)
    for verb, objects in _objects(claim):
        stated = [found for source in sources for v, found in _objects(source) if v == verb]
        known = frozenset(w.stem for w in objects)
        if not stated or not known <= everywhere:
            continue
        lost = [f for f in stated if not known & {w.stem for w in f} and _all_in(f, claim)]
        if len(lost) == len(stated):
            told, meant = objects[0].text, lost[0][0].text
            return [f"“{told}” stands where the quote has “{meant}”, after the same verb"]
    return []


def _all_in(words: Sequence[Word], claim: Reading) -> bool:
    return words[0].stem in claim.stems


def _objects(reading: Reading) -> Iterator[tuple[str, list[Word]]]:
    """Verbs with the content words that follow at once; none for a passive."""
    words = reading.words
    for word in words:
        after = words[word.place + 1] if word.place + 1 < len(words) else None
        before = words[word.place - 1].lower if word.place else ""
        if not word.content or not after or not _is_verb(words, word):
            continue
        if before in _ARE or after.clause != word.clause or not _may_open_object(after):
            continue
        following = reading.following(word.place, _OBJECT_WORDS)
        if following:
            yield word.stem, following


def _may_open_object(word: Word) -> bool:
    return word.content or word.lower in _DETERMINERS


def _same_voice(one: Relation, other: Relation) -> bool:
    shared = one.by & other.by
    return one.passive & shared == other.passive & shared


def _is_same_doing(one: Relation, other: Relation) -> bool:
    """Whether they are in one voice; of one verb at least "was" must not say otherwise."""
    ours, theirs = one.passive | one.undergone, other.passive | other.undergone
    return bool((one.by & other.by) - (ours ^ theirs)) and _same_voice(one, other)


@lru_cache(maxsize=4096)
def relations(reading: Reading) -> tuple[Relation, ...]:
    """The relations between the content words that stand near each other in a clause."""
    return tuple(_relations(reading))


def _relations(reading: Reading) -> Iterator[Relation]:
    words = reading.words
    content = [
        w for w in words if w.content and w.lower not in _LEFT_OUT and not w.text[0].isdigit()
    ]
    for at, first in enumerate(content):
        for second in content[at + 1 :]:
            if second.place - first.place > _WINDOW or second.clause != first.clause:
                break
            between = words[first.place + 1 : second.place]
            by = _connecting(words, between, second)
            if by and first.stem != second.stem:
                told = reading.text[first.start : second.start + len(second.text)]
                passive, undergone = _passives(between), _undergone(between)
                yield Relation(first.stem, second.stem, by, passive, undergone, told)


def _connecting(words: Sequence[Word], between: Sequence[Word], second: Word) -> frozenset[str]:
    """The verbs between two words, or else the preposition right behind the first, where it
    reaches the second: "union of young judges", but not "union of judges supports its members".

    Things joined by "and" stand side by side, and their order says nothing.
    """
    little = {word.lower for word in between if not word.content}
    content = [word for word in between if word.content]
    if not between or little & _JOINED or len(content) > _CLOSE:
        return frozenset()
    verbs = frozenset(word.stem for word in content if _is_verb(words, word))
    if verbs:
        return verbs
    first = between[0].lower
    if _has_object(words, second) or _begins_anew(between):
        return frozenset()
    if first in _PREPOSITIONS and not little & _ARE and len(little & _PREPOSITIONS) == 1:
        return frozenset({f"~{first}"})
    return frozenset()


def _has_object(words: Sequence[Word], word: Word) -> bool:
    """Whether it is a verb by its "s" and by a determiner that follows."""
    return word.lower.endswith("s") and _next(words, word) in _DETERMINERS


def _next(words: Sequence[Word], word: Word) -> str:
    """The word behind it in its clause; empty at the clause's end."""
    following = words[word.place + 1] if word.place + 1 < len(words) else None
    return following.lower if following and following.clause == word.clause else ""


def _begins_anew(between: Sequence[Word]) -> bool:
    """Whether a determiner follows on a content word."""
    return any(
        word.content and following.lower in _DETERMINERS for word, following in pairwise(between)
    )


def _is_verb(words: Sequence[Word], word: Word) -> bool:
    """By its ending and its neighbours; no tagger is at hand."""
    before = words[word.place - 1].lower if word.place else ""
    if _PAST.search(word.lower) or before in _BEFORE_VERB:
        return True
    return word.lower.endswith("s") and _next(words, word) in _AFTER_VERB


def _passives(between: Sequence[Word]) -> frozenset[str]:
    return frozenset(
        word.stem
        for word, following in pairwise(between)
        if _PARTICIPLE.search(word.lower) and following.lower == "by"
    )


def _undergone(between: Sequence[Word]) -> frozenset[str]:
    return frozenset(
        word.stem
        for before, word in pairwise(between)
        if before.lower in _BE and _PARTICIPLE.search(word.lower)
    )
