"""Typos and short forms: the user's words made the submissions'."""

from __future__ import annotations

import pytest

from rag.assistant import Assistant
from rag.wording import mended, with_acronyms


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("Where was the Casablnca summit?", "Where was the Casablanca summit?"),
        ("What about encrpytion?", "What about encryption?"),
        # A word of the language stays, whether the submissions have it or not.
        ("What about submarines and plants?", "What about submarines and plants?"),
        # Nothing is near, or it is too short to tell, or a name in capitals, or a number.
        ("What about Xylqorph?", "What about Xylqorph?"),
        ("What about Wsa, UNCSTD and 2032?", "What about Wsa, UNCSTD and 2032?"),
        # Small words say nothing by themselves, but misspelt they would be looked for.
        ("Waht abuot it, wich they said?", "What about it, wich they said?"),
    ],
)
def test_typos(by_words: Assistant, asked: str, read: str) -> None:
    """A word that nobody writes becomes the one word of the submissions that it nearly is."""
    assert mended(by_words.corpus, asked) == read


def test_short_and_long_forms_find_each_other(by_words: Assistant) -> None:
    """Whichever form the question has, the other is searched too; one that has both stays."""
    corpus = by_words.corpus
    assert with_acronyms(corpus, "What about E2EE?") == "What about E2EE? End-to-End Encryption"
    assert with_acronyms(corpus, "Is end-to-end encryption bad?").endswith("? E2EE")
    both = "Is E2EE End-to-End Encryption?"
    assert with_acronyms(corpus, both) == both
    assert with_acronyms(corpus, "What about boys?") == "What about boys?"
