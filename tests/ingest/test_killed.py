"""Killed runs of the command line; see ``killed`` for the program."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.processes import PROJECT


@pytest.mark.parametrize("kills", [5, pytest.param(200, marks=pytest.mark.slow)])
def test_killed_runs_lose_nothing_and_double_nothing(kills: int) -> None:
    """After kills at random points a run to the end gives the folder's content, once."""
    # In a process of its own: it forks, which one that has stores open must not.
    done = subprocess.run(
        [sys.executable, "-m", "tests.ingest.killed", "--kills", str(kills), "--seed", "5"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=30 * kills + 60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Nothing lost, nothing twice, stores agree." in done.stdout
