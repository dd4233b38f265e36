"""Scans are read by text recognition when a setting says so: words, pages and boxes like others."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from corpus.errors import SettingsInvalid, UnreadableFile
from corpus.model import Span
from corpus.places import locations
from corpus.settings import Settings
from corpus.store import Corpus
from ingest import recognition
from ingest.canonical import Kind, Source
from ingest.pipeline import ingest_file
from ingest.readers import read
from ingest.reading import Reading, reading_of
from ingest.recognition import Tesseract
from ingest.sandbox import read_apart
from tests.ingest.pdf import Shown, placed_pdf, scanned

ENGLISH = Reading(languages="eng")
PROSE = (
    "The Ministry of Education trained four hundred teachers in rural schools",
    "during the year and connected every school of the northern province to",
    "the national research network, as was planned in the strategy of 2019.",
)
PAGE = [
    Shown("Executive Summary", 60, 760, 16),
    *(Shown(line, 60, 720 - 14 * n, 11) for n, line in enumerate(PROSE)),
    Shown("- The first item of a list stands here.", 60, 640, 11),
]
needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="tesseract is not installed"
)


def told(source: Source) -> list[str]:
    return [line.text for line in source.lines if line.text]


@needs_tesseract
def test_a_scan_is_read_with_pages_and_boxes() -> None:
    """Every word, heading and item included, within a hundredth of where the text really is."""
    written = read(placed_pdf(PAGE), ".pdf")
    found = read_apart(scanned(placed_pdf(PAGE)), ".pdf", reading=ENGLISH)
    assert told(found) == told(written)
    assert [line.kind for line in found.lines] == [line.kind for line in written.lines]
    assert found.lines[0].kind is Kind.HEADING
    for line, truth in zip(found.lines, written.lines, strict=True):
        assert len(line.boxes) == len(truth.boxes)
        for box, true in zip(line.boxes, truth.boxes, strict=True):
            assert all(abs(a - b) < 100 for a, b in zip(box[::2], true[::2], strict=True))
            assert true[1] - 100 < box[1] < box[3] < true[3] + 100
    assert found.recognised == (1,)
    assert "recognition" in found.warnings[0]


def test_without_the_setting_a_scan_is_refused_and_told_of_it() -> None:
    """The message names the setting."""
    with pytest.raises(UnreadableFile, match="WSIS_OCR") as raised:
        read_apart(scanned(placed_pdf(PAGE)), ".pdf")
    assert raised.value.status == "needs_ocr"


@needs_tesseract
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_that_lies_on_its_side_is_read(turn: int) -> None:
    """The words come in their order, their boxes where they stand on the page as it is shown."""
    found = read(scanned(placed_pdf(PAGE), turn=turn), ".pdf", Tesseract("eng"))
    assert told(found) == [PAGE[0].text, *PROSE, PAGE[-1].text]
    left, top, right, bottom = next(line.boxes[0] for line in found.lines if line.boxes)
    # The first word of the page, which is in its upper left corner when it stands upright.
    assert (left > 5_000, top > 5_000) == {90: (False, True), 180: (True, True)}.get(
        turn, (True, False)
    )
    assert (right - left < bottom - top) == (turn != 180)


@needs_tesseract
def test_only_pages_without_text_are_recognised(
    empty_corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a text page and a scanned one the second; its citations say so, also once stored."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    first = placed_pdf([Shown(f"Page one is typed, line {n} of it.", 60, 700 - n) for n in (0, 40)])
    for data in (first, scanned(placed_pdf(PAGE)), placed_pdf([])):
        writer.append(PdfReader(io.BytesIO(data)))
    path = tmp_path / "mixed.pdf"
    writer.write(path)
    report = ingest_file(empty_corpus, path, ENGLISH)
    assert (report.status, report.pages) == ("indexed", 3)
    assert "Page 2 was read by text recognition" in report.message
    document = empty_corpus.document(report.submission_id or "")
    assert [page.recognised for page in document.pages] == [False, True, False]
    for words, page, recognised in (("is typed", 1, False), ("four hundred", 2, True)):
        start = document.text.index(words)
        (place,) = locations(document, Span(start, start + len(words)))
        assert (place.page, place.recognised, len(place.boxes)) == (page, recognised, 1)


@needs_tesseract
def test_letters_that_stand_for_none_are_recognised() -> None:
    """A page whose font says no letter that anybody knows is read as it looks."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import NameObject, StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(placed_pdf(PAGE))))
    told_as = StreamObject()
    told_as.set_data(
        b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
        b"1 beginbfrange <21> <7e> <e021> endbfrange endcmap"
    )
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        font.get_object()[NameObject("/ToUnicode")] = writer._add_object(told_as)
    file = io.BytesIO()
    writer.write(file)
    with pytest.raises(UnreadableFile):
        read(file.getvalue(), ".pdf")
    assert told(read(file.getvalue(), ".pdf", Tesseract("eng")))[1] == PROSE[0]


