"""The laws of DESIGN.md that hold on every answer."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_socket import SocketBlockedError

from corpus.embedder import HashedBagOfWords
from corpus.model import Filters
from corpus.multilingual import MultilingualEmbedder
from corpus.store import Corpus
from corpus.transformer import SentenceTransformerEmbedder
from ingest.pipeline import ingest_file
from rag.assistant import Assistant, digest_of
from rag.model import Answer, Query, Status
from tests.rag.library import INJECTION, check_form, check_quotes, repeatable, write_library

# A question for each form of text, and words that stand in one quote of it.
QUOTED = {
    "a sentence cut by a page break": (
        "Is the use of Generative AI to produce child sexual abuse material established?",
        "depicting real children and artificially generated children is now established.",
    ),
    "a list item": (
        "Where was the Global Boys Summit held?",
        "Organisation of the first ever ECPAT Global Boys Summit in Casablanca in June 2023",
    ),
    "a Markdown table row": ("How many schools were wired in Zambia?", "Zambia | 412 schools"),
    "a numbered Markdown item": ("How many telecentres open in Lusaka?", "Open forty telecentres"),
    "Arabic": ("هل تغيرت القوانين في تونس؟", "نعم، تغيرت في تونس."),
    "Chinese": ("我们在贵州培训了三千名教师？", "我们在贵州培训了三千名教师。"),
    "a form feed": ("Who taught fishing crews the tide tables?", "who then taught fishing crews"),
    "a PDF": ("What carried routers to the upper villages?", "Goats carried routers"),
    "a PDF's page break": (
        "Who read the measurements of the glacier observatory?",
        "openly and it was read by hydrologists",
    ),
}


@pytest.mark.parametrize("form", QUOTED)
def test_law_2_a_quote_is_the_very_text_between_its_offsets(form: str, library: Assistant) -> None:
    """In answers, nearest passages, retrieval and search, over every form of text."""
    question, words = QUOTED[form]
    query = Query(question)
    answer = library.ask(query)
    retrieved = library.retrieve(query)
    searched = library.search(words, Query(words))
    check_quotes(library.corpus, (*answer.citations, *answer.nearest, *retrieved, *searched))
    shown = [*answer.citations, *answer.nearest]
    assert any(words in citation.quote for citation in shown)
    assert any(words in citation.quote for citation in retrieved)
    assert any(words in citation.quote for citation in searched)


def test_law_2_a_quote_from_a_pdf_names_its_page(library: Assistant) -> None:
    """The page of the file and the number printed on it; a cut sentence stands where it starts."""
    answer = library.ask(Query("Who read the measurements of the glacier observatory?"))
    (citation,) = [c for c in (*answer.citations, *answer.nearest) if "glacier" in c.quote]
    assert (citation.page, citation.printed_page) == (2, "6")
    first = library.search("goats", Query("goats"))[0]
    assert (first.page, first.printed_page) == (1, "5")


_WORDS = st.sampled_from(
    "ECPAT children Zambia schools Casablanca summit lighthouse goats valley radio Scotiabank "
    "INTERPOL twelve 12 2023 country million percent website director harbour 教师 الأطفال "
    "blorf Quux ITU spectrum Antarctica 777".split()
)
_OPENINGS = st.sampled_from(
    ["What about", "Who", "How many", "Which countries", "When was", "Where", "List all", "", "Did"]
)
QUESTIONS = st.builds(
    lambda opening, words, end: f"{opening} {' '.join(words)}{end}",
    _OPENINGS,
    st.lists(_WORDS, min_size=1, max_size=6),
    st.sampled_from(["?", "", ".", "؟"]),
) | st.text(min_size=1, max_size=60).filter(str.strip)


@given(QUESTIONS, st.integers(1, 12))
def test_law_3_every_sentence_is_cited_or_nothing_is_said(
    library: Assistant, question: str, top_k: int
) -> None:
    """Numbers run from 1 and each is used; a refusal says what was searched and shows nearest."""
    answer = library.ask(Query(question, top_k=top_k))
    check_form(answer)
    check_quotes(library.corpus, (*answer.citations, *answer.nearest))
    assert 0.0 <= answer.confidence <= 1.0
    if answer.status is not Status.ANSWERED:
        assert answer.nearest
        assert "7 submissions" in answer.answer


@pytest.fixture
def two(empty_corpus: Corpus, tmp_path: Path) -> Assistant:
    """Two submitters who say much the same."""
    for name, town in (("Northern", "Lima"), ("Southern", "Quito")):
        path = tmp_path / f"{name}.txt"
        path.write_text(
            f"Submission by\n\nThe {name} Union\n\nTeachers were trained in {town} in 2023.\n"
        )
        ingest_file(empty_corpus, path)
    return Assistant(empty_corpus)


def test_law_4_every_claim_names_its_submitter(two: Assistant) -> None:
    """With two submitters in one answer, each sentence names the one it is by."""
    answer = two.ask(Query("Where were teachers trained?"))
    entities = {citation.number: citation.entity for citation in answer.citations}
    assert set(entities.values()) == {"The Northern Union", "The Southern Union"}
    for sentence in answer.sentences:
        (number,) = sentence.citations
        assert sentence.text.startswith(f"According to {entities[number]},")
        others = set(entities.values()) - {entities[number]}
        assert not any(other in sentence.text for other in others)


@pytest.mark.disable_socket
def test_law_5_no_socket_is_needed(
    tmp_path: Path, fake_embedder: HashedBagOfWords, seed: Path
) -> None:
    """With sockets of every kind blocked, ingest and ask work; the block itself is real."""
    import socket

    with pytest.raises(SocketBlockedError), pytest.warns(match="socket"):
        socket.socket(socket.AF_UNIX)
    corpus = Corpus(tmp_path / "data", fake_embedder)
    assert ingest_file(corpus, seed).status == "indexed"
    answer = Assistant(corpus).ask(Query("Where was the Global Boys Summit held?"))
    assert answer.status is Status.ANSWERED
    corpus.close()


@pytest.mark.disable_socket
def test_law_5_the_real_model_needs_no_socket(assistant: Assistant) -> None:
    """Nor does embedding with the packaged model."""
    assert assistant.ask(Query("Where was the Global Boys Summit held?")).citations


ALIKE = (
    "Where was the Global Boys Summit held?",
    "List the lines of action under Advocacy and Campaigns.",
    "What did ITU say about spectrum?",
    "Which 12 countries are in the second phase of Disrupting Harm?",
)


def test_law_5_the_same_corpus_gives_the_same_answer(
    assistant: Assistant,
    minilm: SentenceTransformerEmbedder,
    multilingual: MultilingualEmbedder,
    seed: Path,
    tmp_path: Path,
) -> None:
    """Asked again, and on a corpus made anew elsewhere, answers are equal byte for byte."""
    remade = Corpus(tmp_path / "elsewhere", minilm, multilingual)
    ingest_file(remade, seed)
    first, again = assistant.ask(Query(ALIKE[0])), assistant.ask(Query(ALIKE[0]))
    assert repeatable(first) == repeatable(again)
    assert first.answer_id != again.answer_id
    assert repeatable(Assistant(remade).ask(Query(ALIKE[0]))) == repeatable(first)
    remade.close()


@pytest.mark.parametrize("question", ALIKE)
def test_law_5_answers_and_refusals_are_repeated_to_the_byte(
    library: Assistant, question: str
) -> None:
    """Also lists, absent submitters and absent facts."""
    first, again = library.ask(Query(question)), library.ask(Query(question))
    assert repeatable(first) == repeatable(again)


def test_law_5_history_of_the_corpus_leaves_no_trace(
    empty_corpus: Corpus, tmp_path: Path, seed: Path, fake_embedder: HashedBagOfWords
) -> None:
    """Other order, and a submission that came and went: same snapshot, same answers."""
    files = tmp_path / "files"
    files.mkdir()
    paths = [seed, *write_library(files)]
    for path in paths:
        ingest_file(empty_corpus, path)
    other = Corpus(tmp_path / "other", fake_embedder)
    passing = tmp_path / "passing.txt"
    passing.write_text("Submission by\n\nPassing Body\n\nThe summit of boys in Casablanca.\n")
    for path in (passing, *reversed(paths)):
        ingest_file(other, path)
    other.remove(next(s.id for s in other.submissions() if s.entity == "Passing Body"))
    assert other.snapshot == empty_corpus.snapshot
    for question, _ in QUOTED.values():
        one, two = (Assistant(corpus).ask(Query(question)) for corpus in (empty_corpus, other))
        assert repeatable(one) == repeatable(two)
    other.close()


def test_law_6_an_answer_can_be_read_back(library: Assistant) -> None:
    """Under its id the corpus keeps the answer as it was given, all of it."""
    answer = library.ask(Query("Where was the Global Boys Summit held?"))
    assert library.corpus.answer(answer.answer_id) == json.loads(json.dumps(asdict(answer)))
    assert answer.snapshot == library.corpus.snapshot
    assert answer.config == library.config


def test_law_6_the_snapshot_names_the_state_of_the_corpus(two: Assistant, tmp_path: Path) -> None:
    """It changes when a submission comes, goes or is renamed; the configuration's name stays."""

    def named() -> tuple[str, str]:
        answer = two.ask(Query("Where were teachers trained?"))
        return answer.snapshot, answer.config

    seen = [named()]
    path = tmp_path / "third.txt"
    path.write_text("Submission by\n\nThe Third Union\n\nTeachers were trained in Bogota.\n")
    added = ingest_file(two.corpus, path)
    seen.append(named())
    ingest_file(two.corpus, path.rename(tmp_path / "renamed.txt"))
    seen.append(named())
    two.corpus.remove(added.submission_id or "")
    seen.append(named())
    snapshots, configs = zip(*seen, strict=True)
    assert len(set(snapshots)) == 3
    assert snapshots[3] == snapshots[0]
    assert len(set(configs)) == 1


