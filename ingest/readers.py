"""Files to lines: plain text and Markdown here, HTML, Word, OpenDocument, RTF, PDF elsewhere.

A reader raises UnreadableFile with the status the file ends in; it never returns an empty
or garbled document in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import charset_normalizer
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from corpus.errors import UnreadableFile
from ingest.canonical import Kind, Line, Source, is_garbled
from ingest.html import html_source
from ingest.opendocument import read_odt
from ingest.pdf import read_pdf
from ingest.recognition import Recogniser
from ingest.rich import read_rtf
from ingest.word import read_docx

# Bytes and suffix of a word processor file to a PDF of it; raises UnreadableFile.
Layout = Callable[[bytes, str], bytes]

MAX_BYTES = 50_000_000
MAX_CHARACTERS = 20_000_000
# Encodings that the six UN languages were written in; with more to choose from, French in
# cp1252 is taken for Central European and "à" comes out as "ŕ".
_LEGACY_ENCODINGS = ["cp1252", "cp1251", "koi8_r", "cp1256", "gb18030", "big5"]

# Overrides and isolates of direction, tag characters: they hide what a text says. Direction
# marks alone, and joiners, are spelling.
_HIDING = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")

# Where an HTML file says its encoding, and within how many bytes.
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]{2,30})""", re.IGNORECASE)
_DECLARED_WITHIN = 2_048


def read(
    data: bytes,
    suffix: str,
    recognise: Recogniser | None = None,
    lay_out: Layout | None = None,
) -> Source:
    """Lines of a file of that kind.

    ``recognise`` reads the pictures of pages in PDF files, ``lay_out`` makes PDF files of word
    processor files that do not say where their pages end. Raises UnreadableFile:
    ``unsupported``, ``too_large``, ``empty``, ``garbled``, ``damaged``, ``needs_password`` or
    ``needs_ocr``.
    """
    reader = READERS.get(suffix.lower())
    if reader is None:
        raise UnreadableFile(
            "unsupported",
            f"Files of kind {suffix or '(no suffix)'} are not read. Convert the file to one of: "
            f"{', '.join(sorted(READERS))}.",
        )
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            "too_large",
            f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read. Split it.",
        )
    source = read_pdf(data, recognise) if reader is read_pdf else reader(data)
    text = "".join(line.text for line in source.lines)
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(
            "too_large",
            f"The file holds {len(text):,} characters; at most {MAX_CHARACTERS:,} are read. "
            "Split it.",
        )
    if not text.strip():
        raise UnreadableFile("empty", "The file holds no text. Check that it is the right one.")
    _refuse_garbled(text)
    source = replace(source, warnings=(*source.warnings, *_hidden(text)))
    if lay_out and suffix.lower() in LAID_OUT and not source.labels:
        return _with_layout(source, lay_out, data, suffix.lower())
    return source


def _with_layout(source: Source, lay_out: Layout, data: bytes, suffix: str) -> Source:
    """With what a PDF of the file shows; without, and with a warning, where none can be made."""
    try:
        shown = read_pdf(lay_out(data, suffix))
    except UnreadableFile as error:
        told = f"Its pages are not known: LibreOffice could not lay it out ({error})."
        return replace(source, warnings=(*source.warnings, told))
    told = "Its pages are as LibreOffice lays it out; elsewhere they may end in other places."
    return replace(source, warnings=(*source.warnings, told), shown=shown)


def _hidden(text: str) -> tuple[str, ...]:
    """A warning where the text has characters that turn or hide what is read."""
    hidden = len(_HIDING.findall(text))
    if not hidden:
        return ()
    return (f"{hidden:,} invisible characters (direction marks, tags) were left out.",)


def _read_text(data: bytes) -> Source:
    text = _without_markup(_decoded(data))
    pages = text.split("\f")
    lines = tuple(
        Line(line, number)
        for number, page in enumerate(pages, start=1)
        for line in (*page.splitlines(), "")
    )
    return Source(lines, (None,) * len(pages) if len(pages) > 1 else ())


def _without_markup(text: str) -> str:
    """The reading text of light markup that word processors leave in plain text exports."""
    text = re.sub(r"(?<!!)\[([^\[\]\n]+)\]\((?:[^()\s]|\([^()\s]*\))*\)", r"\1", text)
    return re.sub(r"\*\*(?=\S)((?:(?!\n\s*\n|\*\*).)+?)(?<=\S)\*\*", r"\1", text, flags=re.DOTALL)


def _decoded(data: bytes, declared: str = "") -> str:
    """Text in the encoding its bytes show, else the declared one if it fits, else the likeliest."""
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-8-sig", "utf-16" if marked else "", declared):
        try:
            if encoding:
                return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    guess = charset_normalizer.from_bytes(data, cp_isolation=_LEGACY_ENCODINGS).best()
    if guess is None or b"\x00" in data:
        raise UnreadableFile(
            "garbled", "The file is not text in any known encoding. Save it as UTF-8 and try again."
        )
    return str(guess)


def _read_html(data: bytes) -> Source:
    declared = _CHARSET.search(data[:_DECLARED_WITHIN])
    return html_source(_decoded(data, declared[1].decode() if declared else ""))


def _read_markdown(data: bytes) -> Source:
    tree = SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(_decoded(data)))
    lines: list[Line] = []
    for node in tree.children:
        lines.extend(_markdown_lines(node))
    return Source(tuple(lines))


def _markdown_lines(node: SyntaxTreeNode, mark: str = "") -> list[Line]:
    """A block of Markdown as finished lines: one a heading, paragraph, item or table row."""
    if node.type == "heading":
        return [Line(_inline(node), kind=Kind.HEADING, level=int(node.tag[1])), Line("")]
    if node.type in ("paragraph", "code_block", "fence"):
        text = mark + (_inline(node) if node.type == "paragraph" else node.content)
        kind = Kind.ITEM if mark else Kind.TEXT
        return [*(Line(part, kind=kind) for part in text.splitlines()), Line("")]
    if node.type == "tr":
        return [Line(" | ".join(_inline(cell) for cell in node.children), kind=Kind.ROW)]
    lines: list[Line] = []
    for number, child in enumerate(node.children, start=int(node.attrs.get("start", 1))):
        own = mark
        if child.type == "list_item":
            own = f"{number}. " if node.type == "ordered_list" else "- "
        lines.extend(_markdown_lines(child, own))
        mark = "" if node.type == "list_item" else mark
    return lines


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    if node.type == "html_inline":
        return ""
    return "".join(_inline(child) for child in node.children)


def _refuse_garbled(text: str) -> None:
    if is_garbled(text):
        raise UnreadableFile(
            "garbled",
            "The file's characters cannot be read as text (its fonts or its encoding do not say "
            "which letters they stand for). Export it anew, or, a PDF, set WSIS_OCR=on.",
        )


LAID_OUT = (".docx", ".odt", ".rtf")
READERS: dict[str, Callable[[bytes], Source]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".pdf": read_pdf,
    ".html": _read_html,
    ".htm": _read_html,
    ".docx": read_docx,
    ".odt": read_odt,
    ".rtf": read_rtf,
}
