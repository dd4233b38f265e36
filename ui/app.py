"""The page that ``streamlit run`` shows: a chat over the submissions."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from corpus.model import Filters
from rag.model import Message, Query
from ui import prose
from ui.client import Client
from ui.filters import choose_filters, clear_filters
from ui.nouns import Catalogue, Problem, ServerProblem, Turn
from ui.render import listing_row
from ui.turns import ask, draw_problem, draw_turn

TITLE = "WSIS Submissions Assistant"
LEDE = (
    "Ask what stakeholders told the UN Commission on Science and Technology for Development "
    "about WSIS follow-up. Every sentence of an answer opens the passage that it comes from."
)
EXAMPLES = (
    "Where and when was the Global Boys Summit held?",
    "List the activities on coordination and convening.",
    "What obstacles stand in the way of protecting children online?",
    "Which future actions are planned?",
)
ICON = Path(__file__).parent / "assets" / "icon.png"
HISTORY = 10
LISTED = 5


def main() -> None:
    st.set_page_config(page_title=TITLE, page_icon=str(ICON), layout="centered")
    client = Client.from_environment()
    catalogue = load(client)
    filters = sidebar(catalogue)
    turns: list[Turn] = st.session_state.setdefault("turns", [])
    # Placed by hand: the page would otherwise cling to its end and hide what was just opened.
    typed = st.bottom.chat_input("Ask about the submissions", key="typed", submit_mode="disable")
    if typed and typed.strip():
        put(typed.strip(), filters)
    query: Query | None = st.session_state.get("query")
    heading = st.header if turns or query else st.title
    heading(TITLE, anchor=False)
    if not turns and query is None:
        welcome(catalogue, filters)
    for turn in turns:
        draw_turn(turn, client)
    if query is not None:
        turns.append(ask(query, st.session_state["number"], client))
        st.session_state["query"] = None
        st.rerun()
    if turns and isinstance(turns[-1].outcome, Problem):
        st.button("Ask again", on_click=again, icon=":material/refresh:")


def load(client: Client) -> Catalogue | Problem:
    try:
        return _submissions(client)
    except ServerProblem as error:
        return error.problem


@st.cache_data(ttl=20, show_spinner=False)
def _submissions(client: Client) -> Catalogue:
    return client.submissions()


def sidebar(catalogue: Catalogue | Problem) -> Filters:
    with st.sidebar:
        st.button(
            "New conversation", on_click=start_over, icon=":material/add_comment:", width="stretch"
        )
        known = Catalogue(()) if isinstance(catalogue, Problem) else catalogue
        filters = choose_filters(known)
        st.button(
            "Clear filters",
            on_click=clear_filters,
            disabled=filters == Filters(),
            icon=":material/filter_alt_off:",
            width="stretch",
        )
    return filters


def welcome(catalogue: Catalogue | Problem, filters: Filters) -> None:
    st.markdown(LEDE)
    if isinstance(catalogue, Problem):
        draw_problem(catalogue)
        st.button("Try again", icon=":material/refresh:")
        return
    if not catalogue.submissions:
        st.info("Nothing is searchable yet. Add submissions with `wsis ingest PATH`.")
        return
    st.subheader("Try a question", anchor=False)
    for number, question in enumerate(EXAMPLES):
        st.button(
            question,
            key=f"example-{number}",
            on_click=put,
            args=(question, filters),
            width="stretch",
        )
    searchable(catalogue)


def searchable(catalogue: Catalogue) -> None:
    rows = [listing_row(item) for item in catalogue.submissions]
    count = "1 submission is" if len(rows) == 1 else f"{len(rows):,} submissions are"
    st.subheader(f"{count} searchable", anchor=False)
    prose.show(rows[:LISTED], key="searchable")
    if len(rows) > LISTED:
        rest = st.expander(f"{len(rows) - LISTED:,} more", key="more", on_change="rerun")
        if rest.open:
            with rest:
                prose.show(rows[LISTED:], key="searchable-more")


def put(question: str, filters: Filters) -> None:
    """Make the question the next one to ask, with what was said before."""
    turns: list[Turn] = st.session_state.setdefault("turns", [])
    said: list[Message] = [message for turn in turns for message in turn.messages()]
    ask_next(Query(question, tuple(said[-HISTORY:]), filters))


def again() -> None:
    """A callback: ask the question that failed once more."""
    ask_next(st.session_state["turns"].pop().query)


def ask_next(query: Query) -> None:
    # Numbers are never used twice, so no turn inherits the opened sources of another.
    st.session_state["number"] = st.session_state.get("number", 0) + 1
    st.session_state["query"] = query


def start_over() -> None:
    st.session_state["turns"] = []
    st.session_state["query"] = None


if __name__ == "__main__":
    main()
