"""Code decides: a drafted sentence is shown as checked, as its quote, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.language import language_of
from corpus.model import Document, Span
from corpus.sentences import quotable_sentences, sentence_spans
from rag.additions import added
from rag.drafting import Drafted, Source
from rag.markup import plain_text
from rag.omissions import omitted
from rag.quotes import located, same_words, whole_sentences
from rag.retrieve import Retrieved
from rag.statement import fault
from rag.support import Evidence, Finding, SupportCheck

LONGEST_SENTENCE = 600
# A sentence with a label and no quote is held against so many sentences of that passage.
_MOST_COMPARED = 12
# A longer line was taken for a heading by mistake; it lends no support to what stands under it.
_LONGEST_HEADING = 120


class Fate(StrEnum):
    """``supported``: shown as drafted; ``quoted``: its quote is shown instead."""

    SUPPORTED = "supported"
    QUOTED = "quoted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Place:
    """Whole sentences of a document that a drafted sentence rests on."""

    document: Document
    span: Span
    score: float

    @property
    def quote(self) -> str:
        return self.span.of(self.document.text)

    @property
    def entity(self) -> str:
        return self.document.submission.entity


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a sentence; ``text`` is plain and carries no attribution and no marker.

    ``places`` are shown with it, ``held_against`` is all that it was held against. ``score``
    estimates, 0 to 1, that it is supported; 0 where that was not reached.
    """

    text: str
    fate: Fate
    places: tuple[Place, ...] = ()
    reasons: tuple[str, ...] = ()
    score: float = 0.0
    held_against: tuple[Place, ...] = ()


class Judge:
    """Holds drafted sentences against the labelled passages.

    ``chosen`` are the spans, by submission id, that the extractive answer would quote: only those
    take the place of a sentence that fails, since the question is known to want them.
    """

    def __init__(
        self,
        passages: Mapping[str, Retrieved],
        check: SupportCheck,
        chosen: frozenset[tuple[str, Span]],
    ) -> None:
        self._passages = passages
        self._check = check
        self._chosen = chosen

    def judge(self, drafted: Drafted) -> Iterator[Judged]:
        """One verdict for each sentence of the text; a draft may have put several into one."""
        if drafted.fault:
            yield _rejected(drafted.text, drafted.fault)
            return
        text = plain_text(drafted.text)
        if text is None:
            yield _rejected(drafted.text, "it has markup, a link or HTML in it")
            return
        for span in sentence_spans(text):
            yield self._one(span.of(text), drafted.sources)

    def _one(self, text: str, sources: Sequence[Source]) -> Judged:
        if len(text) > LONGEST_SENTENCE:
            return _rejected(text, f"it is longer than {LONGEST_SENTENCE} characters")
        if not any(c.isalnum() for c in text):
            return _rejected(text, "it says nothing")
        fault = self._fault(sources)
        if fault:
            return _rejected(text, fault)
        said, speaker = unattributed(text)
        places = self._places(said, sources)
        if not places:
            return _rejected(text, "a quote does not stand in its passage")
        if speaker and not any(names_the_same(speaker, place.entity) for place in places):
            return _rejected(text, f"it is attributed to {speaker}, who is not its source")
        return replace(self._held(said, places), held_against=places)

    def _fault(self, sources: Sequence[Source]) -> str:
        if not sources:
            return "it has no source"
        unknown = [one.label for one in sources if one.label not in self._passages]
        return f"no passage has the label {unknown[0]}" if unknown else ""

    def _places(self, text: str, sources: Sequence[Source]) -> tuple[Place, ...]:
        """Where the quotes stand; none when one of them does not."""
        places: list[Place] = []
        for source in sources:
            found = self._passages[source.label]
            place = self._quoted(found, source.quote) if source.quote else self._best(text, found)
            if place is None:
                return ()
            if place not in places:
                places.append(place)
        return tuple(places)

    def _quoted(self, found: Retrieved, quote: str) -> Place | None:
        passage = found.passage
        span = located(quote, passage.document.text, passage.chunk.span)
        whole = whole_sentences(passage, span) if span else None
        return Place(passage.document, whole, found.score) if whole else None

    def _best(self, text: str, found: Retrieved) -> Place | None:
        """The sentence of a passage that supports the text best, where no quote was given."""
        passage = found.passage
        spans = quotable_sentences(passage.document, passage.chunk)[:_MOST_COMPARED]
        places = [Place(passage.document, span, found.score) for span in spans]
        return max(
            places, key=lambda one: self._check.check(text, [_evidence(one)]).score, default=None
        )

    def _held(self, text: str, places: tuple[Place, ...]) -> Judged:
        own = next((one for place in places for one in _sentences(place, text)), None)
        if own:
            return Judged(text, Fate.QUOTED, (own,), ("it is its quote",), 1.0)
        finding = holds(self._check, text, places)
        if finding.supported:
            return Judged(text, Fate.SUPPORTED, places, finding.reasons, finding.score)
        wanted = tuple(p for p in places if (p.document.submission.id, p.span) in self._chosen)
        fate = Fate.QUOTED if wanted else Fate.REJECTED
        reasons = finding.reasons or ("its quotes do not support it",)
        return Judged(text, fate, wanted, reasons, finding.score)


