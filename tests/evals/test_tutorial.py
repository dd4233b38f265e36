from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from langchain_text_splitters import RecursiveCharacterTextSplitter

from corpus.embedder import HashedBagOfWords
from corpus.model import Document
from evals.baselines.tutorial import Tutorial, pieces
from rag.model import Query, Status

REPETITIVE = st.lists(st.sampled_from(["a", "aa", "the ", " the", "\n", "\n\n", " ", "б"])).map(
    "".join
)


@given(REPETITIVE)
def test_pieces_are_the_splitters_own_and_stand_where_they_say(text: str) -> None:
    splitter = RecursiveCharacterTextSplitter(chunk_size=20, chunk_overlap=6)
    spans = pieces(text, 20, 6)
    assert [span.of(text) for span in spans] == splitter.split_text(text)
    assert all(a.start <= b.start for a, b in pairwise(spans))


def test_the_tutorial_shows_four_exact_pieces_and_never_declines(
    ecpat: Document, tmp_path: Path
) -> None:
    system = Tutorial([ecpat], HashedBagOfWords(), tmp_path)
    outcome = system.ask(Query("What is the weather on Mars?"))
    system.close()
    assert outcome.status is Status.ANSWERED
    assert [c.number for c in outcome.citations] == [1, 2, 3, 4]
    assert all(ecpat.text[c.start : c.end] == c.quote for c in outcome.citations)
    assert outcome.confidence == outcome.citations[0].score
