"""What all tests share: no network but this machine's own, and corpora to ask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

from corpus.embedder import HashedBagOfWords
from corpus.multilingual import MultilingualEmbedder
from corpus.settings import BUNDLED, PROJECT
from corpus.store import Corpus
from corpus.transformer import SentenceTransformerEmbedder
from ingest.pipeline import ingest_file
from rag.assistant import Assistant
from tests.processes import ServerProcess, serving

os.environ["HF_HUB_OFFLINE"] = "1"

# The same examples on every run; embedding and disks make single examples slow at times.
settings.register_profile(
    "suite",
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")

_LOOPBACK = ["127.0.0.1", "::1", "localhost"]
_RESOLVED = {"localhost": {"127.0.0.1", "::1"}}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Before any fixture; pytest-socket lifts it again after the test."""
    socket_allow_hosts(_LOOPBACK, allow_unix_socket=True, resolution_cache=dict(_RESOLVED))


@pytest.fixture(scope="session")
def seed() -> Path:
    """The bundled submission."""
    return BUNDLED / "ECPAT_International_CSTD27.txt"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public test data that is too large to bundle."""
    folder = Path(os.environ.get("WSIS_SHARED_DATA") or PROJECT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set WSIS_SHARED_DATA to its folder")
    return folder


@pytest.fixture(scope="session")
def fake_embedder() -> HashedBagOfWords:
    return HashedBagOfWords()


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEmbedder:
    """The packaged model; it takes seconds to load."""
    return SentenceTransformerEmbedder()


@pytest.fixture(scope="session")
def multilingual() -> MultilingualEmbedder:
    """The packaged multilingual model."""
    return MultilingualEmbedder()


@pytest.fixture
def empty_corpus(tmp_path: Path, fake_embedder: HashedBagOfWords) -> Iterator[Corpus]:
    corpus = Corpus(tmp_path / "data", fake_embedder)
    yield corpus
    corpus.close()


@pytest.fixture(scope="session")
def seeded_corpus(
    tmp_path_factory: pytest.TempPathFactory,
    minilm: SentenceTransformerEmbedder,
    multilingual: MultilingualEmbedder,
    seed: Path,
) -> Iterator[Corpus]:
    """The bundled submission under the real models; do not write to it."""
    corpus = Corpus(tmp_path_factory.mktemp("seeded"), minilm, multilingual)
    assert ingest_file(corpus, seed).status == "indexed"
    yield corpus
    corpus.close()


@pytest.fixture(scope="session")
def assistant(seeded_corpus: Corpus) -> Assistant:
    return Assistant(seeded_corpus)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A real server process over the bundled submission, one for all tests that call it."""
    with serving(tmp_path_factory.mktemp("served") / "data") as process:
        yield process
