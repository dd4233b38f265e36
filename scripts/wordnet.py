"""Makes rag/data/wordnet.txt.gz of WordNet 3.0's own four data files.

    python scripts/wordnet.py /usr/share/wordnet

Single words in small letters that people use (the spelling dictionary has them), with the sets of
synonyms they are in; for each set the sets near it (one step up or down, similar, derived from)
and the sets opposite to it. On Debian the files are in the package ``wordnet-base``.
"""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path

from spellchecker import SpellChecker

TARGET = Path(__file__).resolve().parents[1] / "rag" / "data" / "wordnet.txt.gz"
# Pointers, see wninput(5): hypernym, hyponym, similar, derived, also see, verb group, pertainym.
NEAR = {"@", "~", "&", "+", "^", "$", "\\", "*", ">"}
OPPOSITE = "!"
LEAST_USED = 300


def main(folder: Path) -> None:
    """Read the four files of ``folder`` and write the packed one."""
    known = SpellChecker(language="en").word_frequency.dictionary
    lemmas: dict[str, list[str]] = {}
    near: dict[str, set[str]] = {}
    opposite: dict[str, set[str]] = {}
    for part in ("adj", "adv", "noun", "verb"):
        for line in (folder / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if line.startswith("  "):
                continue
            key, words, pointers = _synset(line)
            lemmas[key] = [w for w in words if w.isalpha() and known.get(w, 0) >= LEAST_USED]
            near[key] = {to for symbol, to in pointers if symbol in NEAR}
            opposite[key] = {to for symbol, to in pointers if symbol == OPPOSITE}
    kept = {key for key, words in lemmas.items() if words}
    # What is only similar to a word with an opposite has that opposite as well.
    for key in list(kept):
        opposite[key] |= {o for n in near[key] if key[0] in "as" for o in opposite.get(n, ())}
    number = {key: str(at) for at, key in enumerate(sorted(kept))}
    lines = [
        "\t".join((" ".join(lemmas[key]), _ids(near[key], number), _ids(opposite[key], number)))
        for key in number
    ]
    with gzip.GzipFile(TARGET, "wb", mtime=0) as file:
        file.write("\n".join(lines).encode())


def _synset(line: str) -> tuple[str, list[str], list[tuple[str, str]]]:
    fields = line.split(" | ", maxsplit=1)[0].split()
    kind, count = fields[2], int(fields[3], 16)
    words = [re.sub(r"\(.*\)", "", w).lower() for w in fields[4 : 4 + 2 * count : 2]]
    at = 4 + 2 * count
    pointers = fields[at + 1 : at + 1 + 4 * int(fields[at])]
    found = [
        (symbol, f"{_kind(part)}{offset}")
        for symbol, offset, part in zip(pointers[::4], pointers[1::4], pointers[2::4], strict=True)
    ]
    return f"{_kind(kind)}{fields[0]}", words, found


def _kind(part: str) -> str:
    """Satellite adjectives are adjectives."""
    return "a" if part == "s" else part


def _ids(keys: set[str], number: dict[str, str]) -> str:
    return " ".join(sorted((number[key] for key in keys if key in number), key=int))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
