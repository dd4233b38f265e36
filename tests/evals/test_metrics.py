"""Every metric against fractions worked out by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from corpus.model import Span
from evals.metrics import abstention, citations, ranking, statistics
from evals.model import Gold, Outcome
from rag.model import AnswerSentence, Status, Verdict

from .conftest import citation

GOLD = (Gold("d1", Span(10, 30), ("One",)), Gold("d1", Span(50, 60), ("Two",)))


def test_recall_counts_each_relevant_item_once() -> None:
    places = [["x"], ["a", "b"], ["a"], ["c"]]
    assert ranking.recall_at(1, places, ["a", "b", "c"]) == 0
    assert ranking.recall_at(3, places, ["a", "b", "c"]) == pytest.approx(2 / 3)
    assert ranking.recall_at(4, places, ["a", "b", "c"]) == 1


def test_reciprocal_rank_is_of_the_first_relevant_place() -> None:
    assert ranking.reciprocal_rank([["x"], ["y"], ["a"], ["a"]], ["a"]) == pytest.approx(1 / 3)
    assert ranking.reciprocal_rank([["x"]], ["a"]) == 0


def test_success_needs_one_relevant_item_within_the_depth() -> None:
    assert ranking.success_at(1, [["x"], ["a"]], ["a", "b"]) == 0
    assert ranking.success_at(2, [["x"], ["a"]], ["a", "b"]) == 1


def test_ndcg_of_one_relevant_document_at_rank_three() -> None:
    # gain 1 / log2(3 + 1) = 1/2, ideal 1 / log2(2) = 1
    assert ranking.ndcg_at_10(["x", "y", "a"], {"a": 1}) == pytest.approx(1 / 2)


def test_ndcg_with_grades_counts_each_document_at_its_first_place() -> None:
    # b (grade 1) at 1, a (grade 2) at 2: (1 + 2/log2 3) / (2 + 1/log2 3)
    log3 = math.log2(3)
    expected = (1 + 2 / log3) / (2 + 1 / log3)
    assert ranking.ndcg_at_10(["b", "b", "a"], {"a": 2, "b": 1}) == pytest.approx(expected)


def test_ndcg_is_zero_when_nothing_is_found_or_only_after_the_tenth() -> None:
    assert ranking.ndcg_at_10([], {"a": 1}) == 0
    assert ranking.ndcg_at_10([*"bcdefghijk", "a"], {"a": 1}) == 0


def test_coverage_counts_every_gold_character_once() -> None:
    # 15 of 20 by two overlapping citations, 0 of 10: 15/30
    cited = [citation(5, 20), citation(15, 25)]
    assert citations.span_coverage(GOLD, cited) == pytest.approx(15 / 30)
    assert citations.span_coverage(GOLD, [*cited, citation(40, 70)]) == pytest.approx(25 / 30)


def test_coverage_and_precision_ignore_other_documents() -> None:
    assert citations.span_coverage(GOLD, [citation(10, 30, document="d2")]) == 0
    assert citations.precision(GOLD, [citation(10, 30, document="d2")]) == 0


def test_precision_needs_more_than_half_of_a_citation_on_gold() -> None:
    exactly_half = citation(0, 20)  # 10 of 20 characters
    just_more = citation(1, 20)  # 10 of 19
    assert citations.precision(GOLD, [exactly_half]) == 0
    assert citations.precision(GOLD, [exactly_half, just_more]) == pytest.approx(1 / 2)
    assert citations.precision(GOLD, []) == 0


def test_gold_is_found_when_more_than_half_of_it_is_cited() -> None:
    assert citations.found_gold(GOLD, citation(10, 20)) == []
    assert citations.found_gold(GOLD, citation(10, 21)) == ["0"]
    assert citations.found_gold(GOLD, citation(0, 100)) == ["0", "1"]


def test_document_and_section_hits() -> None:
    other = citation(0, 5, document="d2", section=("One",))
    assert citations.document_hit(GOLD, [other]) == 0
    assert citations.section_hit(GOLD, [other]) == 0
    assert citations.wrong_document(GOLD, [other, citation(0, 5)]) == 1
    assert citations.wrong_document(GOLD, [citation(0, 5)]) == 0
    assert citations.section_hit(GOLD, [citation(0, 5, section=("Two",))]) == 1


def test_required_strings_take_alternatives_and_ignore_case_and_blanks() -> None:
    shown = "In  12\ncountries, with interpol."
    assert citations.required_recall(["12 countries", "INTERPOL|Europol"], shown) == 1
    assert citations.required_recall(["12 countries", "Europol", "UNICEF"], shown) == (
        pytest.approx(1 / 3)
    )


def test_broken_citations_differ_from_their_span() -> None:
    text = "abcdef"
    right, wrong = citation(1, 3, text=text), citation(1, 3, quote="cd")
    assert citations.broken([right, wrong], {"d1": text}) == 1


def _outcome(answer: str, sentence: str, numbers: tuple[int, ...]) -> Outcome:
    sentences = (AnswerSentence(sentence, numbers, Verdict.QUOTED),)
    return Outcome(Status.ANSWERED, 1.0, answer, sentences, (citation(0, 3, number=1),))


def test_dangling_numbers_in_sentences_and_in_the_text() -> None:
    assert citations.dangling(_outcome("It is so. [1]", "It is so.", (1,))) == 0
    assert citations.dangling(_outcome("It is so. [1] [2]", "It is so.", (1,))) == 1
    assert citations.dangling(_outcome("It is so. [2]", "It is so.", (2,))) == 2


def test_a_number_in_brackets_that_the_source_has_is_no_marker() -> None:
    assert citations.dangling(_outcome("“See note [7].” [1]", "“See note [7].”", (1,))) == 0


def test_quoted_words_add_up() -> None:
    assert citations.quoted_words([citation(0, 0, quote="a b-c"), citation(0, 0, quote="d")]) == 4


def test_auroc_counts_pairs_and_halves_ties() -> None:
    # pairs (positive, negative): .9>.5 .9>.4 .5=.5 .5>.4 -> 3.5 of 4
    assert abstention.auroc([0.9, 0.5], [0.5, 0.4]) == pytest.approx(3.5 / 4)
    assert abstention.auroc([0.1], [0.2]) == 0
    assert abstention.auroc([0.3, 0.3], [0.3]) == pytest.approx(1 / 2)


def test_risk_and_coverage_by_hand() -> None:
    judged = [(0.9, True), (0.8, False), (0.7, True), (0.1, False)]
    points = abstention.risk_coverage(judged)
    assert [Fraction(p.coverage).limit_denominator(9) for p in points] == [
        Fraction(1, 4), Fraction(2, 4), Fraction(3, 4), Fraction(1),
    ]  # fmt: skip
    assert [p.risk for p in points] == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])
    assert abstention.risk_area(judged) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_tied_confidences_share_their_errors_in_any_order() -> None:
    one = abstention.risk_area([(0.5, True), (0.5, False)])
    other = abstention.risk_area([(0.5, False), (0.5, True)])
    assert one == other == pytest.approx(1 / 2)


def test_intervals_are_the_same_each_time_and_hold_the_mean() -> None:
    values = [0.0] * 30 + [1.0] * 70
    low, high = statistics.mean_interval(values)
    assert (low, high) == statistics.mean_interval(values)
    # The standard error is sqrt(.7 * .3 / 100) = .046, so about .61 to .79.
    assert low == pytest.approx(0.61, abs=0.02)
    assert high == pytest.approx(0.79, abs=0.02)


def test_the_interval_of_any_statistic_leaves_out_undefined_draws() -> None:
    assert statistics.interval(lambda drawn: None, 5) is None
    assert statistics.interval(lambda drawn: 1.0, 5) == (1.0, 1.0)


def test_a_paired_difference_is_tested_by_flipping_signs() -> None:
    # Five questions, all better by 1: of 32 sign patterns 2 are as extreme, so p = 1/16.
    change = statistics.paired_difference([0.0] * 5, [1.0] * 5)
    assert change.value == 1
    assert change.p == pytest.approx(1 / 16, abs=0.01)
    assert statistics.paired_difference([0.5, 0.1], [0.5, 0.1]).p == 1


def test_quantiles_are_interpolated() -> None:
    assert statistics.quantile([1, 2, 3, 4], 0.5) == pytest.approx(2.5)
