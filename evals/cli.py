"""``wsis eval``: run suites, compare runs, write the report, keep the gate.

Exit codes: 0 done, 1 a limit of the gate is broken, 2 cases or names cannot be used, 4 nothing
could be run because data is absent.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import WsisError
from evals.errors import SuiteUnavailable

app = typer.Typer(
    help="Measure the assistant on gold questions and public data sets.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
err = Console(stderr=True, highlight=False, markup=False)
_HERE = Path(__file__).resolve().parent
_SUITES = (
    "ecpat, crowd-120, crowd-all, xquad-LANG, xquad-cross-LANG, clapnq, wice, un-wsis, support, "
    "support-free, support-fresh, support-un, wice-support, wice-entailed, "
    "beir:FOLDER or the path of a case file. Default: ecpat."
)

Data = Annotated[
    Path | None, typer.Option(help="Folder of public data sets; default WSIS_SHARED_DATA.")
]
Folder = Annotated[Path, typer.Option("--runs", help="Folder where runs are kept.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]

# Imports of commands stand within them: asking questions loads Chroma and LangChain, which
# `wsis --help` should not wait for.


@app.command(epilog="Example: wsis eval run ecpat --systems ours,tutorial --split dev")
def run(
    suites: Annotated[list[str] | None, typer.Argument(help=_SUITES)] = None,
    systems: Annotated[
        str,
        typer.Option(
            "--system",
            "--systems",
            help="ours, tutorial, bm25, dense; for support: ours, overlap, cosine; by commas.",
        ),
    ] = "ours",
    split: Annotated[str | None, typer.Option(help="dev or test; default both.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask a spread sample only.")] = None,
    data: Data = None,
    runs: Folder = _HERE / "runs",
    as_json: Json = False,
) -> None:
    """Ask every question of the suites and keep a dated run of each system."""
    from evals.report.markdown import summary
    from evals.runs import without_records
    from evals.session import Asked, run_all

    names = [name.strip() for name in systems.split(",") if name.strip()]
    done = run_all(Asked(suites or ["ecpat"], names, split, limit, data, runs), err)
    if as_json:
        told = [without_records(one) for one in done]
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(summary(done))
    raise typer.Exit(0 if done else SuiteUnavailable.exit_code)


@app.command(epilog="Example: wsis eval compare evals/runs/A.json evals/runs/B.json")
def compare(first: Path, second: Path, as_json: Json = False) -> None:
    """Say what changed from the first run to the second, with intervals and p values."""
    from evals.compare import compare as compare_runs
    from evals.report.markdown import comparison_table
    from evals.runs import load

    made = compare_runs(load(first), load(second))
    if as_json:
        told = {
            "differences": {name: asdict(d) for name, d in made.differences.items()},
            "mended": made.mended,
            "broken": made.broken,
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(comparison_table(made))


@app.command(epilog="Example: wsis eval report -o report.html")
def report(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[RUNS]...", help="Default: newest of each.")
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="HTML file.")] = Path(
        "report.html"
    ),
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a summary only.")] = False,
    runs: Folder = _HERE / "runs",
) -> None:
    """Write one self-contained HTML page of runs, or print a summary for a pull request."""
    from evals.report.html import page
    from evals.report.markdown import summary
    from evals.runs import latest, load

    loaded = [load(path) for path in (files or latest(runs))]
    if not loaded:
        raise SuiteUnavailable(f"There are no runs in {runs}. Make one with `wsis eval run`.")
    if markdown:
        typer.echo(summary(loaded))
        return
    output.write_text(page(loaded), encoding="utf-8")
    err.print(f"Written: {output}")


@app.command(epilog="Example: wsis eval init my-cases/cases.yaml")
def init(path: Path) -> None:
    """Write a starter case file, with comments, for your own documents."""
    from evals.starter import write_starter

    write_starter(path)
    err.print(f"Written: {path}. Fill it in, then: wsis eval run {path}")


@app.command(epilog="Example: wsis eval gate")
def gate(
    limits: Annotated[Path, typer.Option(help="Floors and ceilings.")] = _HERE / "gate.toml",
    data: Data = None,
    runs: Folder = _HERE / "runs",
) -> None:
    """Run the fast suites and fail, listing why, where one is below what it must reach."""
    from evals.gate import read_gate
    from evals.report.markdown import summary
    from evals.session import run_gate

    kept = read_gate(limits)
    done, failures = run_gate(kept, data, runs, err)
    typer.echo(summary(done))
    for failure in failures:
        err.print(f"gate: {failure.told}", style="red")
    err.print(f"gate: {len(failures)} limits broken; {len(done)} of {len(kept)} checks were run")
    raise typer.Exit(1 if failures else 0 if done else SuiteUnavailable.exit_code)


def main() -> None:
    """Run as ``python -m evals.cli``; errors of ours end in one line that says what to do."""
    try:
        app(standalone_mode=True)
    except WsisError as error:
        err.print(f"wsis: {error}", style="red")
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
