"""What kind of thing a question asks for, and whether a passage has one.

A passage about the right subject that lacks the kind of thing asked for (a date, a place, a
sum) does not answer; saying so is worth more than quoting it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

import pycountry

from corpus.lexical import family


class Expected(StrEnum):
    """The kinds of answer that can be told from a passage's wording."""

    COUNTRY = "country"
    CITY = "city"
    PLACE = "place"
    DAY = "day"
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
    "founder|leader|spokesperson|contact|rapporteur|representative|commissioner|ambassador|envoy|"
    "advocate|independent expert|manager|chief|patron|treasurer"
)

_AUXILIARIES = (
    "is|are|was|were|do|does|did|has|have|had|will|would|can|could|shall|should|must|may|might"
)
_ASKING = "who|whom|whose|what|which|how|why|when|where"


def _asking(word: str) -> str:
    """The pattern of a question that asks by "when" or "where", where these do not only join.

    They join after another word that asks ("Who helps when a child is hurt?") and before a main
    clause ("When a child is hurt, who helps?"), unless what stands about them says otherwise.
    """
    main_clause = (
        rf"(?:[,:;–-]|\bthen)\s+(?:(?:to|at|in|under|by|from|with) )?"
        rf"(?:{_ASKING}|{_AUXILIARIES}|please|describe|explain)\b"
    )
    subject = r"(?! (?:it|they|we|there|you|he|she|\w+ed|\w+ing)\b)"
    telling = r"say|says|states?|tells?|indicates?|reports?|specif(?:y|ies)|mentions?|gives?|shows?"
    return "|".join(
        (
            rf"^(?:(?!\b(?:{_ASKING})\b).)*\b{word}\b{subject}(?!.*{main_clause})",
            rf"^\W*{word}(?:,| (?:exactly|precisely|else|in|on|during|and|or)\b)",
            rf"\b{word}(?:['’]s| (?:{_AUXILIARIES}))\b",
            rf"\b(?:{telling})(?: me| us| exactly| about)? {word}\b{subject}",
            rf"\b{word},? (?:and|or) (?:{_ASKING})\b|\b(?:{_ASKING}),? (?:and|or) {word}\b",
            rf"\b{word}(?: exactly| precisely)?\W*$",
        )
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
            r"\b(?:what|which) (?:sum|amount)\b|\bin (?:us )?(?:dollars|euros)\b|"
            r"\bcombien d'argent\b|\bcuánto dinero\b",
        ),
        (
            Expected.PERCENT,
            r"\bpercent(?:age)?\b|\bper cent\b|%|\bwhat (?:share|proportion)\b|\bpourcentage\b|"
            r"\b(?:unemployment|literacy|mortality|birth|death|growth|success|interest|adoption|"
            r"response|penetration|conviction) rates?\b|"
            r"\bporcentaje\b|\bпроцент\w*",
        ),
        (
            Expected.NUMBER,
            r"\bhow much (?:more|less|faster|higher|lower|greater|smaller)\b|\bhow fast\b|"
            r"\bat what rate\b|"
            r"\bhow many\b|\bhow often\b|\bhow long\b|\bwhat (?:is|was) the (?:number|total)\b|"
            r"\bthe number of\b|\bin (?:km/?h|kilomet\w+|hectares|met(?:re|er)s|tonn?es?|tons)\b|"
            r"\bcombien\b|\bcuánt[oa]s\b|\bсколько\b|多少|几个|\bكم\b",
        ),
        (
            Expected.COUNTRY,
            r"\b(?:which|what|list|name)(?: [^\s:;,.]+){0,3} "
            r"(?:countries|country|nations?|states)\b|"
            r"\bquels? pays\b|\bqué país(?:es)?\b|\bкак(?:ие|ая|ой) стран\w*|哪些国家|哪个国家|"
            r"\b(?:أي|ما هي) (?:الدول|البلدان|بلد|دولة)",
        ),
        (
            Expected.DAY,
            r"\b(?:what|which|exact) day\b|\bday and month\b|\bexact(?:ly what)? date\b",
        ),
        (
            Expected.DATE,
            rf"{_asking('when')}|\b(?:what|which) (?:year|month|date|day)\b|"
            r"\b(?:what|which) (?:is|was) the (?:exact )?(?:year|month|date|day)\b|"
            r"\bsince what\b|\bwhat deadline\b|"
            r"\bquand\b|\bcuándo\b|\bкогда\b|何时|什么时候|\bمتى\b",
        ),
        (Expected.CITY, r"\b(?:what|which) (?:city|cities|towns?)\b"),
        (
            Expected.PLACE,
            # "Where does the money come from" asks for no place.
            rf"(?:{_asking('where')})(?!.*\bcomes? from\b)|"
            r"\b(?:what|which) (?:venue|place|region|regions|parts? of the world)\b|"
            r"\bin (?:what|which) (?:place|region)\b|\bdónde\b|\boù\b|\bгде\b|在哪|哪里|"
            r"\bأين\b",
        ),
        (
            Expected.PERSON,
            rf"\b(?:who|what)(?: is| was| are| were|'s|’s)(?: the)?(?: names?)?(?: of the)?"
            rf"(?: [\w'’-]+){{0,3}} (?:{ROLES})\b|"
            rf"\b(?:name|names) of the (?:\w+ ){{0,3}}(?:{ROLES}|person|people|staff)\b|"
            r"\bwhich (?:person|people|individual|minister|expert)s?\b",
        ),
    )
)
_POLAR = re.compile(rf"\W*(?:{_AUXILIARIES})\s", re.IGNORECASE)
_TELLS = re.compile(
    r"\b(?:say|state|tell|mention|give|name|list|report|specify|indicate|(?:you|we) know)\b|"
    r"\b(?:and|,|\?)\s+(?:(?:in|at|by|to|with|for|on)\s+)?"
    r"(?:what|which|when|where|who|how (?:many|much|long|often))\b",
    re.IGNORECASE,
)
# Not the year that a resolution's number has in brackets: "resolution 1325 (2000)".
_YEAR = re.compile(r"(?<!\d \()\b(?:19|20)\d\d\b|(?:19|20)\d\d年|\d月")
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b", re.IGNORECASE)
# A number that is not a year, and not part of a date, a reference or a name.
_COUNT = re.compile(r"(?<![\w./-])(?!(?:19|20)\d\d\b)\d[\d.,]*(?![\w/-])")
# Chinese sets no blanks around its numbers.
_DAY = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er)?\s+(?:of\s+|de\s+)?(?:{'|'.join(_MONTHS)})\b|"
    rf"\b(?:{'|'.join(_MONTHS)})\s+\d{{1,2}}\b|\d日",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b|[二两三四五六七八九十百千万亿]|\d(?=[个名人国次所家项种])",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£¥₽]\s?\d|\b\d[\d.,]*\s?(?:usd|eur|gbp|chf|dollars?|euros?|pounds?|francs?|million|billion)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\d\s?(?:%|per ?cent|pour cent|por ciento|процент)|百分之", re.IGNORECASE)
