"""Where a gold quote stands: found by its characters, blanks aside, and only when unique."""

from __future__ import annotations

from corpus.model import Document, Span
from evals.errors import CasesInvalid
from evals.model import Gold


def locate(case: str, quote: str, section: str, document: Document) -> Gold:
    """The only place of ``quote`` in the document, under a heading named ``section``.

    Raises CasesInvalid, naming case and quote, when the quote is not there or there more than
    once, or when no heading above it is the one named.
    """
    places = occurrences(quote, document.text)
    if len(places) != 1:
        found = "is not in" if not places else f"occurs {len(places)} times in"
        raise CasesInvalid(
            f"Case {case}: the gold quote “{quote}” {found} {document.submission.filename}. "
            f"Copy it from the text word for word, and long enough to be unique."
        )
    path = document.section_at(places[0].start).path
    if _folded(section) not in {_folded(heading) for heading in path}:
        raise CasesInvalid(
            f"Case {case}: the gold quote “{quote}” does not stand under {section!r} but under "
            f"{' › '.join(path)!r}. Name one of these headings."
        )
    return Gold(document.submission.id, places[0], path)


def occurrences(quote: str, text: str) -> list[Span]:
    """Every place where ``quote`` stands in ``text``, blanks of both aside."""
    positions = [place for place, character in enumerate(text) if not character.isspace()]
    dense = "".join(text[place] for place in positions)
    wanted = "".join(quote.split())
    spans = []
    at = dense.find(wanted) if wanted else -1
    while at >= 0:
        spans.append(Span(positions[at], positions[at + len(wanted) - 1] + 1))
        at = dense.find(wanted, at + 1)
    return spans


def _folded(heading: str) -> str:
    return " ".join(heading.split()).casefold()
