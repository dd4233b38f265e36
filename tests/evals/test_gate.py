from __future__ import annotations

from pathlib import Path

import pytest

from evals.errors import CasesInvalid
from evals.gate import Limits, check, read_gate
from evals.model import Figure, Run


def a_run(**values: float) -> Run:
    made = {name: Figure(value, None, None, 10) for name, value in values.items()}
    return Run("s", "ours", "dev", "20260101T000000Z", "r", "c", "snap", 1.0, made, {}, ())


def test_floors_and_ceilings_are_inclusive() -> None:
    gate = [Limits("s", "ours", None, {"passed": 0.5}, {"broken": 0})]
    assert check(a_run(passed=0.5, broken=0), gate) == []
    told = [failure.told for failure in check(a_run(passed=0.49, broken=1), gate)]
    assert told == [
        "s ours: passed is 0.49, must be at least 0.5",
        "s ours: broken is 1, must be at most 0",
    ]


def test_what_was_not_measured_does_not_pass() -> None:
    gate = [Limits("s", "ours", None, {"passed": 0.5}, {})]
    assert check(a_run(), gate)[0].told == "s ours: passed was not measured, must be at least 0.5"


def test_limits_of_other_suites_and_systems_do_not_count() -> None:
    gate = [
        Limits("t", "ours", None, {"passed": 2.0}, {}),
        Limits("s", "bm25", None, {"passed": 2.0}, {}),
    ]
    assert check(a_run(passed=0), gate) == []


def test_the_gate_allows_no_broken_citation_and_no_dangling_number() -> None:
    answering = [limits for limits in read_gate() if limits.suite.startswith("ecpat")]
    assert {limits.suite for limits in answering} == {"ecpat-dev", "ecpat-test"}
    for limits in answering:
        assert limits.ceilings["broken"] == limits.ceilings["dangling"] == 0


def test_a_gate_file_with_a_fault_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text('[[check]]\nsuite = "s"\nsystem = "ours"\nflors = { a = 1 }\n')
    with pytest.raises(CasesInvalid, match="flors"):
        read_gate(path)
