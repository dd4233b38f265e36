"""Whether a claim follows from a passage, by a cross-encoder that reads the two together.

The encoder is DeBERTa-v3-xsmall as packaged (rag/nli.py), with a low-rank change to each matrix of
its layers (Hu et al. 2022, "LoRA") and a plain one to all else. Only these changes lie here, in
``data/entailment.safetensors``; ``scripts/entailment.py`` makes such files.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any, Protocol

from rag.nli import FOLLOWS, LONGEST, packaged, tokenizer

LANGUAGE = "en"
_LEARNED = "entailment.safetensors"
# A change of a layer's matrix is the product of two.
UP, DOWN = ".up", ".down"


class Entailment(Protocol):
    """The port: texts to a probability."""

    def probability(self, passage: str, claim: str) -> float | None:
        """0 to 1, that a reader of the passage would say that the claim follows from it.

        None where the two are longer than it reads.
        """
        ...


class CrossEncoder:
    """The ``Entailment`` of English texts that comes with the program.

    Raises ModelUnavailable when the packaged encoder is not there or not the expected one.
    """

    def __init__(self) -> None:
        # Loads in seconds; only a check of drafts needs it.
        import torch

        self._torch = torch
        self._packaged = packaged()
        with as_file(files("rag") / "data" / _LEARNED) as learned_path:
            self._module = with_learned(self._packaged.module, learned_path)
        self._tokenizer = tokenizer()

    def probability(self, passage: str, claim: str) -> float | None:
        ids = self._tokenizer.encode(passage, claim).ids
        if len(ids) > LONGEST:
            return None
        with self._torch.inference_mode():
            words = self._torch.from_numpy(self._packaged.embedded(ids))[None]
            scores = self._module(inputs_embeds=words).logits[0]
            return round(float(scores.softmax(0)[FOLLOWS]), 4)


def with_learned(module: Any, path: Any) -> Any:
    """``module`` with the changes added that the file at ``path`` holds."""
    import torch
    from safetensors.torch import load_file

    learned = {name: tensor.float() for name, tensor in load_file(path).items()}
    parts = dict(module.named_parameters())
    with torch.no_grad():
        for name, tensor in learned.items():
            if name.endswith(UP):
                matrix = name.removesuffix(UP)
                parts[f"{matrix}.weight"].add_(tensor @ learned[f"{matrix}{DOWN}"])
            elif not name.endswith(DOWN):
                parts[name].add_(tensor)
    return module
