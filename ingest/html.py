"""HTML to lines: headings, paragraphs, items, table rows; no scripts, menus or hidden text."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from corpus.errors import UnreadableFile
from ingest.canonical import Kind, Line, Source

# Never text of the document.
_ASIDE = (
    "head script style noscript template svg math iframe object embed canvas audio video form "
    "button select textarea input nav footer aside"
).split()
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:[a-z%]*)\s*(?:;|$)|"
    r"opacity\s*:\s*0(?:\.0*)?\s*(?:;|$)|(?<!-)color\s*:\s*(?:white|#fff(?:fff)?)\s*(?:;|$)",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    "html body main article section div header address blockquote pre p ul ol dl dt dd li figure "
    "figcaption table caption thead tbody tfoot tr hr fieldset details summary center".split()
)
_HEADING = re.compile(r"h[1-6]")
# A bold paragraph that makes a head stands under all heads that the page marks.
_UNDER_ALL, _LONGEST_HEAD = 7, 120
# A part called the main one is believed when it has this share of the letters.
_MAIN_SHARE = 0.5


def html_lines(html: str) -> tuple[Line, ...]:
    """The lines of ``html_source``."""
    return html_source(html).lines


def html_source(html: str) -> Source:
    """The blocks of a page's main text, in order; an empty line follows each.

    Raises UnreadableFile (``damaged``) when elements are nested some hundreds deep.
    """
    try:
        return _source(html)
    except RecursionError as error:
        raise UnreadableFile(
            "damaged", "The page's elements are nested too deep to be a text. Save it anew."
        ) from error


def _source(html: str) -> Source:
    soup = BeautifulSoup(html, "lxml")
    for tag in soup.find_all(_ASIDE):
        tag.decompose()
    unseen = 0
    for tag in soup.find_all(_is_hidden):
        if not tag.decomposed:
            unseen += sum(not c.isspace() for c in tag.get_text())
            tag.decompose()
    for tag in soup.find_all("header"):
        if tag.find(_HEADING) is None:
            tag.decompose()
    for tag in soup.find_all("a", href=re.compile(r"^#(?:foot|end)note")):
        # The numbers of notes, and the arrows back from them.
        tag.decompose()
    writer = _Writer()
    writer.write(_main(soup))
    writer.flush()
    return Source(tuple(writer.lines), warnings=unseen_warning(unseen))


def unseen_warning(letters: int) -> tuple[str, ...]:
    """What the report says of letters left out; nothing when there are none."""
    if not letters:
        return ()
    return (f"{letters:,} letters that no reader sees (hidden, white or tiny) were left out.",)


def _is_hidden(tag: Tag) -> bool:
    style = str(tag.get("style") or "")
    return tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or bool(_HIDDEN.search(style))


def _main(soup: BeautifulSoup) -> Tag:
    everything = len(soup.get_text())
    for found in (soup.find("main"), soup.find(role="main"), soup.find("article")):
        if isinstance(found, Tag) and len(found.get_text()) >= _MAIN_SHARE * everything:
            return found
    return soup


class _Writer:
    """Walks the tree; inline text gathers until a block begins or ends."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._text: list[str] = []
        self._mark = ""

    def write(self, node: Tag) -> None:
        for number, child in enumerate(_content(node), start=1):
            if isinstance(child, Tag):
                self._tag(child, number)
            else:
                self._text.append(re.sub(r"\s+", " ", child))

    def flush(self, kind: Kind = Kind.TEXT, level: int = 0) -> None:
        """End the block that gathers, if it has any text."""
        parts = [" ".join(part.split()) for part in "".join(self._text).split("\n")]
        self._text = []
        parts = [part for part in parts if part]
        if not parts:
            return
        if self._mark:
            kind, parts[0], self._mark = Kind.ITEM, self._mark + parts[0], ""
        if kind is not Kind.TEXT:
            parts = [" ".join(parts)]
        self.lines += [*(Line(part, kind=kind, level=level) for part in parts), Line("")]

    def _tag(self, tag: Tag, number: int) -> None:
        name = tag.name
        if name == "br":
            self._text.append("\n")
        elif _HEADING.fullmatch(name):
            self.flush()
            self.write(tag)
            self.flush(Kind.HEADING, int(name[1]))
        elif name == "tr" and tag.find("table") is None:
            self.flush()
            self._row(tag)
        elif name == "li":
            self.flush()
            numbered = tag.parent is not None and tag.parent.name == "ol"
            self._mark = f"{number}. " if numbered else "- "
            self.write(tag)
            self.flush()
            self._mark = ""
        elif name == "p" and not self._mark and _is_set_off(tag):
            self.flush()
            self.write(tag)
            self.flush(Kind.HEADING, _UNDER_ALL)
        elif name in _BLOCKS or name in ("td", "th"):
            self.flush()
            self.write(tag)
            self.flush()
        else:
            self.write(tag)

    def _row(self, tag: Tag) -> None:
        cells = [" ".join(cell.get_text(" ").split()) for cell in tag.find_all(["td", "th"])]
        if len(cells) > 1 and any(cells):
            self.lines.append(Line(" | ".join(cells), kind=Kind.ROW))
        elif any(cells):
            # A row of one cell lays a page out; it holds paragraphs.
            self.write(tag)
            self.flush()


def _is_set_off(paragraph: Tag) -> bool:
    """Whether a paragraph is short, bold as a whole, and ends like a head."""
    text = " ".join(paragraph.get_text().split())
    bold = "".join(found.get_text() for found in paragraph.find_all(["strong", "b"]))
    whole = bool(text) and "".join(bold.split()) == "".join(text.split())
    in_table = paragraph.find_parent(["table", "li"]) is not None
    return whole and not in_table and len(text) <= _LONGEST_HEAD and text[-1] not in ".;,。；"


def _content(node: Tag) -> list[Tag | NavigableString]:
    """Children that are tags or text, in a list only its items; no comments, no declarations."""
    kept = [c for c in node.children if isinstance(c, Tag) or type(c) is NavigableString]
    if node.name in ("ul", "ol"):
        return [child for child in kept if isinstance(child, Tag)]
    return kept
