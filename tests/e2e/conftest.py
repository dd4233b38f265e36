from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.processes import ServerProcess, free_port
from tests.ui.stub_server import running
from ui.launch import streamlit_command

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60


@pytest.fixture(scope="session")
def stub_chat_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over the stub server, which holds hostile and Arabic text."""
    with running() as stub, served(stub.url, tmp_path_factory.mktemp("chat")) as url:
        yield url


@pytest.fixture(scope="session")
def chat_url(server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a chat over a real server that holds the bundled submission."""
    with served(server.url, tmp_path_factory.mktemp("chat")) as url:
        yield url


@contextmanager
def served(server_url: str, folder: Path) -> Iterator[str]:
    """A chat over the server at ``server_url``; its log and home are in ``folder``."""
    port = free_port()
    environment = os.environ | {
        "WSIS_SERVER_URL": server_url,
        "HOME": str(folder),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            streamlit_command("127.0.0.1", port),
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(health: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(health, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(f"the chat did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def requested() -> list[str]:
    """Every address that the page asks for."""
    return []


@pytest.fixture
def page(browser: Browser, chat_url: str, requested: list[str]) -> Iterator[Page]:
    """A fresh profile with the chat's first screen."""
    with _first_screen(browser, chat_url, requested) as page:
        yield page


@pytest.fixture
def stub_page(browser: Browser, stub_chat_url: str, requested: list[str]) -> Iterator[Page]:
    """The same, over the stub server."""
    with _first_screen(browser, stub_chat_url, requested) as page:
        yield page


@contextmanager
def _first_screen(browser: Browser, url: str, requested: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("request", lambda request: requested.append(request.url))
    page.goto(url)
    page.get_by_text("searchable").first.wait_for()
    yield page
    context.close()


@pytest.fixture
def screenshot_path(tmp_path: Path) -> Path:
    """Where the picture of an opened source goes; WSIS_SCREENSHOT overrides it."""
    return Path(os.environ.get("WSIS_SCREENSHOT") or tmp_path / "chat.png")
