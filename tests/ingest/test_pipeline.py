"""File to corpus: one report a file, and what becomes of files that change."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import SettingsInvalid
from corpus.model import EntityType
from corpus.store import Corpus
from ingest.pipeline import FileReport, ingest, ingest_file

TEXT = "Submission by\n\nThe {name} Body\n\nWe trained all teachers of the {name} region in 2023.\n"


def written(path: Path, name: str = "Northern") -> Path:
    path.write_text(TEXT.format(name=name), encoding="utf-8")
    return path


def entities(corpus: Corpus) -> list[str]:
    return [submission.entity for submission in corpus.submissions()]


def test_a_file_is_taken_in_once(empty_corpus: Corpus, tmp_path: Path) -> None:
    """The second time the same file is unchanged, with the same counts."""
    path = written(tmp_path / "a.txt")
    first, second = ingest_file(empty_corpus, path), ingest_file(empty_corpus, path)
    assert (first.status, second.status) == ("indexed", "unchanged")
    assert (first.submission_id, first.chunks) == (second.submission_id, second.chunks)
    assert first.chunks == len(empty_corpus.document(first.submission_id or "").chunks) > 0


def test_new_content_of_the_same_file_replaces_the_old(
    empty_corpus: Corpus, tmp_path: Path
) -> None:
    """Only the new content is there, and the report names what it is in place of."""
    path = tmp_path / "a.txt"
    old = ingest_file(empty_corpus, written(path))
    new = ingest_file(empty_corpus, written(path, "Southern"))
    assert new.status == "replaced"
    assert old.submission_id and old.submission_id in new.message
    assert entities(empty_corpus) == ["The Southern Body"]
    assert empty_corpus.inspect().healthy


def test_one_bad_file_never_stops_the_others(empty_corpus: Corpus, tmp_path: Path) -> None:
    """A folder gives one report a file, in order of names; hidden files are left alone."""
    folder = tmp_path / "files"
    folder.mkdir()
    written(folder / "a.txt")
    (folder / "b.pdf").write_bytes(b"%PDF-junk")
    (folder / "c.xls").write_bytes(b"PK")
    written(folder / "d.md", "Western")
    written(folder / ".hidden.txt", "Hidden")
    seen: list[tuple[str, int, int]] = []
    reports = ingest(empty_corpus, [folder], lambda path, n, of: seen.append((path.name, n, of)))
    assert [(Path(r.path).name, r.status, r.taken) for r in reports] == [
        ("a.txt", "indexed", True),
        ("b.pdf", "damaged", False),
        ("c.xls", "unsupported", False),
        ("d.md", "indexed", True),
    ]
    assert seen == [("a.txt", 0, 4), ("b.pdf", 1, 4), ("c.xls", 2, 4), ("d.md", 3, 4)]


def test_a_file_that_is_not_there_is_reported(empty_corpus: Corpus, tmp_path: Path) -> None:
    """A path that cannot be opened ends in a report, not in a traceback."""
    report = ingest_file(empty_corpus, tmp_path / "none.txt")
    assert (report.status, report.taken) == ("damaged", False)
    assert "cannot be opened" in report.message


def test_a_renamed_file_is_the_same_submission(empty_corpus: Corpus, tmp_path: Path) -> None:
    """Its new name is taken over; text, id and chunks stay."""
    path = written(tmp_path / "a.txt")
    first = ingest_file(empty_corpus, path)
    second = ingest_file(empty_corpus, path.rename(tmp_path / "b.txt"))
    assert (second.status, second.submission_id) == ("unchanged", first.submission_id)
    assert [s.filename for s in empty_corpus.submissions()] == ["b.txt"]
    third = ingest_file(empty_corpus, written(tmp_path / "b.txt", "Southern"))
    assert third.status == "replaced"


def test_a_new_suffix_does_not_lose_the_original(empty_corpus: Corpus, tmp_path: Path) -> None:
    """The file as it was taken in is still found after ``.markdown`` became ``.md``."""
    path = written(tmp_path / "a.markdown")
    taken = ingest_file(empty_corpus, path).submission_id or ""
    ingest_file(empty_corpus, path.rename(tmp_path / "a.md"))
    assert empty_corpus.original(taken).read_bytes() == (tmp_path / "a.md").read_bytes()


def test_a_manifest_changes_metadata_of_a_file_that_is_there(
    empty_corpus: Corpus, tmp_path: Path
) -> None:
    """New metadata is taken over without a new submission, and the indexes follow."""
    path = written(tmp_path / "a.txt")
    before, snapshot = ingest_file(empty_corpus, path), empty_corpus.snapshot
    (tmp_path / "manifest.yaml").write_text(
        "submissions:\n- {file: a.txt, entity: Renamed Body, entity_type: academia, year: 2022}\n"
    )
    after = ingest_file(empty_corpus, path)
    (submission,) = empty_corpus.submissions()
    assert (after.status, after.submission_id) == ("unchanged", before.submission_id)
    assert (submission.entity, submission.entity_type) == ("Renamed Body", EntityType.ACADEMIA)
    assert submission.year == 2022
    assert empty_corpus.snapshot != snapshot
    assert empty_corpus.inspect().healthy


def test_a_bad_manifest_stops_with_its_path(empty_corpus: Corpus, tmp_path: Path) -> None:
    """Who wrote the manifest is told, before anything is taken in under wrong metadata."""
    written(tmp_path / "a.txt")
    (tmp_path / "manifest.yaml").write_text("submissions: 7\n")
    with pytest.raises(SettingsInvalid, match=r"manifest\.yaml"):
        ingest_file(empty_corpus, tmp_path / "a.txt")
    assert entities(empty_corpus) == []


@pytest.mark.parametrize("status", ["needs_ocr", "damaged", "empty", "timed_out"])
def test_only_three_statuses_mean_taken(status: str) -> None:
    """``taken`` tells a program whether a file is searchable now."""
    assert not FileReport("a", status).taken
    assert all(FileReport("a", taken).taken for taken in ("indexed", "unchanged", "replaced"))
