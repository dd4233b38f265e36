"""Law 1, as one check that any document must pass."""

from __future__ import annotations

from itertools import pairwise

from corpus.embedder import Embedder
from corpus.model import Document, Span
from corpus.stores import fitted_header


def check_spans(document: Document, embedder: Embedder) -> None:
    """Chunks are slices; each lies in one section; nothing but blanks is left out anywhere."""
    text = document.text
    assert all(chunk.text == chunk.span.of(text) for chunk in document.chunks)
    assert all(chunk.text == chunk.text.strip() for chunk in document.chunks)
    assert [chunk.ordinal for chunk in document.chunks] == list(range(len(document.chunks)))
    assert len({chunk.id for chunk in document.chunks}) == len(document.chunks)
    _covers(text, Span(0, len(text)), [section.span for section in document.sections])
    for section in document.sections:
        own = [chunk.span for chunk in document.chunks if chunk.section == section.ordinal]
        assert all(section.span.contains(span) for span in own)
        _covers(text, section.span, own)


def check_sizes(document: Document, embedder: Embedder) -> None:
    """A chunk under its header is never longer than what the model reads."""
    for chunk in document.chunks:
        header = fitted_header(document.submission, document.sections[chunk.section], embedder)
        assert embedder.count_tokens(f"{header}\n{chunk.text}") <= embedder.max_tokens


def _covers(text: str, whole: Span, parts: list[Span]) -> None:
    """The parts strictly increase, do not overlap, and leave out only blanks of the whole."""
    assert all(len(part) for part in parts)
    assert all(before.end <= after.start for before, after in pairwise(parts))
    ends = [whole.start, *(part.end for part in parts)]
    starts = [*(part.start for part in parts), whole.end]
    assert not any(text[end:start].strip() for end, start in zip(ends, starts, strict=True))
