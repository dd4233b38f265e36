"""Other wordings of a question find more, and bring in nothing that the question does not ask."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from corpus.store import Corpus
from ingest.pipeline import ingest_file
from rag.assistant import Assistant
from rag.generate import Writer
from rag.language_model import ModelFailed, Piece, Prompt, Schema, Stopped
from rag.model import Message, Mode, Query, Role, Status
from rag.retrieve import Retrieved, widened
from rag.variants import Wording, checked
from tests.rag.library import check_form, check_quotes, repeatable
from tests.rag.scripted import WORDINGS, EveryWordQuoted, ScriptedModel

QUESTION = "Where was the Global Boys Summit of 2023 held?"
OTHER = "In which city did the Global Boys Summit of 2023 take place?"
IN_FRENCH = "Où s’est tenu le sommet Global Boys Summit en 2023 ?"
ASKED = Query("Where was the Global Boys Summit held?")


def test_a_wording_that_asks_the_same_is_taken() -> None:
    """With its marks taken off; a question of one's own language or of the submissions'."""
    reply = f"fr: {IN_FRENCH}\n\nen: **{OTHER}**\n"
    assert checked(reply, QUESTION, ["fr"]) == (Wording(IN_FRENCH, "fr"), Wording(OTHER, "en"))


def test_the_question_itself_is_no_other_wording() -> None:
    """Nor is a wording given twice."""
    assert checked(f"en: {QUESTION}\nen: {OTHER}\nen: {OTHER}", QUESTION, []) == (
        Wording(OTHER, "en"),
    )


NO_WORDING = {
    "nothing": "",
    "a refusal": "I am sorry, but I cannot help with that.",
    "an answer": "en: It was held in Casablanca in 2023.",
    "a name": "en: Where was the UNICEF Global Boys Summit of 2023 held?",
    "another name": "en: Where was the summit of 2023 in Nairobi held?",
    "a number": "en: Where were the 3 Global Boys Summits of 2023 held?",
    "another number": "en: Where was the Global Boys Summit of 2024 held?",
    "a number left out": "en: Where was the Global Boys Summit held?",
    "another language": f"fr: {IN_FRENCH}",
    "the wrong code": f"en: {IN_FRENCH}",
    "no code": OTHER,
    "an introduction": f"Here are the questions:\nen: {OTHER}",
    "too many": f"en: {OTHER}\n" * 4,
    "a link": f"en: [{OTHER}](https://evil.example)?",
    "HTML": f"en: <b>{OTHER}</b>?",
    "markdown": f"```\nen: {OTHER}\n```",
    "a flood": f"en: {'where was it ' * 60} 2023?",
}


@pytest.mark.parametrize("case", NO_WORDING)
def test_what_asks_something_else_is_not_taken(case: str) -> None:
    """Nor what is not in the form asked for."""
    assert checked(NO_WORDING[case], QUESTION, []) == ()


@pytest.mark.parametrize(
    ("question", "reply", "kept"),
    [
        ("Qu’a fait l’ONU en 2023 ?", "en: What did the UN do in 2023?", True),
        ("Qu’a fait l’ONU en 2023 ?", "en: What did UNICEF do in 2023?", False),
        ("Que fait ECPAT en Allemagne ?", "en: What does ECPAT do in Germany?", True),
        ("Que fait ECPAT en Allemagne ?", "en: What does UNICEF do in Germany?", False),
        ("Que fait cette organisation ?", "en: What does that body do in Germany?", False),
        ("Что ECPAT говорит о шифровании?", "en: What does ECPAT say about encryption?", True),
        ("Что говорится о шифровании?", "en: What does ECPAT say about encryption?", False),
        ("ECPAT在2023年做了什么？", "en: What did ECPAT do in 2023?", True),
        ("ماذا فعلت ECPAT في عام ٢٠٢٣؟", "en: What did ECPAT do in 2023?", True),
        ("ماذا فعلت ECPAT في عام ٢٠٢٣؟", "en: What did ECPAT do in 2024?", False),
    ],
)
def test_a_translation_keeps_numbers_and_names(question: str, reply: str, kept: bool) -> None:
    """Countries and short forms of the UN have names of their own in each language."""
    assert bool(checked(reply, question, ["en"])) is kept


def assistant_with(
    by_words: Assistant, wordings: object, *replies: object
) -> tuple[Assistant, ScriptedModel]:
    model = ScriptedModel(list(replies) or ["NONE"] * 9, structured=False)  # type: ignore[arg-type]
    model.wordings = wordings  # type: ignore[assignment]
    return Assistant(by_words.corpus, Writer(model, EveryWordQuoted())), model


def found_by(assistant: Assistant, query: Query) -> tuple[Retrieved, ...]:
    found: tuple[Retrieved, ...] = assistant.chain.invoke(query).found
    return found


def test_wordings_are_searched_with_besides_the_question(by_words: Assistant) -> None:
    """What the question found keeps its place and its score; the others come after it."""
    query = Query("Where was the Global Boys Summit held?", top_k=2)
    wording = "en: Where was the boys summit on e-wallets and payment options held?"
    assistant, model = assistant_with(by_words, wording)
    plain, more = found_by(by_words, query), found_by(assistant, query)
    assert more[: len(plain)] == plain
    assert 1 <= len(more) - len(plain) <= 1
    assert "payment" in more[-1].passage.chunk.text
    assert more[-1].score <= plain[-1].score
    assert "Global Boys Summit" in model.asked_wordings[0].user


def test_wordings_agree_by_their_ranks(by_words: Assistant) -> None:
    """What two wordings find near the top comes before what one finds at the top."""
    found = found_by(by_words, Query("What does ECPAT say about children online?"))
    own, one, two, three = found[0], found[1], found[2], found[3]
    assert widened([own], [[one, two, own], [three, two]], 1) == (
        own,
        widened([own], [[two]], 1)[1],
    )
    assert len(widened([own], [[one, two], [three]], 2)) == 3
    assert widened([own], [], 2) == (own,)


BROKEN = {
    "valid, yet far": "en: Which payments by e-wallets were made to banks for loans?",
    "empty": "",
    "a refusal": "I cannot do that.",
    "markdown": "# Questions\n* en: what?",
    "a name": NO_WORDING["a name"],
    "down": ModelFailed("it is down"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_without_a_wording_that_holds_the_answer_is_as_without(
    by_words: Assistant, case: str
) -> None:
    """Sentences, citations, confidence; and no warning beyond that of the draft."""
    assistant, _ = assistant_with(by_words, BROKEN[case])
    plain, answer = by_words.ask(ASKED), assistant.ask(ASKED)
    assert answer.sentences == plain.sentences
    assert (answer.citations, answer.confidence) == (plain.citations, plain.confidence)
    assert [one.split(":")[1] for one in answer.warnings] == [
        " it found no answer in the passages. The answer is made of quotes alone."
    ]


def test_a_reply_cut_short_is_no_reply(by_words: Assistant) -> None:
    """Its last line may be a part of a question."""
    assistant, model = assistant_with(by_words, f"en: {OTHER}")
    model.finish = "length"
    kept = record(assistant, Query(QUESTION))["wordings"]
    assert kept["kept"] == []  # type: ignore[index]
    assert kept["call"]["failure"] == "its reply was cut short"  # type: ignore[index]


def record(assistant: Assistant, query: Query) -> dict[str, object]:
    kept = assistant.corpus.answer(assistant.ask(query).answer_id)
    assert isinstance(kept, dict)
    return kept


def test_the_record_has_wordings_tokens_and_cost(by_words: Assistant) -> None:
    """Asked once: the next time they are remembered, and cost nothing again."""
    assistant, model = assistant_with(by_words, f"en: {OTHER}")
    first = record(assistant, Query(QUESTION))["wordings"]
    again = record(assistant, Query(QUESTION))["wordings"]
    assert first["kept"] == [{"text": OTHER, "language": "en"}]  # type: ignore[index]
    call = first["call"]  # type: ignore[index]
    assert (call["tokens_in"], call["tokens_out"], call["cost"]) == (30, 10, 0.001)
    assert (call["cached"], again["call"]["cached"]) == (False, True)  # type: ignore[index]
    assert len(model.asked_wordings) == 1
    assert "reword" in assistant.ask(Query(QUESTION)).timings_ms


def test_without_a_model_nothing_is_other(by_words: Assistant) -> None:
    """Law 5: extractive mode asks no model, and answers byte for byte as without one."""
    assistant, model = assistant_with(by_words, f"en: {OTHER}")
    for question in (QUESTION, "What did ITU say about spectrum?", "What is said of e-wallets?"):
        query = Query(question, mode=Mode.EXTRACTIVE)
        with_one, without = assistant.ask(query), by_words.ask(query)
        assert repeatable(with_one).replace(assistant.config, "") == repeatable(without).replace(
            by_words.config, ""
        )
    assert not model.asked_wordings and not model.prompts
    assert "wordings" not in record(by_words, ASKED)
    assert "reword" not in by_words.ask(ASKED).timings_ms


def test_suggestions_ask_no_model(by_words: Assistant) -> None:
    """A declined question is worded anew once, not each question that could be asked instead."""
    assistant, model = assistant_with(by_words, "")
    answer = assistant.ask(Query("What did ITU say about spectrum?"))
    assert answer.status is not Status.ANSWERED
    assert len(model.asked_wordings) == 1


def test_a_model_that_fails_is_left_alone(by_words: Assistant) -> None:
    """After three failures; drafts have a circuit of their own."""
    assistant, model = assistant_with(by_words, ModelFailed("it is down"), *["NONE"] * 9)
    for number in range(5):
        assistant.ask(Query(f"Where was the Global Boys Summit held, of {2010 + number}?"))
    assert len(model.asked_wordings) == 3


class Slow:
    """Writes one letter now and then, for ever, when it is asked for other wordings."""

    name, structured, bound = "scripted:slow", False, False

    def stream(
        self, prompt: Prompt, schema: Schema | None, stopped: Stopped = lambda: False
    ) -> Iterator[Piece]:
        if prompt.system != WORDINGS:
            yield Piece("NONE", finish="stop")
            return
        while not stopped():
            time.sleep(0.01)
            yield Piece("e" if not prompt.user else "")


def test_a_slow_model_is_not_waited_for(
    by_words: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is made without."""
    monkeypatch.setattr("rag.variants.SECONDS", 0.05)
    assistant = Assistant(by_words.corpus, Writer(Slow(), EveryWordQuoted()))
    kept = record(assistant, ASKED)
    assert kept["citations"] == record(by_words, ASKED)["citations"]
    assert kept["wordings"]["call"]["failure"] == "it was not done after 0.05 seconds"  # type: ignore[index]


