from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus.model import Filters, Location
from rag.model import AnswerSentence, Citation, Translation, Verdict
from tests.ui.stub_server import ATTACK
from ui.labels import confidence_label, filters_label, page_label
from ui.nouns import Excerpt
from ui.render import (
    CONTEXT,
    JOINER,
    UNSHOWN,
    Kind,
    Run,
    answer_blocks,
    escape_markdown,
    passage,
    passage_bounds,
    quote_alone,
    source_label,
    source_notes,
    translation_note,
)

TEXT = "".join(f"Word{number} stands here. " for number in range(200)).strip()
QUOTE = "Word100 stands here. Word101 stands here."
START = TEXT.index(QUOTE)
CITATION = Citation(
    number=1,
    submission_id="s",
    entity="Some Body",
    title="A title",
    session=27,
    year=2023,
    section=("Part three", "1. Coordination"),
    page=3,
    printed_page="iv",
    start=START,
    end=START + len(QUOTE),
    quote=QUOTE,
    score=1.0,
    url="/submissions/s/text",
)

# What Streamlit's page turns into links, pictures and arrows after Markdown was parsed.
REPLACED_LATER = (
    r"(?i)(https?://|www(?=\.))[-.\w]+",
    r"[-.\w+]+@[-\w]+(\.[-\w]+)+",
    r":[\w+-]+:",
    r":material/",
    r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
)


def displayed(markdown: str) -> str:
    """The text that Markdown shows; fails if it shows anything but text."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    if not tokens:
        return ""
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children)


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.from_regex(r"[ -~\n]{0,60}"))
@example(ATTACK)
@example("- item\n1. item\n> quote\n    code\n\n---\n***\n[a]: http://b")
@example("https://evil.example www.evil.example a@b.example :smile: ->")
def test_escaped_text_shows_itself_and_nothing_else(text: str) -> None:
    """Law 7: text in a label is neither link, image, HTML, emphasis nor emoji."""
    shown = displayed(escape_markdown(text))
    literal = " ".join(UNSHOWN.sub("", text).split())
    assert shown.replace(JOINER, "") == literal.replace(JOINER, "")
    for pattern in REPLACED_LATER:
        assert not re.search(pattern, shown), (pattern, shown)


def excerpt(start: int, end: int, text: str = TEXT) -> Excerpt:
    end = min(end, len(text))
    return Excerpt(start, end, len(text), text[start:end])


@given(st.data(), st.text(min_size=1, max_size=2000))
def test_the_highlight_is_the_quote_wherever_it_stands(data: st.DataObject, text: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    citation = replace(CITATION, start=start, end=end, quote=text[start:end])
    block = passage(citation, excerpt(*passage_bounds(citation), text))
    assert block is not None
    assert [run.text for run in block.runs if run.kind == Kind.MARK] == [text[start:end]]
    whole = "".join(run.text for run in block.runs if run.kind != Kind.CUT)
    assert whole in text


def test_cuts_fall_between_words_and_are_shown() -> None:
    block = passage(CITATION, excerpt(*passage_bounds(CITATION)))
    assert block is not None
    first, before, _, after, last = (run.text for run in block.runs)
    assert (first, last) == ("… ", " …")
    assert re.match(r"Word\d+ |stands |here\. ", before)
    assert after.split()[-1] in {"stands", "here."} or re.fullmatch(r"Word\d+", after.split()[-1])
    assert len(before) > CONTEXT - 20


def test_no_cut_is_shown_where_the_text_ends() -> None:
    citation = replace(CITATION, start=0, end=6, quote=TEXT[:6])
    block = passage(citation, excerpt(0, len(TEXT)))
    assert block is not None
    assert all(run.kind != Kind.CUT for run in block.runs)


def test_a_quote_that_is_not_there_is_not_highlighted_elsewhere() -> None:
    moved = replace(CITATION, start=START + 1, end=START + 1 + len(QUOTE))
    assert passage(moved, excerpt(*passage_bounds(moved))) is None
    assert [run.text for run in quote_alone(moved).runs] == [QUOTE]


def test_markers_follow_their_sentence() -> None:
    [block] = answer_blocks([AnswerSentence("A claim.", (1, 3), Verdict.QUOTED)])
    assert [(run.text, run.kind) for run in block.runs] == [
        ("A claim.", Kind.TEXT),
        ("1", Kind.CITE),
        ("3", Kind.CITE),
    ]


def test_a_paraphrase_is_named_one() -> None:
    """Quotes are told by their quotation marks."""
    [block] = answer_blocks([AnswerSentence("A claim.", (1,), Verdict.SUPPORTED)])
    assert [run.text for run in block.runs if run.kind == Kind.TAG] == ["paraphrase"]


def test_right_to_left_quotes_are_kept_apart_from_the_words_before() -> None:
    text = "According to العربية, “مرحبا”."
    [block] = answer_blocks([AnswerSentence(text, (), Verdict.QUOTED)])
    assert "".join(run.text for run in block.runs) == text
    assert [run.text for run in block.runs if run.kind == Kind.ISOLATED] == ["مرحبا"]


def test_a_source_names_submitter_section_and_page() -> None:
    assert source_label(CITATION, numbered=True) == (
        r"**\[1\]** Some Body · 1\. Coordination · page 3 \(printed iv\)"
    )
    notes = "\n".join("".join(run.text for run in block.runs) for block in source_notes(CITATION))
    assert notes == (
        "Submitter: Some Body\n"
        "Submission: A title · CSTD session 27, reporting on 2023\n"
        "Section: Part three › 1. Coordination\n"
        "Page: 3 (printed iv)"
    )


@pytest.mark.parametrize(
    ("page", "printed", "label"),
    [(None, None, ""), (3, None, "page 3"), (3, "3", "page 3"), (3, "iv", "page 3 (printed iv)")],
)
def test_pages(page: int | None, printed: str | None, label: str) -> None:
    assert page_label(replace(CITATION, page=page, printed_page=printed)) == label


def test_what_was_recognised_is_said_to_be() -> None:
    """A quote from a scan may differ from what is written; its page says so."""
    scanned = replace(CITATION, page=3, locations=(Location(3, None, recognised=True),))
    assert page_label(scanned) == "page 3 (printed iv), recognised on a scan"


def test_confidence_is_a_word_and_a_percentage() -> None:
    assert [confidence_label(value) for value in (0.92, 0.8, 0.5, 0.08)] == [
        "high (92%)",
        "high (80%)",
        "moderate (50%)",
        "low (8%)",
    ]


def test_filters_in_words() -> None:
    filters = Filters(entity_type=("un_body", "new"), year=(2022, 2023), part=("future_actions",))
    assert filters_label(filters) == (
        "kind UN body or new; year 2022 or 2023; part Future actions or initiatives"
    )
    assert filters_label(Filters()) == ""


def test_a_translation_is_named_a_models_and_shown_as_text() -> None:
    """It has a note of its own, apart from the quote; without one there is no note."""
    french = Translation("<b>Le mot</b> [un](https://x.example)", "fr", "openai:tiny")
    (note,) = translation_note(replace(CITATION, translation=french))
    label, text = note.runs
    assert label.text == "Translation by openai:tiny, not checked: "
    assert text == Run(french.text)
    assert translation_note(CITATION) == []
