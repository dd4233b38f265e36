"""Which submissions a question names."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.model import Filters, Submission
from corpus.store import Corpus
from ingest.pipeline import ingest_file
from rag.assistant import Assistant
from rag.submitters import named, stranger, symbols_of, topic_of


def _submission(entity: str, filename: str, year: int, title: str = "") -> Submission:
    return Submission(filename, title, entity, None, None, year, "en", filename, filename)


THREE = [
    _submission("ECPAT International", "ecpat.txt", 2023),
    _submission("International Telecommunication Union", "itu.txt", 2022),
    _submission("Economic and Social Council", "E_RES_2021_28.txt", 2021),
]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What does ECPAT say about Kenya?", {"ecpat.txt"}),
        ("What has the ITU done on spectrum?", {"itu.txt"}),
        ("Which paragraph of resolution 2021/28 speaks of gender?", {"E_RES_2021_28.txt"}),
        ("What does the 2022 report plan?", {"itu.txt"}),
        ("What happened in 2022?", set()),
        ("What do international unions say on social matters?", set()),
        ("Which 2023 submission, ECPAT, ITU or 2021/28, speaks of it?", set()),
    ],
)
def test_names_initials_symbols_and_years_of_reports(question: str, meant: set[str]) -> None:
    """A year alone, common words of a name, and all of the submissions single none out."""
    assert named(question, THREE) == meant


def test_a_symbol_in_a_file_name_is_the_symbol_in_a_text() -> None:
    assert symbols_of("A_RES_76_189.txt") == symbols_of("see resolution 76/189") == {"76/189"}


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("What did UNESCO say about boys?", "UNESCO"),
        ("What is to be done according to the Rio principles?", None),
        ("What does the 2030 Agenda say about boys?", None),
        ("What did ECPAT say about boys?", None),
        ("What year does the report cover?", None),
    ],
)
def test_who_is_said_to_have_spoken_and_is_not_there(
    by_words: Assistant, question: str, who: str | None
) -> None:
    """A body is, a text that others quote is not."""
    assert stranger(by_words.corpus, question, Filters()) == who


def test_a_submission_that_says_whose_it_is_is_theirs(empty_corpus: Corpus, tmp_path: Path) -> None:
    """A body that adopted a text spoke in it; another that it only names did not."""
    for name, body in (("one", "General Assembly"), ("two", "Human Rights Council")):
        path = tmp_path / f"{name}.txt"
        path.write_text(f"Resolution adopted by the {body}\n\nUNICEF is thanked for schools.\n")
        ingest_file(empty_corpus, path)
    asked = "What did the {} say about schools?"
    for body in ("General Assembly", "Human Rights Council"):
        assert stranger(empty_corpus, asked.format(body), Filters()) is None
    assert stranger(empty_corpus, asked.format("UNICEF"), Filters()) == "UNICEF"


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What does ECPAT say about AI models?", "What does  say about AI models?"),
        ("What does ECPAT International say on AI models?", "What does  say on AI models?"),
        ("ECPAT对人工智能有什么看法？", "对人工智能有什么看法？"),
        ("What are ECPAT's plans?", "What are  plans?"),
        # Another body's name, a common word, and nothing but the name.
        ("What did ECPAT France do?", "What did ECPAT France do?"),
        ("What is said on international law?", "What is said on international law?"),
        ("And ECPAT?", "And ECPAT?"),
    ],
)
def test_a_topic_is_what_is_asked_of_the_submitter(question: str, topic: str) -> None:
    """Without the name, which stands in so many sentences."""
    assert topic_of(question, THREE) == topic
