"""Names of metrics as readers of the report know them, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass

from evals.model import Figure, Run


@dataclass(frozen=True, slots=True)
class Label:
    """``better`` is "higher" or "lower"; ``meaning`` is one line under the table."""

    metric: str
    title: str
    meaning: str
    better: str = "higher"


LABELS: tuple[Label, ...] = (
    Label("passed", "Passed", "right passage shown, or rightly declined"),
    Label("coverage", "Coverage", "characters of gold that citations cover"),
    Label("precision", "Precision", "citations that lie on gold by more than half"),
    Label("required", "Required", "required strings that the answer shows"),
    Label("section_hit", "Section", "answers citing the right section"),
    Label("document_hit", "Document", "answers citing the right document"),
    Label("wrong_document", "Wrong doc.", "answers citing a document without gold", "lower"),
    Label("unanswerable_recall", "Declined", "unanswerable questions that were declined"),
    Label("false_refusals", "False refusals", "answerable questions: nothing found", "lower"),
    Label("hedges", "Hedges", "answerable questions: related passages only", "lower"),
    Label("corrupted_rejected", "Wrong rejected", "wrong sentences that are not let through"),
    Label("rejected_of_quote", "… of quotes", "the same, made of the quote itself"),
    Label("rejected_of_paraphrase", "… of paraphrases", "the same, made of a paraphrase"),
    Label("rejected_of_written", "… by hand", "the same, written by a person"),
    Label("faithful_rejected", "Right rejected", "faithful sentences not let through", "lower"),
    Label("auroc", "AUROC", "confidence tells answerable from unanswerable"),
    Label("risk_area", "Risk area", "mean risk over all coverages", "lower"),
    Label("recall@1", "R@1", "gold (passages or documents) in the first place"),
    Label("recall@4", "R@4", "gold passages in the first 4"),
    Label("recall@5", "R@5", "gold (passages or documents) in the first 5"),
    Label("recall@8", "R@8", "gold passages in the first 8"),
    Label("recall@10", "R@10", "gold documents in the first 10"),
    Label("mrr", "MRR", "1 / rank of the first gold passage"),
    Label("ndcg@10", "nDCG@10", "graded ranking of documents"),
    Label("sentence@1", "Sentence 1st", "right sentence ranked first"),
    Label("sentence@3", "Sentence top 3", "right sentence among the first three"),
    Label("sentence_mrr", "Sentence MRR", "1 / rank of the first right sentence"),
    Label("broken", "Broken", "quotes that are not the text of their span", "lower"),
    Label("dangling", "Dangling", "citation numbers that name nothing", "lower"),
    Label("errors", "Errors", "questions on which the system raised an error", "lower"),
    Label("median_words", "Words", "median number of quoted words an answer", "lower"),
    Label("latency_p50", "p50 ms", "median time of an answer or a search", "lower"),
    Label("latency_p95", "p95 ms", "95th percentile of that time", "lower"),
)
BY_METRIC = {label.metric: label for label in LABELS}
_WHOLE = {"broken", "dangling", "errors", "median_words", "latency_p50", "latency_p95"}


def measured(runs: list[Run]) -> list[Label]:
    """The labels of metrics that any of the runs has, in order."""
    return [label for label in LABELS if any(label.metric in run.figures for run in runs)]


def number(metric: str, figure: Figure | None) -> str:
    """A figure as it is printed; an en dash where it was not measured."""
    if figure is None:
        return "–"
    return f"{figure.value:.0f}" if metric in _WHOLE else f"{figure.value:.3f}"


def bounds(figure: Figure | None) -> str:
    """The 95 % interval, or nothing."""
    if figure is None or figure.low is None or figure.high is None:
        return ""
    return f"{figure.low:.2f}–{figure.high:.2f}"
