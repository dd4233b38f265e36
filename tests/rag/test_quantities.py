"""Numbers and lengths of time of a sentence, held against those of its sources."""

from __future__ import annotations

import pytest

from rag.quantities import disagreements
from rag.words import Reading, read

LENGTHS = [
    ("They have three days.", "They must report within 72 hours."),
    ("It takes thirty-six months.", "They had three years."),
    ("It comes half a minute later.", "It comes within thirty seconds."),
    ("It is a year and a half late.", "It was postponed by eighteen months."),
    ("It takes two and a half years.", "It takes thirty months."),
    ("They are paid every three months.", "They get a share every quarter."),
    ("They train for three quarters of a year.", "They train for nine months."),
    ("It takes under sixty minutes.", "It happens within an hour."),
    ("They paid nothing in those three decades.", "For thirty years they did not pay."),
]
TIMES = [
    ("They pay two times.", "They pay twice."),
    ("The council met twice.", "Two meetings of the council were held."),
    ("There are twice as many.", "There are double the number."),
    ("They had first resisted.", "Initially opposed, they agreed."),
]
WRONG = [
    ("It takes three weeks.", "It takes three days."),
    ("It is sent within two hours.", "It is sent within two years."),
    ("It takes two days.", "It takes 72 hours."),
    ("It was the first summit.", "It was a summit."),
    ("The council met twice.", "The council met three times."),
    ("A third of them have left after half a year.", "They have left after six months."),
]


def english(text: str) -> Reading:
    return read(text, "en", ())


@pytest.mark.parametrize(("claim", "quote"), [*LENGTHS, *TIMES])
def test_a_number_may_be_told_in_another_way(claim: str, quote: str) -> None:
    assert disagreements(english(claim), [english(quote)]) == []


@pytest.mark.parametrize(("claim", "quote"), WRONG)
def test_another_length_or_number_is_found(claim: str, quote: str) -> None:
    assert disagreements(english(claim), [english(quote)])


def test_what_has_the_same_number_of_something_else_is_no_other_length() -> None:
    source = english("Within two years two countries have joined.")
    assert disagreements(english("In two countries it took two years."), [source]) == []
