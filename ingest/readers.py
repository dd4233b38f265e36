"""Files to lines: plain text, Markdown, HTML, Word, PDF. Only here a PDF library is imported.

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
from ingest.html import html_lines
from ingest.word import docx_lines

MAX_BYTES = 50_000_000
MAX_PAGES = 2_000
MAX_CHARACTERS = 20_000_000
# A page with fewer letters than this, half of it or more a picture, is a picture of text.
_LETTERS_A_PAGE, _PICTURED = 20, 0.5
# More replacement and private-use characters than this share, and the text is not readable.
_GARBLED_SHARE = 0.1
# Encodings that the six UN languages were written in; with more to choose from, French in
# cp1252 is taken for Central European and "à" comes out as "ŕ".
_LEGACY_ENCODINGS = ["cp1252", "cp1251", "koi8_r", "cp1256", "gb18030", "big5"]

# Where an HTML file says its encoding, and within how many bytes.
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]{2,30})""", re.IGNORECASE)
_DECLARED_WITHIN = 2_048


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
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile(
            "too_large",
            f"The file holds {len(text):,} characters; at most {MAX_CHARACTERS:,} are read. "
            "Split it.",
        )
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
    return Source(html_lines(_decoded(data, declared[1].decode() if declared else "")))


def _read_docx(data: bytes) -> Source:
    return Source(docx_lines(data))


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
        raise _damaged_pdf(str(error)) from error
    if 2 * sum(page.is_picture for page in pages) > len(pages):
        raise UnreadableFile(
            "needs_ocr",
            "The PDF holds pictures of pages but no text. Run text recognition on it (for "
            "example `ocrmypdf in.pdf out.pdf`) and ingest the result.",
        )
    if labels is None and all(page.is_bare for page in pages):
        raise _damaged_pdf("its pages cannot be listed, and hardly any text is found")
    lines = tuple(
        Line(line, number)
        for number, page in enumerate(pages, start=1)
        for line in (*page.text.splitlines(), "")
    )
    known = labels if labels and len(labels) == len(pages) else (None,) * len(pages)
    return Source(lines, known)


def _damaged_pdf(why: str) -> UnreadableFile:
    return UnreadableFile(
        "damaged", f"The PDF cannot be read ({why}). Open it in a viewer and save it anew."
    )


@dataclass(frozen=True, slots=True)
class _PdfPage:
    """A page's text, and the share of the page that pictures cover, 0 to 1."""

    text: str
    pictured: float

    @property
    def is_bare(self) -> bool:
        return sum(character.isalpha() for character in self.text) < _LETTERS_A_PAGE

    @property
    def is_picture(self) -> bool:
        return self.is_bare and self.pictured >= _PICTURED


def _pdf_pages(data: bytes) -> list[_PdfPage]:
    document = pypdfium2.PdfDocument(data)
    try:
        if len(document) > MAX_PAGES:
            raise UnreadableFile(
                "too_large", f"The PDF has {len(document)} pages; at most {MAX_PAGES} are read."
            )
        return [_pdf_page(document, index) for index in range(len(document))]
    finally:
        document.close()


def _pdf_page(document: pypdfium2.PdfDocument, index: int) -> _PdfPage:
    page = document[index]
    text_page = page.get_textpage()
    try:
        text: str = text_page.get_text_range()
        # PDFium marks a hyphen at a line's end with U+FFFE; canonical text decides about it.
        return _PdfPage(text.replace("\ufffe", "-\n"), _pictured(page))
    finally:
        text_page.close()
        page.close()


def _pictured(page: pypdfium2.PdfPage) -> float:
    """Share of the page that pictures cover; those over each other count twice."""
    width, height = page.get_size()
    covered = 0.0
    for picture in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        covered += (right - left) * (top - bottom)
    return min(1.0, covered / (width * height)) if width * height else 0.0


def _page_labels(data: bytes) -> tuple[str | None, ...] | None:
    """The printed page numbers, None if not to be had; here a password is noticed, too."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(
                "needs_password", "The PDF asks for a password. Save a copy without one."
            )
        return tuple(reader.page_labels)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        # Labels are an extra; whether the file can be read at all is PDFium's to say.
        return None


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
    ".html": _read_html,
    ".htm": _read_html,
    ".docx": _read_docx,
}
