"""One façade over catalogue, vectors and lexical index that keeps the three in step."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import astuple, dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from corpus.changes import Addition, Changes, Renewal
from corpus.disk import told
from corpus.embedder import Embedder, Matrix, Vector, word_vectors
from corpus.errors import BadRequest, CorpusReadOnly, IndexMismatch, NotFound
from corpus.gate import Gate
from corpus.lock import OwnerLock
from corpus.model import Chunk, Document, Filters, Hit, Part, Scope, Section, Submission
from corpus.stores import Stores
from corpus.units import sentence_ids
from corpus.writer import Splitter, Writer

# Raised when what is stored in an index changes, so that an older one is rebuilt.
CHUNKING_VERSION = 2
LEXICAL_VERSION = 1
UNITS_VERSION = 1
_SNAPSHOT_DIGITS = 12
# Texts whose words' vectors are kept at hand; each takes some 70 kB.
_WORDS_KEPT = 1_024

Recipe = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found, with the document it stands in."""

    document: Document
    chunk: Chunk

    @property
    def section(self) -> Section:
        return self.document.sections[self.chunk.section]


@dataclass(frozen=True, slots=True)
class Inspection:
    """How the other stores differ from the catalogue: what is missing there, or left over.

    Chunk ids, unit ids, names of original files; ``unfinished`` are submission ids.
    """

    chunks: int
    missing_vectors: tuple[str, ...]
    stray_vectors: tuple[str, ...]
    missing_units: tuple[str, ...]
    stray_units: tuple[str, ...]
    missing_lexical: tuple[str, ...]
    stray_lexical: tuple[str, ...]
    missing_files: tuple[str, ...]
    stray_files: tuple[str, ...]
    unfinished: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        return not any(astuple(self)[1:])


@dataclass(frozen=True, slots=True)
class _View:
    """What every question asks of the catalogue; visible submissions by id, in their order.

    ``hidden`` are those that the vector indexes may hold and nobody must see.
    """

    submissions: dict[str, Submission]
    hidden: tuple[str, ...]
    snapshot: str
    acronyms: list[tuple[str, str]]


