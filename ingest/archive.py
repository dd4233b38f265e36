"""The gate before a ZIP archive that calls itself a document is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from corpus.errors import UnreadableFile

# Of the parts of a file, unpacked. The text of a long book has some 5 MB.
LARGEST = 200_000_000
_MOST_PARTS = 5_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DECLARATIONS = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


def check_archive(data: bytes, kind: str) -> None:
    """Refuse what is no archive, asks for a password, unpacks to too much, or declares entities.

    ``kind`` names the kind of file in messages. Raises UnreadableFile.
    """
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise needs_password(kind)
        raise damaged_archive(kind, "an older format")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
                raise UnreadableFile(
                    "too_large",
                    f"The {kind} file unpacks to more than {LARGEST:,} bytes or {_MOST_PARTS:,} "
                    "parts. Take its pictures out or split it.",
                )
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    head = archive.read(part)
                    if any(declaration in head for declaration in _DECLARATIONS):
                        raise damaged_archive(kind, "it declares entities")
    except _BROKEN as error:
        raise damaged_archive(kind, str(error)) from error


def part_of(data: bytes, name: str, kind: str) -> bytes:
    """One part of an archive that passed the gate; raises UnreadableFile (``damaged``)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(name)
    except (*_BROKEN, KeyError) as error:
        raise damaged_archive(kind, f"no {name}") from error


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            new.writestr(part, content if part.filename == name else old.read(part))
    return made.getvalue()


def damaged_archive(kind: str, why: str) -> UnreadableFile:
    """The error of a file that cannot be read."""
    return UnreadableFile(
        "damaged",
        f"The {kind} file cannot be read ({why}). Open it in a word processor and save it anew.",
    )


def needs_password(kind: str) -> UnreadableFile:
    """The error of a file that is encrypted."""
    return UnreadableFile(
        "needs_password", f"The {kind} file asks for a password. Save a copy without one."
    )
