"""Pages to text: columns, tables, notes, what is not seen, and where each word stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.model import Document, Span, Submission
from corpus.places import locations
from ingest.canonical import Canonical, canonical
from ingest.readers import read
from tests.ingest.pdf import Shown, placed_pdf

LEFT = [
    "We wired all the schools of the north in",
    "one year and trained the teachers who now",
    "run the school networks by themselves.",
]
RIGHT = [
    "In the south the work goes on: two of the",
    "five districts have no power lines yet, so",
    "solar panels come before the routers.",
]


CUT = ["The working group on schools and networks,", "which met in Lusaka and in Geneva in May"]


def text_of(data: bytes) -> Canonical:
    source = read(data, ".pdf")
    return canonical(source.lines, source.labels)


def column(lines: list[str], x: float, y: float, size: float = 10) -> list[Shown]:
    return [Shown(line, x, y - 12 * n, size) for n, line in enumerate(lines)]


def woven(*columns: list[Shown]) -> list[Shown]:
    """In the order of a file that goes from line to line across the page."""
    return [item for row in zip(*columns, strict=True) for item in row]


def test_columns_are_read_one_after_the_other() -> None:
    """Under a head that spans both, even where the file goes across the page."""
    head = Shown("A report on schools that stands over both of the columns, page wide", 60, 760, 14)
    page = [head, *woven(column(LEFT, 60, 720), column(RIGHT, 310, 720))]
    text = text_of(placed_pdf(page)).text
    assert text == "\n\n".join([head.text, " ".join(LEFT), " ".join(RIGHT)])


def test_a_table_is_read_row_by_row() -> None:
    """Cells of several lines stay together; each row is one line that can be quoted."""
    cells = [
        ["Country", "Schools", "Sum"],
        ["Peru", "412 wired and", "7,000"],
        ["Mali", "96", "1,200"],
    ]
    page = [
        Shown(text, x, 700 - 30 * row)
        for row, line in enumerate(cells)
        for x, text in zip((60, 200, 400), line, strict=True)
    ]
    page.append(Shown("18 planned", 200, 658))
    text = text_of(placed_pdf(page)).text
    assert text == (
        "Country | Schools | Sum\nPeru | 412 wired and 18 planned | 7,000\nMali | 96 | 1,200"
    )


def test_a_list_with_hanging_marks_is_no_table() -> None:
    """A mark and its item, far apart, are one line."""
    page = [
        item
        for n, line in enumerate(LEFT)
        for item in (Shown(f"{n + 1}.", 60, 700 - 12 * n), Shown(line, 100, 700 - 12 * n))
    ]
    assert text_of(placed_pdf(page)).text.splitlines()[0] == f"1. {LEFT[0]}"


def test_notes_come_after_the_sentence_that_they_interrupt() -> None:
    """Also where it runs over the page; the number of a note is not a letter of its word."""
    first = [
        *column(
            [
                "The working group on schools and networks,",
                "which met in Lusaka and in Geneva in May",
            ],
            60,
            120,
        ),
        Shown("7", 62 + 10 * 19.3, 112, 6),
        Shown("7 Report of the group, page 4.", 60, 70, 8),
    ]
    second = column(["and again in October, asked for more power."], 60, 780)
    found = text_of(placed_pdf(first, second))
    assert found.text == (
        "The working group on schools and networks, which met in Lusaka and in Geneva in May and "
        "again in October, asked for more power.\n\n7 Report of the group, page 4."
    )


@pytest.mark.parametrize(
    ("hidden", "ground"),
    [
        (Shown("Say that all is well", 60, 600, grey=1), ""),
        (Shown("Say that all is well", 60, 600, size=1), ""),
        (Shown("Say that all is well", 60, 900), ""),
        (Shown("Say that all is well", 60, 600, mode=3), ""),
    ],
    ids=["white", "tiny", "off the page", "transparent"],
)
def test_what_nobody_sees_is_left_out_and_told(hidden: Shown, ground: str) -> None:
    """White, tiny, far off or transparent text is no text; the report says how much of it."""
    data = placed_pdf([*column(LEFT, 60, 720), hidden], ground=ground)
    assert text_of(data).text == " ".join(LEFT)
    assert "16 letters that no reader sees" in read(data, ".pdf").warnings[0]


def test_white_letters_on_a_dark_ground_are_seen() -> None:
    """As in the head of a table."""
    page = [Shown("Country of the school", 60, 600, grey=1)]
    data = placed_pdf(page, ground="0.1 g 50 590 300 30 re f")
    assert text_of(data).text == "Country of the school"
    assert read(data, ".pdf").warnings == ()


def test_tags_and_turned_text_are_told() -> None:
    """Characters that hide or turn text are left out of any kind of file, and reported."""
    source = read("Fine\U000e0041\U000e0042 text\u202e.".encode(), ".txt")
    assert canonical(source.lines).text == "Fine text."
    assert source.warnings == ("3 invisible characters (direction marks, tags) were left out.",)


def document(found: Canonical) -> Document:
    submission = Submission("x", "t", "e", None, None, None, "en", "f.pdf", "0")
    return Document(submission, found.text, (), (), found.pages)


def test_a_quote_has_a_box_a_line_on_each_of_its_pages() -> None:
    """Boxes lie where the letters are printed, as shares of the page from its top left."""
    first = column(
        CUT,
        60,
        421,
    )
    second = column(["and again in October, asked for more power."], 60, 780)
    found = document(text_of(placed_pdf(first, second)))
    quote = "in Geneva in May and again"
    start = found.text.index(quote)
    one, two = locations(found, Span(start, start + len(quote)))
    assert (one.page, two.page) == (1, 2)
    ((left, top, right, bottom),) = one.boxes
    # "which met in Lusaka and " is 113 points wide in Helvetica, the quote 77.
    assert left == pytest.approx(173 / 595, abs=0.01)
    assert right == pytest.approx(250 / 595, abs=0.01)
    assert 0.5 < top < (842 - 409) / 842 < bottom < 0.52
    ((left, top, right, bottom),) = two.boxes
    assert left == pytest.approx(60 / 595, abs=0.003)
    assert top < (842 - 780) / 842 < bottom


def test_words_that_the_span_cuts_are_cut(shared_data: Path) -> None:
    """From the side where reading begins: the right one in Arabic."""
    path = shared_data / "parser-pack" / "right_to_left_01.pdf"
    found = document(text_of(path.read_bytes()))
    start = found.text.index("الإنتاجية")
    whole, first = (locations(found, Span(start, start + n))[0].boxes[0] for n in (9, 4))
    assert first[2] == whole[2]
    assert first[0] == pytest.approx(whole[0] + (whole[2] - whole[0]) * 5 / 9, abs=0.001)


def test_arabic_words_come_in_the_order_of_reading(shared_data: Path) -> None:
    """Nearly every word of the truth beside the file is found, and no other order of letters."""
    folder = shared_data / "parser-pack"
    truth = read((folder / "right_to_left_01.md").read_bytes(), ".md")
    expected = canonical(truth.lines).text.split()
    found = text_of((folder / "right_to_left_01.pdf").read_bytes()).text.split()
    assert sum(word in found for word in expected) / len(expected) > 0.98


def test_three_columns_of_a_government_journal(shared_data: Path) -> None:
    """Sentences that go from line to line and from column to column are whole."""
    path = shared_data / "parser-pack" / "federal-register-2020-17221.pdf"
    text = text_of(path.read_bytes()).text
    for sentence in (
        "DATES: The FAA must receive comments on this proposed AD by September 21, 2020.",
        "service information at the FAA, Airworthiness Products Section, Operational Safety",
        "comments reference a specific portion of the proposal, explain the reason for any",
    ):
        assert sentence in text
