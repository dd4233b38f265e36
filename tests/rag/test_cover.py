"""Questions that the cover of a submission answers, and no other."""

from __future__ import annotations

import pytest

from rag.assistant import Assistant
from rag.cover import asks_about_itself
from rag.model import Query


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who wrote the submission?", "Submission by ECPAT International"),
        ("Who submitted this report?", "Submission by ECPAT International"),
        ("Which organization is the submission from?", "Submission by ECPAT International"),
        ("What year does the submission cover?", "progress made in 2023"),
        ("To which session of the CSTD was the submission made?", "27th session"),
    ],
)
def test_the_cover_ranks_first(by_words: Assistant, question: str, said: str) -> None:
    """With the line that says it, whole: also one that goes on in the next."""
    first = by_words.rank(Query(question))[0]
    assert said in " ".join(first.quote.split())
    text = by_words.corpus.document(first.submission_id).text
    assert text[first.start : first.end] == first.quote


@pytest.mark.parametrize(
    "question",
    [
        "Who made the Global Boys Summit possible?",
        "In which year did the summit take place?",
        "What does the submission say about encryption?",
        "What did ECPAT report on children?",
        "Which session did ECPAT hold at IGF Kyoto?",
        "What organization is responsible for this?",
        "Who made it possible?",
        "Who issued a report on children?",
    ],
)
def test_other_questions_are_not_about_the_cover(question: str) -> None:
    assert not asks_about_itself(question)


@pytest.mark.parametrize(
    "question",
    ["Who sent it?", "By whom was this written?", "Which CSTD session was it for?"],
)
def test_it_may_be_pointed_at(question: str) -> None:
    assert asks_about_itself(question)


@pytest.mark.parametrize("question", ["Summarize the submission.", "Give me an overview."])
def test_a_summary_is_the_executive_summary(by_words: Assistant, question: str) -> None:
    items = by_words.chain.invoke(Query(question)).items
    passages = [item.retrieved.passage for item in items]
    assert len(items) > 3
    assert {passage.section.path[-1] for passage in passages} == {"Executive Summary"}
