"""Names in a question, and whether a text has them: as written, derived, abbreviated, or placed.

Some names are the same to every reader of UN documents though not one letter is shared:
"ECOSOC" and "Economic and Social Council", "Morocco" and "Casablanca".
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pycountry

from corpus.language import language_of
from corpus.lexical import family

_CAPITALISED = re.compile(r"\b[A-ZÀ-ÞА-Я][\w’'.-]*[\w]\b|\b[A-Z]\b(?=[-‐]\w)")
_LITTLE = frozenset("of and the for to on in a an by de la le les des du et y el los las".split())
# Names of regions and adjectives of them, which a text that names countries need not have.
_REGIONS = frozenset(
    "africa african asia asian europe european america american latin caribbean arab oceania "
    "pacific mediterranean western eastern northern southern central north south east west "
    "southeast middle global world international english internet online".split()
)
_DAYS = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
# What UN documents abbreviate without saying so, and the other way about.
GLOSSARY: dict[str, tuple[str, ...]] = {
    "AI": ("artificial intelligence", "IA"),
    "AU": ("African Union",),
    "CSAM": ("child sexual abuse material",),
    "CSO": ("civil society organization", "civil society organisation"),
    "CSTD": ("Commission on Science and Technology for Development",),
    "ECOSOC": ("Economic and Social Council",),
    "EU": ("European Union", "UE", "Europe", "Brussels", "ЕС", "欧盟"),
    "FAO": ("Food and Agriculture Organization",),
    "GA": ("General Assembly",),
    "ICT": ("information and communication", "TIC", "ИКТ"),
    "ICTs": ("information and communication", "ICT"),
    "IGF": ("Internet Governance Forum",),
    "ILO": ("International Labour Organization",),
    "IMF": ("International Monetary Fund",),
    "ITU": ("International Telecommunication Union", "UIT", "МСЭ"),
    "LDC": ("least developed countr",),
    "LDCs": ("least developed countr",),
    "MDG": ("Millennium Development Goal",),
    "NGO": ("non-governmental organi", "civil society", "ONG", "НПО"),
    "NGOs": ("non-governmental organi", "civil society", "ONG", "НПО"),
    "SDG": ("Sustainable Development Goal", "ODS", "ODD", "ЦУР"),
    "SDGs": ("Sustainable Development Goal", "SDG", "ODS", "ODD", "ЦУР"),
    "SIDS": ("small island developing",),
    "SG": ("Secretary-General",),
    "SRSG": ("Special Representative",),
    "UK": ("United Kingdom", "Britain"),
    "UN": ("United Nations", "ONU", "ООН", "联合国"),
    "UNCTAD": ("United Nations Conference on Trade and Development",),
    "UNDP": ("United Nations Development Programme",),
    "UNESCO": ("United Nations Educational, Scientific",),
    "UNHCR": ("High Commissioner for Refugees",),
    "UNICEF": ("United Nations Children",),
    "UNODC": ("Office on Drugs and Crime",),
    "US": ("United States", "USA"),
    "USA": ("United States",),
    "WHO": ("World Health Organization",),
    "WIPO": ("World Intellectual Property",),
    "WSIS": ("World Summit on the Information Society", "SMSI", "CMSI"),
    "WTO": ("World Trade Organization",),
}
_METONYMS = {"brussels": "EU", "geneva": "UN", "european": "EU"}


def names(question: str) -> list[str]:
    """Names and acronyms of a question, in order; words that follow each other are one name.

    A first word counts only when it is an acronym, and nothing does when all is in capitals.
    Names of months and of regions are left out: a text has its own way of putting those.
    """
    if question.isupper():
        return []
    if language_of(question) in {"ar", "zh"}:
        latin = [word for word in _CAPITALISED.findall(question) if word.isascii()]
        return list(dict.fromkeys(latin))
    found: list[str] = []
    last_end = -1
    for match in _CAPITALISED.finditer(question):
        word = re.sub(r"['’]s$", "", match.group())
        if _opens(question, match.start()) and not _is_acronym(word):
            continue
        if word.lower() in _DAYS or _bare(word) in _REGIONS:
            continue
        between = question[last_end : match.start()] if found else "."
        if found and re.fullmatch(r"\s+(?:(?:of|and|the|for|on|de|la|des|du)\s+){0,2}", between):
            found[-1] = f"{found[-1]}{between}{word}"
        else:
            found.append(word)
        last_end = match.start() + len(word)
    untidy = [word for word in re.findall(r"[a-z]{4,}", question) if word in _countries()]
    return list(dict.fromkeys((*found, *untidy)))


def has_name(text: str, name: str) -> bool:
    """Whether a text has a name: any of its telling words, its initials, or what it stands for."""
    words = [word for word in re.findall(r"\w+", name) if word.lower() not in _LITTLE]
    lowered = text.lower()
    if any(re.search(rf"\b{re.escape(family(word.lower()))}", lowered) for word in words):
        return True
    if len(words) > 2 and "".join(word[0] for word in words) in text:
        return True
    if _is_acronym(name) and any(name.lower() in letters for letters in _initials(text)):
        return True
    return any(_stands_in(text, lowered, other) for other in _other_names(name))


def _stands_in(text: str, lowered: str, name: str) -> bool:
    if name.isupper() and name.isascii():
        return re.search(rf"\b{re.escape(name)}\b", text) is not None
    return name.lower() in lowered


def _initials(text: str) -> tuple[str, str]:
    """First letters of the words of a text, without little words ("SRSG") and with them ("MoU")."""
    return initials(text), "".join(word[0] for word in re.findall(r"\w+", text.lower()))


def initials(text: str) -> str:
    """First letters of the words of a text, little words left out."""
    words = re.findall(r"\w+", text.lower())
    return "".join(word[0] for word in words if word not in _LITTLE)


@cache
def _other_names(name: str) -> tuple[str, ...]:
    """What else a name goes by: its expansion or abbreviation, the places of a country."""
    short = _METONYMS.get(_bare(name), name)
    others = list(GLOSSARY.get(short, ()))
    others += [short] if short != name else []
    for acronym, expansions in GLOSSARY.items():
        if any(name.lower() in expansion.lower() for expansion in expansions):
            others.append(acronym)
    return (*others, *_places(name))


def _places(name: str) -> tuple[str, ...]:
    """Regions and cities of a country by its name or adjective, as ISO 3166-2 has them."""
    found = [
        country
        for country in pycountry.countries
        if family(country.name.lower()) == family(name.lower()) and len(name) > 3
    ]
    if len(found) != 1:
        return ()
    parts: list[Any] = [p for p in pycountry.subdivisions if p.country_code == found[0].alpha_2]
    words = {word for part in parts for word in re.findall(r"[^\W\d]{5,}", part.name)}
    return tuple(sorted(words))


@cache
def _countries() -> frozenset[str]:
    """Countries of one word and what is of them, in small letters: "israel", "israeli"."""
    names = {country.name.lower() for country in pycountry.countries if country.name.isalpha()}
    derived = {f"{name}{ending}" for name in names for ending in ("i", "n", "an", "ian", "ese")}
    return frozenset(names | derived | {f"{name[:-1]}ian" for name in names})


def _opens(question: str, start: int) -> bool:
    before = question[:start]
    return not before.strip(" \"'“‘«¿¡([") or bool(re.search(r"[.?!:;]\s*[\"'“‘«¿¡(\[]*$", before))


def _is_acronym(word: str) -> bool:
    return sum(character.isupper() for character in word) > 1


def _bare(word: str) -> str:
    return re.split(r"[\W_]", word.lower())[0]
