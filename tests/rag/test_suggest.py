"""A refusal ends with a question that is known to be answered."""

from __future__ import annotations

import re

import pytest

from corpus.model import Filters
from rag.assistant import Assistant
from rag.model import Query, Status

_OFFER = re.compile(r"You could ask: “(?P<question>[^”]+)”$")


@pytest.mark.parametrize(
    "question",
    [
        "What is the budget of ECPAT?",
        "What did ITU say about spectrum?",
        "Who is the director of ECPAT?",
        "How many children were polled in Iraq?",
    ],
)
def test_what_is_suggested_is_answered(assistant: Assistant, question: str) -> None:
    """Whoever takes the advice gets an answer from the submission that it names."""
    answer = assistant.ask(Query(question))
    assert answer.status is not Status.ANSWERED
    offer = _OFFER.search(answer.answer)
    assert offer is not None
    assert "Part " not in offer["question"]
    followed = assistant.ask(Query(offer["question"]))
    assert followed.status is Status.ANSWERED
    assert followed.citations[0].entity in offer["question"]


def test_nothing_is_suggested_where_nothing_would_answer(library: Assistant) -> None:
    """A submission without headings that fit, and a search of nothing, end without advice."""
    nothing = Filters(entity=("The Harbour Society",), session=(27,))
    answer = library.ask(Query("Who taught fishing crews?", filters=nothing))
    assert "You could ask" not in answer.answer


def test_an_answer_suggests_nothing(assistant: Assistant) -> None:
    """Advice is for whoever got no answer."""
    answer = assistant.ask(Query("Where was the Global Boys Summit held?"))
    assert answer.status is Status.ANSWERED
    assert "You could ask" not in answer.answer
