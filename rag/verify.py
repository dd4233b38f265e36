"""Holds a drafted sentence against the quotes that it cites: the support check.

First the rules that reject by themselves and say why: whom it is attributed to, numbers, names.
Then whether it follows from the quotes and how much of it they have, as one probability. Rules on
negation and modality, contraries and roles count unless the cross-encoder has read both and finds
that it follows. The check is offline and gives the same finding every time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.embedder import Embedder, WordVectors, word_vectors
from corpus.language import language_of
from corpus.sentences import LIST_MARK, sentence_spans
from corpus.store import Corpus
from rag import (
    attribution,
    opposites,
    polarity,
    proper,
    quantities,
    roles,
    slots,
)
from rag.entailment import LANGUAGE, CrossEncoder, Entailment
from rag.likeness import Likeness, likeness
from rag.support import Evidence, Finding
from rag.words import Equal, Reading, canonical, common_acronyms, read

_REMEMBERED = 4096
# A finding against a rule leaves this much of the probability.
_AGAINST = 0.1
_SHORTEST = 30
# Nearer to 0 or 1 than this, a probability tells no more.
_RAREST = 1e-3
# The cross-encoder learned on passages of a few sentences. What has more quotes or characters is
# judged by likeness, and doubtful where the cross-encoder does not find that it follows.
_MOST_READ = 2
_LONGEST_READ = 700
# All rules but those on attribution, numbers and names count where the cross-encoder gives a
# sentence less than this: from there on they are wrong more often than right.
_DOUBTED_BELOW = 0.5
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the logistic function over likeness and entailment; supported from ``least_score`` on,
    and below ``sure_score`` doubtful."""

    constant: float
    lack: float
    dense: float
    # Of the logit of the probability that it follows.
    entailed: float
    least_score: float
    sure_score: float = 0.0


# The first four fitted by scripts/support_weights.py, both scores chosen, see docs/decisions/
# 0033-a-stronger-cross-encoder.md.
WITH_ENTAILMENT = Weights(0.58, 0.0, -0.49, 1.342, 0.2, sure_score=0.7)
# Where no cross-encoder reads the language, or all of the quotes: 0017-support-check.md there.
BY_LIKENESS = Weights(2.1, -0.85, -8.0, 0.0, 0.35)
# Cosine by the multilingual encoder from which a sentence in another language is near.
_ACROSS = 0.87
_SHARPNESS = 60.0


@dataclass(frozen=True, slots=True)
class Examined:
    """What the check saw, for fitting and for the record."""

    reasons: tuple[str, ...]
    same: bool
    likeness: Likeness | None
    across: float | None
    entailed: float | None = None
    # Longer than what the cross-encoder learned on, and not found to follow.
    doubted: bool = False


class Verifier:
    """The ``SupportCheck`` over the corpus's own encoders.

    ``acronyms`` are pairs of short and long form that the corpus defines. Without ``entailment``
    likeness alone decides what breaks no rule.
    """

    def __init__(
        self,
        embedder: Embedder,
        multilingual: Embedder,
        acronyms: Sequence[tuple[str, str]] = (),
        entailment: Entailment | None = None,
    ) -> None:
        self._multilingual = multilingual
        self._languages = embedder.languages
        self._equal: Equal = (*common_acronyms(), *acronyms)
        self._entailment: Callable[[str, str], float | None] | None = (
            lru_cache(_REMEMBERED)(entailment.probability) if entailment else None
        )
        self._vectors: Callable[[str], WordVectors] = lru_cache(_REMEMBERED)(
            lambda text: word_vectors(embedder, text)
        )

    def check(self, sentence: str, evidence: Sequence[Evidence]) -> Finding:
        """``sentence`` without its citation markers; no evidence is never support."""
        quoted = [one for one in evidence if one.quote.strip()]
        if not sentence.strip() or not quoted:
            return Finding(False, 0.0, ("nothing is quoted for it",))
        return self.judged(self.examine(sentence, quoted))

    def judged(self, seen: Examined) -> Finding:
        """The verdict on what was seen."""
        weights = BY_LIKENESS if seen.entailed is None else WITH_ENTAILMENT
        score = probability(seen, weights)
        if seen.reasons:
            return Finding(False, score, seen.reasons)
        if seen.same or score >= weights.least_score:
            return Finding(True, score, doubtful=seen.doubted or score < weights.sure_score)
        return Finding(False, score, (_why_far(seen),))

    def examine(self, sentence: str, evidence: Sequence[Evidence]) -> Examined:
        """All that the verdict rests on; ``evidence`` has something in every quote."""
        named, said = attribution.parted(sentence)
        quotes = [one.quote for one in evidence]
        reasons = attribution.wrong(named, [one.entity for one in evidence], quotes)
        if any(_bare(said) == _bare(quote) or _bare(sentence) == _bare(quote) for quote in quotes):
            return Examined(tuple(reasons), True, None, None)
        language, spoken = _languages(said, evidence)
        sources = [self._read(q, one) for q, one in zip(quotes, spoken, strict=True)]
        claim = self._read(said, language)
        context = [
            self._read(" . ".join((one.entity, *one.section)), at)
            for one, at in zip(evidence, spoken, strict=True)
        ]
        reasons += quantities.disagreements(claim, [*sources, *context])
        if {language} == set(spoken) or language != "en":
            reasons += proper.missing(claim, [*sources, *context])
        near = entailed = across = None
        doubted = False
        if self._understood(claim, sources):
            parts = [part for source in sources for part in self._sentences(source)]
            near = likeness(claim, parts, context, self._vectors)
            if language == LANGUAGE:
                entailed, doubted = self._read_together(said, evidence)
        else:
            across = self._across(said, quotes)
        if _is_doubt(entailed):
            reasons += _where_doubted(claim, sources, evidence)
        return Examined(tuple(dict.fromkeys(reasons)), False, near, across, entailed, doubted)

    def _read_together(self, said: str, evidence: Sequence[Evidence]) -> tuple[float | None, bool]:
        """The probability that it follows, None of more than the cross-encoder learned on; and
        whether it then is in doubt."""
        if self._entailment is None:
            return None, False
        passage = " ".join(": ".join(filter(None, (one.entity, one.quote))) for one in evidence)
        # It knows no short forms of a corpus.
        likely = self._entailment(canonical(passage, self._equal), canonical(said, self._equal))
        is_short = len(evidence) <= _MOST_READ and len(passage) <= _LONGEST_READ
        entailed = likely if is_short else None
        return entailed, entailed is None and _is_doubt(likely)

    def _understood(self, claim: Reading, sources: Sequence[Reading]) -> bool:
        """Whether the encoder of words reads claim and sources; it was made for few languages."""
        spoken = {claim.language, *(source.language for source in sources)}
        return len(spoken) == 1 and (self._languages is None or spoken <= self._languages)

    def _across(self, sentence: str, quotes: Sequence[str]) -> float:
        said, *stated = self._multilingual.embed_documents([sentence, *quotes, " ".join(quotes)])
        return max(float(said @ one) for one in stated)

    def _sentences(self, source: Reading) -> list[Reading]:
        spans = sentence_spans(source.text)
        return [self._read(span.of(source.text), source.language) for span in spans]

    def _read(self, text: str, language: str) -> Reading:
        return read(text, language, self._equal)


