"""Draws the passages behind an answer, each under a heading that opens it."""

from __future__ import annotations

import streamlit as st

from rag.model import Answer, Citation
from ui import prose
from ui.client import Client
from ui.labels import place_label
from ui.nouns import Excerpt, ServerProblem
from ui.render import (
    escape_markdown,
    passage,
    passage_bounds,
    quote_alone,
    source_label,
    source_notes,
    translation_note,
)

CHANGED = "The submission has changed since this answer: only the quoted words are shown."


def draw_sources(answer: Answer, turn: int, client: Client) -> None:
    """What the answer cites and, where it falls short, the passages that came nearest."""
    if answer.citations:
        st.subheader("Sources", anchor=False)
        with st.container(gap="xsmall"):
            for item in answer.citations:
                _draw(item, _key(turn, item.number), answer.snapshot, client, numbered=True)
    if answer.nearest:
        st.subheader("Nearest passages", anchor=False)
        with st.container(gap="xsmall"):
            for place, item in enumerate(answer.nearest, start=1):
                key = f"nearest-{turn}-{place}"
                _draw(item, key, answer.snapshot, client, numbered=False)


def open_source(turn: int, number: int) -> None:
    """Open source ``number`` of an answer; only before the page is drawn (in a callback)."""
    st.session_state[_key(turn, number)] = True


def _key(turn: int, number: int) -> str:
    return f"source-{turn}-{number}"


def _draw(citation: Citation, key: str, snapshot: str, client: Client, *, numbered: bool) -> None:
    # Tracked, so that a marker can open it and that a closed one fetches nothing.
    source = st.expander(source_label(citation, numbered=numbered), key=key, on_change="rerun")
    if source.open:
        with source:
            _draw_opened(citation, key, snapshot, client)


def _draw_opened(citation: Citation, key: str, snapshot: str, client: Client) -> None:
    shown, trouble = None, ""
    start, end = passage_bounds(citation)
    try:
        shown = passage(citation, _excerpt(client, snapshot, citation.submission_id, start, end))
        trouble = "" if shown else CHANGED
    except ServerProblem as error:
        trouble = f"{error.problem.title}. {error.problem.detail}"
    quote = shown or quote_alone(citation)
    blocks = [*source_notes(citation), quote, *translation_note(citation)]
    prose.show(blocks, key=f"text-{key}", occasion=prose.Occasion.OPENED)
    if trouble:
        st.warning(escape_markdown(trouble), icon=":material/warning:")
    placed = any(place.boxes for place in citation.locations)
    if placed and st.toggle("Show it on the page", key=f"page-{key}"):
        _draw_pages(citation, snapshot, client)
    if link := client.link(citation.url):
        st.link_button("Open the full submission", link, icon=":material/open_in_new:")


def _draw_pages(citation: Citation, snapshot: str, client: Client) -> None:
    """Each page that the quote stands on, the quote marked."""
    for place in citation.locations:
        numbers = (place.page, citation.start, citation.end)
        try:
            png = _picture(client, snapshot, citation.submission_id, *numbers)
        except ServerProblem as error:
            st.warning(escape_markdown(error.problem.detail), icon=":material/warning:")
            continue
        st.image(png, caption=escape_markdown(place_label(place)))


@st.cache_data(ttl=300, max_entries=50, show_spinner="Drawing the page …")
def _picture(
    client: Client,
    snapshot: str,  # noqa: ARG001  part of the key, as below
    submission_id: str,
    page: int,
    start: int,
    end: int,
) -> bytes:
    return client.picture(submission_id, page, start, end)


@st.cache_data(ttl=300, max_entries=500, show_spinner=False)
def _excerpt(
    client: Client,
    snapshot: str,  # noqa: ARG001  part of the key: each corpus may hold its own text of an id
    submission_id: str,
    start: int,
    end: int,
) -> Excerpt:
    return client.excerpt(submission_id, start, end)
