"""Whether a passage gives the reason that a question asks for."""

from __future__ import annotations

from rag.reasons import reason_missing

QUESTION = "Why was the summit moved to Nairobi?"
TOLD = ["The summit was moved to Nairobi in June."]


def test_a_passage_that_only_repeats_the_premise_gives_no_reason() -> None:
    assert reason_missing(QUESTION, TOLD, 0.0) == ("The nearest passages do not say why.",)


def test_a_word_of_cause_or_news_for_the_question_is_a_reason() -> None:
    assert not reason_missing(QUESTION, [f"{TOLD[0][:-1]} because of the floods."], 0.0)
    assert not reason_missing(QUESTION, TOLD, 0.2)


def test_other_questions_and_other_languages_ask_for_none() -> None:
    assert not reason_missing("Where was the summit?", TOLD, 0.0)
    assert not reason_missing(QUESTION, TOLD, None)
