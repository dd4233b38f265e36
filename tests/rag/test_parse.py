"""What the parser is told beside its model: words with hyphens."""

from rag.parse import parse


def test_a_word_with_a_hyphen_is_one() -> None:
    assert "evidence-based" in {token.text for token in parse("They want evidence-based law.")}


def test_co_leading_is_leading_and_offsets_stay() -> None:
    text = "ECPAT is co-leading advocacy."
    verb = next(token for token in parse(text) if token.pos == "VERB" or token.lower == "leading")
    assert text[verb.start : verb.start + len(verb.text)] == verb.text == "leading"
