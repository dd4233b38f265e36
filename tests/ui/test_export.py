from __future__ import annotations

from dataclasses import replace

from markdown_it import MarkdownIt
from pydantic import TypeAdapter

from rag.model import Answer, Translation
from tests.ui.stub_server import ATTACK, SUMMIT, answer
from ui.export import markdown_export
from ui.render import escape_markdown


def made(question: str) -> Answer:
    return TypeAdapter(Answer).validate_python(
        answer({"question": question, "history": [], "filters": {"year": [2023]}})
    )


def test_an_export_can_be_checked_without_the_program() -> None:
    text = markdown_export(made("summit"))
    source = made("summit").citations[0]
    assert f"```text\n{SUMMIT}\n```" in text
    for fact in (
        r"### \[1\] ECPAT International",
        r"Section: Part three\: Innovative policies › 1\. Coordination and Convening",
        r"Page: 3 \(printed iv\)",
        rf"Characters: {source.start} to {source.end} of submission calm\-1",
        "Limited to: year 2023",
        "Corpus snapshot: 5f0c9d2e",
        "Answer: a1b2c3",
    ):
        assert fact in text


def test_an_export_has_no_markup_of_the_corpus() -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown_export(made("hostile")))
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= {"text", "text_special", "softbreak"}
    assert [token.content for token in tokens if token.type == "fence"] == [f"{ATTACK}\n"]
    assert not [token for token in tokens if token.type.startswith("html")]


def test_a_quote_with_a_fence_stays_whole() -> None:
    found = made("summit")
    quote = "a\n````\n# b\n```\nc"
    [first, *_] = found.citations
    changed = TypeAdapter(Answer).validate_python(
        TypeAdapter(Answer).dump_python(found)
        | {"citations": [TypeAdapter(type(first)).dump_python(first) | {"quote": quote}]}
    )
    tokens = MarkdownIt().parse(markdown_export(changed))
    assert [token.content for token in tokens if token.type == "fence"] == [f"{quote}\n"]


def test_a_refusal_exports_what_came_nearest() -> None:
    text = markdown_export(made("budget"))
    assert "## Sources" not in text
    assert text.index("## Nearest passages") < text.index("Status: not found")


def test_a_translation_is_exported_as_a_models() -> None:
    """Fenced like the quote, after it, and nothing where there is none."""
    found = made("summit")
    assert "Translation by" not in markdown_export(found)
    given = Translation("Le <b>sommet</b> a eu lieu.", "fr", "openai:tiny")
    first = replace(found.citations[0], translation=given)
    text = markdown_export(replace(found, citations=(first, *found.citations[1:])))
    label = escape_markdown("Translation by openai:tiny, not checked") + ":"
    assert f"{SUMMIT}\n```\n\n{label}\n\n```text\n{given.text}\n```" in text
