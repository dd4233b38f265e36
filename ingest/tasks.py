"""Files to take in, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.manifest import MANIFEST, read_manifest
from ingest.metadata import Metadata

# Sources that are no paths begin so.
UPLOAD = "upload:"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file.

    ``status`` is ``indexed``, ``unchanged`` or ``replaced`` for a file that was taken, else the
    reason why not; ``seconds`` is the time of reading and embedding it.
    """

    path: str
    status: str
    submission_id: str | None = None
    pages: int = 0
    chunks: int = 0
    seconds: float = 0.0
    message: str = ""

    @property
    def taken(self) -> bool:
        return self.status in {"indexed", "unchanged", "replaced"}


@dataclass(frozen=True, slots=True)
class Task:
    """A file to take in.

    ``source`` names where it comes from, so that what comes from there later replaces it; ``None``
    is its path. ``stated`` is what is known of it; ``None`` looks into the manifest beside it.
    """

    path: Path
    source: str | None = None
    stated: Metadata | None = None

    @property
    def key(self) -> str:
        return self.source or str(self.path.resolve())

    def known(self) -> Metadata:
        """Raises SettingsInvalid for a manifest that cannot be used."""
        if self.stated is not None:
            return self.stated
        return read_manifest(self.path.parent).get(self.path.name, Metadata())


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, in a fixed order."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if found.is_file() and not hidden and found.name != MANIFEST:
                yield found


def is_there(source: str) -> bool:
    """Whether a source may still have its content; of an upload nobody knows better."""
    return source.startswith(UPLOAD) or Path(source).exists()
