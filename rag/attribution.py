"""Whom a sentence says that it is from, and whether its sources are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.names import initials
from rag.words import fold

_SPEAKS = (
    r"(?:states?|stated|says?|said|reports?|reported|notes?|noted|explains?|explained|"
    r"highlights?|highlighted|mentions?|mentioned|adds?|added|describes?|described|"
    r"emphasi[sz]es?|emphasi[sz]ed|underlines?|stresses|stressed|observes?|observed|"
    r"indicates?|indicated|claims?|claimed|writes?|wrote|points? out|pointed out|argues?|argued|"
    r"believes?|warns?|warned|identifies|considers?|acknowledges?)"
)
_WHO = r"(?P<who>(?-i:[A-Z0-9])[^,;:“”]{0,80}?)"
_LEADS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:according to|as (?:stated|reported|noted|described) by|per) (?:the )?{_WHO}"
        r"(?:[’']s? (?:submission|report|contribution)[^,]{0,40})?\s*,\s*",
        rf"^in (?:its|their|the) [^,]{{0,30}}submission[^,]{{0,30}},\s*{_WHO} "
        rf"(?:also )?{_SPEAKS}(?: that|:|,)\s*",
        rf"^(?:the )?{_WHO}(?:[’']s? (?:\d{{4}} )?(?:submission|report|contribution))? "
        rf"(?:also |further |additionally )?{_SPEAKS}(?: that\b|:|,)\s*",
        rf",?\s*according to (?:the )?{_WHO}(?:[’']s? (?:submission|report))?\s*[.]?$",
        rf",\s*(?:the )?{_WHO} {_SPEAKS}\s*[.]?$",
    )
)
_LEAD_WITHOUT_NAME = re.compile(
    rf"^(?:according to (?:the|its|their|this) (?:submission|report|document|contribution|"
    rf"organi[sz]ation|submitter)\s*,|(?:the|its|this) (?:submission|organi[sz]ation|report|"
    rf"contribution) (?:also )?{_SPEAKS}(?: that\b|:|,)|(?:it|they) (?:also )?{_SPEAKS} that\b)\s*",
    re.IGNORECASE,
)
_COMMON = frozenset(
    "of and the for to on in a an de la united nations international organization organisation "
    "council commission agency committee world global office secretariat".split()
)


def parted(sentence: str) -> tuple[tuple[str, ...], str]:
    """Those whom the sentence names as its source, and what it says once they are taken away."""
    named: list[str] = []
    rest = _LEAD_WITHOUT_NAME.sub("", sentence.strip(), count=1)
    for pattern in _LEADS:
        found = pattern.search(rest)
        if found and len(rest) - len(found.group()) > len("words."):
            named.append(found["who"].strip())
            rest = rest[: found.start()] + rest[found.end() :]
    said = rest.strip().strip('“”"').strip()
    return tuple(named), said[:1].upper() + said[1:]


def wrong(named: Sequence[str], entities: Sequence[str], quotes: Sequence[str]) -> list[str]:
    """A reason for each named source that submitted none of the quotes, nor speaks in them."""
    return [
        f"“{who}” is named as the source; the quote is from {_listed(entities)}"
        for who in named
        if not any(_is_one(who, entity) for entity in entities)
        and not any(_speaks(who, quote) for quote in quotes)
    ]


def _is_one(who: str, entity: str) -> bool:
    asked, submitter = _words(who), _words(entity)
    if not asked:
        return False
    if asked <= submitter and (asked - _COMMON or asked == submitter):
        return True
    if submitter <= asked and len(asked - submitter) <= 1 and submitter - _COMMON:
        return True
    letters = initials(entity)
    return len(letters) > 1 and (who.lower() == letters or initials(who) == entity.lower())


def _speaks(who: str, quote: str) -> bool:
    """Whether the quote itself reports what they say: then they are rightly named."""
    name = re.escape(who)
    says = rf"(?:according to (?:the )?{name}\b|\b{name} (?:also |further )?{_SPEAKS}\b)"
    return re.search(says, quote, re.IGNORECASE) is not None


def _words(text: str) -> set[str]:
    bare = re.sub(r"[’']s\b", "", fold(text.lower()))
    return set(re.findall(r"\w+", bare)) - {"the", "its", "submission", "report"}


def _listed(entities: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(entities))
