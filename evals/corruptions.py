"""Sentences with one thing made wrong: what the support check must not let pass.

Each maker takes a sentence that is true to its source and gives one that is not, or None where it
has nothing to change. Choices follow from a hash of the sentence, so that a run can be repeated.
The words put in are other ones for dev, for test, and for fitting the check's weights: its
cross-encoder learned with those of dev, and would be trusted too much where it knows them.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Pool:
    """What can be put into a sentence of one split."""

    acronyms: tuple[str, ...]
    places: tuple[str, ...]
    names: tuple[str, ...]
    sources: tuple[str, ...]
    insertions: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pairs = [tuple(pair.split("/")) for pair in text.split(", ")]
    return tuple((one, other) for one, other in pairs)


POOLS = {
    "dev": Pool(
        acronyms=("UNIDO", "FAO", "OECD", "ITU", "WIPO", "NATO", "UNDP"),
        places=("Ghana", "Chile", "Norway", "Nepal", "Oslo", "Lima", "Canada", "Jordan"),
        names=(
            "World Bank",
            "Save the Children",
            "African Union",
            "Digital Cooperation Office",
            "Maria Torres",
            "Open Data Charter",
        ),
        sources=("UNESCO", "the Government of Ghana", "Microsoft", "the World Bank"),
        insertions=(
            "with funding from the private sector",
            "which led to a sharp drop in reported cases",
            "in close cooperation with national police forces",
            "at the request of the host government",
            "as part of a five-year strategy",
            "despite criticism by its own members",
            "and doubled its budget for the purpose",
            "under an agreement signed with telecom operators",
        ),
        opposites=_pairs(
            "increase/decrease, increased/reduced, growing/shrinking, support/oppose, "
            "strengthen/weaken, more/fewer, before/after, public/private, essential/irrelevant, "
            "safe/unsafe, protect/endanger, protecting/endangering, global/local, "
            "include/exclude, including/excluding, encourage/discourage, "
            "encourages/discourages, welcomes/regrets, importance/unimportance, "
            "lack/abundance, continue/cease, continues/ceases, all/none of the, "
            "necessary/unnecessary, high/low, urgent/unimportant, positive/negative, "
            "improve/worsen, expand/reduce, raise/lower, developing/developed"
        ),
    ),
    "test": Pool(
        acronyms=("UNHCR", "WTO", "ILO", "UNEP", "APEC", "ICANN", "WHO"),
        places=("Kenya", "Brazil", "Finland", "Viet Nam", "Cairo", "Toronto", "Japan", "Morocco"),
        names=(
            "Asian Development Bank",
            "Plan International",
            "European Commission",
            "Broadband Commission",
            "Ahmed Hassan",
            "Paris Call",
        ),
        sources=("ITU", "the Government of Japan", "Google", "the African Union"),
        insertions=(
            "paid for by a levy on mobile operators",
            "and thereby halved the number of incidents",
            "after years of delay",
            "with the help of volunteers from local schools",
            "on behalf of the Secretary-General",
            "over the objections of industry",
            "and will publish the results next spring",
            "using facial recognition",
        ),
        opposites=_pairs(
            "rise/drop, rapid/gradual, risk/benefit, risks/benefits, obstacles/incentives, "
            "challenges/achievements, prevent/promote, preventing/promoting, strong/feeble, "
            "fully/barely, concerning/reassuring, harm/benefit, gaps/surpluses, active/passive, "
            "progress/decline, recognizes/disputes, recognizing/disputing, stresses/denies, "
            "reaffirms/abandons, reaffirming/abandoning, invites/forbids, requests/forbids, "
            "achieve/abandon, enhance/impair, enhancing/impairing, facilitate/obstruct, "
            "effective/ineffective, effectively/ineffectively, access/barriers, "
            "significant/negligible, early/late, inclusive/exclusive, affordable/expensive, "
            "crucial/trivial, leading/following, launching/ending, chair/boycott, first/last, "
            "reliable/unreliable, equal/unequal, broader/narrower, new/old"
        ),
    ),
    "fit": Pool(
        acronyms=("UNICRI", "IAEA", "ECLAC", "IMF", "ISOC", "CERN", "OHCHR"),
        places=("Peru", "Zambia", "Greece", "Laos", "Hanoi", "Tbilisi", "Malta", "Oman"),
        names=(
            "Commonwealth Secretariat",
            "Internet Society",
            "Council of Europe",
            "Data Trust Forum",
            "Elena Petrova",
            "Geneva Dialogue",
        ),
        sources=("UNDP", "the Government of Chile", "Mozilla", "the Council of Europe"),
        insertions=(
            "under the patronage of the First Lady",
            "although fewer than half replied",
            "which courts later declared unlawful",
            "using a grant from a private foundation",
            "in twelve languages and free of charge",
            "instead of waiting for legislation",
            "because staff had asked for it",
            "and has since withdrawn from the process",
        ),
        opposites=_pairs(
            "important/minor, possible/impossible, present/absent, many/few, often/seldom, "
            "agree/disagree, help/hinder, helps/hinders, build/dismantle, building/dismantling, "
            "respect/violate, wide/narrow, rich/poor, open/closed, free/costly, begin/finish, "
            "success/failure, advantage/drawback, trust/distrust, visible/hidden, direct/indirect, "
            "formal/informal, temporary/permanent, voluntary/compulsory, national/foreign, "
            "rural/urban, collective/individual, ahead/behind, create/abolish, gain/loss, "
            "advance/delay, complex/simple, legal/illegal, adequate/inadequate, short/long, "
            "rising/falling, unite/divide, focus/neglect, focused/neglected, continues/refuses, "
            "work/idle, action/inaction, future/past, key/marginal, young/old, emerging/vanishing"
        ),
    ),
}
_SMALL = "two three four five six seven eight nine ten eleven twelve fifteen twenty".split()
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_NUMBER = re.compile(r"(?<![\w./-])(?!(?:19|20)\d\d\b)\d[\d,]*(?:\.\d+)?(?![\w/-]|\.\d)")
_SPELLED = re.compile(rf"\b(?:{'|'.join(_SMALL)})\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d/(])\b(?:19|20)\d\d\b(?!/)")
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_NAME = re.compile(
    r"(?<![.!?] )(?<!^)\b[A-Z][\w’'-]+(?:(?: (?:of|for|on|and|the|in))? [A-Z][\w’'-]+)*"
)
_PLACES = frozenset(
    "Casablanca Kyoto Iraq Kenya Ethiopia Niger Guinea Peru Sweden Geneva Tunis Africa Asia "
    "Netherlands Quito Ecuador Addis Ababa Monterrey Doha Paris Istanbul Sendai".split()
)
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|will|can|should|must|may)\b(?! not\b)")
_GERUND = re.compile(r"^(?!According)(?:[A-Z][a-z]+ing)\b")
# One name, without what "in" or "and" adds to it; a first word only when it is an acronym.
_ROLE_NAME = re.compile(
    r"\b(?:(?<!^)(?<![.!?] )[A-Z][\w-]+|[A-Z]{2,}[\w-]*)(?:(?: of| for| on)? [A-Z][\w-]+)*"
)
# Those who act or are acted upon.
_ACTORS = (
    r"\b(?:children|governments?|providers|companies|members|partners|countries|experts|victims|"
    r"offenders|civil society|private sector|stakeholders|boys|adults|practitioners|policymakers|"
    r"competitors|researchers|facilitators|entities|organizations|developing countries|"
    r"international community|technology|legislation|regulation)\b"
)
_DATED = re.compile(rf"\d|{'|'.join(_MONTHS)}")
_BETWEEN_NAMES = re.compile(
    r"^(?!.*\b(?:and|or)\b)(?!.*[,;:()])(?=.*\b(?:within|through|by|of|to|for|from|in|is|are|"
    r"has|continues|\w+s|\w+ed)\b).{4,90}$"
)
_MODALS = (
    (r"\bwill continue to\b", "has continued to"),
    (r"\bwill also\b", "has already managed to"),
    (r"\bwill (?=[a-z]+\b)", "may "),
    (r"\bplans to (?=continue|expand)", "has managed to "),
    (r"\bcontinues to\b", "plans to"),
    (r"\bhas continued to\b", "intends to"),
    (r"\bis (?:co-)?leading\b", "plans to lead"),
    (r"\bmay be\b", "is"),
    (r"\bmay\b", "will"),
    (r"\bshould be\b", "has been"),
    (r"\bshould\b", "will"),
    (r"\bmust\b", "may"),
    (r"\bcan\b", "will"),
)
_SHORTEST, _LONGEST = 40, 420

Maker = Callable[[str, Pool, random.Random], str | None]


def corruptions(sentence: str, split: str) -> Iterator[tuple[str, str]]:
    """(kind, wrong sentence) for each kind that this sentence can be made wrong by."""
    if not _SHORTEST <= len(sentence) <= _LONGEST:
        return
    for kind, make in MAKERS.items():
        seed = hashlib.sha256(f"{kind}\0{sentence}".encode()).digest()
        made = make(sentence, POOLS[split], random.Random(seed))  # noqa: S311 - repeatable on purpose
        if made and made != sentence:
            yield kind, made


def is_test(text: str) -> bool:
    """Which half a sentence belongs to, by its hash."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


