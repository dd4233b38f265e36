"""Short forms that a text itself defines: "End-to-End Encryption (E2EE)".

After Schwartz and Hearst 2003, "A Simple Algorithm for Identifying Abbreviation Definitions in
Biomedical Text": the letters of the short form are looked for from the right in the words
before the bracket, and its first letter must begin a word.
"""

from __future__ import annotations

import re

_BRACKET = re.compile(r"\(([^\W\d_][\w&/.-]{1,9})\)")
_WORD = re.compile(r"[\w’'-]+")


def definitions(text: str) -> dict[str, str]:
    """Long forms by the short form that stands in brackets behind them; the first one counts."""
    found: dict[str, str] = {}
    for match in _BRACKET.finditer(text):
        short = match.group(1)
        if sum(character.isupper() for character in short) < 2:
            continue
        long = _long_form(short, text[: match.start()].rstrip())
        if long and short not in found:
            found[short] = long
    return found


def _long_form(short: str, before: str) -> str | None:
    """The words at the end of ``before`` that ``short`` abbreviates."""
    letters = [character.lower() for character in short if character.isalnum()]
    line = before[before.rfind("\n") + 1 :]
    words = list(_WORD.finditer(line))
    most = min(len(letters) + 5, 2 * len(letters))
    window = words[-most:]
    if not window:
        return None
    at, least = len(line), window[0].start()
    for place, letter in reversed(list(enumerate(letters))):
        at = _place(line, letter, at, least, opens=place == 0)
        if at < 0:
            return None
    long = line[at:]
    return long if len(_WORD.findall(long)) > 1 else None


def _place(line: str, letter: str, before: int, least: int, *, opens: bool) -> int:
    """The last place of ``letter`` ahead of ``before``, at a word's beginning if ``opens``.

    A digit in a short form stands for a word of its own ("to", "two") and need not be there.
    """
    if letter.isdigit():
        return before
    for at in range(before - 1, least - 1, -1):
        if line[at].lower() != letter:
            continue
        if not opens or at == 0 or not line[at - 1].isalnum():
            return at
    return -1
