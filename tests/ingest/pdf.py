"""PDF files made for a test."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from ingest.pdfium import drawn_pages

_FONT = DictionaryObject(
    {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    }
)


@dataclass(frozen=True)
class Shown:
    """A line of text in its place: points from the bottom left corner of the page."""

    text: str
    x: float
    y: float
    size: float = 10
    bold: bool = False
    grey: float = 0
    mode: int = 0


def placed_pdf(*pages: Sequence[Shown], ground: str = "") -> bytes:
    """Pages of 595 by 842 points; ``ground`` is drawn first, in the operators of PDF."""
    writer = PdfWriter()
    for page in pages:
        shown = "".join(
            f"{item.grey} g BT {item.mode} Tr /{'F2' if item.bold else 'F1'} {item.size} Tf "
            f"{item.x} {item.y} Td ({item.text}) Tj ET\n"
            for item in page
        )
        _add_page(writer, f"{ground}\n{shown}")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _add_page(writer: PdfWriter, content: str) -> None:
    page = writer.add_blank_page(595, 842)
    bold = DictionaryObject({**_FONT, NameObject("/BaseFont"): NameObject("/Helvetica-Bold")})
    fonts = DictionaryObject({NameObject("/F1"): _FONT, NameObject("/F2"): bold})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = StreamObject()
    stream.set_data(content.encode())
    page[NameObject("/Contents")] = writer._add_object(stream)


def pdf(pages: Sequence[Sequence[str]], *, password: str = "", labels_from: int = 0) -> bytes:
    """One page of ASCII lines each; printed numbers start at ``labels_from`` when it is given."""
    writer = PdfWriter()
    for lines in pages:
        shown = "".join(f"({line}) Tj T*\n" for line in lines)
        _add_page(writer, f"BT /F1 9 Tf 14 TL 40 780 Td\n{shown}ET")
    if labels_from:
        writer.set_page_label(0, len(pages) - 1, style="/D", start=labels_from)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def scanned(*pages: bytes, turn: int = 0) -> bytes:
    """A PDF of pictures of the first pages of these files, turned so many degrees to the left."""
    drawn = [
        Image.open(io.BytesIO(next(iter(drawn_pages(page, [1]))).picture)).rotate(turn, expand=True)
        for page in pages
    ]
    file = io.BytesIO()
    drawn[0].save(file, "PDF", resolution=300, save_all=True, append_images=drawn[1:])
    return file.getvalue()
