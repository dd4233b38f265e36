"""Matters that a question asks about and a passage does not speak of."""

from __future__ import annotations

import pytest

from rag.frames import unmet

PASSAGE = "ECPAT conducts research into encryption with Scotiabank Peru and a global alliance."


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("What were the main findings of the research?", "findings or results"),
        ("Why does ECPAT call for a ban on encryption?", "an end or a ban"),
        ("Why did ECPAT leave the alliance?", "a change of hands"),
        ("Who spoke at the meeting of the alliance?", "what was said"),
        ("Who funds the research?", "who paid or funds it"),
        ("Which action lines does the research serve?", "an action line of the WSIS"),
        ("Who was trained by the alliance?", "training"),
    ],
)
def test_a_passage_on_the_subject_need_not_speak_of_the_matter(question: str, matter: str) -> None:
    assert [frame.matter for frame in unmet(question, [PASSAGE])] == [matter]


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("What were the main findings of the research?", "The research showed more abuse."),
        ("Why does ECPAT call for a ban on encryption?", "Encryption should be prohibited."),
        ("Who funds the research?", "Its research has financial support from Sweden."),
        ("Whom did the network train?", "It builds the capacity of civil society."),
        ("Where did the workshop take place?", "The seminar took place in Lima."),
        ("When was the training centre founded?", "The centre was set up in 1990."),
        ("What data are the models trained on?", PASSAGE),
        ("What do teachers do before they leave school?", PASSAGE),
        ("Which rules hold for staff who prey on people?", PASSAGE),
    ],
)
def test_one_that_does_meets_it(question: str, passage: str) -> None:
    """In other words, too; and words that ask for something else call for nothing."""
    assert not unmet(question, [passage])


def test_what_is_missing_reads_well() -> None:
    told = [frame.telling for frame in unmet("At what age, and in which language?", ["Nothing."])]
    assert told == ["say at what age", "say in which language"]
    assert [frame.telling for frame in unmet("Who won?", ["Nothing."])] == ["speak of an award"]