class Corpus:
    """All that is searchable. Owns its data folder from construction to ``close``.

    ``embedder`` is for passages. ``multilingual`` is for single sentences and, in any language, for
    passages too; without one the first does both.

    Raises CorpusInUse (another process has the folder), CorpusReadOnly (cannot be written),
    IndexMismatch (made with another configuration; ``check_recipe=False`` lets a rebuild in),
    CorpusUnreachable (the Chroma server of ``chroma_url`` does not answer).
    """

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        multilingual: Embedder | None = None,
        *,
        chroma_url: str = "",
        url: str = "",
        check_recipe: bool = True,
    ) -> None:
        self._folder = _writable(folder)
        self._gate = Gate()
        self.embedder = embedder
        self.multilingual = multilingual or embedder
        # A question's vector is needed to find passages and again to rank their sentences.
        self.multilingual_question = lru_cache(maxsize=1)(self.multilingual.embed_query)
        # Made of one text at a time, so that what is asked beside it changes no digit.
        self.words = lru_cache(maxsize=_WORDS_KEPT)(partial(word_vectors, self.embedder))
        # Documents are immutable and named by their content.
        self._document = lru_cache(maxsize=512)(self._read_document)
        self._openings = lru_cache(maxsize=1)(self._read_openings)
        self._view: _View | None = None
        # Counts changes, so that a reader never keeps what it read before one.
        self._changes = 0
        self._lock = OwnerLock(folder, url)
        try:
            with told(folder):
                self._open(chroma_url, check_recipe)
        except BaseException:
            self._lock.release()
            raise

    def _open(self, chroma_url: str, check_recipe: bool) -> None:
        self._stores = Stores(self._folder, self.embedder, self.multilingual, chroma_url)
        self._catalogue = self._stores.catalogue
        self._writer = Writer(self._stores, self._gate, self._forget_cached)
        if check_recipe:
            self._check_recipe()
            # On a full disk what is there can still be read; what is not finished stays hidden.
            with suppress(CorpusReadOnly):
                self._writer.settle()

    def close(self) -> None:
        self._stores.close()
        self._lock.release()

    def reading(self) -> AbstractContextManager[None]:
        """While inside, what is visible stays the same: changes wait."""
        return self._gate.reading()

    # --- reading --------------------------------------------------------------------------

    @property
    def recipe(self) -> Recipe:
        """How the indexes are made; two corpora of one recipe and snapshot answer alike."""
        return {
            "embedder": self.embedder.name,
            "dimension": self.embedder.dimension,
            "max_tokens": self.embedder.max_tokens,
            "multilingual": self.multilingual.name,
            "chunking": CHUNKING_VERSION,
            "lexical": LEXICAL_VERSION,
            "units": UNITS_VERSION,
        }

    @property
    def snapshot(self) -> str:
        """Names the set of visible submissions and their metadata; 12 hexadecimal digits."""
        return self._viewed().snapshot

    def submissions(self) -> list[Submission]:
        return list(self._viewed().submissions.values())

    def document(self, submission_id: str) -> Document:
        """Raises NotFound when no such submission is visible."""
        if submission_id not in self._viewed().submissions:
            raise NotFound(
                f"There is no submission {submission_id!r}. GET /submissions (or "
                f"`wsis submissions`) lists those there are."
            )
        return self._document(submission_id)

    def openings(self, characters: int) -> dict[str, str]:
        """The first ``characters`` of each visible text, by submission id; read once a change."""
        return self._openings(self.snapshot, characters)

    def size(self, submission_id: str) -> tuple[int, int]:
        """How many pages and chunks a submission has."""
        return self._catalogue.size(submission_id)

    def passages(self, chunk_ids: Sequence[str]) -> dict[str, Passage]:
        """The visible passages among these chunks, by chunk id."""
        located = self._catalogue.locate(chunk_ids)
        documents = [self._document(found) for found in dict.fromkeys(located.values())]
        return {
            chunk.id: Passage(document, chunk)
            for document in documents
            for chunk in document.chunks
            if chunk.id in located
        }

    def original(self, submission_id: str) -> Path:
        """The file as it was taken in."""
        return self._stores.original(self.document(submission_id).submission)

    def dense(self, vector: Vector, limit: int, scope: Scope) -> list[Hit]:
        """Nearest chunks by cosine similarity."""
        return self._stores.vectors.search(vector, limit, scope, self._viewed().hidden)

    def near_units(self, vector: Vector, limit: int, scope: Scope) -> list[Hit]:
        """Nearest passages and sentences by cosine similarity to a multilingual vector.

        ``corpus.units.chunk_of`` tells the chunk that a hit's id belongs to.
        """
        return self._stores.units.search(vector, limit, scope, self._viewed().hidden)

    def unit_vectors(self, passages: Sequence[Passage]) -> list[tuple[Vector, Matrix]]:
        """Multilingual vectors of each passage, and of its quotable sentences, one a row."""
        ids = [[p.chunk.id, *sentence_ids(p.document, p.chunk)] for p in passages]
        known = self._stores.units.vectors(list(dict.fromkeys(i for own in ids for i in own)))
        stacked = [np.stack([known[i] for i in own]) for own in ids]
        return [(rows[0], rows[1:]) for rows in stacked]

    def lexical(self, text: str, limit: int, scope: Scope) -> list[Hit]:
        """Best chunks by BM25."""
        return self._stores.lexical.search(text, limit, scope)

    def matching(self, text: str, scope: Scope) -> list[str]:
        """Every chunk that has all words of ``text``."""
        return self._stores.lexical.matching(text, scope)

    def terms(self, text: str, language: str) -> list[str]:
        """Stemmed content words of a text."""
        return self._stores.lexical.terms(text, language)

    def weights(self, terms: Sequence[str]) -> dict[str, float]:
        """Idf of terms over the chunks."""
        return self._stores.lexical.weights(terms)

    def acronyms(self) -> list[tuple[str, str]]:
        """Short and long forms, as the submissions define them."""
        return list(self._viewed().acronyms)

    def near_terms(self, word: str, language: str) -> list[str]:
        """Words as the index of a language stores them that begin like ``word``."""
        return self._stores.lexical.near_terms(word, language)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands."""
        return self._stores.lexical.frequencies(terms)

    def mentions(self, name: str, scope: Scope) -> bool:
        """Whether any passage of the scope has a name, or a word derived from it."""
        return self._stores.lexical.mentions(name, scope)

    def scope(self, filters: Filters) -> Scope:
        """What the filters leave to search; raises BadRequest for a value nothing has."""
        if filters == Filters():
            return Scope()
        submissions = self.submissions()
        _check_values(filters, submissions)
        kept = [found for found in submissions if _passes(found, filters)]
        everything = len(kept) == len(submissions)
        return Scope(
            submissions=None if everything else tuple(found.id for found in kept),
            parts=filters.part,
        )

    def searched(self, filters: Filters) -> list[Submission]:
        """The submissions that the filters leave."""
        if filters == Filters():
            return self.submissions()
        return [found for found in self.submissions() if _passes(found, filters)]

    # --- writing --------------------------------------------------------------------------

    def add(self, document: Document, original: Path, source: str) -> Submission | None:
        """Take a document in, in place of the one that came from ``source`` before, if any.

        Returns the submission that was replaced; it stays where another source has it too.
        """
        gone = self.publish(Changes(additions=(Addition(document, original, source),)))
        return gone[0] if gone else None

    def remove(self, submission_id: str) -> Submission:
        """Take a submission out of every store; raises NotFound when there is none."""
        submission = self.document(submission_id).submission
        self.publish(Changes(removals=(submission_id,)))
        return submission

    def update(self, submission: Submission, source: str, gone: tuple[str, ...] = ()) -> None:
        """Store new metadata or a new place of a file whose content is unchanged.

        ``gone`` are the places where it was and is no more.
        """
        self.document(submission.id)
        self.publish(Changes(renewals=(Renewal(submission, source, gone),)))

    def embed(self, document: Document) -> None:
        """Make and keep a document's vectors, so that publishing it takes little time."""
        with told(self._folder):
            self._stores.embed(document)

    def publish(self, changes: Changes) -> list[Submission]:
        """Make changes visible together; returns the submissions that went.

        A reader sees all of the old until all of the new is complete in every store. Raises
        CorpusReadOnly when the disk refuses; then nothing has changed.
        """
        return self._writer.publish(changes)

    def sources(self) -> dict[str, str]:
        """The id of the submission that each path, or name of an upload, has."""
        return self._catalogue.sources()

    def rebuild(self, split: Splitter, progress: Callable[[Submission], None]) -> int:
        """Remake both indexes from the catalogue; returns the number of chunks.

        ``split`` divides a document anew, for the limits of the present embedder. What was
        embedded with the same model before is not embedded again.
        """
        # Until it is complete, no recipe fits.
        self._catalogue.set_meta("recipe", json.dumps({}))
        self._writer.rebuild(split, progress)
        self._record_recipe()
        return len(self._catalogue.chunk_ids())

    def inspect(self) -> Inspection:
        """Compare the indexes with the catalogue."""
        expected = set(self._catalogue.chunk_ids())
        stores = self._stores
        vectors, found, lexical = stores.vectors.ids(), stores.units.ids(), stores.lexical.ids()
        documents = [self._read_document(submission.id) for submission in self.submissions()]
        made = {entry.chunk_id for d in documents for entry in stores.units_of(d)}
        files = {path.name for path in stores.originals()}
        originals = {stores.original(submission).name for submission in self.submissions()}
        return Inspection(
            chunks=len(expected),
            missing_vectors=tuple(sorted(expected - vectors)),
            stray_vectors=tuple(sorted(vectors - expected)),
            missing_units=tuple(sorted(made - found)),
            stray_units=tuple(sorted(found - made)),
            missing_lexical=tuple(sorted(expected - lexical)),
            stray_lexical=tuple(sorted(lexical - expected)),
            missing_files=tuple(sorted(originals - files)),
            stray_files=tuple(sorted(files - originals)),
            unfinished=self._viewed().hidden,
        )

    # --- answers --------------------------------------------------------------------------

    def keep_answer(self, answer_id: str, created: str, record: object) -> None:
        self._catalogue.keep_answer(answer_id, created, self.snapshot, record)

    def answer(self, answer_id: str) -> object:
        """The record of an answer that was given; raises NotFound."""
        record = self._catalogue.answer(answer_id)
        if record is None:
            raise NotFound(f"There is no answer {answer_id!r} in this corpus.")
        return record

    # --- within ---------------------------------------------------------------------------

    def _read_document(self, submission_id: str) -> Document:
        document = self._catalogue.document(submission_id)
        if document is None:
            raise NotFound(f"There is no submission {submission_id!r}.")
        return document

    def _read_openings(self, snapshot: str, characters: int) -> dict[str, str]:  # noqa: ARG002
        # The snapshot is what the cache goes by.
        return self._catalogue.openings(characters)

    def _viewed(self) -> _View:
        """The visible submissions and what is derived from them, read once after each change."""
        view, changes = self._view, self._changes
        if view is None:
            visible = self._catalogue.in_state("indexed")
            state = [[str(value) for value in astuple(s)] for s in visible]
            digest = hashlib.sha256(json.dumps(state).encode()).hexdigest()
            by_id = {submission.id: submission for submission in visible}
            pending = [
                s for state in ("parsed", "removing") for s in self._catalogue.in_state(state)
            ]
            view = _View(
                submissions=by_id,
                hidden=tuple(sorted(submission.id for submission in pending)),
                snapshot=digest[:_SNAPSHOT_DIGITS],
                acronyms=self._catalogue.acronyms(),
            )
            if changes == self._changes:
                self._view = view
        return view

    def _forget_cached(self) -> None:
        self._changes += 1
        self._view = None
        self._document.cache_clear()

    def _check_recipe(self) -> None:
        recorded = self._catalogue.meta("recipe")
        if recorded is None:
            self._record_recipe()
            return
        was, now = json.loads(recorded), self.recipe
        if not was:
            raise IndexMismatch("A rebuild was not finished. Run `wsis rebuild` again.")
        differing = [key for key in now if was.get(key) != now[key]]
        if differing:
            told = "; ".join(
                f"{key}: recorded {was.get(key)}, configured {now[key]}" for key in differing
            )
            raise IndexMismatch(
                f"The index was made with another configuration ({told}). Run `wsis rebuild` to "
                f"remake it from the catalogue, or restore the setting."
            )

    def _record_recipe(self) -> None:
        self._catalogue.set_meta("recipe", json.dumps(self.recipe))


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CorpusReadOnly(
            f"The data folder {folder} cannot be written ({error.strerror}). Choose another with "
            f"WSIS_DATA_DIR, or mend its rights or its disk."
        ) from error
    return folder


def _passes(submission: Submission, filters: Filters) -> bool:
    wanted: list[tuple[tuple[object, ...], object]] = [
        (filters.submission, submission.id),
        (filters.entity, submission.entity),
        (filters.entity_type, submission.entity_type),
        (filters.session, submission.session),
        (filters.year, submission.year),
        (filters.language, submission.language),
    ]
    return all(value in allowed for allowed, value in wanted if allowed)


def _check_values(filters: Filters, submissions: Sequence[Submission]) -> None:
    known: dict[str, set[object]] = {
        "submission": {s.id for s in submissions},
        "entity": {s.entity for s in submissions},
        "entity_type": {s.entity_type for s in submissions},
        "session": {s.session for s in submissions},
        "year": {s.year for s in submissions},
        "language": {s.language for s in submissions},
        "part": set(Part),
    }
    for name, values in known.items():
        unknown = [value for value in getattr(filters, name) if value not in values]
        if unknown:
            there = sorted(str(value) for value in values if value is not None)
            listed = ", ".join(there[:20]) or "none"
            more = " …" if len(there) > 20 else ""
            raise BadRequest(
                f"No submission has {name} {unknown[0]!r}. Known values: {listed}{more}."
            )
