"""Prompts: files with checked placeholders and a version, and passages fenced as data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Template

from rag.language_model import Prompt
from rag.retrieve import Retrieved

_FOLDER = Path(__file__).parent / "prompts"
_DIVIDER = "\n---\n"
# What each prompt is given; a file that asks for more, or for less, is a mistake.
_PLACEHOLDERS = {
    "draft-json": {"passages", "question"},
    "draft-lines": {"passages", "question"},
    "rewrite": {"conversation", "question"},
    "translate": {"language", "quotes"},
    "variants": {"languages", "question"},
}
# No vowels: a label is never a word. No digits: it is never a number in a text.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_LABEL = 4


def filled(name: str, **values: str) -> Prompt:
    """The prompt of a name with its placeholders filled in; KeyError for one left open."""
    system, user = _template(name)
    return Prompt(system.substitute(values), user.substitute(values))


@cache
def version() -> str:
    """Names the wording of all prompts; 8 hexadecimal digits."""
    digest = hashlib.sha256()
    for name in sorted(_PLACEHOLDERS):
        digest.update((_FOLDER / f"{name}.md").read_bytes())
    return digest.hexdigest()[:8]


@cache
def _template(name: str) -> tuple[Template, Template]:
    """The rules, and the task; ValueError when placeholders are not those expected."""
    text = (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
    system, user = (Template(part.strip()) for part in text.split(_DIVIDER, 1))
    asked_for = {*system.get_identifiers(), *user.get_identifiers()}
    if not (system.is_valid() and user.is_valid()) or asked_for != _PLACEHOLDERS[name]:
        raise ValueError(f"prompt {name}: placeholders must be {sorted(_PLACEHOLDERS[name])}")
    return system, user


def labelled(question: str, passages: Sequence[Retrieved]) -> dict[str, Retrieved]:
    """The passages under labels that say nothing and that no passage can know or contain.

    The same question and passages get the same labels.
    """
    names = [one.passage.chunk.id for one in passages]
    labels = _labels(question, names, "\n".join(one.passage.chunk.text for one in passages))
    return dict(zip(labels, passages, strict=True))


def labelled_texts(seed: str, texts: Sequence[str]) -> dict[str, str]:
    """Texts under such labels."""
    return dict(zip(_labels(seed, texts, "\n".join(texts)), texts, strict=True))


def _labels(seed: str, names: Sequence[str], texts: str) -> list[str]:
    found: list[str] = []
    for name in names:
        turn = 0
        while (label := _label(f"{seed}\0{name}\0{turn}")) in found or label in texts.upper():
            turn += 1
        found.append(label)
    return found


def _label(seed: str) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    return "".join(_LETTERS[number // len(_LETTERS) ** n % len(_LETTERS)] for n in range(_LABEL))


def fenced(passages: Mapping[str, Retrieved]) -> str:
    """Each passage between marks with its label, submitter and headings inside the fence."""
    return "\n\n".join(
        f"<<{label}\n{_origin(one)}\n{one.passage.chunk.text}\n{label}>>"
        for label, one in passages.items()
    )


def _origin(one: Retrieved) -> str:
    path = " › ".join(one.passage.section.path)
    return f"[{one.passage.document.submission.entity}{' · ' if path else ''}{path}]"
