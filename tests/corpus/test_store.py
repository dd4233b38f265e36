"""The façade: three stores in step, through replacement, crash, rebuild and misuse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from corpus.catalogue import Catalogue
from corpus.embedder import HashedBagOfWords, Matrix
from corpus.errors import BadRequest, CorpusInUse, CorpusReadOnly, IndexMismatch, NotFound
from corpus.model import Document, Filters, Scope, Submission
from corpus.settings import PROJECT
from corpus.store import Corpus
from corpus.stores import contextual_header, fitted_header
from ingest.pipeline import build_document
from ingest.split import split

TEXT = "Submission by\n\n{entity}\n\n{words}\n"
BOILED = "COMMISSION ON SCIENCE AND TECHNOLOGY FOR DEVELOPMENT\n\n28th session\n\n"


class Switchable(HashedBagOfWords):
    """An embedder that breaks down when told to: a crash between catalogue and indexes."""

    broken = False

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        if self.broken:
            raise RuntimeError("out of memory")
        return super().embed_documents(texts)


@pytest.fixture
def embedder() -> Switchable:
    return Switchable(256)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def corpus(folder: Path, embedder: Switchable) -> Iterator[Corpus]:
    opened = Corpus(folder, embedder)
    yield opened
    opened.close()


def add(
    corpus: Corpus, words: str, entity: str = "Body One", source: str = "a"
) -> tuple[Document, Submission | None]:
    """Take a text in as if it were the file ``source``; what was added, what it replaced."""
    text = TEXT.format(entity=entity, words=words)
    original = corpus._folder.parent / f"{source}.txt"
    original.write_text(text, encoding="utf-8")
    document = build_document(original.read_bytes(), original.name, corpus.embedder)
    return document, corpus.add(document, original, source)


def found(corpus: Corpus, words: str) -> set[str]:
    """Texts of the visible passages that have all of the words."""
    return {p.chunk.text for p in corpus.passages(corpus.matching(words, Scope())).values()}


def reopened(corpus: Corpus, embedder: HashedBagOfWords) -> Corpus:
    corpus.close()
    return Corpus(corpus._folder, embedder)


def test_a_document_comes_back_as_it_went_in(corpus: Corpus, seed: Path) -> None:
    """Text, sections, chunks, pages and metadata survive the catalogue."""
    document = build_document(seed.read_bytes() + b"\fThe end of it.", seed.name, corpus.embedder)
    corpus.add(document, seed, "seed")
    assert document.pages
    assert corpus.document(document.submission.id) == document
    assert corpus.original(document.submission.id).read_bytes() == seed.read_bytes()


def test_what_was_added_is_in_every_store(corpus: Corpus) -> None:
    """A passage is found by its vector and by its words, and inspection is content."""
    document, _ = add(corpus, "Schools in Peru were wired.")
    near = corpus.dense(corpus.embedder.embed_query("schools peru"), 1, Scope())
    assert [hit.chunk_id for hit in near] == [document.chunks[0].id]
    assert found(corpus, "peru schools") == {document.chunks[0].text}
    inspection = corpus.inspect()
    assert inspection.healthy
    assert inspection.chunks == len(document.chunks)


def test_the_same_source_replaces(corpus: Corpus) -> None:
    """A new version takes the place of the old in every store, and its file with it."""
    old, _ = add(corpus, "Schools in Peru were wired.")
    new, replaced = add(corpus, "Schools in Chile were wired.")
    assert replaced == old.submission
    assert corpus.submissions() == [new.submission]
    assert found(corpus, "peru") == set()
    assert corpus.inspect().healthy
    files = {path.name for path in (corpus._folder / "files").iterdir()}
    assert files == {f"{new.submission.id}.txt"}


def test_another_source_stands_beside(corpus: Corpus) -> None:
    """Two files are two submissions, in the order of their submitters."""
    add(corpus, "First.", "Zeta Body", "a")
    add(corpus, "Second.", "Alpha Body", "b")
    assert [s.entity for s in corpus.submissions()] == ["Alpha Body", "Zeta Body"]


def test_what_was_removed_is_nowhere(corpus: Corpus) -> None:
    """A removed submission is out of every store; asking for it again is NotFound."""
    document, _ = add(corpus, "Schools in Peru were wired.")
    kept, _ = add(corpus, "Schools in Chile were wired.", "Body Two", "b")
    corpus.remove(document.submission.id)
    assert found(corpus, "schools") == {kept.chunks[0].text}
    assert corpus.inspect().healthy
    for ask in (corpus.document, corpus.remove, corpus.original):
        with pytest.raises(NotFound, match="wsis submissions"):
            ask(document.submission.id)


def test_scores_are_those_of_a_corpus_that_never_had_more(
    corpus: Corpus, tmp_path: Path, embedder: Switchable
) -> None:
    """What was taken out leaves no trace in the statistics that rank what is left."""
    for number in range(12):
        add(corpus, f"Lima school {number} " + "again " * number, f"Body {number}", str(number))
    for extra in corpus.submissions():
        if extra.entity not in {"Body 1", "Body 5"}:
            corpus.remove(extra.id)
    fresh = Corpus(tmp_path / "fresh", embedder)
    for number in (1, 5):
        add(fresh, f"Lima school {number} " + "again " * number, f"Body {number}", str(number))
    assert fresh.snapshot == corpus.snapshot
    assert corpus.lexical("lima school", 9, Scope()) == fresh.lexical("lima school", 9, Scope())
    assert corpus.weights(["lima", "again"]) == fresh.weights(["lima", "again"])
    fresh.close()


def test_everything_is_there_after_reopening(corpus: Corpus, embedder: Switchable) -> None:
    """A corpus that is closed and opened again is the same: snapshot, text and hits."""
    document, _ = add(corpus, "Schools in Peru were wired.")
    before = corpus.snapshot
    again = reopened(corpus, embedder)
    assert again.snapshot == before
    assert again.document(document.submission.id) == document
    assert found(again, "peru") == {document.chunks[0].text}
    again.close()


def test_a_failed_addition_leaves_nothing(corpus: Corpus, embedder: Switchable) -> None:
    """When a model breaks down the old version stays, and the next attempt succeeds."""
    old, _ = add(corpus, "Schools in Peru were wired.")
    embedder.broken = True
    with pytest.raises(RuntimeError):
        add(corpus, "Schools in Chile were wired.")
    assert corpus.submissions() == [old.submission]
    assert corpus.inspect().healthy
    embedder.broken = False
    new, replaced = add(corpus, "Schools in Chile were wired.")
    assert replaced == old.submission
    assert corpus.submissions() == [new.submission]
    assert corpus.inspect().healthy


def test_equal_files_are_one_submission_until_the_last_of_them_changes(corpus: Corpus) -> None:
    """Of two sources with the same content one may change without the other losing it."""
    same, _ = add(corpus, "Schools in Peru were wired.")
    corpus.update(same.submission, "b")
    other, replaced = add(corpus, "Schools in Chile were wired.")
    assert replaced is None
    assert set(corpus.sources().items()) == {("a", other.submission.id), ("b", same.submission.id)}
    assert found(corpus, "peru")
    corpus.update(other.submission, "b")
    assert corpus.submissions() == [other.submission]
    assert corpus.inspect().healthy


def test_a_crash_while_removing_is_finished_at_the_next_opening(
    corpus: Corpus, embedder: Switchable
) -> None:
    """A submission that was to go is gone, its original file too."""
    document, _ = add(corpus, "Schools in Peru were wired.")
    corpus.close()
    catalogue = Catalogue(corpus._folder / "catalogue.sqlite")
    catalogue.set_state(document.submission.id, "removing")
    catalogue.close()
    again = Corpus(corpus._folder, embedder)
    assert again.submissions() == []
    assert again.inspect().healthy
    assert list((again._folder / "files").iterdir()) == []
    again.close()


def test_another_embedder_is_refused_and_nothing_is_lost(
    corpus: Corpus, embedder: Switchable
) -> None:
    """The refusal says what was recorded, what is configured and what to run."""
    document, _ = add(corpus, "Schools in Peru were wired.")
    corpus.close()
    with pytest.raises(IndexMismatch) as raised:
        Corpus(corpus._folder, HashedBagOfWords(128))
    assert "dimension: recorded 256, configured 128" in str(raised.value)
    assert "wsis rebuild" in str(raised.value)
    again = Corpus(corpus._folder, embedder)
    assert found(again, "peru") == {document.chunks[0].text}
    again.close()


def test_a_rebuild_moves_to_another_embedder(corpus: Corpus) -> None:
    """After a rebuild the same submissions are there, in chunks that the new model can read."""
    before, _ = add(corpus, "Schools in Peru were wired by the ministry of the country. " * 9)
    snapshot = corpus.snapshot
    corpus.close()
    small = HashedBagOfWords(128, max_tokens=40)
    again = Corpus(corpus._folder, small, check_recipe=False)
    seen: list[str] = []
    chunks = again.rebuild(lambda document: split(document, small), lambda s: seen.append(s.id))
    assert seen == [before.submission.id]
    assert chunks == len(again.document(before.submission.id).chunks) > len(before.chunks)
    assert again.inspect().healthy
    assert again.snapshot == snapshot
    reborn = reopened(again, small)
    assert len(reborn.dense(small.embed_query("peru"), 50, Scope())) == chunks
    reborn.close()


def test_a_rebuild_mends_indexes_that_were_lost(corpus: Corpus, embedder: Switchable) -> None:
    """From the catalogue alone both indexes come back; inspection tells before and after."""
    document, _ = add(corpus, "Schools in Peru were wired.")
    corpus.close()
    shutil.rmtree(corpus._folder / "lexical")
    again = Corpus(corpus._folder, embedder)
    assert again.inspect().missing_lexical == (document.chunks[0].id,)
    assert not again.inspect().healthy
    again.rebuild(lambda one: split(one, embedder), lambda _: None)
    assert again.inspect().healthy
    assert found(again, "peru") == {document.chunks[0].text}
    again.close()


def test_new_metadata_is_searched_and_named(corpus: Corpus) -> None:
    """A new submitter is in the header that is searched, and changes the snapshot."""
    document, _ = add(corpus, "Schools in Peru were wired.")
    before = corpus.snapshot
    renamed = build_document(
        TEXT.format(entity="Zenith", words="Schools in Peru were wired.").encode(),
        "a.txt",
        corpus.embedder,
    ).submission.entity
    corpus.update(_with_entity(document.submission, renamed), "a")
    assert corpus.snapshot != before
    assert corpus.matching("zenith", Scope()) == [document.chunks[0].id]
    assert corpus.inspect().healthy


def _with_entity(submission: Submission, entity: str) -> Submission:
    fields = {name: getattr(submission, name) for name in Submission.__slots__}
    return Submission(**{**fields, "entity": entity})


def test_the_snapshot_names_what_is_visible(corpus: Corpus) -> None:
    """Adding changes it; removing what was added brings the old one back."""
    names = [corpus.snapshot]
    first, _ = add(corpus, "First.")
    names.append(corpus.snapshot)
    second, _ = add(corpus, "Second.", "Body Two", "b")
    names.append(corpus.snapshot)
    assert len(set(names)) == 3
    corpus.remove(second.submission.id)
    assert corpus.snapshot == names[1]
    corpus.remove(first.submission.id)
    assert corpus.snapshot == names[0]


def test_a_second_opener_is_told_who_has_the_folder(corpus: Corpus) -> None:
    """Another process gets CorpusInUse with the owner's id, and the owner works on."""
    program = (
        "from pathlib import Path; import sys\n"
        "from corpus.embedder import HashedBagOfWords\n"
        "from corpus.errors import CorpusInUse\n"
        "from corpus.store import Corpus\n"
        "try: Corpus(Path(sys.argv[1]), HashedBagOfWords(256))\n"
        "except CorpusInUse as error: print(error)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(corpus._folder)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert f"in use by process {os.getpid()}" in ran.stdout
    add(corpus, "Schools in Peru were wired.")
    assert corpus.inspect().healthy


def test_a_server_that_has_the_folder_is_named(tmp_path: Path, embedder: Switchable) -> None:
    """Who finds the folder in use by a server is told its address."""
    owner = Corpus(tmp_path, embedder, url="http://127.0.0.1:8000")
    with pytest.raises(CorpusInUse, match=r"http://127\.0\.0\.1:8000"):
        Corpus(tmp_path, embedder)
    owner.close()
    Corpus(tmp_path, embedder).close()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, embedder: Switchable) -> None:
    """A file in its place, or a file system that takes no files: both name WSIS_DATA_DIR."""
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc")):
        with pytest.raises(CorpusReadOnly, match="WSIS_DATA_DIR"):
            Corpus(folder, embedder)


