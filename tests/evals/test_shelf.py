from __future__ import annotations

from pathlib import Path

import numpy as np

from corpus.embedder import HashedBagOfWords, Matrix
from corpus.kept import KeepingEmbedder, KeptVectors
from corpus.model import Scope
from evals.collection import Text, document_id, from_files, from_texts
from evals.shelf import Shelf


class Counting(HashedBagOfWords):
    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> Matrix:  # type: ignore[override]
        self.embedded += texts
        return super().embed_documents(texts)


def test_vectors_are_remembered_to_the_bit_and_across_processes(tmp_path: Path) -> None:
    inner = Counting()
    first = KeptVectors(tmp_path / "v.sqlite")
    made = KeepingEmbedder(inner, first).embed_documents(["a b", "c d", "a b"])
    first.close()
    second = KeptVectors(tmp_path / "v.sqlite")
    again = KeepingEmbedder(inner, second).embed_documents(["c d", "a b"])
    second.close()
    assert np.array_equal(again, made[[1, 0]])
    assert inner.embedded == ["a b", "c d"]


def test_passages_are_indexed_plainly_and_only_once(tmp_path: Path) -> None:
    inner = Counting()
    shelf = Shelf(tmp_path, lambda: inner)
    collection = from_texts("two", [Text("1", "red apples"), Text("2", "green pears")])
    for _ in range(2):
        with shelf.corpus(collection) as corpus:
            assert len(corpus.submissions()) == 2
            hits = corpus.lexical("pears", 5, Scope())
            assert [hit.chunk_id for hit in hits] == [document_id("2")]
    assert inner.embedded == ["\nred apples".strip(), "green pears"]


def test_a_change_of_content_is_another_corpus(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("One thing.", encoding="utf-8")
    before = from_files("x", [path]).key
    assert from_files("x", [path]).key == before
    path.write_text("Another thing.", encoding="utf-8")
    assert from_files("x", [path]).key != before


def test_a_corpus_of_words_loads_no_model(tmp_path: Path) -> None:
    def never() -> HashedBagOfWords:
        raise AssertionError("the model was loaded")

    with Shelf(tmp_path, never).corpus(
        from_texts("t", [Text("1", "red")]), words_only=True
    ) as corpus:
        assert corpus.lexical("red", 5, Scope())


def test_a_corpus_whose_making_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, HashedBagOfWords)
    collection = from_texts("t", [Text("1", "red")])
    with shelf.corpus(collection):
        pass
    next(tmp_path.glob("t-model-*/complete")).unlink()
    with shelf.corpus(collection) as corpus:
        assert len(corpus.submissions()) == 1


def test_corpora_of_older_content_are_dropped(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, HashedBagOfWords)
    for text in ("red", "green"):
        with shelf.corpus(from_texts("t", [Text("1", text)])):
            pass
    assert len([path for path in tmp_path.glob("t-model-*") if path.is_dir()]) == 1
