"""A quote stays as it is; beside it stands a model's translation, as far as code can check it."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterator

import pytest

from rag.assistant import Assistant
from rag.generate import Writer
from rag.language_model import ModelFailed, Piece, Prompt, Schema, Stopped
from rag.model import Answer, AnswerSentence, Mode, Query, Stage, Translation
from rag.translating import foreign, holds
from rag.write import cite
from tests.rag.library import check_form, check_quotes
from tests.rag.scripted import TRANSLATION, EveryWordQuoted, ScriptedModel

QUESTION = "Où et quand a eu lieu le Global Boys Summit ?"
IN_ENGLISH = "en: Where and when was the Global Boys Summit held?"
SUMMIT = "first ever ECPAT Global Boys Summit"
IN_FRENCH = (
    "Organisation du tout premier Global Boys Summit d’ECPAT à Casablanca en juin 2023, réunissant "
    "des praticiens pour concevoir ensemble des actions en faveur des garçons, en tenant compte "
    "des environnements numériques."
)
QUOTE = "By 2023 some 1,200 schools were connected in the region, 40 per cent of them in villages."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "En 2023, quelque 1 200 écoles étaient connectées dans la région, dont 40 pour cent "
            "dans des villages.",
            "fr",
        ),
        ("К 2023 году в регионе было подключено 1 200 школ, 40 процентов из них в сёлах.", "ru"),
        ("到2023年，该地区约有1200所学校联网，其中40%在农村。", "zh"),
        ("بحلول عام ٢٠٢٣ تم ربط ١٢٠٠ مدرسة في المنطقة، ٤٠ في المائة منها في القرى.", "ar"),
    ],
)
def test_a_translation_with_the_same_numbers_holds(text: str, language: str) -> None:
    """In the digits and with the marks of its language."""
    assert holds(text, QUOTE, language)


GOOD = "En 2023, quelque 1 200 écoles étaient connectées dans la région, dont 40 % aux villages."
NO_TRANSLATION = {
    "nothing": "",
    "another number": GOOD.replace("40", "60"),
    "a number more": GOOD.replace("écoles", "écoles et 15 hôpitaux"),
    "a number left out": GOOD.replace(", dont 40 % aux villages", ""),
    "another language": "By 2023 some 1,200 schools in the region were online, 40% in villages.",
    "HTML": f"<b>{GOOD}</b>",
    "markdown": f"**{GOOD}**",
    "a link": GOOD.replace("région", "[région](https://evil.example)"),
    "an image": f"![x](y.png) {GOOD}",
    "a summary": "En 2023, 1 200 écoles, 40 %.",
    "a flood": f"{GOOD} {'Les écoles sont connectées. ' * 10}",
}


@pytest.mark.parametrize("case", NO_TRANSLATION)
def test_what_cannot_be_the_quote_is_left_out(case: str) -> None:
    """And the example that the cases are made from holds."""
    assert holds(GOOD, QUOTE, "fr")
    assert not holds(NO_TRANSLATION[case], QUOTE, "fr")


def asked(
    assistant: Assistant, translation: object, question: str = QUESTION, mode: Mode = Mode.AUTO
) -> tuple[Answer, ScriptedModel, Assistant]:
    model = ScriptedModel(["NONE"] * 2, structured=False)
    model.wordings = IN_ENGLISH
    model.translation = translation  # type: ignore[assignment]
    other = Assistant(assistant.corpus, Writer(model, EveryWordQuoted()))
    return other.ask(Query(question, mode=mode)), model, other


def translations(answer: Answer) -> list[Translation | None]:
    return [one.translation for one in answer.citations]


def test_the_translation_stands_beside_the_quote(assistant: Assistant) -> None:
    """The quote stays the submission's own words; the record has what the translation cost."""
    answer, model, other = asked(assistant, f"«{SUMMIT}»: {IN_FRENCH}")
    check_form(answer)
    check_quotes(assistant.corpus, answer.citations)
    cited = next(one for one in answer.citations if SUMMIT in one.quote)
    assert cited.translation == Translation(IN_FRENCH, "fr", "scripted:one")
    (prompt,) = model.asked_translations
    assert all(" ".join(one.quote.split()) in prompt.user for one in answer.citations)
    assert "French" in prompt.user
    kept = assistant.corpus.answer(answer.answer_id)
    assert isinstance(kept, dict)
    assert (kept["translation"]["tokens_in"], kept["translation"]["cost"]) == (30, 0.001)
    assert "translate" in answer.timings_ms
    again = other.ask(Query(QUESTION))
    assert translations(again) == translations(answer)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I cannot help with that.",
        IN_FRENCH,
        f"QXKT: {IN_FRENCH}",
        f"«{SUMMIT}»: {IN_FRENCH.replace('2023', '2024')}",
        f"«{SUMMIT}»: <i>{IN_FRENCH}</i>",
        f"«{SUMMIT}»: {IN_FRENCH}\n«{SUMMIT}»: {IN_FRENCH}",
        f"# Traduction\n- {IN_FRENCH}",
        ModelFailed("it is down"),
    ],
)
def test_without_one_that_holds_the_answer_is_whole(assistant: Assistant, reply: object) -> None:
    """Null, and nothing else is other."""
    answer, model, _ = asked(assistant, reply)
    assert len(model.asked_translations) == 1
    check_form(answer)
    assert answer.citations and set(translations(answer)) == {None}


