"""A text as the words that the support check compares: stems, clauses, one spelling of names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.lexical import stem
from rag.names import GLOSSARY, initials

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*\w*")
_BRITISH = re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)")
# Between these and a word ahead of them no negation or modal verb reaches.
_BREAK = re.compile(r"[,;:()\[\]—–•“”\"]|(?<=\w)[.!?]\s|\s-\s")
_BREAKING = frozenset(
    "but although though while whereas which who whom because since whose therefore however "
    "unless if".split()
)
_BESIDE = 2
FUNCTION = frozenset(
    "a an the this that these those its it they them their theirs he she his her him we our ours "
    "us i my you your and or but nor so yet of in on at to for from by with within into onto over "
    "under about across through throughout during between among amongst against toward towards "
    "via per as than then there here where when while which who whom whose what how why if because "
    "since until till although though whereas is are was were be been being am do does did done "
    "doing has have had having will would shall should can could may might must ought not no n't "
    "also both either neither each such same other others own too very more most much many few "
    "all any some up out off down only just even still s t ’s d ll re ve upon whether however "
    "before after later again ever never like else yet now today above below beyond besides "
    "despite alongside "
    "therefore thus without one ones itself themselves every another several".split()
)
# What the writer of an answer adds without adding to what is said.
_LIGHT = frozenset(
    "accord state report note describ mention highlight emphasi stress point said say indic "
    "explain add observ include including includ various work effort activ relat respect regard "
    "organ organiz submiss well along particular specif especi notabl furthermor moreov addit "
    "addition make take use provid order part way term concern involv current present continu "
    "remain issu area matter thing form type kind key aim seek togeth".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word at ``place`` in its text; ``clause`` counts the breaks before it."""

    text: str
    stem: str
    place: int
    start: int
    clause: int

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def content(self) -> bool:
        """Whether it says something by itself."""
        return len(self.text) > 1 and (self.acronym or self.lower not in FUNCTION)

    @property
    def acronym(self) -> bool:
        """ "WHO" and "US" are no small words."""
        return len(self.text) > 1 and self.text.isupper()

    @property
    def telling(self) -> bool:
        """Whether an answer that adds it has added something."""
        return self.content and self.stem not in _LIGHT and not self.text[0].isdigit()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and its words; ``text`` is in one spelling, see ``canonical``."""

    text: str
    words: tuple[Word, ...]
    language: str

    @property
    def stems(self) -> frozenset[str]:
        return frozenset(word.stem for word in self.words)

    def following(self, place: int, count: int) -> list[Word]:
        """The next ``count`` content words of the same clause."""
        if not 0 <= place < len(self.words):
            return []
        clause = self.words[place].clause
        rest = (w for w in self.words[place + 1 :] if w.clause == clause and w.content)
        return [word for word, _ in zip(rest, range(count), strict=False)]

    def beside(self, word: Word) -> frozenset[str]:
        """Stems of the two content words before a word and of the two after it."""
        content = [w for w in self.words if w.content or w.place == word.place]
        at = content.index(word)
        near = (*content[max(0, at - _BESIDE) : at], *content[at + 1 : at + 1 + _BESIDE])
        return frozenset(w.stem for w in near)


def in_english(claim: Reading, sources: Sequence[Reading]) -> bool:
    """Whether a claim and all of its sources are; most rules know no other language."""
    return all(one.language == "en" for one in (claim, *sources))


# Past forms that no rule takes back to the verb.
_IRREGULAR = {
    form: verb
    for verb, forms in (
        group.split(":")
        for group in (
            "rise:rose risen|fall:fell fallen|lead:led|hold:held|begin:began begun|meet:met|"
            "take:took taken|give:gave given|make:made|build:built|run:ran|bring:brought|win:won|"
            "draw:drew drawn|grow:grew grown|speak:spoke spoken|write:wrote written|say:said|"
            "see:saw seen|show:shown|know:knew known|think:thought|find:found|come:came|"
            "go:went gone|"
            "keep:kept|leave:left|lose:lost|send:sent|spend:spent|teach:taught|buy:bought|"
            "sell:sold|pay:paid|drive:drove driven|choose:chose chosen|become:became|seek:sought|"
            "stand:stood|understand:understood|tell:told|bear:bore borne|fight:fought|"
            "withdraw:withdrew withdrawn|undertake:undertook undertaken|child:children|"
            "person:people persons|woman:women|man:men|shrink:shrank shrunk|deal:dealt|feel:felt"
        ).split("|")
    )
    for form in forms.split()
}


Equal = tuple[tuple[str, str], ...]
"""Pairs of a short form and the long form that says the same."""


def common_acronyms() -> Equal:
    """Short forms that UN documents use without defining them."""
    return tuple(
        (short, long)
        for short, longs in GLOSSARY.items()
        for long in longs
        if " " in long and (initials(long).upper() == short or short in {"ECOSOC", "UNICEF"})
    )


def read(text: str, language: str, equal: Equal) -> Reading:
    """The words of a text; the same text is read once."""
    return _read(text, language, equal)


@lru_cache(maxsize=4096)
def _read(text: str, language: str, equal: Equal) -> Reading:
    plain = canonical(text, equal)
    breaks = [match.start() for match in _BREAK.finditer(plain)]
    words: list[Word] = []
    spoken = 0
    for match in _WORD.finditer(plain):
        if match.group().lower() in _BREAKING and not match.group()[:2].isupper():
            spoken += 1
        clause = spoken + sum(at < match.start() for at in breaks)
        word = match.group()
        words.append(Word(word, stem_of(word, language), len(words), match.start(), clause))
    return Reading(plain, tuple(words), language)


def canonical(text: str, equal: Equal = ()) -> str:
    """Links as their text, one kind of apostrophe, digits of one script, short forms for long."""
    plain = unicodedata.normalize("NFKC", _LINK.sub(r"\1", text).replace("’", "'"))
    plain = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in plain)
    plain = re.sub(r"(?<=\w)[‐‑](?=\w)", "-", plain)
    for short, long in _longest_first(tuple(equal)):
        pattern = rf"\b{re.escape(long)}\b(?:\s*\({re.escape(short)}\))?"
        plain = re.sub(pattern, short, plain, flags=re.IGNORECASE)
    return plain


@lru_cache(maxsize=64)
def _longest_first(equal: Equal) -> Equal:
    return tuple(sorted(set(equal), key=lambda pair: (-len(pair[1]), pair)))


def stem_of(word: str, language: str) -> str:
    """The stem by the rules of its language; British and American spellings have one."""
    lowered = fold(word.lower().removesuffix("'s").removesuffix("n't"))
    if language != "en":
        return stem(lowered, language)
    return stem(_BRITISH.sub("iz", _IRREGULAR.get(lowered, lowered)), language)


def fold(text: str) -> str:
    """Without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))
