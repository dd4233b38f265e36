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
from itertools import islice

from corpus.model import Filters
from corpus.store import Corpus
from rag.cover import asks_about_itself
from rag.expect import ROLES, Expected, counts, expected, states
from rag.frames import unmet
from rag.gain import gain
from rag.listing import Reach, reach
from rag.model import Status
from rag.names import GLOSSARY, has_name, names
from rag.reasons import reason_missing
from rag.select import Candidate, folded
from rag.submitters import issued, stranger, symbols_of

# Chosen on cases for tuning; see docs/decisions/0022-late-interaction.md. Below this the passages
# are about something else.
_ELSEWHERE, _STEEPNESS = 0.15, 30.0
_HAS, _ABOUT, _GAIN, _DOUBT = -0.9, 5.0, 10.0, -3.0
# More gain than this says no more.
_MOST_GAIN = 0.2
# That of an answer, where it cannot be measured.
_USUAL_GAIN = 0.05
_ANSWERED_FROM, _PARTIAL_FROM = 0.5, 0.1
# Ranked sentences among which those near the best one are looked for.
_IN_REACH = 12
# A section longer than this is no list that a reader would want in one answer.
_MOST_ITEMS = 20

_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,/]\d+)*(?!\w)")
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
    r"\b(?:by name|names? of|are (?:they|these|those) called|named individuals|name the)\b|"
    r"\b(?:which\s+(?:[\w-]+\s+){0,2}|what\s+)(?:brands?|compan(?:y|ies)|firms?|banks?|apps?|"
    r"vendors?|manufacturers?|donors?|universit(?:y|ies)|newspapers?)\b",
    re.IGNORECASE,
)
_ORDINALS = {
    word: number
    for number, words in enumerate(
        ("second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th"), start=2
    )
    for word in words.split()
}
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.IGNORECASE)
_PROPER = re.compile(r"\b[A-ZÀ-ÞА-Я][\w’'-]{2,}")
# Said to a chat, and asking for nothing.
_TALK = (
    r"hello|hi|hey|good (?:morning|afternoon|evening|day)|thanks?|thank you|many thanks|please|"
    r"so much|very much|a lot|ok(?:ay)?|great|bye|goodbye|yes|no|help(?: me)?|"
    r"(?:can|could|will) you help(?: me)?|how are you|who are you|what can you do|test|"
    r"bonjour|bonsoir|salut|merci|hola|gracias|buenos días|adiós|привет|здравствуйте|спасибо|"
    r"你好|谢谢|مرحبا|شكرا"
)
_SMALL_TALK = re.compile(rf"\W*(?:(?:{_TALK})\W*)+", re.IGNORECASE)
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
    standalone: str = "",
) -> Decision:
    """Choose among ranked candidates, or decline.

    ``question`` is in the user's own words: what was added from the history, for ``standalone``,
    is no demand. ``items`` are the sentences of the section that a list question asks for; they
    are all chosen.
    """
    if _SMALL_TALK.fullmatch(question):
        doubt = "Ask what you want to know from the submissions, in a sentence or a few words."
        return Decision(Status.NOT_FOUND, 0.0, (), (doubt,))
    unknown = stranger(corpus, question, filters)
    if unknown:
        doubt = f"None of the submissions searched is by {unknown}."
        return Decision(Status.NOT_FOUND, 0.0, (), (doubt,))
    if not ranked:
        return Decision(Status.NOT_FOUND, 0.0, (), ("Nothing that was searched is related.",))
    chosen = tuple(items[:_MOST_ITEMS]) or _choose(ranked, reach(standalone or question))
    added = gain(corpus, standalone or question, chosen)
    doubts = (
        *_doubts(corpus, question, filters, chosen),
        *reason_missing(question, [c.text for c in chosen], added),
    )
    about = max(candidate.about for candidate in ranked)
    confidence = _confidence(about, len(doubts), added)
    status = _status(confidence)
    return Decision(status, confidence, chosen if status is Status.ANSWERED else (), doubts)


def _choose(ranked: Sequence[Candidate], within: Reach) -> tuple[Candidate, ...]:
    """The best sentences, in the order of their documents."""
    first = ranked[0]

    def near(candidate: Candidate) -> bool:
        same = candidate.document.submission.id == first.document.submission.id
        return candidate.score >= first.score - (within.here if same else within.elsewhere)

    best = list(islice(folded(filter(near, ranked[:_IN_REACH])), within.most))
    place = {c.document.submission.id: rank for rank, c in reversed(list(enumerate(best)))}
    return tuple(sorted(best, key=lambda c: (place[c.document.submission.id], c.span)))


