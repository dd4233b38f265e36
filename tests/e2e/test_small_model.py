"""A real small model drafts; it invents freely, and what is shown keeps the laws."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from corpus.language import language_of
from corpus.settings import PROJECT, Settings
from rag.assistant import Assistant
from rag.chat_model import connect
from rag.model import Query, Verdict
from rag.open import open_assistant
from rag.support import Evidence
from rag.verify import verifier
from tests.processes import free_port
from tests.rag.library import check_form, check_quotes

PYTHON = PROJECT / ".venv-model" / "bin" / "python"
QUESTIONS = (
    "Where and when was the Global Boys Summit held?",
    "Which group does ECPAT chair in WeProtect?",
    "What does ECPAT say about generative AI?",
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """SmolLM2 behind llama.cpp's own server."""
    if not PYTHON.exists():
        pytest.skip("no small model here; `make small-model` installs one")
    process = subprocess.Popen(
        [PYTHON, "scripts/small_model.py", "--port", str(free_port())],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as said:
        yield said.readline().strip()
        process.terminate()
        process.wait(20)


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_small_model_writes_is_shown_as_far_as_it_holds(
    assistant: Assistant, url: str, question: str
) -> None:
    """Over a real connection, with the real check; the model did write something."""
    model = connect(Settings(model="smollm2-135m", model_base_url=url, model_timeout=300))
    answer = open_assistant(assistant.corpus, model).ask(Query(question))
    assert model is not None
    model.close()
    check_form(answer)
    check_quotes(assistant.corpus, answer.citations)
    kept = assistant.corpus.answer(answer.answer_id)
    assert isinstance(kept, dict)
    assert kept["draft"]["tokens_out"] > 0
    check = verifier(assistant.corpus)
    quotes = {citation.number: citation for citation in answer.citations}
    for sentence in answer.sentences:
        cited = [quotes[number] for number in sentence.citations]
        if sentence.verdict is Verdict.QUOTED:
            assert f"“{cited[0].quote}”" in sentence.text
            continue
        assert not re.search(r"[<>`]|\]\(|https?:", sentence.text)
        evidence = [Evidence(c.quote, c.entity, c.section, language_of(c.quote)) for c in cited]
        claim = sentence.text.partition(", ")[2]
        assert check.check(claim, evidence).supported
