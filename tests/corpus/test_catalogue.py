"""The catalogue's file: versions, damage, and writes that are all or nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from corpus import catalogue
from corpus.catalogue import Catalogue
from corpus.errors import CorpusReadOnly, IndexMismatch
from corpus.model import Mention, MentionKind, Page, Span


def test_a_file_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """An older program never writes into a newer schema."""
    path = tmp_path / "catalogue.sqlite"
    Catalogue(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(IndexMismatch, match="recorded schema 99"):
        Catalogue(path)


def test_a_file_of_an_older_version_keeps_what_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a submission names comes through, and what has no place can be stored then."""
    path = tmp_path / "catalogue.sqlite"
    with monkeypatch.context() as older:
        older.setattr(catalogue, "_MIGRATIONS", catalogue._MIGRATIONS[:5])
        Catalogue(path).close()
    with sqlite3.connect(path) as db:
        db.execute(
            "INSERT INTO submissions (id, title, entity, language, filename, sha256, state, text) "
            "VALUES ('s', 't', 'e', 'en', 'f', 'h', 'indexed', 'SDG 5')"
        )
        db.execute("INSERT INTO pages VALUES ('s', 1, 'iv', 0, 5, x'')")
        db.execute("INSERT INTO mentions VALUES ('s', 0, 'sdg_goal', '5', 0, 5)")
    db.close()
    opened = Catalogue(path)
    document = opened.document("s")
    assert document
    assert document.pages == (Page(1, "iv", Span(0, 5)),)
    assert document.mentions == (Mention(MentionKind.SDG_GOAL, "5", Span(0, 5)),)
    stated = Mention(MentionKind.ACTION_LINE, "C1", None)
    opened.set_mentions("s", [*document.mentions, stated])
    again = opened.document("s")
    assert again
    assert again.mentions == (*document.mentions, stated)
    opened.close()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    """What is not a database is an error that says to restore it, and is left as it is."""
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"not a database, but long enough to be looked at" * 40)
    with pytest.raises(CorpusReadOnly, match="restored from a copy"):
        Catalogue(path)
    assert path.read_bytes().startswith(b"not a database")


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    """What was written before the failure is taken back, in nested use too."""
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    with pytest.raises(RuntimeError), catalogue.transaction():
        catalogue.set_meta("a", "1")
        raise RuntimeError
    assert catalogue.meta("a") is None
    catalogue.set_meta("a", "2")
    assert catalogue.meta("a") == "2"
    catalogue.close()
