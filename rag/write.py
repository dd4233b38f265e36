"""Sentences for a reader: each claim attributed to its submitter, each with its citation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.model import Document, Filters, Span, Submission
from corpus.places import locations
from corpus.sentences import quotable_sentences
from corpus.store import Passage
from rag.decide import Decision
from rag.model import AnswerSentence, Citation, Status, Verdict
from rag.select import Candidate, folded

_NEAREST = 3
_LISTED = 5


def cite(document: Document, span: Span, score: float, number: int) -> Citation:
    """The passage as a citation; its quote is the text of the span, to the character."""
    submission = document.submission
    places = locations(document, span)
    return Citation(
        number=number,
        submission_id=submission.id,
        entity=submission.entity,
        title=submission.title,
        session=submission.session,
        year=submission.year,
        section=document.section_at(span.start).path,
        page=places[0].page if places else None,
        printed_page=places[0].printed_page if places else None,
        start=span.start,
        end=span.end,
        quote=span.of(document.text),
        score=score,
        url=f"/submissions/{submission.id}/text#char={span.start},{span.end}",
        locations=places,
    )


def quoted(chosen: Sequence[Candidate]) -> tuple[tuple[AnswerSentence, ...], tuple[Citation, ...]]:
    """One attributed sentence and one citation for each chosen passage."""
    citations = tuple(
        cite(c.document, c.span, c.score, number) for number, c in enumerate(chosen, start=1)
    )
    sentences = []
    before = ""
    for citation in citations:
        lead = (
            f"{citation.entity} also states:"
            if citation.entity == before
            else (f"According to {citation.entity},")
        )
        sentences.append(
            AnswerSentence(
                f"{lead} “{one_line(citation.quote)}”", (citation.number,), Verdict.QUOTED
            )
        )
        before = citation.entity
    return tuple(sentences), citations


def one_line(quote: str) -> str:
    """A quote as it reads within a sentence; the citation keeps its lines."""
    return " ".join(quote.split())


def with_markers(sentences: Iterable[AnswerSentence]) -> str:
    """The answer's text: each sentence followed by the numbers of its citations."""
    return " ".join(
        sentence.text + "".join(f" [{number}]" for number in sentence.citations)
        for sentence in sentences
    )


def nearest(ranked: Sequence[Candidate]) -> tuple[Citation, ...]:
    """The closest passages, best first, for a reader to judge; numbered 0: nothing cites them."""
    best: dict[str, Candidate] = {}
    for candidate in folded(ranked):
        best.setdefault(candidate.retrieved.passage.chunk.id, candidate)
    return tuple(
        cite(c.document, _readable(c.retrieved.passage), c.score, 0)
        for c in list(best.values())[:_NEAREST]
    )


def _readable(passage: Passage) -> Span:
    """The passage from its first quotable sentence to its last."""
    sentences = quotable_sentences(passage.document, passage.chunk)
    return Span(sentences[0].start, sentences[-1].end)


def refusal(
    decision: Decision, searched: Sequence[Submission], filters: Filters, suggestion: str = ""
) -> str:
    """Says that nothing answers, why not, what was searched, and what can be asked instead."""
    if decision.status is Status.PARTIAL:
        opening = "The submissions have related passages, but none of them states what is asked."
    else:
        opening = "I found nothing in the submissions that answers this."
    limited = " under the filters set" if filters != Filters() else ""
    scope = f"Searched{limited}: {_listed(searched)}."
    instead = [f"You could ask: “{suggestion}”"] if suggestion else []
    return " ".join((opening, *decision.doubts, scope, *instead))


def _listed(searched: Sequence[Submission]) -> str:
    if not searched:
        return "no submission"
    names = [
        f"{s.entity} (CSTD session {s.session})" if s.session else s.entity
        for s in searched[:_LISTED]
    ]
    more = f" and {len(searched) - _LISTED} more" if len(searched) > _LISTED else ""
    count = f"{len(searched)} submission{'s' if len(searched) > 1 else ''}"
    return f"{count}: {'; '.join(names)}{more}"