@needs_tesseract
def test_empty_pages_are_no_scans() -> None:
    """A file of blank pages is empty, whether it has pictures of them or not."""
    white = io.BytesIO()
    Image.new("L", (2480, 3508), 255).save(white, "PDF", resolution=300)
    for data in (placed_pdf([]), white.getvalue()):
        with pytest.raises(UnreadableFile) as raised:
            read(data, ".pdf", Tesseract("eng"))
        assert raised.value.status == "empty"


@needs_tesseract
def test_scans_from_the_field_are_read_with_the_setting(shared_data: Path) -> None:
    """Each file of the pack that needs recognition has text with it; one has its words known."""
    pack = shared_data / "parser-pack"
    with (pack / "expected.csv").open(encoding="utf-8") as table:
        scans = [row["file"] for row in csv.DictReader(table) if row["expected"] == "needs-ocr"]
    assert len(scans) == 4
    texts = {
        name: " ".join(told(read_apart((pack / name).read_bytes(), ".pdf", reading=ENGLISH)))
        for name in scans
    }
    assert texts["scan-bad.pdf"] == "pdf.js"
    assert "simply press RECORD and PLAY, then play your MIDI keyboard" in texts["linn.pdf"]
    assert "Docling bundles PDF document conversion" in texts["ocr_test.pdf"]
    assert "Portez ce vieux whisky" in texts["francais.pdf"]


HOCR = """<html xmlns="http://www.w3.org/1999/xhtml"><body>{lines}</body></html>"""


def hocr(*lines: tuple[float, str], sure: int = 90) -> str:
    """Lines of words as tesseract tells them, each with its height; words 100 dots wide."""
    told = ""
    for n, (height, text) in enumerate(lines):
        y = 300 + 60 * n
        words = text.split()
        if any("\u0600" < c < "\u06ff" for c in text):
            words = words[::-1]
        boxes = [(200 + 110 * x, word) for x, word in enumerate(words)]
        if words != text.split():
            boxes = boxes[::-1]
        told += f"<span class='ocr_line' title='bbox 200 {y} 1900 {y + 40}; x_size {height}'>"
        told += "".join(
            f"<span class='ocrx_word' title='bbox {x} {y} {x + 100} {y + 40}; x_wconf {sure}'>"
            f"{word}</span>"
            for x, word in boxes
        )
        told += "</span>"
    return HOCR.format(lines=told)


