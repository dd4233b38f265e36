from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from corpus.lexical import LexicalIndex
from corpus.model import Document
from evals.cases import CASES, located, read_cases
from evals.errors import CasesInvalid
from evals.gold import locate, occurrences
from evals.starter import write_starter

from .conftest import document

LEAST = {
    "fact": 12, "number": 6, "why": 8, "list": 7, "section": 6, "acronym": 5, "follow_up": 5,
    "language": 7, "false_premise": 8, "unanswerable": 16,
}  # fmt: skip
FILES = sorted(CASES.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_gold_quote_stands_once_under_its_heading(path: Path, ecpat: Document) -> None:
    cases = located(read_cases(path), ecpat)
    assert all(case.gold or not case.answerable for case in cases)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_class_has_enough_cases(path: Path) -> None:
    counts = Counter(case.kind for case in read_cases(path).cases)
    assert not {kind: counts[kind] for kind, least in LEAST.items() if counts[kind] < least}


def test_no_question_is_in_both_splits() -> None:
    questions = [case.question for path in FILES for case in read_cases(path).cases]
    assert len(questions) == len(set(questions))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_most_questions_are_not_worded_like_the_text(path: Path, tmp_path: Path) -> None:
    """At least half of the answerable English cases share at most two content words with gold."""
    index = LexicalIndex(tmp_path)
    shared = [
        len(
            set(index.terms(case.question, "en"))
            & {term for gold in case.gold for term in index.terms(gold.quote, "en")}
        )
        for case in read_cases(path).cases
        if case.gold and case.language == "en"
    ]
    assert sum(count <= 2 for count in shared) >= len(shared) / 2


def test_a_quote_is_found_whatever_its_blanks() -> None:
    assert [s.of("a  b\nc d") for s in occurrences("b c", "a  b\nc d")] == ["b\nc"]
    assert [(s.start, s.end) for s in occurrences("aa", "aaa")] == [(0, 2), (1, 3)]
    assert occurrences(" ", "a b") == []


def test_a_quote_that_is_absent_or_ambiguous_names_case_and_quote() -> None:
    with pytest.raises(CasesInvalid, match=r"Case c1: the gold quote “gone” is not in d1\.txt"):
        locate("c1", "gone", "One", document("here it is"))
    with pytest.raises(CasesInvalid, match=r"Case c2: the gold quote “it” occurs 2 times"):
        locate("c2", "it", "One", document("it is it"))


def test_any_heading_above_will_do_and_no_other() -> None:
    text = document("here it is", path=("Part two", "Technology"))
    assert locate("c", "it is", "part  two", text).section == ("Part two", "Technology")
    assert locate("c", "it is", "Technology", text).span.start == 5
    with pytest.raises(CasesInvalid, match=r"does not stand under 'Society'"):
        locate("c", "it is", "Society", text)


GOOD = {
    "suite": "mine",
    "split": "dev",
    "document": "d1.txt",
    "cases": [{"id": "a", "class": "fact", "question": "q?", "expect": "declined"}],
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"color": "red"}, "color: Extra inputs"),
        ({"cases": [{**GOOD["cases"][0], "golds": []}]}, r"cases\.0\.golds: Extra inputs"),
        ({"cases": GOOD["cases"] * 2}, "two cases have the id a"),
        ({"cases": [{**GOOD["cases"][0], "expect": "answered"}]}, "needs a gold passage"),
        ({"split": "train"}, "split"),
    ],
)
def test_a_case_file_with_a_fault_is_refused(
    change: dict[str, object], told: str, tmp_path: Path
) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(yaml.safe_dump({**GOOD, **change}), encoding="utf-8")
    with pytest.raises(CasesInvalid, match=told):
        read_cases(path)


def test_the_starter_is_a_valid_file_and_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "mine" / "cases.yaml"
    write_starter(path)
    assert {case.kind for case in read_cases(path).cases} == {"fact", "follow_up", "unanswerable"}
    assert re.search(r"wsis eval run .*cases\.yaml", path.read_text(encoding="utf-8"))
    with pytest.raises(CasesInvalid, match="is there already"):
        write_starter(path)
