"""A real client against a server that speaks the OpenAI protocol and fails in every way."""

from __future__ import annotations

import logging
import threading
import time

import pytest

from corpus.errors import SettingsInvalid
from corpus.settings import Settings
from rag.assistant import Assistant
from rag.chat_model import connect
from rag.drafting import schema
from rag.generate import Writer
from rag.language_model import ModelFailed, Prompt
from rag.model import Answer, AnswerSentence, Mode, Query, Stage
from tests.rag.endpoint import Behaviour, Json, connected
from tests.rag.scripted import FENCE, EveryWordQuoted, as_json, as_lines
from tests.rag.test_generate import QUOTE, SUMMIT, TRUE, assert_extractive

PROMPT = Prompt("Be brief.", "Say hello.")


def text(behaviour: Behaviour, timeout: float = 20, *, shape: bool = False) -> str:
    with connected(behaviour, timeout) as model:
        pieces = list(model.stream(PROMPT, schema(["BCDF"]) if shape else None))
    return "".join(piece.text for piece in pieces)


def label_of(asked: Json, words: str) -> str:
    prompt = asked["messages"][-1]["content"]
    return next(label for label, block in FENCE.findall(prompt) if words in block)


def draft(asked: Json) -> str:
    """A draft that holds, in the form that is asked for."""
    sentence = (TRUE, label_of(asked, QUOTE), QUOTE)
    other = ("The Summit was in June 2023.", label_of(asked, QUOTE), QUOTE)
    return (as_json if "response_format" in asked else as_lines)(sentence, other)


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.mark.parametrize("shape", [False, True])
def test_a_reply_comes_in_pieces_with_its_counts(shape: bool) -> None:
    """Text, tokens, and why it ended; a schema is passed on; nothing is asked of OpenAI itself."""
    behaviour = Behaviour(lambda asked: '{"sentences": []}' + " " * 100)
    with connected(behaviour) as model:
        pieces = list(model.stream(PROMPT, schema(["BCDF"]) if shape else None))
    assert "".join(piece.text for piece in pieces) == '{"sentences": []}' + " " * 100
    assert sum(piece.tokens_in for piece in pieces) == 1_200
    assert sum(piece.tokens_out for piece in pieces) == 80
    assert [piece.finish for piece in pieces if piece.finish] == ["stop"]
    (asked,) = behaviour.requests
    assert ("response_format" in asked) is shape
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert (asked["temperature"], asked["stream"]) == (0.0, True)


def test_a_busy_server_is_asked_again() -> None:
    """Later, and three times in all."""
    behaviour = Behaviour(lambda asked: "hello", statuses=[503, 429])
    assert text(behaviour) == "hello"
    assert len(behaviour.requests) == 3
    busy = Behaviour(lambda asked: "hello", statuses=[500] * 9)
    with pytest.raises(ModelFailed, match="its server answered with status 500"):
        text(busy)
    assert len(busy.requests) == 3


def test_a_key_that_is_refused_is_told_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It comes from the environment, is sent to the server, and stands in no message and no log."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-key")
    behaviour = Behaviour(lambda asked: "hello", statuses=[401])
    with caplog.at_level(logging.DEBUG), pytest.raises(ModelFailed) as failed:
        text(behaviour)
    assert str(failed.value) == "it did not accept the key (status 401)"
    assert behaviour.authorizations == ["Bearer sk-secret-key"]
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("wsis")]
    assert ours
    assert not any("sk-" in message for message in ours)


def test_no_key_is_sent_to_a_server_of_ones_own_when_there_is_none() -> None:
    """A word that is no key stands in its place."""
    behaviour = Behaviour(lambda asked: "hello")
    text(behaviour)
    assert behaviour.authorizations == ["Bearer none"]


