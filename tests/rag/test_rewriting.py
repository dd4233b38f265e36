"""A model's rewriting of a follow-up is taken when it makes nothing up."""

from __future__ import annotations

import pytest

from rag.assistant import Assistant
from rag.circuit import Circuit
from rag.generate import Writer
from rag.language_model import ModelFailed
from rag.model import Message, Mode, Query, Role
from rag.rewriting import Rewriter, checked
from tests.rag.scripted import EveryWordQuoted, ScriptedModel

HISTORY = (
    Message(Role.USER, "Where was the Global Boys Summit held?"),
    Message(Role.ASSISTANT, "According to ECPAT International, in Casablanca in June 2023. [1]"),
)
FOLLOW_UP = "And when was it?"
GOOD = "When was the Global Boys Summit held in Casablanca?"
SAID = [message.content for message in HISTORY]


@pytest.mark.parametrize("reply", [GOOD, f"\n“{GOOD}”\n", f"**{GOOD}**", "When was it in 2023?"])
def test_what_was_said_may_be_put_in(reply: str) -> None:
    """Marks around it are taken off."""
    assert checked(reply, FOLLOW_UP, SAID) == reply.strip("\n“”*")


MADE_UP = {
    "a name": "When was the UNICEF Global Boys Summit held?",
    "another place": "When was the Global Boys Summit held in Nairobi?",
    "a number": "When in 2024 was the Global Boys Summit held?",
    "an answer": "It was held in June 2023.",
    "two lines": f"Here is the question:\n{GOOD}",
    "nothing": "",
    "a link": f"[{GOOD}](https://evil.example)?",
    "a flood": "when was it " * 50 + "?",
}


@pytest.mark.parametrize("case", MADE_UP)
def test_what_was_not_said_is_refused(case: str) -> None:
    """Nor is an answer a question."""
    assert checked(MADE_UP[case], FOLLOW_UP, SAID) is None


def test_the_language_stays() -> None:
    """A long question keeps its own."""
    asked = "¿Y cuándo se celebró esa reunión de los niños?"
    assert checked("When was that meeting of the boys held?", asked, SAID) is None


def with_model(by_words: Assistant, *replies: object) -> tuple[Assistant, ScriptedModel]:
    model = ScriptedModel(list(replies), structured=False)  # type: ignore[arg-type]
    return Assistant(by_words.corpus, Writer(model, EveryWordQuoted())), model


def test_a_follow_up_is_searched_as_it_was_rewritten(by_words: Assistant) -> None:
    """The model is shown the conversation."""
    assistant, model = with_model(by_words, GOOD, "NONE")
    answer = assistant.ask(Query(FOLLOW_UP, HISTORY))
    assert answer.standalone_question == GOOD
    assert "Global Boys Summit" in model.prompts[0].user


@pytest.mark.parametrize("reply", [MADE_UP["a name"], ModelFailed("it is down")])
def test_without_a_rewriting_that_holds_the_rules_do_it(by_words: Assistant, reply: object) -> None:
    """As without a model."""
    assistant, _ = with_model(by_words, reply, "NONE", "NONE")
    plain = by_words.ask(Query(FOLLOW_UP, HISTORY))
    answer = assistant.ask(Query(FOLLOW_UP, HISTORY))
    assert answer.standalone_question == plain.standalone_question != FOLLOW_UP


def test_no_model_is_asked_without_need(by_words: Assistant) -> None:
    """A question that stands alone, or extractive mode."""
    alone = Query("Where was the Global Boys Summit held in 2023?", HISTORY[:1])
    assistant, model = with_model(by_words, "NONE")
    assistant.ask(alone)
    assistant.ask(Query(FOLLOW_UP, HISTORY, mode=Mode.EXTRACTIVE))
    assert len(model.prompts) == 1


def test_a_model_that_fails_to_is_not_asked_for_a_while() -> None:
    """Then it may try again, and is asked as before when it does well."""
    now = [0.0]
    rewriter = Rewriter(
        ScriptedModel(["on and on " * 200, GOOD, GOOD]),
        Circuit(failures=1, rest=60, clock=lambda: now[0]),
    )
    assert rewriter.rewritten(FOLLOW_UP, HISTORY) is None
    assert rewriter.rewritten(FOLLOW_UP, HISTORY) is None
    now[0] = 61
    assert rewriter.rewritten(FOLLOW_UP, HISTORY) == GOOD
    assert rewriter.rewritten(FOLLOW_UP, HISTORY) == GOOD