def test_filters_become_a_scope(corpus: Corpus) -> None:
    """No limit is no list; a limit is the submissions that pass it; both limits must pass."""
    first, _ = add(corpus, "First.", "Body One", "a")
    add(corpus, "Second.", "Body Two", "b")
    assert corpus.scope(Filters()) == Scope()
    assert corpus.scope(Filters(entity=("Body One", "Body Two"))) == Scope()
    only = corpus.scope(Filters(entity=("Body One",), part=("future_actions",)))
    assert only == Scope((first.submission.id,), ("future_actions",))
    both = Filters(entity=("Body Two",), submission=(first.submission.id,))
    assert corpus.scope(both) == Scope(())
    assert corpus.searched(both) == []


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (Filters(entity=("Nobody",)), "entity 'Nobody'. Known values: Body One"),
        (Filters(session=(99,)), "session 99. Known values: 28"),
        (Filters(year=(1999,)), "year 1999. Known values: none"),
        (Filters(language=("xx",)), "language 'xx'. Known values: en"),
        (Filters(entity_type=("un_body",)), "entity_type 'un_body'. Known values: none"),
        (Filters(submission=("0",)), "submission '0'. Known values: "),
        (Filters(part=("nope",)), "part 'nope'. Known values: executive_summary"),
    ],
)
def test_an_unknown_filter_value_lists_the_known(
    corpus: Corpus, filters: Filters, told: str
) -> None:
    """A value that nothing has is a mistake to mend, not an empty answer."""
    add(corpus, f"{BOILED}First words of it are here.")
    with pytest.raises(BadRequest, match=told.replace(".", r"\.")):
        corpus.scope(filters)


def test_an_answer_is_kept_as_it_was(corpus: Corpus) -> None:
    """A record comes back equal, after reopening too; an unknown id is NotFound."""
    record = {"answer": "“Où?” [1]", "score": 0.25, "list": [1, None], "nested": {"a": "ب"}}
    corpus.keep_answer("x", "2024-01-01T00:00:00+00:00", record)
    assert corpus.answer("x") == record
    with pytest.raises(NotFound, match="'y'"):
        corpus.answer("y")


def test_a_header_says_where_a_passage_stands(seed: Path, embedder: Switchable) -> None:
    """Submitter and section path; shortened where it would crowd the passage out."""
    document = build_document(seed.read_bytes(), seed.name, embedder)
    section = document.sections[3]
    whole = "ECPAT International › Part two: Trends and Experiences › Regulation and policy"
    assert contextual_header(document.submission, section) == whole
    assert fitted_header(document.submission, section, embedder) == whole
    small = HashedBagOfWords(16, max_tokens=12)
    short = fitted_header(document.submission, section, small)
    assert short
    assert whole.startswith(short)
    assert small.count_tokens(short) <= 6