@pytest.mark.parametrize("drips", [False, True])
def test_a_silent_server_is_left_in_time(drips: bool) -> None:
    """Also one that keeps the connection awake; the connection is closed."""
    behaviour = Behaviour(lambda asked: "hello " * 50, hangs_after=80, drips=drips)
    started = time.monotonic()
    with pytest.raises(ModelFailed, match=r"after 1 seconds|not answer in time"):
        text(behaviour, timeout=1)
    assert time.monotonic() - started < 5
    assert behaviour.left.wait(5)


def test_a_server_without_schemas_is_asked_for_lines(by_words: Assistant) -> None:
    """Once it has said so, from then on; the answer is drafted all the same."""
    behaviour = Behaviour(draft, knows_schemas=False)
    with connected(behaviour) as model:
        assistant = Assistant(by_words.corpus, Writer(model, EveryWordQuoted()))
        assert assistant.ask(SUMMIT).mode is Mode.GENERATIVE
        assert not model.structured
        assert assistant.ask(Query(f"{SUMMIT.question} When?")).mode is Mode.GENERATIVE
    assert ["response_format" in asked for asked in behaviour.requests] == [True, False, False]


def test_a_whole_answer_over_the_wire(by_words: Assistant) -> None:
    """Drafted, checked, shown, and named."""
    with connected(Behaviour(draft)) as model:
        answer = Assistant(by_words.corpus, Writer(model, EveryWordQuoted())).ask(SUMMIT)
    assert len(answer.sentences) == 2
    assert answer.model == "openai:tiny"


def test_a_server_killed_in_the_middle_leaves_a_whole_extractive_answer(
    by_words: Assistant,
) -> None:
    """What was shown before is withdrawn; the quotes are given, and why."""
    with connected(Behaviour(draft, dies_after=320)) as model:
        assistant = Assistant(by_words.corpus, Writer(model, EveryWordQuoted()))
        events = list(assistant.stream(SUMMIT))
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert_extractive(by_words, answer)
    assert "its reply broke off" in answer.warnings[0]
    at = events.index(Stage("starting_over"))
    assert any(isinstance(one, AnswerSentence) for one in events[:at])
    assert tuple(e for e in events[at:] if isinstance(e, AnswerSentence)) == answer.sentences


def test_no_server_at_all_gives_the_quotes(by_words: Assistant) -> None:
    """Nobody listens there."""
    settings = Settings(model="tiny", model_base_url="http://127.0.0.1:9/v1", model_timeout=20)
    model = connect(settings)
    assert model is not None
    answer = Assistant(by_words.corpus, Writer(model, EveryWordQuoted())).ask(SUMMIT)
    model.close()
    assert_extractive(by_words, answer)
    assert "the connection to it failed" in answer.warnings[0]


def test_a_reader_who_leaves_closes_the_connection(by_words: Assistant) -> None:
    """While the model's server is silent."""
    behaviour = Behaviour(draft, hangs_after=320)
    left = threading.Event()
    with connected(behaviour) as model:
        assistant = Assistant(by_words.corpus, Writer(model, EveryWordQuoted()))
        for one in assistant.stream(SUMMIT, left.is_set):
            if isinstance(one, AnswerSentence):
                left.set()
        assert behaviour.left.wait(5)


INVALID = {
    "anthropic:claude": "make install EXTRAS=anthropic",
    "google_genai:gemini": "make install EXTRAS=google",
    "gpt-9": "names no provider",
    "openai:gpt-9": "OPENAI_API_KEY",
}


@pytest.mark.parametrize("name", INVALID)
def test_a_model_that_cannot_be_had_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """At the start, before a question is asked."""
    if "install" in INVALID[name]:
        monkeypatch.setattr("importlib.util.find_spec", lambda package: None)
    with pytest.raises(SettingsInvalid, match=INVALID[name]):
        connect(Settings(model=name))


def test_no_model_is_no_model() -> None:
    """And an address without a name is a mistake."""
    assert connect(Settings(model="")) is None
    with pytest.raises(SettingsInvalid, match="Set WSIS_MODEL"):
        connect(Settings(model="", model_base_url="http://127.0.0.1:9/v1"))
