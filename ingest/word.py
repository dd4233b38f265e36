"""Word files (.docx) to lines, through mammoth, which leaves out comments, deletions, headers."""

from __future__ import annotations

import io
import logging
import zipfile
import zlib
from typing import Any

import mammoth

from corpus.errors import UnreadableFile
from ingest.canonical import Line
from ingest.html import html_lines

# Of the parts of a file, unpacked. The text of a long book has some 5 MB.
_LARGEST = 200_000_000
_MOST_PARTS = 5_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DECLARATIONS = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))


def docx_lines(data: bytes) -> tuple[Line, ...]:
    """The document's blocks in order, footnotes at its end.

    Raises UnreadableFile: ``damaged``, ``too_large`` or ``needs_password``.
    """
    _check(data)
    try:
        html = mammoth.convert_to_html(io.BytesIO(data), convert_image=_no_image).value
    except Exception as error:
        # mammoth raises whatever its XML, ZIP or own code meets in a broken file.
        raise _damaged(type(error).__name__) from error
    return html_lines(html)


def _check(data: bytes) -> None:
    """The gate before anything is unpacked: sizes, and no declarations of entities."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnreadableFile(
                "needs_password", "The Word file asks for a password. Save a copy without one."
            )
        raise _damaged("an older Word format")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST:
                raise UnreadableFile(
                    "too_large",
                    f"The Word file unpacks to more than {_LARGEST:,} bytes or {_MOST_PARTS:,} "
                    "parts. Take its pictures out or split it.",
                )
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    head = archive.read(part)
                    if any(declaration in head for declaration in _DECLARATIONS):
                        raise _damaged("it declares entities")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise _damaged(str(error)) from error


def _damaged(why: str) -> UnreadableFile:
    return UnreadableFile(
        "damaged",
        f"The Word file cannot be read ({why}). Open it in a word processor and save it anew as "
        ".docx.",
    )


def _no_image(_: Any) -> list[Any]:
    """In place of a picture: nothing, so that none is opened."""
    return []


logging.getLogger("mammoth").setLevel(logging.ERROR)
