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

from corpus.language import language_of
from corpus.lexical import family
from corpus.model import Filters, Submission
from corpus.store import Corpus
from rag.expect import ROLES, Expected, expected, states
from rag.model import Status
from rag.select import Candidate

# Logistic regression over the dev cases; see docs/decisions/0005-declining.md.
_INTERCEPT, _SCORE_WEIGHT, _DOUBT_WEIGHT = -0.5, 2.9, -1.7
_MOST_WHEN_DOUBTFUL = 0.45
_ANSWERED_FROM, _PARTIAL_FROM = 0.5, 0.25
# Further sentences are shown when they fit nearly as well as the best one.
_NEARLY = 0.85
_MOST_SENTENCES = 3
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
        r"\b(?P<who>(?-i:(?!(?:The|What|Which|Who|When|Where|Why|How|Is|Are|Was|Does|Did|In|From)\b)"
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
_CAPITALISED = re.compile(r"\b[A-ZÀ-ÞА-Я][\w’'.-]*[\w]\b")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?!\w)")
_LITTLE = frozenset("of and the for to on in a an by de la le les des du et y el los las".split())
# Words that many names of organizations have; they do not tell one from another.
_COMMON = _LITTLE | frozenset(
    "united nations un international organization organisation union council commission agency "
    "association committee forum foundation fund global world network centre center institute "
    "university ministry department programme program development economic national "
    "republic".split()
)
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
    best = max(candidate.score for candidate in chosen)
    if items:
        # That the question names the section tells more than how its items resemble it.
        best = max(best, _LISTED * items[0].retrieved.score)
    confidence = _confidence(best, bool(doubts))
    status = _status(confidence)
    return Decision(status, confidence, chosen if status is Status.ANSWERED else (), doubts)


def _choose(ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The best sentences, in the order of their documents."""
    # A score may be below zero; the best sentence is always near itself.
    least = ranked[0].score - (1 - _NEARLY) * abs(ranked[0].score)
    best = [candidate for candidate in ranked[:_MOST_SENTENCES] if candidate.score >= least]
    place = {c.document.submission.id: rank for rank, c in reversed(list(enumerate(best)))}
    return tuple(sorted(best, key=lambda c: (place[c.document.submission.id], c.span)))


def _confidence(score: float, doubtful: bool) -> float:
    """A doubt is a demand of the question that the passages fail: it never counts as answered."""
    odds = _INTERCEPT + _SCORE_WEIGHT * score + (_DOUBT_WEIGHT if doubtful else 0.0)
    estimate = 1 / (1 + math.exp(-odds))
    return round(min(estimate, _MOST_WHEN_DOUBTFUL) if doubtful else estimate, 3)


def _status(confidence: float) -> Status:
    if confidence >= _ANSWERED_FROM:
        return Status.ANSWERED
    return Status.PARTIAL if confidence >= _PARTIAL_FROM else Status.NOT_FOUND


def _doubts(
    corpus: Corpus, question: str, filters: Filters, chosen: Sequence[Candidate]
) -> list[str]:
    """What the question demands and the passages lack, each as a sentence for the reader."""
    around = " ".join(_surroundings(candidate) for candidate in chosen)
    scope = corpus.scope(filters)
    doubts = []
    for name in _names(question):
        if _has_name(around, name):
            continue
        known = corpus.mentions(name, scope)
        who = "nearest passages" if known else "submissions searched"
        doubts.append(f"The {who} do not mention “{name}”.")
    numbers = set(_NUMBER.findall(around))
    doubts += [
        f"The nearest passages do not have the number {number}."
        for number in _NUMBER.findall(question)
        if number not in numbers
    ]
    kind = expected(question)
    if kind and not any(states(candidate.text, kind) for candidate in chosen):
        doubts.append(f"The nearest passages do not state the {kind} that is asked for.")
    role = _ROLE.search(question)
    if kind is Expected.PERSON and role and not _has_name(around, role.group()):
        doubts.append(f"The nearest passages do not mention a {role.group()}.")
    return doubts


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


def _names(question: str) -> list[str]:
    """Words in capitals within the question: names and acronyms, in order.

    A first word counts only when it is an acronym, and nothing does when all is in capitals
    or the language capitalises nothing.
    """
    if language_of(question) in {"ar", "zh"} or question.isupper():
        words = _CAPITALISED.findall(question) if not question.isupper() else []
        return [word for word in words if word.isascii()]
    words = []
    for match in _CAPITALISED.finditer(question):
        word = re.sub(r"['’]s$", "", match.group())
        opens = not question[: match.start()].strip(" \"'“‘«¿¡([") or re.search(
            r"[.?!:;]\s*[\"'“‘«¿¡(\[]*$", question[: match.start()]
        )
        is_acronym = sum(character.isupper() for character in word) > 1
        if not opens or is_acronym:
            words.append(word)
    return list(dict.fromkeys(words))


def _has_name(text: str, name: str) -> bool:
    """Whether a text has the name's first word, a word derived from it, or what it abbreviates."""
    first = re.split(r"[\W_]", name)[0] or name
    if re.search(rf"\b{re.escape(family(first.lower()))}", text.lower()):
        return True
    return name.isupper() and name.lower() in _initials(text)


def _initials(text: str) -> str:
    """First letters of the words of a text, little words left out."""
    words = re.findall(r"\w+", text.lower())
    return "".join(word[0] for word in words if word not in _LITTLE)


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
        if words == {_initials(submission.entity)}:
            return True
    return False


def _looks_like_a_name(who: str) -> bool:
    words = who.split()
    return len(words) == 1 or any(word[0].isupper() for word in words)
