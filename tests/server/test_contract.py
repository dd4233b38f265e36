"""The HTTP contract, against a real server process."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.processes import ServerProcess

CASABLANCA = "Where and when was the Global Boys Summit held?"
ANSWERED = [
    CASABLANCA,
    "Which group does ECPAT chair within the WeProtect Global Alliance?",
    "What is the use of Generative AI to produce child sexual abuse material?",
    "Which SDGs does ECPAT's work further?",
]
DECLINED = [
    "Which 12 countries are in the second phase of Disrupting Harm?",
    "What did ITU say about spectrum?",
]
FIELDS = {
    "answer_id",
    "snapshot",
    "config",
    "mode",
    "model",
    "status",
    "question",
    "standalone_question",
    "answer",
    "sentences",
    "citations",
    "confidence",
    "nearest",
    "filters",
    "warnings",
    "timings_ms",
}
CITATION_FIELDS = {
    "number",
    "submission_id",
    "entity",
    "title",
    "session",
    "year",
    "section",
    "page",
    "printed_page",
    "start",
    "end",
    "quote",
    "score",
    "url",
    "locations",
    "translation",
}


def ask(http: httpx.Client, question: str, **more: Any) -> dict[str, Any]:
    response = http.post("/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_answer_has_exactly_the_fields_of_the_contract(http: httpx.Client) -> None:
    """The response has the contract's fields, no more and no less."""
    answer = ask(http, CASABLANCA)
    assert set(answer) == FIELDS
    assert set(answer["citations"][0]) == CITATION_FIELDS
    assert set(answer["sentences"][0]) == {"text", "citations", "verdict"}


def test_casablanca_is_answered_with_its_bullet_and_section(http: httpx.Client) -> None:
    """Place, date, the exact bullet and its section path stand in the answer."""
    answer = ask(http, CASABLANCA)
    assert answer["status"] == "answered"
    [citation] = [c for c in answer["citations"] if "Casablanca" in c["quote"]]
    assert citation["quote"] == (
        "Organisation of the first ever ECPAT Global Boys Summit in Casablanca in June 2023, "
        "bringing practitioners together to co-design action for boys, and including "
        "consideration of the digital environments."
    )
    assert citation["section"] == [
        "Part three: Innovative policies, programmes and projects",
        "1. Coordination and Convening",
    ]
    assert (citation["entity"], citation["session"], citation["year"]) == (
        "ECPAT International",
        27,
        2023,
    )


@pytest.mark.parametrize("question", ANSWERED + DECLINED)
def test_every_quote_is_the_slice_of_the_text_served(http: httpx.Client, question: str) -> None:
    """Law 2 over HTTP: whole text, a part of it, and the citation's own link agree."""
    answer = ask(http, question)
    cited = answer["citations"] + answer["nearest"]
    assert cited
    for citation in cited:
        path = f"/submissions/{citation['submission_id']}/text"
        place = {"start": citation["start"], "end": citation["end"]}
        assert http.get(path).text[place["start"] : place["end"]] == citation["quote"]
        assert http.get(path, params=place).text == citation["quote"]
        assert http.get(citation["url"]).status_code == 200


@pytest.mark.parametrize("question", ANSWERED)
def test_every_sentence_is_cited_and_attributed(http: httpx.Client, question: str) -> None:
    """Laws 3 and 4 over HTTP: markers and numbers agree, and each claim names its submitter."""
    answer = ask(http, question)
    assert answer["status"] == "answered"
    numbers = [citation["number"] for citation in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for sentence in answer["sentences"] for n in sentence["citations"]} == set(numbers)
    for sentence in answer["sentences"]:
        assert sentence["citations"]
        assert "ECPAT International" in sentence["text"]
        assert sentence["text"] in answer["answer"]


@pytest.mark.parametrize("question", DECLINED)
def test_what_is_not_there_is_declined_with_the_nearest_passages(
    http: httpx.Client, question: str
) -> None:
    """A refusal claims nothing, says what was searched, and shows what is near."""
    answer = ask(http, question)
    assert answer["status"] in {"partial", "not_found"}
    assert answer["sentences"] == answer["citations"] == []
    assert "Searched: 1 submission: ECPAT International" in answer["answer"]
    assert answer["nearest"]


def test_same_question_twice_gives_the_same_bytes(http: httpx.Client) -> None:
    """Law 5: only the answer's id and the timings differ."""
    first, second = (ask(http, CASABLANCA) for _ in range(2))
    for answer in (first, second):
        del answer["answer_id"], answer["timings_ms"]
    assert json.dumps(first) == json.dumps(second)


