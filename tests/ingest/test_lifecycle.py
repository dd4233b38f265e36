"""A corpus against a dictionary: whatever is done to files, they are what is searchable."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from corpus.catalogue import Catalogue
from corpus.embedder import HashedBagOfWords
from corpus.lexical import LexicalIndex
from corpus.model import Scope
from corpus.store import Corpus
from corpus.stores import Stores
from corpus.vectors import VectorIndex
from corpus.writer import Writer
from ingest.pipeline import ingest
from ingest.readers import read

NAMES = ("a.txt", "b.txt", "c.md", "d.markdown", "e.txt")
WORDS = ("peru", "chile", "kenya", "nepal", "fiji")
STEPS: tuple[tuple[type, str], ...] = (
    (Stores, "embed"),
    (Catalogue, "insert"),
    (VectorIndex, "add"),
    (LexicalIndex, "change"),
    (Catalogue, "set_sources"),
    (VectorIndex, "remove_submission"),
    (Catalogue, "delete"),
)


class Died(BaseException):
    """The process ends here."""


class Lifecycle(RuleBasedStateMachine):
    """``disk`` is what the files hold, ``model`` what the corpus took from each path."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="wsis-lifecycle-"))
        self.files = self.root / "files"
        self.files.mkdir()
        self.disk: dict[str, str] = {}
        self.model: dict[str, str] = {}
        self.corpus = self._open()

    def teardown(self) -> None:
        assert self.corpus.inspect().healthy
        self.corpus.close()
        shutil.rmtree(self.root)

    @rule(name=st.sampled_from(NAMES), word=st.sampled_from(WORDS))
    def write(self, name: str, word: str) -> None:
        (self.files / name).write_text(_text(word), encoding="utf-8")
        self.disk[name] = word

    @rule(old=st.sampled_from(NAMES), new=st.sampled_from(NAMES))
    def rename(self, old: str, new: str) -> None:
        if old in self.disk and new not in self.disk:
            (self.files / old).rename(self.files / new)
            self.disk[new] = self.disk.pop(old)

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        """A file that is gone stays searchable until it is removed."""
        if self.disk.pop(name, None):
            (self.files / name).unlink()

    @rule(target=ids)
    def ingest(self) -> str:
        reports = list(ingest(self.corpus, [self.files], _silent))
        assert [report.taken for report in reports] == [True] * len(self.disk)
        self.model = self._expected()
        return reports[0].submission_id or "" if reports else ""

    @rule(submission_id=consumes(ids))
    def remove(self, submission_id: str) -> None:
        known = {submission.id for submission in self.corpus.submissions()}
        if submission_id not in known:
            return
        word = _word(self.corpus, submission_id)
        self.corpus.remove(submission_id)
        self.model = {name: own for name, own in self.model.items() if own != word}

    @rule(step=st.sampled_from(STEPS), countdown=st.integers(1, 3), after=st.booleans())
    def crash(self, step: tuple[type, str], countdown: int, after: bool) -> None:
        """The process dies at the n-th time it comes to a step; each file is old or new then."""
        where, name = step
        before, now = set(self.model.values()), set(self._expected().values())
        dying = _dying(getattr(where, name), countdown, after)
        with patch.object(where, name, dying), patch.object(Writer, "settle", lambda self: None):
            with contextlib.suppress(Died):
                list(ingest(self.corpus, [self.files], _silent))
            self.corpus.close()
        self.corpus = self._open()
        seen = {_word(self.corpus, one.id) for one in self.corpus.submissions()}
        assert before & now <= seen <= before | now
        list(ingest(self.corpus, [self.files], _silent))
        self.model = self._expected()

    @rule()
    def reopen(self) -> None:
        self.corpus.close()
        self.corpus = self._open()

    @invariant()
    def is_what_the_model_says(self) -> None:
        visible = sorted(_word(self.corpus, one.id) for one in self.corpus.submissions())
        assert visible == sorted(set(self.model.values()))
        sources = {Path(s).name: _word(self.corpus, i) for s, i in self.corpus.sources().items()}
        assert sources == self.model

    @rule(word=st.sampled_from(WORDS))
    def search(self, word: str) -> None:
        """By words and by vectors, what is there is found once, and nothing else."""
        expected = int(word in self.model.values())
        by_words = self.corpus.passages(self.corpus.matching(word, Scope()))
        assert len(by_words) == expected
        vector = self.corpus.embedder.embed_query(word)
        near = [hit.chunk_id for hit in self.corpus.dense(vector, 20, Scope())]
        texts = [passage.chunk.text for passage in self.corpus.passages(near).values()]
        assert sum(word in text for text in texts) == expected
        if expected:
            (passage,) = by_words.values()
            submission = passage.document.submission.id
            assert self.corpus.original(submission).read_text() == _text(word)

    def _open(self) -> Corpus:
        return Corpus(self.root / "data", HashedBagOfWords(64))

    def _expected(self) -> dict[str, str]:
        """What is known after a run: a file that moved is where it is now, not where it was."""
        held = set(self.disk.values())
        stays = {n: w for n, w in self.model.items() if n not in self.disk and w not in held}
        return {**stays, **self.disk}


def _text(word: str) -> str:
    return f"Submission by\n\nThe Body\n\nThe schools of {word} were wired.\n"


def _word(corpus: Corpus, submission_id: str) -> str:
    text = corpus.document(submission_id).text
    return next(word for word in WORDS if word in text)


def _silent(path: Path, done: int, total: int) -> None:
    pass


def _dying(function: Callable[..., object], countdown: int, after: bool) -> Callable[..., object]:
    left = [countdown]

    def dies(*arguments: object, **more: object) -> object:
        left[0] -= 1
        if left[0]:
            return function(*arguments, **more)
        if after:
            function(*arguments, **more)
        raise Died

    return dies


@pytest.mark.parametrize("examples", [6, pytest.param(100, marks=pytest.mark.slow)])
def test_files_and_corpus_keep_step(examples: int) -> None:
    """Add, change, remove, rename, crash, reopen, search: the corpus is what the files were."""
    short = settings(max_examples=examples, stateful_step_count=25)
    # Reading apart is tested elsewhere; here it would take nearly all of the time.
    with patch("ingest.pipeline.read_apart", lambda data, suffix, **_: read(data, suffix)):
        run_state_machine_as_test(Lifecycle, settings=short)
