"""A model's reply read as it comes: drafted sentences with their sources, or a draft unread.

Nothing is mended. What is not in the form asked for is not a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

# A draft is an answer to read, not a report: what is longer is cut where it gets too long.
LONGEST_DRAFT = 24_000
MOST_SENTENCES = 24
# Where a grammar binds the reply, it also says when to stop: small models do not know.
_BOUND_SENTENCES, _BOUND_LENGTH = 8, 300
_SEPARATOR = "||"
_SOURCE = re.compile(r"\s*\[?(?P<label>[A-Za-z0-9]{1,12})\]?\s*:\s*(?P<quote>.*\S)\s*", re.DOTALL)
_NOTHING = re.compile(r"\W*NONE\W*", re.IGNORECASE)


class DraftUnreadable(ValueError):
    """The reply is not in the form that was asked for."""


@dataclass(frozen=True, slots=True)
class Source:
    """A label that the model gave and what it says stands there; the quote may be empty."""

    label: str
    quote: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """One sentence as the model wrote it; ``fault`` says why it cannot be read as one."""

    text: str
    sources: tuple[Source, ...]
    fault: str = ""


class DraftReader(Protocol):
    """Takes a reply piece by piece and gives each sentence once it is whole."""

    def feed(self, text: str) -> list[Drafted]: ...

    def end(self, *, cut: bool) -> list[Drafted]:
        """What is left. Raises DraftUnreadable when the reply was no draft.

        ``cut``: the reply did not end by itself, so that its last sentence may be a part.
        """
        ...


def schema(labels: Iterable[str]) -> Mapping[str, Any]:
    """The JSON schema of a draft that may name these labels and no others.

    A sentence comes after what it rests on, so that a model reads before it writes.
    """
    source = _object(
        {"label": {"type": "string", "enum": list(labels)}, "quote": {"type": "string"}}
    )
    sources = {"type": "array", "items": source, "minItems": 1}
    sentence = _object({"sources": sources, "text": {"type": "string"}})
    whole = _object({"sentences": {"type": "array", "items": sentence}})
    return {"title": "draft", "description": "A drafted answer with its sources.", **whole}


def bound_schema(quotes: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    """The schema for a server that makes a grammar of it: a quote is one of those given, by label.

    What a small model cannot do, copy to the letter, is then done for it. One sentence has one
    source, since such a model fills every place that it is given.
    """
    sources = [
        _object({"label": {"type": "string", "enum": [label]}, "quote": _one_of(given)})
        for label, given in quotes.items()
        if given
    ]
    one = {"type": "array", "items": {"anyOf": sources}, "minItems": 1, "maxItems": 1}
    text = {"type": "string", "maxLength": _BOUND_LENGTH}
    sentences = {"type": "array", "items": _object({"sources": one, "text": text})}
    whole = _object({"sentences": {**sentences, "maxItems": _BOUND_SENTENCES}})
    return {"title": "draft", "description": "A drafted answer with its sources.", **whole}


def _one_of(texts: Sequence[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(dict.fromkeys(texts))}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _SourceModel(_Model):
    label: str
    quote: str


class _SentenceModel(_Model):
    text: str
    sources: list[_SourceModel]

    def noun(self) -> Drafted:
        return Drafted(self.text, tuple(Source(s.label, s.quote) for s in self.sources))


class JsonReader:
    """Reads the JSON object of the schema, sentence by sentence."""

    def __init__(self) -> None:
        self._text = ""
        self._given = 0

    def feed(self, text: str) -> list[Drafted]:
        self._text += text
        # An object can only be whole where a brace closes.
        return self._new(whole=False) if "}" in text else []

    def end(self, *, cut: bool) -> list[Drafted]:
        last = self._new(whole=not cut)
        if cut and not self._given:
            raise DraftUnreadable("the reply broke off before its first sentence was whole")
        return last

    def _new(self, *, whole: bool) -> list[Drafted]:
        sentences = self._sentences(whole=whole)
        # The last one of a part may itself be a part.
        ready = sentences if whole or self._between() else sentences[:-1]
        new = [_sentence(one) for one in ready[self._given :]]
        self._given = max(self._given, len(ready))
        return new

    def _between(self) -> bool:
        """Whether a sentence was just closed: then the list could end here."""
        try:
            from_json(self._text.rstrip().rstrip(",") + "]}")
        except ValueError:
            return False
        return True

    def _sentences(self, *, whole: bool) -> list[Any]:
        try:
            found = from_json(self._text, allow_partial=not whole)
        except ValueError as error:
            raise DraftUnreadable("the reply is not JSON") from error
        if not isinstance(found, dict) or (found.keys() - {"sentences"}):
            raise DraftUnreadable("the reply is not the JSON object asked for")
        sentences = found.get("sentences", None if whole else [])
        if not isinstance(sentences, list):
            raise DraftUnreadable("the reply is not the JSON object asked for")
        return sentences


def _sentence(found: Any) -> Drafted:
    try:
        return _SentenceModel.model_validate(found).noun()
    except ValidationError as error:
        raise DraftUnreadable("a sentence is not in the form asked for") from error


class LineReader:
    """Reads lines, ``sentence || LABEL: quote``, or ``NONE``."""

    def __init__(self) -> None:
        self._rest = ""
        self._read = False
        self._none = False

    def feed(self, text: str) -> list[Drafted]:
        *lines, self._rest = (self._rest + text).split("\n")
        return self._lines(lines)

    def end(self, *, cut: bool) -> list[Drafted]:
        last = [] if cut else self._lines([self._rest])
        if not (self._read or self._none):
            raise DraftUnreadable("no line of the reply is in the form asked for")
        return last

    def _lines(self, lines: Iterable[str]) -> list[Drafted]:
        found = []
        for line in lines:
            if _NOTHING.fullmatch(line):
                self._none = True
            elif line.strip():
                one = _line(line)
                self._read = self._read or not one.fault
                found.append(one)
        return found


def _line(line: str) -> Drafted:
    text, *sources = (part.strip() for part in line.split(_SEPARATOR))
    matches = [_SOURCE.fullmatch(source) for source in sources]
    if not text or not matches or not all(matches):
        return Drafted(line.strip(), (), "it is not in the form asked for")
    return Drafted(text, tuple(Source(m["label"], m["quote"]) for m in matches if m))