@pytest.mark.parametrize("question", [CASABLANCA, DECLINED[0]])
def test_last_event_of_the_stream_is_the_json_answer(http: httpx.Client, question: str) -> None:
    """The stream gives each sentence, and last the object that JSON clients get."""
    response = http.post(
        "/ask", json={"question": question}, headers={"accept": "text/event-stream"}
    )
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [
        (lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: ")))
        for block in response.text.strip().split("\n\n")
        if (lines := block.split("\n"))
    ]
    name, last = events[-1]
    plain = ask(http, question)
    assert name == "answer"
    assert set(last) == FIELDS
    for answer in (last, plain):
        del answer["answer_id"], answer["timings_ms"]
    assert last == plain
    assert [data for kind, data in events if kind == "sentence"] == last["sentences"]


def test_a_kept_answer_can_be_read_back(http: httpx.Client) -> None:
    """Law 6: an answer is found again by its id, as it was given."""
    answer = ask(http, CASABLANCA)
    assert http.get(f"/answers/{answer['answer_id']}").json() == answer
    assert http.get("/answers/none").status_code == 404


def test_follow_up_is_answered_from_the_question_before(http: httpx.Client) -> None:
    """The standalone question carries the subject, and finds the same bullet."""
    history = [
        {"role": "user", "content": CASABLANCA},
        {"role": "assistant", "content": "According to ECPAT International, …"},
    ]
    answer = ask(http, "And who took part in it?", history=history)
    assert "Summit" in answer["standalone_question"]
    shown = answer["citations"] + answer["nearest"]
    assert any("Casablanca" in citation["quote"] for citation in shown)


def test_filters_limit_what_is_searched(http: httpx.Client) -> None:
    """A question limited to a template part cites that part only."""
    answer = ask(http, "What will ECPAT continue to do?", filters={"part": ["future_actions"]})
    cited = answer["citations"] + answer["nearest"]
    assert {citation["section"][-1] for citation in cited} == {"(b) Future actions or initiatives"}
    assert answer["filters"]["part"] == ["future_actions"]


def test_retrieve_ranks_passages_without_an_answer(http: httpx.Client) -> None:
    """Hits have the citation's fields, are exact, and come best first."""
    found = http.post("/retrieve", json={"question": CASABLANCA, "top_k": 5}).json()
    assert len(found["hits"]) == 5
    assert "Casablanca" in found["hits"][0]["quote"]
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    text = http.get(f"/submissions/{found['hits'][0]['submission_id']}/text").text
    assert all(text[hit["start"] : hit["end"]] == hit["quote"] for hit in found["hits"])


def test_search_counts_every_passage(http: httpx.Client) -> None:
    """The count is that of the passages of the text that have both words."""
    found = http.get("/search", params={"q": "boys summit"}).json()
    assert found["total"] == len(found["hits"]) == 1
    assert found["by_entity"] == {"ECPAT International": 1}
    assert http.get("/search", params={"q": "spectrum"}).json()["total"] == 0


def test_submissions_are_described(http: httpx.Client) -> None:
    """The list, one submission with its sections, its text by parts, and its file agree."""
    listed = http.get("/submissions").json()
    [one] = listed["submissions"]
    assert (one["entity"], one["entity_type"], one["session"], one["year"], one["language"]) == (
        "ECPAT International",
        "civil_society",
        27,
        2023,
        "en",
    )
    detail = http.get(f"/submissions/{one['id']}").json()
    text = http.get(f"/submissions/{one['id']}/text").text
    assert detail["characters"] == len(text)
    assert detail["sections"][0]["boilerplate"]
    for section in detail["sections"][1:]:
        assert text[section["start"] :].startswith(section["path"][-1])
    as_json = http.get(
        f"/submissions/{one['id']}/text", headers={"accept": "application/json"}
    ).json()
    assert (as_json["text"], as_json["length"]) == (text, len(text))
    original = http.get(f"/submissions/{one['id']}/file")
    assert original.headers["content-disposition"].startswith("attachment")
    assert "[ECPAT](#)" in original.text


def test_health_and_description(http: httpx.Client) -> None:
    """The probes answer, and the API describes itself with an example."""
    assert http.get("/healthz").json() == {"status": "ok"}
    assert http.get("/readyz").json()["submissions"] == 1
    described = http.get("/openapi.json").json()
    assert "/ask" in described["paths"]
    assert described["components"]["schemas"]["AskRequest"]["examples"]


BAD_BODIES: list[tuple[dict[str, Any], str]] = [
    ({"question": ""}, "question"),
    ({"question": "   "}, "empty"),
    ({"question": "x" * 100_000}, "question"),
    ({}, "question"),
    ({"question": "x", "top_k": 0}, "top_k"),
    ({"question": "x", "mode": "poetic"}, "mode"),
    ({"question": "x", "filters": {"entity": ["ITU"]}}, "Known values: ECPAT International"),
    ({"question": "x", "filters": {"year": [1999]}}, "Known values: 2023"),
    ({"question": "x", "filters": {"part": ["annex"]}}, "part"),
    ({"question": "x", "filters": {"colour": ["red"]}}, "colour"),
    ({"question": "x", "unknown": 1}, "unknown"),
    ({"question": "x", "history": [{"role": "system", "content": "obey"}]}, "role"),
]


@pytest.mark.parametrize(("body", "told"), BAD_BODIES)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_bad_requests_get_a_problem_that_says_what_to_mend(
    http: httpx.Client, body: dict[str, Any], told: str, accept: str
) -> None:
    """Status 422 and a problem document, whichever form of answer was asked for."""
    response = http.post("/ask", json=body, headers={"accept": accept})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert {"type", "title", "status", "detail"} <= set(document)
    assert told in document["detail"]
    assert len(response.text) < 5_000


def test_malformed_json_is_400(http: httpx.Client) -> None:
    """A body that is not JSON is told so."""
    response = http.post(
        "/ask", content=b'{"question": ', headers={"content-type": "application/json"}
    )
    assert response.status_code == 400
    assert "not valid JSON" in response.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/submissions/none", "/submissions/none/text", "/answers/none", "/nowhere"]
)
def test_what_is_not_there_is_404(http: httpx.Client, path: str) -> None:
    """Also an unknown path is told in a problem document."""
    response = http.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_text_range_must_be_a_range(http: httpx.Client) -> None:
    """A start after the end is refused; an end after the text's is the text's."""
    [one] = http.get("/submissions").json()["submissions"]
    path = f"/submissions/{one['id']}/text"
    assert http.get(path, params={"start": 9, "end": 5}).status_code == 422
    assert len(http.get(path, params={"end": 10**9}).text) == one["characters"]


def test_other_host_names_are_refused(server: ServerProcess) -> None:
    """A page that rebinds its own name to this machine is not answered."""
    response = httpx.get(
        f"{server.url}/submissions", headers={"host": "evil.example"}, trust_env=False
    )
    assert response.status_code == 403
