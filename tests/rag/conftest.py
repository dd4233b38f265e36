from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.embedder import HashedBagOfWords
from corpus.store import Corpus
from ingest.pipeline import ingest_file
from rag.assistant import Assistant
from tests.rag.library import write_library


@pytest.fixture(scope="session")
def by_words(
    tmp_path_factory: pytest.TempPathFactory, fake_embedder: HashedBagOfWords, seed: Path
) -> Iterator[Assistant]:
    """An assistant over the seed alone; the fake embedder."""
    corpus = Corpus(tmp_path_factory.mktemp("words"), fake_embedder)
    assert ingest_file(corpus, seed).status == "indexed"
    yield Assistant(corpus)
    corpus.close()


@pytest.fixture(scope="session")
def library(
    tmp_path_factory: pytest.TempPathFactory, fake_embedder: HashedBagOfWords, seed: Path
) -> Iterator[Assistant]:
    """An assistant over the seed and texts that are hard to quote; the fake embedder."""
    folder = tmp_path_factory.mktemp("library")
    corpus = Corpus(tmp_path_factory.mktemp("data"), fake_embedder)
    for path in (seed, *write_library(folder)):
        assert ingest_file(corpus, path).status == "indexed"
    yield Assistant(corpus)
    corpus.close()
