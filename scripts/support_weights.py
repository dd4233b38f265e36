"""Fits the support check's weights on the dev halves, and prints what each threshold then rejects.

The logistic function of rag/verify.py over likeness and entailment, on every English dev sentence
that breaks no rule and is short enough for the cross-encoder, each counting once. Sentences are
made wrong with words that the cross-encoder did not learn with. Beside the weights what the whole
check does, rules and all, by threshold: AUROC, then wrong rejected / faithful rejected.

    python -m scripts.support_weights
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from corpus.multilingual import MultilingualEmbedder
from corpus.transformer import SentenceTransformerEmbedder
from evals.claims import Claim, bundled, written
from rag.entailment import CrossEncoder
from rag.verify import Examined, Verifier, Weights, features, probability

SETS = ("support", "free", "fresh")
# Of the squares of the weights, against chance in so few sentences.
SHRINK = 0.05
THRESHOLDS = np.arange(0.15, 0.61, 0.05)


@dataclass(frozen=True, slots=True)
class Row:
    """A dev sentence and what the check saw in it."""

    supported: bool
    seen: Examined

    @property
    def is_fitted_on(self) -> bool:
        return not self.seen.reasons and not self.seen.same and self.seen.entailed is not None


def main() -> None:
    """Fit and print."""
    argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0]).parse_args()
    check = Verifier(
        SentenceTransformerEmbedder(), MultilingualEmbedder(), entailment=CrossEncoder()
    )
    sets = {name: [_row(claim, check) for claim in _claims(name)] for name in SETS}
    weights = fitted([row for rows in sets.values() for row in rows if row.is_fitted_on])
    print(f"constant {weights.constant:.2f}, dense {weights.dense:.2f}, ", end="")
    print(f"entailed {weights.entailed:.3f}")
    print(f"{'threshold':12}", *(f"{at:13.2f}" for at in THRESHOLDS))
    for name, rows in sets.items():
        supported = np.array([row.supported for row in rows])
        scores = np.array([probability(row.seen, weights) for row in rows])
        area = roc_auc_score(supported, scores)
        rejected = [scores < at for at in THRESHOLDS]
        shares = [f"{r[~supported].mean():.3f} / {r[supported].mean():.3f}" for r in rejected]
        print(f"{name:6}{area:.3f} ", *shares)


def fitted(rows: list[Row]) -> Weights:
    """Likeness never speaks for what it lacks, and entailment never against what follows."""
    seen = np.array([features(row.seen) for row in rows])
    signs = np.where([row.supported for row in rows], 1.0, -1.0)

    def loss(weights: np.ndarray) -> float:
        values = signs * (weights[0] + seen @ weights[1:])
        return float(np.logaddexp(0, -values).sum() + SHRINK * (weights[1:] ** 2).sum())

    bounds = [(None, None), (0, 0), (None, 0), (0, None)]
    constant, lack, dense, entailed = minimize(loss, np.zeros(4), bounds=bounds).x
    return Weights(float(constant), float(lack), float(dense), float(entailed), 0.0)


def _claims(name: str) -> tuple[Claim, ...]:
    return bundled("dev", "fit") if name == "support" else written(name, "dev")


def _row(claim: Claim, check: Verifier) -> Row:
    return Row(claim.supported, check.examine(claim.text, claim.evidence))


if __name__ == "__main__":
    main()
