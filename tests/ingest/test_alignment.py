"""Pages for a text from the same file laid out: right where the words agree, else not known."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Page, Span
from corpus.places import Shares, unpacked
from ingest.alignment import aligned, with_pages
from ingest.canonical import Canonical, Line, canonical

WORDS = [f"word{n}" for n in range(120)]
BOX: Shares = (1_000, 1_000, 2_000, 1_200)


def laid(*pages: Sequence[str]) -> Canonical:
    """A text of these paragraphs a page, each word with a box."""
    lines = [
        line
        for number, paragraphs in enumerate(pages, start=1)
        for text in paragraphs
        for line in (Line(text, number, boxes=(BOX,) * len(text.split())), Line("", number))
    ]
    return canonical(lines, [str(n + 10) for n in range(len(pages))])


def plain(*paragraphs: str) -> Canonical:
    return canonical([line for text in paragraphs for line in (Line(text), Line(""))])


def sentence(start: int, count: int = 12) -> str:
    return " ".join(WORDS[start : start + count])


def page_of(text: Canonical, words: str) -> list[int]:
    """The pages on which the words have boxes."""
    start = text.text.index(words)
    span = Span(start, start + len(words))
    return [page.number for page in text.pages if list(unpacked(page, span))]


def spans(pages: Sequence[Page], text: str) -> list[str]:
    return [page.span.of(text).strip() for page in pages]


@given(
    st.lists(st.sampled_from(WORDS[:9]), max_size=60),
    st.lists(st.sampled_from(WORDS[:9]), max_size=60),
)
def test_pairs_are_of_the_same_word_and_take_each_place_once(
    one: list[str], two: list[str]
) -> None:
    """Whatever the texts."""
    pairs = aligned(one, two)
    assert all(one[i] == two[j] for i, j in pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


@given(st.lists(st.sampled_from(["x", "y", *WORDS]), min_size=1, max_size=40))
def test_what_is_put_in_between_moves_no_word(added: list[str]) -> None:
    """Words repeated elsewhere are not taken for those that stand once."""
    two = [*WORDS[:60], "…", *added, "…", *WORDS[60:]]
    own = {i: j for i, j in aligned(WORDS, two) if WORDS[i] not in added}
    assert all(j == (i if i < 60 else i + len(added) + 2) for i, j in own.items())


def test_the_same_words_get_their_pages_and_printed_numbers() -> None:
    """Where lines are cut otherwise, marks differ, and a page ends inside a paragraph."""
    text = plain(f"{sentence(0)}.", f"• {sentence(12, 24)}!")
    found = with_pages(text, laid([sentence(0), sentence(12)], [sentence(24)]))
    assert (found.text, found.blocks) == (text.text, text.blocks)
    assert [(page.number, page.printed) for page in found.pages] == [(1, "10"), (2, "11")]
    first = f"{sentence(0)}.\n• {sentence(12)}"
    assert spans(found.pages, text.text) == [first, f"{sentence(24)}!"]
    assert (page_of(found, sentence(0)), page_of(found, sentence(24))) == ([1], [2])


def test_a_note_that_the_text_has_last_is_found_on_its_page() -> None:
    """And takes nothing from the pages after it."""
    text = plain(sentence(0), sentence(20), sentence(40), f"1 {sentence(60)}")
    found = with_pages(text, laid([sentence(0), sentence(60)], [sentence(20)], [sentence(40)]))
    assert page_of(found, sentence(60)) == [1]
    assert [page.span.of(text.text).split()[0] for page in found.pages] == [
        "word0", "word20", "word40",
    ]  # fmt: skip


def test_what_the_layout_does_not_have_has_no_page() -> None:
    """Not the page before it, nor the one after."""
    text = plain(sentence(0), sentence(40, 30), sentence(20))
    found = with_pages(text, laid([sentence(0)], [sentence(80)], [sentence(20)]))
    assert page_of(found, sentence(40, 30)) == []
    assert spans(found.pages, text.text) == [sentence(0), "", sentence(20)]


def test_a_text_of_which_nothing_is_found_has_pages_without_words() -> None:
    """No guess is made from lengths."""
    found = with_pages(plain(sentence(0)), laid([sentence(40)], [sentence(60)]))
    assert [(len(page.span), page.words) for page in found.pages] == [(0, b""), (0, b"")]


def test_all_of_a_text_of_one_page_stands_on_it() -> None:
    """Though it has too few words to be aligned."""
    found = with_pages(plain("A note."), laid(["A note."]))
    document = (found.pages[0].span, found.pages[0].words)
    assert document == (Span(0, 7), b"")


def test_chinese_is_aligned_by_letter() -> None:
    """Lines of the layout cut words; each letter has its share of a word's box."""
    text = plain("我们保护儿童的权利，国际电信联盟报告了措施。")
    found = with_pages(text, laid(["我们保护儿童的"], ["权利，国际电信联盟报告了措施。"]))
    assert (page_of(found, "保护儿童"), page_of(found, "国际电信")) == ([1], [2])
    start = text.text.index("保")
    (place,) = unpacked(found.pages[0], Span(start, start + 1))
    assert place.box == (1_286, 1_000, 1_429, 1_200)
