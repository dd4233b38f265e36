"""Who submitted what and when."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import SettingsInvalid
from corpus.model import EntityType
from ingest.canonical import Line, canonical
from ingest.manifest import read_manifest
from ingest.metadata import Metadata, metadata

COMMISSION = "COMMISSION ON SCIENCE AND TECHNOLOGY FOR DEVELOPMENT (CSTD)"


def found(*blocks: str) -> Metadata:
    """What a text of these paragraphs says of itself."""
    return metadata(canonical([line for block in blocks for line in (Line(block), Line(""))]))


@pytest.mark.parametrize(
    ("words", "session"),
    [
        ("First session", 1),
        ("Twelfth session", 12),
        ("NINETEENTH SESSION", 19),
        ("Twentieth session", 20),
        ("Twenty-seventh session", 27),
        ("Thirtieth session", 30),
        ("Forty-first session", 41),
        ("28th session", 28),
        ("to the 22nd session of the CSTD", 22),
        ("Next session", None),
        ("Session of 2024", None),
    ],
)
def test_the_session_in_words_and_digits(words: str, session: int | None) -> None:
    """The number of the session is read however it is written."""
    assert found(COMMISSION, words, "Geneva, April").session == session


def test_a_session_of_another_body_is_none_of_the_commission() -> None:
    """Without the Commission's name, a numbered session is somebody else's."""
    assert found("Human Rights Council", "Twenty-seventh session").session is None


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("on their efforts in 2023 to implement the outcomes", 2023),
        ("the progress made in 2019 on implementation", 2019),
        ("Geneva, 15-19 April 2024", None),
    ],
)
def test_the_year_reported_on(words: str, year: int | None) -> None:
    """The year is the one of the efforts, not the one of the meeting."""
    assert found(words).year == year


@pytest.mark.parametrize(
    ("blocks", "entity"),
    [
        (("Submission by", "ECPAT International"), "ECPAT International"),
        (("Submission by: UNESCO",), "UNESCO"),
        (("SUBMISSION BY", "ITU", "Geneva"), "ITU"),
        (("A text by nobody in particular.",), None),
        (("Submission by",), None),
    ],
)
def test_the_submitter_on_the_same_line_or_the_next(
    blocks: tuple[str, ...], entity: str | None
) -> None:
    """The name after "Submission by" is the submitter's."""
    assert found(*blocks).entity == entity


def test_the_title_is_the_line_that_calls_itself_a_submission() -> None:
    """A line that says "Submission by … to …" is preferred to the first long line."""
    title = "2023 Submission by UNESCO to the preparation of the report on progress made"
    assert found("A longer opening line of the cover", f"{title}.").title == title


def test_the_title_falls_back_to_the_first_long_line() -> None:
    """Lines of fewer than four words are no title."""
    assert found("Geneva 2024", "Progress of the digital society").title == (
        "Progress of the digital society"
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nous avons formé les enseignants de toutes les écoles du pays.", "fr"),
        ("Мы обучили учителей всех школ страны в прошлом году.", "ru"),
        ("我们去年培训了全国所有学校的教师。", "zh"),
        ("دربنا معلمي جميع المدارس في البلاد العام الماضي.", "ar"),
        ("Formamos a los maestros de todas las escuelas del país.", "es"),
        ("We trained the teachers of all the schools in the country.", "en"),
    ],
)
def test_the_language_is_one_of_the_six(text: str, language: str) -> None:
    """Each language of the United Nations is told from one sentence."""
    assert found(text).language == language


def test_a_manifest_names_files_and_overrides_field_by_field(tmp_path: Path) -> None:
    """What the manifest says wins; what it leaves out is taken from the file."""
    (tmp_path / "manifest.yaml").write_text(
        "submissions:\n- {file: a.txt, entity: UNESCO, entity_type: un_body, session: 28}\n"
    )
    stated = read_manifest(tmp_path)["a.txt"]
    assert stated == Metadata(entity="UNESCO", entity_type=EntityType.UN_BODY, session=28)
    assert stated.over(Metadata(entity="other", year=2023)) == Metadata(
        entity="UNESCO", entity_type=EntityType.UN_BODY, session=28, year=2023
    )


