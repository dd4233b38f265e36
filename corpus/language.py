"""Which language a text is in, among those the lexical index knows."""

from __future__ import annotations

from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from corpus.model import LANGUAGES

_SAMPLE = 20_000


def language_of(text: str) -> str:
    """ISO 639-1 code of the UN language that the text is most likely in."""
    code, _ = _identifier().classify(text[:_SAMPLE])
    return str(code)


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    return identifier