# Words of which the names of bodies and posts are made, but no person's.
_OF_BODIES = (
    "Academy Action Advocate Agency Alliance Assembly Association Bank Board Bureau Campaign "
    "Center Centre Charter Children Civil Coalition Code Commission Commissioner Committee "
    "Conference Convention Council Court Decade Declaration Department Development Director "
    "Economic Executive Expert Experts Forum Foundation Fund General Global Goals Government "
    "Group High Human Independent Initiative Institute International Internet Member Members "
    "Minister Ministry Mission National Nations Network Office Organisation Organization "
    "Partnership Plan Platform Presidency President Program Programme Project Protocol "
    "Rapporteur Regional Report Representative Republic Research Resolution Rights "
    "Secretariat Secretary Sector Security Service Social Society Special State States "
    "Strategy Summit Sustainable Task The Treaty Union United University Victims World Youth "
)
_NO_BODY = rf"(?!(?:{'|'.join(_OF_BODIES.split())})\b)[A-ZÀ-ÞА-Я]"
# A proper name after a preposition of place; "in June" is none.
_PROPER = rf"(?:the\s+)?(?!(?:{'|'.join(_MONTHS)})\b)(?-i:{_NO_BODY})(?!-)[\w-]+"
_PLACE = re.compile(
    rf"(?<=\b(?:in|at|to|en|au|на)\s){_PROPER}|(?<=\b(?:from|near)\s){_PROPER}|"
    rf"(?<=\b(?:across|within)\s){_PROPER}|(?<=\b[àв]\s){_PROPER}|(?<=\baux\s){_PROPER}",
    re.IGNORECASE,
)
_NO_CAPITALS = re.compile(r"[\u0600-\u06ff\u4e00-\u9fff]")
_NAME = re.compile(rf"\b{_NO_BODY}[\w'’-]+\s+(?:[A-Z]\.\s+)?{_NO_BODY}[\w'’-]+")
# Of "tonnes of oil" the tonnes are counted.
_HOW_MANY = re.compile(r"\bhow many\s+(?P<things>\w+(?:\s+(?!of\b)\w+){0,2})", re.IGNORECASE)
# Things that are counted under other names; each begins what it is told by.
_ALSO = {
    family(word): tuple(family(other) for other in group.split())
    for group in (
        "countries country states nations members governments",
        "people persons individuals men women deaths lives victims",
        "children kids minors boys girls",
        "organisations organizations bodies groups agencies entities",
    )
    for word in group.split()
}
_NO_THINGS = frozenset(
    "are is was were do does did have has had will would can could should there and the for "
    "different other more such new times years".split()
)
# Words after a number within which the thing counted stands.
_NEAR = 5
_WEBSITE = re.compile(r"https?://|\bwww\.|\w@\w|#\w|\b[\w-]+\.(?:org|com|int|net)\b")


