"""OpenDocument texts (.odt) to lines: headings, paragraphs, items, rows, notes at the end.

Comments, deletions, headers and footers are left out; what its styles hide is, and is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.archive import check_archive, damaged_archive, needs_password, part_of
from ingest.canonical import Kind, Line, Source
from ingest.html import unseen_warning

_KIND = "OpenDocument"
_ASIDE = {"tracked-changes", "annotation", "annotation-end", "sequence-decls", "forms", "shape"}
_HIDDEN = {"hidden-text", "hidden-paragraph"}
_WRAPPERS = {"section", "index-body", "table-of-content", "soft-page-break", "text-box", "frame"}
_MOST_BLANKS = 20


def read_odt(data: bytes) -> Source:
    """The document's blocks in order.

    Raises UnreadableFile: ``damaged``, ``too_large`` or ``needs_password``.
    """
    check_archive(data, _KIND)
    if b"encryption-data" in _part(data, "META-INF/manifest.xml"):
        raise needs_password(_KIND)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(part_of(data, "content.xml", _KIND), parser)
    except etree.XMLSyntaxError as error:
        raise damaged_archive(_KIND, str(error)) from error
    body = root.find(".//{*}body/{*}text")
    if body is None:
        raise damaged_archive(_KIND, "no text in it")
    writer = _Writer(_hidden_styles(root), _numbered_lists(root))
    writer.blocks(body)
    return Source((*writer.lines, *writer.notes), warnings=unseen_warning(writer.unseen))


def _part(data: bytes, name: str) -> bytes:
    return part_of(data, name, _KIND)


def _attribute(node: etree._Element, name: str) -> str | None:
    return next((str(v) for k, v in node.attrib.items() if str(k).endswith("}" + name)), None)


def _tag(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _hidden_styles(root: etree._Element) -> frozenset[str]:
    """Styles of text that is not displayed."""
    hidden = set()
    for style in root.iter("{*}style"):
        look = style.find("{*}text-properties")
        if look is not None and _attribute(look, "display") == "none":
            hidden.add(_attribute(style, "name") or "")
    return frozenset(hidden)


def _numbered_lists(root: etree._Element) -> frozenset[str]:
    """List styles whose first level is numbered."""
    return frozenset(
        _attribute(style, "name") or ""
        for style in root.iter("{*}list-style")
        if style.find("{*}list-level-style-number") is not None
    )


@dataclass
class _Writer:
    """Walks the body; ``unseen`` counts letters of hidden text."""

    hidden: frozenset[str]
    numbered: frozenset[str]
    lines: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    unseen: int = 0

    def blocks(self, parent: etree._Element) -> None:
        for node in parent:
            tag = _tag(node)
            if tag == "h":
                level = _attribute(node, "outline-level") or "1"
                self._block(node, Kind.HEADING, int(level) if level.isdigit() else 1)
            elif tag == "p":
                self._block(node)
            elif tag == "list":
                self._list(node)
            elif tag == "table":
                self._rows(node)
            elif tag in _WRAPPERS:
                self.blocks(node)

    def _block(self, node: etree._Element, kind: Kind = Kind.TEXT, level: int = 0) -> None:
        parts = self._text(node).split("\n")
        if kind is not Kind.TEXT:
            parts = [" ".join(parts)]
        self.lines += [Line(part, kind=kind, level=level) for part in parts if part.strip()]
        self.lines.append(Line(""))

    def _list(self, node: etree._Element, style: str = "") -> None:
        style = _attribute(node, "style-name") or style
        items = [item for item in node if _tag(item) == "list-item"]
        for number, item in enumerate(items, start=1):
            mark = f"{number}. " if style in self.numbered else "- "
            for child in item:
                if _tag(child) == "list":
                    self._list(child, style)
                elif _tag(child) in ("p", "h") and (text := " ".join(self._text(child).split())):
                    self.lines += [Line(mark + text, kind=Kind.ITEM), Line("")]
                    mark = ""

    def _rows(self, table: etree._Element) -> None:
        for row in table.iter("{*}table-row"):
            cells = [
                " ".join(" ".join(self._text(p).split()) for p in cell.iter("{*}p", "{*}h"))
                for cell in row
                if _tag(cell) == "table-cell"
            ]
            if any(cells):
                kind = Kind.ROW if len(cells) > 1 else Kind.TEXT
                self.lines.append(Line(" | ".join(cells), kind=kind))
        self.lines.append(Line(""))

    def _text(self, node: etree._Element) -> str:
        """What a reader sees of a paragraph; its notes go to the end."""
        text = "".join(self._pieces(node))
        if _attribute(node, "style-name") in self.hidden:
            self.unseen += sum(not c.isspace() for c in text)
            return ""
        return text

    def _pieces(self, node: etree._Element) -> Iterator[str]:
        yield re.sub(r"\s+", " ", node.text or "")
        for child in node:
            tag = _tag(child)
            if tag == "note":
                self._note(child)
            elif tag == "s":
                count = _attribute(child, "c") or "1"
                yield " " * min(int(count) if count.isdigit() else 1, _MOST_BLANKS)
            elif tag == "tab":
                yield " "
            elif tag == "line-break":
                yield "\n"
            elif tag in _HIDDEN:
                self.unseen += sum(not c.isspace() for c in "".join(child.itertext()))
            elif tag not in _ASIDE:
                yield self._text(child)
            yield re.sub(r"\s+", " ", child.tail or "")

    def _note(self, node: etree._Element) -> None:
        body = node.find("{*}note-body")
        if body is not None:
            text = " ".join(self._text(p) for p in body.iter("{*}p"))
            self.notes += [Line(" ".join(text.split()), kind=Kind.NOTE), Line("")]
