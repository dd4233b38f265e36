"""Quotes are found to the character, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from rag.markup import plain_text
from rag.quotes import located, same_words

TEXT = (
    "Before.\n“Children’s  rights” were\nnot protected in 12.5 of 2,023 cases – co­design; "
    "我们在贵州。After"
)
FOUND = {
    '"Children\'s rights" were not protected': "Children’s  rights” were\nnot protected",
    "not protected in 12.5": "not protected in 12.5",
    "… 2,023 cases - codesign.": "2,023 cases – co­design",
    "在贵州": "在贵州",
}


@pytest.mark.parametrize("quote", FOUND)
def test_marks_and_blanks_may_differ(quote: str) -> None:
    """What is found is a slice of the text as it is."""
    span = located(quote, TEXT, Span(0, len(TEXT)))
    assert span is not None
    assert span.of(TEXT) == FOUND[quote]


@pytest.mark.parametrize(
    "quote",
    ["", "…", "children's rights", "not protected in 12", "in 12.5 of 2", "23 cases", "rotected",
     "were protected", "After all", "cases codesign"],
)  # fmt: skip
def test_no_letter_and_no_digit_may(quote: str) -> None:
    """Nor may a quote begin or end inside a word or a number."""
    assert located(quote, TEXT, Span(0, len(TEXT))) is None


def test_a_quote_stays_in_its_passage() -> None:
    """What stands elsewhere in the document is no quote of this passage."""
    assert located("After", TEXT, Span(0, 30)) is None
    span = located("Before", TEXT, Span(0, 30))
    assert span == Span(0, 6)


@given(st.text(alphabet="ab1 .,“”'’–-…\n我", max_size=40), st.data())
def test_what_is_found_reads_like_the_quote(text: str, data: st.DataObject) -> None:
    """For any text and any part of it: nothing, or a slice with the same words."""
    start = data.draw(st.integers(0, len(text)))
    quote = text[start : data.draw(st.integers(start, len(text)))]
    span = located(quote, text, Span(0, len(text)))
    if span is not None:
        assert same_words(span.of(text), quote)


PLAIN = {
    "Plain words, 5 * 3 and a_b_c.": "Plain words, 5 * 3 and a_b_c.",
    "- **Bold** and _stressed_ [2].": "Bold and stressed.",
    "1. First `code` [1, 3]": "First code",
    "two\nlines": "two lines",
    "R&D in Q&A; 3 < 4": "R&D in Q&A; 3 < 4",
    "Said【4†source】 so": "Said so",
}


@pytest.mark.parametrize("text", PLAIN)
def test_stress_lists_and_markers_go(text: str) -> None:
    """What is left is plain text."""
    assert plain_text(text) == PLAIN[text]


@pytest.mark.parametrize(
    "text",
    ["<b>x</b>", "a <script>", "&lt;b&gt;", "[x](y)", "![x](y)", "https://a.b", "see www.a.b",
     "javascript:alert(1)", "# Title", "```\nx\n```", "<https://a.b>", "&#60;b", "a<br/>b",
     "| a | b |\n|---|---|\n| c | d |", "    indented", "<!-- x -->", "[x]: http://a.b"],
)  # fmt: skip
def test_other_markup_is_refused(text: str) -> None:
    """A model that writes it is not to be read on."""
    assert plain_text(text) is None
