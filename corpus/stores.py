"""The stores of a data folder, and what each of them holds of a document."""

from __future__ import annotations

import shutil
from pathlib import Path

from corpus import kept
from corpus.catalogue import FILE, Catalogue
from corpus.embedder import Embedder
from corpus.kept import KeepingEmbedder, KeptVectors
from corpus.lexical import LexicalIndex
from corpus.model import Document, Entry, Section, Submission, entries
from corpus.units import units
from corpus.vectors import UNITS, VectorIndex, embedded_text

_HEADER_CHARACTERS = 160


class Stores:
    """Catalogue, vectors by content, two vector indexes, lexical index and original files."""

    def __init__(
        self, folder: Path, embedder: Embedder, multilingual: Embedder, chroma_url: str
    ) -> None:
        self.folder = folder
        self.embedder = embedder
        self._chroma_url = chroma_url
        self.catalogue = Catalogue(folder / FILE)
        self._kept = KeptVectors(folder / kept.FILE)
        self._passages = KeepingEmbedder(embedder, self._kept)
        self._sentences = KeepingEmbedder(multilingual, self._kept)
        self.open_indexes()

    def open_indexes(self) -> None:
        folder, url = self.folder / "chroma", self._chroma_url
        self.vectors = VectorIndex(self._passages, folder, url)
        self.units = VectorIndex(self._sentences, folder, url, UNITS)
        self.lexical = LexicalIndex(self.folder / "lexical")

    def close(self) -> None:
        self.vectors.close()
        self.units.close()
        self._kept.close()
        self.catalogue.close()

    def empty_indexes(self) -> None:
        """Begin both indexes anew."""
        self.vectors.close()
        self.units.close()
        if not self._chroma_url:
            shutil.rmtree(self.folder / "chroma", ignore_errors=True)
        shutil.rmtree(self.folder / "lexical", ignore_errors=True)
        self.open_indexes()
        self.vectors.clear()
        self.units.clear()

    def entries_of(self, document: Document) -> list[Entry]:
        """The passages, as the lexical index and the passage vectors have them."""
        return entries(document, self._headers(document))

    def units_of(self, document: Document) -> list[Entry]:
        """Passages and sentences, as the multilingual vectors have them."""
        return units(document, self._headers(document))

    def embed(self, document: Document) -> None:
        """Make and keep the vectors that are not known yet; the indexes find them then."""
        self._passages.embed_documents([embedded_text(one) for one in self.entries_of(document)])
        self._sentences.embed_documents([embedded_text(one) for one in self.units_of(document)])

    def index_vectors(self, document: Document) -> None:
        """Put a document's vectors into both vector indexes."""
        self.vectors.add(self.entries_of(document))
        self.units.add(self.units_of(document))

    def remove_vectors(self, submission_id: str) -> None:
        """Take a submission out of both vector indexes."""
        self.vectors.remove_submission(submission_id)
        self.units.remove_submission(submission_id)

    def forget_other_vectors(self, documents: list[Document]) -> None:
        """Keep by content what these documents have, and nothing else."""
        self._kept.forget_others({key for one in documents for key in self.keys_of(one)})

    def forget(self, keys: set[bytes]) -> None:
        self._kept.forget(keys)

    def keys_of(self, document: Document) -> set[bytes]:
        """What a document's vectors are kept under."""
        passages = {self._passages.key(embedded_text(e)) for e in self.entries_of(document)}
        return passages | {self._sentences.key(embedded_text(e)) for e in self.units_of(document)}

    def original(self, submission: Submission) -> Path:
        """Where the file as it was taken in lies."""
        suffix = Path(submission.filename).suffix.lower()
        return self.folder / "files" / f"{submission.id}{suffix}"

    def originals(self) -> list[Path]:
        """All files that lie there, those half copied too."""
        folder = self.folder / "files"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def _headers(self, document: Document) -> list[str]:
        own = document.submission
        return [fitted_header(own, section, self.embedder) for section in document.sections]


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
