"""What the cross-encoder is taught with."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch

from scripts.entailment import RANK, mixed, surprise
from scripts.pairs import (
    CONTRADICTS,
    FOLLOWS,
    NEUTRAL,
    UNSUPPORTED,
    Stock,
    exchanged,
    gathered,
    made_of,
    own,
    replaced,
    with_phrase,
)

SOURCE = {
    "source": "The ministry trains teachers in villages with the help of libraries and museums.",
    "faithful": ["Teachers in villages are trained by the ministry."],
    "wrong": {"role": "Teachers in villages train the ministry."},
}
OTHER = {
    "source": "Postal workers deliver seeds.",
    "faithful": ["Seeds are delivered by postal workers."],
    "wrong": {"negation": "Postal workers do not deliver seeds."},
}


@pytest.mark.parametrize("seed", range(20))
def test_two_things_change_places_and_all_words_stay(seed: int) -> None:
    text = "We support the training of nurses by the hospitals in districts."
    (made,) = exchanged(text, random.Random(seed))
    assert made != text
    assert sorted(made.strip(".").split()) == sorted(text.strip(".").split())


@pytest.mark.parametrize(
    "text",
    [
        # Those of one enumeration say the same the other way round.
        "We work with schools, libraries and museums.",
        "Nothing to exchange here.",
        "",
    ],
)
def test_what_has_no_two_things_that_matter_is_left(text: str) -> None:
    assert all(exchanged(text, random.Random(seed)) == [] for seed in range(20))


TOLD = "The agency published its first report in May, after a long debate with its members."
ISSUED = TOLD.replace("published", "issued")
SUPPRESSED = TOLD.replace("published", "suppressed")


def passage(number: int, faithful: str, opposite: str) -> dict[str, Any]:
    """Others with the same words in them."""
    texts = [text.replace("May", str(2000 + number)) for text in (TOLD, faithful, opposite)]
    return {"source": texts[0], "faithful": [texts[1]], "wrong": {"opposite": texts[2]}}


def test_contraries_and_words_that_say_the_same_are_read_off_what_was_written() -> None:
    found = gathered([passage(number, ISSUED, SUPPRESSED) for number in range(2)])
    assert found.contrary == {"published": ["suppressed"], "suppressed": ["published"]}
    assert found.alike == {"published": ["issued"], "issued": ["published"]}
    assert set(found.phrases) == {"after a long debate with its members"}


def test_what_says_the_same_once_only_may_say_something_else_elsewhere() -> None:
    assert gathered([passage(1, ISSUED, SUPPRESSED)]).alike == {}


def test_related_words_are_no_contraries_and_others_not_alike() -> None:
    found = gathered([passage(number, SUPPRESSED, ISSUED) for number in range(2)])
    assert found.contrary == found.alike == {}


def test_contraries_have_one_form() -> None:
    found = gathered([passage(1, ISSUED, TOLD.replace("published", "withhold"))])
    assert found.contrary == {}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Published reports help.", {"Issued reports help."}),
        (
            "All is published; all published ends.",
            {"All is issued; all published ends.", "All is published; all issued ends."},
        ),
        # Of a phrase or a name no single word can be replaced.
        ("It was published out of turn by the Published Bureau.", {None}),
        ("Nothing of it is known.", {None}),
        ("", {None}),
    ],
)
def test_one_word_is_replaced_and_keeps_its_capital(text: str, made: set[str | None]) -> None:
    words = {"published": ["issued"]}
    assert {replaced(text, words, random.Random(seed)) for seed in range(20)} == made


def test_a_phrase_goes_before_a_comma_or_the_end() -> None:
    made = {
        with_phrase("We met, and we left.", "after a vote", random.Random(seed))
        for seed in range(20)
    }
    assert made == {"We met, after a vote, and we left.", "We met, and we left, after a vote."}


def test_what_is_made_of_a_passage_has_its_label() -> None:
    source = {"source": TOLD, "faithful": [ISSUED], "wrong": {}}
    stock = Stock({"first": ["last"]}, {"debate": ["discussion"]}, ["despite criticism"])
    labels: dict[str, set[int]] = {"last": set(), "discussion": set(), "criticism": set()}
    for seed in range(40):
        for claim, label in made_of(source, stock, random.Random(seed)):
            assert label == UNSUPPORTED or claim.replace("discussion", "debate") in {TOLD, ISSUED}
            for word, seen in labels.items():
                if word in claim:
                    seen.add(label)
    assert labels["last"] == labels["criticism"] == {UNSUPPORTED}
    assert labels["discussion"] == {FOLLOWS, UNSUPPORTED}


def test_a_round_has_what_was_written_with_its_labels_and_copies_that_follow() -> None:
    pairs = [
        one
        for one in own([SOURCE, OTHER], gathered([SOURCE, OTHER]), random.Random(1))
        if SOURCE["source"] in one.passage
    ]
    labels = {pair.claim: pair.label for pair in pairs}
    assert labels[SOURCE["source"]] == FOLLOWS
    assert labels[SOURCE["wrong"]["role"]] == UNSUPPORTED
    assert labels[SOURCE["faithful"][0]] == FOLLOWS
    assert labels[OTHER["faithful"][0]] == UNSUPPORTED


def test_unsupported_is_either_of_the_two_that_do_not_follow() -> None:
    def loss(scores: list[float], label: int) -> float:
        return surprise(torch.tensor([scores]), torch.tensor([label])).item()

    for scores in ([0.0, 5.0, 0.0], [0.0, 0.0, 5.0]):
        assert loss(scores, UNSUPPORTED) < loss([5.0, 0.0, 0.0], UNSUPPORTED)
    assert loss([0.0, 5.0, 0.0], NEUTRAL) < loss([0.0, 0.0, 5.0], NEUTRAL)
    assert loss([0.0, 0.0, 5.0], CONTRADICTS) < loss([0.0, 5.0, 0.0], CONTRADICTS)
    assert loss([5.0, 0.0, 0.0], FOLLOWS) < loss([0.0, 5.0, 0.0], FOLLOWS)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_mixture_changes_a_matrix_by_its_share_of_both_changes(share: float) -> None:
    torch.manual_seed(1)
    one, other = (
        {"0.q.up": torch.randn(24, 8), "0.q.down": torch.randn(8, 40), "0.q.b": torch.randn(24)}
        for _ in range(2)
    )
    both = mixed(one, other, share)
    assert torch.allclose(both["0.q.b"], (1 - share) * one["0.q.b"] + share * other["0.q.b"])
    assert both["0.q.up"].shape[1] <= RANK
    wanted = (1 - share) * one["0.q.up"] @ one["0.q.down"]
    wanted += share * other["0.q.up"] @ other["0.q.down"]
    assert torch.allclose(both["0.q.up"] @ both["0.q.down"], wanted, atol=1e-4)


def test_a_mixture_keeps_the_rank_and_the_greatest_part_of_both() -> None:
    torch.manual_seed(1)
    one, other = (
        {"0.q.up": torch.randn(96, RANK), "0.q.down": torch.randn(RANK, 80)} for _ in range(2)
    )
    both = mixed(one, other, 0.5)
    assert {name: tensor.shape for name, tensor in both.items()} == {
        name: tensor.shape for name, tensor in one.items()
    }
    whole = (one["0.q.up"] @ one["0.q.down"] + other["0.q.up"] @ other["0.q.down"]) / 2
    lost = torch.linalg.matrix_norm(whole - both["0.q.up"] @ both["0.q.down"])
    smallest = torch.linalg.svdvals(whole)[RANK:]
    assert torch.isclose(lost, smallest.square().sum().sqrt(), rtol=1e-3)
