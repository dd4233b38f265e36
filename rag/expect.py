"""What kind of thing a question asks for, and whether a passage has one.

A passage about the right subject that lacks the kind of thing asked for (a date, a place, a
sum) does not answer; saying so is worth more than quoting it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache

import pycountry


class Expected(StrEnum):
    """The kinds of answer that can be told from a passage's wording."""

    COUNTRY = "country"
    PLACE = "place"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    PERSON = "person"
    WEBSITE = "website"


_MONTHS = (
    "january february march april may june july august september october november december "
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
).split()
_NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "twenty thirty forty fifty hundred thousand million billion dozen dozens"
).split()

ROLES = (
    "director|head|chair(?:person|man|woman)?|author|coordinator|president|secretary|minister|"
    "founder|leader|spokesperson|contact"
)

# First match wins, so the narrow kinds stand before the wide ones.
_QUESTIONS: tuple[tuple[Expected, re.Pattern[str]], ...] = tuple(
    (expected, re.compile(pattern, re.IGNORECASE))
    for expected, pattern in (
        (Expected.WEBSITE, r"\b(?:website|web ?site|web address|url|e-?mail address|hashtag)\b"),
        (
            Expected.MONEY,
            r"\bhow much (?:money|funding|did|does|was|is|has|will)\b|\b(?:budget|cost|costs|price|"
            r"salary|spend|spent|donat(?:e|ed|ion)|funding|grant) (?:of|for|was|is)\b|"
            r"\b(?:what|which)(?: (?:is|was|were|are|the|\w+)){0,4} (?:budget|cost|price|fee)s?\b|"
            r"\bcombien d'argent\b|\bcuánto dinero\b",
        ),
        (
            Expected.PERCENT,
            r"\bpercent(?:age)?\b|\bper cent\b|%|\bwhat (?:share|proportion)\b|\bpourcentage\b|"
            r"\bporcentaje\b|\bпроцент\w*",
        ),
        (
            Expected.NUMBER,
            r"\bhow many\b|\bhow often\b|\bhow long\b|\bwhat (?:is|was) the (?:number|total)\b|"
            r"\bthe number of\b|\bcombien\b|\bcuánt[oa]s\b|\bсколько\b|多少|几个|\bكم\b",
        ),
        (
            Expected.COUNTRY,
            r"\b(?:which|what|list|name)(?: \S+){0,3} (?:countries|country|nations?|states)\b|"
            r"\bquels? pays\b|\bqué país(?:es)?\b|\bкак(?:ие|ая|ой) стран\w*|哪些国家|哪个国家|"
            r"\b(?:أي|ما هي) (?:الدول|البلدان|بلد|دولة)",
        ),
        (
            Expected.DATE,
            r"\bwhen\b(?! (?:it|they|we|there|you))|\b(?:what|which) (?:year|month|date|day)\b|"
            r"\bsince what\b|\bwhat deadline\b|"
            r"\bquand\b|\bcuándo\b|\bкогда\b|何时|什么时候|\bمتى\b",
        ),
        (
            Expected.PLACE,
            r"\bwhere\b(?! (?:it|they) )|"
            r"\b(?:what|which) (?:city|town|venue|place|region|regions)\b|"
            r"\bin (?:what|which) (?:city|town|place|region)\b|\bdónde\b|\boù\b|\bгде\b|在哪|哪里|"
            r"\bأين\b",
        ),
        (
            Expected.PERSON,
            rf"\b(?:who|what)(?: is| was| are| were|'s|’s)(?: the)?(?: names?)?(?: of the)?"
            rf"(?: \w+){{0,2}} (?:{ROLES})\b|"
            rf"\b(?:name|names) of the (?:\w+ ){{0,3}}(?:{ROLES}|person|people|staff)\b|"
            r"\bwhich (?:person|people|individual|minister|expert)s?\b",
        ),
    )
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|(?:19|20)\d\d年|\d月")
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b", re.IGNORECASE)
# A number that is not a year, and not part of a date, a reference or a name.
_COUNT = re.compile(r"(?<![\w./-])(?!(?:19|20)\d\d\b)\d[\d.,]*(?![\w/-])")
# Chinese sets no blanks around its numbers.
_NUMBER_WORD = re.compile(
    rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b|[二两三四五六七八九十百千万亿]|\d(?=[个名人国次所家项种])",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£¥₽]\s?\d|\b\d[\d.,]*\s?(?:usd|eur|gbp|chf|dollars?|euros?|pounds?|francs?|million|billion)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\d\s?(?:%|per ?cent|pour cent|por ciento|процент)|百分之", re.IGNORECASE)
# A preposition of place and then a proper name; scripts without capitals are given the benefit.
_PLACE = re.compile(
    r"\b(?:in|at|from|near|across|within|to|à|en|au|aux|в|на)\s+(?:the\s+)?[A-ZÀ-ÞА-Я]"
)
_NO_CAPITALS = re.compile(r"[\u0600-\u06ff\u4e00-\u9fff]")
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’-]+\s+(?:[A-Z]\.\s+)?[A-ZÀ-Þ][\w'’-]+")
_WEBSITE = re.compile(r"https?://|\bwww\.|\w@\w|#\w|\b[\w-]+\.(?:org|com|int|net)\b")


def expected(question: str) -> Expected | None:
    """The kind of answer a question asks for; None when its wording does not tell."""
    for kind, pattern in _QUESTIONS:
        if pattern.search(question):
            return kind
    return None


def states(passage: str, kind: Expected) -> bool:
    """Whether a passage has something of the kind; never a proof that it is the one asked for."""
    return _CHECKS[kind](passage)


@cache
def _countries() -> re.Pattern[str]:
    names = {
        name
        for country in pycountry.countries
        for name in (country.name, getattr(country, "common_name", ""))
        if name
    } | {"Ivory Coast", "Cape Verde", "Turkey", "Russia", "Bolivia", "Venezuela", "Iran", "Syria"}
    names |= {"Tanzania", "Moldova", "South Korea", "North Korea", "Laos", "Vietnam", "Palestine"}
    names |= {"United Kingdom", "UK", "U.K.", "USA", "U.S.", "Democratic Republic of the Congo"}
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(re.escape(name) for name in longest_first)})\b")


def _has_country(passage: str) -> bool:
    return bool(_countries().search(passage) or _NO_CAPITALS.search(passage))


def _has_place(passage: str) -> bool:
    return bool(_PLACE.search(passage) or _has_country(passage))


_CHECKS: dict[Expected, Callable[[str], bool]] = {
    Expected.COUNTRY: _has_country,
    Expected.PLACE: _has_place,
    Expected.DATE: lambda text: bool(_YEAR.search(text) or _MONTH.search(text)),
    Expected.NUMBER: lambda text: bool(_COUNT.search(text) or _NUMBER_WORD.search(text)),
    Expected.MONEY: lambda text: bool(_MONEY.search(text)),
    Expected.PERCENT: lambda text: bool(_PERCENT.search(text)),
    Expected.PERSON: lambda text: bool(_NAME.search(text) or _NO_CAPITALS.search(text)),
    Expected.WEBSITE: lambda text: bool(_WEBSITE.search(text)),
}