def verifier(corpus: Corpus) -> Verifier:
    """The check over a corpus's encoders, with the short forms that its submissions define."""
    return Verifier(corpus.embedder, corpus.multilingual, corpus.acronyms(), CrossEncoder())


def probability(seen: Examined, weights: Weights) -> float:
    """0 to 1, that the sentence is supported."""
    if seen.same:
        likely = 1.0
    elif seen.across is not None:
        likely = _logistic(_SHARPNESS * (seen.across - _ACROSS))
    else:
        lack, dense, entailed = features(seen)
        value = weights.lack * lack + weights.dense * dense + weights.entailed * entailed
        likely = _logistic(weights.constant + value)
    return round(likely * _AGAINST if seen.reasons else likely, 4)


def features(seen: Examined) -> tuple[float, float, float]:
    """What the weights are of, in their order; 0 for what was not looked at."""
    near = seen.likeness
    entailed = 0.0 if seen.entailed is None else _logit(seen.entailed)
    return (near.lack, near.dense, entailed) if near else (0.0, 0.0, entailed)


def _is_doubt(likely: float | None) -> bool:
    """Whether the cross-encoder does not find that it follows, or has not read it."""
    return likely is None or not likely >= _DOUBTED_BELOW


def _where_doubted(
    claim: Reading, sources: Sequence[Reading], evidence: Sequence[Evidence]
) -> list[str]:
    headings = [heading for one in evidence for heading in one.section]
    return [
        *polarity.disagreements(claim, sources, headings),
        *opposites.opposites(claim, sources),
        *opposites.substituted(claim, sources),
        *roles.swapped(claim, sources),
        *roles.other_objects(claim, sources),
        *slots.exchanged(claim, sources, [one.entity for one in evidence]),
    ]


def _languages(sentence: str, evidence: Sequence[Evidence]) -> tuple[str, list[str]]:
    """The language of the sentence, and that of each quote.

    Of a few words no language can be told for certain: where sentence and quote have half of the
    sentence's words in common they are in one, which is English if either is taken for it.
    """
    stated = [one.language for one in evidence]
    found = language_of(sentence)
    said = set(_WORDS.findall(sentence.lower()))
    alike = [len(said & set(_WORDS.findall(e.quote.lower()))) >= len(said) / 2 for e in evidence]
    both = {found, *(at for at, same in zip(stated, alike, strict=True) if same)}
    if len(sentence) < _SHORTEST and len(set(stated)) == 1:
        return stated[0], stated
    if not any(alike) or len(both) == 1:
        return found, stated
    one = "en" if "en" in both else stated[alike.index(True)]
    return one, [one if same else at for at, same in zip(stated, alike, strict=True)]


def _bare(text: str) -> str:
    """Without what a quotation adds or leaves out: quotation marks, list marks, the last stop."""
    unmarked = LIST_MARK.sub("", text.strip(), count=1) if LIST_MARK.match(text.strip()) else text
    return " ".join(unmarked.split()).strip(" .;,“”\"'").casefold()


def _why_far(seen: Examined) -> str:
    near = seen.likeness
    if near is None:
        return f"its meaning is not near the quote's ({seen.across:.2f})"
    if near.strange:
        return f"the quote has nothing like “{near.strangest}”"
    if seen.entailed is not None:
        return f"it does not follow from the quotes ({seen.entailed:.2f})"
    return f"its meaning is not near the quote's ({near.whole:.2f})"


def _logit(probability: float) -> float:
    likely = min(max(probability, _RAREST), 1 - _RAREST)
    return math.log(likely / (1 - likely))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
