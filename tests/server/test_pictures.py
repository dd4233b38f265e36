"""Pictures of pages over HTTP: the quote is marked where it stands, and nothing else is drawn."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from corpus.embedder import HashedBagOfWords
from corpus.settings import Settings
from corpus.store import Corpus
from ingest.pipeline import ingest_file
from server import pictures
from server.app import create_app
from tests.ingest.pdf import Shown, placed_pdf

FIRST = "The schools of the north were wired in May, as the report of the ministry"
SECOND = "says in its second part."


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("pictured")
    report, note = folder / "report.pdf", folder / "note.txt"
    report.write_bytes(placed_pdf([Shown(FIRST, 60, 90)], [Shown(SECOND, 60, 760)]))
    note.write_text("A note about schools without any pages.", encoding="utf-8")

    def opened(_: Settings) -> Corpus:
        corpus = Corpus(folder / "data", HashedBagOfWords())
        assert [ingest_file(corpus, path).status for path in (report, note)] == ["indexed"] * 2
        return corpus

    app = create_app(Settings(), opened)
    with TestClient(app, "http://localhost", client=("127.0.0.1", 1)) as client:
        yield client


def cited(api: TestClient, words: str) -> dict[str, Any]:
    """The passage that has the words, as a citation."""
    response = api.get("/search", params={"q": words})
    assert response.status_code == 200, response.text
    hit: dict[str, Any] = response.json()["hits"][0]
    return hit


def marked(png: bytes) -> list[tuple[float, float]]:
    """Where the picture is yellow, as shares of its width and height."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    return [
        (x / image.width, y / image.height)
        for y in range(0, image.height, 3)
        for x in range(0, image.width, 3)
        if image.getpixel((x, y)) == (255, 236, 130)
    ]


def test_each_page_of_a_quote_is_drawn_with_its_part_marked(api: TestClient) -> None:
    """The marks lie in the boxes that the citation gives, one location a page."""
    hit = cited(api, "schools ministry")
    assert [(place["page"], len(place["boxes"])) for place in hit["locations"]] == [(1, 1), (2, 1)]
    assert (hit["page"], hit["printed_page"]) == (1, None)
    for place in hit["locations"]:
        [[left, top, right, bottom]] = place["boxes"]
        url = f"/submissions/{hit['submission_id']}/pages/{place['page']}.png"
        response = api.get(url, params={"start": hit["start"], "end": hit["end"]})
        assert response.headers["content-type"] == "image/png"
        dots = marked(response.content)
        assert len(dots) > 100
        assert all(
            left - 0.01 < x < right + 0.01 and top - 0.01 < y < bottom + 0.01 for x, y in dots
        )
        assert marked(api.get(url).content) == []


def test_what_has_no_picture_says_so(api: TestClient) -> None:
    """Text files, pages beyond the last and passages that are none are problems, not crashes."""
    pdf, text = (cited(api, words)["submission_id"] for words in ("ministry", "note"))
    assert api.get(f"/submissions/{pdf}/pages/3.png").status_code == 404
    assert api.get(f"/submissions/{pdf}/pages/0.png").status_code == 422
    assert api.get(f"/submissions/{text}/pages/1.png").status_code == 404
    assert api.get(f"/submissions/{pdf}/pages/1.png?start=9&end=3").status_code == 422
    assert api.get(f"/submissions/{pdf}/pages/1.png?end=99999999").status_code == 422


def test_few_pages_are_drawn_at_once(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes when all places are taken is told to try again."""
    pdf = cited(api, "ministry")["submission_id"]
    monkeypatch.setattr(pictures, "_PATIENCE", 0.01)
    for _ in range(pictures._AT_ONCE):
        pictures._drawing.acquire()
    try:
        response = api.get(f"/submissions/{pdf}/pages/1.png")
    finally:
        pictures._drawing.release(pictures._AT_ONCE)
    assert response.status_code == 503
    assert "Try again" in response.json()["detail"]


def test_the_picture_is_that_of_the_file(api: TestClient) -> None:
    """Letters are drawn dark on white."""
    pdf = cited(api, "ministry")["submission_id"]
    image = Image.open(io.BytesIO(api.get(f"/submissions/{pdf}/pages/2.png").content)).convert("L")
    assert image.size == (1000, 1416)
    assert image.getextrema() == (0, 255)
