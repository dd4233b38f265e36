"""Whether the best sentences answer, only touch on the question, or nothing does.

Nearness alone cannot tell: a question about the right subject that asks for an absent fact is
*nearer* to the text than a paraphrase that it does answer. So what a question demands is
checked against what the passage has: names, numbers and years, and the kind of thing asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Filters, Submission
from corpus.store import Corpus
from rag.expect import ROLES, Expected, expected, states
from rag.frames import unmet
from rag.model import Status
from rag.names import GLOSSARY, has_name, initials, names
from rag.select import Candidate

# Logistic regression over dev cases; see docs/decisions/0008-declining.md.
_INTERCEPT, _ABOUT, _WORDS = -1.8, 8.4, 1.0
_DOUBT_WEIGHT = -2.5
_MOST_WHEN_DOUBTFUL = 0.45
_ANSWERED_FROM, _PARTIAL_FROM = 0.5, 0.1
# Further sentences are shown when their score lies this near to the best one's.
_NEARLY = 0.1
_MOST_SENTENCES = 4
# What it is worth, as a sentence's score, that a question names the section it wants listed.
_LISTED = 0.6
# A section longer than this is no list that a reader would want in one answer.
_MOST_ITEMS = 20

_SPOKE = (
    r"(?:say|said|says|report|reported|state|stated|claim|claimed|write|wrote|mention|mentioned)"
)
_ATTRIBUTION = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:did|does|do|has|have)\s+(?:the\s+)?(?P<who>[\w.&'’ -]{{2,60}}?)\s+{_SPOKE}\b",
        r"\baccording to\s+(?:the\s+)?(?P<who>[\w.&'’ -]{2,60}?)"
        r"(?:[,?.]|$|\s+(?:what|who|how|is|are))",
        r"\b(?P<who>(?-i:(?!(?:The|What|Which|Who|When|Where|Why|How|Is|Are|Was|Does|Did|In|"
        r"From)\b)"
        r"[A-Z][\w.&-]+(?:\s+[A-Z][\w.&-]+){0,5}))(?:['’]s?)\s+"
        r"(?:submission|contribution|report to the cstd)\b",
    )
)
_PRONOUN = re.compile(
    r"(?:it|they|he|she|you|we|this|that|these|those|the)?\s*"
    r"(?:submission|document|paper|report|text|author|authors|submitter|submitters|organi[sz]ation|"
    r"contributors?|disclaimer|stakeholders?|anyone|anybody|entities|entity|who|what|"
    r"it|they|he|she|you|we|this|that)s?",
    re.IGNORECASE,
)
_SECTION = re.compile(r"(?:part|section|chapter|annex|executive summary)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?!\w)")
# Words that many names of organizations have; they do not tell one from another.
_COMMON = frozenset(
    "of and the for to on in a an by de la le les des du et y el los las united nations un "
    "international organization organisation union council commission agency "
    "association committee forum foundation fund global world network centre center institute "
    "university ministry department programme program development economic national "
    "republic".split()
)
# "Is it right that …", "…, correct?": an answer may well set the number or the name right.
_CHECK = re.compile(
    r"\b(?:is it (?:true|right|correct|the case)|correct\?|right\?|true\?|isn['’]t it|"
    r"didn['’]t they|"
    r"est-ce vrai|es cierto|es verdad|правда ли|верно ли)|是真的吗|هل صحيح",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(
    r"\b(?:stands? for|short for|abbreviat\w+|acronym|spel(?:t|led) out|in full|full name|"
    r"mean by the letters)\b",
    re.IGNORECASE,
)
_SHORT_FORM = re.compile(r"\b[A-Z][A-Za-z0-9]*[A-Z0-9]\b")
_BY_NAME = re.compile(
    r"\b(?:by name|names? of|are (?:they|these|those) called|named individuals|name the)\b",
    re.IGNORECASE,
)
_PROPER = re.compile(r"\b[A-ZÀ-ÞА-Я][\w’'-]{2,}")
_ROLE = re.compile(rf"\b(?:{ROLES})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to show and why; ``doubts`` are sentences for a reader, empty when answered.

    ``confidence`` estimates the probability, 0 to 1, that the passages answer the question.
    """

    status: Status
    confidence: float
    chosen: tuple[Candidate, ...]
    doubts: tuple[str, ...]


def decide(
    corpus: Corpus,
    question: str,
    filters: Filters,
    ranked: Sequence[Candidate],
    items: Sequence[Candidate] = (),
) -> Decision:
    """Choose among ranked candidates, or decline.

    ``question`` is in the user's own words: what was added from the history is no demand.
    ``items`` are the sentences of the section that a list question asks for; they are all chosen.
    """
    stranger = _stranger(corpus, question, filters)
    if stranger:
        doubt = f"None of the submissions searched is by {stranger}."
        return Decision(Status.NOT_FOUND, 0.0, (), (doubt,))
    if not ranked:
        return Decision(Status.NOT_FOUND, 0.0, (), ("Nothing that was searched is related.",))
    chosen = tuple(items[:_MOST_ITEMS]) or _choose(ranked)
    doubts = tuple(_doubts(corpus, question, filters, chosen))
    about = max(candidate.about for candidate in ranked)
    words = max(candidate.words for candidate in chosen)
    confidence = _confidence(about, words, len(doubts))
    status = _status(confidence)
    return Decision(status, confidence, chosen if status is Status.ANSWERED else (), doubts)


