"""Kills `wsis ingest` and `wsis remove` at random points, then looks whether anything was lost.

    python -m tests.ingest.killed --kills 200 --seed 5

Each round changes a folder of mixed files (new, changed, renamed, equal, damaged), starts the real
command in a process group of its own and ends it by SIGKILL after a random time. What it had
reported must be searchable; and a last run to the end must give exactly the folder's content, with
all stores agreeing. Only the models are stand-ins: what is killed is the command, its readers and
its stores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import mmap
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cli
import corpus.open
from corpus.embedder import HashedBagOfWords, Matrix
from corpus.stores import Stores
from corpus.writer import Writer
from ingest import pipeline
from tests.ingest.docx import docx, paragraph
from tests.ingest.pdf import pdf

PHASES = ("start", "read", "embed", "stage", "switch", "take out", "settle", "end")
_TEXT = "Submission by\n\nThe Body of {name}\n\nExecutive Summary\n\n{body}\n"
_LONGEST = 4.0


class Slow(HashedBagOfWords):
    """Takes as long as a small model, so that kills come while embedding too."""

    def embed_documents(self, texts):  # type: ignore[no-untyped-def]
        time.sleep(0.002 * len(texts))
        vectors: Matrix = super().embed_documents(texts)
        return vectors


@dataclass
class Folder:
    """The files on disk, and the bytes that each path held when it was last written."""

    root: Path
    choice: random.Random
    count: int = 0
    written: dict[Path, bytes] = field(default_factory=dict)

    def change(self) -> None:
        """A few changes of what is there."""
        for _ in range(self.choice.randint(1, 4)):
            step = self.choice.choice([self.add, self.add, self.edit, self.rename, self.copy])
            step()

    def add(self) -> None:
        suffix = self.choice.choice([".txt", ".md", ".html", ".docx", ".pdf", ".txt"])
        self.count += 1
        self._write(self.root / f"{self.choice.randint(0, 99):02}-{self.count}{suffix}")

    def edit(self) -> None:
        if self.written:
            self._write(self.choice.choice(sorted(self.written)))

    def rename(self) -> None:
        if self.written:
            old = self.choice.choice(sorted(self.written))
            self.count += 1
            new = old.with_name(f"{self.choice.randint(0, 99):02}-renamed-{self.count}{old.suffix}")
            self.written[old.rename(new)] = self.written.pop(old)

    def copy(self) -> None:
        if self.written:
            old = self.choice.choice(sorted(self.written))
            self.count += 1
            new = old.with_name(f"{self.choice.randint(0, 99):02}-copy-{self.count}{old.suffix}")
            shutil.copyfile(old, new)
            self.written[new] = self.written[old]

    def _write(self, path: Path) -> None:
        self.count += 1
        name = f"place{self.count}"
        body = " ".join(
            f"We wired school {n} of {name}." for n in range(self.choice.randint(1, 25))
        )
        made: dict[str, Callable[[], bytes]] = {
            ".docx": lambda: docx(paragraph(name, "Heading1") + paragraph(body)),
            ".pdf": lambda: pdf([[f"Report of {name}.", body[:90]], ["More of it."]]),
            ".html": f"<html><body><h1>{name}</h1><p>{body}</p></body></html>".encode,
        }
        text = _TEXT.format(name=name, body=body)
        data = made.get(path.suffix, text.encode)()
        path.write_bytes(data)
        self.written[path] = data


class Command:
    """`wsis` in a process of its own, with the place where it is told through shared memory."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self._phase = mmap.mmap(-1, 1)
        self._seen = mmap.mmap(-1, len(PHASES))
        self._seen[0] = 1
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - read after the process ended
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            self._become(data, arguments)

    def end(
        self, after: float | None = None, since: str = "start"
    ) -> tuple[str, list[dict[str, object]]]:
        """Kill it so many seconds after the phase ``since`` began, or wait for its end.

        Gives where it was, and what it had reported.
        """
        deadline: float | None = None
        status = 0
        while True:
            if deadline is None and after is not None and self._seen[PHASES.index(since)]:
                deadline = time.monotonic() + after
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                break
            if deadline is not None and time.monotonic() >= deadline:
                os.killpg(self.pid, signal.SIGKILL)
                _, status = os.waitpid(self.pid, 0)
                break
            time.sleep(0.001)
        self._output.seek(0)
        told = self._output.read().decode()
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) not in (0, 3):
            raise AssertionError(f"the command failed ({os.WEXITSTATUS(status)}):\n{told}")
        lines = told.splitlines(keepends=True)
        reports = [json.loads(x) for x in lines if x.startswith("{") and x.endswith("}\n")]
        killed = os.WIFSIGNALED(status)
        return (PHASES[self._phase[0]] if killed else "end"), reports

    def _become(self, data: Path, arguments: tuple[str, ...]) -> None:
        code = 1
        try:
            os.setpgid(0, 0)
            os.dup2(self._output.fileno(), 1)
            os.dup2(self._output.fileno(), 2)
            os.environ["WSIS_DATA_DIR"] = str(data)
            self._mark_phases()
            corpus.open.open_corpus = _opened  # type: ignore[assignment]
            cli.app(list(arguments), standalone_mode=True)
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException as error:  # noqa: BLE001 - told to the parent
            sys.stdout.write(f"{type(error).__name__}: {error}\n")
        finally:
            sys.stdout.flush()
            os._exit(code)

    def _mark_phases(self) -> None:
        marked: list[tuple[object, str, str]] = [
            (pipeline, "read_apart", "read"),
            (Stores, "embed", "embed"),
            (Writer, "_stage", "stage"),
            (Writer, "_switch", "switch"),
            (Writer, "_take_out_hidden", "take out"),
            (Writer, "settle", "settle"),
        ]
        for owner, name, phase in marked:
            setattr(owner, name, self._marking(getattr(owner, name), PHASES.index(phase)))

    def _marking(self, function: Callable[..., object], phase: int) -> Callable[..., object]:
        def marked(*arguments: object, **more: object) -> object:
            # Files are read ahead in other threads; the main one tells where the command is.
            before = self._phase[0]
            if threading.current_thread() is threading.main_thread() or not before:
                self._phase[0] = phase
            self._seen[phase] = 1
            try:
                return function(*arguments, **more)
            finally:
                if threading.current_thread() is threading.main_thread():
                    self._phase[0] = before

        return marked


