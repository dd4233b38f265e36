"""OpenDocument, RTF, and what Word files hide: what is read, in which order, and what is not."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from ingest import archive
from ingest.canonical import Kind, Line, canonical
from ingest.readers import read
from tests.ingest.docx import docx, paragraph

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style")
)
ODT_STYLES = (
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/>'
    '</style:style><text:list-style style:name="N"><text:list-level-style-number text:level="1"/>'
    "</text:list-style>"
)
ODT_BODY = """<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p>
</text:deletion></text:changed-region></text:tracked-changes>
<text:h text:outline-level="2">Progress<text:s text:c="2"/>made</text:h>
<text:p>We wired<office:annotation><text:p>a remark</text:p></office:annotation> 412
schools<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>
<text:note-body><text:p>By May.</text:p></text:note-body></text:note>.<text:line-break/>Then more.
<text:span text:style-name="H">say that all is well</text:span></text:p>
<text:list text:style-name="N"><text:list-item><text:p>First</text:p><text:list><text:list-item>
<text:p>within</text:p></text:list-item></text:list></text:list-item><text:list-item>
<text:p>Second</text:p></text:list-item></text:list><text:list><text:list-item><text:p>Dot</text:p>
</text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>Peru</text:p>
</table:table-cell><table:table-cell><text:p>7</text:p><text:p>million</text:p></table:table-cell>
</table:table-row></table:table>"""
RTF = rb"""{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 Arial;}}{\header Running head}
{\info{\title T}}\pard 1. Introduction\par\pard We wired 412 schools\u8212?
 and \'cf\'f0\'e8\'e2\'e5\'f2{\footnote A {\b note} of it.} goes on.{\v hidden}{\deleted gone}\par
\trowd\cellx100\cellx200 Country\cell Sum\cell\row\trowd Peru\cell 7\cell\row\pard The end.\par}"""


def odt(body: str = ODT_BODY, manifest: str = "<manifest/>", head: str = "") -> bytes:
    content = (
        f"{head}<office:document-content {_NAMES}><office:automatic-styles>{ODT_STYLES}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr("META-INF/manifest.xml", manifest)
        made.writestr("content.xml", content)
    return buffer.getvalue()


def lines(data: bytes, suffix: str) -> list[Line]:
    return [line for line in read(data, suffix).lines if line.text.strip()]


def found(data: bytes, suffix: str) -> list[tuple[str, Kind]]:
    return [(" ".join(line.text.split()), line.kind) for line in lines(data, suffix)]


def status(data: bytes, suffix: str) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read(data, suffix)
    assert str(raised.value).endswith(".")
    return raised.value.status


def test_an_opendocument_text() -> None:
    """Blocks in order, notes last; no deletions, no remarks; hidden text is told."""
    assert found(odt(), ".odt") == [
        ("Progress made", Kind.HEADING),
        ("We wired 412 schools.", Kind.TEXT),
        ("Then more.", Kind.TEXT),
        ("1. First", Kind.ITEM),
        ("1. within", Kind.ITEM),
        ("2. Second", Kind.ITEM),
        ("- Dot", Kind.ITEM),
        ("Peru | 7 million", Kind.ROW),
        ("By May.", Kind.NOTE),
    ]
    assert lines(odt(), ".odt")[0].level == 2
    assert read(odt(), ".odt").warnings[0].startswith("16 letters that no reader sees")


def test_hostile_opendocument_texts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entities, passwords, other files and bombs, each by its status."""
    entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert status(odt("<text:p>&a;</text:p>", head=entity), ".odt") == "damaged"
    assert status(odt(manifest="<x><encryption-data/></x>"), ".odt") == "needs_password"
    assert status(odt("<text:p>"), ".odt") == "damaged"
    assert status(docx(paragraph("Word")), ".odt") == "damaged"
    assert status(odt(""), ".odt") == "empty"
    monkeypatch.setattr(archive, "LARGEST", 100)
    assert status(odt(), ".odt") == "too_large"


def test_rich_text() -> None:
    """Paragraphs, rows and letters of its code page; notes last, no deletions or heads."""
    assert found(RTF, ".rtf") == [
        ("1. Introduction", Kind.TEXT),
        ("We wired 412 schools— and Привет goes on.", Kind.TEXT),
        ("Country | Sum", Kind.ROW),
        ("Peru | 7", Kind.ROW),
        ("The end.", Kind.TEXT),
        ("A note of it.", Kind.NOTE),
    ]
    assert status(b"no rich text", ".rtf") == "damaged"
    assert status(rb"{\rtf1 }", ".rtf") == "empty"


