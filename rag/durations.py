"""Lengths of time in a sentence: "72 hours", "three days", "half a minute", "a year and a half".

Two of one length say the same in other units. Weeks and months are not turned into each other, as
nothing tells which months; a rate ("ninety calls a day") and an age are no lengths. English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from corpus.model import Span

# In seconds, and in months; "centurie" is what a plural is without its "s".
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_SECONDS["fortnight"] = 2 * _SECONDS["week"]
_MONTHS = {"month": 1, "year": 12, "decade": 120, "century": 1200, "centurie": 1200}
_PART = r"(?P<part>half|(?:a|one|three) quarters?(?: of)?)\s+an?\s+"
# "An hour" is a length after these, else it may be a rate.
_WITHIN = "within|in|for|after|of|under|over|than|about|almost|nearly|takes?|took|lasts?|lasted|is"
_ALONE = rf"\b(?:(?:{_WITHIN}) (?:an?|one)|the (?:past|last|coming)) (?!second)"


def _unit(name: str) -> str:
    units = "|".join((*_SECONDS, *_MONTHS))
    return rf"(?P<{name}>{units})s?\b(?!-\w| old\b| of age\b)"


# Each way of telling one, its unit by a name of its own.
_DURATION = re.compile(
    rf"\b{_PART}{_unit('parted')}|\ban? {_unit('and_a_half')} and a half\b|"
    rf"{_ALONE}{_unit('whole')}",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"(?P<half>\s+and a half)?[\s-]+{_unit('unit')}", re.IGNORECASE)
_QUARTERS = {"half": 2, "three": 3}


@dataclass(frozen=True, slots=True)
class Duration:
    """Where it stands, and how long it is: in seconds, or in months."""

    span: Span
    in_months: bool
    length: Fraction

    def equals(self, other: Duration) -> bool:
        return (self.in_months, self.length) == (other.in_months, other.length)


def uncounted(text: str) -> Iterator[Duration]:
    """Those without a number: "within an hour", "half a minute", "the last decade"."""
    for found in _DURATION.finditer(text):
        span = Span(found.start(), found.end())
        if found["parted"]:
            part = found["part"].lower().split()[0]
            yield _of(span, Fraction(_QUARTERS.get(part, 1), 4), found["parted"])
        elif found["and_a_half"]:
            yield _of(span, Fraction(3, 2), found["and_a_half"])
        else:
            yield _of(span, Fraction(1), found["whole"])


def counted(text: str, start: int, end: int, amount: Fraction) -> Duration | None:
    """That of a number which stands from ``start`` to ``end``; None where no unit follows it."""
    found = _COUNTED.match(text, end)
    if not found:
        return None
    more = Fraction(1, 2) if found["half"] else Fraction(0)
    return _of(Span(start, found.end()), amount + more, found["unit"])


def _of(span: Span, amount: Fraction, unit: str) -> Duration:
    unit = unit.lower()
    in_months = unit in _MONTHS
    return Duration(span, in_months, amount * (_MONTHS if in_months else _SECONDS)[unit])
