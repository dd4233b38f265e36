"""Numbers and lengths of time of a sentence, held against those of its sources."""

from __future__ import annotations

import pytest

from rag.quantities import disagreements
from rag.words import Reading, read

LENGTHS = [
    ("They have three days.", "They must report within 72 hours."),
    ("It takes thirty-six months.", "They had three years."),
    ("It comes half a minute later.", "It comes within thirty seconds."),
    ("It came a year and a half later.", "It was postponed by eighteen months."),
    ("It takes two and a half years.", "It takes thirty months."),
    ("They train for three quarters of a year.", "They train for nine months."),
    ("They trained 40 people in the last ten years.", "In the past decade it was 40 people."),
    ("It takes under sixty minutes.", "It happens within an hour."),
    ("They paid nothing in those three decades.", "For thirty years they did not pay."),
]
TIMES = [
    ("They pay two times.", "They pay twice."),
    ("The council met two times.", "Two meetings of the council were held."),
    ("There are twice as many.", "There are double the number."),
    ("They had first resisted.", "Initially opposed, they agreed."),
]
WRONG = [
    ("It takes three weeks.", "It takes three days."),
    ("It is sent within two hours.", "It is sent within two years."),
    ("It takes two days.", "It takes 72 hours."),
    ("It was the first summit.", "It was a summit."),
    ("The council met twice.", "The council met three times."),
    ("The union has been there twice.", "The union has two offices there."),
    ("It acts within 24 hours.", "It acts within 48 hours. The hotline takes 90 calls a day."),
    ("It lasted 24 months.", "Two-year-old children attend."),
    ("It gives 60 minutes.", "It gives 90 minutes for 60 teachers, and an hour off."),
    ("It was adopted at second reading.", "It was adopted at first reading."),
    ("It lasted 1.5 seconds.", "A second report came out."),
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


def test_an_ordinal_is_no_length() -> None:
    source = english("The mandate was extended to two years.")
    assert disagreements(english("The mandate was extended for a second year."), [source]) == []
