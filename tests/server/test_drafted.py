"""Drafted answers over HTTP: streamed as they are verified, ended when nobody listens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from corpus.settings import Settings
from corpus.store import Corpus
from server.app import create_app
from tests.processes import free_port
from tests.rag.endpoint import Behaviour, Json, endpoint
from tests.rag.scripted import FENCE, as_json
from tests.server.test_contract import FIELDS

QUESTION = "Where and when was the Global Boys Summit held?"
QUOTE = "first ever ECPAT Global Boys Summit in Casablanca in June 2023"
TRUE = "The first ever ECPAT Global Boys Summit was held in Casablanca in June 2023."
LIE = "The Global Boys Summit was held in Nairobi in July 2024."
SSE = {"accept": "text/event-stream"}


def draft(asked: Json) -> str:
    prompt = asked["messages"][-1]["content"]
    label = next(label for label, block in FENCE.findall(prompt) if QUOTE in block)
    return as_json((TRUE, label, QUOTE), (LIE, "QXKT", QUOTE), (f"{TRUE} ", label, QUOTE))


@contextmanager
def served(corpus: Corpus, url: str, folder: Path) -> Iterator[httpx.Client]:
    """The API in this process, over a corpus that stays open."""
    settings = Settings(model="tiny", model_base_url=url, model_timeout=30, data_dir=folder)
    app = create_app(settings, lambda _: corpus)
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    address = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def kept_open(seeded_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setattr(Corpus, "close", lambda self: None)
    return seeded_corpus


def events(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_a_drafted_answer_over_http(kept_open: Corpus, tmp_path: Path) -> None:
    """The last event is the JSON answer, the sentences before are its sentences; what is kept adds
    how it was drafted."""
    behaviour = Behaviour(draft)
    with endpoint(behaviour) as url, served(kept_open, url, tmp_path) as http:
        plain = http.post("/ask", json={"question": QUESTION}).json()
        with http.stream("POST", "/ask", json={"question": QUESTION}, headers=SSE) as response:
            given = list(events(response))
        kept = http.get(f"/answers/{plain['answer_id']}").json()
        quoted = http.post("/ask", json={"question": QUESTION, "mode": "extractive"}).json()
    assert set(plain) == FIELDS
    assert (plain["mode"], plain["model"], plain["warnings"]) == ("generative", "openai:tiny", [])
    assert [sentence["verdict"] for sentence in plain["sentences"]] == ["supported"]
    assert "Nairobi" not in json.dumps(plain)
    name, last = given[-1]
    assert name == "answer"
    assert [data for kind, data in given if kind == "sentence"] == last["sentences"]
    assert [data["stage"] for kind, data in given if kind == "status"] == ["searching", "drafting"]
    draft_kept = kept.pop("draft")
    assert kept.pop("wordings")["call"]["tokens_in"] == 1_200
    assert kept == plain
    for answer in (last, plain):
        del answer["answer_id"], answer["timings_ms"]
    assert last == plain
    fates = [sentence["verdict"] for sentence in draft_kept["sentences"]]
    assert fates == ["supported", "rejected", "rejected"]
    assert draft_kept["tokens_in"] == 1_200
    # The second was remembered, the third asked for no model.
    assert len(behaviour.requests) == 1
    assert (quoted["mode"], quoted["model"]) == ("extractive", None)


def test_a_caller_who_leaves_ends_the_call_to_the_model(kept_open: Corpus, tmp_path: Path) -> None:
    """While the model's server is silent and nothing is sent that could fail."""
    behaviour = Behaviour(draft, hangs_after=280)
    with endpoint(behaviour) as url, served(kept_open, url, tmp_path) as http:
        with http.stream("POST", "/ask", json={"question": QUESTION}, headers=SSE) as response:
            first = next(data for kind, data in events(response) if kind == "sentence")
        assert behaviour.left.wait(5)
    assert first["verdict"] == "supported"


def test_a_json_caller_who_leaves_ends_it_too(kept_open: Corpus, tmp_path: Path) -> None:
    """Who waits for the whole answer may lose patience as well."""
    behaviour = Behaviour(draft, hangs_after=280)
    with endpoint(behaviour) as url, served(kept_open, url, tmp_path) as http:
        with pytest.raises(httpx.ReadTimeout):
            http.post("/ask", json={"question": QUESTION}, timeout=2)
        assert behaviour.left.wait(5)


def test_a_model_server_killed_in_the_middle(kept_open: Corpus, tmp_path: Path) -> None:
    """The officer gets a whole extractive answer that says why."""
    behaviour = Behaviour(draft, dies_after=280)
    with endpoint(behaviour) as url, served(kept_open, url, tmp_path) as http:
        with http.stream("POST", "/ask", json={"question": QUESTION}, headers=SSE) as response:
            given = list(events(response))
        quoted = http.post("/ask", json={"question": QUESTION, "mode": "extractive"}).json()
    stages = [data["stage"] for kind, data in given if kind == "status"]
    assert stages == ["searching", "drafting", "starting_over"]
    answer = given[-1][1]
    assert "its reply broke off" in answer["warnings"][0]
    assert (answer["answer"], answer["mode"]) == (quoted["answer"], "extractive")
    after = given[given.index(("status", {"stage": "starting_over"})) :]
    assert [data for kind, data in after if kind == "sentence"] == answer["sentences"]
