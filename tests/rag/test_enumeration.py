import pytest

from rag.enumeration import pointed_at

RESEARCH = "According to ECPAT, “Conducting research in Iraq, Kenya and Ethiopia, in 2023.” [1]"
TWO_QUOTES = "According to A, “It trains judges.” [1] A also states: “It trains the police.” [2]"


@pytest.mark.parametrize(
    ("question", "answer", "alone"),
    [
        ("What about the last of those?", RESEARCH, "What about Ethiopia?"),
        ("What was found in the first of them?", RESEARCH, "What was found in Iraq?"),
        ("And the second one?", RESEARCH, "And Kenya?"),
        (
            "Tell me more on the latter.",
            "Work with INTERPOL and UNICEF Innocenti.",
            "Tell me more on UNICEF Innocenti.",
        ),
        ("Why the last of those?", TWO_QUOTES, "Why It trains the police?"),
    ],
)
def test_a_pointer_is_replaced_by_its_item(question: str, answer: str, alone: str) -> None:
    """By the item of an enumeration, or by the sentence of an answer that has several."""
    assert pointed_at(question, answer) == alone


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was the first summit held?", RESEARCH),
        ("What about the fifth of those?", RESEARCH),
        ("What about the last of those?", "Nothing was found."),
        ("What about the last of those?", ""),
    ],
)
def test_what_points_nowhere_is_left(question: str, answer: str) -> None:
    """A description, a place past the end, and an answer without a list change nothing."""
    assert pointed_at(question, answer) == question
