"""Submissions come and go over HTTP: the real app and stores, a stand-in for the models."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from corpus.embedder import HashedBagOfWords, Matrix
from corpus.errors import SettingsInvalid, TooLarge
from corpus.settings import Settings
from corpus.store import Corpus
from ingest.readers import MAX_BYTES
from server.app import create_app
from server.jobs import Jobs, Upload
from tests.ingest.pdf import Shown, placed_pdf, scanned

TEXT = "Submission by\n\nThe {name} Body\n\nWe wired the schools of {name} in 2023.\n"


class Gated(HashedBagOfWords):
    """Embeds passages only when it is let."""

    def __init__(self) -> None:
        super().__init__(64)
        self.go = threading.Event()
        self.go.set()
        self.waits = threading.Event()

    def embed_documents(self, texts: Sequence[str]) -> Matrix:
        if not self.go.is_set():
            self.waits.set()
        assert self.go.wait(30)
        return super().embed_documents(texts)


@pytest.fixture
def embedder() -> Gated:
    return Gated()


@pytest.fixture
def start(tmp_path: Path, embedder: Gated) -> Callable[..., TestClient]:
    """Makes a client of a new server over the same data folder; starting is entering it."""

    def client(**settings: Any) -> TestClient:
        own = Settings(data_dir=tmp_path / "data", **settings)
        app = create_app(own, lambda s: Corpus(s.data_dir, embedder, url="http://127.0.0.1:1"))
        return TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5000))

    return client


@pytest.fixture
def http(start: Callable[..., TestClient]) -> Iterator[TestClient]:
    with start() as client:
        yield client


def send(http: TestClient, name: str, filename: str = "a.txt", **form: str) -> httpx.Response:
    files = {"file": (filename, TEXT.format(name=name).encode())}
    return http.post("/submissions", files=files, data=form)


def finished(http: TestClient, sent: httpx.Response) -> dict[str, Any]:
    """The report of an upload once it is done."""
    assert sent.status_code == 202, sent.text
    assert sent.headers["location"] == sent.json()["url"]
    for _ in range(600):
        report: dict[str, Any] = http.get(sent.json()["url"]).json()
        if report["status"] not in {"queued", "running"}:
            return report
        time.sleep(0.02)
    raise AssertionError("the job does not end")


def names(http: TestClient) -> list[str]:
    return [one["entity"] for one in http.get("/submissions").json()["submissions"]]


def test_an_upload_becomes_searchable_and_a_delete_takes_it_out(http: TestClient) -> None:
    """The job ends in the object that the command line prints; then nothing is left."""
    report = finished(http, send(http, "Peru"))
    assert set(report) == {
        "job", "path", "status", "submission_id", "pages", "chunks", "seconds", "message",
    }  # fmt: skip
    assert (report["status"], report["path"]) == ("indexed", "a.txt")
    assert http.get("/search", params={"q": "wired Peru"}).json()["total"] == 1
    original = http.get(f"/submissions/{report['submission_id']}/file")
    assert original.content == TEXT.format(name="Peru").encode()
    gone = http.delete(f"/submissions/{report['submission_id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert names(http) == []
    assert http.delete(f"/submissions/{report['submission_id']}").status_code == 404
    assert finished(http, send(http, "Peru"))["status"] == "indexed"


def test_the_same_name_or_source_replaces(http: TestClient) -> None:
    """A new version of a file, known by its name or by the source that is stated."""
    finished(http, send(http, "Peru"))
    assert finished(http, send(http, "Peru"))["status"] == "unchanged"
    assert finished(http, send(http, "Chile"))["status"] == "replaced"
    assert names(http) == ["The Chile Body"]
    assert finished(http, send(http, "Kenya", source="/in/k.txt"))["status"] == "indexed"
    again = finished(http, send(http, "Nepal", "other.txt", source="/in/k.txt"))
    assert (again["status"], again["path"]) == ("replaced", "/in/k.txt")
    assert names(http) == ["The Chile Body", "The Nepal Body"]


def test_metadata_that_is_stated_overrides(http: TestClient) -> None:
    """As a manifest does; what it must not say is refused."""
    stated = json.dumps({"entity": "Stated Body", "session": 28, "sdgs": ["5.2"]})
    finished(http, send(http, "Peru", metadata=stated))
    (found,) = http.get("/submissions").json()["submissions"]
    assert (found["entity"], found["session"]) == ("Stated Body", 28)
    named = http.get(f"/submissions/{found['id']}").json()["mentions"]
    assert named == [{"kind": "sdg_target", "value": "5.2", "start": None, "end": None}]
    for wrong in ("{", '{"colour": "red"}', '{"session": "x"}', '{"sdgs": ["18"]}'):
        refused = send(http, "Peru", metadata=wrong)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"


def test_a_bad_file_ends_in_its_status(http: TestClient) -> None:
    """Nothing is searchable of it, and the next upload is taken."""
    bad = http.post("/submissions", files={"file": ("a.pdf", b"%PDF-junk")})
    report = finished(http, bad)
    assert (report["status"], report["submission_id"]) == ("damaged", None)
    assert report["message"]
    assert finished(http, send(http, "Peru"))["status"] == "indexed"
    assert http.get("/jobs/none").status_code == 404


def test_questions_are_answered_while_an_upload_is_taken_in(
    http: TestClient, embedder: Gated
) -> None:
    """The old is searched until the new is complete."""
    finished(http, send(http, "Peru"))
    snapshot = http.get("/submissions").json()["snapshot"]
    embedder.go.clear()
    sent = send(http, "Chile")
    assert embedder.waits.wait(30)
    assert http.get(sent.json()["url"]).json()["status"] == "running"
    assert http.get("/search", params={"q": "wired"}).json()["by_entity"] == {"The Peru Body": 1}
    assert http.get("/submissions").json()["snapshot"] == snapshot
    embedder.go.set()
    assert finished(http, sent)["status"] == "replaced"
    assert http.get("/search", params={"q": "wired"}).json()["by_entity"] == {"The Chile Body": 1}


def test_what_was_accepted_is_done_after_a_restart(
    start: Callable[..., TestClient], embedder: Gated, tmp_path: Path
) -> None:
    """A server that ended with uploads in its queue goes on with them."""
    corpus = Corpus(tmp_path / "data", embedder)
    never: Callable[..., Any] = lambda *_: iter(())  # noqa: E731
    jobs = Jobs(corpus, tmp_path / "data" / "uploads", never)
    jobs.close()
    with (tmp_path / "a.txt").open("w+b") as file:
        file.write(TEXT.format(name="Peru").encode())
        file.seek(0)
        job = jobs.accept(Upload("a.txt", "", {}), file)
    corpus.close()
    (tmp_path / "data" / "uploads" / "half").mkdir()
    with start() as http:
        for _ in range(500):
            if http.get(f"/jobs/{job}").json()["status"] == "indexed":
                break
            time.sleep(0.02)
        assert names(http) == ["The Peru Body"]
    assert list((tmp_path / "data" / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "..\\..\\x.txt", "/abs.txt", ".hidden.txt", "a" * 300 + ".txt"]
)
def test_a_name_cannot_leave_the_folder(http: TestClient, tmp_path: Path, name: str) -> None:
    """Whatever a file is called, it lies in the folder of its job and is taken in."""
    before = {path for path in tmp_path.rglob("*") if "data" not in path.parts}
    assert finished(http, send(http, "Peru", name))["status"] == "indexed"
    assert {path for path in tmp_path.rglob("*") if "data" not in path.parts} == before


def test_what_is_too_large_is_refused_before_it_is_read(http: TestClient) -> None:
    """By its stated length; without one nothing is read."""
    headers = {"content-length": str(MAX_BYTES * 2), "content-type": "multipart/form-data"}
    refused = http.post("/submissions", content=b"x", headers=headers)
    assert refused.status_code == TooLarge.http_status
    assert "too-large" in refused.json()["type"]
    chunked = http.post("/submissions", content=iter([b"x"]))
    assert chunked.status_code == 411


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_scan_is_read_when_the_setting_says_so(start: Callable[..., TestClient]) -> None:
    """Refused without it; with it, a hit says that it was recognised, and where it stands."""
    page = placed_pdf([Shown("The ministry wired four hundred schools in 2023.", 60, 700, 12)])
    scan = {"file": ("scan.pdf", scanned(page))}
    with start(ocr="") as http:
        assert finished(http, http.post("/submissions", files=scan))["status"] == "needs_ocr"
    with start(ocr="eng") as http:
        assert finished(http, http.post("/submissions", files=scan))["status"] == "indexed"
        hit = http.get("/search", params={"q": "wired schools"}).json()["hits"][0]
    (place,) = hit["locations"]
    assert (place["page"], place["recognised"], len(place["boxes"])) == (1, True, 1)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_word_file_has_pages_when_the_setting_says_so(start: Callable[..., TestClient]) -> None:
    """A hit in it has page and boxes, and the page is drawn with them; without, it has none."""
    seed = Path(__file__).parents[1] / "ingest" / "renditions" / "seed.docx"
    sent = {"file": ("seed.docx", seed.read_bytes())}
    with start(word_pages=False) as http:
        report = finished(http, http.post("/submissions", files=sent))
        assert (report["status"], report["pages"]) == ("indexed", 0)
        http.delete(f"/submissions/{report['submission_id']}")
    with start(word_pages=True) as http:
        report = finished(http, http.post("/submissions", files=sent))
        assert report["pages"] >= 3
        assert "LibreOffice" in report["message"]
        hit = http.get("/search", params={"q": "Global Boys Summit Casablanca"}).json()["hits"][0]
        assert hit["locations"][0]["boxes"]
        page = f"/submissions/{report['submission_id']}/pages/{hit['page']}.png"
        drawn = [
            http.get(page, params=where).content
            for where in ({}, {"start": hit["start"], "end": hit["end"]})
        ]
    assert all(png.startswith(b"\x89PNG") for png in drawn)
    assert drawn[0] != drawn[1]


def test_a_server_does_not_start_without_what_it_is_to_read_scans_with(
    start: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Told at once, not with the first scan."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsInvalid, match="tesseract"):
        start(ocr="eng")


def test_only_those_who_may_change_anything(start: Callable[..., TestClient]) -> None:
    """With keys, who sends one; without, no page of another site through a browser here."""
    with start(api_keys="secret") as http:
        assert send(http, "Peru").status_code == 403
        assert http.delete("/submissions/x").status_code == 403
        http.headers["authorization"] = "Bearer secret"
        assert finished(http, send(http, "Peru"))["status"] == "indexed"
    with start() as http:
        http.headers["origin"] = "https://evil.example"
        assert send(http, "Chile").status_code == 403
        http.headers["origin"] = "http://localhost:8501"
        assert finished(http, send(http, "Chile"))["status"] == "replaced"
