"""The same submission as text, Word and PDF gives the same answers, the latter two with pages."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.multilingual import MultilingualEmbedder
from corpus.store import Corpus
from corpus.transformer import SentenceTransformerEmbedder
from evals.cases import CASES, read_cases
from ingest.pipeline import ingest_file
from ingest.reading import Reading
from rag.assistant import Assistant
from rag.model import Answer, Query

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)
RENDITIONS = Path(__file__).parents[1] / "ingest" / "renditions"


def told(answer: Answer) -> tuple[object, ...]:
    """What an answer says, without the names of the corpus and without pages."""
    cited = [
        replace(c, submission_id="", page=None, printed_page=None, url="", score=0, locations=())
        for c in (*answer.citations, *answer.nearest)
    ]
    return answer.status, answer.answer, answer.sentences, cited


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("seed.docx", Reading()),
        pytest.param("seed.docx", Reading(lays_out=True), marks=needs_office),
        ("seed.pdf", Reading()),
    ],
)
def test_another_rendition_answers_alike(
    name: str,
    reading: Reading,
    tmp_path: Path,
    assistant: Assistant,
    minilm: SentenceTransformerEmbedder,
    multilingual: MultilingualEmbedder,
) -> None:
    """All of the dev cases, to the character; what has pages quotes with boxes."""
    corpus = Corpus(tmp_path / "data", minilm, multilingual)
    report = ingest_file(corpus, RENDITIONS / name, reading)
    assert (report.status, report.pages > 0) == ("indexed", reading.lays_out or "pdf" in name)
    other = Assistant(corpus)
    for case in read_cases(CASES / "ecpat-dev.yaml").cases:
        query = Query(case.question)
        one, two = assistant.ask(query), other.ask(query)
        assert told(two) == told(one), case.question
        if report.pages:
            cited = (*two.citations, *two.nearest)
            assert all(c.page and c.locations and c.locations[0].boxes for c in cited)
    corpus.close()
