"""Follow-ups that lean on what was asked before."""

from __future__ import annotations

import pytest

from rag.assistant import Assistant
from rag.model import Message, Query, Role, Status
from rag.standalone import standalone

BEFORE = "Where was the Global Boys Summit held?"


def history(*said: str) -> tuple[Message, ...]:
    """Turns of user and assistant, in turn."""
    roles = (Role.USER, Role.ASSISTANT)
    return tuple(Message(roles[number % 2], text) for number, text in enumerate(said))


@pytest.mark.parametrize(
    "follow_up",
    ["And when?", "When was it?", "Who took part in that?", "What about its purpose and aims?"],
)
def test_a_question_that_leans_gets_the_words_before(library: Assistant, follow_up: str) -> None:
    """The content words of the question before are added, the asking words are not."""
    alone = standalone(library.corpus, follow_up, history(BEFORE, "In Casablanca."))
    assert alone.startswith(f"{follow_up} (")
    assert "Global Boys Summit" in alone
    assert "Where" not in alone


@pytest.mark.parametrize(
    "question",
    [
        "Which partners work on financial services in Peru?",
        "How does ECPAT cooperate with Paniamor Costa Rica?",
    ],
)
def test_a_question_with_a_subject_of_its_own_is_left(library: Assistant, question: str) -> None:
    """A change of topic takes nothing along."""
    assert standalone(library.corpus, question, history(BEFORE, "In Casablanca.")) == question


def test_only_the_last_question_counts(library: Assistant) -> None:
    """Neither an earlier question nor what the assistant said is added."""
    said = history("What is ENSEMBLE?", "A project.", BEFORE, "In Casablanca, says ECPAT.")
    alone = standalone(library.corpus, "And when?", said)
    assert "Summit" in alone
    assert not {"ENSEMBLE", "Casablanca"} & set(alone.replace("(", " ").split())


@pytest.mark.parametrize("said", [(), history(""), (Message(Role.ASSISTANT, "Hello."),)])
def test_without_a_question_before_nothing_is_added(
    library: Assistant, said: tuple[Message, ...]
) -> None:
    """The first question of a talk is asked as it is."""
    assert standalone(library.corpus, "And when?", said) == "And when?"


def test_words_that_are_there_already_are_not_added_twice(library: Assistant) -> None:
    """A follow-up that repeats the subject in another form stays short."""
    alone = standalone(library.corpus, "Why these summits?", history("Which summit?"))
    assert alone == "Why these summits?"


def test_a_follow_up_is_answered_as_its_full_question(assistant: Assistant) -> None:
    """ "And when was it?" after the summit's place is answered from the summit's bullet."""
    answer = assistant.ask(Query("And when was it?", history=history(BEFORE, "Casablanca.")))
    assert answer.status is Status.ANSWERED
    assert answer.question == "And when was it?"
    assert "Summit" in answer.standalone_question
    assert "June 2023" in answer.citations[0].quote


def test_a_place_in_the_follow_up_stands_for_the_one_before(library: Assistant) -> None:
    """ "And in Asia?" asks of Asia, no longer of what was asked before."""
    before = history("Which campaign do they run in the European Union?")
    alone = standalone(library.corpus, "And in Asia?", before)
    assert "campaign" in alone
    assert "European" not in alone


def test_a_follow_up_to_a_follow_up_keeps_the_subject(library: Assistant) -> None:
    """What the first question was about reaches the third."""
    before = history(
        "Which partners work on financial services?", "In Peru.", "And in Chile?", "No."
    )
    assert "financial" in standalone(library.corpus, "And since when?", before)


def test_a_pointer_into_the_answer_is_resolved(library: Assistant) -> None:
    """ "The last of those" is the last item that the answer named."""
    before = history("Where was research done?", "In Iraq, Kenya and Ethiopia.")
    alone = standalone(library.corpus, "What was found in the last of those?", before)
    assert "in Ethiopia" in alone
