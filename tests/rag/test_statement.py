"""What a drafted text must be before it is held against its quotes, and what it may not add."""

from __future__ import annotations

import pytest

from rag.additions import added
from rag.statement import fault
from rag.support import Evidence

QUOTE = Evidence(
    "In 2023, the ministry opened 14 telecentres in mountain-side villages with partners' help.",
    "Ministry of Communications",
    ("2. Access to technology",),
)


@pytest.mark.parametrize(
    "text",
    [
        "The ministry opened 14 telecentres in 2023.",
        "It will train their staff.",
        "Fourteen telecentres have been opened, and more are planned.",
        "El ministerio abrió 14 telecentros en las aldeas.",
        "该部于2023年开设了14个远程中心。",
        "Министерство открыло 14 центров.",
    ],
)
def test_a_statement_is_one(text: str) -> None:
    """In any language; grammar is asked of English alone."""
    assert fault(text) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The ministry opened 14 telecentres in", "it is not a whole sentence"),
        ("Telecentres.", "it is not a whole sentence"),
        ("", "it is not a whole sentence"),
        ("Did the ministry open 14 telecentres?", "it is a question"),
        ("什么时候开设的？", "it is a question"),
        (
            "The opening of 14 telecentres by the ministry, bringing villages online.",
            "it is not a whole sentence: its main word is no verb",
        ),
        (
            "The centres which the ministry opened in mountain villages.",
            "it is not a whole sentence: its main word is no verb",
        ),
    ],
)
def test_what_states_nothing_is_told(text: str, why: str) -> None:
    """A part of a sentence lets a reader guess the rest."""
    assert fault(text) == why


@pytest.mark.parametrize(
    ("sentence", "strange"),
    [
        ("The ministry opened 14 telecentres in villages.", ""),
        ("Telecentres in mountain villages were opened by the ministry and its partners.", ""),
        ("The Ministry of Communications opened technology telecentres.", ""),
        ("The ministry opened 14 new telecentres in villages.", "new"),
        ("The ministry opened 14 telecentres, despite protests.", "despite protests"),
        ("The ministry inaugurated 14 telecentres.", "inaugurated"),
        ("Le ministère a ouvert 14 télécentres dans des villages de montagne.", ""),
    ],
)
def test_words_of_its_own_are_told(sentence: str, strange: str) -> None:
    """Inflected words and those of the submitter and the headings are not; nor another language."""
    assert added(sentence, [QUOTE]) == strange
