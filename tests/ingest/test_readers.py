"""Files to lines: encodings, and the status that each unreadable file ends in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from ingest.canonical import Kind
from ingest.readers import MAX_BYTES, READERS, read
from tests.ingest.pdf import pdf

FRENCH = (
    "L'Union africaine a réuni à Genève des élèves, des enseignants et des députés. "
    "Où en est-on ? Le dépôt légal a été prolongé jusqu'à l'été, à la demande générale. " * 4
)
ARABIC = "نحن نعمل على حماية الأطفال؟ نعم."
PAGE = ["A page of a submission with a sentence that goes on, and on, until", "it ends here."]


def words(data: bytes, suffix: str = ".txt") -> str:
    return "\n".join(line.text for line in read(data, suffix).lines).strip()


def status_of(data: bytes, suffix: str) -> str:
    """The status that reading ends in; "text" where it gives text."""
    try:
        read(data, suffix)
    except UnreadableFile as error:
        assert str(error).endswith(".")
        return error.status
    return "text"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_french_is_read_in_its_encodings(encoding: str) -> None:
    """Accents come out right, and no byte order mark is left in the text."""
    assert words(FRENCH.encode(encoding)) == FRENCH.strip()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_arabic_is_read_in_its_encodings(encoding: str) -> None:
    """Arabic comes out as it went in."""
    assert words(ARABIC.encode(encoding)) == ARABIC


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Международный союз электросвязи сообщил о мерах защиты детей. " * 4, "cp1251"),
        ("Международный союз электросвязи сообщил о мерах защиты детей. " * 4, "koi8_r"),
        ("نحن نعمل على حماية الأطفال في جميع البلدان. " * 4, "cp1256"),
        ("我们保护儿童的权利。国际电信联盟报告了措施。" * 4, "gb18030"),
        ("La Unión reunió a niñas y niños de España, según el informe. " * 4, "latin-1"),
    ],
)
def test_older_encodings_of_the_six_languages(text: str, encoding: str) -> None:
    """Text saved before UTF-8 comes out right, in the scripts of the United Nations."""
    assert words(text.encode(encoding)) == text.strip()


@pytest.mark.parametrize(
    ("data", "suffix", "status"),
    [
        (b"", ".txt", "empty"),
        (b" \n\t\r\n\f ", ".txt", "empty"),
        (b"\xef\xbb\xbf", ".txt", "empty"),
        (b"", ".md", "empty"),
        (bytes(range(256)) * 8, ".txt", "garbled"),
        ("\ufffd\ue000 a".encode(), ".txt", "garbled"),
        (b"text", ".exe", "unsupported"),
        (b"text", "", "unsupported"),
        (b"x" * (MAX_BYTES + 1), ".txt", "too_large"),
        (b"", ".pdf", "damaged"),
        (b"%PDF-1.7\nno objects", ".pdf", "damaged"),
        (pdf([PAGE])[:200], ".pdf", "damaged"),
        (pdf([PAGE], password="secret"), ".pdf", "needs_password"),
        (pdf([[], []]), ".pdf", "empty"),
        (pdf([PAGE]), ".PDF", "text"),
    ],
    ids=lambda value: repr(value)[:20] if isinstance(value, bytes) else value,
)
def test_the_status_of_a_file(data: bytes, suffix: str, status: str) -> None:
    """What cannot be read ends in the status that says what to do."""
    assert status_of(data, suffix) == status


def test_what_is_not_read_names_what_is() -> None:
    """The message about an unsupported file lists every kind that is supported."""
    with pytest.raises(UnreadableFile) as raised:
        read(b"", ".xls")
    assert all(suffix in str(raised.value) for suffix in READERS)


def test_a_pdf_keeps_its_pages_and_printed_numbers() -> None:
    """Lines know the page they stand on, and the number printed on it."""
    source = read(pdf([PAGE, ["Second page of it."]], labels_from=11), ".pdf")
    assert source.labels == ("11", "12")
    assert [(line.text, line.page) for line in source.lines if line.text] == [
        (PAGE[0], 1),
        (PAGE[1], 1),
        ("Second page of it.", 2),
    ]


def test_running_heads_go_and_paragraphs_part() -> None:
    """A line at the head of every page but for its number is left out; a wide gap parts lines."""
    pages = [
        [
            f"Annual report, page {n}",
            *[""] * 9,
            "One line of page",
            "number",
            f"{n}.",
            "",
            "Another.",
        ]
        for n in range(1, 5)
    ]
    for count, left in ((4, 0), (2, 1)):
        found = read(pdf(pages[:count]), ".pdf").lines
        first = [line.text for line in found if line.page == 1]
        body = ["One line of page", "number", "1.", "", "Another.", ""]
        assert first == ["Annual report, page 1", ""][: 2 * left] + body


def test_form_feeds_are_page_breaks() -> None:
    """Plain text with two form feeds has three pages, without printed numbers."""
    source = read(b"one\ftwo\fthree", ".txt")
    assert source.labels == (None, None, None)
    assert [(line.text, line.page) for line in source.lines if line.text][1] == ("two", 2)


def test_markdown_blocks_keep_their_kind() -> None:
    """Headings, items and table rows are told apart by the file itself."""
    text = "## Head\n\n1. one\n2. two\n\n- dot\n\n| a | b |\n|---|---|\n| c | *d* |\n"
    lines = [line for line in read(text.encode(), ".md").lines if line.text]
    assert [(line.text, line.kind) for line in lines] == [
        ("Head", Kind.HEADING),
        ("1. one", Kind.ITEM),
        ("2. two", Kind.ITEM),
        ("- dot", Kind.ITEM),
        ("a | b", Kind.ROW),
        ("c | d", Kind.ROW),
    ]
    assert lines[0].level == 2


@pytest.mark.parametrize(
    ("raw", "read_as"),
    [
        ("See [the plan](https://example.org/a_(b)) now.", "See the plan now."),
        ("[ECPAT](#) leads.", "ECPAT leads."),
        ("**Two\nlines** bold.", "Two\nlines bold."),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("a [1] note (2)", "a [1] note (2)"),
    ],
)
def test_light_markup_in_plain_text_is_read_through(raw: str, read_as: str) -> None:
    """Links count by their words and bold by its text; anything else stays."""
    assert words(raw.encode()) == read_as


@given(st.binary(max_size=400), st.sampled_from([".txt", ".md"]))
def test_any_bytes_are_read_or_refused(data: bytes, suffix: str) -> None:
    """No content ends in anything but text or a status."""
    assert status_of(data, suffix) in {"text", "empty", "garbled"}


@given(st.integers(9, 900), st.binary(min_size=1, max_size=40))
def test_a_pdf_broken_anywhere_is_read_or_refused(at: int, junk: bytes) -> None:
    """Junk in the middle of a PDF never ends in anything but text or a status."""
    whole = pdf([PAGE])
    broken = whole[:at] + junk + whole[at + len(junk) :]
    assert status_of(broken, ".pdf") in {"text", "damaged", "needs_ocr", "needs_password", "empty"}


PARSER_PACK = (
    "habibi multicolumn mistitled_outlines_example google-doc-document libreoffice-writer-password "
    "multilang right_to_left_01 right_to_left_02 ocr_test linn francais aes-256 copy-protected "
    "fr_olap multi-column-2p invalid-pdf-structure-pdfminer-one-page pages-loop append-xref-loop "
    "damaged-stream bad1 bad5 poppler-395-0-fuzzed poppler-742-0-fuzzed vertical ArabicCIDTrueType "
    "scan-bad federal-register-2020-17221 malformed-from-issue-932"
).split()
OTHERS = (
    "docx-hdrftr.docx eng_spa_mult.docx testWORD_truncated.docx footnotes.docx docx_lists.docx "
    "Strict.docx example-with-scripts.html example-steelJIS-datasheet-utf-16.html "
    "testArabicMisleadingCharset.html right_to_left_01.md"
).split()


@pytest.fixture(scope="module")
def expectations(shared_data: Path) -> dict[str, set[str]]:
    """The statuses that are right for each file of the pack."""
    with (shared_data / "parser-pack" / "expected.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    return {row["file"]: set(row["expected"].replace("-or-", " ").split()) for row in rows}


@pytest.mark.parametrize(
    "name",
    [
        *(f"{stem}.pdf" for stem in PARSER_PACK),
        *(name for name in OTHERS if not name.endswith(".md")),
    ],
)
def test_files_from_the_field_end_as_they_should(
    name: str, shared_data: Path, expectations: dict[str, set[str]]
) -> None:
    """Real files that broke other readers give their text or the right status."""
    path = shared_data / "parser-pack" / name
    found = status_of(path.read_bytes(), path.suffix)
    assert found.replace("_", "-") in expectations[name]


def test_the_whole_pack_is_looked_at(expectations: dict[str, set[str]]) -> None:
    """No file of the pack is left out of the test above, or of the one below."""
    assert set(expectations) == {*(f"{stem}.pdf" for stem in PARSER_PACK), *OTHERS}


def test_arabic_markdown_from_the_field(shared_data: Path) -> None:
    """A right-to-left Markdown file keeps its letters in reading order."""
    text = words((shared_data / "parser-pack" / "right_to_left_01.md").read_bytes(), ".md")
    assert text.startswith("تحسين الإنتاجية وحل المشكلات")
