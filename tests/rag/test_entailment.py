"""The cross-encoder on pairs whose answer any reader would give."""

from __future__ import annotations

import pytest

from rag.entailment import CrossEncoder

PASSAGE = (
    "In 2022 the Ministry trained 300 judges in the use of digital evidence, and it will extend "
    "the programme to prosecutors if donors agree."
)


@pytest.fixture(scope="module")
def entailment() -> CrossEncoder:
    return CrossEncoder()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            "In 2022 the Ministry trained 300 judges.",
            "In 2022 the Ministry trained 300 judges at the request of the courts.",
        ),
        (
            "Prosecutors may be included later, provided that donors consent.",
            "Prosecutors were included later, since donors had consented.",
        ),
        (
            "Judges received training in digital evidence in 2022.",
            "Judges refused training in digital evidence in 2022.",
        ),
    ],
)
def test_what_follows_is_likelier_than_what_does_not(
    right: str, wrong: str, entailment: CrossEncoder
) -> None:
    assert entailment.probability(PASSAGE, right) > entailment.probability(PASSAGE, wrong)


def test_a_copy_follows_and_another_subject_does_not(entailment: CrossEncoder) -> None:
    assert entailment.probability(PASSAGE, PASSAGE) > 0.5
    assert entailment.probability(PASSAGE, "Fishing quotas were halved in the north.") < 0.1


def test_a_pair_has_the_same_probability_every_time(entailment: CrossEncoder) -> None:
    claim = "The Ministry trained judges."
    assert entailment.probability(PASSAGE, claim) == CrossEncoder().probability(PASSAGE, claim)


@pytest.mark.parametrize("text", ["", " ", "a", "\0", "数字证据", "word " * 100])
def test_any_texts_have_a_probability(text: str, entailment: CrossEncoder) -> None:
    assert 0 <= entailment.probability(text, PASSAGE) <= 1
    assert 0 <= entailment.probability(PASSAGE, text) <= 1
    assert 0 <= entailment.probability(text, text) <= 1


def test_what_is_longer_than_it_reads_has_no_probability(entailment: CrossEncoder) -> None:
    claim = "The Ministry trained 300 judges."
    long = PASSAGE + " Nothing else was reported on that year." * 20
    assert (entailment.probability(long, claim) or 0) > 0.5
    assert entailment.probability(long * 3, claim) is None
    assert entailment.probability(claim, long * 3) is None
