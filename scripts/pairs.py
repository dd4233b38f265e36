"""What the support check's cross-encoder learns from: passages, sentences, and whether they follow.

This project's own pairs, written by language models, and what is made of these by code, in each
round anew: sentences of the passage and those that follow from it, with one word turned into its
contrary, one put in the place of another that says the same, two things exchanged, or a phrase put
in; and a corruption of evals/corruptions.py, with its words of dev. Contraries and words that say
the same are those in which one written sentence differs from another.
"""

from __future__ import annotations

import difflib
import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from corpus.model import Span
from corpus.sentences import sentence_spans
from evals.corruptions import corruptions
from rag import lexicon
from rag.words import stem_of

# Names of two words and more, and the share of passages that get one in front.
_NAME = re.compile(r"\b[A-Z][\w-]+(?: (?:of|for|on|and|the) [A-Z][\w-]+| [A-Z][\w-]+)+")
_NAMED = 0.7
# What a thing of one or two words stands after, and what else may follow it.
_ARTICLES = "a an the its our their".split()
_PREPOSITIONS = "of for by with from in on among between through".split()
_JOINT = re.compile(
    rf"\b(?:{'|'.join(_ARTICLES + _PREPOSITIONS)}|to|and|or|that|which|who|whose|is|are|was|were|"
    r"have|has|had|will|can|may|must)\b|[.,;:()]"
)
_LONGEST_THING = 2
_ENUMERATED = re.compile(r"(?:,| and| or)+ (?:the )?")
_TOKEN = re.compile(r"\w[\w’'-]*|[^\w\s]")
# Places in which a sentence that follows differs from its passage, at most; the shortest word that
# is taken from there: of shorter ones too much depends on what stands about them; and in how many
# passages one must have stood for the other to say the same elsewhere too.
_MOST_CHANGED = 3
_SHORTEST = 5
_OFTEN = 2
_JOINING = frozenset(
    "under after before within about above below against between through during since until while "
    "where which whose their there these those other others every still again".split()
)
# "turned down", "Study Group": another word says something else there.
_NO_PHRASE = r"(?! (?:up|down|out|over|off|away)\b)"
_WORD = re.compile(rf"\b[a-z]+\b{_NO_PHRASE}|^[A-Z][a-z]+\b{_NO_PHRASE}")
_ENDINGS = ("ing", "ed", "ly", "s")
# What can be put into another sentence: from a comma to the end, or shorter, to the next comma.
_PHRASE = re.compile(
    r", ((?:with|by|under|after|before|in|through|using|despite|because|without|thanks|following|"
    r"which|where|while|although) [^,.;:()]{12,70}(?=[.;](?:\s|$))|"
    r"(?:with|by|under|after|before|despite|without|thanks|following) [^,.;:()]{12,50}(?=, ))"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Passage and sentence, and whether this follows from that."""

    passage: str
    claim: str
    follows: bool


Words = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Stock:
    """What sentences are changed with: words by the word that they can replace, and phrases."""

    contrary: Words
    alike: Words
    phrases: Sequence[str]


def is_held(source: dict[str, Any]) -> bool:
    """One in ten, by what the passage says."""
    return int(hashlib.sha256(source["source"].encode()).hexdigest(), 16) % 10 == 0


def written(source: dict[str, Any]) -> Iterator[Pair]:
    """What was written about a passage, not made of it."""
    for claim in source["faithful"]:
        yield Pair(source["source"], claim, True)
    for claim in source["wrong"].values():
        yield Pair(source["source"], claim, False)


def gathered(sources: Sequence[dict[str, Any]]) -> Stock:
    """What was written to say the contrary or the same, each pair of words in both directions."""
    contrary: dict[str, list[str]] = {}
    alike: Counter[tuple[str, str]] = Counter()
    phrases: list[str] = []
    for source in sources:
        true = [source["source"], *_sentences(source["source"]), *source["faithful"]]
        phrases += _PHRASE.findall(source["source"])
        for kind, wrong in source["wrong"].items():
            if kind.startswith("opposite"):
                told = next(filter(None, (_differing(one, wrong, 1) for one in true)), [])
                for one, other in told:
                    if not _is_related(one, other) and _ending(one) == _ending(other):
                        _enter(contrary, one, other)
        alike.update(
            {
                (min(pair), max(pair))
                for claim in source["faithful"]
                for pair in _differing(source["source"], claim, _MOST_CHANGED)
                if _is_related(*pair) and not _JOINING & {*pair}
            }
        )
    same: dict[str, list[str]] = {}
    for (one, other), count in alike.items():
        if count >= _OFTEN and stem_of(one, "en") != stem_of(other, "en"):
            _enter(same, one, other)
    return Stock(contrary, same, phrases)


def own(sources: Sequence[dict[str, Any]], stock: Stock, rng: random.Random) -> Iterator[Pair]:
    """One round: what was written, and what is made of it anew. Of two sources and more."""
    for number, source in enumerate(sources):
        text = source["source"]
        elsewhere = sources[(number + rng.randrange(1, len(sources))) % len(sources)]
        pairs = [*written(source), Pair(text, rng.choice(elsewhere["faithful"]), False)]
        pairs += [Pair(text, *made) for made in made_of(source, stock, rng)]
        # The check puts the submitter's name in front.
        submitter = rng.choice(_NAME.findall(elsewhere["source"]) or [""])
        for pair in pairs:
            # Of more than one quote only one need say it.
            beside = rng.choice(sources)["source"]
            passage = rng.choices([text, f"{text} {beside}", f"{beside} {text}"], [8, 1, 1])[0]
            if submitter and rng.random() < _NAMED:
                passage = f"{submitter}: {passage}"
            yield Pair(passage, pair.claim, pair.follows)


def made_of(source: dict[str, Any], stock: Stock, rng: random.Random) -> Iterator[tuple[str, bool]]:
    """What is made of a passage's sentences and of what follows from it; whether it follows too."""
    text, sentences = source["source"], _sentences(source["source"])
    for copied in (text, rng.choice(sentences)):
        yield copied, True
    for told in (rng.choice([text, *sentences]), rng.choice(source["faithful"])):
        yield from ((one, False) for one in exchanged(told, rng))
        same = replaced(told, stock.alike, rng)
        if same:
            yield same, True
        contrary = replaced(rng.choice([told, same or told]), stock.contrary, rng)
        if contrary:
            yield contrary, False
    told = rng.choice([*sentences, *source["faithful"]])
    made = [wrong for kind, wrong in corruptions(told, "dev") if kind != "attribution"]
    yield from ((one, False) for one in rng.sample(made, min(1, len(made))))
    phrases = [one for one in stock.phrases if one not in text]
    if phrases:
        longer = with_phrase(told, rng.choice(phrases), rng)
        yield longer, False


def replaced(text: str, words: Words, rng: random.Random) -> str | None:
    """One word by another that ``words`` has for it; None where there is none."""
    known = [found for found in _WORD.finditer(text) if found[0].lower() in words]
    if not known:
        return None
    found = rng.choice(known)
    new = rng.choice(words[found[0].lower()])
    new = new.capitalize() if found[0][0].isupper() else new
    return f"{text[: found.start()]}{new}{text[found.end() :]}"


def with_phrase(text: str, phrase: str, rng: random.Random) -> str:
    """The phrase before one of the commas of the text or before its end."""
    bare = text.rstrip(" .;,")
    places = [*(found.start() for found in re.finditer(", ", bare)), len(bare)]
    at = rng.choice(places)
    return f"{bare[:at]}, {phrase}{bare[at:]}."


def exchanged(text: str, rng: random.Random) -> list[str]:
    """Two things of one number that are not of one enumeration, each in the other's place."""
    found = list(_things(text))
    apart = [
        (one, other)
        for one, other in combinations(found, 2)
        if one.of(text).lower() != other.of(text).lower()
        and (text[one.end - 1] == "s") == (text[other.end - 1] == "s")
        and not _ENUMERATED.fullmatch(text[one.end : other.start])
    ]
    if not apart:
        return []
    one, other = rng.choice(apart)
    middle = text[one.end : other.start]
    return [f"{text[: one.start]}{other.of(text)}{middle}{one.of(text)}{text[other.end :]}"]


def _things(text: str) -> Iterator[Span]:
    """One or two words after a preposition or an article, up to the next of what joins."""
    for joint, following in pairwise(_JOINT.finditer(text)):
        between = text[joint.end() : following.start()]
        named = joint[0] in _PREPOSITIONS or joint[0] in _ARTICLES
        if named and 1 <= len(between.split()) <= _LONGEST_THING and following[0] not in _ARTICLES:
            start = joint.end() + len(between) - len(between.lstrip())
            yield Span(start, start + len(between.strip()))


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


def _differing(one: str, other: str, most: int) -> list[tuple[str, str]]:
    """The single long words in whose place ``other`` has one too; none where the two differ in
    more than ``most`` places."""
    first, second = _TOKEN.findall(one), _TOKEN.findall(other)
    compared = difflib.SequenceMatcher(None, first, second, autojunk=False)
    ways = [way for way in compared.get_opcodes() if way[0] != "equal"]
    if len(ways) > most:
        return []
    return [
        (old, new)
        for _, i, i_end, j, j_end in ways
        if i_end - i == j_end - j == 1
        and (old := first[i].lower()).isalpha()
        and (new := second[j].lower()).isalpha()
        and min(len(old), len(new)) >= _SHORTEST
    ]


def _ending(word: str) -> str:
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")


def _is_related(one: str, other: str) -> bool:
    return lexicon.related(stem_of(one, "en"), stem_of(other, "en"))


def _enter(words: dict[str, list[str]], one: str, other: str) -> None:
    for old, new in ((one, other), (other, one)):
        if new not in words.setdefault(old, []):
            words[old].append(new)
