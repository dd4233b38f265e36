from __future__ import annotations

import sys
from pathlib import Path

from ui.launch import streamlit_command


def test_the_command_serves_the_app_quietly_at_the_address() -> None:
    command = streamlit_command("127.0.0.1", 8501)
    assert command[:4] == [sys.executable, "-m", "streamlit", "run"]
    assert Path(command[4]).is_file()
    for flag in (
        "--server.address=127.0.0.1",
        "--server.port=8501",
        "--server.headless=true",
        "--server.fileWatcherType=none",
        "--browser.gatherUsageStats=false",
        "--client.toolbarMode=minimal",
    ):
        assert flag in command


def test_only_loopback_names_reach_a_loopback_chat() -> None:
    assert "--server.allowedHosts=localhost" in streamlit_command("127.0.0.1", 1)
    assert not [flag for flag in streamlit_command("0.0.0.0", 1) if "allowedHosts" in flag]
