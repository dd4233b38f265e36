"""Learns the support check's cross-encoder and writes ``rag/data/entailment.safetensors``.

From this project's own pairs, ``evals/cases/support/pairs.jsonl``: passages of invented
submissions, sentences that follow from them, and sentences that are wrong in one way each; and from
what ``scripts/pairs.py`` makes of these. One passage in ten is held out. An hour on two cores; the
weights differ from machine to machine.

    python -m scripts.entailment --minutes 50
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import parametrize

from rag.entailment import DOWN, UP
from rag.nli import FOLLOWS, Packaged, packaged, tokenizer
from scripts.pairs import Pair, gathered, is_held, own, written

ROOT = Path(__file__).resolve().parent.parent
PAIRS = ROOT / "evals" / "cases" / "support" / "pairs.jsonl"
LEARNED = ROOT / "rag" / "data" / "entailment.safetensors"
RANK = 32
# Of learning, at its highest.
RATE = 5e-4
# Tokens of a batch, padding included.
TOKENS = 4096
# Of a pair; of the longer text the end is cut.
LONGEST = 192
# Of each label's weight, spread over right and wrong alike: without it the model is too sure.
SMOOTHED = 0.1
_CHANGE = "parametrizations.weight.0"


class Changed(nn.Module):
    """A fixed matrix plus a low-rank change."""

    def __init__(self, matrix: Tensor) -> None:
        super().__init__()
        rows, columns = matrix.shape
        self.down = nn.Parameter(torch.randn(RANK, columns) / math.sqrt(columns))
        self.up = nn.Parameter(torch.zeros(rows, RANK))

    def forward(self, matrix: Tensor) -> Tensor:
        return matrix + self.up @ self.down


class Learner:
    """The packaged encoder, of which all but its words and its layers' matrices learns, and of
    these a low-rank change."""

    def __init__(self, encoder: Packaged) -> None:
        self.module = encoder.module
        self._encoder = encoder
        self._tokenizer = tokenizer()
        self._tokenizer.enable_truncation(LONGEST, strategy="longest_first")
        self.module.deberta.embeddings.word_embeddings.requires_grad_(False)
        for layer in self.module.deberta.encoder.layer:
            for part in [part for part in layer.modules() if isinstance(part, nn.Linear)]:
                part.weight.requires_grad_(False)
                parametrize.register_parametrization(part, "weight", Changed(part.weight))
        # A low-rank change begins with nothing.
        self._first = {
            name: tensor.detach().clone()
            for name, tensor in self.named()
            if not name.endswith((UP, DOWN))
        }

    def scores(self, pairs: Sequence[Pair]) -> Tensor:
        """Shape (pairs, 2)."""
        read = [self._tokenizer.encode(pair.passage, pair.claim).ids for pair in pairs]
        longest = max(map(len, read))
        words = torch.from_numpy(
            self._encoder.embedded([n for ids in read for n in [*ids, *[0] * (longest - len(ids))]])
        ).view(len(read), longest, -1)
        there = torch.tensor([[place < len(ids) for place in range(longest)] for ids in read])
        logits: Tensor = self.module(inputs_embeds=words, attention_mask=there).logits
        return logits.float()

    def batched(self, pairs: Sequence[Pair], rng: random.Random) -> list[list[Pair]]:
        """The pairs in batches of like length, in chance order."""
        read = self._tokenizer.encode_batch([(pair.passage, pair.claim) for pair in pairs])
        batches: list[list[Pair]] = [[]]
        for number in sorted(range(len(pairs)), key=lambda n: (len(read[n].ids), rng.random())):
            if batches[-1] and (len(batches[-1]) + 1) * len(read[number].ids) > TOKENS:
                batches.append([])
            batches[-1].append(pairs[number])
        rng.shuffle(batches)
        return batches

    def named(self) -> Iterator[tuple[str, nn.Parameter]]:
        """All that learns, by the names that rag/entailment.py reads."""
        for name, tensor in self.module.named_parameters():
            if tensor.requires_grad:
                yield name.replace(f".{_CHANGE}", ""), tensor

    def learned(self) -> dict[str, Tensor]:
        """The changes, as rag/entailment.py reads them."""
        return {
            name: (tensor.detach() - self._first.get(name, 0)).half().contiguous()
            for name, tensor in self.named()
        }

    def resume(self, learned: dict[str, Tensor]) -> None:
        """Goes on from what was learned before; KeyError where a part is not there."""
        with torch.no_grad():
            for name, tensor in self.named():
                tensor.copy_(learned[name] + self._first.get(name, 0))


def main() -> None:
    """Learn, report on what was held out, and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=50, help="of learning")
    parser.add_argument("--first", type=Path, help="goes on from what this file holds")
    parser.add_argument("--out", type=Path, default=LEARNED, help="where to write")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    torch.manual_seed(asked.seed)
    learner = Learner(packaged())
    if asked.first:
        learner.resume(load_file(asked.first))
    sources = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    learn(learner, [one for one in sources if not is_held(one)], asked.minutes, asked.seed)
    save_file(learner.learned(), asked.out)
    held = [pair for one in sources if is_held(one) for pair in written(one)]
    print(f"held out, AUROC: {area(learner, held):.3f}")


def learn(
    learner: Learner, sources: Sequence[dict[str, Any]], minutes: float, seed: int = 1
) -> None:
    """AdamW over rounds of the sources as far as the time goes; the rate rises over the first 50
    batches and falls to the end."""
    learner.module.train()
    learning = [tensor for _, tensor in learner.named()]
    optimizer = torch.optim.AdamW(learning, lr=RATE, weight_decay=0.01, fused=True)
    started = time.monotonic()
    for step, batch in enumerate(_rounds(learner, sources, random.Random(seed))):
        done = (time.monotonic() - started) / 60 / minutes
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 50) * max(0.02, 1 - done)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = learner.scores(batch)
        loss = surprise(scores, torch.tensor([pair.follows for pair in batch]))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        if step % 50 == 0:
            print(f"{step} batches, {done:.0%}, loss {loss.item():.3f}", flush=True)


def _rounds(
    learner: Learner, sources: Sequence[dict[str, Any]], rng: random.Random
) -> Iterator[list[Pair]]:
    stock = gathered(sources)
    while True:
        yield from learner.batched(list(own(sources, stock, rng)), rng)


def surprise(scores: Tensor, follows: Tensor) -> Tensor:
    """Mean negative log-likelihood, labels smoothed."""
    labels = torch.where(follows, FOLLOWS, 1 - FOLLOWS)
    return functional.cross_entropy(scores, labels, label_smoothing=SMOOTHED)


def area(learner: Learner, pairs: Sequence[Pair]) -> float:
    """Under the ROC curve, of what follows against what does not."""
    learner.module.eval()
    follows, scores = [], []
    with torch.inference_mode():
        for batch in learner.batched(pairs, random.Random(1)):
            likely = learner.scores(batch).softmax(1)[:, FOLLOWS]
            scores += likely.tolist()
            follows += [pair.follows for pair in batch]
    return float(roc_auc_score(follows, scores))


if __name__ == "__main__":
    main()
