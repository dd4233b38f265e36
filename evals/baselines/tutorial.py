"""The recipe of most tutorials: cut every 1,000 characters, embed, show the four nearest.

LangChain's recursive character splitter (1,000 characters, 200 of them shared with the piece
before), the same MiniLM, Chroma, the top four pieces; it never declines.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from langchain_text_splitters import RecursiveCharacterTextSplitter

from corpus.embedder import Embedder
from corpus.model import Document, Entry, Filters, Hit, Scope, Span
from corpus.vectors import VectorIndex
from evals.model import Outcome
from rag.model import AnswerSentence, Citation, Query, Status, Verdict
from rag.write import cite

SIZE, OVERLAP, SHOWN = 1_000, 200, 4
# Above the Basic Multilingual Plane no character is a blank or a separator of the splitter.
_FIRST, _CODES = 0x10000, 1_000_000


class Tutorial:
    """Top four pieces as the answer; ``confidence`` is the cosine similarity of the best.

    ``indexer`` embeds the pieces: the same model, but it may remember vectors, which would
    flatter the time of a question.
    """

    name = "tutorial"
    config = f"recursive-{SIZE}-{OVERLAP}-top{SHOWN}"

    def __init__(
        self,
        documents: Sequence[Document],
        embedder: Embedder,
        folder: Path,
        indexer: Embedder | None = None,
    ) -> None:
        self._embedder = embedder
        self._pieces = dict(_pieces(documents))
        self._index = VectorIndex(indexer or embedder, folder)
        self._index.add([_entry(key, d, span) for key, (d, span) in self._pieces.items()])

    def close(self) -> None:
        self._index.close()

    def ask(self, query: Query) -> Outcome:
        shown = self._search(query.question, SHOWN, query.filters)
        sentences = tuple(
            AnswerSentence(f"“{one.quote}”", (one.number,), Verdict.QUOTED) for one in shown
        )
        answer = " ".join(f"{one.text} [{one.citations[0]}]" for one in sentences)
        return Outcome(Status.ANSWERED, shown[0].score, answer, sentences, shown)

    def retrieve(self, query: Query) -> tuple[Citation, ...]:
        return self._search(query.question, query.top_k, query.filters)

    def rank_sentences(self, query: Query) -> tuple[Citation, ...]:  # noqa: ARG002
        return ()

    def _search(self, question: str, limit: int, filters: Filters) -> tuple[Citation, ...]:
        hits = self._hits(question, limit, filters)
        return tuple(
            cite(*self._pieces[hit.chunk_id], hit.score, number)
            for number, hit in enumerate(hits, start=1)
        )

    def _hits(self, question: str, limit: int, filters: Filters) -> list[Hit]:
        scope = Scope(filters.submission or None)
        return self._index.search(self._embedder.embed_query(question), limit, scope)


def pieces(text: str, size: int = SIZE, overlap: int = OVERLAP) -> list[Span]:
    """The splitter's pieces as exact spans of ``text``, also where it repeats itself.

    The splitter looks at lengths and blanks only. So it is given a text of the same shape in
    which each character that is no blank says its own position, and its pieces are read off.
    """
    shape = "".join(
        character if character.isspace() else chr(_FIRST + place % _CODES)
        for place, character in enumerate(text)
    )
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap)
    spans: list[Span] = []
    for piece in splitter.split_text(shape):
        earlier = spans[-1].start if spans else 0
        start = earlier + (ord(piece[0]) - _FIRST - earlier) % _CODES
        spans.append(Span(start, start + len(piece)))
    return spans


def _pieces(documents: Sequence[Document]) -> Iterator[tuple[str, tuple[Document, Span]]]:
    for document in documents:
        for span in pieces(document.text):
            key = f"{document.submission.id}-{span.start}-{span.end}"
            yield hashlib.sha256(key.encode()).hexdigest()[:32], (document, span)


def _entry(key: str, document: Document, span: Span) -> Entry:
    submission = document.submission
    return Entry(key, submission.id, "", submission.language, span.of(document.text))


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for the index, gone with the run."""
    return tempfile.TemporaryDirectory(prefix="wsis-tutorial-")
