"""Short forms are read with the words they stand for, and nothing is made up."""

from __future__ import annotations

import pytest

from corpus.acronyms import definitions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("due to End-to-End Encryption (E2EE) here", {"E2EE": "End-to-End Encryption"}),
        ("the Internet Governance Forum (IGF) met", {"IGF": "Internet Governance Forum"}),
        ("a Memorandum of Understanding (MoU)", {"MoU": "Memorandum of Understanding"}),
        # The words must have the letters, in that order, the first one opening a word.
        ("as agreed in Casablanca (IGF)", {}),
        # One word, a note, a year, a word in brackets: none of them abbreviates anything.
        ("the Internet (IN), the forum (sic), in Kyoto (2023), the Union (EU)", {}),
        # The long form does not begin on the line before.
        ("Internet\nGovernance Forum (IGF)", {}),
        # The first definition counts.
        (
            "Artificial Intelligence (AI) and Amnesty International (AI)",
            {"AI": "Artificial Intelligence"},
        ),
    ],
)
def test_definitions(text: str, found: dict[str, str]) -> None:
    """The words ahead of a bracket are taken when its letters abbreviate them."""
    assert definitions(text) == found
