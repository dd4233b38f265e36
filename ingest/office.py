"""Word processor files to PDF, by LibreOffice: where it ends pages, for want of any in the file.

A program of its own that opens files from anyone. It gets a profile that is made for it and thrown
away (no macros, no links followed, a proxy that nobody answers), a network of its own without any
way out where the system lets us make one, and limits on time, memory (those of the process that
starts it) and what it writes.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from corpus.errors import UnreadableFile
from ingest.reading import OFFICE

# A short file takes some 2 s.
OFFICE_SECONDS = 90
_MOST_BYTES = 200_000_000
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
# Discard: what goes there is not answered.
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3",
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
    },
}


def laid_out(data: bytes, suffix: str, seconds: float = OFFICE_SECONDS) -> bytes:
    """The file as a PDF; raises UnreadableFile: ``timed_out``, or ``damaged`` where it fails."""
    program = shutil.which(OFFICE)
    if program is None:
        raise _failed("LibreOffice is not installed any more")
    with tempfile.TemporaryDirectory(prefix="wsis-office-") as folder:
        home = Path(folder)
        _profile(home / "profile" / "user")
        (home / f"file{suffix}").write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--convert-to", "pdf"),
            *("--outdir", folder, str(home / f"file{suffix}")),
        ]
        _run(command, home, seconds)
        made = home / "file.pdf"
        if not made.is_file():
            raise _failed("it made no pages of the file")
        return made.read_bytes()


def _run(command: list[str], home: Path, seconds: float) -> None:
    """Run it in a group of processes of its own, all of which end with it."""
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8"}
    try:
        process = subprocess.Popen(  # noqa: S603 - our own arguments; the file is data to it
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=home,
            env=environment,
            start_new_session=True,
            preexec_fn=_confined,  # noqa: PLW1509 - the process that starts it has one thread
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _failed(str(error)) from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(
            "timed_out", f"laying the file out took more than {seconds:.0f} s"
        ) from error
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _confined() -> None:
    """In the new process: limits, and no network where the system allows that to be had."""
    resource.setrlimit(resource.RLIMIT_CPU, (OFFICE_SECONDS, OFFICE_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_BYTES, _MOST_BYTES))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def _profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items '
        f'xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )


def _failed(why: str) -> UnreadableFile:
    return UnreadableFile("damaged", why)
