"""What every index must do; real ones and exact ones run through the same tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.embedder import HashedBagOfWords
from corpus.lexical import LexicalIndex
from corpus.model import Entry, Hit, Scope
from corpus.vectors import BATCH, VectorIndex
from tests.corpus.exact import ExactVectors, ExactWords

EMBEDDER = HashedBagOfWords(256)
EVERYTHING = Scope()


def entry(chunk_id: str, text: str, submission: str = "s1", part: str = "") -> Entry:
    return Entry(chunk_id, submission, part, "en", text)


ENTRIES = [
    entry("a", "apple bread", "s1", "executive_summary"),
    entry("b", "apple bread cider", "s1", "future_actions"),
    entry("c", "cider", "s2", "executive_summary"),
    entry("d", "dates", "s2"),
]


class Subject:
    """An index under test, asked in words whatever it takes."""

    def __init__(self, index: VectorIndex | LexicalIndex | ExactVectors | ExactWords) -> None:
        self.index = index
        self.add, self.remove = index.add, index.remove
        self.ids, self.clear = index.ids, index.clear

    def search(self, text: str, scope: Scope = EVERYTHING, limit: int = 50) -> list[Hit]:
        """The hits that share a word with the text."""
        if isinstance(self.index, VectorIndex | ExactVectors):
            hits = self.index.search(EMBEDDER.embed_query(text), limit, scope)
            return [hit for hit in hits if hit.score > 1e-6]
        return self.index.search(text, limit, scope)

    def found(self, text: str, scope: Scope = EVERYTHING) -> list[str]:
        return [hit.chunk_id for hit in self.search(text, scope)]


@pytest.fixture(params=["chroma", "exact vectors", "tantivy", "exact words"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    made = {
        "chroma": lambda: VectorIndex(EMBEDDER, tmp_path),
        "exact vectors": lambda: ExactVectors(EMBEDDER),
        "tantivy": lambda: LexicalIndex(tmp_path),
        "exact words": ExactWords,
    }[request.param]()
    yield Subject(made)
    if isinstance(made, VectorIndex):
        made.close()


def test_what_was_added_is_found_best_first(subject: Subject) -> None:
    """Passages that share a word are found, the one that is all of the question first."""
    subject.add(ENTRIES)
    hits = subject.search("apple bread")
    assert [hit.chunk_id for hit in hits] == ["a", "b"]
    assert hits[0].score > hits[1].score > 0


def test_an_empty_index_finds_nothing(subject: Subject) -> None:
    """Before anything was added there are no hits and no ids."""
    assert subject.search("apple") == []
    assert subject.ids() == set()


def test_the_header_is_searched_too(subject: Subject) -> None:
    """Where a passage stands counts as well as what it says."""
    subject.add([Entry("h", "s1", "", "en", "apple", header="Peru › Schools")])
    assert subject.found("schools") == ["h"]


def test_the_same_id_again_replaces(subject: Subject) -> None:
    """An entry added twice is there once, with its later text."""
    subject.add(ENTRIES)
    subject.add([entry("a", "figs")])
    assert subject.ids() == {"a", "b", "c", "d"}
    assert subject.found("figs") == ["a"]
    assert subject.found("apple") == ["b"]


def test_what_was_removed_is_gone(subject: Subject) -> None:
    """Removed ids are found no more; unknown ones are passed over; none is no error."""
    subject.add(ENTRIES)
    subject.remove(["a", "unknown"])
    subject.remove([])
    assert subject.ids() == {"b", "c", "d"}
    assert subject.found("apple bread") == ["b"]


def test_clear_leaves_an_index_that_works(subject: Subject) -> None:
    """Nothing is left, and adding goes on."""
    subject.add(ENTRIES)
    subject.clear()
    assert subject.ids() == set()
    subject.add(ENTRIES[:1])
    assert subject.found("apple") == ["a"]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), ["c", "b"]),
        (Scope(submissions=("s1",)), ["b"]),
        (Scope(submissions=("s1", "s2")), ["c", "b"]),
        (Scope(submissions=()), []),
        (Scope(submissions=("unknown",)), []),
        (Scope(parts=("executive_summary",)), ["c"]),
        (Scope(parts=("executive_summary", "future_actions")), ["c", "b"]),
        (Scope(submissions=("s1",), parts=("executive_summary",)), []),
    ],
)
def test_a_scope_limits_what_is_found(subject: Subject, scope: Scope, expected: list[str]) -> None:
    """Submissions and parts limit a search, together when both are given."""
    subject.add(ENTRIES)
    assert subject.found("cider", scope) == expected


def test_no_more_than_the_limit(subject: Subject) -> None:
    """A limit of one gives the best one."""
    subject.add(ENTRIES)
    assert [hit.chunk_id for hit in subject.search("apple bread", limit=1)] == ["a"]


def test_more_than_a_batch(subject: Subject) -> None:
    """Adding and removing go on past the size of one batch."""
    many = [entry(f"n{number}", f"word{number}") for number in range(BATCH + 3)]
    subject.add(many)
    assert len(subject.ids()) == BATCH + 3
    subject.remove([one.chunk_id for one in many[1:]])
    assert subject.ids() == {"n0"}


@pytest.mark.parametrize("kind", ["chroma", "tantivy"])
def test_an_index_is_there_after_reopening(kind: str, tmp_path: Path) -> None:
    """What was added is found by the next process that opens the folder."""
    if kind == "chroma":
        first = VectorIndex(EMBEDDER, tmp_path)
        first.add(ENTRIES)
        first.close()
        second = VectorIndex(EMBEDDER, tmp_path)
        assert Subject(second).found("dates") == ["d"]
        second.close()
    else:
        LexicalIndex(tmp_path).add(ENTRIES)
        assert Subject(LexicalIndex(tmp_path)).found("dates") == ["d"]


_IDS = st.sampled_from("abcdef")
_WORDS = st.lists(
    st.sampled_from("apple bread cider dates eggs figs".split()),
    min_size=1,
    max_size=4,
    unique=True,
).map(" ".join)
_ADD = st.builds(entry, _IDS, _WORDS, st.sampled_from(["s1", "s2"]), st.sampled_from(["", "p"]))
_STEPS = st.lists(
    st.lists(_ADD, min_size=1, max_size=3, unique_by=lambda one: one.chunk_id) | _IDS,
    min_size=1,
    max_size=8,
)
_SCOPES = st.sampled_from([Scope(), Scope(("s1",)), Scope(None, ("p",)), Scope(("s2",), ("p",))])


def _play(steps: list[list[Entry] | str], *subjects: Subject) -> None:
    """Add lists of entries, remove single ids, the same for each."""
    for step in steps:
        for subject in subjects:
            subject.remove([step]) if isinstance(step, str) else subject.add(step)


@settings(max_examples=10)
@given(_STEPS, _WORDS, _SCOPES)
def test_chroma_is_exact_after_any_changes(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[list[Entry] | str],
    question: str,
    scope: Scope,
) -> None:
    """After any adds and removals Chroma gives the scores that arithmetic gives."""
    real = VectorIndex(EMBEDDER, tmp_path_factory.mktemp("chroma"))
    exact = ExactVectors(EMBEDDER)
    _play(steps, Subject(real), Subject(exact))
    vector = EMBEDDER.embed_query(question)
    scores = {hit.chunk_id: hit.score for hit in real.search(vector, 10, scope)}
    expected = {hit.chunk_id: hit.score for hit in exact.search(vector, 10, scope)}
    assert scores == pytest.approx(expected, abs=2e-6)
    assert real.ids() == exact.ids()
    real.close()


@settings(max_examples=10)
@given(_STEPS, _WORDS, _SCOPES)
def test_tantivy_finds_what_has_the_words_after_any_changes(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[list[Entry] | str],
    question: str,
    scope: Scope,
) -> None:
    """After any adds and removals, any-word and every-word search give the exact sets."""
    real, exact = LexicalIndex(tmp_path_factory.mktemp("tantivy")), ExactWords()
    _play(steps, Subject(real), Subject(exact))
    assert {h.chunk_id for h in real.search(question, 10, scope)} == {
        h.chunk_id for h in exact.search(question, 10, scope)
    }
    assert real.matching(question, scope) == exact.matching(question, scope)
    assert real.ids() == exact.ids()


@settings(max_examples=8)
@given(_STEPS)
def test_scores_do_not_depend_on_what_was_there_before(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[Entry] | str]
) -> None:
    """An index whose entries were replaced as a whole scores as a fresh one does."""
    used = LexicalIndex(tmp_path_factory.mktemp("used"))
    _play(steps, Subject(used))
    used.replace_all(ENTRIES)
    fresh = LexicalIndex(tmp_path_factory.mktemp("fresh"))
    fresh.add(ENTRIES)
    assert used.search("apple cider", 10, EVERYTHING) == fresh.search("apple cider", 10, EVERYTHING)
    assert used.ids() == fresh.ids()
