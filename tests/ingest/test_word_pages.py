"""Word processor files that do not say where their pages end, laid out by LibreOffice."""

from __future__ import annotations

import http.server
import io
import json
import re
import shutil
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from corpus.embedder import HashedBagOfWords
from corpus.errors import SettingsInvalid, UnreadableFile
from corpus.model import Document, Span
from corpus.places import locations
from corpus.settings import Settings
from ingest import office, sandbox
from ingest.office import laid_out
from ingest.pdfium import picture
from ingest.pipeline import build_document
from ingest.readers import read
from ingest.reading import Reading, reading_of
from ingest.sandbox import picture_apart, read_apart
from tests.ingest.docx import docx, paragraph

SEED = Path(__file__).parent / "renditions" / "seed.docx"
LAID_OUT = Reading(lays_out=True)
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return laid_out(SEED.read_bytes(), ".docx")


def taken(data: bytes, suffix: str, reading: Reading = LAID_OUT) -> Document:
    reader = partial(read_apart, reading=reading)
    return build_document(data, f"file{suffix}", HashedBagOfWords(), reader=reader)


def converted(data: bytes, suffix: str, folder: Path) -> bytes:
    """The seed as another kind of word processor file."""
    (folder / "in.docx").write_bytes(data)
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    kind = suffix.lstrip(".")
    command = ["soffice", home, "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "in.docx")], check=True, capture_output=True, timeout=90)
    return (folder / f"in{suffix}").read_bytes()


def agreement(one: Document, other: Document) -> tuple[float, float]:
    """Shares of the words of one text that stand on the same page, and in the same boxes."""
    pages = boxes = 0
    words = [Span(*word.span()) for word in re.finditer(r"\S+", one.text)]
    for word in words:
        here, there = (locations(text, word) for text in (one, other))
        pages += [place.page for place in here] == [place.page for place in there]
        boxes += [place.boxes for place in here] == [place.boxes for place in there]
    return pages / len(words), boxes / len(words)


@needs_office
def test_a_word_file_has_the_pages_that_its_pdf_has(pdf: bytes) -> None:
    """Word for word, boxes included but for the dots before items; the text is the Word file's."""
    found, truth = taken(SEED.read_bytes(), ".docx"), taken(pdf, ".pdf", Reading())
    assert found.text == truth.text == taken(SEED.read_bytes(), ".docx", Reading()).text
    assert len(found.pages) == len(truth.pages) >= 3
    pages, boxes = agreement(found, truth)
    assert pages > 0.98
    assert boxes > 0.95


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".odt", ".rtf"])
def test_other_word_processor_files_have_pages_too(suffix: str, tmp_path: Path) -> None:
    """Nine of ten words have a place; each page has some."""
    found = taken(converted(SEED.read_bytes(), suffix, tmp_path), suffix)
    assert len(found.pages) >= 3
    assert all(page.words for page in found.pages)
    placed = [
        bool(locations(found, Span(start, start + 1)))
        for start in range(len(found.text))
        if found.text[start].isalnum()
    ]
    assert sum(placed) > 0.9 * len(placed)


@needs_office
def test_a_page_is_drawn_of_the_layout(pdf: bytes) -> None:
    """The picture of a page of the Word file is that of the PDF."""
    drawn = picture_apart(SEED.read_bytes(), ".docx", 2, [(0.1, 0.1, 0.5, 0.2)])
    assert drawn == picture(pdf, 2, [(0.1, 0.1, 0.5, 0.2)])


def test_pages_that_word_records_are_kept() -> None:
    """Nothing is laid out where the file says where its pages end."""
    end = "<w:r><w:lastRenderedPageBreak/><w:t>in May.</w:t></w:r>"

    def never(data: bytes, suffix: str) -> bytes:
        raise AssertionError

    source = read(docx(paragraph("We wired schools ", inner=end)), ".docx", lay_out=never)
    assert (len(source.labels), source.shown) == (2, None)


