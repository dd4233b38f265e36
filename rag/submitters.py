"""Which submissions a question names: by submitter, by symbol or title, by the year reported on.

A question that names a submission wants that one, also where others say nearly the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from corpus.model import Filters, Submission
from corpus.store import Corpus
from rag.names import initials

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
    r"it|they|he|she|you|we|this|that|the|a|an)s?",
    re.IGNORECASE,
)
# "Does the Minister's report …": the minister is not the one who reports.
_POSSESSIVES = ("'s", "’s", "s'", "s’")
# Somebody may speak through these, but they are not who speaks.
_WRITING = re.compile(
    r".*\b(?:principles?|declarations?|conventions?|agenda|resolutions?|charter|treat(?:y|ies)|"
    r"agreements?|protocols?|plans?|strateg(?:y|ies)|stud(?:y|ies)|laws?|acts?|rules?|guidelines?|"
    r"data|statistics|figures|articles?|paragraphs?|framework|code|goals?|targets?)",
    re.IGNORECASE,
)
# "Resolution adopted by the General Assembly": a submission may say itself whose it is.
_ISSUED = r"\b(?:adopted|submitted|prepared|issued|written)\s+by\s+[^.\n]{{0,60}}\b{}\b"
# Characters of its beginning within which it does.
_COVER = 600
_SECTION = re.compile(r"(?:part|section|chapter|annex|executive summary)\b", re.IGNORECASE)
# Words that many names of organizations have; they do not tell one from another.
_COMMON = frozenset(
    "of and the for to on in a an by de la le les des du et y el los las united nations un "
    "international organization organisation union council commission agency "
    "association committee forum foundation fund global world network centre center institute "
    "university ministry department programme program development economic national "
    "republic government state federal kingdom society".split()
)
_ITEM = r"(?:submission|contribution|report|document|paper|resolution)"
_OF_YEAR = re.compile(
    rf"\b(?P<before>(?:19|20)\d\d)\s+(?:\w+\s+)?{_ITEM}\b|"
    rf"\b{_ITEM}\s+(?:of|for|from|in)\s+(?P<after>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
# Initials of fewer letters are words of another kind too often.
_SHORTEST = 3
# A name with no other beside it, and whose it is; also where no blanks are set.
_ALONE = r"(?<![A-Za-z0-9-])(?<![A-Z][a-z] )(?:[Tt]he )?{}(?:['’]s?)?(?![A-Za-z0-9-])(?! [A-Z])"
_WORD = re.compile(r"[^\W\d_]{4,}|[\u4e00-\u9fff]{2,}")
# Submissions whose names are kept at hand.
_REMEMBERED = 65_536
# "70/125", in a file's name also "70_125".
_SYMBOL = re.compile(r"(?<!\d)(\d{2,4})[/_](\d{1,4})(?!\d)")


def named(question: str, submissions: Sequence[Submission]) -> frozenset[str]:
    """Ids of the submissions that a question names; empty when it names none or all of them."""
    symbols = symbols_of(question)
    years = {int(match["before"] or match["after"]) for match in _OF_YEAR.finditer(question)}
    words = frozenset(re.findall(r"\w+", question))
    found = frozenset(
        one.id
        for one in submissions
        if symbols & symbols_of(f"{one.filename} {one.title}")
        or one.year in years
        or _calls(words, one.entity)
    )
    return found if len(found) < len(submissions) else frozenset()


def topic_of(question: str, submissions: Sequence[Submission]) -> str:
    """The question without the names of its submitters, where something else is asked about.

    "What does ECPAT say about encryption?" is near every sentence that has "ECPAT" in it. A name
    that is part of a longer one ("ECPAT France") stays.
    """
    names = {name for one in submissions for name in _names_of(one.entity) if name in question}
    left = question
    for name in sorted(names, key=len, reverse=True):
        left = re.sub(_ALONE.format(re.escape(name)), "", left)
    return left if _WORD.search(left) else question


@lru_cache(maxsize=_REMEMBERED)
def _names_of(entity: str) -> tuple[str, ...]:
    """An entity's name, its initials, and the one word that tells it from others, as written."""
    telling, short = _telling(entity)
    own = [word for word in re.findall(r"\w+", entity) if word.lower() in telling]
    alone = own if len(own) == 1 and own[0].isupper() else []
    return (entity, *([short] if len(short) >= _SHORTEST else []), *alone)


@lru_cache(maxsize=_REMEMBERED)
def symbols_of(text: str) -> frozenset[str]:
    """Document symbols in a text, each as "70/125"."""
    return frozenset(f"{first}/{second}" for first, second in _SYMBOL.findall(text))


def stranger(corpus: Corpus, question: str, filters: Filters) -> str | None:
    """Whom the question attributes something to, when nothing searched is by them."""
    submissions = corpus.searched(filters)
    for pattern in _ATTRIBUTION:
        found = pattern.search(question)
        who = found["who"].strip() if found else ""
        if not who or who.endswith(_POSSESSIVES) or _PRONOUN.fullmatch(who) or _SECTION.match(who):
            continue
        if _WRITING.fullmatch(who):
            continue
        if not _is_one_of(who, submissions) and not issued(corpus, who, submissions):
            # "What did children say" names nobody; "what did itu say" does.
            known_word = who.islower() and corpus.mentions(who, corpus.scope(filters))
            return None if known_word or not _looks_like_a_name(who) else who
    return None


def issued(corpus: Corpus, who: str, submissions: Sequence[Submission]) -> bool:
    """Whether a submission searched says at its beginning that it is by somebody."""
    by = re.compile(_ISSUED.format(re.escape(who)), re.IGNORECASE)
    openings = corpus.openings(_COVER)
    return any(by.search(openings[one.id]) for one in submissions)


def _calls(words: frozenset[str], entity: str) -> bool:
    """Whether words of a question, as written, name an entity: its initials or telling words."""
    telling, short = _telling(entity)
    if len(short) >= _SHORTEST and short in words:
        return True
    return bool(telling) and telling <= {word.lower() for word in words if word != word.lower()}


@lru_cache(maxsize=_REMEMBERED)
def _telling(entity: str) -> tuple[frozenset[str], str]:
    """The words, in small letters, that tell an entity from others, and its initials."""
    words = frozenset(re.findall(r"\w+", entity.lower()))
    return frozenset(w for w in words - _COMMON if not w.isdigit()), initials(entity).upper()


def _is_one_of(who: str, submissions: Iterable[Submission]) -> bool:
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
