"""Changes in all stores at once: crashes at each step, readers beside, vectors kept by content."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.catalogue import Catalogue
from corpus.changes import Addition, Changes
from corpus.embedder import HashedBagOfWords
from corpus.gate import Gate
from corpus.lexical import LexicalIndex
from corpus.model import Document, Scope
from corpus.store import Corpus
from corpus.stores import Stores
from corpus.vectors import VectorIndex
from corpus.writer import Writer
from ingest.pipeline import build_document
from ingest.split import split

TEXT = "Submission by\n\nThe {name} Body\n\nWe wired the schools of {name} in 2023.\n"


class Died(BaseException):
    """The process ends here."""


class Counting(HashedBagOfWords):
    """Counts the texts that it embeds."""

    count = 0

    def embed_documents(self, texts):  # type: ignore[no-untyped-def]
        self.count += len(texts)
        return super().embed_documents(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def corpus(folder: Path) -> Iterator[Corpus]:
    opened = Corpus(folder, Counting(256))
    yield opened
    opened.close()


def addition(corpus: Corpus, name: str, source: str = "a") -> Addition:
    original = corpus._folder.parent / f"{name}.txt"
    original.write_text(TEXT.format(name=name), encoding="utf-8")
    document = build_document(original.read_bytes(), original.name, corpus.embedder)
    return Addition(document, original, source)


def names(corpus: Corpus) -> list[str]:
    return [submission.filename.removesuffix(".txt") for submission in corpus.submissions()]


STEPS = [
    (Stores, "embed", False),
    (Catalogue, "insert", False),
    (VectorIndex, "add", False),
    (LexicalIndex, "change", False),
    (Catalogue, "set_sources", False),
    (VectorIndex, "remove_submission", True),
    (Catalogue, "delete", True),
]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("where", "step", "switched"), STEPS)
def test_a_crash_shows_old_or_new_and_the_next_opening_mends(
    corpus: Corpus,
    monkeypatch: pytest.MonkeyPatch,
    where: type,
    step: str,
    switched: bool,
    after: bool,
) -> None:
    """Before or after any step: one version is visible, the stores agree, the next run works."""
    corpus.publish(Changes((addition(corpus, "Old"),)))
    kind = getattr(where, step)

    def dies(*arguments, **more):  # type: ignore[no-untyped-def]
        if after:
            kind(*arguments, **more)
        raise Died

    new = addition(corpus, "New")
    with monkeypatch.context() as patched:
        patched.setattr(where, step, dies)
        patched.setattr(Writer, "settle", lambda self: None)  # a dead process mends nothing
        with pytest.raises(Died):
            corpus.publish(Changes((new,)))
    corpus.close()
    again = Corpus(corpus._folder, HashedBagOfWords(256))
    assert names(again) == (["New"] if switched else ["Old"])
    assert again.inspect().healthy
    again.publish(Changes((new,)))
    assert names(again) == ["New"]
    assert again.inspect().healthy
    assert len(again.matching("wired", Scope())) == 1
    again.close()


def test_a_crash_between_lexical_index_and_catalogue_is_mended(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lexical index shows the new and the catalogue does not: the old is there again."""
    corpus.publish(Changes((addition(corpus, "Old"),)))
    shown = LexicalIndex.change

    from contextlib import contextmanager

    @contextmanager
    def dies(self, entries, *, others):  # type: ignore[no-untyped-def]
        def show() -> None:
            really()
            raise Died

        with shown(self, entries, others=others) as really:
            yield show

    with monkeypatch.context() as patched:
        patched.setattr(LexicalIndex, "change", dies)
        patched.setattr(Writer, "settle", lambda self: None)
        with pytest.raises(Died):
            corpus.publish(Changes((addition(corpus, "New"),)))
    corpus.close()
    again = Corpus(corpus._folder, HashedBagOfWords(256))
    assert names(again) == ["Old"]
    assert again.inspect().healthy
    assert len(again.matching("old", Scope())) == 1
    again.close()


def test_several_files_become_visible_together(corpus: Corpus) -> None:
    """One publication, one new snapshot; the vectors are in no index before."""
    both = Changes((addition(corpus, "North", "a"), addition(corpus, "South", "b")))
    before = corpus.snapshot
    for one in both.additions:
        corpus.embed(one.document)
    assert corpus.snapshot == before
    assert corpus.publish(both) == []
    assert names(corpus) == ["North", "South"]