# --- a program of its own, on files from anyone -----------------------------------------------


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In place of LibreOffice: one that starts another and hangs, as it does."""
    path = tmp_path / "soffice"
    path.write_text(f"#!/bin/sh\nsleep 61 &\necho $! > {tmp_path}/started\nwait\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return tmp_path / "started"


def test_one_that_hangs_is_ended_with_all_that_it_started(program: Path) -> None:
    """The file is taken in without pages, and the report says why."""
    lay_out = partial(laid_out, seconds=0.5)
    source = read(docx(paragraph("We wired schools.")), ".docx", lay_out=lay_out)
    assert [line.text for line in source.lines if line.text] == ["We wired schools."]
    assert "0 s" in source.warnings[0] or "1 s" in source.warnings[0]
    number = int(program.read_text())
    for _ in range(50):
        status = Path(f"/proc/{number}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            break
        time.sleep(0.05)
    else:
        raise AssertionError("what it started is still there")


def test_a_layout_that_takes_too_long_costs_pages_and_not_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The child that hung in it was ended; another reads the text alone."""
    seen: list[bool] = []

    def run(arguments: list[str], data: bytes, seconds: float) -> bytes:
        seen.append(len(arguments) > 2)
        if seen[-1]:
            raise UnreadableFile("timed_out", "too long")
        return json.dumps(sandbox._answer(data, arguments[1])).encode()

    monkeypatch.setattr(sandbox, "_run", run)
    source = read_apart(docx(paragraph("We wired schools.")), ".docx", reading=LAID_OUT)
    assert (seen, source.lines[0].text) == ([True, False], "We wired schools.")
    assert "took too long" in source.warnings[0]
    with pytest.raises(UnreadableFile, match="too long"):
        read_apart(b"%PDF", ".pdf", reading=LAID_OUT)


def test_without_libreoffice_the_setting_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsInvalid, match="apt-get install libreoffice"):
        reading_of(Settings(ocr="", word_pages=True))
    assert reading_of(Settings(ocr="", word_pages=False)) == Reading()


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and what it was asked for."""
    paths: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(_red())

        do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - as http.server calls them

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/red.png", paths
    server.shutdown()
    server.server_close()


def _red() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (200, 200), "red").save(file, "PNG")
    return file.getvalue()


def linking(target: str) -> bytes:
    """The seed, opening with a picture that the file has only the address of."""
    schemas, drawing = "http://schemas.openxmlformats.org", "drawingml/2006"
    size = 'cx="1900000" cy="1900000"'
    shown = (
        f'<w:p><w:r><w:drawing><wp:inline xmlns:wp="{schemas}/{drawing}/wordprocessingDrawing">'
        f'<wp:extent {size}/><wp:docPr id="1" name="p"/><a:graphic xmlns:a="{schemas}/{drawing}'
        f'/main"><a:graphicData uri="{schemas}/{drawing}/picture"><pic:pic xmlns:pic="{schemas}/'
        f'{drawing}/picture"><pic:nvPicPr><pic:cNvPr id="0" name="x"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip xmlns:r="{schemas}/officeDocument/2006/'
        'relationships" r:link="away"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect">'
        "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>"
        "</w:drawing></w:r></w:p>"
    )
    related = (
        f'<Relationship Id="away" Type="{schemas}/officeDocument/2006/relationships/image" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(SEED) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "word/document.xml":
                part = part.replace(b"<w:p>", shown.encode() + b"<w:p>", 1)
            if name == "word/_rels/document.xml.rels":
                part = part.replace(b"</Relationships>", related.encode())
            new.writestr(name, part)
    return file.getvalue()


def reds(pdf: bytes) -> int:
    drawn = Image.open(io.BytesIO(picture(pdf, 1, [])))
    return sum(count for count, colour in drawn.getcolors(1 << 24) or () if colour == (255, 0, 0))


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("local", [True, False])
def test_no_link_is_followed(
    local: bool, tmp_path: Path, asked: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither to a file of this machine nor to the network; without the profile both are."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(_red())
    url, paths = asked
    data = linking(secret.as_uri() if local else url)
    # The profile alone must do, for a network of its own is not to be had everywhere.
    monkeypatch.setattr(office, "_confined", lambda: None)
    assert (reds(laid_out(data, ".docx")), paths) == (0, [])
    monkeypatch.setattr(office, "_SETTINGS", {})
    assert reds(laid_out(data, ".docx")) > 1_000
    assert bool(paths) != local
