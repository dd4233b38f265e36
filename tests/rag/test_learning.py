"""What the cross-encoder is taught with."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from rag.entailment import with_learned
from rag.nli import packaged, tokenizer
from scripts.entailment import Learner, learn, surprise
from scripts.pairs import (
    Pair,
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
    labels: dict[str, set[bool]] = {"last": set(), "discussion": set(), "criticism": set()}
    for seed in range(40):
        for claim, label in made_of(source, stock, random.Random(seed)):
            assert label is False or claim.replace("discussion", "debate") in {TOLD, ISSUED}
            for word, seen in labels.items():
                if word in claim:
                    seen.add(label)
    assert labels["last"] == labels["criticism"] == {False}
    assert labels["discussion"] == {True, False}


def test_a_round_has_what_was_written_with_its_labels_and_copies_that_follow() -> None:
    pairs = [
        one
        for one in own([SOURCE, OTHER], gathered([SOURCE, OTHER]), random.Random(1))
        if SOURCE["source"] in one.passage
    ]
    labels = {pair.claim: pair.follows for pair in pairs}
    assert labels[SOURCE["source"]] is True
    assert labels[SOURCE["wrong"]["role"]] is False
    assert labels[SOURCE["faithful"][0]] is True
    assert labels[OTHER["faithful"][0]] is False


def test_the_loss_is_less_for_the_right_label() -> None:
    def loss(scores: list[float], follows: bool) -> float:
        return surprise(torch.tensor([scores]), torch.tensor([follows])).item()

    assert loss([5.0, 0.0], True) < loss([0.0, 5.0], True)
    assert loss([0.0, 5.0], False) < loss([5.0, 0.0], False)


def test_what_was_learned_reads_back_to_the_same_scores(tmp_path: Path) -> None:
    pairs = [Pair(SOURCE["source"], claim, True) for claim in SOURCE["faithful"]]
    torch.manual_seed(1)
    learner = Learner(packaged())
    before = scores(learner, pairs)
    with torch.no_grad():
        for _, tensor in learner.named():
            tensor.add_(torch.randn_like(tensor) * 0.05)
    path = tmp_path / "learned.safetensors"
    save_file(learner.learned(), path)
    wanted = scores(learner, pairs)
    assert not torch.allclose(before, wanted, atol=0.2)
    encoder = packaged()
    read = with_learned(encoder.module, path)
    ids = tokenizer().encode(pairs[0].passage, pairs[0].claim).ids
    with torch.inference_mode():
        words = torch.from_numpy(encoder.embedded(ids))[None]
        assert torch.allclose(read(inputs_embeds=words).logits, wanted, atol=0.05)
    again = Learner(packaged())
    again.resume(learner.learned())
    assert torch.allclose(scores(again, pairs), wanted, atol=0.05)


@pytest.mark.slow
def test_learning_brings_right_and_wrong_apart() -> None:
    learner = Learner(packaged())
    pairs = [
        Pair(SOURCE["source"], SOURCE["faithful"][0], True),
        Pair(OTHER["source"], OTHER["wrong"]["negation"], False),
    ]
    truth = torch.tensor([pair.follows for pair in pairs])
    before = surprise(scores(learner, pairs), truth)
    learn(learner, [SOURCE, OTHER], minutes=0.5)
    assert surprise(scores(learner, pairs), truth) < before


def scores(learner: Learner, pairs: list[Pair]) -> torch.Tensor:
    learner.module.eval()
    with torch.inference_mode():
        return learner.scores(pairs)