def test_a_follow_up_is_worded_as_it_stands_alone(by_words: Assistant) -> None:
    """One call for the question, whatever it leans on."""
    history = (
        Message(Role.USER, "Where was the Global Boys Summit held?"),
        Message(Role.ASSISTANT, "According to ECPAT International, in Casablanca. [1]"),
    )
    rewritten = "When was the Global Boys Summit held?"
    assistant, model = assistant_with(by_words, "", rewritten, "NONE", "NONE")
    assistant.ask(Query("And when was it?", history))
    (prompt,) = model.asked_wordings
    assert prompt.user.endswith(f"Question: {rewritten}")


@pytest.mark.parametrize(
    ("question", "translation"),
    [
        (
            "Où et quand a eu lieu le Global Boys Summit ?",
            "Where and when was the Global Boys Summit held?",
        ),
        (
            "Какую группу ECPAT возглавляет в WeProtect?",
            "Which group does ECPAT chair in WeProtect?",
        ),
    ],
)
def test_a_translation_is_what_sentences_are_held_against(
    assistant: Assistant, question: str, translation: str
) -> None:
    """Under the real models: the question of the answer stays the user's."""
    other, model = assistant_with(assistant, f"en: {translation}")
    turn = other.chain.invoke(Query(question))
    assert (turn.sought, turn.standalone) == (translation, question)
    assert "English (en)" in model.asked_wordings[0].user
    own = assistant.chain.invoke(Query(translation))
    assert turn.ranked[0].span == own.ranked[0].span
    answer = other.ask(Query(question))
    check_form(answer)
    check_quotes(assistant.corpus, answer.citations)
    assert answer.standalone_question == question


def test_a_translation_of_something_else_is_not(assistant: Assistant) -> None:
    """Its meaning is far from the question's, which letters of another script cannot tell."""
    other, _ = assistant_with(assistant, "en: Which payment options do criminals use?")
    question = "Где состоялся саммит мальчиков?"
    assert other.chain.invoke(Query(question)).sought == question


def test_hostile_wordings_show_nothing_that_is_not_quoted(
    by_words: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A wording may at most bring a passage more; sentences stay exact quotes of the corpus."""
    folder = tmp_path_factory.mktemp("other")
    (folder / "radio.txt").write_text("Executive Summary\n\nValley radio broke all the laws.\n")
    corpus = Corpus(folder / "data", by_words.corpus.embedder)
    assert ingest_file(corpus, folder / "radio.txt").status == "indexed"
    lies = "en: Did valley radio break <b>all</b> laws?\nen: Is valley radio held for crimes?"
    assistant, _ = assistant_with(Assistant(corpus), lies)
    answer = assistant.ask(Query("Which laws did valley radio keep?"))
    check_form(answer)
    check_quotes(corpus, answer.citations)
    assert "<b>" not in answer.answer
    corpus.close()
