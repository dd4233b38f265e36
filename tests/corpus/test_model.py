"""The nouns: spans, and where an offset stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Chunk, Document, Page, Section, Span, Submission, entries

SUBMISSION = Submission("id", "T", "E", None, None, None, "en", "t.txt", "0")
SPANS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda ends: Span(*sorted(ends)))


def document(*spans: Span, pages: tuple[Page, ...] = ()) -> Document:
    sections = tuple(Section(number, ("P",), span) for number, span in enumerate(spans))
    return Document(SUBMISSION, "x" * 50, sections, (), pages)


@pytest.mark.parametrize("ends", [(-1, 2), (3, 2)])
def test_a_span_runs_forwards_from_nought(ends: tuple[int, int]) -> None:
    """A span that ends before it starts, or starts before the text, is refused."""
    with pytest.raises(ValueError, match="not a span"):
        Span(*ends)


@given(SPANS, SPANS)
def test_overlap_counts_shared_positions(one: Span, two: Span) -> None:
    """Overlap and containment agree with the sets of positions."""
    first, second = set(range(one.start, one.end)), set(range(two.start, two.end))
    assert one.overlap(two) == two.overlap(one) == len(first & second)
    if one.contains(two):
        assert second <= first


def test_offsets_count_code_points() -> None:
    """A character beyond the basic plane is one position."""
    assert Span(1, 2).of("a𐍈b") == "𐍈"


def test_a_section_is_found_by_offset() -> None:
    """The end of a span is not in it; a blank between sections is in none."""
    made = document(Span(0, 10), Span(12, 50))
    assert made.section_at(9).ordinal == 0
    assert made.section_at(12).ordinal == 1
    with pytest.raises(LookupError, match="offset 10"):
        made.section_at(10)


def test_a_page_is_found_by_offset() -> None:
    """The page that an offset stands on; none where the file has none."""
    pages = (Page(1, "i", Span(0, 10)), Page(2, None, Span(10, 10)), Page(3, "1", Span(10, 50)))
    numbers = [page and page.number for page in map(document(pages=pages).page_at, (0, 9, 10, 49))]
    assert numbers == [1, 1, 3, 3]
    assert document().page_at(5) is None


def test_entries_carry_the_header_of_their_section() -> None:
    """An entry knows its submission's language and its own section's header."""

    chunk = Chunk("c", "id", 0, 1, Span(12, 13), "x")
    made = document(Span(0, 10), Span(12, 50))
    (entry,) = entries(
        Document(SUBMISSION, made.text, made.sections, (chunk,)), ["first", "second"]
    )
    assert (entry.chunk_id, entry.header, entry.language, entry.part) == ("c", "second", "en", "")
