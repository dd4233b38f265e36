"""The nouns of the program: what a submission is made of.

All are frozen and carry offsets into one canonical text instead of copies of it.
Offsets count Unicode code points, so ``text[span.start:span.end]`` is the passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class EntityType(StrEnum):
    """Kinds of submitter, as the CSTD secretariat groups them."""

    UN_BODY = "un_body"
    INTERNATIONAL_ORGANIZATION = "international_organization"
    GOVERNMENT = "government"
    CIVIL_SOCIETY = "civil_society"
    PRIVATE_SECTOR = "private_sector"
    ACADEMIA = "academia"
    TECHNICAL_COMMUNITY = "technical_community"


# The languages of the United Nations by ISO 639-1 code, with their English names.
LANGUAGES = {
    "ar": "Arabic",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "ru": "Russian",
    "zh": "Chinese",
}


class Part(StrEnum):
    """Parts of the submission template that a question can be limited to."""

    EXECUTIVE_SUMMARY = "executive_summary"
    TRENDS_AND_EXPERIENCES = "trends_and_experiences"
    INNOVATIVE_POLICIES = "innovative_policies"
    FUTURE_ACTIONS = "future_actions"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points, ``start <= end``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The passage of ``text`` that the span covers."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlap(self, other: Span) -> int:
        """Number of code points that both spans cover."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the original file; ``printed`` is the number that stands on the paper.

    ``words`` holds where its words stand, packed by ``corpus.places``; empty where not known.
    ``recognised``: its text was recognised on a picture of it, and may differ from what is written.
    """

    number: int
    printed: str | None
    span: Span
    words: bytes = b""
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    """The part of a passage that stands on one page.

    ``page`` counts from 1, ``printed_page`` is the number on the paper. Each box is left, top,
    right, bottom as shares (0 to 1) of the page's width and height from its top left corner;
    there are none where the file does not place its words. ``recognised``: the text was
    recognised on a picture of the page, so that the passage may differ from what is written.
    """

    page: int
    printed_page: str | None
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A run of text under one heading, its heading included, its subsections left out.

    The sections of a document follow each other and cover all of its text but blanks.
    ``boilerplate`` marks text that recurs in every submission of a session (cover block,
    mandate, disclaimer): it stays citable but must not win a ranking.
    """

    ordinal: int
    path: tuple[str, ...]
    span: Span
    heading: Span | None = None
    part: Part | None = None
    boilerplate: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage that is indexed as one: ``document.text[span.start:span.end] == text``."""

    id: str
    submission_id: str
    ordinal: int
    section: int
    span: Span
    text: str


class MentionKind(StrEnum):
    ACTION_LINE = "action_line"
    SDG_GOAL = "sdg_goal"
    SDG_TARGET = "sdg_target"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Mention:
    """What a text names in so many words, and where: "C7", "5", "5.2", "2023-06-14".

    ``span`` is None for what a manifest states and the text does not name.
    """

    kind: MentionKind
    value: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Submission:
    """Who submitted what, for which session of the CSTD."""

    id: str
    title: str
    entity: str
    entity_type: EntityType | None
    session: int | None
    year: int | None
    language: str
    filename: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Document:
    """A submission's canonical text and its structure; every offset refers to ``text``."""

    submission: Submission
    text: str
    sections: tuple[Section, ...]
    chunks: tuple[Chunk, ...]
    pages: tuple[Page, ...] = ()
    mentions: tuple[Mention, ...] = ()

    def section_at(self, offset: int) -> Section:
        """The section that covers ``offset``; LookupError where only a blank stands."""
        for section in self.sections:
            if section.span.start <= offset < section.span.end:
                return section
        raise LookupError(f"no section at offset {offset} of {self.submission.id}")

    def page_at(self, offset: int) -> Page | None:
        """The page on which ``offset`` stands; None where the file has no pages."""
        found = None
        for page in self.pages:
            if page.span.start > offset:
                break
            found = page
        return found


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits on what is searched; an empty tuple leaves that field unlimited."""

    submission: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    entity_type: tuple[str, ...] = ()
    session: tuple[int, ...] = ()
    year: tuple[int, ...] = ()
    language: tuple[str, ...] = ()
    part: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Filters as the indexes apply them: submission ids (None: all) and template parts."""

    submissions: tuple[str, ...] | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk and how well it matched; higher is better, the scale is the ranker's own."""

    chunk_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Entry:
    """What an index stores of a chunk or a sentence: its id, where it belongs, the text to match.

    ``text`` is the passage under its contextual header (submitter, title, section path).
    """

    chunk_id: str
    submission_id: str
    part: str
    language: str
    text: str
    header: str = field(default="")


def entries(document: Document, header_of: Sequence[str]) -> list[Entry]:
    """One entry a chunk; ``header_of`` gives the contextual header for each section ordinal."""
    return [
        Entry(
            chunk_id=chunk.id,
            submission_id=chunk.submission_id,
            part=document.sections[chunk.section].part or "",
            language=document.submission.language,
            text=chunk.text,
            header=header_of[chunk.section],
        )
        for chunk in document.chunks
    ]
