from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.collection import document_id
from evals.errors import CasesInvalid, SuiteUnavailable
from evals.execute import run
from evals.shelf import Shelf
from evals.suites.catalogue import makers
from evals.suites.suite import SHARED_DATA, shared_data
from evals.suites.un_wsis import numbered


def quiet(name: str, done: int, total: int) -> None: ...


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def _one(name: str, data: Path):  # type: ignore[no-untyped-def]
    ((_, make),) = makers([name], data, None)
    return make()


@pytest.fixture
def xquad(tmp_path: Path) -> Path:
    for language, contexts in {
        "en": ["Red apples grow. They are sweet.", "Green pears fall."],
        "es": ["Crecen manzanas rojas.", "Caen peras verdes."],
    }.items():
        asked = ["what is sweet?", "what falls, pears?"]
        paragraphs = [
            {
                "context": text,
                "qas": [
                    {
                        "id": str(n),
                        "question": question,
                        "answers": [{"answer_start": 0, "text": text[:5]}],
                    }
                ],
            }
            for n, (text, question) in enumerate(zip(contexts, asked, strict=True))
        ]
        _write(
            tmp_path / "xquad" / f"xquad.{language}.json", {"data": [{"paragraphs": paragraphs}]}
        )
    return tmp_path


@pytest.mark.parametrize("system", ["ours", "bm25", "dense", "tutorial"])
def test_xquad_runs_with_every_system(system: str, xquad: Path, shelf: Shelf) -> None:
    made = run(_one("xquad-en", xquad), system, shelf, quiet)
    assert made.figures["recall@10"].value == 1
    assert made.figures["ndcg@10"].count == 2
    assert ("sentence@1" in made.figures) is (system in {"ours", "dense"})


def test_cross_language_questions_ask_for_the_parallel_passage(xquad: Path, shelf: Shelf) -> None:
    suite = _one("xquad-cross-es", xquad)
    with shelf.corpus(suite.collection) as corpus:
        cases = suite.cases(corpus)
    assert [case.language for case in cases] == ["es", "es"]
    assert cases[0].relevant == {document_id("xquad-en-0"): 1}


def test_beir_folders_are_read_with_their_grades(tmp_path: Path, shelf: Shelf) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text(
        '{"_id": "a", "title": "Apples", "text": "are red"}\n{"_id": "b", "text": "pears"}\n'
    )
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "apples"}\n')
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\ta\t2\nq\tb\t0\n")
    made = run(_one(f"beir:{tmp_path}", tmp_path), "bm25", shelf, quiet)
    assert made.figures["ndcg@10"].value == 1
    assert made.suite == f"beir-{tmp_path.name}"


def test_clapnq_asks_each_passage_its_own_question(tmp_path: Path, shelf: Shelf) -> None:
    def row(key: str, selected: list[str]) -> dict[str, object]:
        text = f"Passage {key} is here. It says more."
        return {
            "id": key,
            "input": "what is here?",
            "passages": [{"title": key, "text": text}],
            "output": [{"selected_sentences": selected}],
        }

    _write(tmp_path / "clapnq" / "answerable.jsonl", row("a", ["Passage a is here."]))
    _write(tmp_path / "clapnq" / "unanswerable.jsonl", row("u", []))
    made = run(_one("clapnq", tmp_path), "ours", shelf, quiet)
    assert [record.answerable for record in made.records] == [True, False]
    assert made.figures["sentence@1"].count == 1
    assert {one.document for one in made.records[1].shown} <= {document_id("clapnq-u")}
    assert "auroc" in made.figures


def test_wice_ranks_the_lines_of_each_claims_own_page(tmp_path: Path, shelf: Shelf) -> None:
    rows = [
        {"label": "supported", "claim": "Pears fall", "supporting_sentences": [[1], [1, 2]],
         "evidence": ["Red apples", "Pears  fall down", "", "More", "And more"]},
        {"label": "not_supported", "claim": "x", "supporting_sentences": [], "evidence": ["y"]},
    ]  # fmt: skip
    path = tmp_path / "wice" / "claims_dev.jsonl"
    path.parent.mkdir()
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    made = run(_one("wice", tmp_path), "ours", shelf, quiet)
    assert made.figures["sentence@1"].value == 1
    assert made.records[0].gold == ("Pears fall down",)


def test_numbered_paragraphs_in_every_script() -> None:
    text = "Preamble\n\n1. One;\n\n2 - 两\n\n2. quoted\n\n3. Три 2003 года"
    assert [span.of(text)[-2:] for span in numbered(text).values()] == ["e;", " 两", "да"]


def test_data_that_is_absent_is_told_with_what_to_do(tmp_path: Path) -> None:
    for name in ("xquad-en", "clapnq", "wice", "un-wsis-years", "crowd-120", "beir:/nowhere"):
        with pytest.raises(SuiteUnavailable, match="is not here"):
            makers([name], tmp_path, "dev")[0][1]()


def test_the_folder_of_data_comes_from_option_then_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SHARED_DATA, str(tmp_path))
    assert shared_data() == tmp_path
    assert shared_data(Path("given")) == Path("given")


def test_a_suite_that_is_not_known_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(CasesInvalid, match="There are: ecpat, crowd-120"):
        makers(["nonsense"], tmp_path, None)


def test_splits(tmp_path: Path) -> None:
    assert [name for name, _ in makers(["ecpat"], tmp_path, None)] == ["ecpat-dev", "ecpat-test"]
    assert [name for name, _ in makers(["ecpat"], tmp_path, "dev")] == ["ecpat-dev"]
