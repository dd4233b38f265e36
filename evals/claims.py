"""Sentences with quotes of which it is known whether they support them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.embedder import Embedder, HashedBagOfWords
from corpus.model import Document, Span
from corpus.settings import BUNDLED
from evals.cases import CASES
from evals.corruptions import corruptions, is_test
from evals.errors import CasesInvalid
from evals.gold import occurrences
from evals.suites.suite import needed
from evals.suites.un_wsis import numbered
from ingest.manifest import read_manifest
from ingest.metadata import Metadata
from ingest.pipeline import build_document
from rag.support import Evidence

# Lines of a page that a claim of WiCE is held against: about as many as an answer cites.
_WICE_LINES = 6
_OPENING = 8
_NUMBER = re.compile(r"^\d+\s*[-–.]\s*")
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence and what it cites.

    ``kind`` is "faithful", or the way in which the sentence is wrong; ``origin`` what it was made
    of: a quote, a paraphrase, or nothing (written by a person).
    """

    id: str
    kind: str
    text: str
    evidence: tuple[Evidence, ...]
    supported: bool
    origin: str = "written"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entry(_Strict):
    quotes: tuple[Text, ...] = Field(min_length=1)
    faithful: tuple[Text, ...] = Field(min_length=1)
    wrong: tuple[Text, ...] | dict[str, tuple[Text, ...]] = ()


class _File(_Strict):
    split: Literal["dev", "test"]
    document: Text
    cases: tuple[_Entry, ...] = Field(min_length=1)


def bundled(split: str, words: str = "") -> tuple[Claim, ...]:
    """Paraphrases of the bundled submission and what is made of them and their quotes.

    ``words`` names the pool that wrong sentences are made with, if it is not the split's.
    """
    path = CASES / "support" / f"paraphrases-{split}.yaml"
    file = _read(path)
    document = _document(BUNDLED / file.document)
    return tuple(
        claim
        for number, entry in enumerate(file.cases)
        for claim in _of_entry(f"{split}-{number}", entry, document, words or split)
    )


def written(name: str, split: str) -> tuple[Claim, ...]:
    """Freer paraphrases, and wrong sentences by the way in which they are wrong.

    Of the set ``free`` those of dev are by who made the check; all others, and both halves of
    ``fresh``, by people who had not seen it.
    """
    file = _read(CASES / "support" / f"{name}-{split}.yaml")
    document = _document(BUNDLED / file.document)
    return tuple(
        claim
        for number, entry in enumerate(file.cases)
        for claim in _as_written(f"{name}-{number}", entry, document)
    )


def resolutions(data: Path, split: str) -> tuple[Claim, ...]:
    """Numbered paragraphs of six UN resolutions, each made wrong in every way that it can be.

    They repeat each other from year to year: paragraphs with the same opening are one case.
    """
    folder = needed(data / "un-resolutions" / "wsis" / "en")
    documents = [_document(path) for path in sorted(folder.glob("*.txt"))]
    once: dict[str, tuple[Claim, ...]] = {}
    for document in documents:
        for number, span in numbered(document.text).items():
            quote = _NUMBER.sub("", span.of(document.text)).strip()
            opening = " ".join(quote.split()[:_OPENING])
            if opening not in once and is_test(opening) == (split == "test"):
                once[opening] = _of_paragraph(document, number, span, split)
    return tuple(claim for claims in once.values() for claim in claims)


def wice(data: Path, half: str, embedder: Embedder) -> tuple[Claim, ...]:
    """Claims of one half by their hash, each with the lines of its page that are nearest to it.

    The same lines for every system, so that only the checks differ.
    """
    path = needed(data / "wice" / "claims_dev.jsonl")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return tuple(
        Claim(
            f"wice-{number}",
            row["label"],
            row["claim"],
            _nearest(row, embedder),
            row["label"] == "supported",
        )
        for number, row in enumerate(rows)
        if is_test(row["claim"]) == (half == "test")
    )


def _of_entry(name: str, entry: _Entry, document: Document, words: str) -> Iterator[Claim]:
    yield from _as_written(name, entry, document)
    evidence = _quoted(entry, document)
    for number, text in enumerate(entry.faithful):
        yield from _corrupted(f"{name}-{number}", text, evidence, words, "paraphrase")
    for number, one in enumerate(evidence):
        yield from _corrupted(f"{name}-quote-{number}", one.quote, (one,), words, "quote")


def _as_written(name: str, entry: _Entry, document: Document) -> Iterator[Claim]:
    evidence = _quoted(entry, document)
    for number, text in enumerate(entry.faithful):
        yield Claim(f"{name}-faithful-{number}", "faithful", text, evidence, True)
    wrong = entry.wrong if isinstance(entry.wrong, dict) else {"written": entry.wrong}
    for kind, texts in wrong.items():
        for number, text in enumerate(texts):
            told = "wrong" if kind == "written" else kind
            yield Claim(f"{name}-{told}-{number}", kind, text, evidence, False)


def _quoted(entry: _Entry, document: Document) -> tuple[Evidence, ...]:
    return tuple(_evidence(document, _located(quote, document)) for quote in entry.quotes)


def _corrupted(
    name: str, text: str, evidence: tuple[Evidence, ...], words: str, origin: str
) -> Iterator[Claim]:
    for kind, wrong in corruptions(text, words):
        if kind == "attribution" and text.startswith("According to"):
            continue
        yield Claim(f"{name}-{kind}", kind, wrong, evidence, False, origin)


def _of_paragraph(document: Document, number: int, span: Span, split: str) -> tuple[Claim, ...]:
    text = span.of(document.text)
    start = span.start + len(text) - len(_NUMBER.sub("", text))
    evidence = _evidence(document, Span(start, span.end))
    name = f"{document.submission.filename}-{number}"
    return tuple(_corrupted(name, evidence.quote, (evidence,), split, "quote"))


def _evidence(document: Document, span: Span) -> Evidence:
    return Evidence(
        span.of(document.text),
        document.submission.entity,
        document.section_at(span.start).path,
        document.submission.language,
    )


def _located(quote: str, document: Document) -> Span:
    places = occurrences(quote, document.text)
    if not places:
        raise CasesInvalid(f"The quote “{quote}” is not in {document.submission.filename}.")
    return places[0]


def _document(path: Path) -> Document:
    known = read_manifest(path.parent).get(path.name, Metadata())
    return build_document(path.read_bytes(), path.name, HashedBagOfWords(), known)


def _nearest(row: dict[str, Any], embedder: Embedder) -> tuple[Evidence, ...]:
    lines = [" ".join(line.split()) for line in row["evidence"] if line.strip()]
    near = embedder.embed_documents(lines) @ embedder.embed_query(row["claim"])
    chosen = sorted(np.argsort(-near, kind="stable")[:_WICE_LINES])
    return tuple(Evidence(lines[at], "") for at in chosen)


def _read(path: Path) -> _File:
    try:
        return _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError, OSError) as error:
        raise CasesInvalid(f"The paraphrases in {path} cannot be used: {error}") from error
