"""How much of what a sentence says is in its sources, by the vectors of its words.

Each telling word is held against all words of the sources in their context (MaxSim, after Khattab
and Zaharia 2020, "ColBERT"); a word that is there as such counts 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.embedder import Matrix, WordVectors, normalised
from rag.lexicon import has_related
from rag.words import Reading, Word

# A word nearer than this to none of the sources' words says something of its own.
_FAR = 0.5
_NEIGHBOURS = 3
# A word that WordNet relates to one of the sources' is at least this near.
_AKIN = 0.75


@dataclass(frozen=True, slots=True)
class Likeness:
    """Nearness of a sentence to its sources.

    ``whole`` is a cosine; ``strange`` says whether a word is far from all. ``lack`` adds up what
    the words lack of 1, ``dense`` is the most that three neighbours lack on average, 0 to 1: an
    insertion stands in one place, a paraphrase is spread. ``strangest`` is the word that the
    sources have least, for a reader.
    """

    whole: float
    strange: bool
    lack: float
    dense: float
    strangest: str


def likeness(
    claim: Reading,
    sources: Sequence[Reading],
    context: Sequence[Reading],
    vectors: Callable[[str], WordVectors],
) -> Likeness:
    """``sources`` are single sentences; words of ``context`` are known, but carry no meaning."""
    said = vectors(claim.text)
    stated = [vectors(source.text) for source in sources]
    whole = _whole(said, stated)
    known = frozenset(stem for one in (*sources, *context) for stem in one.stems)
    telling = [word for word in claim.words if word.telling]
    if not telling:
        return Likeness(whole, False, 0.0, 0.0, "")
    there = np.vstack([_rows(v, s.words) for s, v in zip(sources, stated, strict=True)])
    own = _rows(said, telling)
    near = (own @ there.T).max(axis=1) if len(there) else np.zeros(len(telling))
    literal = np.array([word.stem in known for word in telling])
    akin = np.array([claim.language == "en" and has_related(word.stem, known) for word in telling])
    nearness = np.clip(near, 0.0, 1.0)
    nearness = np.where(literal, 1.0, np.where(akin, np.maximum(nearness, _AKIN), nearness))
    return Likeness(
        whole=whole,
        strange=bool((nearness < _FAR).any()),
        lack=float((1 - nearness).sum()),
        dense=_densest(1 - nearness),
        strangest=telling[int(nearness.argmin())].text,
    )


def _whole(said: WordVectors, stated: Sequence[WordVectors]) -> float:
    """Cosine with the nearest source sentence, or with all of them together if that is nearer."""
    if not stated:
        return 0.0
    rows = np.stack([one.whole for one in stated])
    together = normalised(rows.mean(axis=0, keepdims=True))
    return float(max((rows @ said.whole).max(), (together @ said.whole)[0]))


def _rows(made: WordVectors, words: Sequence[Word]) -> Matrix:
    """A unit vector for each word: the mean of its pieces; zeros past what the model reads."""
    rows = np.zeros((len(words), made.pieces.shape[1]), dtype=np.float32)
    for at, word in enumerate(words):
        end = word.start + len(word.text)
        inside = [n for n, s in enumerate(made.spans) if s.start < end and s.end > word.start]
        if inside:
            rows[at] = made.pieces[inside].mean(axis=0)
    return normalised(rows)


def _densest(lacking: NDArray[np.float64]) -> float:
    """The largest mean of ``_NEIGHBOURS`` values in a row."""
    window = min(_NEIGHBOURS, len(lacking))
    return float(np.convolve(lacking, np.ones(window) / window, mode="valid").max())
