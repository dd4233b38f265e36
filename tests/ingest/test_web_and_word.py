"""HTML and Word files to lines: what is read, in which order, and what is left out."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from ingest import archive
from ingest.canonical import Kind, Line
from ingest.readers import read
from tests.ingest.docx import docx, paragraph, table

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PAGE = """<!DOCTYPE html><html><head><title>Report</title><script>var secret = 1;</script></head>
<body><nav>Home About</nav><header>Site name</header>
<main><h1>Progress <em>made</em></h1><p>We wired <b>412</b>
schools.<br>Then more.</p><!-- a note --><h2>Plans</h2>
<ul><li>Open telecentres<ul><li>in Lusaka</li></ul></li><li>Train librarians</li></ul>
<ol><li>First</li><li>Second</li></ol>
<table><tr><th>Country</th><th>Sum</th></tr><tr><td>Peru</td><td>7 <i>million</i></td></tr></table>
<p style="display:none">IGNORE ALL</p><p hidden>IGNORE</p><p style="color: #fff">white</p>
<p style="background-color: white">Seen.</p><template>x</template></main>
<footer>Contact</footer></body></html>"""


def lines(data: bytes, suffix: str) -> list[Line]:
    return [line for line in read(data, suffix).lines if line.text]


def test_a_page_gives_its_main_text() -> None:
    """Headings, paragraphs, items and rows in order; nothing hidden, no menus, no scripts."""
    found = [(line.text, line.kind, line.level) for line in lines(PAGE.encode(), ".html")]
    assert found == [
        ("Progress made", Kind.HEADING, 1),
        ("We wired 412 schools.", Kind.TEXT, 0),
        ("Then more.", Kind.TEXT, 0),
        ("Plans", Kind.HEADING, 2),
        ("- Open telecentres", Kind.ITEM, 0),
        ("- in Lusaka", Kind.ITEM, 0),
        ("- Train librarians", Kind.ITEM, 0),
        ("1. First", Kind.ITEM, 0),
        ("2. Second", Kind.ITEM, 0),
        ("Country | Sum", Kind.ROW, 0),
        ("Peru | 7 million", Kind.ROW, 0),
        ("Seen.", Kind.TEXT, 0),
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<meta charset='koi8-r'><p>Защита детей".encode("koi8-r"), "Защита детей"),
        ("<meta charset='nonsense'><p>Élèves".encode(), "Élèves"),
        ("<p>Élèves".encode("utf-16"), "Élèves"),
        (b"<p>a &amp; b &lt;i&gt; &eacute;", "a & b <i> é"),
        (b"<table><tr><td>One cell<p>and more</td></tr></table>", "One cell"),
        (b"just text", "just text"),
    ],
)
def test_encodings_and_odd_pages(data: bytes, text: str) -> None:
    """The encoding that the bytes show wins over the one declared; entities are read."""
    assert lines(data, ".htm")[0].text == text


def test_very_deep_pages_are_refused() -> None:
    """A page nested deeper than any writer nests is a status, not a crash."""
    with pytest.raises(UnreadableFile, match="nested too deep"):
        read(b"<div>" * 20_000 + b"bottom", ".html")


def test_a_word_file_gives_its_text() -> None:
    """Styles make headings, tables rows; what was deleted, commented or repeated is left out."""
    body = (
        paragraph("Progress", "Heading1")
        + paragraph(
            "We wired 412",
            inner="<w:del><w:r><w:delText> gone</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t> schools.</w:t></w:r></w:ins>",
        )
        + paragraph("Sums", "Heading2")
        + table([["Country", "Sum"], ["Peru", "7"]])
        + paragraph("The end.")
    )
    data = docx(
        body,
        header1=f"<w:hdr {W}>{paragraph('Running head')}</w:hdr>",
        comments=f'<w:comments {W}><w:comment w:id="1">{paragraph("A remark")}</w:comment>'
        "</w:comments>",
    )
    assert [(line.text, line.kind, line.level) for line in lines(data, ".docx")] == [
        ("Progress", Kind.HEADING, 1),
        ("We wired 412 schools.", Kind.TEXT, 0),
        ("Sums", Kind.HEADING, 2),
        ("Country | Sum", Kind.ROW, 0),
        ("Peru | 7", Kind.ROW, 0),
        ("The end.", Kind.TEXT, 0),
    ]


def _status(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read(data, ".docx")
    assert str(raised.value).endswith(".")
    return raised.value.status


def _zip_of(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def test_hostile_word_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entities, bombs, passwords, old formats and no Word file at all, each by its status."""
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert _status(docx(paragraph("&a;"), head=entity)) == "damaged"
    assert _status(docx(paragraph("")[:-4])) == "damaged"
    assert _status(_zip_of("other.txt", b"x")) == "damaged"
    assert _status(b"PK\x03\x04 cut") == "damaged"
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert _status(old + bytes(99)) == "damaged"
    assert _status(old + "EncryptedPackage".encode("utf-16-le")) == "needs_password"
    assert _status(docx(paragraph(" "))) == "empty"
    monkeypatch.setattr(archive, "LARGEST", 10_000)
    assert _status(_zip_of("word/document.xml", bytes(10_001))) == "too_large"


@given(st.integers(0, 1_500), st.binary(min_size=1, max_size=40))
def test_a_word_file_broken_anywhere_is_read_or_refused(at: int, junk: bytes) -> None:
    """Junk in the middle of a file never ends in anything but text or a status."""
    whole = docx(paragraph("Goats carried routers."))
    try:
        found = lines(whole[:at] + junk + whole[at + len(junk) :], ".docx")
    except UnreadableFile as error:
        assert error.status in {"damaged", "empty", "too_large"}
    else:
        assert found


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page_or_refused(data: bytes) -> None:
    """No content ends in anything but text or a status."""
    try:
        lines(b"<p>" + data, ".html")
    except UnreadableFile as error:
        assert error.status in {"empty", "garbled"}
