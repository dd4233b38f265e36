"""What the question's own words add to its likeness to the sentences."""

from __future__ import annotations

from corpus.model import Filters
from rag.assistant import Assistant
from rag.gain import gain
from rag.select import Candidate


def _best(assistant: Assistant, question: str) -> list[Candidate]:
    found = assistant.retriever.invoke(question, filters=Filters(), limit=4)
    retrieved = [document.metadata["retrieved"] for document in found]
    return assistant._selector.candidates(question, retrieved)[:1]


def test_words_that_the_passage_lacks_lower_the_likeness(by_words: Assistant) -> None:
    """With vectors of words, a foreign word makes the whole question less alike than the rest."""
    known = "Global Boys Summit in Casablanca"
    best = _best(by_words, known)
    assert gain(by_words.corpus, known, best) == 0.0
    foreign = gain(by_words.corpus, f"{known} catering invoice", best)
    assert foreign is not None
    assert foreign < 0.0


def test_no_gain_is_measured_across_languages(by_words: Assistant) -> None:
    best = _best(by_words, "Global Boys Summit in Casablanca")
    assert gain(by_words.corpus, "Где прошла встреча мальчиков?", best) is None


def test_an_acronym_is_there_where_its_long_form_is(by_words: Assistant) -> None:
    """An SRSG is no foreign word to a sentence on a Special Representative."""
    best = _best(by_words, "Najat Maalla, Special Representative on Violence against Children")
    assert gain(by_words.corpus, "events with SRSG Najat Maalla", best) == 0.0
    assert gain(by_words.corpus, "events with XYZ Najat Maalla", best) != 0.0
