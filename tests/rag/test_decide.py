"""What a question demands of the passages, and how much of them is shown."""

from __future__ import annotations

import pytest

from corpus.model import Filters
from rag.assistant import Assistant
from rag.decide import decide
from rag.listing import reach


def _doubts(assistant: Assistant, question: str) -> tuple[str, ...]:
    found = assistant.retriever.invoke(question, filters=Filters(), limit=8)
    retrieved = [document.metadata["retrieved"] for document in found]
    ranked = assistant._selector.candidates(question, retrieved)
    return decide(assistant.corpus, question, Filters(), ranked).doubts


@pytest.mark.parametrize(
    ("question", "doubt"),
    [
        ("Where is the second Global Boys Summit in Casablanca?", "number second"),
        ("Was the Global Boys Summit in Casablanca in 2022/23?", "number 2022/23"),
        ("Was it UNIDO or FAO that met in Casablanca?", "UNIDO"),
    ],
)
def test_what_is_missing_is_named(by_words: Assistant, question: str, doubt: str) -> None:
    assert any(doubt in one for one in _doubts(by_words, question))


def test_one_of_two_names_will_do(by_words: Assistant) -> None:
    """ "UNIDO or ECPAT" is answered by a passage on either."""
    assert not _doubts(by_words, "Is the Global Boys Summit in Casablanca by UNIDO or ECPAT?")


@pytest.mark.parametrize("said", ["Thanks!", "hello", "Can you help me, please?", "你好"])
def test_small_talk_is_no_question(by_words: Assistant, said: str) -> None:
    assert any("Ask what you want to know" in one for one in _doubts(by_words, said))
    assert not any("Ask what" in one for one in _doubts(by_words, f"{said} Who met in Casablanca?"))


def test_more_is_shown_to_who_asks_for_all() -> None:
    """All there is, several things, or one: each wider than the next."""
    everything, several, one = (
        reach(question)
        for question in (
            "List everything on boys.",
            "Which studies are reported?",
            "Where was the summit?",
        )
    )
    assert everything.here > several.here > one.here
    assert everything.most > several.most >= one.most


def test_a_verb_is_no_plural() -> None:
    """ "Which paragraph begins …" asks for one."""
    assert reach("Which paragraph begins with that?") == reach("Where was the summit?")
