"""What a model wrote, as the plain text that a reader may see."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

# What plain writing never has: none of it is shown, not even without its marks.
_REFUSED = frozenset(
    "html_inline html_block link_open image fence code_block table_open heading_open".split()
)
_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:javascript|data|mailto):", re.IGNORECASE
)
# Numbers of sources, which only the program gives.
_MARKER = re.compile(r"\s*(?:\[\^?\d+(?:\s*[,;–-]\s*\d+)*\]|【[^】]*】)")
_TAG = re.compile(r"</?[a-z!]", re.IGNORECASE)


def plain_text(text: str) -> str | None:
    """The text without marks of emphasis or lists, on one line; None for markup of other kinds."""
    if _ADDRESS.search(text) or _TAG.search(text) or unescape(text) != text:
        return None
    tokens = _parser().parse(_MARKER.sub("", text))
    if any(token.type in _REFUSED for token in _all(tokens)):
        return None
    words = "".join(_text(token) for token in _all(tokens))
    return " ".join(words.split())


def _text(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak", "paragraph_close"):
        return " "
    return token.content if token.type in ("text", "code_inline") else ""


def _all(tokens: list[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *(token.children or ()))]


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])
