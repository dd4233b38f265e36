"""What the grammar of a sentence tells: roles, whoever stands first; and of how many it speaks."""

from __future__ import annotations

import pytest

from rag import exchanges, scope
from rag.arguments import AGENT, PATIENT, edges
from rag.parse import parse
from rag.words import read


def roles_of(text: str) -> set[tuple[str, str, str]]:
    tokens = parse(text)
    return {(tokens[e.head].lemma, e.role, tokens[e.dep].lemma) for e in edges(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Governments protect children.",
        "Children are protected by governments.",
        "Governments will continue to protect children.",
        "Governments, which protect children, met in Geneva.",
        "Children protected by governments are safe.",
        "Governments and companies protect children.",
    ],
)
def test_active_and_passive_come_to_the_same_roles(text: str) -> None:
    assert {("protect", AGENT, "government"), ("protect", PATIENT, "child")} <= roles_of(text)


def test_a_purpose_has_no_subject_from_a_passive() -> None:
    assert ("define", AGENT, "sector") not in roles_of("The sector is engaged to define actions.")


def test_a_word_with_a_hyphen_is_one() -> None:
    assert "evidence-based" in {token.text for token in parse("They want evidence-based law.")}


QUOTES = {
    "hold": "Civil society must hold governments to account for protecting children.",
    "chair": "ECPAT continues to chair the Reference Group within the Alliance.",
    "action": "The summit brought practitioners together to design action for boys.",
}


@pytest.mark.parametrize(
    ("quote", "right", "wrong"),
    [
        (
            "hold",
            "Governments must be held to account by civil society for protecting children.",
            "Civil society must be held to account by governments for protecting children.",
        ),
        (
            "chair",
            "The Reference Group within the Alliance is chaired by ECPAT.",
            "The Reference Group continues to chair ECPAT within the Alliance.",
        ),
        (
            "action",
            "At the summit practitioners designed action for boys.",
            "At the summit boys designed action for practitioners.",
        ),
    ],
)
def test_exchanged_roles_are_found_and_other_order_is_not(
    quote: str, right: str, wrong: str
) -> None:
    source = [read(QUOTES[quote], "en", ())]
    assert exchanges.exchanged(read(right, "en", ()), source) == ([], [])
    assert any(exchanges.exchanged(read(wrong, "en", ()), source))


@pytest.mark.parametrize(
    ("quote", "claim", "is_reversed"),
    [
        ("The network trains teachers.", "The network is trained by teachers.", True),
        ("The network trains teachers.", "Teachers are trained by the network.", False),
        # One side only, and verbs that go both ways.
        ("The network trains teachers.", "Teachers train police officers.", False),
        ("ECPAT met the operators.", "The operators met ECPAT.", False),
        ("Children face new risks online.", "New risks face children online.", False),
    ],
)
def test_a_verb_is_reversed_when_both_its_sides_are(
    quote: str, claim: str, *, is_reversed: bool
) -> None:
    certain, _ = exchanges.exchanged(read(claim, "en", ()), [read(quote, "en", ())])
    assert bool(certain) == is_reversed


@pytest.mark.parametrize(
    "told",
    [
        "Members elect the chair of the Alliance.",
        # Wrong, but nothing has changed places: that is for others to find.
        "ECPAT chairs the Alliance.",
    ],
)
def test_what_the_quote_does_not_tell_is_no_exchange(told: str) -> None:
    source = [read(QUOTES["chair"], "en", ())]
    assert exchanges.exchanged(read(told, "en", ()), source) == ([], [])


@pytest.mark.parametrize(
    ("quote", "right", "wrong"),
    [
        (
            "A large proportion of victims are boys.",
            "Many of the victims are boys.",
            "All victims are boys.",
        ),
        (
            "Campaigns run in every region.",
            "Campaigns run in each region.",
            "Campaigns run in some of the regions.",
        ),
        (
            "ECPAT works with the IGF.",
            "ECPAT works with the IGF.",
            "ECPAT works only with the IGF.",
        ),
        ("Victims are not only girls.", "Not only girls are victims.", "Victims are girls only."),
        ("Most members reported.", "Most of the members reported.", "Few members reported."),
    ],
)
def test_scope(quote: str, right: str, wrong: str) -> None:
    source = [read(quote, "en", ())]
    assert scope.disagreements(read(right, "en", ()), source) == []
    assert scope.disagreements(read(wrong, "en", ()), source)
