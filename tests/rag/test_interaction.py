"""How well sentences meet the words of a question."""

from __future__ import annotations

import pytest

from corpus.store import Corpus
from rag.assistant import Assistant
from rag.interaction import interactions

QUESTION = "Global Boys Summit"


def test_a_sentence_with_all_the_words_meets_the_question(by_words: Assistant) -> None:
    """With vectors of words each word is met wholly or not at all."""
    whole, part, none = interactions(
        by_words.corpus,
        QUESTION,
        [("the Global Boys Summit", "en"), ("a Summit of the Alps", "en"), ("Peru", "en")],
    ) or [0.0, 0.0, 0.0]
    assert whole == pytest.approx(1.0)
    assert 0.0 < part < 1.0
    assert none == pytest.approx(0.0, abs=0.01)


def test_rare_words_count_more(by_words: Assistant) -> None:
    """ "ECPAT" stands in most passages, "Casablanca" in one."""
    common, rare = interactions(
        by_words.corpus, "ECPAT Casablanca", [("ECPAT", "en"), ("Casablanca", "en")]
    ) or [0.0, 0.0]
    assert rare > common


def test_an_encoder_is_not_asked_about_languages_that_it_does_not_know(
    by_words: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence in another language neither gains nor loses; a question in one is not held up."""
    corpus: Corpus = by_words.corpus
    monkeypatch.setattr(corpus.embedder, "languages", frozenset({"en"}))
    met = interactions(corpus, QUESTION, [("Boys Summit", "en"), ("Саммит", "ru"), ("x", "en")])
    assert met is not None
    assert met[1] == pytest.approx((met[0] + met[2]) / 2, abs=1e-4)
    assert interactions(corpus, "Где прошла встреча мальчиков?", [("Boys", "en")]) is None


def test_an_empty_sentence_meets_nothing(by_words: Assistant) -> None:
    assert interactions(by_words.corpus, QUESTION, [("", "en")]) is None
