"""Two things in each other's place, by the order of words."""

from __future__ import annotations

import pytest

from rag.roles import swapped
from rag.words import Reading, read


def english(text: str) -> Reading:
    return read(text, "en", ())


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("The Senate of Calvera lowered the age of consent.", "The age was lowered in Calvera."),
        ("The Agency has handed the wells to counties.", "Wells were handed over by the Agency."),
        ("The Union of Judges supports the exchange.", "It has the support of the Union."),
        (
            "The astronomers of Point Lerwin lent the hospital their dish.",
            "The hospital borrowed the dish of the astronomers.",
        ),
    ],
)
def test_the_same_told_from_the_other_end_is_no_exchange(quote: str, claim: str) -> None:
    assert swapped(english(claim), [english(quote)]) == []


@pytest.mark.parametrize(
    ("quote", "claim"),
    [
        ("Schools surveyed by the Foundation agree.", "The Foundation was surveyed by schools."),
        ("The network trains the teachers.", "Teachers trained the network."),
        ("The network trains the teachers.", "The network is trained by the teachers."),
        ("It eases the transfer of teachers to schools.", "The transfer of schools to teachers."),
        ("It defends rights in the digital environment.", "It defends environment in the rights."),
        (
            "The same technology used to harm children protects them.",
            "The same children that is used to harm technology protects them.",
        ),
    ],
)
def test_an_exchange_is_found(quote: str, claim: str) -> None:
    assert swapped(english(claim), [english(quote)])
