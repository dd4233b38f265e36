"""Corpora made once and kept, so that the second run of a suite starts at once."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path

from filelock import FileLock

import corpus
import ingest
from corpus.embedder import Embedder, HashedBagOfWords
from corpus.kept import KeepingEmbedder, KeptVectors
from corpus.lock import read_owner
from corpus.store import Corpus
from evals.collection import Collection

Progress = Callable[[str, int], None]
_Makers = tuple[Embedder, Embedder]
_COMPLETE = "complete"
_VECTORS = "kept-vectors.sqlite"


class Shelf:
    """Ingested collections under ``folder``, named by content, embedder and ingesting code.

    ``load`` makes the embedder when one is first needed, since that takes seconds.
    ``progress`` is called with a collection's name and how many documents are in.
    """

    def __init__(
        self,
        folder: Path,
        load: Callable[[], Embedder],
        progress: Progress | None = None,
        load_multilingual: Callable[[], Embedder] | None = None,
    ) -> None:
        self._folder = folder
        self._load = load
        self._load_multilingual = load_multilingual or load
        self._progress = progress or (lambda name, done: None)  # noqa: ARG005

    @cached_property
    def embedder(self) -> Embedder:
        return self._load()

    @cached_property
    def _kept(self) -> KeptVectors:
        self._folder.mkdir(parents=True, exist_ok=True)
        return KeptVectors(self._folder / _VECTORS)

    @cached_property
    def remembering(self) -> KeepingEmbedder:
        """The embedder, its passage vectors kept for every corpus of the shelf."""
        return KeepingEmbedder(self.embedder, self._kept)

    @cached_property
    def multilingual(self) -> KeepingEmbedder:
        return KeepingEmbedder(self._load_multilingual(), self._kept)

    @contextmanager
    def corpus(self, collection: Collection, *, words_only: bool = False) -> Iterator[Corpus]:
        """The collection's corpus, made if need be; ``words_only``: with no model behind it."""
        makers = _no_models() if words_only else (self.remembering, self.multilingual)
        family = f"{collection.name}-{'words' if words_only else 'model'}-"
        folder = self._folder / f"{family}{_key(collection, makers)}"
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if not (folder / _COMPLETE).exists():
                self._make(collection, folder, makers)
                self._drop_older(family, folder)
        opened = Corpus(folder, *makers)
        try:
            yield opened
        finally:
            opened.close()

    def _drop_older(self, family: str, kept: Path) -> None:
        """What other content or older code made is of no use; one in use is left."""
        key_digits = len(kept.name) - len(family)
        for older in self._folder.glob(f"{family}{'?' * key_digits}"):
            if older != kept and older.is_dir() and read_owner(older) is None:
                shutil.rmtree(older, ignore_errors=True)
                older.with_name(f"{older.name}.lock").unlink(missing_ok=True)

    def _make(self, collection: Collection, folder: Path, makers: _Makers) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        made = Corpus(folder, *makers)
        try:
            with tempfile.TemporaryDirectory() as scratch:
                for done, document in enumerate(collection.documents(makers[0])):
                    self._progress(collection.name, done)
                    original = Path(scratch) / "original.txt"
                    original.write_text(document.text, encoding="utf-8")
                    made.add(document, original, document.submission.id)
        finally:
            made.close()
        (folder / _COMPLETE).touch()


def _no_models() -> _Makers:
    none = HashedBagOfWords(dimension=8)
    return none, none


def _key(collection: Collection, makers: _Makers) -> str:
    models = [[one.name, one.dimension, one.max_tokens] for one in makers]
    recipe = [collection.key, models, _code()]
    return hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:12]


@cache
def _code() -> str:
    """A change of the code that ingests must not be measured on what older code ingested."""
    digest = hashlib.sha256()
    for package in (corpus, ingest):
        for source in sorted(Path(package.__path__[0]).glob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()
