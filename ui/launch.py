"""The command line that starts the chat: quiet, local, in our colours."""

from __future__ import annotations

import sys
from pathlib import Path

APP = Path(__file__).with_name("app.py")
LOOPBACK = ("127.0.0.1", "localhost", "::1")

THEME = {
    "base": "light",
    "primaryColor": "#1d5a8c",
    "backgroundColor": "#ffffff",
    "secondaryBackgroundColor": "#f2f5f8",
    "textColor": "#1b2733",
    "linkColor": "#1d5a8c",
    "borderColor": "#d5dde5",
    "showWidgetBorder": "true",
    "baseRadius": "8px",
    "font": "sans-serif",
    "headingFont": "sans-serif",
    "headingFontSizes": "1.9rem,1.4rem,1.1rem,1rem,1rem,1rem",
    "sidebar.backgroundColor": "#f5f7fa",
    "sidebar.secondaryBackgroundColor": "#ffffff",
}

OPTIONS = {
    # Magic would print the value of any bare expression of the script.
    "runner.magicEnabled": "false",
    "server.headless": "true",
    "server.showEmailPrompt": "false",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    # A failure must not show code to the reader, nor offer to look it up on the web.
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
}


def streamlit_command(host: str, port: int) -> list[str]:
    """The arguments that serve the chat at ``host:port``, for ``subprocess`` or ``execv``."""
    options = OPTIONS | {f"theme.{name}": value for name, value in THEME.items()}
    options |= {"server.address": host, "server.port": str(port)}
    flags = [f"--{name}={value}" for name, value in options.items()]
    if host in LOOPBACK:
        # Web pages that rebind their name to this machine get no session.
        flags += [f"--server.allowedHosts={name}" for name in LOOPBACK]
    return [sys.executable, "-m", "streamlit", "run", str(APP), *flags]
