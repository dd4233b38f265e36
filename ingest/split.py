"""Sections to chunks: whole blocks where they fit, whole sentences where they do not.

A chunk's place is carried from the start, never found again by searching for its text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence

from corpus.embedder import Embedder
from corpus.model import Chunk, Document, Section, Span, Submission
from corpus.sentences import sentence_spans, trim
from corpus.stores import fitted_header

# Short passages match better: paragraphs are cut at sentence ends near this many tokens.
_TARGET_TOKENS = 128
# A block shorter than this (a heading, a table cell) is read with the one that follows.
_FEW_TOKENS = 16

Counter = Callable[[str], int]


def split(document: Document, embedder: Embedder) -> tuple[Chunk, ...]:
    """Chunks of a document whose sections are known; its own ``chunks`` are not looked at.

    Each lies in one section; those of a section increase and leave out only blanks; with its
    contextual header none is longer than ``embedder.max_tokens``.
    """
    chunks: list[Chunk] = []
    for section in document.sections:
        header = fitted_header(document.submission, section, embedder)
        limit = min(_TARGET_TOKENS, embedder.max_tokens - embedder.count_tokens(header))
        spans = _split_section(document.text, section, max(limit, 1), embedder.count_tokens)
        for span in spans:
            chunks.append(_chunk(document.submission, section, span, document.text, len(chunks)))
    return tuple(chunks)


def _split_section(text: str, section: Section, limit: int, count: Counter) -> Iterator[Span]:
    """Blocks, the short ones put together with what follows, the long ones cut."""
    waiting: Span | None = None
    for block in _blocks(text, section.span):
        grown = Span(waiting.start, block.end) if waiting else block
        size = count(grown.of(text))
        is_heading = section.heading is not None and section.heading.contains(grown)
        if size <= limit and (size < _FEW_TOKENS or is_heading):
            waiting = grown
            continue
        waiting = None
        yield from _cut(text, grown, limit, count)
    if waiting:
        yield waiting


def _blocks(text: str, within: Span) -> Iterator[Span]:
    for line in re.compile(r"[^\n]+").finditer(text, within.start, within.end):
        span = trim(text, Span(line.start(), line.end()))
        if len(span):
            yield span


def _cut(text: str, block: Span, limit: int, count: Counter) -> Iterator[Span]:
    """The block, or runs of its sentences of at most ``limit`` tokens."""
    if count(block.of(text)) <= limit:
        yield block
        return
    sentences = [
        piece
        for sentence in sentence_spans(text, block)
        for piece in _cut_words(text, sentence, limit, count)
    ]
    yield from _packed(text, sentences, limit, count)


def _packed(text: str, pieces: Sequence[Span], limit: int, count: Counter) -> Iterator[Span]:
    run: Span | None = None
    for piece in pieces:
        grown = Span(run.start, piece.end) if run else piece
        if run and count(grown.of(text)) > limit:
            yield run
            grown = piece
        run = grown
    if run:
        yield run


def _cut_words(text: str, sentence: Span, limit: int, count: Counter) -> Iterator[Span]:
    """A sentence too long for the model, halved until each piece fits."""
    if count(sentence.of(text)) <= limit or len(sentence) < 2:
        yield sentence
        return
    middle = (sentence.start + sentence.end) // 2
    blank = text.find(" ", middle, sentence.end - 1)
    at = blank if blank > 0 else middle
    for half in (Span(sentence.start, at), Span(at, sentence.end)):
        trimmed = trim(text, half)
        if len(trimmed):
            yield from _cut_words(text, trimmed, limit, count)


def _chunk(submission: Submission, section: Section, span: Span, text: str, ordinal: int) -> Chunk:
    passage = span.of(text)
    key = f"{submission.id}\0{span.start}\0{span.end}\0{passage}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return Chunk(digest, submission.id, ordinal, section.ordinal, span, passage)
