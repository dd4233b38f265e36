"""Whether a claim follows from a passage, by a cross-encoder that reads the two together.

The encoder is all-MiniLM-L6-v2 as packaged, with a low-rank change to each of its matrices (Hu et
al. 2022, "LoRA") and a small classifier on top. Only what was learned lies here, in
``data/entailment.safetensors``; ``scripts/entailment.py`` made it. It runs in whole numbers
(corpus/bert.py), so a pair has the same probability on every machine.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.bert import Encoder, Weights
from corpus.packaged import minilm

LANGUAGE = "en"
# Tokens of a pair that are read: as many as it learned on; of the longer text the end is cut.
_LONGEST = 192
_LEARNED = "entailment.safetensors"
LAYERS, HEADS, _EPSILON = 6, 12, 1e-12
# Our names of the parts of a layer, and the package's.
MATRICES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
Floats = NDArray[np.float32]
Tensors = dict[str, Floats]


class Entailment(Protocol):
    """The port: texts to a probability."""

    def probability(self, passage: str, claim: str) -> float:
        """0 to 1, that a reader of the passage would say that the claim follows from it."""
        ...


class CrossEncoder:
    """The ``Entailment`` of English texts that comes with the program.

    Raises ModelUnavailable when the packaged encoder is not there or not the expected one.
    """

    def __init__(self) -> None:
        # Loads in a second; only a check of drafts needs it.
        from safetensors.numpy import load_file

        with as_file(files("rag") / "data" / _LEARNED) as learned_path:
            learned = load_file(learned_path)
        learned = {name: tensor.astype(np.float32) for name, tensor in learned.items()}
        self._encoder = Encoder(_weights(load_file(minilm()), learned))
        self._head = {name: own for name, own in learned.items() if name.startswith("head.")}
        self._tokenizer = pair_tokenizer()

    def probability(self, passage: str, claim: str) -> float:
        read = self._tokenizer.encode(passage, claim)
        start = read.type_ids.index(1)
        states = self._encoder.states(read.ids[:start], read.ids[start:])
        pooled = np.concatenate([states[0], states[start:].mean(0)])
        hidden = np.tanh(self._head["head.0.w"] @ pooled + self._head["head.0.b"])
        scores = self._head["head.1.w"] @ hidden + self._head["head.1.b"]
        likely = np.exp(scores - scores.max())
        return round(float(likely[0] / likely.sum()), 4)


def pair_tokenizer() -> Any:
    """The packaged encoder's, for passage and claim; learning and checking read alike by it."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(minilm().parent / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_LONGEST, strategy="longest_first")
    return tokenizer


def _weights(base: Tensors, learned: Tensors) -> Weights:
    words, kinds = base["embeddings.word_embeddings.weight"], learned["kinds"]
    return Weights(
        words=lambda ids: words[ids],
        places=base["embeddings.position_embeddings.weight"] + kinds[0],
        norm=(learned["norm.w"], learned["norm.b"]),
        layers=(_layer(base, learned, number) for number in range(LAYERS)),
        heads=HEADS,
        epsilon=_EPSILON,
        second=kinds[1] - kinds[0],
    )


def _layer(base: Tensors, learned: Tensors, number: int) -> Tensors:
    layer = {}
    for short, name in MATRICES.items():
        own = f"{number}.{short}"
        layer[f"{short}.w"] = (
            base[f"encoder.layer.{number}.{name}.weight"]
            + learned[f"{own}.up"] @ learned[f"{own}.down"]
        )
        layer[f"{short}.b"] = learned[f"{own}.b"]
    return layer | {f"{n}.{k}": learned[f"{number}.{n}.{k}"] for n in NORMS for k in "wb"}
