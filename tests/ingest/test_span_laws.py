"""Law 1: chunks are slices of the text, each in one section, nothing but blanks left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.embedder import HashedBagOfWords
from corpus.errors import UnreadableFile
from corpus.model import Document
from corpus.transformer import SentenceTransformerEmbedder
from ingest.pipeline import build_document
from tests.ingest.documents import texts
from tests.ingest.laws import check_sizes, check_spans

EMBEDDERS = (HashedBagOfWords(), HashedBagOfWords(max_tokens=24))
HARD = {
    "korean-header": "Submission by\n\n"
    + "한국 정보화 진흥원 국제 협력 " * 7
    + "\n\n"
    + "우리는 아동을 보호하기 위한 사업을 하였다. " * 60,
    "arabic": "Submission by\n\n"
    + "الشبكة العربية للتنمية " * 6
    + "\n\n"
    + "نحن نعمل على حماية الأطفال في العالم. " * 60,
    "chinese-without-stops": "信息社会世界峰会" * 300,
    "one-long-word": "See " + "x" * 5_000 + " and https://example.org/" + "path/" * 500,
    "digits": "In all: " + "1,234.5; " * 400,
}


def built(text: str, suffix: str, embedder: HashedBagOfWords) -> Document | None:
    """The document, or None where there is nothing to read."""
    try:
        return build_document(text.encode(), f"made{suffix}", embedder)
    except UnreadableFile as error:
        assert error.status in {"empty", "garbled"}
        return None


@given(texts(), st.sampled_from([".txt", ".md"]), st.sampled_from(EMBEDDERS))
def test_chunks_are_slices_and_cover_each_section(
    text: str, suffix: str, embedder: HashedBagOfWords
) -> None:
    """Law 1 holds on any document of the blocks that submissions are made of."""
    document = built(text, suffix, embedder)
    if document:
        assert document.chunks
        check_spans(document, embedder)


@given(texts(), st.sampled_from([".txt", ".md"]), st.sampled_from(EMBEDDERS))
def test_a_chunk_under_its_header_fits_the_model(
    text: str, suffix: str, embedder: HashedBagOfWords
) -> None:
    """Nothing that is embedded is cut, also where the model reads only 24 tokens."""
    document = built(text, suffix, embedder)
    if document:
        check_sizes(document, embedder)


@given(texts())
def test_pages_follow_each_other_and_hold_all_text(text: str) -> None:
    """With page breaks, every character stands on exactly one page, in order."""
    document = built(text, ".txt", EMBEDDERS[0])
    if document and document.pages:
        ends = [0, *(page.span.end for page in document.pages)]
        assert [page.span.start for page in document.pages] == ends[:-1]
        assert ends[-1] == len(document.text)


@given(texts(), st.sampled_from([".txt", ".md"]))
def test_the_same_file_makes_the_same_document(text: str, suffix: str) -> None:
    """Nothing but a file's content and name goes into its document."""
    assert built(text, suffix, EMBEDDERS[0]) == built(text, suffix, EMBEDDERS[0])


def test_the_seed_obeys_the_span_law(seed: Path) -> None:
    """Law 1 holds on the bundled submission, whose text is left out nowhere."""
    document = build_document(seed.read_bytes(), seed.name, EMBEDDERS[0])
    check_spans(document, EMBEDDERS[0])
    check_sizes(document, EMBEDDERS[0])
    assert len(document.sections) == 13


@pytest.mark.parametrize("name", HARD)
def test_hard_texts_fit_the_real_model(name: str, minilm: SentenceTransformerEmbedder) -> None:
    """MiniLM reads every chunk whole, in scripts that cost it many tokens."""
    document = build_document(HARD[name].encode(), "hard.txt", minilm)
    check_spans(document, minilm)
    check_sizes(document, minilm)
    mean = len(document.text) / len(document.chunks)
    assert mean > 20, "a header must not crowd the passage out"
