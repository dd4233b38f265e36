"""Runs as JSON files, one a system and suite, named by when they were made."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corpus.settings import PROJECT
from evals.errors import CasesInvalid
from evals.model import Run

RUNS = Path(__file__).resolve().parent / "runs"
_RUN: TypeAdapter[Run] = TypeAdapter(Run)


def save(run: Run, folder: Path = RUNS) -> Path:
    """Write a run; ``<UTC date-time>-<suite>-<system>.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    suite = run.suite.replace("/", "_").replace(":", "_")
    path = folder / f"{run.started}-{suite}-{run.system}.json"
    path.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def load(path: Path) -> Run:
    """Read a run; raises CasesInvalid when the file is not one."""
    try:
        return _RUN.validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise CasesInvalid(f"{path} is not a run of `wsis eval run`: {error}") from error


def latest(folder: Path = RUNS) -> list[Path]:
    """The newest run of each suite and system, oldest first."""
    newest: dict[tuple[str, str], Path] = {}
    for path in sorted(folder.glob("*.json")):
        run = load(path)
        newest[run.suite, run.system] = path
    return sorted(newest.values())


def revision() -> str:
    """The git revision, with ``+`` when the working tree differs; ``unknown`` outside git."""
    described = _git("rev-parse", "--short=12", "HEAD")
    if not described:
        return "unknown"
    return described + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", *arguments],  # noqa: S607 - git as the user has it
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def without_records(run: Run) -> dict[str, Any]:
    """The run without its records, as ``--json`` prints it."""
    whole = asdict(run)
    del whole["records"]
    return whole