@pytest.mark.parametrize(
    ("answer", "texts"),
    [
        (hocr((40, "第 七 十 五届 会 议 2020 年"),), ["第七十五届会议 2020 年"]),
        (hocr((40, "تعتبر البرمجة بلغة من"), (55, "للمشكلات يمتلك كل من")),
         ["تعتبر البرمجة بلغة من", "للمشكلات يمتلك كل من"]),
        (hocr((40, "e One item."), (40, "¢ Two items."), (40, "e Three")),
         ["• One item.", "• Two items.", "• Three"]),
        (hocr((40, "e One item."), (40, "Two items.")), ["e One item.", "Two items."]),
    ],
)  # fmt: skip
def test_what_tesseract_does_to_scripts_and_dots_is_mended(
    answer: str, texts: list[str], program: Callable[[str], None], tmp_path: Path
) -> None:
    """No blanks in Chinese, Arabic lines of one paragraph, dots before items if there are some."""
    (tmp_path / "answer").write_text(answer, encoding="utf-8")
    program(f"cat {tmp_path}/answer")
    found = read(scanned(placed_pdf(PAGE)), ".pdf", Tesseract("eng"))
    assert [line.text for line in found.lines][: len(texts)] == texts


def test_lines_that_are_hardly_sure_are_left_out(
    program: Callable[[str], None], tmp_path: Path
) -> None:
    """Parts of photographs are no text."""
    (tmp_path / "answer").write_text(hocr((40, "lI|l ,; ii"), sure=30), encoding="utf-8")
    program(f"cat {tmp_path}/answer")
    with pytest.raises(UnreadableFile, match="found no word"):
        read(scanned(placed_pdf(PAGE)), ".pdf", Tesseract("eng"))


# --- when it cannot be done -------------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a program named tesseract, a shell script, in place of any other."""

    def put(script: str) -> None:
        path = tmp_path / "tesseract"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/bin")

    return put


LISTED = "echo 'List of available languages (3):'; printf 'eng\\nosd\\nfra\\n'"


@pytest.mark.parametrize(
    ("setting", "languages"),
    [("", ""), ("off", ""), ("on", "eng+fra"), ("fra", "fra"), (" fra+eng ", "fra+eng")],
)
def test_the_setting_names_languages(
    setting: str, languages: str, program: Callable[[str], None]
) -> None:
    """`on` is each of the six UN languages that tesseract has."""
    program(LISTED)
    assert reading_of(Settings(ocr=setting)) == Reading(languages)


@pytest.mark.parametrize(
    ("setting", "told"),
    [("deu", "no language 'deu'.*tesseract-ocr-deu"), ("eng, fra", "joined by"), ("--x", "joined")],
)
def test_a_setting_that_cannot_be_followed_says_what_to_do(
    setting: str, told: str, program: Callable[[str], None]
) -> None:
    """A language that is not there names its package."""
    program(LISTED)
    with pytest.raises(SettingsInvalid, match=told):
        reading_of(Settings(ocr=setting))


def test_without_tesseract_the_setting_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Before any file is read, and not when nothing is asked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsInvalid, match="apt-get install tesseract-ocr"):
        reading_of(Settings(ocr="on"))
    assert reading_of(Settings(ocr="")) == Reading()


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ("sleep 5", "timed_out"),
        ("exit 3", "damaged"),
        ("echo '<html/>'", "needs_ocr"),
        ("true", "damaged"),
    ],
)
def test_a_recogniser_that_fails_is_a_status_of_the_file(
    script: str, status: str, program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that hangs is ended; one that finds nothing leaves a scan."""
    program(script)
    monkeypatch.setattr(recognition, "PAGE_SECONDS", 0.3)
    with pytest.raises(UnreadableFile) as raised:
        read(scanned(placed_pdf(PAGE)), ".pdf", Tesseract("eng"))
    assert raised.value.status == status


def test_a_long_scan_has_a_time_for_all_its_pages(
    program: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Past it the file is given up, though each page kept to its own time."""
    program("sleep 0.2; echo '<html/>'")
    monkeypatch.setattr(recognition, "FILE_SECONDS", 0.1)
    with pytest.raises(UnreadableFile, match="2 pages") as raised:
        read(scanned(placed_pdf(PAGE), placed_pdf(PAGE)), ".pdf", Tesseract("eng"))
    assert raised.value.status == "timed_out"