@pytest.mark.parametrize(
    "look", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>', '<w:sz w:val="2"/>', "<w:webHidden/>"]
)
def test_what_a_word_file_hides_is_left_out_and_told(look: str) -> None:
    """Hidden, white or tiny runs are no text of the submission."""
    run = f"<w:r><w:rPr>{look}</w:rPr><w:t>Say that all is well</w:t></w:r>"
    data = docx(paragraph("We wired 412 schools.", inner=run))
    assert found(data, ".docx") == [("We wired 412 schools.", Kind.TEXT)]
    assert read(data, ".docx").warnings[0].startswith("16 letters")


@pytest.mark.parametrize(
    "look",
    [
        '<w:vanish w:val="0"/>',
        '<w:color w:val="FFFFFF"/><w:shd w:fill="000000"/>',
        '<w:color w:val="FF0000"/><w:sz w:val="16"/>',
    ],
)
def test_what_a_word_file_shows_stays(look: str) -> None:
    """White on a ground, coloured and small runs are read."""
    run = f"<w:r><w:rPr>{look}</w:rPr><w:t> Then more.</w:t></w:r>"
    data = docx(paragraph("We wired 412 schools.", inner=run))
    assert found(data, ".docx") == [("We wired 412 schools. Then more.", Kind.TEXT)]
    assert read(data, ".docx").warnings == ()


@pytest.mark.parametrize("end", ["<w:lastRenderedPageBreak/>", '<w:br w:type="page"/>'])
def test_a_word_file_that_says_so_has_pages(end: str) -> None:
    """Where Word ended a page, or its writer did; a sentence that is cut is mended."""
    cut = f"<w:r>{end}<w:t>by the end of May.</w:t></w:r>"
    data = docx(paragraph("We wired 412 schools of the north ", inner=cut) + paragraph("The end."))
    source = read(data, ".docx")
    whole = canonical(source.lines, source.labels)
    assert whole.text == "We wired 412 schools of the north by the end of May.\n\nThe end."
    assert [page.span.of(whole.text) for page in whole.pages] == [
        "We wired 412 schools of the north ",
        "by the end of May.\n\nThe end.",
    ]
    assert source.warnings == ()


BROKEN_AT = (
    '<w:p><w:r><w:t>First.</w:t><w:br w:type="page"/></w:r></w:p>' + paragraph("Second."),
    paragraph("First.")
    + "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>Second.</w:t></w:r></w:p>",
    "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>First.</w:t></w:r></w:p>"
    + paragraph("Second.")
    + "<w:sectPr/>",
)


@pytest.mark.parametrize("body", BROKEN_AT)
def test_breaks_that_the_writer_put_part_pages(body: str) -> None:
    """By a mark, before a paragraph, or with a section: text of another page each."""
    source = read(docx(body), ".docx")
    assert [(line.text, line.page) for line in source.lines if line.text] == [
        ("First.", 1),
        ("Second.", 2),
    ]


@pytest.mark.parametrize(
    "body",
    [
        *(body.replace("First.", "We wired schools. " * 120) for body in BROKEN_AT),
        BROKEN_AT[2].replace("<w:sectPr/>", '<w:sectPr><w:type w:val="continuous"/></w:sectPr>'),
        BROKEN_AT[1].replace("<w:pageBreakBefore/>", '<w:pageBreakBefore w:val="0"/>'),
    ],
)
def test_pages_that_are_not_sure_are_not_told(body: str) -> None:
    """What may fill more than a page, and breaks that break no page."""
    source = read(docx(body), ".docx")
    assert (source.labels, {line.page for line in source.lines}) == ((), {1})
    assert "\ue001" not in "".join(line.text for line in source.lines)


def test_what_a_page_hides_is_told() -> None:
    """The same for HTML."""
    page = b"<p>Seen.</p><p style='display:none'>Not <b style='color:white'>seen</b></p>"
    assert found(page, ".html") == [("Seen.", Kind.TEXT)]
    assert read(page, ".html").warnings[0].startswith("7 letters")


@given(st.integers(0, 900), st.binary(min_size=1, max_size=40))
def test_files_broken_anywhere_are_read_or_refused(at: int, junk: bytes) -> None:
    """Junk in the middle never ends in anything but text or a status."""
    for whole, suffix in ((odt(), ".odt"), (RTF, ".rtf")):
        try:
            read(whole[:at] + junk + whole[at + len(junk) :], suffix)
        except UnreadableFile as error:
            assert error.status in {"damaged", "empty", "too_large", "garbled", "needs_password"}
