"""Runs as one HTML page that needs nothing else: no script, no font, no address is fetched.

All that comes from documents, questions or cases is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from evals.compare import compare
from evals.errors import CasesInvalid
from evals.figures import judged
from evals.metrics.abstention import risk_coverage
from evals.model import Record, Run, Shown
from evals.report.svg import bars, curves
from evals.report.words import BY_METRIC, bounds, measured, number

_MOST_FAILURES = 200
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:1000px;
margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:.8rem 0}td,th{border-bottom:1px solid #ddd;
padding:.2rem .7rem;text-align:left;vertical-align:top}td.n{font-variant-numeric:tabular-nums}
small{color:#555}svg text{font:11px system-ui,sans-serif;fill:#222}svg{max-width:100%;height:auto}
details{margin:.4rem 0;border-left:3px solid #ccc;padding-left:.8rem}
blockquote{margin:.3rem 0 .6rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere}
"""


def page(runs: Sequence[Run]) -> str:
    """The whole page; runs of one suite are shown side by side."""
    suites = list(dict.fromkeys(run.suite for run in runs))
    contents = "".join(
        f'<li><a href="#{escape(s, quote=True)}">{escape(s)}</a></li>' for s in suites
    )
    body = "".join(_suite(suite, [run for run in runs if run.suite == suite]) for suite in suites)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>WSIS Submissions Assistant: evaluation</title><style>{_STYLE}</style></head>"
        f"<body><h1>Evaluation</h1><ul>{contents}</ul>{body}{_legend(runs)}</body></html>"
    )


def _suite(suite: str, runs: Sequence[Run]) -> str:
    parts = [f'<h2 id="{escape(suite, quote=True)}">{escape(suite)}</h2>', _table(runs)]
    names = _names(runs)
    kinds = dict.fromkeys(kind for run in runs for kind in run.by_kind)
    metric = _headline(runs)
    groups = {
        kind: {
            name: run.by_kind[kind][metric]
            for name, run in names.items()
            if metric in run.by_kind.get(kind, {})
        }
        for kind in kinds
    }
    if any(groups.values()):
        title = BY_METRIC[metric].title
        parts += [f"<h3>{escape(title)} by class of question</h3>", bars(groups, title)]
    risky = {name: risk_coverage(judged(run.records)) for name, run in names.items()}
    risky = {name: points for name, points in risky.items() if points}
    if risky:
        parts += ["<h3>Risk and coverage</h3>", curves(risky, "Risk and coverage")]
    parts += [_against(runs), *(_failures(name, run) for name, run in names.items())]
    return "".join(parts)


def _table(runs: Sequence[Run]) -> str:
    names = _names(runs)
    head = "".join(
        f"<th>{escape(name)}<br><small>{escape(run.revision)} · {escape(run.started)}<br>"
        f"config {escape(run.config)} · corpus {escape(run.snapshot)}</small></th>"
        for name, run in names.items()
    )
    rows = []
    for label in measured(list(runs)):
        cells = []
        for run in runs:
            figure = run.figures.get(label.metric)
            interval = bounds(figure)
            note = f" <small>{interval}</small>" if interval else ""
            cells.append(f'<td class="n">{number(label.metric, figure)}{note}</td>')
        rows.append(f"<tr><th>{escape(label.title)}</th>{''.join(cells)}</tr>")
    return f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _headline(runs: Sequence[Run]) -> str:
    return next((m for m in ("passed", "ndcg@10") if any(m in r.figures for r in runs)), "passed")


def _against(runs: Sequence[Run]) -> str:
    """The last run of ours (or the last of all) against each of the others."""
    chosen = [run for run in runs if run.system == "ours"] or list(runs)
    second = chosen[-1]
    parts = []
    for first in runs:
        if first is second:
            continue
        try:
            made = compare(first, second)
        except CasesInvalid:
            continue
        rows = "".join(
            f"<tr><th>{escape(BY_METRIC[m].title if m in BY_METRIC else m)}</th>"
            f'<td class="n">{d.value:+.3f} <small>{d.low:+.3f} to {d.high:+.3f}</small></td>'
            f'<td class="n">{d.p:.3f}</td><td class="n">{d.count}</td></tr>'
            for m, d in made.differences.items()
        )
        parts.append(
            f"<h3>{escape(_told(first))} → {escape(_told(second))}</h3><table><tr><th></th>"
            f"<th>change</th><th>p</th><th>pairs</th></tr>{rows}</table>"
            f"<p>Mended: {len(made.mended)}; broken: {len(made.broken)}.</p>"
        )
    return "".join(parts)


def _failures(name: str, run: Run) -> str:
    failed = [record for record in run.records if not record.passed]
    if not failed:
        return ""
    items = "".join(_failure(record) for record in failed[:_MOST_FAILURES])
    more = len(failed) - _MOST_FAILURES
    rest = f"<p>… and {more} more in the run's file.</p>" if more > 0 else ""
    hidden = (
        " Gold passages are left out: this split is not for tuning." if run.split == "test" else ""
    )
    return (
        f"<h3>Failed: {escape(name)}, {len(failed)} of {len(run.records)}</h3>"
        f"<p><small>{hidden}</small></p>{items}{rest}"
    )


def _failure(record: Record) -> str:
    gold = "".join(f"<blockquote>{escape(quote)}</blockquote>" for quote in record.gold)
    wanted = f"<p>Looked for:</p>{gold}" if gold else ""
    shown = "".join(_passage(one) for one in record.shown) or "<p>nothing</p>"
    sure = "" if record.confidence is None else f", confidence {record.confidence:.2f}"
    became = f"{record.status} {record.error}{sure}"
    return (
        f"<details><summary><b>{escape(record.case)}</b> ({escape(record.kind)}) "
        f"{escape(record.question)} <small>{escape(became)}</small></summary>"
        f"{wanted}<p>Shown:</p>{shown}</details>"
    )


def _passage(one: Shown) -> str:
    where = f"{one.document} {one.start}–{one.end} · {' › '.join(one.section)}"
    return f"<small>{escape(where)}</small><blockquote>{escape(one.quote)}</blockquote>"


def _legend(runs: Sequence[Run]) -> str:
    rows = "".join(
        f"<tr><th>{escape(one.title)}</th><td>{escape(one.meaning)}</td><td>{one.better}</td></tr>"
        for one in measured(list(runs))
    )
    return (
        "<h2>What the figures mean</h2><table><tr><th></th><th></th><th>better</th></tr>"
        f"{rows}</table><p>Intervals are 95 % bootstrap intervals.</p>"
    )


def _names(runs: Sequence[Run]) -> dict[str, Run]:
    """Runs by system, told apart by time where a system ran twice."""
    systems = [run.system for run in runs]
    return {r.system if systems.count(r.system) == 1 else _told(r): r for r in runs}


def _told(run: Run) -> str:
    return f"{run.system} {run.started}"
