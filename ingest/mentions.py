"""Explicit mentions with their places: WSIS action lines, SDG goals and targets, dates.

Only what a text names is found: a paragraph about schools is no mention of SDG 4.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from corpus.model import Mention, MentionKind, Span
from ingest.metadata import Metadata

_NEXT = r"\s*(?:,|;|/|&|\band\b|\bor\b|\bet\b|\bou\b|\by\b|\bo\b|\bи\b|و|和|及|、|\bto\b|[-–—])+\s*"
_LINES_OF = re.compile(
    r"(?:action\s+lines?|lignes?\s+d['’]action|l[ií]neas?\s+de\s+acción|направлени\w+\s+деятельности"
    r"|направлени\w+\s+действий|行动方面|خطوط?\s+العمل|مسارات?\s+العمل)[\s:(]*",
    re.IGNORECASE,
)
_A_LINE = re.compile(r"(?<![\w.])C\s?(?P<number>1[01]|[1-9])(?!\.?\d)")
_GOALS = re.compile(
    r"(?:SDGs?|ODDs?|ODS|ЦУР|Sustainable\s+Development\s+Goals?|Objectifs?\s+de\s+développement"
    r"\s+durable|Objetivos?\s+de\s+Desarrollo\s+Sostenible|Цел\w+\s+в\s+области\s+устойчивого"
    r"\s+развития|可持续发展目标|(?:أهداف|هدف|الهدف)\s+(?:من\s+أهداف\s+)?التنمية\s+المستدامة)"
    r"[\s:(№#-]*(?:goals?|targets?|cibles?|metas?|задач\w*|具体目标|الغاية)?\s*",
    re.IGNORECASE,
)
_TARGETS = re.compile(r"\b(?:targets?|cibles?|metas?|задач[аи])\s+(?=\d{1,2}\.)", re.IGNORECASE)
_GOAL = re.compile(r"(?P<goal>1[0-7]|[1-9])(?:\.(?P<target>1\d|[1-9]|[a-d]))?(?!\.?\d|%|\.[a-z]\b)")
_JOINED = re.compile(_NEXT, re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:\bto\b|[-–—])\s*", re.IGNORECASE)
# Numbered and lettered targets of each goal, from A/RES/71/313.
_NUMBERED = (5, 5, 9, 7, 6, 6, 3, 10, 5, 7, 7, 8, 3, 7, 9, 10, 19)
_LETTERED = (2, 3, 4, 3, 3, 2, 2, 2, 3, 3, 3, 3, 2, 3, 3, 2, 0)

_MONTHS = (
    "january|janvier|enero|январ[яь]",
    "february|février|febrero|феврал[яь]",
    "march|mars|marzo|марта?",
    "april|avril|abril|апрел[яь]",
    "may|mai|mayo|ма[яй]",
    "june|juin|junio|июн[яь]",
    "july|juillet|julio|июл[яь]",
    "august|août|agosto|августа?",
    "september|septembre|septiembre|сентябр[яь]",
    "october|octobre|octubre|октябр[яь]",
    "november|novembre|noviembre|ноябр[яь]",
    "december|décembre|diciembre|декабр[яь]",
)
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_DATES = (
    re.compile(
        rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?\s+(?:of\s+|de\s+)?)?{_MONTH},?\s+"
        rf"(?:del?\s+)?{_YEAR}",
        re.IGNORECASE,
    ),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,\s+{_YEAR}", re.IGNORECASE),
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?年\s?(?P<month>\d{1,2})\s?月"
        r"(?:\s?(?P<day>\d{1,2})\s?日)?"
    ),
    re.compile(r"(?<![\d-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])"),
)


def mentions(text: str) -> tuple[Mention, ...]:
    """All mentions, in the order of the text.

    Values: "C7" for an action line, "5" for a goal, "5.2" for a target, "2023-06-14" or "2023-06"
    for a date. A span holds the name before the number for the first of several ("SDGs 5.2"),
    and the number alone for the others ("16.2").
    """
    found = {*_action_lines(text), *_goals(text), *_dates(text)}
    return tuple(sorted(found, key=lambda m: (m.span or Span(0, 0), m.kind, m.value)))


def stated_mentions(found: Sequence[Mention], known: Metadata) -> tuple[Mention, ...]:
    """What the text names, but of each kind that is stated what is stated, and nothing else.

    A stated value keeps the places where the text names it; one that it does not name has none.
    """
    goals = (MentionKind.SDG_GOAL, MentionKind.SDG_TARGET)
    stated = (
        ((MentionKind.ACTION_LINE,), known.action_lines),
        (goals, known.sdgs),
        ((MentionKind.DATE,), known.dates),
    )
    made = list(found)
    for kinds, values in stated:
        if values is None:
            continue
        named = {mention.value for mention in made if mention.kind in kinds}
        made = [m for m in made if m.kind not in kinds or m.value in values]
        for value in dict.fromkeys(values):
            if value not in named:
                kind = kinds[-1] if "." in value else kinds[0]
                made.append(Mention(kind, value, None))
    return tuple(made)


def is_action_line(value: str) -> bool:
    """Whether it is one of "C1" to "C11"."""
    return bool(_A_LINE.fullmatch(value)) and " " not in value


def is_goal_or_target(value: str) -> bool:
    """Whether it is a goal ("5") or one of its targets ("5.2", "17.b")."""
    found = _GOAL.fullmatch(value)
    if not found:
        return False
    return not found["target"] or _is_target(int(found["goal"]), found["target"])


def _action_lines(text: str) -> Iterator[Mention]:
    seen: set[int] = set()
    for opening in _LINES_OF.finditer(text):
        last = 0
        for start, match, ranged in _listed(text, opening, _A_LINE):
            number = int(match["number"])
            span = Span(start, match.end())
            for each in range(last + 1 if ranged and 0 < last < number else number, number + 1):
                yield Mention(MentionKind.ACTION_LINE, f"C{each}", span)
            last = number
            seen.add(match.start())
    # Where lines are named as such, a bare "C7" is one, too.
    for match in _A_LINE.finditer(text) if seen else ():
        if match.start() not in seen:
            yield Mention(
                MentionKind.ACTION_LINE, f"C{match['number']}", Span(match.start(), match.end())
            )


def _goals(text: str) -> Iterator[Mention]:
    for opening in itertools.chain(_GOALS.finditer(text), _TARGETS.finditer(text)):
        last = 0
        for start, match, ranged in _listed(text, opening, _GOAL):
            goal, target = int(match["goal"]), match["target"]
            span = Span(start, match.end())
            if target:
                if _is_target(goal, target):
                    yield Mention(MentionKind.SDG_TARGET, f"{goal}.{target}", span)
                last = 0
                continue
            for each in range(last + 1 if ranged and 0 < last < goal else goal, goal + 1):
                yield Mention(MentionKind.SDG_GOAL, str(each), span)
            last = goal


def _listed(
    text: str, opening: re.Match[str], item: re.Pattern[str]
) -> Iterator[tuple[int, re.Match[str], bool]]:
    """Items that follow the opening, and whether a range leads to each from the one before."""
    start = opening.start()
    match = item.match(text, opening.end())
    ranged = False
    while match:
        yield start, match, ranged
        joint = _JOINED.match(text, match.end())
        if not joint:
            return
        ranged = bool(_RANGE.fullmatch(joint.group()))
        start = joint.end()
        match = item.match(text, start)


def _is_target(goal: int, target: str) -> bool:
    if target.isdigit():
        return int(target) <= _NUMBERED[goal - 1]
    return ord(target) - ord("a") < _LETTERED[goal - 1]


def _dates(text: str) -> Iterator[Mention]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = _month(match["month"])
            day = int(match["day"]) if match["day"] else None
            if 1 <= month <= 12 and (day is None or 1 <= day <= 31):
                value = f"{match['year']}-{month:02}" + (f"-{day:02}" if day else "")
                yield Mention(MentionKind.DATE, value, Span(match.start(), match.end()))


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    matching = (n for n, names in enumerate(_MONTHS, 1) if re.fullmatch(names, word, re.IGNORECASE))
    return next(matching)
