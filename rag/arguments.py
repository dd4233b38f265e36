"""Who does what to whom, as a sentence's grammar tells it: its content words in their roles.

Active and passive, "the protection of children by X", relative clauses, and what "and" joins come
to the same roles. English only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.parse import Token, parse
from rag.words import stem_of

AGENT, PATIENT, OWNER, MODIFIER, COMPLEMENT = "agent", "patient", "owner", "modifier", "complement"
_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM"})
_STEMMED = _CONTENT | {"PRON"}
_RELATIVE = frozenset({"that", "which", "who", "whom"})
_OBJECTS = frozenset({"dobj", "obj"})
_CLAUSES = frozenset({"xcomp", "ccomp", "advcl", "pcomp", "acl"})
_MODIFIERS = frozenset({"amod", "compound", "nmod", "advmod", "appos", "npadvmod"})
_PARTICIPLES = frozenset({"acl", "amod", "ccomp", "oprd", "xcomp"})
_BARE = frozenset({"cc", "conj", "punct"})
# Words from a verb to the one that it shares its object with.
_CLOSE = 4
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Edge:
    """``dep`` is an argument of ``head``: both are places in the parsed text.

    ``role`` is one of the constants above, or the preposition that joins them.
    """

    head: int
    role: str
    dep: int


@lru_cache(maxsize=_REMEMBERED)
def edges(text: str) -> tuple[Edge, ...]:
    """The roles of a text's content words, each once."""
    return tuple(dict.fromkeys(_Grammar(parse(text)).edges()))


@lru_cache(maxsize=_REMEMBERED)
def stems(text: str) -> tuple[str, ...]:
    """The stem of each word of a parsed text; empty for marks and small words."""
    return tuple(stem_of(t.text, "en") if t.pos in _STEMMED else "" for t in parse(text))


@lru_cache(maxsize=_REMEMBERED)
def phrases(text: str) -> tuple[frozenset[int], ...]:
    """For each word the places of those above it, up to the root."""
    tokens = parse(text)
    return tuple(frozenset(_above(tokens, at)) for at in range(len(tokens)))


def _above(tokens: Sequence[Token], at: int) -> Iterator[int]:
    while tokens[at].head != at:
        at = tokens[at].head
        yield at


