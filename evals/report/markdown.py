"""Runs as Markdown tables, for a terminal or a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from evals.compare import Comparison
from evals.model import Run
from evals.report.words import BY_METRIC, bounds, measured, number


def summary(runs: Sequence[Run]) -> str:
    """One table a suite, a row a metric, a column a system."""
    parts = []
    for suite in dict.fromkeys(run.suite for run in runs):
        chosen = [run for run in runs if run.suite == suite]
        parts.append("\n".join([_heading(chosen[-1]), "", *_rows(chosen)]))
    return "\n\n".join(parts)


def comparison_table(made: Comparison) -> str:
    """A row a metric: change, interval, p value, number of pairs."""
    lines = [
        f"### {made.first.suite}: {_name(made.first)} → {_name(made.second)}",
        "",
        "| | change | 95 % interval | p | pairs |",
        "|---|---|---|---|---|",
    ]
    for metric, change in made.differences.items():
        label = BY_METRIC.get(metric)
        lines.append(
            f"| {label.title if label else metric} | {change.value:+.3f} | "
            f"{change.low:+.3f} to {change.high:+.3f} | {change.p:.3f} | {change.count} |"
        )
    lines += ["", f"Mended: {_listed(made.mended)}", "", f"Broken: {_listed(made.broken)}"]
    return "\n".join(lines)


def _heading(run: Run) -> str:
    asked = run.notes.get("asked", len(run.records))
    return f"### {run.suite}: {asked} questions, revision {run.revision}, {run.started}"


def _rows(runs: Sequence[Run]) -> list[str]:
    rows = [
        "| | " + " | ".join(run.system for run in runs) + " |",
        "|---" * (len(runs) + 1) + "|",
    ]
    for label in measured(list(runs)):
        cells = []
        for run in runs:
            figure = run.figures.get(label.metric)
            interval = bounds(figure)
            cells.append(number(label.metric, figure) + (f" ({interval})" if interval else ""))
        rows.append(f"| {label.title} | " + " | ".join(cells) + " |")
    return rows


def _name(run: Run) -> str:
    return f"{run.system} {run.started} ({run.revision})"


def _listed(cases: Sequence[str]) -> str:
    return ", ".join(cases) or "none"
