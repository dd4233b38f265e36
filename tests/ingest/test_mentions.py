"""What a text names in so many words, with its place; and what kind of submitter a name shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.embedder import HashedBagOfWords
from corpus.model import EntityType, MentionKind
from corpus.store import Corpus
from ingest.entities import kind_of
from ingest.mentions import mentions, stated_mentions
from ingest.metadata import Metadata
from ingest.pipeline import build_document, ingest_file


def found(text: str) -> list[tuple[str, str]]:
    return [(m.value, m.span.of(text)) for m in mentions(text) if m.span]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "WSIS Action Lines C1, C3 and C7 to C9.",
            [("C1", "Action Lines C1"), ("C3", "C3"), ("C7", "C7"), ("C8", "C9"), ("C9", "C9")],
        ),
        ("Under action line C7 we did this. C10 came later.", ["C7", "C10"]),
        ("Lignes d’action C2 et C5", ["C2", "C5"]),
        ("Vitamin C3 and row C7 of the table", []),
        ("the action line C12 or C1.5", []),
        ("Work furthers SDGs 5.2 and 16.2.", [("5.2", "SDGs 5.2"), ("16.2", "16.2")]),
        ("SDG 4, SDG 17.18 and targets 5.b", ["4", "17.18", "5.b"]),
        ("Sustainable Development Goals 1–3", ["1", "2", "3"]),
        ("ODD 9 et 16; ODS 4 y 5", ["9", "16", "4", "5"]),
        ("ЦУР 4 и 9", ["4", "9"]),
        ("可持续发展目标5和16", ["5", "16"]),
        ("SDG 18, SDG 16.20, SDG 3.e and SDG 5%", []),
        ("On 14 June 2023, in June 2023", ["2023-06-14", "2023-06"]),
        ("November 15, 2023 or 15 de noviembre de 2023", ["2023-11-15", "2023-11-15"]),
        ("2023年6月1日 и 3 мая 2022", ["2023-06-01", "2022-05-03"]),
        ("2023-13-01, May we ask in 2023?", []),
    ],
)
def test_what_is_named_is_found(text: str, expected: list[object]) -> None:
    """Names in the languages of the United Nations; nothing that only looks like one."""
    seen: list[object] = list(found(text))
    if expected and isinstance(expected[0], str):
        seen = [value for value, _ in found(text)]
    assert seen == expected


@given(st.text("C1SDGs 5.2and,–-action line goal\n2023June", max_size=80))
def test_every_span_holds_what_is_named(text: str) -> None:
    """Mentions are in order, and each lies in the text."""
    made = mentions(text)
    spans = [m.span for m in made if m.span]
    assert len(spans) == len(made)
    assert spans == sorted(spans)
    assert all(span.of(text).strip() for span in spans)


def test_mentions_are_kept_with_their_submission(seed: Path, empty_corpus: Corpus) -> None:
    """As they were found, through the store; they go with their submission."""
    report = ingest_file(empty_corpus, seed)
    assert report.submission_id is not None
    document = empty_corpus.document(report.submission_id)
    assert [m.value for m in document.mentions] == [
        "2024-04-19",
        "5.2",
        "16.2",
        "2023-06",
        "2023-10",
    ]
    span = document.mentions[1].span
    assert span
    assert span.of(document.text) == "SDGs 5.2"
    empty_corpus.remove(report.submission_id)
    assert ingest_file(empty_corpus, seed).status == "indexed"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ECPAT International", EntityType.CIVIL_SOCIETY),
        ("International Telecommunication Union (ITU)", EntityType.UN_BODY),
        ("UNESCO", EntityType.UN_BODY),
        ("Commission économique pour l'Afrique des Nations Unies", EntityType.UN_BODY),
        ("Ministry of Digital Affairs, Poland", EntityType.GOVERNMENT),
        ("Правительство Российской Федерации", EntityType.GOVERNMENT),
        ("University of Ghana", EntityType.ACADEMIA),
        ("Universidad de Chile", EntityType.ACADEMIA),
        ("ICANN", EntityType.TECHNICAL_COMMUNITY),
        ("African Union Commission", EntityType.INTERNATIONAL_ORGANIZATION),
        ("Routers and Goats Ltd", EntityType.PRIVATE_SECTOR),
        ("Association for Progressive Communications", EntityType.CIVIL_SOCIETY),
        ("Kumasi Hub", None),
    ],
)
def test_a_name_shows_the_kind_of_submitter(name: str, kind: EntityType | None) -> None:
    """Where it shows none, none is made up."""
    assert kind_of(name) == kind


def test_a_manifest_overrides_the_guess(fake_embedder: HashedBagOfWords, seed: Path) -> None:
    """The submitter of a submission without a manifest gets the kind of its name."""
    made = build_document(seed.read_bytes(), seed.name, fake_embedder)
    assert made.submission.entity_type is EntityType.CIVIL_SOCIETY


def test_what_is_stated_is_in_place_of_what_is_named() -> None:
    """Of its kind alone; a value keeps its places, one that the text does not name has none."""
    text = "In May 2023 and June 2023 action lines C1 and C7 served SDGs 5.2 and 16. C1 again."
    found = mentions(text)
    known = Metadata(action_lines=("C1", "C3"), sdgs=("4", "5.2", "16.b"))
    made = stated_mentions(found, known)
    assert [(m.kind, m.value, m.span.of(text) if m.span else None) for m in made] == [
        (MentionKind.DATE, "2023-05", "May 2023"),
        (MentionKind.DATE, "2023-06", "June 2023"),
        (MentionKind.ACTION_LINE, "C1", "action lines C1"),
        (MentionKind.SDG_TARGET, "5.2", "SDGs 5.2"),
        (MentionKind.ACTION_LINE, "C1", "C1"),
        (MentionKind.ACTION_LINE, "C3", None),
        (MentionKind.SDG_GOAL, "4", None),
        (MentionKind.SDG_TARGET, "16.b", None),
    ]
    assert stated_mentions(found, Metadata()) == found
    assert {m.kind for m in stated_mentions(found, Metadata(sdgs=(), action_lines=()))} == {
        MentionKind.DATE
    }


def test_a_manifest_overrides_what_a_submission_names(empty_corpus: Corpus, tmp_path: Path) -> None:
    """When it is taken in, and when the manifest changes later; without it, all is as found."""
    path, manifest = tmp_path / "a.txt", tmp_path / "manifest.yaml"
    path.write_text("In May 2023 we served SDG 5 and action line C7 in all the schools of Peru.")

    def named() -> list[tuple[str, bool]]:
        report = ingest_file(empty_corpus, path)
        assert report.taken
        found = empty_corpus.document(report.submission_id or "")
        return [(mention.value, mention.span is not None) for mention in found.mentions]

    assert named() == [("2023-05", True), ("5", True), ("C7", True)]
    manifest.write_text("submissions:\n- {file: a.txt, sdgs: ['5.2'], dates: []}\n")
    assert named() == [("C7", True), ("5.2", False)]
    manifest.write_text("submissions:\n- {file: a.txt, sdgs: [5], action_lines: [C1]}\n")
    assert named() == named() == [("2023-05", True), ("5", True), ("C1", False)]
    assert empty_corpus.inspect().healthy
