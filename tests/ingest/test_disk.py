"""Full disks and folders that cannot be written: a clear error, and the corpus as it was."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import disk
from corpus.embedder import HashedBagOfWords
from corpus.errors import CorpusReadOnly
from corpus.model import Scope
from corpus.store import Corpus
from ingest.pipeline import ingest_file

TEXT = "Submission by\n\nThe {name} Body\n\n{body}\n"
_MEGABYTES = 64


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A real file system of a few megabytes."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    size = f"size={_MEGABYTES}m"
    command = [mount or "mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    if not mount or os.geteuid() or subprocess.run(command, check=False).returncode:
        pytest.skip("mounting a small file system needs root and the right to mount")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def written(folder: Path, name: str, sentences: int = 3) -> Path:
    body = " ".join(f"We wired school {n} of {name}." for n in range(sentences))
    path = folder / f"{name}.txt"
    path.write_text(TEXT.format(name=name, body=body), encoding="utf-8")
    return path


def test_a_full_disk_is_told_and_changes_nothing(small: Path, tmp_path: Path) -> None:
    """At each of many fillings: old content is searched, and with space the same file goes in."""
    corpus = Corpus(small / "data", HashedBagOfWords(64))
    assert ingest_file(corpus, written(tmp_path, "peru")).status == "indexed"
    snapshot, failures = corpus.snapshot, 0
    for left in (0, 64, 4096, 12_000):
        filler = small / "filler"
        _fill(filler, small, left * 1024)
        try:
            ingest_file(corpus, written(tmp_path, f"chile{left}", 40))
        except CorpusReadOnly as error:
            failures += 1
            assert "space" in str(error)
            assert corpus.snapshot == snapshot
            assert len(corpus.matching("wired peru", Scope())) > 0
            vector = corpus.embedder.embed_query("school of peru")
            assert corpus.passages([hit.chunk_id for hit in corpus.dense(vector, 3, Scope())])
        snapshot = corpus.snapshot
        filler.unlink()
    assert failures == 4
    corpus.close()
    again = Corpus(small / "data", HashedBagOfWords(64))
    assert again.snapshot == snapshot
    assert again.inspect().healthy
    assert ingest_file(again, tmp_path / "chile0.txt").taken
    assert again.inspect().healthy
    again.close()


def _fill(filler: Path, folder: Path, left: int) -> None:
    free = shutil.disk_usage(folder).free - left
    with filler.open("wb") as file:
        try:
            for _ in range(max(0, free) // 4096):
                file.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC


def test_a_corpus_on_a_full_disk_can_be_opened_and_read(small: Path, tmp_path: Path) -> None:
    """Also with something unfinished in it, which waits until there is space."""
    corpus = Corpus(small / "data", HashedBagOfWords(64))
    ingest_file(corpus, written(tmp_path, "peru"))
    corpus.close()
    _fill(small / "filler", small, 160 * 1024)
    try:
        again = Corpus(small / "data", HashedBagOfWords(64))
    except CorpusReadOnly as error:
        assert "space" in str(error)
    else:
        assert len(again.matching("wired peru", Scope())) > 0
        again.close()


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EROFS, "Read-only file system"),
        RuntimeError("error returned from database: (code: 13) database or disk is full"),
        ValueError("An IO error occurred: 'No space left on device (os error 28)'"),
    ],
)
def test_whatever_layer_meets_it_the_error_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The stores tell it in their own words; the user reads one sentence with the folder in it."""
    with pytest.raises(CorpusReadOnly, match=str(tmp_path)), disk.told(tmp_path):
        raise error
    with pytest.raises(KeyError), disk.told(tmp_path):
        raise KeyError("another matter")


def test_a_file_that_cannot_be_placed_leaves_no_part(
    empty_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When copying the original fails half-way nothing of it stays."""
    path = written(tmp_path, "peru")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(CorpusReadOnly):
            ingest_file(empty_corpus, path)
    assert empty_corpus.submissions() == []
    assert empty_corpus.inspect().healthy
    assert ingest_file(empty_corpus, path).status == "indexed"