def test_law_6_other_code_or_weights_are_another_configuration(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    code, weights = tmp_path / "answer.py", tmp_path / "data" / "learned.safetensors"
    named = set()
    for said, learned in (("a", "1"), ("b", "1"), ("b", "2")):
        code.write_text(said)
        weights.write_text(learned)
        named.add(digest_of([tmp_path]))
    assert len(named) == 3


def test_law_6_another_embedder_is_another_configuration(two: Assistant, tmp_path: Path) -> None:
    """The name of the configuration changes with what makes the answers."""
    other = Corpus(tmp_path / "other", HashedBagOfWords(64))
    assert Assistant(other).config != two.config
    other.close()


def test_law_7_text_of_a_submission_is_never_obeyed(library: Assistant) -> None:
    """Instructions, markup and markers inside a text are quoted to the letter, and that is all."""
    answer = library.ask(Query("Which hamlets did Valley radio reach?"))
    check_form(answer)
    check_quotes(library.corpus, answer.citations)
    assert answer.status is Status.ANSWERED
    quotes = [c.quote for c in answer.citations if c.entity == "The Valley Forum"]
    assert any("<b>Valley radio</b> reached `forty` hamlets [9]." in quote for quote in quotes)
    assert all(quote in INJECTION for quote in quotes)


def test_law_7_other_answers_do_not_change(
    library: Assistant, tmp_path: Path, fake_embedder: HashedBagOfWords
) -> None:
    """With and without the hostile submission a question about another is answered alike."""
    question = Query("Where was the Global Boys Summit held?")
    hostile = next(s for s in library.corpus.submissions() if s.entity == "The Valley Forum")
    others = tuple(s.id for s in library.corpus.submissions() if s != hostile)
    limited = Query(question.question, filters=Filters(submission=others))
    one, two = library.ask(question), library.ask(limited)
    assert _shown(one) == _shown(two)
    assert one.status is Status.ANSWERED


def _shown(answer: Answer) -> tuple[object, ...]:
    return answer.status, answer.answer, [(c.quote, c.start) for c in answer.citations]
