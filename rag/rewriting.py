"""A follow-up rewritten by a model, as far as code finds that nothing was made up.

A question that a name or a number slipped into would be answered, correctly, for another matter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.language import language_of
from rag.asking import Asker
from rag.circuit import Circuit
from rag.language_model import LanguageModel
from rag.markup import plain_text
from rag.model import Message
from rag.prompting import filled

# A reader waits for this before anything is searched.
_SECONDS = 15.0
_LONGEST, _MOST_REPLY = 400, 1_000
_MOST_MESSAGES, _MOST_CHARACTERS = 6, 1_500
_NUMBER = re.compile(r"\d+")
# Capitals inside a sentence: names, and short forms of them.
_NAME = re.compile(r"(?<=[\w,;:] )[“\"'(]?([A-ZÀ-ÞА-Я][\w’'-]*)")
_WORD = re.compile(r"[\w’'-]+")
# Below this the language of a text is a guess.
_TELLS_LANGUAGE = 25


class Rewriter:
    """Asks a model to make a follow-up stand alone; one that never does so in time is let be."""

    def __init__(self, model: LanguageModel, circuit: Circuit | None = None) -> None:
        self._asker = Asker(model, _SECONDS, _MOST_REPLY, circuit)

    def rewritten(self, question: str, history: Sequence[Message]) -> str | None:
        """The question as it can be understood alone; None when the model gives none that holds."""
        said = [message.content[:_MOST_CHARACTERS] for message in history[-_MOST_MESSAGES:]]
        conversation = "\n".join(f"- {' '.join(one.split())}" for one in said)
        prompt = filled("rewrite", conversation=conversation, question=question)
        given = self._asker.ask(prompt)
        if given is None or given[1].failure:
            return None
        return checked(given[0], question, said)


def checked(reply: str, question: str, said: Sequence[str]) -> str | None:
    """The reply, if it is one plain question with no name and no number that was not said."""
    lines = [line.strip() for line in reply.splitlines() if line.strip()]
    if len(lines) != 1 or len(lines[0]) > _LONGEST:
        return None
    text = plain_text(lines[0].strip('"“”'))
    if not text or text[-1] not in "?？؟":
        return None
    if len(question) >= _TELLS_LANGUAGE and language_of(text) != language_of(question):
        return None
    known = set[str]().union(*map(words_of, (question, *said)))
    names = {bare(found) for found in _NAME.findall(text)}
    numbers = set(_NUMBER.findall(text)) - set(_NUMBER.findall(" ".join((question, *said))))
    return None if names - known or numbers else text


def words_of(text: str) -> set[str]:
    """Its words in small letters, as names are looked for among them."""
    return {word.lower() for word in _WORD.findall(text)}


def bare(name: str) -> str:
    """A name in small letters, without the mark of what is its."""
    return name.lower().removesuffix("'s").removesuffix("’s")
