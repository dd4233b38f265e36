"""Sentence boundaries in the six languages of the United Nations."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.embedder import HashedBagOfWords
from corpus.model import Span
from corpus.sentences import quotable_sentences, sentence_spans
from ingest.pipeline import build_document

# Each text is written with "¦" where a sentence ends and the next begins.
TEXTS = (
    "Dr. A. Smith met Mrs. Jones at 5 p.m. in Geneva.¦ They agreed.",
    "The U.N. and the U.S. Government paid, e.g. for schools.¦ It was said.",
    "J. R. R. Tolkien wrote it.¦ He ended.",
    "in furtherance of SDGs 5.2 and 16.2.¦ Below we outline it.",
    "Costs rose by 3.5 per cent to $1.5 million.¦ Fine.",
    "See No. 5, Fig. 3 and paras. 7 to 9.¦ Then stop.",
    "She said no.¦ Then she left.",
    "“We act.”¦ They said.¦ “Why?”¦ Nobody knew.",
    'He asked: "Is it so?" and left.¦ "Yes."¦ (See below.)¦ End.',
    "It ended...¦ But not here… and not there.",
    "Was it so?!¦ Yes!",
    "Visit www.example.org.¦ Then go.",
    "1. First item.¦ Second sentence.",
    "(a) First.¦ Second.",
    "هل هذا صحيح؟¦ نعم.¦ نحن نعمل في 12.5 بلد.",
    "我们支持儿童。¦他们很安全！¦为什么？¦“因为。”¦好",
    "« Nous agissons. »¦ Le projet suit.¦ Quoi ?¦ Oui !¦ Mme Dupont et M. Roux viennent.",
    "«Мы действуем.»¦ В 2023 г. Москва приняла план, т.е. меры.¦ Итог.",
    "¿Quién lo dijo?¦ ¡Nadie!¦ La Sra. Pérez calló.",
    "One line\n¦Another line.\n\n¦Third",
    "",
    "   \n\t ",
)


@pytest.mark.parametrize("marked", TEXTS)
def test_where_sentences_end(marked: str) -> None:
    """Abbreviations, initials, decimals, references and quotes do not end a sentence."""
    sentences = [part.strip() for part in marked.split("¦") if part.strip()]
    text = marked.replace("¦", "")
    assert [span.of(text) for span in sentence_spans(text)] == sentences


_PIECES = st.sampled_from(
    [*TEXTS, " ", "\n", ".", "…", "。", "»", "”", "No.", "- ", "(a) ", "a", "Б", "1", "\u00a0"]
)
_TEXT = st.text(max_size=80) | st.lists(_PIECES, max_size=12).map("".join)


@given(_TEXT, st.data())
def test_sentences_are_in_order_and_leave_out_only_blanks(text: str, data: st.DataObject) -> None:
    """Every non-blank character of a range stands in exactly one of its sentences."""
    start = data.draw(st.integers(0, len(text)))
    within = Span(start, data.draw(st.integers(start, len(text))))
    spans = sentence_spans(text, within)
    assert all(within.contains(span) and len(span) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    covered = "".join(span.of(text) for span in spans)
    assert "".join(covered.split()) == "".join(within.of(text).split())


@given(_TEXT)
def test_a_sentence_is_on_one_line_and_trimmed(text: str) -> None:
    """No sentence runs over a newline, none has blanks at its ends."""
    found = [span.of(text) for span in sentence_spans(text)]
    assert all("\n" not in sentence and sentence == sentence.strip() for sentence in found)


def test_what_can_be_quoted_of_the_seed(seed: Path) -> None:
    """Headings and bullets are left out of quotes; run-in heads with the dash after them too."""
    document = build_document(seed.read_bytes(), seed.name, HashedBagOfWords())
    quotes = [
        span.of(document.text)
        for chunk in document.chunks
        for span in quotable_sentences(document, chunk)
    ]
    assert "In 2023, ECPAT is launching a new campaign." in quotes
    assert any(quote.startswith("a key feature and paradox of") for quote in quotes)
    assert any(quote.startswith("Organisation of the first ever ECPAT") for quote in quotes)
    assert not any(quote.startswith(("- ", "– ", "Technology", "1. Coord")) for quote in quotes)
    assert sum("children is now established." in quote for quote in quotes) == 1
    # A line of the cover that its next one completes.
    assert [" ".join(q.split()) for q in quotes if q.startswith("Submission by")] == [
        "Submission by ECPAT International"
    ]
