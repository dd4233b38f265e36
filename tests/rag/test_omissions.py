"""What falls away between a quote and a sentence."""

from __future__ import annotations

import pytest

from rag.omissions import omitted
from rag.support import Evidence


@pytest.mark.parametrize(
    ("quote", "kept", "lost"),
    [
        (
            "The regulator may suspend licences, unless there is a natural disaster.",
            "Unless there is a natural disaster, the regulator may suspend licences.",
            "The regulator may suspend licences.",
        ),
        (
            "Subject to approval by parliament, the agency will buy scanners.",
            "The agency will buy scanners, subject to parliament's approval.",
            "The agency will buy scanners.",
        ),
        (
            "Should donors agree, the project will be extended to Chad.",
            "The project will be extended to Chad if donors agree.",
            "The project will be extended to Chad.",
        ),
        (
            "If funding is secured, the network will open two centres.",
            "The network will open two centres if funding is secured.",
            "The network will open two centres.",
        ),
        (
            "According to its critics, the scheme has failed rural users.",
            "Critics claim that the scheme has failed rural users.",
            "The scheme has failed rural users.",
        ),
        (
            "Some speakers claimed that filters harm free speech.",
            "Some speakers argued that filters harm free speech.",
            "Filters harm free speech.",
        ),
        (
            "Most rural schools are connected.",
            "The majority of rural schools are connected.",
            "Rural schools are connected.",
        ),
        (
            "Few operators publish reports.",
            "Few operators publish reports on it.",
            "A few operators publish reports.",
        ),
        (
            "Some of the trained teachers left.",
            "Several of the trained teachers left.",
            "The trained teachers left.",
        ),
        (
            "The system is designed to reduce fraud.",
            "The system is meant to reduce fraud.",
            "The system reduces fraud.",
        ),
    ],
)
def test_what_limits_a_quote_must_stand_in_the_sentence(quote: str, kept: str, lost: str) -> None:
    evidence = [Evidence(quote, "A Ministry")]
    assert omitted(kept, evidence) == ""
    assert omitted(lost, evidence)


def test_what_limits_something_else_says_nothing() -> None:
    quote = "The ministry opened two laboratories. If funds allow, some teachers will be trained."
    evidence = [Evidence(quote, "A Ministry")]
    assert omitted("The ministry opened laboratories.", evidence) == ""
    assert omitted("Teachers will be trained.", evidence)
    assert omitted("", evidence) == ""


def test_another_language_is_left_alone() -> None:
    assert (
        omitted("Le réseau ouvre.", [Evidence("Si possible, il ouvre.", "X", language="fr")]) == ""
    )