def test_nothing_is_translated_without_need(assistant: Assistant) -> None:
    """The question's own language, extractive mode, no model."""
    _, same, _ = asked(assistant, "", "Where and when was the Global Boys Summit held?")
    answer, extractive, _ = asked(assistant, "", mode=Mode.EXTRACTIVE)
    assert not same.asked_translations and not extractive.asked_translations
    assert set(translations(answer)) <= {None}
    assert set(translations(assistant.ask(Query(QUESTION)))) <= {None}


def test_a_short_question_does_not_tell_its_language(assistant: Assistant) -> None:
    """In Latin letters; others tell it with a word."""
    (document,) = [assistant.corpus.document(s.id) for s in assistant.corpus.submissions()]
    citation = cite(document, document.chunks[5].span, 1.0, 1)
    assert foreign(assistant.corpus, [citation], "ECPAT ?")[1] == set()
    assert foreign(assistant.corpus, [citation], "Что такое ECPAT?") == ("ru", {1})


def test_it_comes_with_the_last_event(assistant: Assistant) -> None:
    """Sentences are not kept waiting."""
    model = ScriptedModel(["NONE"] * 2, structured=False)
    model.wordings, model.translation = IN_ENGLISH, f"«{SUMMIT}»: {IN_FRENCH}"
    other = Assistant(assistant.corpus, Writer(model, EveryWordQuoted()))
    given = list(other.stream(Query(QUESTION)))
    *before, stage, answer = given
    assert stage == Stage("translating")
    assert isinstance(answer, Answer)
    assert [one for one in before if isinstance(one, AnswerSentence)] == list(answer.sentences)
    assert any(translations(answer))


class Slow:
    """Writes drafts at once and translations never."""

    name, structured, bound = "scripted:slow", False, False

    def stream(
        self,
        prompt: Prompt,
        schema: Schema | None,
        stopped: Stopped = lambda: False,
    ) -> Iterator[Piece]:
        if prompt.system != TRANSLATION:
            yield Piece(IN_ENGLISH if "Translate into" in prompt.user else "NONE", finish="stop")
            return
        while not stopped():
            time.sleep(0.01)
            yield Piece()


def test_a_slow_model_is_not_waited_for(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes without."""
    monkeypatch.setattr("rag.translating.SECONDS", 0.05)
    answer = Assistant(assistant.corpus, Writer(Slow(), EveryWordQuoted())).ask(Query(QUESTION))
    assert answer.citations and set(translations(answer)) == {None}
    kept = assistant.corpus.answer(answer.answer_id)
    assert isinstance(kept, dict)
    assert kept["translation"]["failure"] == "it was not done after 0.05 seconds"


def test_a_reader_who_leaves_stops_it(assistant: Assistant) -> None:
    """No answer is kept for nobody."""
    left = threading.Event()
    last: object = None
    other = Assistant(assistant.corpus, Writer(Slow(), EveryWordQuoted()))
    for last in other.stream(Query(QUESTION), left.is_set):
        if last == Stage("translating"):
            left.set()
    assert last == Stage("translating")


def test_the_contract_is_null_where_there_is_none(assistant: Assistant) -> None:
    """Additive: a field of every citation."""
    answer = assistant.ask(Query("Where and when was the Global Boys Summit held?"))
    assert [one["translation"] for one in dataclasses.asdict(answer)["citations"]] == [None] * len(
        answer.citations
    )
