"""What the parser is told beside its model: words with hyphens."""

from rag.parse import parse


def test_a_word_with_a_hyphen_is_one() -> None:
    assert "evidence-based" in {token.text for token in parse("They want evidence-based law.")}


def test_co_leading_is_leading() -> None:
    verb = next(token for token in parse("ECPAT is co-leading advocacy.") if token.tag == "VBG")
    assert verb.text == "leading"