class _Grammar:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._below: list[list[int]] = [[] for _ in tokens]
        for at, token in enumerate(tokens):
            if token.head != at:
                self._below[token.head].append(at)

    def edges(self) -> Iterator[Edge]:
        for at, token in enumerate(self._tokens):
            heads = [at] if token.pos != "AUX" else self._said_of(at)
            for role, first in self._arguments(at):
                for dep in (first, *self._joined(first)):
                    if self._tokens[dep].pos in _CONTENT:
                        yield from (Edge(head, role, dep) for head in heads if head != dep)

    def _arguments(self, at: int) -> Iterator[tuple[str, int]]:
        yield from ((AGENT, one) for one in self._agents(at))
        yield from ((PATIENT, one) for one in self._patients(at))
        for below in self._below[at]:
            dep = self._tokens[below].dep
            if dep == "poss":
                yield OWNER, below
            elif dep in _MODIFIERS and self._tokens[at].pos != "AUX":
                yield MODIFIER, below
            elif dep in _CLAUSES:
                yield COMPLEMENT, below
            elif dep == "prep":
                yield from self._after(below)
            elif dep == "dative":
                yield "to", below

    def _after(self, at: int) -> Iterator[tuple[str, int]]:
        """What a preposition joins to its head."""
        word = self._tokens[at].lower
        for below in self._below[at]:
            if self._tokens[below].dep in {"pobj", "pcomp"}:
                yield AGENT if word == "by" and self._tokens[below].noun else word, below
            elif self._tokens[below].dep == "prep":
                yield from self._after(below)

    def _agents(self, at: int) -> list[int]:
        token = self._tokens[at]
        if self._passive(at):
            return self._after_by(at)
        subjects = self._with(at, {"nsubj", "csubj"})
        if subjects:
            return [self._meant(one, at) for one in subjects]
        if token.pos not in {"VERB", "AUX"}:
            return []
        if token.dep == "acl" and token.tag == "VBG":
            return [token.head]
        return self._shared(at)

    def _after_by(self, at: int) -> list[int]:
        """Who does what stands in the passive; the parser may hang "by" on a later word."""
        direct = self._with(at, {"agent"})
        if direct:
            return [one for by in direct for one in self._below[by]]
        later = [
            place
            for place in range(at + 1, len(self._tokens))
            if self._tokens[place].lower == "by" and at in _above(self._tokens, place)
        ]
        return [one for by in later for one in self._with(by, {"pobj"})]

    def _shared(self, at: int) -> list[int]:
        """The subject that a verb has from another: "plans to go", "goes and sees"."""
        token = self._tokens[at]
        if token.dep not in {"conj", "xcomp", "advcl", "pcomp"} or token.head == at:
            return []
        head = self._tokens[token.head].head if token.dep == "pcomp" else token.head
        if self._tokens[head].pos not in {"VERB", "AUX"}:
            return []
        if token.dep == "xcomp" and self._objects(head):
            return self._objects(head)
        if self._passive(head):
            # Who does what a passive is for is not said: "is used to harm".
            return self._patients(head) if token.dep == "conj" else []
        return self._agents(head)

    def _patients(self, at: int) -> list[int]:
        token = self._tokens[at]
        subjects = self._with(at, {"nsubjpass", "csubjpass"})
        if subjects:
            return [self._meant(one, at) for one in subjects]
        if self._objects(at):
            return self._objects(at)
        if token.dep in {"acl", "amod"} and token.tag == "VBN":
            return [token.head]
        # "Leading analysis" opens a bullet: the parser takes it for an analysis that leads.
        if token.dep == "amod" and token.tag == "VBG" and at == 0:
            return [token.head]
        if token.dep == "relcl" and not self._has_relative(at):
            return [token.head]
        if self._passive(at):
            subjects = self._with(at, {"nsubj"})
            if subjects or token.dep not in {"conj", "xcomp"}:
                return subjects
            return self._patients(token.head) or self._agents(token.head)
        return []

    def _objects(self, at: int) -> list[int]:
        found = self._with(at, _OBJECTS)
        if found or self._tokens[at].pos != "VERB":
            return [self._meant(one, at) for one in found]
        # "produce and sell goods": the object stands with the last.
        bare = {self._tokens[one].dep for one in self._below[at] if one > at} <= _BARE
        later = self._with(at, {"conj"}) if bare else []
        return self._objects(later[0]) if later and later[0] - at <= _CLOSE else []

    def _passive(self, at: int) -> bool:
        """ "is made", "made by", "keeps it made"; not "has made"."""
        token = self._tokens[at]
        below = [self._tokens[one] for one in self._below[at]]
        deps = {one.dep for one in below}
        if deps & {"auxpass", "nsubjpass", "agent"}:
            return True
        if token.tag not in {"VBN", "VBD"} or any(one.lemma == "have" for one in below):
            return False
        if token.tag == "VBN" and token.dep in _PARTICIPLES:
            return True
        joined = token.dep == "conj" and token.head != at and not deps & {"dobj", "aux"}
        return joined and self._passive(token.head)

    def _with(self, at: int, deps: frozenset[str] | set[str]) -> list[int]:
        return [one for one in self._below[at] if self._tokens[one].dep in deps]

    def _meant(self, at: int, verb: int) -> int:
        """The noun that a relative pronoun stands for."""
        relative = self._tokens[at].lower in _RELATIVE and self._tokens[verb].dep == "relcl"
        return self._tokens[verb].head if relative else at

    def _has_relative(self, at: int) -> bool:
        below = [self._tokens[one] for one in self._below[at]]
        return any(one.lower in _RELATIVE and one.dep != "mark" for one in below)

    def _joined(self, at: int) -> Iterator[int]:
        """What stands beside a word by "and", "or", or says what it is."""
        for below in self._with(at, {"conj", "appos"}):
            yield below
            yield from self._joined(below)

    def _said_of(self, at: int) -> list[int]:
        """What "is" says of its subject."""
        found = self._with(at, {"attr", "acomp", "oprd"})
        return [one for first in found for one in (first, *self._joined(first))]
