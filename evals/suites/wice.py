"""WiCE: claims of Wikipedia with the sentences of the cited page that support them (Kamoi 2023).

The evidence of each claim is one document, a line a sentence; the supporting sentences are to
be ranked first. Only claims that anything supports are asked.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.model import Chunk, Document, Filters, Span
from corpus.store import Corpus
from evals.collection import Collection, Text, document_id, from_texts, plain
from evals.model import Case, Gold
from evals.score import Measures
from evals.suites.suite import Suite, needed
from rag.assistant import LARGEST_TOP_K, LONGEST_QUESTION
from rag.model import Query

# Evidence lines are passages of their own, so that no ranking cuts a page short.
_LINES_A_CHUNK = 4


def wice(data: Path) -> Suite:
    """Each supported claim against its own page."""
    path = needed(data / "wice" / "claims_dev.jsonl")
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    rows = {f"wice-{n}": row for n, row in enumerate(read) if _supporting(row)}
    texts = {name: Text(name, "\n".join(_lines(row))) for name, row in rows.items()}
    base = from_texts("wice", texts.values())
    collection = Collection(
        "wice",
        f"{base.key}-{_LINES_A_CHUNK}",
        lambda embedder: (_in_chunks(plain(one)) for one in texts.values()),  # noqa: ARG005
    )

    def cases(corpus: Corpus) -> tuple[Case, ...]:  # noqa: ARG001 - spans are in the data set
        return tuple(_case(name, row) for name, row in rows.items())

    return Suite(
        "wice",
        collection,
        cases,
        Measures(sentences=True, sentence_depth=LARGEST_TOP_K),
        notes={"source": "WiCE dev, ODC-BY", "claims": len(read), "supported": len(rows)},
    )


def _case(name: str, row: dict[str, Any]) -> Case:
    document = document_id(name)
    spans = _spans(_lines(row))
    gold = tuple(Gold(document, spans[line]) for line in _supporting(row))
    query = Query(row["claim"][:LONGEST_QUESTION], filters=Filters(submission=(document,)))
    return Case(name, row["label"], query, gold=gold)


def _supporting(row: dict[str, Any]) -> list[int]:
    """Lines that any annotator's set of supporting sentences has, blank ones aside."""
    chosen = {line for group in row["supporting_sentences"] for line in group}
    return sorted(line for line in chosen if row["evidence"][line].strip())


def _lines(row: dict[str, Any]) -> list[str]:
    return [" ".join(line.split()) for line in row["evidence"]]


def _spans(lines: list[str]) -> list[Span]:
    spans, start = [], 0
    for line in lines:
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    return spans


def _in_chunks(document: Document) -> Document:
    """The page in runs of lines, since one chunk would be ranked by its first lines alone."""
    lines = [span for span in _spans(document.text.split("\n")) if len(span)]
    chunks: list[Chunk] = []
    for start in range(0, len(lines), _LINES_A_CHUNK):
        run = lines[start : start + _LINES_A_CHUNK]
        span = Span(run[0].start, run[-1].end)
        identity = f"{document.submission.id}-{len(chunks)}"
        chunks.append(
            Chunk(identity, document.submission.id, len(chunks), 0, span, span.of(document.text))
        )
    return replace(document, chunks=tuple(chunks))
