"""Lines become blocks, one block a line of the canonical text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.canonical import Kind, Line, canonical, clean


def text_of(*lines: str) -> str:
    return canonical([Line(line) for line in lines]).text


WRAPPED = "The first line of a paragraph that was wrapped by a word processor at"


def test_wrapped_lines_are_one_paragraph() -> None:
    """A line as long as the others goes on in the next."""
    assert text_of(WRAPPED, "Geneva, as they do.") == f"{WRAPPED} Geneva, as they do."


def test_a_short_line_ends_its_block() -> None:
    """A heading above a paragraph stays apart without a blank line."""
    made = text_of("Background", *[WRAPPED] * 10, "usual.")
    assert made.startswith(f"Background\n\n{WRAPPED} The first line")


def test_a_sentence_cut_by_a_page_break_is_mended() -> None:
    """Lower case after an unfinished line goes on, and the second page starts within."""
    lines = [Line(WRAPPED, 1), Line("", 1), Line("the end of the page.", 2)]
    made = canonical(lines, (None, "7"))
    assert made.text == f"{WRAPPED} the end of the page."
    assert made.pages[1].printed == "7"
    assert made.pages[1].span.of(made.text) == "the end of the page."


def test_a_finished_sentence_is_not_mended() -> None:
    """A full stop before the blank line keeps the paragraphs apart."""
    assert text_of(f"{WRAPPED} last.", "", "the next one.").count("\n\n") == 1


def test_a_heading_is_not_mended_with_what_follows() -> None:
    """A short line above a blank one stays apart, though lower case follows."""
    assert text_of("Background", "", "and so it went on for a while.").count("\n\n") == 1


def test_a_hyphen_goes_where_the_word_is_known_without_it() -> None:
    """ "inter-" and "national" are one word when the document has it elsewhere."""
    known = "An international plan with words enough to fill the line and to wrap inter-"
    assert text_of(known, "national by nature.").endswith("wrap international by nature.")
    unknown = "A plan with words enough to fill the usual line of this text and multi-"
    assert text_of(unknown, "stakeholder by nature.").endswith("and multi-stakeholder by nature.")


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("rea", "sonable", "reasonable"),
        ("em", "beddings", "embeddings"),
        ("dé", "clarative", "déclarative"),
        ("open", "domain", "open-domain"),
        ("e", "mentores", "e-mentores"),
        ("FAA", "Seattle", "FAA-Seattle"),
        ("2023", "24", "2023-24"),
    ],
)
def test_a_hyphen_that_broke_a_word_goes(left: str, right: str, joined: str) -> None:
    """By lexicons, where the document does not have the word; compounds and names keep it."""
    line = f"A plan with words enough to fill the usual line of this text and the {left}-"
    assert f" {joined} " in text_of(line, f"{right} of it.")


def test_items_and_rows_stand_in_lines_of_their_own() -> None:
    """Bullets follow each other without a blank line between, and are known as items."""
    made = canonical([Line("Intro to the list:"), Line("- one"), Line("- two")])
    assert made.text == "Intro to the list:\n- one\n- two"
    assert [block.kind for block in made.blocks] == [Kind.TEXT, Kind.ITEM, Kind.ITEM]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\u00a0 b\tc", "a b c"),
        ("e\u0301", "é"),
        ("soft\u00adhyphen\u200b\ufeff", "softhyphen"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("a\ue000\x07b", "ab"),
    ],
)
def test_clean_keeps_what_spells_and_nothing_else(raw: str, kept: str) -> None:
    """Blanks are single, letters composed, controls gone, joiners kept."""
    assert clean(raw) == kept


@given(st.lists(st.text(max_size=60), max_size=12))
def test_blocks_are_the_lines_of_the_text(lines: list[str]) -> None:
    """Every block is non-empty text, and blocks are all there is but newlines."""
    made = canonical([Line(line) for line in lines])
    assert all(block.span.of(made.text).strip() for block in made.blocks)
    assert "".join(b.span.of(made.text) for b in made.blocks) == made.text.replace("\n", "")


@given(st.text())
def test_clean_is_done_once(raw: str) -> None:
    """Cleaning clean text changes nothing."""
    assert clean(clean(raw)) == clean(raw)
