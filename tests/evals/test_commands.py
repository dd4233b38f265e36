"""The commands that ask questions, on a data set of two documents and without a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evals.cli import app


@pytest.fixture
def beir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("WSIS_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(
        '{"_id": "a", "title": "Apples", "text": "are red"}\n{"_id": "b", "text": "pears fall"}\n'
    )
    (folder / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "apples"}\n{"_id": "q2", "text": "red"}\n'
    )
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tb\t1\n")
    return f"beir:{folder}"


def test_run_keeps_a_run_and_prints_it(beir: str, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    made = CliRunner().invoke(app, ["run", beir, "--system", "bm25", "--runs", str(runs), "--json"])
    assert made.exit_code == 0, made.output
    (told,) = json.loads(made.stdout)
    # Of two questions one finds its document first and the other does not find it.
    assert told["figures"]["ndcg@10"]["value"] == 0.5
    assert len(list(runs.glob("*Z-beir-tiny-bm25.json"))) == 1


@pytest.mark.parametrize(("floor", "code"), [(0.5, 0), (0.6, 1)])
def test_the_gate_fails_and_says_what_is_missed(
    floor: float, code: int, beir: str, tmp_path: Path
) -> None:
    limits = tmp_path / "gate.toml"
    limits.write_text(
        f'[[check]]\nsuite = "{beir}"\nsystem = "bm25"\nfloors = {{ "ndcg@10" = {floor} }}\n'
    )
    made = CliRunner().invoke(
        app, ["gate", "--limits", str(limits), "--runs", str(tmp_path / "runs")]
    )
    assert made.exit_code == code, made.output
    assert ("ndcg@10 is 0.5, must be at least 0.6" in made.stderr) is (code == 1)
    assert "1 of 1 checks were run" in made.stderr


def test_data_that_is_absent_skips_the_suite_with_its_reason(tmp_path: Path) -> None:
    made = CliRunner().invoke(app, ["run", "xquad-en", "--data", str(tmp_path)])
    assert made.exit_code == 4
    assert "skipped:" in made.stderr
    assert "WSIS_SHARED_DATA" in made.stderr
