"""Negation, modality, time and opposites: whether sentence and sources put things the same way.

Cues (not, may, will, should) reach the next content words of their clause. A cue of the sentence
must be matched in the source at the same words, and the reverse; where a paraphrase has other
words, a cue of the kind anywhere near will do. English only: other languages are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rag.words import Reading, Word, stem_of

_REACH = 2


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
    r"not\b(?! only\b| just\b| merely\b)|never\b|cannot\b|neither\b|nor\b|no longer\b|"
    r"no\b(?! later\b| doubt\b)|none\b|without\b|[a-z]+n't\b|hardly\b|fails? to\b|failed to\b|"
    r"failing to\b|unable to\b|refus(?:e|es|ed) to\b",
    r"lack|absen|fail|prevent|unfit|unable|inability|incompat|in(?:sufficien|adequa)|"
    r"gap|insufficient|limit|hinder|hamper|block|despite|rather than|instead of|difficult|"
    r"obstacle|imped|miss|neglect|overlook|ignor|non-?\w+|un\w+ed\b|un\w+able\b|avoid|end|stop|"
    r"cease|free from|against|restrict|reject|den(?:y|ies|ied)|nothing|nobody|yet to|beyond|"
    r"in[a-z]+ible\b|im[a-z]+ible\b|outweigh|over\b|instead|wanting|shortage|too\b",
)
PLAN = _manner(
    "plan",
    r"will\b|shall\b|won't\b|plans? to\b|planned to\b|is planning\b|are planning\b|planning to\b|"
    r"intends? to\b|is going to\b|are going to\b|"
    r"is set to\b|are set to\b|is expected to\b|are expected to\b|'ll\b",
    r"future|plan|upcoming|next|forthcoming|intend|intention|expect|ahead|prospective|aim|"
    r"is to\b|are to\b|ongoing|continu|would\b|pledg|commit|set to|launching|going forward",
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
_WANTS = re.compile(r"\b(?:did|does|do|was|were|is|are)$", re.IGNORECASE)

_OPPOSITES = (
    "increase decrease|increase reduce|increase decline|increase fall|rise fall|rise decline|"
    "grow shrink|grow decline|growing declining|expand reduce|expand restrict|expand limit|"
    "expand shrink|more less|more fewer|most least|many few|before after|earlier later|"
    "support oppose|support undermine|support reject|include exclude|including excluding|"
    "continue stop|continue cease|continue end|continue discontinue|begin end|start stop|"
    "start end|launch close|launch end|launch cancel|open close|accept reject|accept refuse|"
    "approve reject|adopt reject|agree disagree|strengthen weaken|strong weak|raise lower|"
    "high low|higher lower|highest lowest|large small|larger smaller|major minor|safe unsafe|"
    "safe dangerous|safety danger|public private|first last|all none|always never|"
    "often rarely|success failure|succeed fail|allow ban|allow prohibit|allow prevent|"
    "permit prohibit|protect endanger|protect harm|protect expose|help hinder|help harm|"
    "enable prevent|encourage discourage|best worst|better worse|positive negative|"
    "advantage disadvantage|benefit harm|opportunity threat|adult child|adults children|"
    "boys girls|boy girl|men women|man woman|male female|rural urban|online offline|"
    "national international|global local|domestic foreign|north south|east west|"
    "northern southern|eastern western|easy difficult|ease difficulty|simple complex|"
    "rapid slow|quick slow|fast slow|necessary unnecessary|sufficient insufficient|"
    "adequate inadequate|consistent inconsistent|legal illegal|formal informal|direct indirect|"
    "directly indirectly|possible impossible|mandatory voluntary|compulsory voluntary|"
    "binding voluntary|permanent temporary|old new|old young|past future|recent old|"
    "urgent unimportant|crucial irrelevant|important unimportant|majority minority|"
    "large small|wide narrow|broad narrow|broaden narrow|deep shallow|presence absence|"
    "present absent|join leave|enter leave|gain loss|win lose|create destroy|build destroy|"
    "buy sell|import export|rich poor|free paid|developed developing|hidden visible|"
    "rare common|rare standard|centralized decentralized|unite divide|together separately|"
    "collective individual|active passive|proactive reactive|cooperate compete|partner rival|"
    "partnership rivalry|cooperation conflict|welcome regret|praise criticize|"
    "widen narrow|accelerate slow|improve worsen|improve deteriorate|enhance diminish|"
    "maximum minimum|maximize minimize|upper lower|up down|above below|inside outside|"
    "within outside|against for|with without|despite because|victim offender|"
    "offender victim|teacher student|supply demand|cause result|question answer|"
    "fit unfit|able unable|aligned misaligned|alignment misalignment|remote close|"
    "comply violate|respect violate|uphold violate|facilitate hinder|facilitate obstruct|"
    "promote hinder|promote undermine|advance hinder|bridge widen|narrow widen|close widen|"
    "proliferation decline|growth decline|evolution stagnation|increased reduced|"
    "established abandoned|maintain abandon|implement abandon|lead follow|leading following|"
    "heightened lowered|concerning reassuring|unprecedented usual|remain cease"
)


def disagreements(
    claim: Reading, sources: Sequence[Reading], headings: Sequence[str] = ()
) -> list[str]:
    """A reason for each negation, plan, possibility, duty or opposite that only one side has."""
    if claim.language != "en" or any(source.language != "en" for source in sources):
        return []
    planned = any(_FUTURE_HEADING.search(heading) for heading in headings)
    reasons: list[str] = []
    for manner in _MANNERS:
        if manner is PLAN and planned:
            continue
        reasons += _one_sided(manner, claim, sources)
    if planned or any(PLAN.cues.search(source.text) for source in sources):
        reasons += _done_before_time(claim, sources, planned=planned)
    return [*reasons, *_opposites(claim, sources)]


def _one_sided(manner: Manner, claim: Reading, sources: Sequence[Reading]) -> list[str]:
    reasons = []
    for cue, reached in _governed(claim, manner):
        if not _matched(reached, sources, manner):
            reasons.append(f"“{cue}” ({manner.name}) is not in the quote")
    for source in sources:
        for cue, reached in _governed(source, manner):
            if _dropped(reached, claim, sources, manner):
                reasons.append(f"the quote's “{cue}” ({manner.name}) is not in the sentence")
    return reasons


def _governed(reading: Reading, manner: Manner) -> Iterator[tuple[str, list[Word]]]:
    """Each cue with the content words that it reaches."""
    for match in manner.cues.finditer(reading.text):
        if manner is POSSIBILITY and match.group() == "May":
            continue
        last = [w.place for w in reading.words if w.start < match.end()]
        reached = reading.following(last[-1], _REACH) if last else []
        if reached:
            yield match.group(), reached


def _matched(reached: Sequence[Word], sources: Sequence[Reading], manner: Manner) -> bool:
    """Whether a source puts any of these words in that manner, or none of them at all."""
    stems = {word.stem for word in reached}
    having = [source for source in sources if stems & source.stems]
    for source in having:
        for word in source.words:
            if word.stem in stems and _marked(source, word, manner):
                return True
    if having and manner is NEGATION:
        return False
    return any(manner.hints.search(source.text) for source in sources)


def _dropped(
    reached: Sequence[Word], claim: Reading, sources: Sequence[Reading], manner: Manner
) -> bool:
    """Whether the claim has the word that a source's cue reaches first, and no cue for it."""
    first = reached[0]
    at = [word for word in claim.words if word.stem == first.stem]
    if not at or any(_marked(claim, word, manner) for word in at):
        return False
    # Where a source has the word without the cue as well, the claim may be of that place.
    for source in sources:
        for word in source.words:
            if word.stem == first.stem and not _marked(source, word, manner):
                return False
    return True