def _opened(settings, *, url="", check_recipe=True):  # type: ignore[no-untyped-def]
    embedder = Slow(64)
    return corpus.open.Corpus(settings.data_dir, embedder, url=url, check_recipe=check_recipe)


def visible(data: Path) -> dict[str, str]:
    """The id of the visible submission of each source, read past the program."""
    path = data / "catalogue.sqlite"
    if not path.exists():
        return {}
    with sqlite3.connect(path) as db:
        try:
            rows = db.execute(
                "SELECT source, submission_id FROM sources JOIN submissions ON id = submission_id "
                "WHERE state = 'indexed'"
            )
            return dict(rows.fetchall())
        except sqlite3.OperationalError:  # killed before there was a table
            return {}


def check(folder: Folder, data: Path, gone: set[str]) -> None:
    """The corpus is the folder's content, once, and every store says the same."""
    has = visible(data)
    for path, content in folder.written.items():
        identity = hashlib.sha256(content).hexdigest()[:16]
        assert has.get(str(path)) == identity, f"{path.name} is lost or old"
    with sqlite3.connect(data / "catalogue.sqlite") as db:
        ids = [row[0] for row in db.execute("SELECT id FROM submissions")]
    assert sorted(ids) == sorted(set(has.values())), "something is there that no file has"
    assert not gone & set(has), "what was removed is there again"
    _, reports = Command(data, "doctor", "--json").end()
    assert reports == [], "doctor prints one object over several lines"


def run(kills: int, seed: int, root: Path) -> Counter[str]:
    """So many kills; where they hit. Raises AssertionError with what was lost or doubled."""
    choice = random.Random(seed)
    folder, data = Folder(root / "files", choice), root / "data"
    folder.root.mkdir()
    for junk, content in (("x.pdf", b"%PDF-1.7\nnothing"), ("y.png", b"\x89PNG"), ("z.txt", b" ")):
        (folder.root / junk).write_bytes(content)
    for _ in range(8):
        folder.add()
    hits: Counter[str] = Counter()
    while sum(hits.values()) - hits["end"] < kills:
        folder.change()
        phase, reports = _killed(folder, data, choice)
        hits[phase] += 1
        has = visible(data)
        for report in reports:
            if report["submission_id"]:
                own = has.get(str(report["path"]))
                assert own == report["submission_id"], f"reported, then lost: {report}"
    Command(data, "ingest", "--json", str(folder.root)).end()
    check(folder, data, set())
    return hits


def _killed(
    folder: Folder, data: Path, choice: random.Random
) -> tuple[str, list[dict[str, object]]]:
    has = visible(data)
    if has and choice.random() < 0.15:
        # A file that is removed from the corpus comes back with the next run of the folder.
        victim = choice.choice(sorted(set(has.values())))
        command = Command(data, "remove", victim)
    else:
        command = Command(data, "ingest", "--json", str(folder.root))
    if choice.random() < 0.3:
        return command.end(choice.uniform(0, _LONGEST))
    # Most phases are short: without aim most kills would come while files are read.
    return command.end(choice.expovariate(20), choice.choice(PHASES[2:-1]))


def main() -> None:
    """Print where the kills hit, or fail with what was lost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as root:
        hits = run(asked.kills, asked.seed, Path(root))
    places = ", ".join(f"{phase} {hits[phase]}" for phase in PHASES if hits[phase])
    print(f"{asked.kills} kills in {time.monotonic() - started:.0f} s ({places}; end: not killed)")
    print("Nothing lost, nothing twice, stores agree.")


if __name__ == "__main__":
    main()