def expected(question: str) -> Expected | None:
    """The kind of answer a question asks for; None when its wording does not tell.

    A question for yes or no asks for none, whatever it has in its clauses.
    """
    if _POLAR.match(question) and not _TELLS.search(question):
        return None
    for kind, pattern in _QUESTIONS:
        if pattern.search(question):
            return kind
    return None


def states(passage: str, kind: Expected, known: str = "") -> bool:
    """Whether a passage has something of the kind that is not ``known``: in the question, say.

    Never a proof that it is the one asked for.
    """
    known = known.lower().replace("’", "'")
    for match in _instances(passage, kind):
        found = match.group().lower().replace("’", "'").removeprefix("the ")
        # A country is no city.
        if found not in known and not (kind is Expected.CITY and _countries().match(match.group())):
            return True
    return False


def counts(passage: str, question: str) -> bool:
    """Whether a passage gives a number of the things that "how many" asks for.

    True as well where the question's wording does not tell what is to be counted.
    """
    asked = _HOW_MANY.search(question)
    things = [
        name
        for word in re.findall(r"[a-z]{3,}", asked["things"].lower() if asked else "")
        if word not in _NO_THINGS
        for name in _ALSO.get(family(word), (family(word),))
    ]
    if not things:
        return True
    return any(
        word.startswith(thing)
        for number in (*_COUNT.finditer(passage), *_NUMBER_WORD.finditer(passage))
        for word in re.findall(r"\w+", passage[number.end() :].lower())[:_NEAR]
        for thing in things
    )


def _instances(passage: str, kind: Expected) -> Iterator[re.Match[str]]:
    for pattern in _patterns(kind):
        yield from pattern.finditer(passage)


@cache
def _patterns(kind: Expected) -> tuple[re.Pattern[str], ...]:
    """How a passage states each kind; scripts without capitals are given the benefit."""
    return {
        Expected.COUNTRY: (_countries(), _NO_CAPITALS),
        Expected.CITY: (_PLACE, _NO_CAPITALS),
        Expected.PLACE: (_PLACE, _countries(), _NO_CAPITALS),
        Expected.DAY: (_DAY,),
        Expected.DATE: (_YEAR, _MONTH),
        Expected.NUMBER: (_COUNT, _NUMBER_WORD),
        Expected.MONEY: (_MONEY,),
        Expected.PERCENT: (_PERCENT,),
        Expected.PERSON: (_NAME, _NO_CAPITALS),
        Expected.WEBSITE: (_WEBSITE,),
    }[kind]


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
