"""Numbers, sums, shares, years and dates of a sentence, and whether its sources have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from corpus.model import Span
from rag.durations import Duration, counted, uncounted
from rag.words import Reading

_SMALL = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "ru": "ноль один два три четыре пять шесть семь восемь девять десять",
}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "mille": 1000,
    "mil": 1000,
    "millions": 10**6,
    "millones": 10**6,
    "dozen": 12,
    "m": 10**6,
    "bn": 10**9,
    "k": 1000,
}
_SHARES = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4)}
_TIMES = {
    **dict.fromkeys("twice double doubled doubles doubling twofold".split(), 2),
    **dict.fromkeys("triple tripled tripling trebled threefold".split(), 3),
}
# How often: with these behind it a count says the same as "twice".
_OCCASIONS = re.compile(r"\s(?:times|occasions)\b", re.IGNORECASE)
# After these "first" says when, not which.
_NOT_WHICH = frozenset("had will must should".split())
_VAGUE = frozenset("dozens hundreds thousands millions billions tens scores".split())
_MONTHS = tuple(
    name.split()
    for name in (
        "january jan janvier enero января январь",
        "february feb février febrero февраля февраль",
        "march mar mars marzo марта март",
        "april apr avril abril апреля апрель",
        "may mai mayo мая май",
        "june jun juin junio июня июнь",
        "july jul juillet julio июля июль",
        "august aug août agosto августа август",
        "september sept sep septembre septiembre сентября сентябрь",
        "october oct octobre octubre октября октябрь",
        "november nov novembre noviembre ноября ноябрь",
        "december dec décembre diciembre декабря декабрь",
    )
)
_MONTH_OF = {name: at for at, names in enumerate(_MONTHS, start=1) for name in names}
_MONEY = {"$": "dollar", "usd": "dollar", "us$": "dollar", "€": "euro", "eur": "euro"}
_MONEY |= {"£": "pound", "gbp": "pound", "¥": "yen", "dollars": "dollar", "dollar": "dollar"}
_MONEY |= {"euros": "euro", "euro": "euro", "pounds": "pound", "francs": "franc", "chf": "franc"}

_PIECE = re.compile(
    r"(?P<code>\b(?=[\w/.-]*\d)(?=[\w/.-]*[A-Za-zА-Яа-я])(?!\d+(?:st|nd|rd|th|s|k|m|bn)\b)"
    r"(?!\d+[-–])(?!\w*[^\W\d_]{4,}[-–]\d+\b)[A-Za-zА-Яа-я\d]+(?:[/.-][A-Za-zА-Яа-я\d]+)*)"
    r"|(?P<symbol>\b\d+(?:/\d+)+\b)"
    r"|(?P<number>\d+(?:[., \u202f]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?)"
    r"(?P<ending>st|nd|rd|th|s|k|m|bn)?(?![A-Za-z])"
    r"|(?P<word>[^\W\d_]+)|(?P<mark>[%$€£¥])|(?P<other>[^\w\s])"
)
_PERCENT = re.compile(
    r"\s?(?:%|per ?cent\b|percentage\b|pour cent\b|por ciento\b|процент)", re.IGNORECASE
)
_LOOK_AHEAD = 4
_YEARS = range(1900, 2100)
# Kinds of which one can stand for another.
_LOOSE = (
    frozenset({"count", "ordinal", "year"}),
    frozenset({"count", "occasions"}),
    frozenset({"times", "occasions"}),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a text says in numbers: its possible values, its kind, and where it stands.

    Kinds: count, ordinal, percent, year, month, times, occasions, vague, code, and one for each
    currency.
    """

    values: frozenset[str]
    kind: str
    start: int
    end: int
    text: str


