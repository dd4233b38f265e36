"""Who submitted what and when, from the cover block."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace

from corpus.language import language_of
from corpus.model import EntityType
from ingest.canonical import Canonical
from ingest.entities import kind_of

_COVER_CHARACTERS = 4_000
_TITLE_WITHIN = 20
_TITLE_WORDS = 4
_TITLE_CHARACTERS = 200
_UNITS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_TENS = {"twen": 20, "thir": 30, "for": 40, "fif": 50, "six": 60, "seven": 70, "eigh": 80}
_SESSION = re.compile(
    r"\b(?:(?P<tens>twen|thir|for|fif|six|seven|eigh)(?:ty-(?P<unit>\w+)|tieth)"
    rf"|(?P<plain>{'|'.join(_UNITS)})|(?P<digits>\d{{1,2}})(?:st|nd|rd|th))\s+session\b",
    re.IGNORECASE,
)
_CSTD = re.compile(r"commission on science and technology for development", re.IGNORECASE)
_YEAR = re.compile(
    r"\b(?:efforts|progress made|activities|actions) in (?P<year>(?:19|20)\d\d)\b", re.IGNORECASE
)
_ENTITY = re.compile(r"^submission by:?\s*(?P<entity>\S.{1,120}?)?\s*$", re.IGNORECASE)
_TITLE = re.compile(r"^(?:(?:19|20)\d\d )?submission (?:by|of|from)\b.{20,300}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a submission; a field that is None was not found.

    ``action_lines`` ("C7"), ``sdgs`` (goals "5" and targets "5.2") and ``dates`` ("2023-06-14",
    "2023-06") are only stated, never found: None leaves what the text names.
    """

    title: str | None = None
    entity: str | None = None
    entity_type: EntityType | None = None
    session: int | None = None
    year: int | None = None
    language: str | None = None
    action_lines: tuple[str, ...] | None = None
    sdgs: tuple[str, ...] | None = None
    dates: tuple[str, ...] | None = None

    def over(self, other: Metadata) -> Metadata:
        """This metadata, completed by the other's where a field is None."""
        known = {f.name: getattr(self, f.name) for f in fields(self)}
        return replace(other, **{name: value for name, value in known.items() if value is not None})


def metadata(document: Canonical) -> Metadata:
    """What the cover block and the wording tell."""
    lines = [block.span.of(document.text) for block in document.blocks]
    cover = document.text[:_COVER_CHARACTERS]
    entity = _entity(lines)
    return Metadata(
        title=_title(lines),
        entity=entity,
        entity_type=kind_of(entity) if entity else None,
        session=_session(cover),
        year=int(found["year"]) if (found := _YEAR.search(cover)) else None,
        language=language_of(document.text),
    )


def _title(lines: list[str]) -> str | None:
    """The line that calls itself a submission, or else the first that has a title's length."""
    stated = (line.rstrip(".") for line in lines if _TITLE.match(line))
    opening = (line for line in lines[:_TITLE_WITHIN] if len(line.split()) >= _TITLE_WORDS)
    return next(stated, None) or next(opening, "")[:_TITLE_CHARACTERS] or None


def _entity(lines: list[str]) -> str | None:
    """The name after "Submission by", on the same line or the next."""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        found = _ENTITY.match(line)
        if found:
            return found["entity"] or following or None
    return None


def _session(text: str) -> int | None:
    """The session of the CSTD; other bodies number theirs too."""
    found = _SESSION.search(text) if _CSTD.search(text) else None
    if not found:
        return None
    if found["digits"]:
        return int(found["digits"])
    if found["plain"]:
        return _UNITS.index(found["plain"].lower()) + 1
    unit = (found["unit"] or "").lower()
    return _TENS[found["tens"].lower()] + (_UNITS.index(unit) + 1 if unit in _UNITS else 0)
