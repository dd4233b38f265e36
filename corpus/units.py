"""What is matched one by one: each passage, and each of its sentences under its heading.

A sentence is a sharper unit than the passage it stands in, and the passage says what the
sentence is about; a question is held against both.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Chunk, Document, Entry, entries
from corpus.sentences import quotable_sentences

_SEPARATOR = "."


def units(document: Document, header_of: Sequence[str]) -> list[Entry]:
    """Passages with their contextual header, and sentences with the heading they stand under."""
    passages = entries(document, header_of)
    chunks = zip(document.chunks, passages, strict=True)
    return [one for chunk, entry in chunks for one in (entry, *_sentences(document, chunk, entry))]


def sentence_ids(document: Document, chunk: Chunk) -> list[str]:
    """Ids of the units of a chunk's quotable sentences, in order."""
    count = len(quotable_sentences(document, chunk))
    return [f"{chunk.id}{_SEPARATOR}{number}" for number in range(count)]


def chunk_of(unit_id: str) -> str:
    """The chunk that a unit is, or is a sentence of."""
    return unit_id.partition(_SEPARATOR)[0]


def is_sentence(unit_id: str) -> bool:
    """Whether a unit is a sentence rather than a whole chunk."""
    return _SEPARATOR in unit_id


def _sentences(document: Document, chunk: Chunk, entry: Entry) -> list[Entry]:
    path = document.sections[chunk.section].path
    heading = f"{path[-1]}: " if path else ""
    spans = quotable_sentences(document, chunk)
    ids = sentence_ids(document, chunk)
    return [
        Entry(
            identity,
            entry.submission_id,
            entry.part,
            entry.language,
            f"{heading}{span.of(document.text)}",
        )
        for identity, span in zip(ids, spans, strict=True)
    ]
