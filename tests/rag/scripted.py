"""A language model that says what a test wrote, and a strict check to hold it against."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rag.language_model import ModelFailed, Piece, Prompt, Schema, Stopped
from rag.prompting import filled
from rag.support import Evidence, Finding

WORDINGS = filled("variants", question="", languages="").system
TRANSLATION = filled("translate", language="", quotes="").system
FENCE = re.compile(r"<<([B-Z]{4})\n(.*?)\n\1>>", re.DOTALL)


@dataclass
class ScriptedModel:
    """Gives its replies in order, in small pieces; one too many calls is a mistake of the test.

    A ModelFailed among the replies is raised; after text, if it follows it in a tuple. In a reply
    ``«a text of a passage»`` stands for the label of the passage that has the text.
    """

    replies: list[str | ModelFailed | tuple[str, ModelFailed]]
    structured: bool = True
    bound: bool = False
    name: str = "scripted:one"
    finish: str = "stop"
    prompts: list[Prompt] = field(default_factory=list)
    schemas: list[Schema | None] = field(default_factory=list)
    # What it says when it is asked for other wordings, which is no call that a draft counts.
    wordings: str | ModelFailed = ""
    asked_wordings: list[Prompt] = field(default_factory=list)
    # What it says when it is asked to translate quotes; labels as in the replies.
    translation: str | ModelFailed = ""
    asked_translations: list[Prompt] = field(default_factory=list)
    pieces_given: int = 0
    closed: int = 0

    def stream(
        self, prompt: Prompt, schema: Schema | None, stopped: Stopped = lambda: False
    ) -> Iterator[Piece]:
        if prompt.system == WORDINGS:
            self.asked_wordings.append(prompt)
            yield from self._given(self.wordings, stopped)
            return
        if prompt.system == TRANSLATION:
            self.asked_translations.append(prompt)
            reply = self.translation
            yield from self._given(
                _labelled(reply, prompt) if isinstance(reply, str) else reply, stopped
            )
            return
        assert self.replies, "the model was asked more often than the test expects"
        self.prompts.append(prompt)
        self.schemas.append(schema)
        reply = self.replies.pop(0)
        text, failure = reply if isinstance(reply, tuple) else (reply, None)
        if isinstance(text, ModelFailed):
            raise text
        text = _labelled(text, prompt)
        try:
            for start in range(0, len(text), 7):
                if stopped():
                    return
                self.pieces_given += 1
                yield Piece(text[start : start + 7])
            if failure:
                raise failure
            yield Piece(tokens_in=100, tokens_out=20, cost=0.002, finish=self.finish)
        finally:
            self.closed += 1

    def _given(self, reply: str | ModelFailed, stopped: Stopped) -> Iterator[Piece]:
        if isinstance(reply, ModelFailed):
            raise reply
        for start in range(0, len(reply), 7):
            if stopped():
                return
            yield Piece(reply[start : start + 7])
        yield Piece(tokens_in=30, tokens_out=10, cost=0.001, finish=self.finish)


def _labelled(text: str, prompt: Prompt) -> str:
    blocks: dict[str, str] = dict(FENCE.findall(prompt.user))

    def label(match: re.Match[str]) -> str:
        return next(name for name, block in blocks.items() if match[1] in block)

    return re.sub(r"«([^«»]+)»", label, text)


def as_json(*sentences: tuple[str, str, str]) -> str:
    """A draft of (sentence, label, quote) with one source each."""
    return json.dumps(
        {
            "sentences": [
                {"text": text, "sources": [{"label": label, "quote": quote}]}
                for text, label, quote in sentences
            ]
        },
        ensure_ascii=False,
    )


def as_lines(*sentences: tuple[str, str, str]) -> str:
    return "\n".join(f"{text} || {label}: {quote}" for text, label, quote in sentences)


class EveryWordQuoted:
    """Supports a sentence when each of its words of four letters and each number is quoted."""

    def check(self, sentence: str, evidence: Sequence[Evidence]) -> Finding:
        quoted = " ".join(one.quote for one in evidence).lower()
        known = set(re.findall(r"\w+", quoted))
        words = re.findall(r"\w{4,}|\d+|not", sentence.lower())
        missing = [word for word in words if word not in known]
        if missing or not evidence:
            return Finding(False, 0.1, (f"“{missing[0]}” is not in the quote",) if missing else ())
        return Finding(True, 0.9)
