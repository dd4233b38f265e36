"""The kind of a submitter, as far as its name tells."""

from __future__ import annotations

import re

from corpus.model import EntityType

# Full names and short ones of the United Nations system, as they sign their submissions.
_UN_BODIES = (
    "ITU UNESCO UNDP UNCTAD UNICEF UNEP UNHCR UNFPA UNIDO UNODC UNECE ECLAC CEPAL ESCAP ESCWA ECA "
    "UNECA WHO OMS FAO ILO OIT WIPO OMPI WMO IAEA IMO ICAO UPU UNWTO IFAD UNAIDS UNITAR UNU "
    "UN-Habitat UNDESA OHCHR WFP UIT UNOPS ITC IOM UNDRR UNRISD UNFCCC"
).split()
_NAMES = {name.lower() for name in _UN_BODIES}
# The first that matches decides; words of a name, in the languages of the United Nations.
_RULES = (
    (
        EntityType.UN_BODY,
        r"united nations|nations unies|naciones unidas|объединенных наций|الأمم المتحدة|联合国"
        r"|international telecommunication union|union internationale des télécommunications"
        r"|world health organization|food and agriculture organization|universal postal union"
        r"|international labour organi[sz]ation|world intellectual property|economic commission for"
        r"|economic and social commission|world meteorological|\bunited nations\b|\bUN [A-Z]",
    ),
    (
        EntityType.ACADEMIA,
        r"\buniversit\w+|\buniversidad|университет|جامعة|大学|\bcollege\b|\bacadem\w+|école"
        r"|\bfaculty\b|research (?:institute|centre|center)|school of\b",
    ),
    (
        EntityType.TECHNICAL_COMMUNITY,
        r"\bICANN\b|\bIETF\b|\bIEEE\b|\bW3C\b|internet society|\bISOC\b|internet corporation"
        r"|\b(?:AFRI|AP|LAC)?NIC\b|\bRIPE\b|\bARIN\b|internet registry|registry for|\bDNS\b",
    ),
    (
        EntityType.GOVERNMENT,
        r"\bgovernment\b|gouvernement|gobierno|правительств|حكومة|政府|\bministr\w+|министерств"
        r"|وزارة|\bminist[eè]re|\bministerio|\brepublic of\b|\brépublique\b|\brepública\b"
        r"|\bkingdom of\b|permanent mission|mission permanente"
        r"|\bfederal (?:office|agency|department)|\bregulatory authority"
        r"|telecommunications authority|\bstate of\b|national agency",
    ),
    (
        EntityType.INTERNATIONAL_ORGANIZATION,
        r"\bOECD\b|\bOCDE\b|world bank|\bAfrican Union\b|union africaine|european (?:union|"
        r"commission)|council of europe|commonwealth (?:secretariat|of)|league of arab states"
        r"|organi[sz]ation of american states|\bASEAN\b|intergovernmental|\bECOWAS\b|\bSADC\b"
        r"|organisation internationale de la francophonie|development bank|world trade org",
    ),
    (
        EntityType.PRIVATE_SECTOR,
        r"\b(?:inc|ltd|llc|plc|gmbh|corp|corporation|s\.?a\.?|company|group plc)\b\.?$|\bGSMA\b"
        r"|chamber of commerce|\bICC\b|business (?:council|association)|\bindustry association",
    ),
    (
        EntityType.CIVIL_SOCIETY,
        r"\bNGO\b|\bfoundation\b|\bfondation\b|\bfundación\b|фонд|مؤسسة|基金会|\bassociation\b"
        r"|\basociación\b|\bassociação\b|ассоциация|جمعية|协会|\bcoalition\b|civil society|"
        r"société civile|sociedad civil|\bnetwork\b|\balliance\b|\bcaucus\b|\bECPAT\b|amnesty"
        r"|human rights watch|\byouth\b|\bwomen'?s?\b|\btrust\b|\bsave the children\b",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _RULES)


def kind_of(name: str) -> EntityType | None:
    """The kind that the words of a submitter's name show; None where they show none."""
    words = re.findall(r"[\w-]+", name.lower())
    short = name.isupper() or len(words) == 1 or bool(re.search(r"\([^)]+\)\s*$", name))
    if short and _NAMES & set(words):
        return EntityType.UN_BODY
    return next((kind for kind, pattern in _COMPILED if pattern.search(name)), None)