def _confidence(about: float, doubts: int, added: float | None) -> float:
    """The passages are on the matter, and they have what is asked about it."""
    more = _USUAL_GAIN if added is None else max(-_MOST_GAIN, min(_MOST_GAIN, added))
    on_the_matter = _logistic(_STEEPNESS * (about - _ELSEWHERE))
    has = _HAS + _ABOUT * about + _GAIN * more + _DOUBT * doubts
    return round(on_the_matter * _logistic(has), 3)


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


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
    told = (c.text for c in chosen if kind and states(c.text, kind, _known(question, c)))
    if kind and not any(kind is not Expected.NUMBER or counts(t, question) for t in told):
        doubts.append(f"The nearest passages do not state the {kind} that is asked for.")
    role = _ROLE.search(question)
    if kind is Expected.PERSON and role and not has_name(everything, role.group()):
        article = "an" if role.group()[0].lower() in "aeiou" else "a"
        doubts.append(f"The nearest passages do not mention {article} {role.group()}.")
    doubts += _forms_missing(corpus, question)
    if _BY_NAME.search(question) and not _named_beside(question, chosen):
        doubts.append("The nearest passages do not give the names that are asked for.")
    doubts += [f"The nearest passages do not {frame.telling}." for frame in unmet(question, around)]
    return doubts


def _known(question: str, candidate: Candidate) -> str:
    """What is no news to who asks: the question's own words, and what the text goes under."""
    if asks_about_itself(question):
        return question
    submission = candidate.document.submission
    names = (submission.title, submission.entity, *candidate.retrieved.passage.section.path)
    # A short text may be its own title.
    return " ".join((question, *(name for name in names if candidate.text not in name)))


def _forms_missing(corpus: Corpus, question: str) -> list[str]:
    """Short forms whose meaning is asked for and that no submission spells out."""
    if not _STANDS_FOR.search(question):
        return []
    defined = {short for short, _ in corpus.acronyms()}
    return [
        f"The submissions do not say what “{short}” stands for."
        for short in _SHORT_FORM.findall(question)
        # A UN document may spell such a form out without the form beside it.
        if short not in defined and short not in GLOSSARY
    ]


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
    searched = corpus.searched(filters)
    missing = [
        name
        for name in names(question)
        if not has_name(text, name)
        # "UN or UNCTAD": either will do.
        and not _has_other(question, name, text)
        and not issued(corpus, name, searched)
    ]
    scope = corpus.scope(filters)
    return [
        f"The {'nearest passages' if corpus.mentions(name, scope) else 'submissions searched'} "
        f"do not mention “{name}”."
        for name in missing
    ]


def _has_other(question: str, name: str, text: str) -> bool:
    """Whether the text has what stands beside a name with an "or" in the question."""
    beside = re.search(
        rf"(?P<before>[\w’'-]+),? or (?:an? |the )?{re.escape(name)}|"
        rf"{re.escape(name)},? or (?:an? |the )?(?P<after>[\w’'-]+)",
        question,
    )
    if beside is None:
        return False
    other = re.sub(r"['’]s$", "", beside["before"] or beside["after"])
    return has_name(text, other)


def _numbers_missing(question: str, text: str) -> list[str]:
    """Numbers that the question takes for granted; one that it asks to check may be wrong."""
    if _CHECK.search(question):
        return []
    there = set(_NUMBER.findall(text))
    missing = [
        number
        for number in dict.fromkeys(_NUMBER.findall(question))
        if number not in there and not there.issuperset(_both_years(number))
    ]
    told = {_ORDINALS[found.lower()] for found in _ORDINAL.findall(text)}
    missing += [
        found
        for found in dict.fromkeys(_ORDINAL.findall(question))
        if _ORDINALS[found.lower()] not in told
    ]
    return [f"The nearest passages do not have the number {number}." for number in missing]


def _both_years(number: str) -> tuple[str, ...]:
    """The years of "2022/23"; the number itself where it is no such span."""
    years = re.fullmatch(r"((?:19|20)\d\d)/(?:(?:19|20)?(\d\d))", number)
    return (years[1], f"{years[1][:2]}{years[2]}") if years else (number,)


def _surroundings(candidate: Candidate) -> str:
    """The passage of a sentence with all that its reader is told about it."""
    submission = candidate.document.submission
    return " ".join(
        (
            submission.entity,
            submission.title,
            *symbols_of(submission.filename),
            *candidate.retrieved.passage.section.path,
            candidate.retrieved.passage.chunk.text,
            str(submission.year or ""),
            str(submission.session or ""),
        )
    )
