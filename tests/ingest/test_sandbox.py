"""Reading in a child process: the same text, and no file that can take ingest down with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.store import Corpus
from ingest import sandbox
from ingest.pipeline import ingest_file
from ingest.readers import read
from ingest.sandbox import read_apart
from tests.ingest.docx import docx, paragraph
from tests.ingest.pdf import pdf


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        ("Élèves\n\net maîtres \U0001f600".encode(), ".txt"),
        (b"# Head\n\n1. one\n\n| a | b |\n|---|---|\n| c | d |\n", ".md"),
        (pdf([["A page with a sentence on it."], ["And one more."]], labels_from=7), ".pdf"),
        (docx(paragraph("Goats carried routers.", "Heading1")), ".docx"),
    ],
)
def test_the_child_reads_what_the_parent_would(data: bytes, suffix: str) -> None:
    """Lines, kinds, levels, pages and labels come through unchanged."""
    assert read_apart(data, suffix) == read(data, suffix)


def test_a_status_comes_through() -> None:
    """A refusal in the child is the same refusal here."""
    with pytest.raises(UnreadableFile, match="password") as raised:
        read_apart(pdf([["text"]], password="secret"), ".pdf")
    assert raised.value.status == "needs_password"


def test_a_child_that_hangs_is_killed() -> None:
    """Past its time a child is ended, and the file is said to have timed out."""
    with pytest.raises(UnreadableFile) as raised:
        read_apart(b"text", ".txt", seconds=0.001)
    assert raised.value.status == "timed_out"


def _acting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    """Let the child do ``act`` in place of reading."""
    program = tmp_path / "python"
    code = f"import ingest.sandbox as s\n{act}\ns._child()"
    program.write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$3" "$4"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sandbox.sys, "executable", str(program))


@pytest.mark.parametrize(
    ("act", "status", "message"),
    [
        ("s.read = lambda *_: s.os.abort()", "damaged", "SIGABRT"),
        ("s.read = lambda *_: s.os._exit(7)", "damaged", "code 7"),
        ("s.read = lambda *_: bytearray(8 << 30)", "too_large", "memory"),
        ("s.read = lambda *_: 1 / 0", "damaged", "code 1"),
    ],
)
def test_a_child_that_dies_is_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, status: str, message: str
) -> None:
    """A crash, an exit, too much memory, an unforeseen error: one file's status each."""
    _acting(tmp_path, monkeypatch, act)
    with pytest.raises(UnreadableFile, match=message) as raised:
        read_apart(b"text", ".txt")
    assert raised.value.status == status


def test_no_setting_reaches_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in our environment are not in the one that a hostile file could read."""
    seen: dict[str, str] = {}
    run = subprocess.run

    def watched(*args: object, **named: object) -> object:
        seen.update(named["env"])  # type: ignore[call-overload]
        return run(*args, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(sandbox.subprocess, "run", watched)
    monkeypatch.setenv("WSIS_API_KEYS", "secret")
    read_apart(b"text", ".txt")
    assert seen
    assert "secret" not in seen.values()
    assert set(seen) < {*os.environ, "PYTHONPATH"}


def test_ingest_goes_on_after_a_crash(
    empty_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that crashes its reader is reported; the next one is taken in."""
    path = tmp_path / "a.txt"
    path.write_text("Goats carried routers to the villages.", encoding="utf-8")
    with monkeypatch.context() as context:
        _acting(tmp_path, context, "s.read = lambda *_: s.os.abort()")
        assert ingest_file(empty_corpus, path).status == "damaged"
    assert ingest_file(empty_corpus, path).status == "indexed"


def test_files_from_the_field_keep_within_time_and_memory(shared_data: Path) -> None:
    """Each file of the parser pack ends within 10 s and 512 MB, whatever it holds."""
    # Not getrusage: a child's ru_maxrss starts at what its parent had when it forked.
    measure = (
        "import re, sys; from pathlib import Path; from ingest.sandbox import _answer; "
        "p = Path(sys.argv[1]); _answer(p.read_bytes(), p.suffix); "
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', Path('/proc/self/status').read_text())[1])"
    )
    for path in sorted((shared_data / "parser-pack").iterdir()):
        done = subprocess.run(
            [sys.executable, "-c", measure, str(path)],
            capture_output=True,
            timeout=10,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        assert int(done.stdout.split()[-1]) < 512 * 1024, path.name