def _one(pattern: re.Pattern[str], text: str, rng: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return rng.choice(found) if found else None


def _put(text: str, match: re.Match[str], new: str) -> str:
    return f"{text[: match.start()]}{new}{text[match.end() :]}"


def _number(text: str, pool: Pool, rng: random.Random) -> str | None:  # noqa: ARG001
    digits = _one(_NUMBER, text, rng)
    if digits:
        value = digits.group().replace(",", "")
        if "." in value:
            whole, part = value.split(".")
            return _put(text, digits, f"{whole}.{(int(part) + rng.randint(1, 7)) % 10 or 8}")
        changed = int(value) + rng.choice([1, 3, 10, 20])
        return _put(text, digits, str(changed))
    spelled = _one(_SPELLED, text, rng)
    if not spelled:
        return None
    other = rng.choice([word for word in _SMALL if word != spelled.group().lower()])
    return _put(text, spelled, other)


def _date(text: str, pool: Pool, rng: random.Random) -> str | None:  # noqa: ARG001
    year, month = _one(_YEAR, text, rng), _one(_MONTH, text, rng)
    if month and (not year or rng.random() < 0.5):
        return _put(text, month, rng.choice([m for m in _MONTHS if m != month.group()]))
    return _put(text, year, str(int(year.group()) - rng.randint(1, 4))) if year else None


def _entity(text: str, pool: Pool, rng: random.Random) -> str | None:
    name = _one(_NAME, text, rng)
    if not name:
        return None
    word = name.group()
    kind = pool.places if word in _PLACES else pool.names
    if word.isupper() and " " not in word:
        kind = pool.acronyms
    return _put(text, name, rng.choice([one for one in kind if one not in text]))


def _negation(text: str, pool: Pool, rng: random.Random) -> str | None:  # noqa: ARG001
    for gone, new in ((r"\bnot only\b", ""), (r"\bdo(?:es)? not\b ?", ""), (r"\bnot ", "")):
        if gone != r"\bnot only\b" and "not only" not in text and re.search(gone, text):
            return re.sub(gone, new, text, count=1)
    auxiliary = _one(_AUXILIARY, text, rng)
    if auxiliary:
        return _put(text, auxiliary, f"{auxiliary.group()} not")
    if _GERUND.match(text):
        return f"No longer {text[0].lower()}{text[1:]}"
    return None


def _opposite(text: str, pool: Pool, rng: random.Random) -> str | None:
    both = [pair for one, other in pool.opposites for pair in ((one, other), (other, one))]
    fitting = [(a, b) for a, b in both if re.search(rf"\b{a}\b", text) and b not in text]
    if not fitting:
        return None
    old, new = rng.choice(fitting)
    return re.sub(rf"\b{old}\b", new, text, count=1)


def _modality(text: str, pool: Pool, rng: random.Random) -> str | None:  # noqa: ARG001
    for old, new in _MODALS:
        if re.search(old, text):
            return re.sub(old, new, text, count=1)
    return None


def _role(text: str, pool: Pool, rng: random.Random) -> str | None:  # noqa: ARG001
    """Two names, or two who act, change places around a verb or preposition."""
    for pattern in (_ROLE_NAME, re.compile(_ACTORS)):
        found = [
            m for m in pattern.finditer(text) if not _DATED.search(text[: m.end() + 6], m.start())
        ]
        pairs = [
            (one, two)
            for one, two in pairwise(found)
            if _BETWEEN_NAMES.match(text[one.end() : two.start()])
        ]
        if pairs:
            one, two = rng.choice(pairs)
            middle = text[one.end() : two.start()]
            return f"{text[: one.start()]}{two.group()}{middle}{one.group()}{text[two.end() :]}"
    return None


def _insertion(text: str, pool: Pool, rng: random.Random) -> str | None:
    phrase = rng.choice(pool.insertions)
    bare = text.rstrip(" .;,")
    comma = bare.find(", ", len(bare) // 3)
    if comma > 0 and rng.random() < 0.5:
        return f"{bare[:comma]}, {phrase}{bare[comma:]}."
    return f"{bare}, {phrase}."


def _attribution(text: str, pool: Pool, rng: random.Random) -> str | None:
    return f"According to {rng.choice(pool.sources)}, {text}"


MAKERS: dict[str, Maker] = {
    "number": _number,
    "date": _date,
    "entity": _entity,
    "negation": _negation,
    "opposite": _opposite,
    "modality": _modality,
    "role": _role,
    "insertion": _insertion,
    "attribution": _attribution,
}
