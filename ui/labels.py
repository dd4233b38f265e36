"""The words for codes, numbers and filters."""

from __future__ import annotations

from corpus.model import LANGUAGES, EntityType, Filters, Location, Part
from rag.model import Answer, Citation, Mode, Translation

ANGLE = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
HIGH, MODERATE = 0.8, 0.5

ENTITY_TYPES = {
    EntityType.UN_BODY: "UN body",
    EntityType.INTERNATIONAL_ORGANIZATION: "International organization",
    EntityType.GOVERNMENT: "Government",
    EntityType.CIVIL_SOCIETY: "Civil society",
    EntityType.PRIVATE_SECTOR: "Private sector",
    EntityType.ACADEMIA: "Academia",
    EntityType.TECHNICAL_COMMUNITY: "Technical community",
}
PARTS = {
    Part.EXECUTIVE_SUMMARY: "Executive summary",
    Part.TRENDS_AND_EXPERIENCES: "Trends and experiences",
    Part.INNOVATIVE_POLICIES: "Innovative policies, programmes and projects",
    Part.FUTURE_ACTIONS: "Future actions or initiatives",
}
MODES = {
    Mode.EXTRACTIVE: "Quoted from the submissions",
    Mode.GENERATIVE: "Drafted by a model, checked against the quotes",
}
STAGES = {
    "searching": "Searching the submissions",
    "drafting": "The model is drafting; each sentence appears once it is checked",
    "starting_over": "The draft did not hold; quoting instead",
    "translating": "The model is translating quotes",
}


def mode_label(answer: Answer) -> str:
    """How the sentences were made, and by which model where one drafted them."""
    made = MODES.get(answer.mode, answer.mode)
    return f"{made} ({answer.model})" if answer.model else made


def stage_label(stage: str) -> str:
    """What the server is doing, in words; an unknown stage by its name."""
    return STAGES.get(stage, stage.replace("_", " ").capitalize())


def translation_label(translation: Translation) -> str:
    """Who made a translation, and that nobody vouches for it."""
    return f"Translation by {translation.model}, not checked"


def section_label(citation: Citation) -> str:
    """The headings above the passage, the outermost first."""
    return f" {ANGLE} ".join(citation.section)


def page_label(citation: Citation) -> str:
    """``page 3 (printed iv)``; empty where the file has no pages. Says what a scan was read as."""
    if citation.page is None:
        return ""
    recognised = any(place.recognised for place in citation.locations)
    scanned = ", recognised on a scan" if recognised else ""
    return _numbered(citation.page, citation.printed_page) + scanned


def place_label(place: Location) -> str:
    """``Page 3 (printed iv)``, under a picture of it."""
    return _numbered(place.page, place.printed_page).capitalize()


def _numbered(page: int, printed: str | None) -> str:
    same = printed is None or printed == str(page)
    return f"page {page}" + ("" if same else f" (printed {printed})")


def session_label(session: int | None, year: int | None) -> str:
    """The session a submission was made to and the year it reports on, where known."""
    parts = [f"CSTD session {session}" if session else "", f"reporting on {year}" if year else ""]
    return ", ".join(part for part in parts if part)


def language_label(code: str) -> str:
    """A language by its English name, or its code if it is none of the six of the UN."""
    return LANGUAGES.get(code, code)


def confidence_label(confidence: float) -> str:
    """How likely the passages answer the question, in a word and in percent."""
    word = "high" if confidence >= HIGH else "moderate" if confidence >= MODERATE else "low"
    return f"{word} ({confidence:.0%})"


def filters_label(filters: Filters) -> str:
    """The active limits in words; empty if everything is searched."""
    values = {
        "submission": filters.submission,
        "submitter": filters.entity,
        "kind": tuple(kind_label(value) for value in filters.entity_type),
        "session": tuple(map(str, filters.session)),
        "year": tuple(map(str, filters.year)),
        "language": tuple(map(language_label, filters.language)),
        "part": tuple(part_label(value) for value in filters.part),
    }
    return "; ".join(f"{name} {' or '.join(value)}" for name, value in values.items() if value)


def kind_label(value: str) -> str:
    """A kind of submitter in words; an unknown one as it is."""
    return ENTITY_TYPES[EntityType(value)] if value in ENTITY_TYPES else value


def part_label(value: str) -> str:
    """A part of the submission template in words; an unknown one as it is."""
    return PARTS[Part(value)] if value in PARTS else value