def _choose(ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The best sentences, in the order of their documents."""
    least = ranked[0].score - _NEARLY
    best = [candidate for candidate in ranked[:_MOST_SENTENCES] if candidate.score >= least]
    place = {c.document.submission.id: rank for rank, c in reversed(list(enumerate(best)))}
    return tuple(sorted(best, key=lambda c: (place[c.document.submission.id], c.span)))


def _confidence(about: float, words: float, doubts: int) -> float:
    """A doubt is a demand of the question that the passages fail: it never counts as answered."""
    odds = _INTERCEPT + _ABOUT * about + _WORDS * words + _DOUBT_WEIGHT * doubts
    estimate = 1 / (1 + math.exp(-odds))
    return round(min(estimate, _MOST_WHEN_DOUBTFUL) if doubts else estimate, 3)


def _status(confidence: float) -> Status:
    if confidence >= _ANSWERED_FROM:
        return Status.ANSWERED
    return Status.PARTIAL if confidence >= _PARTIAL_FROM else Status.NOT_FOUND


def _doubts(
    corpus: Corpus, question: str, filters: Filters, chosen: Sequence[Candidate]
) -> list[str]:
    """What the question demands and the passages lack, each as a sentence for the reader."""
    around = [_surroundings(candidate) for candidate in chosen]
    everything = " ".join(around)
    doubts = [
        *_names_missing(corpus, question, filters, everything),
        *_numbers_missing(question, everything),
    ]
    kind = expected(question)
    if kind and not any(states(candidate.text, kind) for candidate in chosen):
        doubts.append(f"The nearest passages do not state the {kind} that is asked for.")
    role = _ROLE.search(question)
    if kind is Expected.PERSON and role and not has_name(everything, role.group()):
        doubts.append(f"The nearest passages do not mention a {role.group()}.")
    doubts += _forms_missing(corpus, question)
    if _BY_NAME.search(question) and not _named_beside(question, chosen):
        doubts.append("The nearest passages do not give the names that are asked for.")
    doubts += [
        f"The nearest passages do not speak of {frame.matter}." for frame in unmet(question, around)
    ]
    return doubts


def _forms_missing(corpus: Corpus, question: str) -> list[str]:
    """Short forms whose meaning is asked for and that no submission spells out."""
    if not _STANDS_FOR.search(question):
        return []
    defined = {short for short, _ in corpus.acronyms()}
    return [
        f"The submissions do not say what “{short}” stands for."
        for short in _SHORT_FORM.findall(question)
        if short not in defined and not _glossed(short)
    ]


def _glossed(short: str) -> bool:
    """A UN document may spell such a form out without the form beside it."""
    return short in GLOSSARY


def _named_beside(question: str, chosen: Sequence[Candidate]) -> bool:
    """Whether a sentence has a proper name that is neither the question's nor the submitter's."""
    for candidate in chosen:
        known = f"{question} {candidate.document.submission.entity}".lower()
        # A first word has a capital anyway.
        for name in _PROPER.findall(candidate.text[1:]):
            if name.lower() not in known and name not in GLOSSARY:
                return True
    return False


def _names_missing(corpus: Corpus, question: str, filters: Filters, text: str) -> list[str]:
    missing = [name for name in names(question) if not has_name(text, name)]
    scope = corpus.scope(filters)
    return [
        f"The {'nearest passages' if corpus.mentions(name, scope) else 'submissions searched'} "
        f"do not mention “{name}”."
        for name in missing
    ]


def _numbers_missing(question: str, text: str) -> list[str]:
    """Numbers that the question takes for granted; one that it asks to check may be wrong."""
    if _CHECK.search(question):
        return []
    there = set(_NUMBER.findall(text))
    return [
        f"The nearest passages do not have the number {number}."
        for number in dict.fromkeys(_NUMBER.findall(question))
        if number not in there
    ]


def _surroundings(candidate: Candidate) -> str:
    """The passage of a sentence with all that its reader is told about it."""
    submission = candidate.document.submission
    return " ".join(
        (
            submission.entity,
            *candidate.retrieved.passage.section.path,
            candidate.retrieved.passage.chunk.text,
            str(submission.year or ""),
            str(submission.session or ""),
        )
    )


def _stranger(corpus: Corpus, question: str, filters: Filters) -> str | None:
    """Whom the question attributes something to, when nothing searched is by them."""
    submissions = corpus.searched(filters)
    for pattern in _ATTRIBUTION:
        found = pattern.search(question)
        who = found["who"].strip() if found else ""
        if not who or _PRONOUN.fullmatch(who) or _SECTION.match(who):
            continue
        if not _names_any(who, submissions):
            # "What did children say" names nobody; "what did itu say" does.
            known_word = who.islower() and corpus.mentions(who, corpus.scope(filters))
            return None if known_word or not _looks_like_a_name(who) else who
    return None


def _names_any(who: str, submissions: Sequence[Submission]) -> bool:
    """Whether a name is a submitter's or its initials, or has a telling word of one's name."""
    words = set(re.findall(r"\w+", who.lower()))
    for submission in submissions:
        entity = set(re.findall(r"\w+", submission.entity.lower()))
        if words & (entity - _COMMON or entity) or words <= entity:
            return True
        if words == {initials(submission.entity)}:
            return True
    return False


def _looks_like_a_name(who: str) -> bool:
    words = who.split()
    return len(words) == 1 or any(word[0].isupper() for word in words)