def holds(check: SupportCheck, text: str, places: Sequence[Place]) -> Finding:
    """Whether a sentence that is not its quote may be shown as it was drafted."""
    nothing = fault(text)
    if nothing:
        return Finding(False, 0.0, (nothing,))
    evidence = [_evidence(place) for place in places]
    finding = check.check(text, evidence)
    if not finding.supported:
        return finding
    more = added(text, evidence)
    if more:
        return Finding(False, 0.0, (f"none of its quotes has “{more}”",))
    limit = omitted(text, evidence)
    if limit:
        return Finding(False, finding.score, (f"its quote limits it by “{limit}”",))
    if finding.doubtful:
        return Finding(False, finding.score, ("it may say more than its quotes",))
    return finding


_SPOKEN = (
    re.compile(r"according to (?P<who>[^,;:]{2,80}),\s*(?P<said>.+)", re.IGNORECASE | re.DOTALL),
    re.compile(
        r"(?P<who>[A-Z][^,;:]{1,80}?) (?:also )?(?:says|said|states|stated|reports|reported|notes|"
        r"noted|adds|added|explains|explained|writes|wrote) that (?P<said>.+)",
        re.DOTALL,
    ),
)


def unattributed(text: str) -> tuple[str, str]:
    """The claim alone, and whom the model says it is by ("" when it does not say)."""
    for pattern in _SPOKEN:
        found = pattern.fullmatch(text)
        if found:
            said = found["said"]
            return said[0].upper() + said[1:], found["who"].strip()
    return text, ""


def names_the_same(speaker: str, entity: str) -> bool:
    """Whether a name is an entity's, or telling words of it and no others."""
    told = {word for word in re.findall(r"\w+", speaker.lower()) if word != "the"}
    own = set(re.findall(r"\w+", entity.lower()))
    initials = "".join(w[0] for w in re.findall(r"\w+", entity) if w[0].isupper()).lower()
    return bool(told) and (told <= own or told == {initials})


def _evidence(place: Place) -> Evidence:
    path = tuple(
        heading
        for heading in place.document.section_at(place.span.start).path
        if len(heading) <= _LONGEST_HEADING
    )
    return Evidence(place.quote, place.entity, path, language_of(place.quote))


def _sentences(place: Place, text: str) -> Iterator[Place]:
    """The place, or a sentence of it, that has the very words of a text."""
    for span in (place.span, *sentence_spans(place.document.text, place.span)):
        if same_words(text, span.of(place.document.text)):
            yield replace(place, span=span)


def _rejected(text: str, reason: str) -> Judged:
    return Judged(" ".join(text.split())[:LONGEST_SENTENCE], Fate.REJECTED, (), (reason,))
