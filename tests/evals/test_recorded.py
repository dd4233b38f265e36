"""Replies of a model as they were recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.cases import CASES, read_cases
from evals.errors import CasesInvalid
from evals.recorded import RecordedWordings, read_wordings
from rag.language_model import ModelFailed
from rag.prompting import filled
from rag.variants import Rewording, checked

QUESTION = "Who chairs the group?"
REPLY = "en: Who leads the group?\nen: By whom is the group chaired?"


def test_a_recorded_question_gets_its_wordings() -> None:
    found = Rewording(RecordedWordings({QUESTION: REPLY})).wordings(QUESTION, ("en",))
    assert [one.text for one in found.kept] == [
        "Who leads the group?",
        "By whom is the group chaired?",
    ]


def test_a_question_that_was_not_recorded_has_none_and_the_next_is_asked_all_the_same() -> None:
    rewording = Rewording(RecordedWordings({QUESTION: REPLY}))
    for number in range(5):
        assert rewording.wordings(f"Who pays for part {number}?", ("en",)).kept == ()
    assert rewording.wordings(QUESTION, ("en",)).kept


def test_a_draft_fails() -> None:
    prompt = filled("draft-json", question=QUESTION, passages="")
    with pytest.raises(ModelFailed):
        list(RecordedWordings({QUESTION: REPLY}).stream(prompt, None))


@pytest.mark.parametrize("text", ["{", "[]", '{"question": "Who?"}'])
def test_a_file_of_something_else_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CasesInvalid, match=r"replies\.jsonl"):
        read_wordings(path)


def test_the_bundled_replies_are_to_bundled_questions_and_mostly_hold() -> None:
    replies = read_wordings(CASES / "wordings.jsonl")
    asked = {
        case.question
        for split in ("dev", "test")
        for case in read_cases(CASES / f"ecpat-{split}.yaml").cases
        if not case.history
    }
    assert set(replies) <= asked
    kept = sum(bool(checked(reply, question, ("en",))) for question, reply in replies.items())
    assert kept > len(replies) / 2
