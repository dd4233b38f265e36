"""Two rankings made one, and what is retrieved for a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Filters, Hit, Part
from rag.assistant import Assistant
from rag.model import Query
from rag.retrieve import fuse, scaled


def test_fusion_by_hand() -> None:
    """Cosine is scaled from its least to its best, BM25 from nought; weights add up to one."""
    dense = scaled([Hit("a", 0.9), Hit("b", 0.5), Hit("c", 0.1)])
    lexical = scaled([Hit("b", 8.0), Hit("d", 2.0)], 0.0)
    assert fuse([(0.75, dense), (0.25, lexical)]) == pytest.approx(
        {
            "a": 0.75 * 1.0,
            "b": 0.75 * 1 / 2 + 0.25 * 1.0,
            "c": 0.0,
            "d": 0.25 * 1 / 4,
        }
    )


@pytest.mark.parametrize(
    ("hits", "least", "expected"),
    [
        ([], None, {}),
        ([], 0.0, {}),
        ([Hit("a", 0.3)], None, {"a": 1.0}),
        ([Hit("a", 3.0)], 0.0, {"a": 1.0}),
        ([Hit("a", -0.2), Hit("b", -0.6)], None, {"a": 1.0, "b": 0.0}),
        ([Hit("a", 0.8), Hit("b", 0.7)], 0.6, {"a": 1.0, "b": 0.5}),
    ],
)
def test_scores_are_scaled(
    hits: list[Hit], least: float | None, expected: dict[str, float]
) -> None:
    """From the least, given or found, to the best; a ranking of one is at its best."""
    assert scaled(hits, least) == pytest.approx(expected)


_HITS = st.dictionaries(st.sampled_from("abcdef"), st.floats(-1, 1)).map(
    lambda scores: [Hit(key, score) for key, score in scores.items()]
)
_BM25 = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 30)).map(
    lambda scores: [Hit(key, score) for key, score in scores.items()]
)


@given(_HITS, _BM25, st.floats(0, 1))
def test_fused_scores_lie_between_nought_and_one(
    dense: list[Hit], lexical: list[Hit], weight: float
) -> None:
    """Every chunk of either ranking has a score from 0 to 1, whatever the weight."""
    fused = fuse([(weight, scaled(dense)), (1 - weight, scaled(lexical, 0.0))])
    assert set(fused) == {hit.chunk_id for hit in (*dense, *lexical)}
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in fused.values())


def test_the_best_comes_first_and_no_more_than_asked(library: Assistant) -> None:
    """Passages are ranked, cut at ``top_k``, and not cited by a number."""
    found = library.retrieve(Query("Where was the Global Boys Summit held?", top_k=3))
    assert len(found) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert "Casablanca" in found[0].quote
    assert {one.number for one in found} == {0}


def test_the_cover_does_not_win(assistant: Assistant) -> None:
    """A question in the words of the cover finds the body first."""
    question = "What were the efforts in 2023 to implement the outcomes of the WSIS?"
    assert assistant.retrieve(Query(question))[0].section != ("Cover",)


def test_the_cover_can_still_be_found(assistant: Assistant) -> None:
    """Exhaustive search has the disclaimer, in its section."""
    (found,) = assistant.search("disclaimer views", Query("disclaimer"))
    assert found.section == ("Cover",)


def test_filters_limit_what_is_retrieved(library: Assistant) -> None:
    """With an entity and a part set, nothing else is found."""
    chosen = Filters(entity=("ECPAT International",), part=(Part.FUTURE_ACTIONS,))
    found = library.retrieve(Query("What about children and lighthouses?", filters=chosen))
    assert found
    assert {one.section[-1] for one in found} == {"(b) Future actions or initiatives"}


def test_search_is_exhaustive_and_in_order(assistant: Assistant, seed: object) -> None:
    """Every passage with the words is there once, in the order of the document."""
    found = assistant.search("boys", Query("boys"))
    document = assistant.corpus.document(found[0].submission_id)
    expected = [chunk.span for chunk in document.chunks if "boys" in chunk.text.lower()]
    assert [(one.start, one.end) for one in found] == [(s.start, s.end) for s in expected]
    assert len(expected) > 2
