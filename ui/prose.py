"""Shows text that is not ours: runs of text in, text nodes out, no markup in between.

Streamlit's Markdown turns bare addresses, ``:name:`` and ``->`` into links, pictures and
arrows even when they are escaped, so a quotation shown through it might not be exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

import streamlit as st

from ui.render import Block

NAME = "wsis_prose"
ASSETS = Path(__file__).with_name("assets")
HTML = '<div class="prose"></div>'


class Occasion(StrEnum):
    """Why the page scrolls to a text, which it does once for each reason."""

    NONE = ""
    ASKED = "asked"
    ANSWERED = "answered"
    OPENED = "opened"


def show(
    blocks: Sequence[Block],
    key: str,
    occasion: Occasion = Occasion.NONE,
    on_cite: Callable[[int], object] | None = None,
) -> None:
    """Display the blocks; ``on_cite`` is called with the number of a marker that is clicked."""

    def clicked() -> None:
        number = st.session_state[key].get("cite")
        if on_cite is not None and isinstance(number, int):
            on_cite(number)

    shown = [
        {"style": block.style, "runs": [[run.text, run.kind] for run in block.runs]}
        for block in blocks
    ]
    data = {"blocks": shown, "occasion": occasion}
    _component()(data=data, key=key, on_cite_change=clicked)


def _component() -> Callable[..., object]:
    # Registered at each use: Streamlit's registry lives with the server, not with the module.
    return st.components.v2.component(
        NAME,
        html=HTML,
        css=(ASSETS / "prose.css").read_text("utf-8"),
        js=(ASSETS / "prose.js").read_text("utf-8"),
    )
