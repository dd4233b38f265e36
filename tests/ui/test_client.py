from __future__ import annotations

import socket

import pytest

from corpus.model import Filters
from rag.model import Answer, AnswerSentence, Message, Query, Role, Status
from tests.ui.stub_server import CALM, StubServer
from ui.client import DEFAULT_SERVER_URL, Client, Stage
from ui.nouns import ServerProblem
from ui.sse import Event, events


def test_settings_come_from_the_environment() -> None:
    assert Client.from_environment({}).base_url == DEFAULT_SERVER_URL
    environment = {"WSIS_SERVER_URL": "http://127.0.0.1:9/", "WSIS_API_KEY": "k"}
    assert Client.from_environment(environment) == Client("http://127.0.0.1:9", "k")


def test_the_catalogue(stub: StubServer) -> None:
    catalogue = Client(stub.url).submissions()
    assert catalogue.snapshot == "5f0c9d2e"
    assert [item.id for item in catalogue.submissions] == ["calm-1", "hostile/2", "arabic-3"]
    assert catalogue.submissions[1].session is None


def test_an_excerpt_counts_code_points(stub: StubServer) -> None:
    found = Client(stub.url).excerpt("calm-1", 10, 10_000)
    assert (found.start, found.end, found.length) == (10, len(CALM), len(CALM))
    assert found.text == CALM[10:]


def test_ids_are_quoted_in_paths(stub: StubServer) -> None:
    assert Client(stub.url).excerpt("hostile/2", 0, 6).text == "Before"


def test_a_question_is_sent_whole_and_its_answer_streams(stub: StubServer) -> None:
    query = Query("Where was the summit?", (Message(Role.USER, "Hello"),), Filters(year=(2023,)))
    items = list(Client(stub.url, "secret").ask(query))
    assert [type(item) for item in items] == [Stage, AnswerSentence, AnswerSentence, Answer]
    answer = items[-1]
    assert isinstance(answer, Answer)
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].section[-1] == "1. Coordination and Convening"
    assert stub.keys == ["Bearer secret"]
    [body] = stub.asked
    assert body["history"] == [{"role": "user", "content": "Hello"}]
    assert body["filters"]["year"] == [2023]
    assert (body["mode"], body["top_k"]) == ("auto", 8)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("this is too long", "Question too long"),
        ("it falls over", "Model gone"),
        ("it breaks off", "The answer broke off"),
    ],
)
def test_problems_have_a_title(stub: StubServer, question: str, title: str) -> None:
    with pytest.raises(ServerProblem) as caught:
        list(Client(stub.url).ask(Query(question)))
    assert caught.value.problem.title == title
    assert caught.value.problem.detail
    assert caught.value.problem.status is not None


def test_an_unknown_page_is_a_problem(stub: StubServer) -> None:
    with pytest.raises(ServerProblem) as caught:
        Client(stub.url).excerpt("nobody", 0, 1)
    assert caught.value.problem.status == 404


def test_another_program_at_the_address_is_a_problem(stub: StubServer) -> None:
    """A page that is no problem document still gives a title and a reason."""
    with pytest.raises(ServerProblem) as caught:
        Client(f"{stub.url}/elsewhere").submissions()
    assert caught.value.problem.status == 404


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "nonsense", "http://[broken"])
def test_no_server_names_the_address(url: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = url.format(port=free.getsockname()[1])
    with pytest.raises(ServerProblem) as caught:
        Client(address).submissions()
    assert caught.value.problem.status is None
    assert address in caught.value.problem.detail


def test_links_lead_to_the_server_only() -> None:
    client = Client("http://127.0.0.1:8000")
    assert client.link("/submissions/a#b") == "http://127.0.0.1:8000/submissions/a#b"
    assert client.link("//evil.example/x") is None
    assert client.link("javascript:alert(1)") is None


def test_events_join_their_data_lines_and_skip_comments() -> None:
    lines = [": hello", "event: a", "data: 1", "data:2", "", "data: 3", "", "", "data: lost"]
    assert list(events(lines)) == [Event("a", "1\n2"), Event("message", "3")]
