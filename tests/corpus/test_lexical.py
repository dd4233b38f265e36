"""What the lexical index knows of languages, and the numbers it gives."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from corpus.lexical import LexicalIndex, family
from corpus.model import Entry, Scope

PASSAGES = {
    "en": "The countries trained their teachers.",
    "fr": "Les écoles ont formé des enseignantes.",
    "es": "Las escuelas formaron a los maestros.",
    "ru": "Школы обучили своих учителей.",
    "ar": "دربت المدارس معلميها.",
    "zh": "学校培训了教师。",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    """One passage in each language, its id the language's code."""
    made = LexicalIndex(tmp_path_factory.mktemp("lexical"))
    made.add([Entry(code, f"s-{code}", "", code, text) for code, text in PASSAGES.items()])
    return made


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Which country was training teachers?", "en"),
        ("école", "fr"),
        ("maestro", "es"),
        ("учитель", "ru"),
        ("معلميها", "ar"),
        ("教师在哪里", "zh"),
    ],
)
def test_a_question_is_matched_by_the_rules_of_each_language(
    index: LexicalIndex, question: str, code: str
) -> None:
    """Another form of a word finds it, and Chinese is found without blanks between words."""
    assert [hit.chunk_id for hit in index.search(question, 5, Scope())] == [code]


def test_words_that_ask_find_nothing(index: LexicalIndex) -> None:
    """A question of question words alone names nothing to look for."""
    assert index.search("What did they say about the?", 5, Scope()) == []
    assert index.terms("Who said what about countries?", "en") == ["countri"]


def test_every_word_must_be_there_to_match(index: LexicalIndex) -> None:
    """Exhaustive search wants all words of the text, in any form."""
    assert index.matching("country teacher", Scope()) == ["en"]
    assert index.matching("country pilot", Scope()) == []
    assert index.matching("country", Scope(submissions=("s-fr",))) == []


def test_weights_are_the_inverse_document_frequency(index: LexicalIndex) -> None:
    """With one of six passages, idf is ln(1 + 5.5/1.5); with none, ln(1 + 6.5/0.5)."""
    weights = index.weights(["countri", "absent"])
    assert weights["countri"] == pytest.approx(math.log(1 + 5.5 / 1.5))
    assert weights["absent"] == pytest.approx(math.log(1 + 6.5 / 0.5))
    assert index.frequencies(["countri", "absent"]) == {"countri": 1, "absent": 0}


@pytest.mark.parametrize(
    ("name", "there"), [("Country", True), ("Teaching", True), ("Peru", False), ("", False)]
)
def test_a_name_is_found_by_its_family(index: LexicalIndex, name: str, there: bool) -> None:
    """A word that is derived from a name in the text counts as mentioning it."""
    assert index.mentions(name, Scope()) is there


def test_a_name_is_only_looked_for_in_scope(index: LexicalIndex) -> None:
    """What another submission mentions is not mentioned by this one."""
    assert index.mentions("teachers", Scope(submissions=("s-en",)))
    assert not index.mentions("teachers", Scope(submissions=("s-ru",)))


@pytest.mark.parametrize(
    ("word", "opening"), [("peru", "peru"), ("peruvian", "peru"), ("uk", "uk"), ("africa", "afri")]
)
def test_a_family_is_the_first_four_letters_or_more(word: str, opening: str) -> None:
    """Words of five to eight letters share four; longer ones all but their last four."""
    assert family(word) == opening
    assert family("internationally") == "internation"


def test_a_word_in_another_language_is_kept_as_written(tmp_path: Path) -> None:
    """A language that has no stemmer here is still searchable word by word."""
    index = LexicalIndex(tmp_path)
    index.add([Entry("pt", "s", "", "pt", "As escolas formaram professores")])
    assert [hit.chunk_id for hit in index.search("professores", 5, Scope())] == ["pt"]


@pytest.mark.parametrize("text", ["", "   ", "?!", "*", 'a:b AND "c', "\x00", "🙂", "()[]{}^~\\/"])
def test_no_text_is_a_query_language(index: LexicalIndex, text: str) -> None:
    """Signs that a query parser would read are words or nothing, never an error."""
    assert index.search(text, 5, Scope()) == []
    assert index.matching(text, Scope()) == []
