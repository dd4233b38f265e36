"""Changes, made in all stores so that a reader sees the old or the new and a crash loses nothing.

What takes long goes first and shows nothing: vectors are made and kept by content, the document is
stored in state ``parsed`` and put into the vector indexes, where readers pass over it. Then, while
no reader is inside, lexical index and catalogue change together. Last, what was replaced is taken
out. The note ``unsettled`` in the catalogue says between which steps a crash came.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.acronyms import definitions
from corpus.changes import Changes, Renewal, sources_after, without_source
from corpus.disk import place, require_space, told
from corpus.errors import CorpusReadOnly, NotFound
from corpus.gate import Gate
from corpus.model import Chunk, Document, Entry, Submission
from corpus.stores import Stores

Splitter = Callable[[Document], tuple[Chunk, ...]]
# In the catalogue's notes: ids whose indexes may be ahead of it or behind.
_UNSETTLED = "unsettled"


class Writer:
    """The one who changes ``stores``; ``forget`` is called when what is visible has changed."""

    def __init__(self, stores: Stores, gate: Gate, forget: Callable[[], None]) -> None:
        self._stores = stores
        self._catalogue = stores.catalogue
        self._gate = gate
        self._forget = forget
        self._writing = threading.RLock()

    def publish(self, changes: Changes) -> list[Submission]:
        """Make the changes visible together; returns the submissions that went.

        Raises CorpusReadOnly when the disk refuses; then nothing has changed.
        """
        with self._writing, told(self._stores.folder):
            if changes.additions or changes.renewals:  # a removal frees space
                require_space(self._stores.folder)
            renewed = [self._renewed(one) for one in changes.renewals]
            added = [one.document for one in changes.additions]
            for document in [*added, *renewed]:
                self._stores.embed(document)
            try:
                self._stage(changes)
                gone = self._switch(changes, [one for one in renewed if self._is_remade(one)])
            except BaseException:
                # What cannot be mended now is mended at the next opening.
                with contextlib.suppress(Exception):
                    self.settle()
                raise
            with contextlib.suppress(CorpusReadOnly), told(self._stores.folder):
                self._take_out_hidden({key for one in added for key in self._stores.keys_of(one)})
                if renewed:
                    self._sweep_files()
        return gone

    def settle(self) -> None:
        """Undo what never became visible, and finish what did: after a crash, or a failure."""
        with self._writing, told(self._stores.folder):
            unsettled = self._catalogue.meta(_UNSETTLED)
            if unsettled or self._hidden():
                renewed = [self._read(one) for one in json.loads(unsettled or "[]")]
                for document in renewed:
                    self._stores.index_vectors(document)
                if renewed or self._stores.lexical.ids() != set(self._catalogue.chunk_ids()):
                    with self._gate.changing():
                        self._stores.lexical.replace_all(self._entries(self._visible()))
                self._catalogue.set_meta(_UNSETTLED, "")
            self._take_out_hidden()
            self._sweep_files()

    def rebuild(self, split: Splitter, progress: Callable[[Submission], None]) -> None:
        """Remake the indexes of what is visible, in chunks that ``split`` makes anew."""
        with self._writing, told(self._stores.folder):
            self._stores.empty_indexes()
            self._take_out_hidden()
            for document in self._visible():
                progress(document.submission)
                again = replace(document, chunks=split(document))
                self._catalogue.replace_chunks(again)
                self._catalogue.set_acronyms(again.submission.id, definitions(again.text))
                self._stores.embed(again)
                self._stores.index_vectors(again)
            made = self._visible()
            self._stores.lexical.replace_all(self._entries(made))
            self._stores.forget_other_vectors(made)
            self._catalogue.set_meta(_UNSETTLED, "")
            self._sweep_files()
            self._forget()

    # --- the steps ------------------------------------------------------------------------

    def _stage(self, changes: Changes) -> None:
        """Store and index what is new, unseen; say what is about to change."""
        for addition in changes.additions:
            place(addition.original, self._stores.original(addition.document.submission))
        for renewal in changes.renewals:
            self._copy_original(renewal.submission)
        with self._catalogue.transaction():
            for addition in changes.additions:
                document = addition.document
                self._catalogue.insert(document)
                self._catalogue.set_acronyms(document.submission.id, definitions(document.text))
            renewed = [renewal.submission.id for renewal in changes.renewals]
            self._catalogue.set_meta(_UNSETTLED, json.dumps(renewed))
        self._forget()
        for addition in changes.additions:
            self._stores.index_vectors(addition.document)

    def _switch(self, changes: Changes, remade: Sequence[Document]) -> list[Submission]:
        """Show the new and hide the old, in one step for every reader."""
        sources = self._catalogue.sources()
        after = sources_after(sources, changes)
        gone = without_source(self._catalogue.in_state("indexed"), after)
        added = [addition.document for addition in changes.additions]
        others = not gone and not remade
        entries = self._entries(added if others else self._after(gone, [*remade, *added]))
        old_keys = self._keys([self._read(one.submission.id) for one in remade])
        with self._stores.lexical.change(entries, others=others) as show, self._gate.changing():
            for document in remade:
                self._stores.index_vectors(document)
            with self._catalogue.transaction():
                for submission in gone:
                    self._catalogue.set_state(submission.id, "removing")
                for document in added:
                    self._catalogue.set_state(document.submission.id, "indexed")
                for renewal in changes.renewals:
                    self._catalogue.update_metadata(renewal.submission)
                    if renewal.mentions is not None:
                        self._catalogue.set_mentions(renewal.submission.id, renewal.mentions)
                self._catalogue.set_sources(sources, after)
                self._catalogue.set_meta(_UNSETTLED, "")
                show()
            self._forget()
        self._stores.forget(old_keys - self._keys(remade))
        return gone

    def _take_out_hidden(self, spared: frozenset[bytes] | set[bytes] = frozenset()) -> None:
        """Take what is not visible out of every store; kept vectors that are ``spared`` stay.

        Those of what never became visible stay too: its file will come again.
        """
        removed = {submission.id for submission in self._catalogue.in_state("removing")}
        for submission in self._hidden():
            self._stores.remove_vectors(submission.id)
            if submission.id in removed:
                self._stores.forget(self._keys([self._read(submission.id)]) - spared)
            self._stores.original(submission).unlink(missing_ok=True)
            self._catalogue.delete(submission.id)
        self._forget()

    def _sweep_files(self) -> None:
        """Leave the originals of what is visible, under their names, and no others."""
        wanted = {self._stores.original(one) for one in self._catalogue.in_state("indexed")}
        for path in self._stores.originals():
            if path not in wanted:
                path.unlink()

    # --- within ---------------------------------------------------------------------------

    def _renewed(self, renewal: Renewal) -> Document:
        return replace(self._read(renewal.submission.id), submission=renewal.submission)

    def _is_remade(self, document: Document) -> bool:
        """Whether what is indexed of it changes with its metadata."""
        before = self._read(document.submission.id)
        return self._stores.units_of(before) != self._stores.units_of(document)

    def _copy_original(self, submission: Submission) -> None:
        before = self._stores.original(self._read(submission.id).submission)
        if before != self._stores.original(submission):
            place(before, self._stores.original(submission))

    def _after(self, gone: Sequence[Submission], new: Sequence[Document]) -> list[Document]:
        """All that is visible then."""
        left = {one.id for one in gone} | {one.submission.id for one in new}
        stays = [one for one in self._catalogue.in_state("indexed") if one.id not in left]
        return [*(self._read(one.id) for one in stays), *new]

    def _hidden(self) -> list[Submission]:
        return [*self._catalogue.in_state("parsed"), *self._catalogue.in_state("removing")]

    def _visible(self) -> list[Document]:
        return [self._read(one.id) for one in self._catalogue.in_state("indexed")]

    def _entries(self, documents: Sequence[Document]) -> list[Entry]:
        return [entry for one in documents for entry in self._stores.entries_of(one)]

    def _keys(self, documents: Sequence[Document]) -> set[bytes]:
        return {key for one in documents for key in self._stores.keys_of(one)}

    def _read(self, submission_id: str) -> Document:
        document = self._catalogue.document(submission_id)
        if document is None:
            raise NotFound(f"There is no submission {submission_id!r}.")
        return document
