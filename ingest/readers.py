"""Files to lines: plain text, Markdown, PDF. The only file that imports a PDF library.

A reader raises UnreadableFile with the status the file ends in; it never returns an empty
or garbled document in silence.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import charset_normalizer
import pypdfium2
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from corpus.errors import UnreadableFile
from ingest.canonical import Kind, Line

MAX_BYTES = 50_000_000
MAX_PAGES = 2_000
# Pages with fewer letters than this on average hold a picture of text, not text.
_LETTERS_A_PAGE = 20
# More replacement and private-use characters than this share, and the text is not readable.
_GARBLED_SHARE = 0.1
# Encodings that the six UN languages were written in; with more to choose from, French in
# cp1252 is taken for Central European and "à" comes out as "ŕ".
_LEGACY_ENCODINGS = ["cp1252", "cp1251", "koi8_r", "cp1256", "gb18030", "big5"]


@dataclass(frozen=True, slots=True)
class Source:
    """What a reader found: lines in reading order, and the printed number of each page."""

    lines: tuple[Line, ...]
    labels: tuple[str | None, ...] = ()


def read(data: bytes, suffix: str) -> Source:
    """Lines of a file of that kind.

    Raises UnreadableFile: ``unsupported``, ``too_large``, ``empty``, ``garbled``, ``damaged``,
    ``needs_password`` or ``needs_ocr``.
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
    source = reader(data)
    text = "".join(line.text for line in source.lines)
    if not text.strip():
        raise UnreadableFile("empty", "The file holds no text. Check that it is the right one.")
    _refuse_garbled(text)
    return source


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


def _decoded(data: bytes) -> str:
    for encoding in (
        ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    ):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    guess = charset_normalizer.from_bytes(data, cp_isolation=_LEGACY_ENCODINGS).best()
    if guess is None or b"\x00" in data:
        raise UnreadableFile(
            "garbled", "The file is not text in any known encoding. Save it as UTF-8 and try again."
        )
    return str(guess)


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


def _read_pdf(data: bytes) -> Source:
    labels = _page_labels(data)
    try:
        pages = _pdf_pages(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(
            "damaged", f"The PDF cannot be read ({error}). Open it in a viewer and save it anew."
        ) from error
    letters = sum(character.isalpha() for page in pages for character in page)
    if letters < _LETTERS_A_PAGE * len(pages):
        raise UnreadableFile(
            "needs_ocr",
            "The PDF holds pictures of pages but no text. Run text recognition on it (for "
            "example `ocrmypdf in.pdf out.pdf`) and ingest the result.",
        )
    lines = tuple(
        Line(line, number)
        for number, page in enumerate(pages, start=1)
        for line in (*page.splitlines(), "")
    )
    return Source(lines, labels if len(labels) == len(pages) else (None,) * len(pages))


def _pdf_pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableFile(
                "too_large", f"The PDF has {len(document)} pages; at most {MAX_PAGES} are read."
            )
        return [_pdf_page(document, index) for index in range(len(document))]
    finally:
        document.close()


def _pdf_page(document: pypdfium2.PdfDocument, index: int) -> str:
    page = document[index]
    text_page = page.get_textpage()
    try:
        text: str = text_page.get_text_range()
        # PDFium marks a hyphen at a line's end with U+FFFE; canonical text decides about it.
        return text.replace("\ufffe", "-\n")
    finally:
        text_page.close()
        page.close()


def _page_labels(data: bytes) -> tuple[str | None, ...]:
    """The printed page numbers; also the place where a password is noticed."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(
                "needs_password", "The PDF asks for a password. Save a copy without one."
            )
        return tuple(reader.page_labels)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        # Labels are an extra; whether the file can be read at all is PDFium's to say.
        return ()


def _refuse_garbled(text: str) -> None:
    visible = [character for character in text if not character.isspace()]
    bad = sum(
        character == "\ufffd" or "\ue000" <= character <= "\uf8ff" or character < " "
        for character in visible
    )
    if bad > _GARBLED_SHARE * len(visible):
        raise UnreadableFile(
            "garbled",
            "The file's characters cannot be read as text (its fonts or its encoding do not say "
            "which letters they stand for). Export it anew, or run text recognition on it.",
        )


READERS: dict[str, Callable[[bytes], Source]] = {
    ".txt": _read_text,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".pdf": _read_pdf,
}
