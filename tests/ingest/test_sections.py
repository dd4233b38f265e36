"""Headings and the tree they make."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.model import Document, Part
from ingest.canonical import Line, canonical
from ingest.pipeline import build_document
from ingest.sections import sections
from tests.ingest.test_span_laws import EMBEDDERS

TWO = "Part two: Trends and Experiences"
THREE = "Part three: Innovative policies, programmes and projects"
TRENDS, POLICIES = Part.TRENDS_AND_EXPERIENCES, Part.INNOVATIVE_POLICIES
SEED_TREE = [
    (("Cover",), None, True),
    (("Executive Summary",), Part.EXECUTIVE_SUMMARY, False),
    ((TWO,), TRENDS, False),
    ((TWO, "Regulation and policy"), TRENDS, False),
    ((TWO, "Technology"), TRENDS, False),
    ((TWO, "Data protection"), TRENDS, False),
    ((TWO, "Society"), TRENDS, False),
    ((THREE,), POLICIES, False),
    ((THREE, "1. Coordination and Convening"), POLICIES, False),
    (
        (
            THREE,
            "2. Research and data collection on the role of technology in facilitating "
            "exploitation",
        ),
        POLICIES,
        False,
    ),
    ((THREE, "3. Advocacy and Campaigns"), POLICIES, False),
    ((THREE, "4. Strategic partnerships"), POLICIES, False),
    ((THREE, "(b) Future actions or initiatives"), Part.FUTURE_ACTIONS, False),
]
PROSE = "We did much of what we had promised to do, and we will do more of it next year. " * 2
RUN_IN = "the same technology that is used to harm is also essential to protect, and so on, " * 2


@pytest.fixture(scope="module")
def document(seed: Path) -> Document:
    return build_document(seed.read_bytes(), seed.name, EMBEDDERS[0])


def paths(*blocks: str) -> list[tuple[str, ...]]:
    """The section paths of a text of these paragraphs, under the title "T"."""
    lines = [line for block in blocks for line in (Line(block), Line(""))]
    return [section.path for section in sections(canonical(lines), "T")]


def marked(*headings: tuple[int, str]) -> list[tuple[str, ...]]:
    """The section paths of headings that the file marks, each with a paragraph."""
    text = "\n\n".join(f"{'#' * level} {words}\n\n{PROSE}" for level, words in headings)
    return [s.path for s in build_document(text.encode(), "t.md", EMBEDDERS[0]).sections]


def test_the_whole_tree_of_the_seed(document: Document) -> None:
    """Every section of the bundled submission, as a reader would list them."""
    assert [(s.path, s.part, s.boilerplate) for s in document.sections] == SEED_TREE


def test_the_cover_ends_where_the_submission_begins(document: Document) -> None:
    """Mandate and disclaimer are of the cover; the summary is not."""
    cover = document.sections[0].span.of(document.text)
    assert "DISCLAIMER: The views" in cover
    assert cover.rstrip().endswith("implementation of the outcomes of the WSIS.")


def test_a_heading_is_the_text_of_its_section_start(document: Document) -> None:
    """A section opens with its heading, and the heading is the last step of its path."""
    for section in document.sections[1:]:
        assert section.heading
        assert section.heading.start == section.span.start
        assert section.heading.of(document.text) == section.path[-1]


def test_a_sentence_cut_by_the_page_break_is_one(document: Document) -> None:
    """The blank line in the middle of the sentence is gone from the canonical text."""
    assert "artificially generated children is now established." in document.text


def test_link_and_bold_marks_are_not_text(document: Document) -> None:
    """A link's words count, its address and the marks of bold do not; typos stay."""
    assert "- ECPAT is co-leading regional advocacy" in document.text
    assert "EU Campaign for Chilfsafety ON! In 2023" in document.text
    assert not {"**", "](", "(#)"} & {document.text[i : i + 2] for i in range(len(document.text))}


