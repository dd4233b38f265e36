from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.ui.stub_server import StubServer, running

APP = Path(__file__).parents[2] / "ui" / "app.py"


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with running() as server:
        yield server


@pytest.fixture
def chat(stub: StubServer, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The chat as it is first seen, over the stub server."""
    monkeypatch.setenv("WSIS_SERVER_URL", stub.url)
    monkeypatch.delenv("WSIS_API_KEY", raising=False)
    st.cache_data.clear()
    return checked(AppTest.from_file(str(APP), default_timeout=20).run())


def checked(chat: AppTest) -> AppTest:
    """The chat itself, once it is sure that no traceback is shown."""
    assert not chat.exception, [item.value for item in chat.exception]
    return chat


def ask(chat: AppTest, question: str) -> AppTest:
    return checked(chat.chat_input[0].set_value(question).run())


def press(chat: AppTest, label: str) -> AppTest:
    button = next(item for item in chat.button if item.label == label)
    return checked(button.click().run())


def prose(chat: AppTest) -> list[list[tuple[str, str]]]:
    """The (text, kind) runs of every block that reaches the page as plain text."""
    payloads = [json.loads(item.proto.json) for item in chat.get("bidi_component")]
    return [
        [(text, kind) for text, kind in block["runs"]]
        for payload in payloads
        for block in payload["blocks"]
    ]


def words(chat: AppTest) -> str:
    """All that the page says, as one text."""
    shown = ["".join(text for text, _ in runs) for runs in prose(chat)]
    for kind in ("markdown", "caption", "info", "error", "warning", "title", "subheader", "code"):
        shown += [str(item.value) for item in chat.get(kind)]
    return "\n".join(shown)


def highlighted(chat: AppTest) -> list[str]:
    return [text for runs in prose(chat) for text, kind in runs if kind == "mark"]
