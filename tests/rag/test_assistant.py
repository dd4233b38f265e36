"""Questions with answers, questions without, and what is not taken as a question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.embedder import HashedBagOfWords
from corpus.errors import BadRequest, CorpusEmpty
from corpus.model import Filters
from corpus.store import Corpus
from ingest.pipeline import ingest_file
from rag.assistant import LARGEST_TOP_K, LONGEST_QUESTION, Assistant
from rag.model import Mode, Query, Status, Verdict
from tests.rag.library import check_form

BULLET = (
    "Organisation of the first ever ECPAT Global Boys Summit in Casablanca in June 2023, bringing "
    "practitioners together to co-design action for boys, and including consideration of the "
    "digital environments."
)


@pytest.mark.parametrize(
    "question", ["Where was the Global Boys Summit held?", "When was the summit in Casablanca?"]
)
def test_the_casablanca_bullet(assistant: Assistant, question: str) -> None:
    """The answer is the bullet to the letter, with the section a reader would cite."""
    answer = assistant.ask(Query(question))
    assert answer.status is Status.ANSWERED
    first = answer.citations[0]
    assert first.quote == BULLET
    assert first.section == (
        "Part three: Innovative policies, programmes and projects",
        "1. Coordination and Convening",
    )
    assert (first.entity, first.session, first.year) == ("ECPAT International", 27, 2023)
    assert answer.sentences[0].text == f"According to ECPAT International, “{BULLET}”"
    assert answer.sentences[0].verdict is Verdict.QUOTED
    assert answer.answer.startswith(f"{answer.sentences[0].text} [1]")
    assert (answer.mode, answer.model) == (Mode.EXTRACTIVE, None)


# Each question that must be declined, and what the refusal must say.
DECLINED = {
    "Which 12 countries are in the second phase of Disrupting Harm?": "country",
    "What did ITU say about spectrum?": "None of the submissions searched is by ITU.",
    "According to UNICEF, what happened in Iraq?": "is by UNICEF.",
    "What did Plan International say about child safety?": "is by Plan International.",
    "What is UNESCO's contribution about ethics? See UNESCO's submission.": "is by UNESCO.",
    "What did the European Union report on encryption?": "is by European Union.",
    "what did itu say about spectrum": "is by itu.",
    "What is the budget of ECPAT?": "money",
    "Who is the director of ECPAT?": "director",
    "What does ECPAT do in Antarctica?": "do not mention “Antarctica”",
    "What happened at the Boys Summit in 1987?": "do not have the number 1987",
    "What is the capital of Mongolia?": "do not mention “Mongolia”",
}


@pytest.mark.parametrize("question", DECLINED)
def test_questions_that_must_be_declined(by_words: Assistant, question: str) -> None:
    """Nothing is claimed; the refusal says what is missing, what was searched, what is near."""
    _check_declined(by_words, question)


@pytest.mark.parametrize("question", list(DECLINED)[:2])
def test_two_of_them_with_the_real_model(assistant: Assistant, question: str) -> None:
    """A number of countries that are not named, and a submitter who is not there."""
    _check_declined(assistant, question)


def _check_declined(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(Query(question))
    check_form(answer)
    assert answer.status is not Status.ANSWERED
    assert DECLINED[question] in answer.answer
    assert "1 submission: ECPAT International (CSTD session 27)" in answer.answer
    assert answer.nearest
    assert answer.confidence < 0.5


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which countries are in project ENSEMBLE?", "Burkina Faso, Guinea, Niger, and Ivory"),
        ("How many members does ECPAT have?", "its 126 members"),
        ("How many countries does the second phase of Disrupting Harm cover?", "in 12 countries"),
        ("What did ECPAT say about generative AI?", "AI"),
        ("What does the submission report about Peru?", "Scotiabank Peru"),
        ("What did ECPAT International's members coordinate?", "126 members"),
        # Neither a part of the text nor a common word is somebody who is not there.
        ("What does Part three say about Peru?", "Scotiabank Peru"),
        ("What do practitioners say about action for boys?", "bringing practitioners together"),
    ],
)
def test_questions_that_are_answered(assistant: Assistant, question: str, words: str) -> None:
    """What the text states is quoted, also when the question names the submitter."""
    answer = assistant.ask(Query(question))
    check_form(answer)
    assert answer.status is Status.ANSWERED
    assert any(words in citation.quote for citation in answer.citations)


@pytest.mark.parametrize("question", ["", "   \n\t", "\u00a0"])
def test_an_empty_question_is_refused(library: Assistant, question: str) -> None:
    """Blanks ask nothing, wherever a question is taken."""
    for take in (library.ask, library.retrieve):
        with pytest.raises(BadRequest, match="empty"):
            take(Query(question))


def test_the_longest_question(library: Assistant) -> None:
    """2,000 characters are taken, 2,001 are not, and the message says how many there are."""
    check_form(library.ask(Query("boys? " * 333 + "ok")))
    assert LONGEST_QUESTION == 2_000
    with pytest.raises(BadRequest, match="2,001 characters"):
        library.ask(Query("x" * 2_001))


@pytest.mark.parametrize("top_k", [0, -1, LARGEST_TOP_K + 1])
def test_top_k_has_limits(library: Assistant, top_k: int) -> None:
    """From 1 to 50 passages can be asked for."""
    with pytest.raises(BadRequest, match=f"top_k is {top_k}; it must be from 1 to 50"):
        library.retrieve(Query("boys", top_k=top_k))
    assert len(library.retrieve(Query("boys", top_k=LARGEST_TOP_K))) == LARGEST_TOP_K


def test_an_unknown_filter_value_lists_the_known(library: Assistant) -> None:
    """Who mistypes a submitter is shown those there are."""
    query = Query("boys", filters=Filters(entity=("ECPAT",)))
    for take in (library.ask, library.retrieve, lambda query: library.search("boys", query)):
        with pytest.raises(BadRequest, match=r"entity 'ECPAT'. Known values: ECPAT International"):
            take(query)


def test_filters_that_leave_nothing_are_said(library: Assistant) -> None:
    """Two filters that no submission passes together: nothing found, and that is told."""
    filters = Filters(entity=("The Harbour Society",), session=(27,))
    answer = library.ask(Query("Who taught fishing crews?", filters=filters))
    assert answer.status is Status.NOT_FOUND
    assert "Searched under the filters set: no submission." in answer.answer
    assert answer.nearest == ()


def test_filters_limit_the_answer(library: Assistant) -> None:
    """What is not searched is not cited, and the refusal names what was."""
    filters = Filters(entity=("The Harbour Society",))
    answer = library.ask(Query("Where was the Global Boys Summit held?", filters=filters))
    assert answer.status is not Status.ANSWERED
    assert "under the filters set: 1 submission: The Harbour Society." in answer.answer
    assert {near.entity for near in answer.nearest} == {"The Harbour Society"}


def test_an_empty_corpus_says_what_to_do(empty_corpus: Corpus) -> None:
    """Before anything was taken in, a question is told to ingest first."""
    with pytest.raises(CorpusEmpty, match="wsis ingest"):
        Assistant(empty_corpus).ask(Query("Where was the summit?"))


def test_a_model_that_is_not_there_is_warned_about(library: Assistant) -> None:
    """Asking for a generated answer gives quotes and says so."""
    answer = library.ask(Query("Where was the Global Boys Summit held?", mode=Mode.GENERATIVE))
    assert answer.mode is Mode.EXTRACTIVE
    assert "No language model" in answer.warnings[0]


@pytest.fixture
def union(tmp_path: Path, fake_embedder: HashedBagOfWords, seed: Path) -> Iterator[Assistant]:
    """The seed beside a submission of the International Telecommunication Union."""
    corpus = Corpus(tmp_path / "data", fake_embedder)
    path = tmp_path / "itu.txt"
    path.write_text(
        "Submission by\n\nInternational Telecommunication Union\n\n"
        "The spectrum was shared fairly between all regions.\n"
    )
    for each in (seed, path):
        ingest_file(corpus, each)
    yield Assistant(corpus)
    corpus.close()


@pytest.mark.parametrize(
    ("who", "known"),
    [
        ("ITU", True),
        ("the International Telecommunication Union", True),
        ("ECPAT", True),
        ("the submission", True),
        ("European Union", False),
        ("UNESCO", False),
    ],
)
def test_who_counts_as_a_submitter(union: Assistant, who: str, known: bool) -> None:
    """Initials and part of a name do; sharing "Union" with one does not."""
    answer = union.ask(Query(f"What did {who} say about the spectrum shared between regions?"))
    assert ("is by" not in answer.answer) is known


def test_scores_below_zero_are_scores(by_words: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The best sentence is near to itself, also when all are unlike the question."""
    for weight in ("_PASSAGE", "_WORDS", "_RANK"):
        monkeypatch.setattr(f"rag.select.{weight}", -9.0)
    answer = by_words.ask(Query("practitioners together for action"))
    check_form(answer)
    assert all(one.score < 0 for one in answer.citations or answer.nearest)
