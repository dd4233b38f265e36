"""Real processes of the program for tests: the command line, and a server that is ready."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

PROJECT = Path(__file__).resolve().parent.parent
_READY_SECONDS = 120


@dataclass(frozen=True, slots=True)
class ServerProcess:
    url: str
    folder: Path
    pid: int


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The machine's environment without its own WSIS settings, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WSIS_")}
    return {**kept, "HF_HUB_OFFLINE": "1", "WSIS_DATA_DIR": str(folder), **settings}


def wsis(
    folder: Path,
    *arguments: str,
    settings: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end, beside the data folder, where no ``.env`` is."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        env={**environment(folder, **(settings or {})), "PYTHONPATH": str(PROJECT)},
        cwd=cwd or folder.parent,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[ServerProcess]:
    """A server over the bundled submission, ended when the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve", "--bundled"],
        env={**environment(folder, WSIS_PORT=str(port), **settings), "PYTHONPATH": str(PROJECT)},
        cwd=folder.parent,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _await_ready(url, process)
        yield ServerProcess(url, folder, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _await_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        try:
            if httpx.get(f"{url}/readyz", trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"the server was not ready after {_READY_SECONDS} s")