def test_a_manifest_states_action_lines_goals_and_dates(tmp_path: Path) -> None:
    """As YAML has them: with or without quotes, a date as a date."""
    (tmp_path / "manifest.yaml").write_text(
        "submissions:\n- file: a.txt\n  action_lines: [C1, c11]\n"
        "  sdgs: [5, '16.10', \"16.b\"]\n  dates: [2023-06-14, 2023-06]\n"
        "- {file: b.txt, sdgs: []}\n"
    )
    found = read_manifest(tmp_path)
    assert found["a.txt"] == Metadata(
        action_lines=("C1", "C11"), sdgs=("5", "16.10", "16.b"), dates=("2023-06-14", "2023-06")
    )
    assert found["b.txt"] == Metadata(sdgs=())


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("session: many", r"a\.txt, session: .*integer"),
        ("session: 0", r"a\.txt, session: .*greater"),
        ("year: 23", r"a\.txt, year: .*1900"),
        ("entity_type: ngo", r"a\.txt, entity_type: .*'civil_society'"),
        ("language: English", r"a\.txt, language: "),
        ("entity: ''", r"a\.txt, entity: "),
        ("entity_typ: un_body", r"a\.txt, entity_typ: .*not permitted"),
        ("action_lines: [C1, C12]", r"a\.txt, action_lines, 2: .*C1 to C11"),
        ("action_lines: C1", r"a\.txt, action_lines: "),
        ("sdgs: [16.10]", r"a\.txt, sdgs, 1: write a target in quotes"),
        ("sdgs: [18]", r"a\.txt, sdgs, 1: there is no such goal"),
        ("sdgs: ['5.20']", r"a\.txt, sdgs, 1: there is no such goal"),
        ("dates: [2023]", r"a\.txt, dates, 1: a date is"),
        ("dates: ['2023-02-30']", r"a\.txt, dates, 1: a date is"),
    ],
)
def test_a_bad_value_is_told_with_its_file_and_field(entry: str, told: str, tmp_path: Path) -> None:
    """One line that says where and what is wanted."""
    (tmp_path / "manifest.yaml").write_text(f"submissions:\n- file: a.txt\n  {entry}\n")
    with pytest.raises(SettingsInvalid, match=told) as raised:
        read_manifest(tmp_path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ("- {file: a.txt}\n- {file: a.txt}", "more than once: a.txt"),
        ("- {file: in/a.txt}", "in/a.txt, file: .*own folder"),
        ("- {entity: UNESCO}", "entry 1, file: "),
        ("- UNESCO", "entry 1: "),
    ],
)
def test_each_entry_is_of_one_file_beside_the_manifest(
    entries: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "manifest.yaml").write_text(f"submissions:\n{entries}\n")
    with pytest.raises(SettingsInvalid, match=told):
        read_manifest(tmp_path)


def test_no_manifest_says_nothing(tmp_path: Path) -> None:
    """A folder without a manifest is an ordinary folder."""
    assert read_manifest(tmp_path) == {}


@pytest.mark.parametrize(
    "text",
    [
        "submissions:\n- {file: a.txt, entity_typ: un_body}\n",
        "submissions:\n- {file: a.txt, session: many}\n",
        "submissions: [",
        "- a\n",
        "",
        "\x00",
    ],
)
def test_a_bad_manifest_is_named(text: str, tmp_path: Path) -> None:
    """A manifest that is not as documented is an error that gives its path."""
    (tmp_path / "manifest.yaml").write_text(text)
    with pytest.raises(SettingsInvalid, match=r"manifest\.yaml cannot be used"):
        read_manifest(tmp_path)


def test_a_manifest_in_another_encoding_is_named(tmp_path: Path) -> None:
    """A manifest that is not UTF-8 is an error of the manifest, not a crash."""
    (tmp_path / "manifest.yaml").write_bytes("submissions: [] # é".encode("latin-1"))
    with pytest.raises(SettingsInvalid, match=r"manifest\.yaml cannot be used"):
        read_manifest(tmp_path)
