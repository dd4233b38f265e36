"""Opens the assistant that the settings describe: with a language model, or without one."""

from __future__ import annotations

from corpus.store import Corpus
from rag.assistant import Assistant
from rag.generate import Writer
from rag.language_model import LanguageModel
from rag.verify import verifier


def open_assistant(corpus: Corpus, model: LanguageModel | None) -> Assistant:
    """Over a corpus that is open; see ``rag.chat_model.connect`` for the model."""
    return Assistant(corpus, Writer(model, verifier(corpus)) if model else None)
