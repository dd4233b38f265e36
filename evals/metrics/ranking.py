"""How well a ranking finds what is relevant; all values are 0 to 1, higher is better."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import ir_measures


def recall_at(k: int, found: Sequence[Collection[str]], relevant: Collection[str]) -> float:
    """Share of ``relevant`` that the first ``k`` places hold; a place may hold several or none."""
    seen = {item for place in found[:k] for item in place}
    return len(seen & set(relevant)) / len(set(relevant))


def reciprocal_rank(found: Sequence[Collection[str]], relevant: Collection[str]) -> float:
    """1 over the first place, counted from 1, that holds anything relevant; 0 when none does."""
    wanted = set(relevant)
    return next((1 / n for n, place in enumerate(found, start=1) if wanted & set(place)), 0.0)


def success_at(k: int, found: Sequence[Collection[str]], relevant: Collection[str]) -> float:
    """1 when any of the first ``k`` places holds anything relevant, else 0."""
    wanted = set(relevant)
    return float(any(wanted & set(place) for place in found[:k]))


def ndcg_at_10(ranking: Sequence[str], relevant: Mapping[str, int]) -> float:
    """Normalised discounted cumulative gain of document ids, each at its first place.

    Computed by ir_measures (trec_eval's definition: gain is the grade, discount log2(rank + 1)).
    """
    ranked = list(dict.fromkeys(ranking))
    if not ranked:
        return 0.0
    qrels = [ir_measures.Qrel("q", item, grade) for item, grade in relevant.items()]
    # trec_eval breaks ties by id, so each place gets a score of its own.
    run = [ir_measures.ScoredDoc("q", item, float(-place)) for place, item in enumerate(ranked)]
    measure = ir_measures.nDCG @ 10
    return float(ir_measures.calc_aggregate([measure], qrels, run)[measure])