def _marked(reading: Reading, word: Word, manner: Manner) -> bool:
    """Whether a cue or hint stands at the word, or ahead of it in its clause or the one before."""
    opening = [w.start for w in reading.words if w.clause >= word.clause - 1]
    start = opening[0] if opening else 0
    closing = [w.start for w in reading.words if w.clause > word.clause]
    end = closing[0] if closing else len(reading.text)
    return manner.hints.search(reading.text[start:end]) is not None


def _done_before_time(claim: Reading, sources: Sequence[Reading], *, planned: bool) -> list[str]:
    """What is planned in the source must not be told as done."""
    if PLAN.hints.search(claim.text):
        return []
    done = _DONE.search(claim.text)
    stems = {w.stem for s in sources for w in s.words} if planned else _planned_stems(sources)
    past = [w for w in claim.words if _PAST.match(w.lower) and w.stem in stems]
    told = done.group() if done else past[0].text if past else ""
    already = any(_DONE.search(source.text) for source in sources)
    return [f"“{told}” tells as done what the quote plans"] if told and not already else []


def _planned_stems(sources: Sequence[Reading]) -> set[str]:
    return {
        word.stem
        for source in sources
        for _, reached in _governed(source, PLAN)
        for word in reached
    }


def _opposites(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """A word of the claim whose opposite the source has, neither being on the other side."""
    stated = {word.stem: word.text for source in sources for word in source.words}
    claimed = {word.stem: word.text for word in claim.words}
    reasons = []
    for stem, text in claimed.items():
        if stem in stated:
            continue
        reasons += [
            f"“{text}” is the opposite of “{stated[opposite]}” in the quote"
            for opposite in sorted(_opposite_stems().get(stem, ()))
            if opposite in stated and opposite not in claimed
        ]
    return reasons


@cache
def _opposite_stems() -> dict[str, frozenset[str]]:
    pairs = [tuple(stem_of(w, "en") for w in pair.split()) for pair in _OPPOSITES.split("|")]
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {stem: frozenset(others) for stem, others in found.items()}
