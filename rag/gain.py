"""What the words of a question that a passage lacks add to their likeness.

A near miss and a paraphrase are alike in that some words of the question are not in the passage.
They differ in what those words do: a paraphrase says the same otherwise, and without its own
words the question is less like the passage; a near miss asks for something that is not there,
and without the words for it the question is no less like the passage. So the question is held
against the passage twice, whole and stripped of those words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from corpus.embedder import Matrix
from corpus.language import language_of
from corpus.sentences import quotable_sentences
from corpus.store import Corpus
from rag.names import has_name
from rag.select import Candidate

# The multilingual encoder's similarities crowd near 1; this makes them as wide as the other's.
_SCALE = 2.5
_WORD = re.compile(r"[\w'’-]+")


def gain(corpus: Corpus, question: str, chosen: Sequence[Candidate]) -> float | None:
    """Similarity to the sentences, whole minus stripped, some -.2 to .3 by both encoders.

    None where the question's words cannot be looked for: sentences in another language.
    """
    language = chosen[0].document.submission.language
    if language_of(question) != language:
        return None
    stripped = _stripped(corpus, question, language, chosen)
    if stripped == question:
        return 0.0
    headed = _vectors(corpus, chosen)
    asked = corpus.multilingual_question(question) - corpus.multilingual.embed_query(stripped)
    added = _SCALE * float((headed @ asked).mean())
    known = corpus.embedder.languages
    if known is not None and language not in known:
        return round(2 * added, 4)
    near = np.stack([corpus.words(candidate.text).whole for candidate in chosen])
    whole, without = (corpus.words(text).whole for text in (question, stripped))
    return round(added + float((near @ whole).max() - (near @ without).max()), 4)


def _stripped(corpus: Corpus, question: str, language: str, chosen: Sequence[Candidate]) -> str:
    """The question without the content words that neither sentences nor headings have."""
    text = " ".join(map(_text, chosen))
    there = set(corpus.terms(text, language))

    def kept(match: re.Match[str]) -> str:
        word = match.group()
        # A name may be there in full, or its country for it.
        called = word[0].isupper() and match.start() > 0 and has_name(text, word)
        return word if called or there.issuperset(corpus.terms(word, language)) else ""

    return _WORD.sub(kept, question)


def _text(candidate: Candidate) -> str:
    path = candidate.retrieved.passage.section.path
    return " ".join((candidate.text, candidate.document.submission.entity, *path))


def _vectors(corpus: Corpus, chosen: Sequence[Candidate]) -> Matrix:
    """The sentences' stored vectors, a row each."""
    passages = [candidate.retrieved.passage for candidate in chosen]
    rows = []
    for candidate, (_, sentences) in zip(chosen, corpus.unit_vectors(passages), strict=True):
        quotable = quotable_sentences(candidate.document, candidate.retrieved.passage.chunk)
        rows.append(sentences[quotable.index(candidate.span)])
    return np.stack(rows)
