"""Names of a sentence (people, bodies, places, acronyms), and whether its sources have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import pycountry
from spellchecker import SpellChecker

from rag.words import FUNCTION, Reading, fold

_NAME_WORD = re.compile(r"[A-ZÀ-ÞА-ЯЁ][\w'-]*|\b[a-z]{1,2}[A-Z][A-Za-z]+\b")
_OPENS = re.compile(r"(?:^|[.!?:]\s|[\"“«(]|^[-•]\s)\s*$")
# Capitals that name nothing by themselves; written small as often.
_GENERIC = frozenset(
    "internet web government governments state states member members mr mrs ms dr prof online "
    "part section chapter session agenda organization organisation submission i".split()
)
_TIMES = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
_OF_A_COUNTRY = ("ian", "ean", "ese", "ish", "an", "n", "i", "er", "ic", "a", "e", "o")
_LEAST = 4
# Not told apart by their endings, or not alike at all.
_ALIKE: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "france french",
        "netherlands dutch",
        "greece greek",
        "switzerland swiss",
        "spain spanish",
        "wales welsh",
        "turkey turkiye turkish",
        "uk britain british",
        "us usa american",
        "eu european",
        "asia asian asean",
        "africa african",
        "europe european",
        "ireland irish",
        "thailand thai",
        "denmark danish",
        "finland finnish",
        "norway norwegian",
        "poland polish",
        "germany german",
        "philippines filipino",
        "peru peruvian",
        "un uns",
    )
)
_DIFFERENT = frozenset({"niger", "nigeria", "nigerian", "austria", "australia", "iran", "iraq"})
_SAME_PLACES = (
    ("Cote d'Ivoire", "Ivory Coast"),
    ("Türkiye", "Turkey"),
    ("Czechia", "Czech Republic"),
    ("Democratic Republic of the Congo", "DRC"),
    ("Republic of Korea", "South Korea"),
    ("Russian Federation", "Russia"),
    ("Viet Nam", "Vietnam"),
    ("United States of America", "United States"),
    ("Cabo Verde", "Cape Verde"),
)


def missing(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """A reason for each name in the claim that no source has."""
    known = frozenset(word for source in sources for word in _bare_words(source.text))
    written = frozenset(word for source in sources for word in _name_words(source.text))
    spelled = _placed(" ".join(source.text for source in sources))
    reasons = []
    for name in dict.fromkeys(one.text for one in names(claim)):
        told = _placed(name)
        lacking = [
            w for w in _bare_words(told) if w not in FUNCTION and not _has(w, known, spelled)
        ]
        if lacking and not _is_made_of(name, written):
            reasons.append(f"the name “{name}” is not in the quote")
    return reasons


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words and where it stands in its text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def names(reading: Reading) -> tuple[Name, ...]:
    """Runs of capitalised words; the first word of a sentence when it cannot be another word."""
    return tuple(_runs(reading.text))


def _runs(text: str) -> Iterator[Name]:
    matches = list(_NAME_WORD.finditer(text))
    run: list[str] = []
    start = end = 0
    for at, match in enumerate(matches):
        if run and text[end : match.start()] not in {" ", "-"}:
            yield Name(" ".join(run), start, end)
            run = []
        follows = at + 1 < len(matches) and text[match.end() : matches[at + 1].start()] == " "
        if _names_something(text, match, in_run=bool(run) or follows):
            start = start if run else match.start()
            run.append(re.sub(r"'s?$", "", match.group()))
            end = match.end()
        elif run:
            yield Name(" ".join(run), start, end)
            run = []
    if run:
        yield Name(" ".join(run), start, end)


def _names_something(text: str, match: re.Match[str], *, in_run: bool) -> bool:
    word = re.sub(r"'s?$", "", match.group())
    lowered = word.lower()
    if lowered in _TIMES or lowered in _GENERIC or lowered in FUNCTION:
        return False
    if not _OPENS.search(text[: match.start()]) or is_acronym(word):
        return True
    if fold(lowered) in _countries():
        return True
    if lowered not in _dictionary():
        return True
    return in_run and lowered not in _dictionary()


def is_acronym(word: str) -> bool:
    """Whether it has two capitals or more."""
    return sum(c.isupper() for c in word) > 1


def _has(word: str, known: frozenset[str], spelled: str) -> bool:
    if word in known or word.removesuffix("s") in known or f"{word}s" in known:
        return True
    if any(word in alike and alike & known for alike in _ALIKE):
        return True
    if len(word) < _LEAST or word in _DIFFERENT:
        return False
    return any(_derived(word, other) for other in known) or f"{word} " in spelled


def _derived(word: str, other: str) -> bool:
    """Whether one is made from the other as "Kenyan" is from "Kenya", "Swedish" from "Sweden"."""
    if len(other) < _LEAST or other in _DIFFERENT or word[:_LEAST] != other[:_LEAST]:
        return False
    stems = {word, *(word.removesuffix(e) for e in _OF_A_COUNTRY if word.endswith(e))}
    others = {other, *(other.removesuffix(e) for e in _OF_A_COUNTRY if other.endswith(e))}
    others |= {other.removesuffix("en")} if other.endswith("den") else set()
    stems |= {word.removesuffix("en")} if word.endswith("den") else set()
    return any(len(one) >= _LEAST for one in stems & others)


def _is_made_of(name: str, written: frozenset[str]) -> bool:
    """Whether an acronym's letters open the words of a name in the sources, or the reverse."""
    if not name.isupper() or not name.isalpha() or len(name) < 3:
        return False
    return name.lower() in written


@lru_cache(maxsize=4096)
def _name_words(text: str) -> frozenset[str]:
    """Initials of the runs of capitalised words, little words between them left out."""
    found = set()
    pattern = r"[A-Z][\w'-]+(?:\s+(?:(?:of|and|the|for|on|to|in|de|la)\s+){0,3}[A-Z][\w'-]+)+"
    for match in re.finditer(pattern, text):
        letters = [word[0].lower() for word in match.group().split() if word[0].isupper()]
        for start in range(len(letters)):
            found |= {"".join(letters[start:end]) for end in range(start + 3, len(letters) + 1)}
    return frozenset(found)


def _bare_words(text: str) -> list[str]:
    return [re.sub(r"'s?$", "", w) for w in re.findall(r"[\w']+", fold(text.lower()))]


def _placed(text: str) -> str:
    """With countries under one of the names that they have."""
    plain = fold(text)
    for other, one in _SAME_PLACES:
        plain = re.sub(rf"\b{re.escape(fold(other))}\b", one, plain, flags=re.IGNORECASE)
    return f"{plain.lower()} "


@cache
def _countries() -> frozenset[str]:
    return frozenset(fold(c.name.lower()) for c in pycountry.countries if " " not in c.name)


@cache
def _dictionary() -> SpellChecker:
    return SpellChecker(language="en")
