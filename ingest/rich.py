"""Rich text (.rtf) to lines, through striprtf; running heads and pictures are left out."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from corpus.errors import UnreadableFile
from ingest.canonical import Kind, Line, Source

_MAGIC = b"{\\rtf"
# Groups that are not text of the document: deletions, hidden text, comments.
_DELETED = re.compile(r"\{\\(?:deleted|v)(?:\\[a-z]+-?\d*)*\s[^{}]*\}")
_NOTE = "{\\footnote"
# Stands before each note, which striprtf would leave out; canonical text has no such letter.
_NOTE_MARK = "\ue000"
# "a|b|" is how striprtf writes a row of cells.
_ROW = re.compile(r"[^|]*\|(?:[^|]*\|)+")


def read_rtf(data: bytes) -> Source:
    """The document's paragraphs and rows in order; raises UnreadableFile (``damaged``)."""
    if not data.lstrip().startswith(_MAGIC):
        raise _damaged("it does not begin as one")
    source = _notes_last(_DELETED.sub("", data.decode("latin-1")))
    try:
        text = rtf_to_text(source, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, LookupError, IndexError, RecursionError, OverflowError) as error:
        raise _damaged(type(error).__name__) from error
    return Source(tuple(_lines(text)))


def _notes_last(source: str) -> str:
    """The source with the groups of its footnotes moved to its end, one a paragraph."""
    notes: list[str] = []
    kept: list[str] = []
    position = 0
    while (start := source.find(_NOTE, position)) >= 0:
        kept.append(source[position:start])
        position = _group_end(source, start)
        notes.append(source[start + len(_NOTE) : position - 1])
    kept.append(source[position:])
    body = "".join(kept)
    end = body.rfind("}")
    moved = "".join(f"\\par \\u57344?{{{note}}}" for note in notes)
    return body[:end] + moved + body[end:] if notes else source


def _group_end(source: str, start: int) -> int:
    """The place after the brace that closes the group; the end where none does."""
    depth = 0
    for brace in re.compile(r"\\[{}\\]|[{}]").finditer(source, start):
        depth += {"{": 1, "}": -1}.get(brace.group(), 0)
        if not depth:
            return brace.end()
    return len(source)


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    for line in text.split("\n"):
        if _ROW.fullmatch(line.strip()):
            cells = [cell.strip() for cell in line.strip().removesuffix("|").split("|")]
            lines.append(Line(" | ".join(cells), kind=Kind.ROW))
        elif line.startswith(_NOTE_MARK):
            lines += [Line(line.removeprefix(_NOTE_MARK).strip(), kind=Kind.NOTE), Line("")]
        else:
            lines += [Line(line.strip()), Line("")]
    return lines


def _damaged(why: str) -> UnreadableFile:
    return UnreadableFile(
        "damaged",
        f"The RTF file cannot be read ({why}). Open it in a word processor and save it anew.",
    )
