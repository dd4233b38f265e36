"""An answer as a Markdown file that stands alone: sentences, sources, how it was made."""

from __future__ import annotations

import re

from rag.model import Answer, Citation, Verdict
from ui.labels import (
    confidence_label,
    filters_label,
    page_label,
    section_label,
    session_label,
    translation_label,
)
from ui.render import PARAPHRASE, escape_markdown

STATUS = {
    "answered": "answered",
    "partial": "related passages, none states what is asked",
    "not_found": "not found",
}


def markdown_export(answer: Answer) -> str:
    """The answer, its numbered sources with exact quotes, and what names it for a replay."""
    parts = [f"# {escape_markdown(answer.question)}", *_sentences(answer)]
    if answer.citations:
        parts += [
            "## Sources",
            *(_source(item, f"\\[{item.number}\\] ") for item in answer.citations),
        ]
    if answer.nearest:
        parts += ["## Nearest passages", *(_source(item, "") for item in answer.nearest)]
    return "\n\n".join([*parts, "## Record", _record(answer)]) + "\n"


def _sentences(answer: Answer) -> list[str]:
    if not answer.sentences:
        return [escape_markdown(answer.answer)]
    return [
        escape_markdown(item.text)
        + "".join(f" \\[{number}\\]" for number in item.citations)
        + (f" ({PARAPHRASE})" if item.verdict is Verdict.SUPPORTED else "")
        for item in answer.sentences
    ]


def _source(citation: Citation, number: str) -> str:
    facts = {
        "Submission": citation.title,
        "Made to": session_label(citation.session, citation.year),
        "Section": section_label(citation),
        "Page": page_label(citation).removeprefix("page "),
        "Characters": f"{citation.start} to {citation.end} of submission {citation.submission_id}",
    }
    head = f"### {number}{escape_markdown(citation.entity)}"
    parts = [head, _facts(facts), _verbatim(citation.quote)]
    if citation.translation:
        label = escape_markdown(translation_label(citation.translation))
        parts += [f"{label}:", _verbatim(citation.translation.text)]
    return "\n\n".join(parts)


def _record(answer: Answer) -> str:
    return _facts(
        {
            "Status": STATUS[answer.status],
            "Confidence": confidence_label(answer.confidence),
            "Understood as": answer.standalone_question,
            "Limited to": filters_label(answer.filters),
            "Mode": answer.mode,
            "Model": answer.model or "",
            "Warnings": " ".join(answer.warnings),
            "Corpus snapshot": answer.snapshot,
            "Configuration": answer.config,
            "Answer": answer.answer_id,
        }
    )


def _facts(facts: dict[str, str]) -> str:
    return "\n".join(
        f"- {name}: {escape_markdown(value)}" for name, value in facts.items() if value
    )


def _verbatim(text: str) -> str:
    """A fenced block, longer fenced than any fence in ``text``: a quote is kept to the letter."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{text}\n{fence}"
