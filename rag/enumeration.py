"""What "the last of those" or "the second one" points at in the answer before."""

from __future__ import annotations

import re

_PLACES = {
    "first": 0,
    "former": 0,
    "second": 1,
    "third": 2,
    "fourth": 3,
    "fifth": 4,
    "second to last": -2,
    "last": -1,
    "latter": -1,
    "final": -1,
}
_POINTING = re.compile(
    rf"\bthe (?P<place>{'|'.join(sorted(_PLACES, key=len, reverse=True))})"
    r"(?:\s+(?:ones?|countr(?:y|ies)|items?|points?|partners?|organi[sz]ations?|places?))?"
    r"(?P<of>\s+of\s+(?:those|these|them|the \w+))?(?=[\s?.,!;:'’]|$)",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*\[\d+\]")
# "Iraq, Kenya and Ethiopia": names, or short phrases, between commas and one "and".
_ITEM = r"[^,;.:()“”\"\n]{2,60}?"
_SERIES = re.compile(rf"({_ITEM}(?:,\s+{_ITEM})*),?\s+(?:and|or)\s+({_ITEM})(?=[,;.:()“”\"\n]|$)")
_NAME = r"[A-ZÀ-Þ][\w’'-]*(?:\s+(?:(?:of|the|for|de)\s+)*[A-ZÀ-Þ][\w’'-]*)*"
_NAMES = re.compile(rf"({_NAME}(?:,\s+{_NAME})+),?\s+(?:and|or)\s+({_NAME})")
_PAIR = re.compile(rf"({_NAME})\s+and\s+({_NAME})")
_QUOTE = re.compile(r"“([^”]+)”")


def pointed_at(question: str, answer: str) -> str:
    """The question with such a phrase replaced by the item meant; as it is where none is found."""
    match = _POINTING.search(question)
    if not match:
        return question
    place = _PLACES[match["place"].lower()]
    # Without "of those" only a bare "the last one?" points; "the first summit" is a description.
    if not match["of"] and not re.search(r"\b(?:one|latter|former)\b", match.group()):
        return question
    items = _items(_MARKER.sub("", answer))
    if not -len(items) <= place < len(items):
        return question
    return question[: match.start()] + items[place] + question[match.end() :]


def _items(answer: str) -> list[str]:
    """The quotes of an answer that has several; else the items of its last enumeration."""
    quotes = _QUOTE.findall(answer)
    if len(quotes) > 1:
        return [quote.rstrip(".;, ") for quote in quotes]
    for pattern in (_NAMES, _PAIR, _SERIES):
        found = pattern.findall(answer)
        if found:
            listed, last = found[-1]
            return [*(item.strip() for item in listed.split(",")), last.strip()]
    return []
