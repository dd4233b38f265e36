from __future__ import annotations

import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import ask, checked, highlighted, press, prose, words
from tests.ui.stub_server import (
    ARABIC_QUOTE,
    ATTACK,
    CHAIR,
    ENTITIES,
    SUMMIT,
    TEXTS,
    StubServer,
)
from ui.app import EXAMPLES

QUESTION = EXAMPLES[0]


def opened(chat: AppTest, key: str) -> AppTest:
    chat.session_state[key] = True
    return checked(chat.run())


def test_the_first_screen_says_what_it_does_and_what_is_searchable(chat: AppTest) -> None:
    said = words(chat)
    assert "3 submissions are searchable" in said
    assert "ECPAT International · CSTD session 27, reporting on 2023 · Civil society" in said
    assert [item.label for item in chat.button if item.label in EXAMPLES] == list(EXAMPLES)


def test_an_answer_has_markers_and_its_sources(chat: AppTest) -> None:
    ask(chat, QUESTION)
    markers = [text for runs in prose(chat) for text, kind in runs if kind == "cite"]
    assert markers == ["1", "2"]
    assert [item.label for item in chat.expander] == [
        r"**\[1\]** ECPAT International · 1\. Coordination and Convening · page 3 \(printed iv\)",
        r"**\[2\]** ECPAT International · 1\. Coordination and Convening",
    ]
    assert "high (92%)" in words(chat)
    assert chat.get("download_button")


def test_a_drafted_answer_tells_paraphrases_from_quotes_and_names_the_model(
    chat: AppTest,
) -> None:
    ask(chat, "drafted?")
    tagged = [runs[0][0] for runs in prose(chat) if any(kind == "tag" for _, kind in runs)]
    assert tagged == ["According to ECPAT International, boys met."]
    assert "checked against the quotes \\(openai\\:" in words(chat).replace("\N{WORD JOINER}", "")
    assert "tiny\\_one" in words(chat)


def test_an_answer_that_fell_back_says_why_and_shows_no_draft(chat: AppTest) -> None:
    ask(chat, "Which one fell back?")
    assert "The language model did not write this" in words(chat)
    assert "withdrawn" not in words(chat)
    assert "Quoted from the submissions" in words(chat)


def test_an_example_is_asked_by_its_button(chat: AppTest, stub: StubServer) -> None:
    press(chat, QUESTION)
    assert [body["question"] for body in stub.asked] == [QUESTION]


def test_an_opened_source_highlights_exactly_the_quote(chat: AppTest) -> None:
    ask(chat, QUESTION)
    assert highlighted(chat) == []
    opened(chat, "source-1-1")
    assert highlighted(chat) == [SUMMIT]
    assert "Page: 3 (printed iv)" in words(chat)
    [link] = chat.get("link_button")
    assert link.proto.url.startswith("http://127.0.0.1:")


def test_a_source_is_shown_on_its_pages_when_asked_for(chat: AppTest, stub: StubServer) -> None:
    ask(chat, QUESTION)
    opened(chat, "source-1-1")
    assert stub.drawn == []
    [toggle] = [item for item in chat.toggle if item.label == "Show it on the page"]
    checked(toggle.set_value(True).run())
    start = TEXTS["calm-1"].index(SUMMIT)
    query = f"start={start}&end={start + len(SUMMIT)}"
    assert stub.drawn == [("3.png", query), ("4.png", query)]
    captions = [image.caption for found in chat.get("image") for image in found.proto.imgs]
    assert captions == [r"Page 3 \(printed iv\)", r"Page 4 \(printed v\)"]


def test_a_source_without_places_has_no_picture(chat: AppTest) -> None:
    ask(chat, QUESTION)
    opened(chat, "source-1-2")
    assert not [item for item in chat.toggle if item.label == "Show it on the page"]


def test_a_changed_text_is_not_highlighted_at_the_wrong_place(
    chat: AppTest, stub: StubServer
) -> None:
    ask(chat, QUESTION)
    stub.texts["calm-1"] = "Another text altogether. " * 200
    opened(chat, "source-1-1")
    assert highlighted(chat) == [SUMMIT]
    assert "Another text" not in words(chat)
    assert "has changed since" in words(chat)


def test_a_refusal_shows_what_came_nearest_and_no_sources(chat: AppTest) -> None:
    ask(chat, "What was the budget?")
    said = words(chat)
    assert "Not found" in said
    assert "Nothing in the 3 submissions searched" in said
    assert "Nearest passages" in said
    assert "low (8%)" in said
    assert len(chat.expander) == 2
    assert not [kind for runs in prose(chat) for _, kind in runs if kind == "cite"]
    opened(chat, "nearest-1-1")
    assert highlighted(chat) == [CHAIR]


