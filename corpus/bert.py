"""A BERT encoder in whole numbers: eight bits a weight and a value, on the processor's own units.

Each row of values (one token's) and each output of a matrix has a scale of its own; products of
whole numbers are exact. So a text has the same vector in any batch and on any processor, which
fp32 and bf16 do not give, and torch's integer product is more than four times as fast as fp32 where
the processor has such units (AVX-512 VNNI). Dettmers et al. 2022, "LLM.int8()", section 2.

Texts of a batch are laid end to end without padding; attention goes by texts of one length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
# Tokens at once: so many that the units are busy, so few that values stay in the cache.
_TOKENS = 512
_LARGEST = 127.0


@dataclass(frozen=True)
class Weights:
    """An encoder's tensors; ``words`` gives rows by token id, ``places`` those of positions.

    A layer has ``q k v ao fi fo`` (matrices, one row an output) and ``aln oln`` (norms), each with
    ``.w`` and ``.b``; layers may be made one by one as they are read.
    """

    words: Callable[[NDArray[np.int64]], Floats]
    places: Floats
    norm: tuple[Floats, Floats]
    layers: Iterable[dict[str, Floats]]
    heads: int
    epsilon: float


class Encoder:
    """Mean last states of token ids, not yet of length 1."""

    def __init__(self, weights: Weights) -> None:
        # Loads in seconds; nothing that only asks the catalogue should wait for it.
        import torch

        self._torch = torch
        self._words = weights.words
        self._places = torch.tensor(weights.places)
        self._norm = (torch.tensor(weights.norm[0]), torch.tensor(weights.norm[1]))
        self._heads = weights.heads
        self._epsilon = weights.epsilon
        self._layers = [self._layer(own) for own in weights.layers]

    @property
    def longest(self) -> int:
        """Most tokens of a text."""
        return len(self._places)

    def pooled(self, texts: Sequence[Sequence[int]]) -> Floats:
        """One row a list of token ids, none of them longer than ``longest``."""
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        width = self._places.shape[1]
        rows: Floats = np.zeros((len(texts), width), dtype=np.float32)
        with self._torch.inference_mode():
            for batch in _batches(order, texts):
                rows[batch] = self._means([texts[n] for n in batch])
        return rows

    def _layer(self, own: dict[str, Floats]) -> dict[str, Any]:
        torch = self._torch
        joined = {
            "qkv.w": np.concatenate([own["q.w"], own["k.w"], own["v.w"]]),
            "qkv.b": np.concatenate([own["q.b"], own["k.b"], own["v.b"]]),
        }
        made: dict[str, Any] = {}
        for name in ("qkv", "ao", "fi", "fo"):
            source = joined if name == "qkv" else own
            matrix = torch.tensor(source[f"{name}.w"])
            scale = matrix.abs().amax(1).clamp_min(1e-12) / _LARGEST
            whole = (matrix / scale[:, None]).round().to(torch.int8)
            made[name] = (whole.t().contiguous(), scale, torch.tensor(source[f"{name}.b"]))
        for name in ("aln", "oln"):
            made[name] = (torch.tensor(own[f"{name}.w"]), torch.tensor(own[f"{name}.b"]))
        return made

    def _means(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Texts in order of their lengths."""
        groups = [(length, len(list(same))) for length, same in groupby(map(len, texts))]
        x = self._run(self._embedded(texts), groups)
        means: Floats = self._torch.cat([part.mean(1) for part in self._parts(x, groups)]).numpy()
        return means

    def _embedded(self, texts: Sequence[Sequence[int]]) -> Any:
        ids = np.concatenate([np.asarray(own, dtype=np.int64) for own in texts])
        places = self._torch.cat([self._places[: len(own)] for own in texts])
        return self._torch.from_numpy(self._words(ids)).add_(places)

    def _run(self, embedded: Any, groups: Sequence[tuple[int, int]]) -> Any:
        torch = self._torch
        x = self._normed(embedded, self._norm)
        for layer in self._layers:
            attended = self._attend(self._product(x, layer["qkv"]), groups)
            x = self._normed(self._product(attended, layer["ao"]).add_(x), layer["aln"])
            inner = torch.nn.functional.gelu(self._product(x, layer["fi"]))
            x = self._normed(self._product(inner, layer["fo"]).add_(x), layer["oln"])
        return x

    def _product(self, x: Any, matrix: tuple[Any, Any, Any]) -> Any:
        """``x`` times the matrix plus its bias, in whole numbers."""
        whole, scale, bias = matrix
        own = x.abs().amax(1, keepdim=True).clamp_min_(1e-12).div_(_LARGEST)
        rounded = (x / own).round_().to(self._torch.int8)
        product = self._torch._int_mm(rounded, whole).to(self._torch.float32)
        return product.mul_(own).mul_(scale).add_(bias)

    def _attend(self, qkv: Any, groups: Sequence[tuple[int, int]]) -> Any:
        attended = []
        for part in self._parts(qkv, groups):
            count, length, width = part.shape
            q, k, v = part.view(count, length, 3, self._heads, -1).permute(2, 0, 3, 1, 4)
            mixed = self._torch.nn.functional.scaled_dot_product_attention(q, k, v)
            attended.append(mixed.transpose(1, 2).reshape(count * length, width // 3))
        return self._torch.cat(attended)

    def _parts(self, x: Any, groups: Sequence[tuple[int, int]]) -> Iterator[Any]:
        """The rows of texts of one length, shape (texts, length, width)."""
        start = 0
        for length, count in groups:
            end = start + length * count
            yield x[start:end].view(count, length, -1)
            start = end

    def _normed(self, x: Any, norm: tuple[Any, Any]) -> Any:
        return self._torch.nn.functional.layer_norm(x, x.shape[1:], *norm, self._epsilon)


def _batches(order: Sequence[int], texts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    batch: list[int] = []
    tokens = 0
    for number in order:
        if batch and tokens + len(texts[number]) > _TOKENS:
            yield batch
            batch, tokens = [], 0
        batch.append(number)
        tokens += len(texts[number])
    if batch:
        yield batch