def test_a_letter_without_its_first_is_beside_the_numbers() -> None:
    """ "(b)" after "4." whose "(a)" is missing stands beside "4.", not under it."""
    assert paths("Part three: Projects", "4. Partners", PROSE, "(b) Future actions", PROSE) == [
        ("Part three: Projects",),
        ("Part three: Projects", "4. Partners"),
        ("Part three: Projects", "(b) Future actions"),
    ]


def test_a_letter_that_starts_a_numbering_is_under_the_number() -> None:
    """ "(a)" after "4." opens a numbering of its own, and "(b)" follows beside it."""
    found = paths("4. Partners", PROSE, "(a) Now", PROSE, "(b) Later", PROSE, "5. End", PROSE)
    assert found == [
        ("4. Partners",),
        ("4. Partners", "(a) Now"),
        ("4. Partners", "(b) Later"),
        ("5. End",),
    ]


def test_decimals_go_one_deeper_than_their_number() -> None:
    """ "2.1" is under "2.", and "3." is beside "2." again."""
    assert paths("2. Data", PROSE, "2.1 Sources", PROSE, "3. End", PROSE)[1:] == [
        ("2. Data", "2.1 Sources"),
        ("3. End",),
    ]


def test_numbered_lines_in_a_row_are_items_not_headings() -> None:
    """Three numbered lines with nothing between them are a list of their section."""
    listed = ("Background", "1. Train teachers", "2. Wire schools", "3. Report on it", PROSE)
    assert paths(*listed)[0] == ("Background",)
    assert ("Background", "1. Train teachers") not in paths(*listed)
    assert ("Background", "2. Wire schools") not in paths(*listed)


@pytest.mark.parametrize("line", ["1. We trained teachers.", "2. We met; it went on,", "3. To be:"])
def test_a_numbered_sentence_is_no_heading(line: str) -> None:
    """What ends like a sentence is read as one, numbered or not."""
    assert paths("Background", PROSE, line, PROSE) == [("Background",)]


def test_run_in_heads_are_sections_when_there_are_several() -> None:
    """Two paragraphs in a row that open with a head and a dash are sections of that name."""
    found = paths("Part two: Trends", PROSE, f"Technology – {RUN_IN}", f"Law - {RUN_IN}")
    assert found[1:] == [("Part two: Trends", "Technology"), ("Part two: Trends", "Law")]


def test_a_lone_run_in_head_is_just_a_dash() -> None:
    """One paragraph that opens with a word and a dash is no section."""
    assert paths("Part two: Trends", PROSE, f"Technology – {RUN_IN}", PROSE) == [
        ("Part two: Trends",)
    ]


def test_marked_headings_follow_their_levels() -> None:
    """Markdown says how deep a heading is, also where a level is skipped."""
    assert marked((1, "A"), (3, "B"), (2, "C"), (1, "D")) == [
        ("A",),
        ("A", "B"),
        ("A", "C"),
        ("D",),
    ]


def test_text_without_headings_stands_under_the_title() -> None:
    """A document of prose alone has one section, named by its title."""
    assert paths(PROSE, PROSE) == [("T",)]


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("Executive Summary", Part.EXECUTIVE_SUMMARY),
        ("Part two: Trends and experiences", TRENDS),
        ("Part three: INNOVATIVE POLICIES", POLICIES),
        ("(b) Future actions or initiatives", Part.FUTURE_ACTIONS),
        ("Background", None),
    ],
)
def test_the_part_of_the_template_is_told_by_the_heading(heading: str, part: Part | None) -> None:
    """A question can be limited to a part that a heading names."""
    lines = [Line(heading), Line(""), Line(PROSE)]
    assert [section.part for section in sections(canonical(lines), "T")] == [part]


def test_one_mark_of_a_cover_is_not_a_cover() -> None:
    """Text before the first heading that merely names the Commission is not boilerplate."""
    opening = "The Commission on Science and Technology for Development met in Geneva."
    lines = [Line(opening), Line(""), Line("Background"), Line(""), Line(PROSE)]
    made = sections(canonical(lines), "T")
    assert [(s.path, s.boilerplate) for s in made] == [(("T",), False), (("Background",), False)]