def disagreements(claim: Reading, sources: Sequence[Reading]) -> list[str]:
    """A reason for each number of the claim that no source has, or has of something else.

    A length of time may be told in other units.
    """
    found = [(source, one) for source in sources for one in quantities(source)]
    stated = [lasts for source in sources for lasts in _durations(source)]
    reasons = []
    for one in quantities(claim):
        same = [pair for pair in found if _agree(one, pair[1])]
        lasts = _lasting(claim, one)
        is_stated = lasts is not None and any(lasts.equals(other) for other in stated)
        if not same:
            if not is_stated:
                reasons.append(f"{_named(one)} “{one.text}” is not in the quote")
            continue
        other = _of_something_else(claim, one, same, found)
        if lasts and not is_stated:
            other = other or _of_other_length(same)
        if other:
            reasons.append(f"the quote has “{other}” where the sentence has “{one.text}”")
    return reasons


def _named(one: Quantity) -> str:
    return {"year": "the year", "month": "the month", "percent": "the share"}.get(
        one.kind, "the number"
    )


def _agree(claimed: Quantity, stated: Quantity) -> bool:
    kinds = {claimed.kind, stated.kind}
    return bool(claimed.values & stated.values) and (
        len(kinds) == 1 or any(kinds <= loose for loose in _LOOSE)
    )


@lru_cache(maxsize=4096)
def _durations(reading: Reading) -> tuple[Duration, ...]:
    """Lengths of time: those without a number, and those of each count."""
    if reading.language != "en":
        return ()
    found = [
        counted(reading.text, one.start, one.end, Fraction(*one.values))
        for one in quantities(reading)
        if one.kind == "count" and len(one.values) == 1
    ]
    return (*uncounted(reading.text), *filter(None, found))


def _lasting(reading: Reading, one: Quantity) -> Duration | None:
    """The length of time that a number is of."""
    number = Span(one.start, one.end)
    within = (lasts for lasts in _durations(reading) if lasts.span.contains(number))
    return next(within, None)


def _of_other_length(same: Sequence[tuple[Reading, Quantity]]) -> str:
    """What a source has, if every source's number is of a length of time too, though not of it."""
    lengths = [(source, _lasting(source, stated)) for source, stated in same]
    if any(lasts is None for _, lasts in lengths):
        return ""
    return next(lasts.span.of(source.text) for source, lasts in lengths if lasts)


def _of_something_else(
    claim: Reading,
    one: Quantity,
    same: Sequence[tuple[Reading, Quantity]],
    found: Sequence[tuple[Reading, Quantity]],
) -> str | None:
    """Another number that a source gives of the very things that the claim counts, if so."""
    if one.kind not in {"count", "percent", "year"}:
        return None
    things = _things(claim, one)
    if not things or any(things & _things(source, stated) for source, stated in same):
        return None
    for source, stated in found:
        if stated.kind == one.kind and not _agree(one, stated) and things & _things(source, stated):
            return stated.text
    return None


def _things(reading: Reading, one: Quantity) -> frozenset[str]:
    """Stems of the content words that follow a number, up to the next number."""
    after: list[str] = []
    for word in reading.words:
        if word.start < one.end:
            continue
        if word.text[0].isdigit() or len(after) == _LOOK_AHEAD - 1:
            break
        if word.content:
            after.append(word.stem)
        elif after:
            break
    return frozenset(after)


@lru_cache(maxsize=4096)
def quantities(reading: Reading) -> tuple[Quantity, ...]:
    """All quantities of a text, in order."""
    return tuple(_grouped(reading.text, reading.language))


def _grouped(text: str, language: str) -> Iterator[Quantity]:
    pieces = list(_PIECE.finditer(text))
    at = 0
    while at < len(pieces):
        taken, quantity = _at(text, pieces, at, language)
        if quantity:
            yield quantity
        at += max(1, taken)


