from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app
from evals.compare import compare
from evals.errors import CasesInvalid
from evals.figures import by_kind, figures
from evals.model import Record, Run, Shown
from evals.report.html import page
from evals.report.markdown import comparison_table, summary
from evals.runs import latest, load, save

EVIL = '<script>alert("x")</script><img src=x onerror=y>'


def record(case: str, passed: bool, confidence: float, *, answerable: bool = True) -> Record:
    return Record(
        case=case,
        kind="fact" if answerable else "none",
        question=f"{EVIL} {case}?",
        language="en",
        answerable=answerable,
        passed=passed,
        values={"coverage": float(passed), "right": float(passed), "broken": 0.0, "dangling": 0.0},
        latency_ms=10.0,
        status="answered" if passed == answerable else "not_found",
        confidence=confidence,
        shown=(Shown("d", (EVIL,), 0, 3, EVIL, 0.5),),
        gold=(EVIL,),
    )


def a_run(system: str, passed: list[bool], started: str = "20260101T000000Z") -> Run:
    records = tuple(
        record(f"c{n}", one, 0.9 - n / 10, answerable=n % 3 != 2) for n, one in enumerate(passed)
    )
    return Run(
        "ecpat-dev", system, "dev", started, "abc", "cfg", "snap", 1.0,
        figures(records), by_kind(records), records,
    )  # fmt: skip


OURS = a_run("ours", [True, True, True, False, True, True])
OTHER = a_run("tutorial", [True, False, False, False, True, True])


def test_the_page_escapes_all_text_and_fetches_nothing() -> None:
    html = page([OURS, OTHER])
    assert "<script" not in html
    assert "<img" not in html
    assert not re.search(r"(?:src|href)=[\"'](?!#)", html)
    assert not re.search(r"url\(|@import|https?://", html)


def test_the_page_has_table_bars_curve_comparison_and_failures() -> None:
    html = page([OURS, OTHER])
    assert html.count("<svg") == 2
    assert "Risk and coverage" in html
    assert "tutorial 20260101T000000Z → ours 20260101T000000Z" in html
    assert html.count("<details>") == sum(not r.passed for r in (*OURS.records, *OTHER.records))
    assert "Looked for" in html


def test_the_page_is_well_formed() -> None:
    class Checker(HTMLParser):
        void = frozenset({"meta", "br"})

        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in self.void:
                self.open.append(tag)

        def handle_startendtag(self, tag: str, attrs: object) -> None: ...

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    checker = Checker()
    checker.feed(page([OURS, OTHER]))
    assert checker.open == []


def test_failures_of_a_test_split_show_no_gold() -> None:
    hidden = replace(OURS, split="test", records=tuple(replace(r, gold=()) for r in OURS.records))
    html = page([hidden])
    assert "Looked for" not in html
    assert "not for tuning" in html


def test_figures_of_records_by_hand() -> None:
    # cases 0, 1, 3, 4 are answerable, 2 and 5 are not; only case 3 failed
    made = OURS.figures
    assert made["passed"].value == pytest.approx(5 / 6)
    assert made["unanswerable_recall"].value == 1
    assert made["false_refusals"].value == pytest.approx(1 / 4)
    assert made["hedges"].value == 0
    # confidences .9 .8 .6 .5 (answerable) against .7 .4: 6 of 8 pairs
    assert made["auroc"].value == pytest.approx(6 / 8)
    assert made["broken"].value == 0


def test_comparison_pairs_questions_and_names_those_that_changed() -> None:
    made = compare(OTHER, OURS)
    assert made.mended == ("c1", "c2")
    assert made.broken == ()
    assert made.differences["passed"].value == pytest.approx(2 / 6)
    assert made.differences["false_refusals"].value == pytest.approx(-1 / 4)
    assert "Mended: c1, c2" in comparison_table(made)
    with pytest.raises(CasesInvalid, match="one suite"):
        compare(OTHER, replace(OURS, suite="else"))


def test_runs_are_kept_and_read_back(tmp_path: Path) -> None:
    path = save(OURS, tmp_path)
    assert path.name == "20260101T000000Z-ecpat-dev-ours.json"
    assert load(path) == OURS
    later = save(replace(OURS, started="20260102T000000Z"), tmp_path)
    assert latest(tmp_path) == [later]
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(CasesInvalid, match="is not a run"):
        load(tmp_path / "bad.json")


def test_the_summary_has_a_column_for_each_system() -> None:
    table = summary([OURS, OTHER])
    assert "| | ours | tutorial |" in table
    assert re.search(r"\| Passed \| 0\.833 \(.*\) \| 0\.\d+ \(", table)


def test_the_command_line(tmp_path: Path) -> None:
    first, second = save(OTHER, tmp_path), save(OURS, tmp_path)
    runner = CliRunner()
    shown = runner.invoke(app, ["compare", str(first), str(second), "--json"])
    assert shown.exit_code == 0
    assert json.loads(shown.output)["mended"] == ["c1", "c2"]
    target = tmp_path / "out.html"
    made = runner.invoke(app, ["report", "--runs", str(tmp_path), "-o", str(target)])
    assert made.exit_code == 0
    assert "tutorial" in target.read_text(encoding="utf-8")
    made = runner.invoke(app, ["report", str(first), "--markdown"])
    assert "### ecpat-dev" in made.output
    made = runner.invoke(app, ["init", str(tmp_path / "cases.yaml")])
    assert made.exit_code == 0


def test_names_that_mean_nothing_are_refused_before_anything_is_loaded() -> None:
    runner = CliRunner()
    for arguments in (["run", "nonsense"], ["run", "--systems", "x"], ["run", "--split", "x"]):
        assert isinstance(runner.invoke(app, arguments).exception, CasesInvalid)