def test_what_is_being_added_takes_no_place_among_the_nearest(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While vectors go in, a reader who asks for one passage gets one that is visible."""
    corpus.publish(Changes((addition(corpus, "Old"),)))
    asked = corpus.embedder.embed_query("wired schools New 2023")
    seen: list[int] = []
    adds = VectorIndex.add

    def looks(self, entries):  # type: ignore[no-untyped-def]
        adds(self, entries)
        hits = corpus.dense(asked, 1, Scope()) + corpus.near_units(asked, 1, Scope())
        seen.append(len(corpus.passages([hit.chunk_id.split(".")[0] for hit in hits])))

    monkeypatch.setattr(VectorIndex, "add", looks)
    corpus.publish(Changes((addition(corpus, "New", "b"),)))
    assert seen == [1, 1]


def test_a_reader_never_sees_both_or_neither(corpus: Corpus) -> None:
    """Threads that read while a file is replaced again and again find it once, each time."""
    corpus.publish(Changes((addition(corpus, "V0"),)))
    found: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            with corpus.reading():
                vector = corpus.embedder.embed_query("wired schools")
                by_words = corpus.passages(corpus.matching("wired schools", Scope()))
                near = [hit.chunk_id for hit in corpus.dense(vector, 9, Scope())]
                found.extend((len(by_words), len(corpus.passages(near))))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for version in range(1, 9):
        corpus.publish(Changes((addition(corpus, f"V{version}"),)))
    done.set()
    for reader in readers:
        reader.join()
    assert len(found) > 8
    assert set(found) == {1}
    assert corpus.inspect().healthy


def test_nothing_is_embedded_twice(corpus: Corpus) -> None:
    """Not in a rebuild, and not of a new version what it shares with the old."""
    embedder = corpus.embedder
    assert isinstance(embedder, Counting)
    corpus.publish(Changes((addition(corpus, "Old"),)))
    made = embedder.count
    assert made > 0
    corpus.rebuild(lambda document: split(document, embedder), lambda _: None)
    assert embedder.count == made
    assert corpus.inspect().healthy


def test_a_removed_submission_is_in_no_file_of_the_folder(corpus: Corpus) -> None:
    """Neither its vectors kept by content, nor its row, nor its original."""
    kept = addition(corpus, "Kept", "a")
    corpus.publish(Changes((kept, addition(corpus, "Secret", "b"))))
    (gone,) = [one for one in corpus.submissions() if one.filename == "Secret.txt"]
    corpus.remove(gone.id)
    corpus.close()
    fresh = Corpus(corpus._folder.parent / "fresh", HashedBagOfWords(256))
    fresh.publish(Changes((kept,)))
    fresh.close()
    assert _vectors(corpus._folder) == _vectors(fresh._folder)
    assert not list(corpus._folder.glob(f"files/{gone.id}*"))


def _vectors(folder: Path) -> set[bytes]:
    with sqlite3.connect(folder / "vectors.sqlite") as db:
        return {row[0] for row in db.execute("SELECT key FROM vectors")}


def test_a_writer_waits_for_readers_and_goes_before_later_ones() -> None:
    """Reading is shared and may be nested; a change is alone."""
    gate, order = Gate(), []
    inside = threading.Event()

    def write() -> None:
        with gate.changing():
            order.append("changed")

    def read() -> None:
        with gate.reading():
            order.append("read later")

    with gate.reading(), gate.reading():
        writer = threading.Thread(target=write)
        writer.start()
        while not gate._waiting:
            inside.wait(0.001)
        later = threading.Thread(target=read)
        later.start()
        later.join(0.05)
        order.append("read first")
    writer.join()
    later.join()
    assert order == ["read first", "changed", "read later"]


def test_an_earlier_catalogue_gets_its_sources(folder: Path) -> None:
    """A catalogue of the second schema opens, and each path still has its submission."""
    folder.mkdir()
    from corpus import catalogue

    with sqlite3.connect(folder / "catalogue.sqlite") as db:
        for script in catalogue._MIGRATIONS[:2]:
            db.executescript(script)
        db.execute("PRAGMA user_version = 2")
        row = ("x", "T", "E", None, None, None, "en", "a.txt", "0", "/in/a.txt", "indexed", "text")
        db.execute(f"INSERT INTO submissions VALUES ({', '.join('?' * 12)})", row)
    opened = Catalogue(folder / "catalogue.sqlite")
    assert opened.sources() == {"/in/a.txt": "x"}
    document = opened.document("x")
    assert isinstance(document, Document)
    assert document.text == "text"
    opened.close()
