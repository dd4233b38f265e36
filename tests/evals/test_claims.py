"""Sentences made wrong: each kind changes what it says it changes, and the halves are apart."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
import yaml

from evals.cases import CASES
from evals.checks import ClaimSuite, judged, run
from evals.claims import Claim, bundled, written
from evals.corruptions import MAKERS, POOLS, corruptions
from evals.errors import SuiteUnavailable
from evals.shelf import Shelf
from rag.support import Evidence, Finding

SENTENCE = (
    "In June 2023 the agency will continue to train 126 teachers of the Global Alliance within "
    "UNESCO, and support for schools is increasing."
)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_kind_is_made_and_differs_from_the_sentence(split: str) -> None:
    made = dict(corruptions(SENTENCE, split))
    assert set(made) >= {"number", "date", "entity", "negation", "modality", "insertion"}
    assert all(wrong != SENTENCE for wrong in made.values())
    assert "126" not in made["number"]
    assert dict(corruptions(SENTENCE, split)) == made


@pytest.mark.parametrize(("one", "other"), list(combinations(POOLS, 2)))
def test_no_word_put_in_is_of_two_pools(one: str, other: str) -> None:
    for kind in ("acronyms", "places", "names", "sources", "insertions", "opposites"):
        assert not set(getattr(POOLS[one], kind)) & set(getattr(POOLS[other], kind)), kind


def test_no_sentence_is_of_both_halves() -> None:
    quotes = []
    for split in ("dev", "test"):
        path = CASES / "support" / f"paraphrases-{split}.yaml"
        file = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        quotes.append({quote for case in file["cases"] for quote in case["quotes"]})
    assert not quotes[0] & quotes[1]


def test_there_are_enough_paraphrases_and_their_quotes_are_in_the_submission() -> None:
    claims = [*bundled("dev"), *bundled("test")]
    faithful = [claim for claim in claims if claim.supported]
    assert len(faithful) >= 120
    assert {claim.kind for claim in claims} == {*MAKERS, "faithful", "written"}


@pytest.mark.parametrize(
    ("name", "split", "least"),
    [
        ("free", "dev", (35, 90)),
        ("free", "test", (50, 75)),
        ("fresh", "dev", (80, 160)),
        ("fresh", "test", (85, 165)),
    ],
)
def test_what_is_written_is_hardly_ever_there_already(
    name: str, split: str, least: tuple[int, int]
) -> None:
    claims = written(name, split)
    known = {claim.text for half in ("dev", "test") for claim in bundled(half)}
    assert sum(claim.supported for claim in claims) >= least[0]
    assert sum(not claim.supported for claim in claims) >= least[1]
    # Who changes one word may change the same as the corruptions made by code do.
    same = [claim for claim in claims if claim.text in known]
    assert len(same) <= len(claims) / 20
    kinds = {claim.kind for claim in claims}
    assert kinds >= {"role", "opposite", "scope", "negation", "cause"}


@pytest.mark.parametrize("name", ["free", "fresh"])
def test_what_is_written_for_dev_is_about_dev_quotes(name: str) -> None:
    tested = {one.quote for claim in bundled("test") for one in claim.evidence}
    assert not tested & {one.quote for claim in written(name, "dev") for one in claim.evidence}


def test_a_record_says_whether_the_check_was_right() -> None:
    claim = Claim("one", "number", "12", (Evidence("13", ""),), supported=False, origin="quote")
    let_through = judged(claim, lambda _: Finding(True, 0.9))
    assert not let_through.passed
    assert let_through.values["corrupted_rejected"] == 0
    assert judged(claim, lambda _: Finding(False, 0.1, ("no",))).passed


def test_a_run_of_claims_has_its_figures(shelf: Shelf) -> None:
    claims = bundled("dev")
    suite = ClaimSuite("support-dev", lambda _: claims, "dev")
    made = run(suite, "overlap", shelf, lambda *_: None, limit=60)
    assert {"corrupted_rejected", "faithful_rejected", "auroc"} <= set(made.figures)
    assert made.figures["errors"].value == 0
    assert made.figures["auroc"].low is not None
    with pytest.raises(SuiteUnavailable):
        run(suite, "tutorial", shelf, lambda *_: None)
