"""One process owns a data folder: an embedded Chroma read by two gives wrong answers silently.

The owner leaves a note with its process id and, if it serves, its address, so that others can
say who it is and go through it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import CorpusInUse


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that holds a data folder; ``url`` is empty when it does not serve."""

    pid: int
    url: str = ""


class OwnerLock:
    """Held from construction to ``release``; raises CorpusInUse when another process has it."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self._note = folder / "owner.json"
        # Held by the process: the thread that opens a corpus need not be the one that closes it.
        self._lock = FileLock(folder / "owner.lock", thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise CorpusInUse(_in_use(folder, read_owner(folder))) from error
        self._note.write_text(json.dumps(asdict(Owner(os.getpid(), url))), encoding="utf-8")

    def release(self) -> None:
        self._note.unlink(missing_ok=True)
        self._lock.release()


def read_owner(folder: Path) -> Owner | None:
    """Who holds the folder by its own note; None when nobody does or the note is unreadable."""
    try:
        owner = Owner(**json.loads((folder / "owner.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return owner if _is_running(owner.pid) else None


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _in_use(folder: Path, owner: Owner | None) -> str:
    who = f"process {owner.pid}" if owner else "another process"
    if owner and owner.url:
        return (
            f"The data folder {folder} is in use by the server at {owner.url} ({who}). Ask through "
            f"that server, or stop it first."
        )
    return f"The data folder {folder} is in use by {who}. Wait until it ends, or stop it first."
