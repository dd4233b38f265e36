"""PDF files made for a test."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

_FONT = DictionaryObject(
    {
        NameObject("/Type"): NameObject("/Font"),
        NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    }
)


def pdf(pages: Sequence[Sequence[str]], *, password: str = "", labels_from: int = 0) -> bytes:
    """One page of ASCII lines each; printed numbers start at ``labels_from`` when it is given."""
    writer = PdfWriter()
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        fonts = DictionaryObject({NameObject("/F1"): _FONT})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = StreamObject()
        shown = "".join(f"({line}) Tj T*\n" for line in lines)
        content.set_data(f"BT /F1 9 Tf 14 TL 40 780 Td\n{shown}ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
    if labels_from:
        writer.set_page_label(0, len(pages) - 1, style="/D", start=labels_from)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
