"""Draws a turn of the conversation: the question, the answer, the sources behind it."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from corpus.model import Filters
from rag.model import Answer, AnswerSentence, Query, Status
from ui import prose
from ui.client import Client, Stage
from ui.export import markdown_export
from ui.labels import confidence_label, filters_label, mode_label, stage_label
from ui.nouns import Problem, ServerProblem, Turn
from ui.render import (
    Block,
    Run,
    Style,
    answer_blocks,
    escape_markdown,
    plain,
)
from ui.sources import draw_sources, open_source

STATUS = {
    Status.PARTIAL: ("Related passages only", ":material/rule:"),
    Status.NOT_FOUND: ("Not found", ":material/search_off:"),
}
IN_PART = "Answered in part"
WIDEN = "Clear the filters to search everything."
USER, ASSISTANT = ":material/person:", ":material/menu_book:"


def draw_turn(turn: Turn, client: Client) -> None:
    """Show a question and what came back."""
    draw_question(turn.query, turn.number, prose.Occasion.ANSWERED)
    with st.chat_message("assistant", avatar=ASSISTANT):
        if isinstance(turn.outcome, Problem):
            draw_problem(turn.outcome)
        else:
            _draw_answer(turn.outcome, turn.query.filters, turn.number, client)


def draw_question(query: Query, number: int, occasion: prose.Occasion) -> None:
    """Show what was asked, as it was typed."""
    with st.chat_message("user", avatar=USER):
        prose.show([plain(query.question)], key=f"question-{number}", occasion=occasion)


def draw_problem(problem: Problem) -> None:
    """What went wrong, in the server's words; and what to type if there is no server."""
    detail = f"  \n{escape_markdown(problem.detail)}" if problem.detail else ""
    st.error(f"**{escape_markdown(problem.title)}**{detail}", icon=":material/error:")
    if problem.status is None:
        st.code("wsis serve", language=None)


def ask(query: Query, number: int, client: Client) -> Turn:
    """Send the query, show the sentences as they come; the turn is then drawn as a whole."""
    draw_question(query, number, prose.Occasion.ASKED)
    with st.chat_message("assistant", avatar=ASSISTANT):
        stage, drawn = st.empty(), list[DeltaGenerator]()
        stage.caption(f"{stage_label('searching')} …")
        try:
            for shown, item in enumerate(client.ask(query)):
                match item:
                    case Stage(name):
                        stage.caption(f"{escape_markdown(stage_label(name))} …")
                        if name == "starting_over":
                            # What came before it does not count.
                            _clear(drawn)
                    case AnswerSentence():
                        drawn.append(st.empty())
                        with drawn[-1]:
                            prose.show(answer_blocks([item]), key=f"stream-{number}-{shown}")
                    case Answer():
                        return Turn(number, query, item)
        except ServerProblem as error:
            return Turn(number, query, error.problem)
    raise AssertionError("the client ends with an answer or raises")


def _clear(drawn: list[DeltaGenerator]) -> None:
    while drawn:
        drawn.pop().empty()


def _draw_answer(answer: Answer, sent: Filters, number: int, client: Client) -> None:
    if scope := _scope(answer, sent):
        prose.show(scope, key=f"scope-{number}")
    _draw_status(answer, limited=bool(filters_label(sent)))
    if answer.sentences:
        blocks = answer_blocks(answer.sentences)
        key = f"answer-{number}"
        prose.show(blocks, key=key, on_cite=lambda cited: open_source(number, cited))
    for warning in answer.warnings:
        st.warning(escape_markdown(warning), icon=":material/warning:")
    draw_sources(answer, number, client)
    _draw_foot(answer, number)


def _draw_status(answer: Answer, *, limited: bool) -> None:
    """A box where the answer is less than asked for; one without sentences says why."""
    if answer.status not in STATUS:
        return
    name, icon = STATUS[answer.status]
    said = "" if answer.sentences else f"  \n{escape_markdown(answer.answer)}"
    advice = f" {WIDEN}" if limited else ""
    st.info(f"**{IN_PART if answer.sentences else name}**{said}{advice}", icon=icon)


def _scope(answer: Answer, sent: Filters) -> list[Block]:
    """What was understood and searched, where that is not plain from the question."""
    notes = []
    if answer.standalone_question.strip() != answer.question.strip():
        notes.append(("Understood as: ", answer.standalone_question))
    limits = filters_label(answer.filters) or filters_label(sent)
    if limits:
        notes.append(("Limited to: ", limits))
    return [Block((Run(name), Run(value)), Style.NOTE) for name, value in notes]


def _draw_foot(answer: Answer, number: int) -> None:
    made = [f"Confidence that the passages answer: {confidence_label(answer.confidence)}"]
    if answer.sentences:
        made.append(escape_markdown(mode_label(answer)))
    st.caption(" · ".join(made))
    st.download_button(
        "Download with sources",
        markdown_export(answer),
        file_name=f"answer-{answer.answer_id}.md",
        mime="text/markdown",
        key=f"download-{number}",
        icon=":material/download:",
        on_click="ignore",
    )
