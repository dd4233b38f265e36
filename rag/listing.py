"""List questions: when one section is asked for, all of its sentences are the answer.

"List every …" fails sentence by sentence, since the items of a list resemble the question less
than single sentences elsewhere do. What such a question does resemble is a section's heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Document, Part, Section
from corpus.store import Corpus, Passage
from rag.retrieve import Retrieved

# Share of the heading that the question must name, or of the question that the heading covers.
_ENOUGH = 0.6
_NO_PLURALS = (
    "begins|starts|opens|ends|says|states|reads|deals|covers|speaks|mentions|concerns|does|is|was|"
    "has|this|its|us|as|makes|takes|gives|calls|happens|asks"
)
# All there is is wanted, and: several things may be.
_ALL = re.compile(
    r"\b(?:list|enumerate|overview|summari[sz]e|summary|everything|every|each|all|anything|any|full|"
    r"complete|mentions?|lines of action)\b|"
    r"\b(?:liste[rz]?|toutes?|tous|todas|todos)\b|\b(?:перечисли\w*|все)\b|所有|列出|\b(?:اذكر|جميع)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    rf"\b(?:(?:which|what)\s+(?:[\w-]+\s+){{0,2}}?(?!(?:{_NO_PLURALS})\b)[\w-]+s\b|what\s+are|"
    r"name\s+the)\b|"
    r"\b(?:quelles|quels|cuáles|qué)\b|\bкакие\b|哪些|\bما هي\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|next|future|upcoming|intend(?:s|ed)?|will|going to|from now on|"
    r"ahead|planea|planifica|futur[oae]s?|prochaine?s?|prévoi\w*|планиру\w*|дальше|будущ\w*)\b|"
    r"计划|未来|下一步|\b(?:تخطط|المستقبل|المقبلة)\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"\b(?:summar(?:y|i[sz]e)|overview|in brief|main points?|résum(?:é|e[rz]?)|resum(?:en|e|ir)|"
    r"кратко|обзор|резюме)\b|摘要|概述|总结|\b(?:ملخص|لخص)\b",
    re.IGNORECASE,
)
_SECTION = re.compile(r"\b(?:section|part|chapter|heading|under|category)\b", re.IGNORECASE)
# Words that say that a section is meant, or what it holds, but not which one.
_CARRIERS = (
    "list section part chapter heading head paper submission document report named listed given "
    "item point thing activity action initiative step work effort everything do done doing plan "
    "planned planning next future intend ahead upcoming now different main key various all every "
    "each one kind type area line name category include included see summary summarize summarise "
    "overview brief short whole content contribution point"
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A section that a question asks for, its passages in order, and how clearly it does."""

    passages: tuple[Passage, ...]
    fit: float


@dataclass(frozen=True, slots=True)
class Reach:
    """Difference in score within which sentences are shown, and how many at most.

    ``elsewhere`` holds for other submissions than the best sentence's, since those have to answer
    as well, not only to add.
    """

    here: float
    elsewhere: float
    most: int


# Chosen on cases for tuning; see docs/decisions/0022-late-interaction.md.
_REACH = Reach(0.1, 0.02, 4)
_REACH_OF_SEVERAL = Reach(0.15, 0.02, 4)
_REACH_OF_ALL = Reach(0.3, 0.1, 8)


def listing(corpus: Corpus, question: str, found: Sequence[Retrieved]) -> Listing | None:
    """The section that a list question names, among those of the documents found."""
    if not any(asks.search(question) for asks in (_ALL, _SEVERAL, _SUMMARY)):
        return None
    best: Listing | None = None
    for submission_id in dict.fromkeys(one.passage.document.submission.id for one in found):
        document = corpus.document(submission_id)
        for section in document.sections:
            fit = _fit(corpus, question, document, section)
            if fit >= _ENOUGH and (best is None or fit > best.fit):
                chunks = [chunk for chunk in document.chunks if chunk.section == section.ordinal]
                best = Listing(tuple(Passage(document, chunk) for chunk in chunks), fit)
    return best


def reach(question: str) -> Reach:
    """How far below the best sentence others still belong to the answer, by what is wanted."""
    if _ALL.search(question):
        return _REACH_OF_ALL
    return _REACH_OF_SEVERAL if _SEVERAL.search(question) else _REACH


def is_planned(question: str) -> bool:
    """Whether a question asks for plans rather than for what was done."""
    return bool(_PLANNED.search(question))


def _fit(corpus: Corpus, question: str, document: Document, section: Section) -> float:
    """How clearly a question means a section, 0 to 1, by the words of its own heading.

    Either the heading covers most of what is asked, or the question names most of the heading;
    a heading of one word must be called a section, since its word may just occur.
    """
    if section.heading is None or section.boilerplate:
        return 0.0
    language = document.submission.language
    aside = set(corpus.terms(f"{_CARRIERS} {document.submission.entity}", language))
    asked = set(corpus.terms(question, language)) - aside
    if not asked:
        # Nothing is asked for but plans, or the whole in short.
        planned = section.part is Part.FUTURE_ACTIONS and is_planned(question)
        brief = section.part is Part.EXECUTIVE_SUMMARY and bool(_SUMMARY.search(question))
        return float(planned or brief)
    heading = set(corpus.terms(section.path[-1], language)) - aside
    weights = corpus.weights([*heading, *asked])
    shared = sum(weights[term] for term in heading & asked)
    if not shared:
        return 0.0
    covered = shared / sum(weights[term] for term in asked)
    named = shared / sum(weights[term] for term in heading)
    may_be_named = len(heading) > 1 or _SECTION.search(question)
    return max(covered, named if may_be_named else 0.0)
