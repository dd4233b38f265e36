"""Negation, modality and time: whether sentence and sources put things the same way.

Cues (not, may, will, should) reach the next content words of their clause. A cue of the sentence
must be matched in the source at the same words, and the reverse; where a paraphrase has other
words, a cue of the kind anywhere near will do. English only: other languages are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.words import Reading, Word, in_english

_REACH = 2
# A cue is looked for among so many words ahead of a word, and behind it.
_AHEAD, _BEHIND = 7, 3
_GOES_ON = frozenset("continu start begin seek aim help work keep increas".split())


@dataclass(frozen=True, slots=True)
class Manner:
    """A way of putting things: ``cues`` mark it, ``hints`` can stand for it in other words."""

    name: str
    cues: re.Pattern[str]
    hints: re.Pattern[str]


def _manner(name: str, cues: str, hints: str) -> Manner:
    flags = re.IGNORECASE
    return Manner(
        name, re.compile(rf"\b(?:{cues})", flags), re.compile(rf"\b(?:{cues}|{hints})", flags)
    )


NEGATION = _manner(
    "negation",
    r"not\b(?! only\b| just\b| merely\b)|neither\b|nor\b|no longer\b|cannot\b|"
    r"never\b(?! (?:\w+ )?(?:more|greater|better)\b| before\b)|"
    r"no\b(?! later\b| doubt\b)|none\b|without\b|[a-z]+n't\b|hardly\b|fails? to\b|failed to\b|"
    r"failing to\b|unable to\b|refus(?:e|es|ed) to\b|yet to\b|nobody\b",
    r"lack|absen|fail|prevent|unfit|unable|inability|incompat|in(?:sufficien|adequa)|"
    r"gap|insufficient|limit(?:s|ed|ing)?\b|hinder|hamper|block(?!chain)|despite|"
    r"rather than|instead of|difficult|"
    r"obstacle|imped|miss(?:es|ed|ing)?\b|neglect|overlook|ignor|non-?\w+|"
    r"un(?!ited)\w+ed\b|un\w+able\b|avoid|(?<!-)end(?:s|ed|ing)?\b(?!-)|stop|"
    r"cease|free from|against|restrict|reject|den(?:y|ies|ied)|nothing|beyond|"
    r"in[a-z]+ible\b|im[a-z]+ible\b|outweigh|over\b|instead|wanting|shortage|too\b|unless\b",
)
PLAN = _manner(
    "plan",
    r"will\b|shall\b|won't\b|plans? to\b|planned to\b|is planning\b|are planning\b|planning to\b|"
    r"intends? to\b|is going to\b|are going to\b|"
    r"is set to\b|are set to\b|is expected to\b|are expected to\b|'ll\b",
    r"future|plan|upcoming|forthcoming|intend|intention|expect|prospective|aims? to\b|"
    r"is to\b|are to\b|pledg|committed to|set to|going forward|would\b",
)
POSSIBILITY = _manner(
    "possibility",
    r"may\b|might\b|could\b|perhaps\b|possibly\b|potentially\b",
    r"can\b|possib|potential|likely|risk|option|would\b|seem|appear|perhaps|opportunit",
)
DUTY = _manner(
    "duty",
    r"should\b|must\b|ought to\b|needs? to\b|has to\b|have to\b|required to\b|obliged to\b",
    r"need|urge|urging|call(?:s|ed|ing)? (?:on|upon|for)|encourag|request|invit|recommend|necess|"
    r"crucial|essential|important|duty|obligat|oblig|requir|responsib|advocat|ensure|let|shall|"
    r"stress|emphasi|vital|imperative|demand",
)
_MANNERS = (NEGATION, PLAN, POSSIBILITY, DUTY)

_DONE = re.compile(
    r"\b(?:has|have|had) (?:already |successfully |since |now |also )?(?!to\b)\w+(?:ed|en|un|d|t)\b"
    r"|\bwas\b|\bwere\b|\balready\b|\bsucce(?:ssfully|eded)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"^(?:\w+ed|held|led|began|met|took|gave|made|built|ran|brought|won|set|drew)$")
_FUTURE_HEADING = re.compile(
    r"\b(?:future|planned|plans?|next steps|upcoming|way forward|looking ahead)\b", re.IGNORECASE
)


def disagreements(
    claim: Reading, sources: Sequence[Reading], headings: Sequence[str] = ()
) -> list[str]:
    """A reason for each negation, plan, possibility or duty that only one side has, and for each
    plan told as done."""
    if not in_english(claim, sources):
        return []
    planned = any(_FUTURE_HEADING.search(heading) for heading in headings)
    manners = [one for one in _MANNERS if not (one is PLAN and planned)]
    reasons = [reason for one in manners for reason in _one_sided(one, claim, sources)]
    if planned or any(PLAN.cues.search(source.text) for source in sources):
        reasons += _done_before_time(claim, sources, planned=planned)
    return reasons


def _one_sided(manner: Manner, claim: Reading, sources: Sequence[Reading]) -> Iterator[str]:
    for cue, reached in _governed(claim, manner):
        if not _matched(reached, claim, sources, manner):
            yield f"“{cue}” ({manner.name}) is not in the quote"
    for source in sources:
        for cue, reached in _governed(source, manner):
            if _dropped(reached, claim, sources, manner):
                yield f"the quote's “{cue}” ({manner.name}) is not in the sentence"


def _governed(reading: Reading, manner: Manner) -> Iterator[tuple[str, list[Word]]]:
    """Each cue with the content words that it reaches."""
    for match in manner.cues.finditer(reading.text):
        if manner is POSSIBILITY and match.group() == "May":
            continue
        last = [w.place for w in reading.words if w.start < match.end()]
        reached = reading.following(last[-1], _REACH) if last else []
        if reached:
            yield match.group(), reached


def _matched(
    reached: Sequence[Word], claim: Reading, sources: Sequence[Reading], manner: Manner
) -> bool:
    """Whether a source puts the first of these words that it has in that manner.

    Where no source has any of them, a hint of the manner anywhere will do.
    """
    for word in reached:
        places = _places_of(word, claim, sources)
        if places and manner is not DUTY:
            return any(_marked(source, other, manner, [claim]) for source, other in places)
    return any(manner.hints.search(source.text) for source in sources)


def _places_of(
    word: Word, claim: Reading, sources: Sequence[Reading]
) -> list[tuple[Reading, Word]]:
    """Where the sources have a word: of several places those with the same words about it."""
    places = [(s, other) for s in sources for other in s.words if other.stem == word.stem]
    if len(places) < 2:
        return places
    about = claim.beside(word)
    likeness = [len(about & source.beside(other)) for source, other in places]
    return [place for place, like in zip(places, likeness, strict=True) if like == max(likeness)]


def _dropped(
    reached: Sequence[Word], claim: Reading, sources: Sequence[Reading], manner: Manner
) -> bool:
    """Whether the claim has the word that a source's cue reaches first, and no cue for it.

    A claim that has the words about a possibility but not that one must have some hint of it.
    """
    first = reached[0]
    at = [word for word in claim.words if word.stem == first.stem]
    if not at:
        near = {word.stem for word in reached}
        return manner is POSSIBILITY and bool(near & claim.stems) and not _hinted(claim, manner)
    return any(
        not _marked(claim, word, manner, sources)
        and all(_marked(*place, manner, [claim]) for place in _places_of(word, claim, sources))
        for word in at
    )


def _hinted(claim: Reading, manner: Manner) -> bool:
    return manner.hints.search(claim.text) is not None


def _marked(reading: Reading, word: Word, manner: Manner, others: Sequence[Reading]) -> bool:
    """Whether a cue or hint stands among the words ahead of the word, or right behind it.

    A hint of negation that the other side has as often ("violence against children") tells
    nothing, unless it is in a cue there.
    """
    opening = max(0, word.place - _AHEAD)
    if manner is NEGATION:
        opening = max(opening, next(w.place for w in reading.words if w.clause == word.clause))
    ahead = reading.words[opening].start
    behind = reading.words[min(len(reading.words) - 1, word.place + _BEHIND)]
    text = reading.text
    after = word.start + len(word.text)
    parts = text[ahead : word.start], text[after : behind.start + len(behind.text)]
    hints = [found.group() for part in parts for found in manner.hints.finditer(part)]
    if manner is not NEGATION or not hints:
        return bool(hints)
    told = manner.cues.sub(" ", " ".join(other.text for other in others))
    return any(manner.cues.match(hint) or _times(hint, text) > _times(hint, told) for hint in hints)


def _times(hint: str, text: str) -> int:
    return len(re.findall(rf"\b{re.escape(hint)}", text, re.IGNORECASE))


def _done_before_time(claim: Reading, sources: Sequence[Reading], *, planned: bool) -> list[str]:
    """What is planned in the source must not be told as done."""
    if any(_DONE.search(source.text) for source in sources):
        return []
    stems = {w.stem for s in sources for w in s.words} if planned else _planned_stems(sources)
    for clause in _clauses(claim):
        done = _DONE.search(clause.text)
        told = done.group() if done else _past(claim, clause, stems)
        if told and stems & clause.stems and not PLAN.hints.search(clause.text):
            return [f"“{told}” tells as done what the quote plans"]
    return []


def _past(claim: Reading, clause: Reading, stems: set[str]) -> str:
    """A planned verb in the past, unless it may share a "will be" said before it."""
    past = [w for w in clause.words if _PAST.match(w.lower) and w.stem in stems]
    free = [w for w in past if not PLAN.hints.search(claim.text[: w.start])]
    return free[0].text if free else ""


def _clauses(reading: Reading) -> list[Reading]:
    """The parts of a sentence that "and" or a mark parts, each with its own verb or not."""
    starts = [0, *(w.start for w in reading.words if w.lower in {"and", "but"}), len(reading.text)]
    return [
        Reading(
            reading.text[start:end],
            tuple(w for w in reading.words if start <= w.start < end),
            reading.language,
        )
        for start, end in pairwise(starts)
    ]


def _planned_stems(sources: Sequence[Reading]) -> set[str]:
    """The verbs that "will" reaches: the first word, and the next where it only goes on."""
    found: set[str] = set()
    for source in sources:
        for _, reached in _governed(source, PLAN):
            found.add(reached[0].stem)
            if reached[0].stem in _GOES_ON:
                found |= {word.stem for word in reached[1:]}
    return found