def _at(
    text: str, pieces: Sequence[re.Match[str]], at: int, language: str
) -> tuple[int, Quantity | None]:
    piece = pieces[at]
    if piece["code"] or piece["symbol"]:
        return 1, _made(piece.group().lower(), "code", piece, piece, text)
    if piece["number"]:
        return _digits(text, pieces, at)
    return _spelled(text, pieces, at, language) if piece["word"] else (1, None)


def _digits(text: str, pieces: Sequence[re.Match[str]], at: int) -> tuple[int, Quantity | None]:
    piece = pieces[at]
    values = _readings(piece["number"])
    ending = (piece["ending"] or "").lower()
    last, taken = piece, 1
    if ending in {"st", "nd", "rd", "th"}:
        return 1, _made(values, "ordinal", piece, piece, text)
    scale = _SCALES.get(ending, 1)
    if at + 1 < len(pieces) and (following := pieces[at + 1]["word"]):
        by = _SCALES.get(following.lower().rstrip("s")) or _SCALES.get(following.lower())
        if by and len(following) > 1:
            scale, last, taken = by, pieces[at + 1], 2
        elif following in {"年"}:
            return 1, _made(values, "year", piece, piece, text)
    if text[piece.end() : piece.end() + 1] == "月":
        return 1, _made(f"m{int(piece['number'])}", "month", piece, piece, text)
    scaled = frozenset(_plain(Fraction(value) * scale) for value in values)
    kind = _kind(text, pieces, at, last)
    return taken, _made(scaled, kind, piece, last, text)


def _kind(
    text: str,
    pieces: Sequence[re.Match[str]],
    at: int,
    last: re.Match[str],
) -> str:
    if _PERCENT.match(text, last.end()):
        return "percent"
    before = pieces[at - 1].group().lower() if at else ""
    after = re.match(r"\s?([A-Za-z€$£]+)", text[last.end() :])
    currency = _MONEY.get(before) or _MONEY.get(after[1].lower() if after else "")
    if currency:
        return currency
    if _OCCASIONS.match(text, last.end()):
        return "occasions"
    lone = pieces[at]["number"]
    return "year" if lone.isdigit() and len(lone) == 4 and int(lone) in _YEARS else "count"


def _spelled(
    text: str, pieces: Sequence[re.Match[str]], at: int, language: str
) -> tuple[int, Quantity | None]:
    piece = pieces[at]
    word = piece.group().lower()
    before = text[: piece.start()].rstrip()[-4:].lower()
    if word in _MONTH_OF and _is_month(text, piece, language):
        return 1, _made(f"m{_MONTH_OF[word]}", "month", piece, piece, text)
    if word in _TIMES and language == "en":
        return 1, _made(str(_TIMES[word]), "times", piece, piece, text)
    if word in _VAGUE and language == "en":
        return 1, _made(word, "vague", piece, piece, text)
    if word.rstrip("s") in _SHARES and _is_share(word, before):
        return 1, _share(text, pieces, at)
    ordinal = _ordinal(pieces, at)
    if ordinal:
        return ordinal[0], _made(
            str(ordinal[1]), "ordinal", piece, pieces[at + ordinal[0] - 1], text
        )
    taken, value = _cardinal(pieces, at, language)
    if not taken or value == 1:
        return taken, None
    last = pieces[at + taken - 1]
    kind = "percent" if _PERCENT.match(text, last.end()) else "count"
    if _OCCASIONS.match(text, last.end()):
        kind = "occasions"
    return taken, _made(str(value), kind, piece, last, text)


def _is_month(text: str, piece: re.Match[str], language: str) -> bool:
    """ "May" and "March" are other words as well, and no month is short for a small word."""
    if language != "en":
        return len(piece.group()) > 3 or piece.group() == "mai"
    if not piece.group()[0].isupper():
        return False
    near = text[max(0, piece.start() - 12) : piece.start()]
    if piece.group() in {"May", "March", "Mar", "Dec", "Jan", "Sep"}:
        follows = text[piece.end() : piece.end() + 4]
        told = re.search(r"(?:\d|\b(?:in|of|since|until|by|from|to|and|late|early|mid))\W*$", near)
        return bool(told or re.match(r"\W*\d", follows))
    return True


