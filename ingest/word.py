"""Word files (.docx) to lines, through mammoth, which leaves out comments, deletions, headers."""

from __future__ import annotations

import io
import itertools
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import mammoth
from lxml import etree

from corpus.errors import UnreadableFile
from ingest.archive import check_archive, damaged_archive, part_of, with_part
from ingest.canonical import Kind, Line, Source
from ingest.html import html_lines, unseen_warning

_KIND = "Word"
_BODY = "word/document.xml"
# Half points: runs smaller than this are not meant to be read.
_TINY = 5
_STYLES = "p[style-name='Title'] => h1:fresh"
# Private to us; canonical text has no such letter.
_PAGE_END = "\ue001"
# Letters that surely have room on a page, and what a paragraph takes besides its own.
_PAGE, _LINE = 1_800, 60
_OFF = ("0", "false", "off")


def read_docx(data: bytes) -> Source:
    """The document's blocks in order, footnotes at its end; hidden text left out and told.

    Raises UnreadableFile: ``damaged``, ``too_large`` or ``needs_password``.
    """
    check_archive(data, _KIND)
    try:
        shown, unseen = _without_hidden(data)
        html = mammoth.convert_to_html(
            io.BytesIO(shown), convert_image=_no_image, style_map=_STYLES
        ).value
    except UnreadableFile:
        raise
    except Exception as error:
        # mammoth raises whatever its XML, ZIP or own code meets in a broken file.
        raise damaged_archive(_KIND, type(error).__name__) from error
    lines = tuple(_paged(html_lines(html)))
    pages = max((line.page for line in lines), default=1)
    labels = (None,) * pages if pages > 1 else ()
    return Source(lines, labels, unseen_warning(unseen))


def _paged(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with their pages, parted where a page ends inside one."""
    page = 1
    for line in lines:
        first, *others = line.text.split(_PAGE_END)
        # A paragraph that a page end cuts goes on; a head, an item or a row is not parted.
        if line.kind is not Kind.TEXT:
            page += len(others) if not first.strip() else 0
            yield replace(line, text=line.text.replace(_PAGE_END, ""), page=page)
            page += len(others) if first.strip() else 0
            continue
        parts = [first, *others]
        for number, part in enumerate(parts):
            page += number > 0
            last = number == len(parts) - 1
            if part.strip() or len(parts) == 1:
                yield replace(line, text=part, page=page, wraps=line.wraps or not last)


def _without_hidden(data: bytes) -> tuple[bytes, int]:
    """The file without the runs that a reader does not see, and how many letters these had."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(part_of(data, _BODY, _KIND), parser)
    unseen = 0
    for run in list(root.iter("{*}r")):
        if _is_hidden(run):
            unseen += sum(not c.isspace() for t in run.iter("{*}t") for c in t.text or "")
            run.getparent().remove(run)
    changed = _mark_page_ends(root)
    return (with_part(data, _BODY, etree.tostring(root)) if unseen or changed else data), unseen


def _mark_page_ends(root: etree._Element) -> bool:
    """A sign in the text where Word last ended a page; whether there is any.

    Else where the writer did, if what stands in between surely fits on a page: where more does, no
    page is known.
    """
    ends = list(root.iter("{*}lastRenderedPageBreak"))
    signs = [_sign(end) for end in ends or _written_breaks(root)]
    if not ends and signs and not _fits(root):
        for sign in signs:
            sign.text = ""
    return bool(signs)


def _sign(end: etree._Element) -> etree._Element:
    end.tag = etree.QName(etree.QName(end).namespace, "t").text
    end.attrib.clear()
    end.text = _PAGE_END
    return end


def _written_breaks(root: etree._Element) -> list[etree._Element]:
    """Page breaks in runs; those of paragraphs and sections are put into runs of their own."""
    found = [br for br in root.iter("{*}br") if "page" in br.attrib.values()]
    paragraphs = list(root.iter("{*}p"))
    for paragraph in paragraphs[1:]:
        look = paragraph.find("{*}pPr")
        if look is not None and _value(look, "pageBreakBefore", "true") not in (None, *_OFF):
            found.append(_with_run(paragraph, paragraph.index(look) + 1))
    sections = list(root.iter("{*}sectPr"))
    for section, following in itertools.pairwise(sections):
        # How a section begins, it says itself, at its end.
        paragraph = next(section.iterancestors("{*}p"), None)
        if paragraph is not None and _value(following, "type", "") != "continuous":
            found.append(_with_run(paragraph, len(paragraph)))
    return found


def _with_run(paragraph: etree._Element, at: int) -> etree._Element:
    space = etree.QName(paragraph).namespace
    run = etree.Element(etree.QName(space, "r"))
    paragraph.insert(at, run)
    return etree.SubElement(run, etree.QName(space, "br"))


def _fits(root: etree._Element) -> bool:
    """Whether each stretch between signs is so short that it cannot fill a page."""
    filled = 0
    for node in root.iter("{*}p", "{*}t", "{*}drawing", "{*}pict", "{*}object"):
        name = etree.QName(node).localname
        if name == "t":
            text = node.text or ""
            filled = 0 if text == _PAGE_END else filled + len(text)
        else:
            filled += _LINE if name == "p" else _PAGE
        if filled > _PAGE:
            return False
    return True


def _is_hidden(run: etree._Element) -> bool:
    look = run.find("{*}rPr")
    if look is None:
        return False
    if any(_value(look, name, "true") not in (None, *_OFF) for name in ("vanish", "webHidden")):
        return True
    size = _value(look, "sz", "")
    if size and size.isdigit() and int(size) < _TINY:
        return True
    return (_value(look, "color", "") or "").lower() == "ffffff" and not _has_ground(run)


def _has_ground(run: etree._Element) -> bool:
    """Whether the run, its paragraph or its cell is coloured."""
    own = [run.find("{*}rPr/{*}shd"), run.find("{*}rPr/{*}highlight")]
    for above in run.iterancestors("{*}p", "{*}tc"):
        own += [above.find("{*}pPr/{*}shd"), above.find("{*}tcPr/{*}shd")]
    # A table's style may colour its cells.
    in_table = next(run.iterancestors("{*}tbl"), None) is not None
    return in_table or any(found is not None for found in own)


def _value(look: etree._Element, name: str, bare: str) -> str | None:
    """The value of a property; ``bare`` where it has none, None where it is not set."""
    found = look.find("{*}" + name)
    if found is None:
        return None
    return next((str(v) for k, v in found.attrib.items() if str(k).endswith("}val")), bare)


def _no_image(_: Any) -> list[Any]:
    """In place of a picture: nothing, so that none is opened."""
    return []


logging.getLogger("mammoth").setLevel(logging.ERROR)
