"""What kind of thing a question asks for, and whether a passage has one."""

from __future__ import annotations

import pytest

from rag.expect import Expected, counts, expected, states

QUESTIONS = {
    "Which countries are in project ENSEMBLE?": Expected.COUNTRY,
    "Quels pays participent au projet ?": Expected.COUNTRY,
    "¿Qué países participan?": Expected.COUNTRY,
    "哪些国家参加了？": Expected.COUNTRY,
    "Which 12 countries are in the second phase?": Expected.COUNTRY,
    "Where was the summit held?": Expected.PLACE,
    "In which city did they meet?": Expected.CITY,
    "In which region did they meet?": Expected.PLACE,
    "Where does the money come from?": None,
    "On which day and month does it start?": Expected.DAY,
    "Who is ECPAT's executive director?": Expected.PERSON,
    "Do governments say how many there are?": Expected.NUMBER,
    "Do governments care how many there are?": None,
    "Где прошла встреча?": Expected.PLACE,
    "When was the summit?": Expected.DATE,
    "What year did it start?": Expected.DATE,
    "متى عقدت القمة؟": Expected.DATE,
    "How many members does it have?": Expected.NUMBER,
    "Combien de membres ?": Expected.NUMBER,
    "Сколько стран?": Expected.NUMBER,
    "贵州培训了多少教师？": Expected.NUMBER,
    "How much did it cost?": Expected.MONEY,
    "What is the budget of ECPAT?": Expected.MONEY,
    "What percentage of victims are boys?": Expected.PERCENT,
    "What share of children is online?": Expected.PERCENT,
    "Who is the director of ECPAT?": Expected.PERSON,
    "What is the website of the coalition?": Expected.WEBSITE,
    "Which paragraph begins: Encourages countries to share?": None,
    "Why does encryption matter?": None,
    "What did ECPAT do when it met Scotiabank?": None,
    "Who gets hurt when apps let you pay with e-wallets?": None,
    "When a child is groomed, who is told?": None,
    "When a child is groomed, to whom should parents turn?": None,
    "When a child is groomed then who is told?": None,
    "When harmed online, children need what?": None,
    "When people lose trust, please explain why.": None,
    "When it comes to AI, the speaker wants what?": None,
    "What do victims say when they call?": None,
    "What did the speaker say when asked about encryption?": None,
    "Who tells parents when children are at risk?": None,
    "In the year when ITU began, who led it?": None,
    "Which risks arise where police are few?": None,
    "Where laws are missing, what do governments do?": None,
    "In any place where children gather, which rules hold?": None,
    "How do states where they censor justify it?": None,
    "Who founded the coalition, and when?": Expected.DATE,
    "When, in 2023, was it held?": Expected.DATE,
    "When in 2023, according to ITU, did the pilot start?": Expected.DATE,
    "When exactly, in the speaker's view, will it end?": Expected.DATE,
    "How, when and where was the hub opened?": Expected.DATE,
    "It was founded when and where?": Expected.DATE,
    "Does the text indicate when the plan ends?": Expected.DATE,
    "Which report says exactly when the ban starts?": Expected.DATE,
    "List when each meeting took place.": Expected.DATE,
    "Explain how and when the fund was set up.": Expected.DATE,
    "What is the date when the law takes effect?": Expected.DATE,
    "the plan's end is when exactly?": Expected.DATE,
    "When's the next meeting?": Expected.DATE,
    "Tell me where the summit took place.": Expected.PLACE,
    "Which page tells where the summit took place?": Expected.PLACE,
    "Explain where the funds are used.": Expected.PLACE,
    "Where in Kenya, if anywhere, is it used?": Expected.PLACE,
    "ECPAT is based where?": Expected.PLACE,
    "Describe the partnership with Paniamor.": None,
    "": None,
}
# A passage that has the kind, and one that comes near but has not.
PASSAGES = {
    Expected.COUNTRY: ("in Niger, and Ivory Coast", "in 12 countries of West Africa"),
    Expected.CITY: ("held in Casablanca", "held in Morocco in June"),
    Expected.PLACE: ("held in Casablanca", "held in June at home"),
    Expected.DAY: ("on 3 June 2023", "in June 2023"),
    Expected.DATE: ("in June", "in the second phase"),
    Expected.NUMBER: ("its 126 members", "its members in 2023"),
    Expected.MONEY: ("cost $5", "cost a lot in 5 places"),
    Expected.PERCENT: ("about 40 per cent", "about 40 people"),
    Expected.PERSON: ("with Najat Maalla", "with the Representative"),
    Expected.WEBSITE: ("see www.example.org", "see the website"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_kind_a_question_asks_for(question: str) -> None:
    """The wording tells the kind, in several languages; where it does not, there is none."""
    assert expected(question) is QUESTIONS[question]


@pytest.mark.parametrize("kind", Expected)
def test_whether_a_passage_has_the_kind(kind: Expected) -> None:
    """Each kind is seen where it is, and not where something like it is."""
    there, missing = PASSAGES[kind]
    assert states(there, kind)
    assert not states(missing, kind)


@pytest.mark.parametrize(
    ("passage", "kind"),
    [
        ("我们在贵州培训了三千名教师。", Expected.NUMBER),
        ("培训了3000名教师", Expected.NUMBER),
        ("自2019年以来", Expected.DATE),
        ("百分之四十的儿童", Expected.PERCENT),
        ("в июня 2023 года", Expected.DATE),
        ("عام 2019", Expected.DATE),
        ("في تونس", Expected.PLACE),
        ("two hundred schools", Expected.NUMBER),
        ("7.5 million dollars", Expected.MONEY),
        ("40 % des enfants", Expected.PERCENT),
        ("in Côte d'Ivoire", Expected.COUNTRY),
        ("in the Democratic Republic of the Congo", Expected.COUNTRY),
    ],
)
def test_kinds_are_seen_in_other_forms_and_languages(passage: str, kind: Expected) -> None:
    """Number words, other scripts and other names count."""
    assert states(passage, kind)


@pytest.mark.parametrize(
    "passage", ["in 2023", "resolution 70/125", "document A/79/62", "COVID-19"]
)
def test_years_and_references_are_no_counts(passage: str) -> None:
    """A year, a document's symbol or a name with digits is not how many."""
    assert not states(passage, Expected.NUMBER)


def test_what_the_question_has_itself_is_no_answer() -> None:
    """ "When in 2023 …" is not answered by "in 2023", but by "in June 2023"."""
    assert not states("held in 2023", Expected.DATE, "When in 2023 was it held?")
    assert states("held in June 2023", Expected.DATE, "When in 2023 was it held?")
    assert not states("under resolution 1325 (2000)", Expected.DATE, "When was it adopted?")


def test_how_many_is_answered_by_a_number_of_those_things() -> None:
    assert counts("legal analysis in 12 countries", "How many countries took part?")
    assert not counts("legal analysis in 12 countries", "How many children were asked?")
    assert counts("in 12 countries", "Where was it held?")
    assert not counts("12 barrels of oil", "How many tonnes of oil leaked?")
    assert counts("thirteen Member States have paid", "How many countries have paid?")


def test_bodies_and_posts_are_no_persons() -> None:
    assert not states("the Human Rights Council and its Independent Expert", Expected.PERSON)
    assert states("its Independent Expert, Ikponwosa Ero", Expected.PERSON)
