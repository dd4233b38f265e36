"""Full disks and folders that cannot be written, whatever layer meets them first."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import CorpusReadOnly, WsisError

_ERRORS = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
}
# The stores tell in words what the system told them by number.
_WORDS = (
    "disk is full",
    "database or disk",
    "no space left",
    "readonly database",
    "read-only file system",
    "disk i/o error",
    "file too large",
    "permission denied",
    "unable to open database file",
    *(f"os error {number}" for number in sorted(_ERRORS)),
    *(f"(code: {code})" for code in (8, 10, 13, 14)),  # SQLite's: readonly, I/O, full, cannot open
)

_NEXT_TO_NOTHING = 16 << 20


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """What the disk refuses inside the block is raised as CorpusReadOnly."""
    try:
        yield
    except WsisError:
        raise
    except Exception as error:
        if not (_refused(error) or _is_full(folder)):
            raise
        raise CorpusReadOnly(
            f"The data folder {folder} could not be written ({error}). What was there is as it "
            f"was. Free space or mend its rights, and run the command again."
        ) from error


def _refused(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _ERRORS:
        return True
    words = str(error).lower()
    return any(word in words for word in _WORDS)


def require_space(folder: Path) -> None:
    """Raises CorpusReadOnly when next to nothing is free.

    Asked before a change: chromadb 1.5.9 that met a full disk once never returns from its next
    write.
    """
    if _is_full(folder):
        raise CorpusReadOnly(
            f"The disk of the data folder {folder} is full: less than {_NEXT_TO_NOTHING >> 20} MB "
            f"are free. What was there is as it was. Free space and run the command again."
        )


def _is_full(folder: Path) -> bool:
    """Chroma hides what it met; with next to nothing free it met that."""
    try:
        return shutil.disk_usage(folder).free < _NEXT_TO_NOTHING
    except OSError:
        return False


def place(original: Path, target: Path) -> None:
    """Copy a file so that under its name there is all of it or nothing, also after a crash."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    try:
        with original.open("rb") as read, partial.open("wb") as written:
            shutil.copyfileobj(read, written)
            written.flush()
            os.fsync(written.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
