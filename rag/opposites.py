"""Words of a sentence that are the opposite of a source's, or stand in the place of another.

Two lists tell opposites: one by hand of what reports say, which counts wherever the source has
the one and the sentence the other; and WordNet's, whose words have many meanings, so that the two
must have words in common about them. English only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from rag import lexicon
from rag.words import Reading, Word, in_english, stem_of

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
    "increase fewer|increase lower|raise decrease|raise reduce|collect destroy|engage withdraw|"
    "engage leave|welcome lament|welcome oppose|risk protection|harm protection|include only|"
    "heightened lowered|concerning reassuring|unprecedented usual|remain cease"
)


def opposites(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """A word of the claim whose opposite the source has instead.

    Instead: the claim does not have the opposite as well, or it has other words about it.
    """
    if not in_english(claim, sources):
        return []
    stated = {word.stem for source in sources for word in source.words}
    claimed = {word.stem for word in claim.words}
    reasons = []
    for word in claim.words:
        if word.stem in stated and not _developed(word, claim):
            continue
        reasons += [
            f"“{word.text}” is the opposite of “{other.text}” in the quote"
            for source in sources
            for other in source.words
            if _is_opposite(word, other, claim)
            and (other.stem not in claimed or claim.beside(word) & source.beside(other))
        ]
    return list(dict.fromkeys(reasons))


def _is_opposite(word: Word, other: Word, claim: Reading) -> bool:
    if _developed(word, claim):
        return {word.lower, other.lower} == {"developed", "developing"}
    return other.stem in _opposite_stems().get(word.stem, frozenset())


def substituted(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """A reason for a word in the very place of another that it has nothing to do with.

    The same words stand on either side, and all others are the source's. A paraphrase that keeps
    them keeps the meaning between: WordNet relates the two, or the new word to another of the
    source; else it is wrong. Of two opposites it is enough that they have a neighbour in common.
    """
    if not in_english(claim, sources):
        return []
    stated = frozenset(stem for source in sources for stem in source.stems)
    reasons = []
    for word in claim.words:
        if not word.content or word.stem in stated or not lexicon.known(word.stem):
            continue
        reasons += [
            f"“{word.text}” stands where the quote has “{other.text}”"
            for source in sources
            for other in source.words
            if other.content and _replaced(claim, word, source, other, stated)
        ]
    return list(dict.fromkeys(reasons))


def _replaced(
    claim: Reading, word: Word, source: Reading, other: Word, stated: frozenset[str]
) -> bool:
    if lexicon.opposite(word.stem, other.stem):
        alone = not lexicon.has_related(word.stem, stated)
        return alone and bool(claim.beside(word) & source.beside(other))
    if not _all_but_one(claim, stated):
        return False
    around = _sides(claim, word)
    if around != _sides(source, other) or {"^", "$"} & set(around):
        return False
    return lexicon.far_apart(word.stem, other.stem) and not lexicon.has_related(word.stem, stated)


def _all_but_one(claim: Reading, stated: frozenset[str]) -> bool:
    """Whether the claim is the source's words but for one: a free paraphrase changes several."""
    return sum(word.telling and word.stem not in stated for word in claim.words) <= 1


def _sides(reading: Reading, word: Word) -> tuple[str, str]:
    """Stems of the content words before and after a word; "^" and "$" at the ends."""
    content = [w for w in reading.words if w.content or w.place == word.place]
    at = content.index(word)
    before = content[at - 1].stem if at else "^"
    after = content[at + 1].stem if at + 1 < len(content) else "$"
    return before, after


def _developed(word: Word, claim: Reading) -> bool:
    """Countries are developed or developing; by their stems the two are one."""
    after = claim.words[word.place + 1 : word.place + 2]
    return word.lower in {"developed", "developing"} and any(w.stem == "countri" for w in after)


@cache
def _opposite_stems() -> dict[str, frozenset[str]]:
    pairs = [tuple(stem_of(w, "en") for w in pair.split()) for pair in _OPPOSITES.split("|")]
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {stem: frozenset(others) for stem, others in found.items()}
