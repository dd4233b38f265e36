"""In which place of a sentence each name stands: as its subject, within, with, in, for, …

A name that a sentence puts where its source has another one, which the sentence has elsewhere,
has changed places with it: "X chairs a group within Y", "Y chairs a group within X". English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.proper import Name, names
from rag.words import Reading, fold, in_english

_PREPOSITIONS = frozenset(
    "of in within for against towards toward over under before after into onto than from to by "
    "with during on at through via among between about across".split()
)
_SKIPPED = frozenset(
    "the a an its their his her our this that these those first ever new global regional local "
    "other also ongoing second third".split()
)
_VERB = re.compile(
    r"^\s*(?:(?:also|still|further|now|itself|has|have|had|is|are|was|were|will|would|can|may|"
    r"should|must|cooperate|collaborate|work|partner|lead|join|support|chair|run|hold)\b|[a-z]+(?:s|ed)\b(?!-)|(?:led|held|ran|built|made|met|gave|took|brought)\b)"
)
_PASSIVE = re.compile(
    r"^\s*(?:has been|have been|is|are|was|were|will be|continues to be)(?: \w+ly| being)?"
    r" \w+(?:ed|en|led|held|run|un)\b"
)
_JOINS = re.compile(r"^\s*(?:,|and|or|, and|as well as)\s*(?:the\s+|its\s+)?$")
_PARTICIPLE = re.compile(r"(?:ed|en|led|held|run|built|made)$")
_ALIKE = {"within": "in", "at": "in", "inside": "in", "via": "through", "amongst": "among"}
_NEAR = 4
_SUBJECT, _OBJECT, _OWNER = "subject", "object", "owner"
# Of these one can stand for another without a change of who does what.
_LOOSE = frozenset({"of", _OBJECT, _OWNER, "through", "via", "about", "between", "than", "by"})


# Who does these with another is the other one's partner as well.
_MUTUAL = frozenset("cooper collabor work partner join meet conven align".split())


@dataclass(frozen=True, slots=True)
class Placed:
    """The words of a name, in small letters, and the place that it stands in.

    ``verb`` is the stem of what a subject does, where it can be told.
    """

    words: frozenset[str]
    slot: str
    text: str
    verb: str = ""

    def same(self, other: Placed) -> bool:
        return self.words <= other.words or other.words <= self.words


def exchanged(claim: Reading, sources: Sequence[Reading], submitters: Sequence[str]) -> list[str]:
    """A reason for a name that stands where a source has another name of the claim."""
    if not in_english(claim, sources):
        return []
    stated = [one for source in sources for one in _placed(source)]
    if all(one.slot != _SUBJECT for one in stated):
        # Reports are written in bullets without "we": the submitter is the one who acts.
        stated += [_submitter(one) for one in submitters]
    claimed = list(_placed(claim))
    mutual = any(one.verb in _MUTUAL for one in claimed)
    verbs = {one.verb for one in stated} & {one.verb for one in claimed} - {""}
    stated, claimed = [_told(one, verbs) for one in stated], [_told(one, verbs) for one in claimed]
    for one in claimed:
        if mutual and (one.slot == "with" or one.slot.startswith(_SUBJECT)):
            continue
        slots = {other.slot for other in stated if other.same(one)}
        if not slots or one.slot in slots:
            continue
        for other in stated:
            if other.slot != one.slot or other.same(one) or not _elsewhere(other, claimed):
                continue
            if one.slot not in _LOOSE or slots & {c.slot for c in claimed if c.same(other)}:
                return [f"“{one.text}” stands where the quote has “{other.text}”"]
    return []


def _told(one: Placed, verbs: set[str]) -> Placed:
    """The subject of a verb that both sides have is the subject of that verb."""
    return replace(one, slot=f"{_SUBJECT} of {one.verb}") if one.verb in verbs else one


def _elsewhere(one: Placed, claimed: Sequence[Placed]) -> bool:
    """Whether the claim has a name, but never in its place."""
    slots = {other.slot for other in claimed if other.same(one)}
    return bool(slots) and one.slot not in slots


def _submitter(name: str) -> Placed:
    return Placed(frozenset(fold(name.lower()).split()), _SUBJECT, name)


def _placed(reading: Reading) -> Iterator[Placed]:
    before: Name | None = None
    slot = verb = ""
    for name in names(reading):
        joined = before and _JOINS.match(reading.text[before.end : name.start])
        if not (joined and slot):
            slot, verb = _slot(reading, name)
        words = frozenset(fold(name.text.lower()).split())
        yield Placed(words, slot, name.text, verb)
        before = name


def _slot(reading: Reading, name: Name) -> tuple[str, str]:
    """The place of a name, and of a subject the stem of its verb."""
    rest = reading.text[name.end :]
    if reading.text[: name.end].endswith("'s") or rest.startswith("'"):
        return _OWNER, ""
    ahead = [word for word in reading.words if word.start < name.start]
    at = next((w for w in reversed(ahead) if w.lower not in _SKIPPED), None)
    if at and at.lower in _PREPOSITIONS:
        doing = reading.words[at.place - 1] if at.place else None
        if at.lower == "by" and doing and _PARTICIPLE.search(doing.lower):
            return _SUBJECT, doing.stem
        return _ALIKE.get(at.lower, at.lower), ""
    if _PASSIVE.match(rest):
        return _OBJECT, ""
    verb = _VERB.match(rest)
    if not verb:
        return _OBJECT, ""
    following = [w for w in reading.words if w.start >= name.end]
    doing = next((w for w in following[:_NEAR] if w.content), None)
    return _SUBJECT, doing.stem if doing else ""
