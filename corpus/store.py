"""One façade over catalogue, vectors and lexical index that keeps the three in step."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from corpus.acronyms import definitions
from corpus.catalogue import FILE, Catalogue
from corpus.embedder import Embedder, Matrix, Vector
from corpus.errors import BadRequest, CorpusReadOnly, IndexMismatch, NotFound
from corpus.lexical import LexicalIndex
from corpus.lock import OwnerLock
from corpus.model import (
    Chunk,
    Document,
    Entry,
    Filters,
    Hit,
    Part,
    Scope,
    Section,
    Submission,
    entries,
)
from corpus.units import sentence_ids, units
from corpus.vectors import UNITS, VectorIndex

# Raised when what is stored in an index changes, so that an older one is rebuilt.
CHUNKING_VERSION = 2
LEXICAL_VERSION = 1
UNITS_VERSION = 1
_HEADER_CHARACTERS = 160
_SNAPSHOT_DIGITS = 12

Recipe = dict[str, str | int]
Splitter = Callable[[Document], tuple[Chunk, ...]]


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
    """How the indexes differ from the catalogue: chunk ids that are missing or left over."""

    chunks: int
    missing_vectors: tuple[str, ...]
    stray_vectors: tuple[str, ...]
    missing_units: tuple[str, ...]
    stray_units: tuple[str, ...]
    missing_lexical: tuple[str, ...]
    stray_lexical: tuple[str, ...]
    unfinished: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        return not any(astuple(self)[1:])


@dataclass(frozen=True, slots=True)
class _View:
    """What every question asks of the catalogue; visible submissions by id, in their order."""

    submissions: dict[str, Submission]
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
        self.embedder = embedder
        self.multilingual = multilingual or embedder
        # A question's vector is needed to find passages and again to rank their sentences.
        self.multilingual_question = lru_cache(maxsize=1)(self.multilingual.embed_query)
        self._chroma_url = chroma_url
        # Documents are immutable and named by their content.
        self._document = lru_cache(maxsize=512)(self._read_document)
        self._view: _View | None = None
        # Counts changes, so that a reader never keeps what it read before one.
        self._changes = 0
        self._lock = OwnerLock(folder, url)
        try:
            self._catalogue = Catalogue(folder / FILE)
            if check_recipe:
                self._check_recipe()
            self._open_indexes()
            if check_recipe:
                self._finish_interrupted()
        except BaseException:
            self._lock.release()
            raise

    def close(self) -> None:
        self._vectors.close()
        self._units.close()
        self._catalogue.close()
        self._lock.release()

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
        submission = self.document(submission_id).submission
        return self._original_path(submission)

    def dense(self, vector: Vector, limit: int, scope: Scope) -> list[Hit]:
        """Nearest chunks by cosine similarity."""
        return self._vectors.search(vector, limit, scope)

    def near_units(self, vector: Vector, limit: int, scope: Scope) -> list[Hit]:
        """Nearest passages and sentences by cosine similarity to a multilingual vector.

        ``corpus.units.chunk_of`` tells the chunk that a hit's id belongs to.
        """
        return self._units.search(vector, limit, scope)

    def unit_vectors(self, passages: Sequence[Passage]) -> list[tuple[Vector, Matrix]]:
        """Multilingual vectors of each passage, and of its quotable sentences, one a row."""
        ids = [[p.chunk.id, *sentence_ids(p.document, p.chunk)] for p in passages]
        known = self._units.vectors(list(dict.fromkeys(i for own in ids for i in own)))
        stacked = [np.stack([known[i] for i in own]) for own in ids]
        return [(rows[0], rows[1:]) for rows in stacked]

    def lexical(self, text: str, limit: int, scope: Scope) -> list[Hit]:
        """Best chunks by BM25."""
        return self._lexical.search(text, limit, scope)

    def matching(self, text: str, scope: Scope) -> list[str]:
        """Every chunk that has all words of ``text``."""
        return self._lexical.matching(text, scope)

    def terms(self, text: str, language: str) -> list[str]:
        """Stemmed content words of a text."""
        return self._lexical.terms(text, language)

    def weights(self, terms: Sequence[str]) -> dict[str, float]:
        """Idf of terms over the chunks."""
        return self._lexical.weights(terms)

    def acronyms(self) -> list[tuple[str, str]]:
        """Short and long forms, as the submissions define them."""
        return list(self._viewed().acronyms)

    def near_terms(self, word: str, language: str) -> list[str]:
        """Words as the index of a language stores them that begin like ``word``."""
        return self._lexical.near_terms(word, language)

    def frequencies(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each term stands."""
        return self._lexical.frequencies(terms)

    def mentions(self, name: str, scope: Scope) -> bool:
        """Whether any passage of the scope has a name, or a word derived from it."""
        return self._lexical.mentions(name, scope)

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

        Returns the submission that was replaced. A reader sees the old one until the new one
        is complete in every store.
        """
        submission = document.submission
        shutil.copyfile(original, self._original_path(submission, create=True))
        self._catalogue.insert(document, source)
        self._index(document)
        replaced = self._catalogue.publish(submission.id)
        self._forget_cached()
        for old in replaced:
            self._take_out(old)
        return replaced[0] if replaced else None

    def remove(self, submission_id: str) -> Submission:
        """Take a submission out of every store; raises NotFound when there is none."""
        submission = self.document(submission_id).submission
        self._catalogue.set_state(submission_id, "removing")
        self._forget_cached()
        self._take_out(submission)
        return submission

    def update(self, submission: Submission, source: str) -> None:
        """Store new metadata or a new place of a file whose content is unchanged."""
        before = self.document(submission.id).submission
        self._catalogue.update_metadata(submission, source)
        if self._original_path(before) != self._original_path(submission):
            self._original_path(before).rename(self._original_path(submission))
        self._forget_cached()
        if (before.entity, before.title) != (submission.entity, submission.title):
            self._index(self._document(submission.id))
            self._remake_lexical()

    def rebuild(self, split: Splitter, progress: Callable[[Submission], None]) -> int:
        """Remake both indexes from the catalogue; returns the number of chunks.

        ``split`` divides a document anew, for the limits of the present embedder.
        """
        self._vectors.close()
        self._units.close()
        if not self._chroma_url:
            shutil.rmtree(self._folder / "chroma", ignore_errors=True)
        shutil.rmtree(self._folder / "lexical", ignore_errors=True)
        self._open_indexes()
        self._vectors.clear()
        self._units.clear()
        for submission in self.submissions():
            progress(submission)
            document = self._read_document(submission.id)
            document = replace(document, chunks=split(document))
            self._catalogue.replace_chunks(document)
            self._index(document)
        self._record_recipe()
        self._finish_interrupted()
        self._forget_cached()
        return len(self._catalogue.chunk_ids())

    def inspect(self) -> Inspection:
        """Compare the indexes with the catalogue."""
        expected = set(self._catalogue.chunk_ids())
        vectors, found, lexical = self._vectors.ids(), self._units.ids(), self._lexical.ids()
        documents = [self._read_document(submission.id) for submission in self.submissions()]
        made = {entry.chunk_id for d in documents for entry in units(d, self._headers(d))}
        pending = [*self._catalogue.in_state("parsed"), *self._catalogue.in_state("removing")]
        return Inspection(
            chunks=len(expected),
            missing_vectors=tuple(sorted(expected - vectors)),
            stray_vectors=tuple(sorted(vectors - expected)),
            missing_units=tuple(sorted(made - found)),
            stray_units=tuple(sorted(found - made)),
            missing_lexical=tuple(sorted(expected - lexical)),
            stray_lexical=tuple(sorted(lexical - expected)),
            unfinished=tuple(submission.id for submission in pending),
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

    def _open_indexes(self) -> None:
        folder, url = self._folder / "chroma", self._chroma_url
        self._vectors = VectorIndex(self.embedder, folder, url)
        self._units = VectorIndex(self.multilingual, folder, url, UNITS)
        self._lexical = LexicalIndex(self._folder / "lexical")

    def _index(self, document: Document) -> None:
        self._catalogue.set_acronyms(document.submission.id, definitions(document.text))
        made = self._entries(document)
        self._vectors.add(made)
        self._units.add(units(document, self._headers(document)))
        self._lexical.add(made)

    def _entries(self, document: Document) -> list[Entry]:
        return entries(document, self._headers(document))

    def _headers(self, document: Document) -> list[str]:
        own = document.submission
        return [fitted_header(own, section, self.embedder) for section in document.sections]

    def _take_out(self, submission: Submission) -> None:
        """Take a submission that is no longer visible out of every store."""
        self._vectors.remove_submission(submission.id)
        self._units.remove_submission(submission.id)
        self._remake_lexical()
        self._original_path(submission).unlink(missing_ok=True)
        self._catalogue.delete(submission.id)
        self._forget_cached()

    def _remake_lexical(self) -> None:
        """Write the lexical index anew from what is visible.

        Tantivy counts a deleted passage in its statistics until segments happen to merge, so
        that the scores of one corpus would depend on what it held before.
        """
        visible = [self._document(found.id) for found in self.submissions()]
        self._lexical.replace_all([e for document in visible for e in self._entries(document)])

    def _finish_interrupted(self) -> None:
        for submission in self._catalogue.in_state("parsed"):
            self._index(self._read_document(submission.id))
            self._catalogue.publish(submission.id)
        for submission in self._catalogue.in_state("removing"):
            self._take_out(submission)

    def _read_document(self, submission_id: str) -> Document:
        document = self._catalogue.document(submission_id)
        if document is None:
            raise NotFound(f"There is no submission {submission_id!r}.")
        return document

    def _viewed(self) -> _View:
        """The visible submissions and what is derived from them, read once after each change."""
        view, changes = self._view, self._changes
        if view is None:
            visible = self._catalogue.in_state("indexed")
            state = [[str(value) for value in astuple(s)] for s in visible]
            digest = hashlib.sha256(json.dumps(state).encode()).hexdigest()
            by_id = {submission.id: submission for submission in visible}
            view = _View(by_id, digest[:_SNAPSHOT_DIGITS], self._catalogue.acronyms())
            if changes == self._changes:
                self._view = view
        return view

    def _forget_cached(self) -> None:
        self._changes += 1
        self._view = None
        self._document.cache_clear()

    def _original_path(self, submission: Submission, *, create: bool = False) -> Path:
        folder = self._folder / "files"
        if create:
            folder.mkdir(exist_ok=True)
        return folder / f"{submission.id}{Path(submission.filename).suffix.lower()}"

    def _check_recipe(self) -> None:
        recorded = self._catalogue.meta("recipe")
        if recorded is None:
            self._record_recipe()
            return
        was, now = json.loads(recorded), self.recipe
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


def contextual_header(submission: Submission, section: Section) -> str:
    """The line that says where a passage stands: submitter, title, section path.

    A title that names the submitter says nothing more ("2023 submission by …").
    """
    entity, title = submission.entity, submission.title
    whose = [entity] if entity.casefold() in title.casefold() else [entity, title]
    return " › ".join([*whose, *section.path])[:_HEADER_CHARACTERS]


def fitted_header(submission: Submission, section: Section, embedder: Embedder) -> str:
    """The contextual header, cut to at most half of the tokens that the embedder takes."""
    header = contextual_header(submission, section)
    while header and embedder.count_tokens(header) > embedder.max_tokens // 2:
        header = header[: len(header) * 3 // 4].rstrip()
    return header


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