def _is_share(word: str, before: str) -> bool:
    if word.startswith("half"):
        return True
    return word.endswith("s") or before.endswith((" a", "one")) or before == "a"


def _share(text: str, pieces: Sequence[re.Match[str]], at: int) -> Quantity:
    piece = pieces[at]
    before = pieces[at - 1].group().lower() if at else ""
    many = {"two": 2, "three": 3}.get(before, 1)
    share = _SHARES[piece.group().lower().rstrip("s")] * many
    percent = share * 100
    values = frozenset({_plain(share), _plain(percent), str(int(percent))})
    return _made(values, "percent", piece, piece, text)


def _ordinal(pieces: Sequence[re.Match[str]], at: int) -> tuple[int, int] | None:
    word = pieces[at].group().lower()
    ordinals = _ORDINALS.split()
    if word in ordinals:
        follows = pieces[at + 1].group() if at + 1 < len(pieces) else ""
        before = pieces[at - 1].group().lower() if at else ""
        # "First, …" and "had first" count nothing.
        if follows == "," or (word == "first" and before in _NOT_WHICH):
            return None
        return 1, ordinals.index(word)
    tens = _TENS.split()
    if word in tens and at + 2 < len(pieces) and pieces[at + 1].group() == "-":
        unit = pieces[at + 2].group().lower()
        if unit in ordinals[:10]:
            return 3, (tens.index(word) + 2) * 10 + ordinals.index(unit)
    return None


def _cardinal(pieces: Sequence[re.Match[str]], at: int, language: str) -> tuple[int, int]:
    """How many pieces spell a number, and which; (0, 0) where none stands."""
    small = _SMALL.get(language, "").split()
    tens = _TENS.split() if language == "en" else []
    total, current, taken = 0, 0, 0
    for place in range(at, len(pieces)):
        word = pieces[place].group().lower()
        if word in small:
            current += small.index(word)
        elif word in tens:
            current += (tens.index(word) + 2) * 10
        elif word == "hundred" and taken:
            current *= 100
        elif taken and len(word) > 2 and word in _SCALES:
            total, current = total + current * _SCALES[word], 0
        elif word in {"-", "and"} and taken and _continues(pieces, place, small, tens):
            continue
        else:
            break
        taken = place - at + 1
    return taken, total + current


def _continues(
    pieces: Sequence[re.Match[str]], place: int, small: Sequence[str], tens: Sequence[str]
) -> bool:
    """Whether "-" or "and" joins parts of one number: "twenty-five", "one hundred and ten"."""
    if place + 1 >= len(pieces) or place == 0:
        return False
    before, after = pieces[place - 1].group().lower(), pieces[place + 1].group().lower()
    if pieces[place].group() == "-":
        return before in tens and after in small
    return before in {"hundred", "thousand"} and (after in small or after in tens)


def _readings(number: str) -> frozenset[str]:
    """What digits can mean: "1,200" is 1200, "5.2" and "5,2" are decimals."""
    bare = re.sub(r"[ \u202f]", "", number)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", bare):
        return frozenset({_plain(Fraction(bare.replace(",", "")))})
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", bare):
        whole = _plain(Fraction(bare.replace(".", "")))
        return frozenset({whole, _plain(Fraction(bare))} if bare.count(".") == 1 else {whole})
    return frozenset({_plain(Fraction(bare.replace(",", ".")))})


def _plain(value: Fraction) -> str:
    return str(value)


def _made(
    values: str | frozenset[str],
    kind: str,
    first: re.Match[str],
    last: re.Match[str],
    text: str,
) -> Quantity:
    read = frozenset({values}) if isinstance(values, str) else values
    return Quantity(read, kind, first.start(), last.end(), text[first.start() : last.end()])