def test_partial_says_that_nothing_states_it(chat: AppTest) -> None:
    ask(chat, "How many participants?")
    assert "Related passages only" in words(chat)


def test_a_follow_up_sends_what_was_said(chat: AppTest, stub: StubServer) -> None:
    ask(chat, QUESTION)
    ask(chat, "And the budget?")
    history = stub.asked[1]["history"]
    assert [item["role"] for item in history] == ["user", "assistant"]
    assert history[0]["content"] == QUESTION
    assert SUMMIT in history[1]["content"]
    assert "Understood as: And the budget? (ECPAT)" in words(chat)
    assert len(chat.chat_message) == 4


def test_history_is_cut_to_ten_messages_and_ends_with_the_conversation(
    chat: AppTest, stub: StubServer
) -> None:
    for number in range(7):
        ask(chat, f"summit {number}")
    assert [len(body["history"]) for body in stub.asked] == [0, 2, 4, 6, 8, 10, 10]
    press(chat, "New conversation")
    assert not chat.chat_message
    ask(chat, QUESTION)
    assert stub.asked[-1]["history"] == []


def test_sources_opened_in_one_conversation_are_closed_in_the_next(chat: AppTest) -> None:
    ask(chat, QUESTION)
    opened(chat, "source-1-1")
    press(chat, "New conversation")
    ask(chat, QUESTION)
    assert highlighted(chat) == []


def test_filters_are_sent_stated_and_cleared(chat: AppTest, stub: StubServer) -> None:
    fields = {item.label: item for item in chat.multiselect}
    assert fields["CSTD session"].options == ["27", "26"]
    assert fields["Language"].options == ["Arabic", "English"]
    assert fields["Part of the submission"].options[3] == "Future actions or initiatives"
    fields["CSTD session"].select(27)
    fields["Kind of submitter"].select("civil_society")
    fields["Part of the submission"].select("future_actions")
    ask(chat, "Is there a budget?")
    sent = stub.asked[0]["filters"]
    assert (sent["session"], sent["entity_type"]) == ([27], ["civil_society"])
    assert sent["part"] == ["future_actions"]
    assert "Limited to: kind Civil society; session 27; part Future actions" in words(chat)
    assert "Clear the filters" in words(chat)
    press(chat, "Clear filters")
    ask(chat, QUESTION)
    assert not any(stub.asked[1]["filters"].values())


@pytest.mark.parametrize(
    ("question", "title"), [("too long", "Question too long"), ("falls over", "Model gone")]
)
def test_a_problem_is_shown_and_can_be_asked_again(
    chat: AppTest, stub: StubServer, question: str, title: str
) -> None:
    ask(chat, question)
    assert title in words(chat)
    assert question in words(chat)
    press(chat, "Ask again")
    assert len(stub.asked) == 2
    assert len(chat.chat_message) == 2


def test_without_a_server_the_address_and_the_command_are_shown(
    monkeypatch: pytest.MonkeyPatch, chat: AppTest
) -> None:
    monkeypatch.setenv("WSIS_SERVER_URL", "http://127.0.0.1:9")
    checked(chat.run())
    assert "wsis serve" in words(chat)
    assert "127\\.0\\.0\\.1" in words(chat)
    ask(chat, QUESTION)
    assert QUESTION in words(chat)
    assert "The server cannot be reached" in words(chat)


def test_filters_survive_a_server_that_went_away(
    monkeypatch: pytest.MonkeyPatch, chat: AppTest
) -> None:
    chat.multiselect[0].select(ENTITIES["calm-1"])
    checked(chat.run())
    st.cache_data.clear()
    monkeypatch.setenv("WSIS_SERVER_URL", "http://127.0.0.1:9")
    checked(chat.run())


def test_hostile_text_reaches_the_page_as_text_only(chat: AppTest) -> None:
    """Law 7, on the server's side of the browser; the browser test checks the other."""
    ask(chat, "hostile")
    opened(chat, "source-1-1")
    assert highlighted(chat) == [ATTACK]
    markdown = [item.value for item in (*chat.markdown, *chat.warning, *chat.caption)]
    labels = [item.label for item in chat.expander]
    for text in (*markdown, *labels):
        assert not re.search(r"(?<!\\)[<\[`$!]|https?://|:\w+:|www\.", text), text
    assert not chat.get("html")


def test_arabic_is_highlighted_as_it_stands(chat: AppTest) -> None:
    ask(chat, "arabic")
    opened(chat, "source-1-1")
    assert highlighted(chat) == [ARABIC_QUOTE]
