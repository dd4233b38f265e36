"""Whether a sentence's grammar has the roles of its source exchanged: who does, to whom, for whom.

Both are parsed. A word that does what the source has done to it, or that stands in a role which
the source gives to another word of the sentence, says something else. What the source does not
tell is left to others, and so are other words than the source's. A parser errs in long sentences,
so a finding speaks against a sentence, but does not condemn it by itself, unless both who does it
and to whom are turned round. English only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.arguments import AGENT, COMPLEMENT, MODIFIER, OWNER, PATIENT, Edge, edges, phrases, stems
from rag.parse import Token, parse
from rag.words import Reading, in_english

# These say little by themselves, and what they go with has the same subject.
_EMPTY = frozenset(
    "be have do make take use continue begin start seek plan aim help keep try want need remain "
    "intend go work hope expect get let".split()
)
# Whoever meets somebody is met by them, and children face risks that face them.
_MUTUAL = frozenset(
    "meet marry resemble equal border face confront accompany join mirror complement parallel "
    "overlap".split()
)
# In which other ways a source can give the same role.
_ALSO = {AGENT: frozenset({AGENT, OWNER}), PATIENT: frozenset({PATIENT, "of"})}
_VAGUE = frozenset({"of", OWNER, MODIFIER, COMPLEMENT})
_ACTING = frozenset({AGENT, PATIENT})
_NOT_TOLD = frozenset({MODIFIER, COMPLEMENT, OWNER, "of"})
_ARGUMENTS = frozenset({"NOUN", "PROPN", "ADJ"})


@dataclass(frozen=True, slots=True)
class _Place:
    """A word of one of the sources, by the source and its place there."""

    source: int
    at: int


def exchanged(claim: Reading, sources: Sequence[Reading]) -> tuple[list[str], list[str]]:
    """A reason for each verb of which both agent and patient are turned round; and, less certain,
    for each other role that a source gives to another word, or the other way round."""
    if not in_english(claim, sources):
        return [], []
    return _Comparison(claim.text, [source.text for source in sources]).reasons()


class _Comparison:
    def __init__(self, claim: str, sources: Sequence[str]) -> None:
        self._claim, self._sources = claim, sources
        self._tokens = parse(claim)
        self._places: dict[str, list[_Place]] = {}
        for source, text in enumerate(sources):
            for at, stem in enumerate(stems(text)):
                if stem:
                    self._places.setdefault(stem, []).append(_Place(source, at))

    def reasons(self) -> tuple[list[str], list[str]]:
        turned: dict[int, list[Edge]] = {}
        perhaps: list[str] = []
        for edge in edges(self._claim):
            if not self._telling(edge):
                continue
            given, rivals = self._given(edge)
            if self._is_turned(edge, given):
                turned.setdefault(edge.head, []).append(edge)
            elif not given and edge.role not in _NOT_TOLD:
                perhaps += self._replaced(edge, rivals)
        certain: list[str] = []
        for found in turned.values():
            both = {edge.role for edge in found} == _ACTING
            (certain if both else perhaps).extend(
                f"{self._told(edge)}: the quote has the roles the other way round" for edge in found
            )
        return certain, list(dict.fromkeys(perhaps))

    def _told(self, edge: Edge) -> str:
        return f"“{self._tokens[edge.dep].text}” as {edge.role} of “{self._tokens[edge.head].text}”"

    def _telling(self, edge: Edge) -> bool:
        head, dep = self._tokens[edge.head], self._tokens[edge.dep]
        doing = edge.role != AGENT or head.pos == "VERB"
        return doing and head.lemma not in _EMPTY and dep.pos in _ARGUMENTS

    def _replaced(self, edge: Edge, rivals: Sequence[_Place]) -> Iterator[str]:
        """A reason, where what the source has in this role stands elsewhere in the claim."""
        named = [one for one in rivals if self._elsewhere(one, edge)]
        if named and not self._one_phrase(rivals, set(self._at(edge.dep))):
            yield f"{self._told(edge)}: the quote has “{self._word(named[0]).text}” there"

    def _given(self, edge: Edge) -> tuple[set[str], list[_Place]]:
        """The roles that the sources give to the same two words, and what has this role there;
        nothing where one of the words is not there."""
        here = set(self._at(edge.dep))
        given: set[str] = set()
        others: list[_Place] = []
        for head in self._at(edge.head) if here else ():
            for role, place, below in self._around(head):
                if place in here:
                    given.add(role)
                elif below and role in _as_here(edge) and self._word(place).noun:
                    others.append(place)
        return given, others

    def _is_turned(self, edge: Edge, given: set[str]) -> bool:
        if self._tokens[edge.head].lemma in _MUTUAL:
            return False
        same = given & (_as_here(edge) | _VAGUE)
        return edge.role in _ACTING and bool(given & _ACTING) and not same

    def _at(self, place: int) -> list[_Place]:
        stem = stems(self._claim)[place]
        return self._places.get(stem, []) if stem else []

    def _around(self, place: _Place) -> Iterator[tuple[str, _Place, bool]]:
        """What stands with a word of a source: role, place, and whether below it."""
        for edge in edges(self._sources[place.source]):
            if edge.head == place.at:
                yield edge.role, _Place(place.source, edge.dep), True
            elif edge.dep == place.at and edge.role in _VAGUE:
                yield edge.role, _Place(place.source, edge.head), False

    def _elsewhere(self, place: _Place, edge: Edge) -> bool:
        """Whether the claim has that word too, as a noun and in another place."""
        stem = stems(self._sources[place.source])[place.at]
        return any(
            own == stem and at != edge.dep and self._tokens[at].noun
            for at, own in enumerate(stems(self._claim))
        )

    def _one_phrase(self, others: Sequence[_Place], here: set[_Place]) -> bool:
        """Whether the two stand in one phrase: "the work of the coalition"; or one is a verb."""
        if any(self._word(one).pos == "VERB" for one in here):
            return True
        return any(
            one.source == other.source
            and (
                one.at in phrases(self._sources[one.source])[other.at]
                or other.at in phrases(self._sources[one.source])[one.at]
            )
            for one in others
            for other in here
        )

    def _word(self, place: _Place) -> Token:
        return parse(self._sources[place.source])[place.at]


def _as_here(edge: Edge) -> frozenset[str]:
    return _ALSO.get(edge.role, frozenset({edge.role}))
