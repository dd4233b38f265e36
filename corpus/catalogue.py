"""The catalogue: one SQLite file that is the truth; the indexes are caches made from it.

A submission passes through states so that a crash at any point loses nothing and a reader
sees old or new, never both or neither:

    parsed    on its way into the indexes; not visible, taken out again after a crash
    indexed   complete in every store; visible
    removing  no longer visible, still to be taken out of the indexes

A source (a path, or the name of an upload) has one submission; a submission is visible as long as
a source has it, so that of two equal files either may change.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus.errors import CorpusReadOnly, IndexMismatch
from corpus.model import (
    Chunk,
    Document,
    EntityType,
    Mention,
    MentionKind,
    Page,
    Part,
    Section,
    Span,
    Submission,
)
from corpus.transactions import immediate

FILE = "catalogue.sqlite"
# SQLite refuses a statement with more than 32,766.
_MOST_VARIABLES = 10_000

# One script a schema version; a catalogue of version n runs those after the n-th.
_MIGRATIONS = (
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE submissions (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, entity TEXT NOT NULL, entity_type TEXT,
        session INTEGER, year INTEGER, language TEXT NOT NULL, filename TEXT NOT NULL,
        sha256 TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, text TEXT NOT NULL
    );
    CREATE INDEX submissions_by_source ON submissions (source);
    CREATE TABLE pages (
        submission_id TEXT NOT NULL REFERENCES submissions ON DELETE CASCADE,
        number INTEGER NOT NULL, printed TEXT, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
        PRIMARY KEY (submission_id, number)
    );
    CREATE TABLE sections (
        submission_id TEXT NOT NULL REFERENCES submissions ON DELETE CASCADE,
        ordinal INTEGER NOT NULL, path TEXT NOT NULL, start INTEGER NOT NULL,
        "end" INTEGER NOT NULL, heading_start INTEGER, heading_end INTEGER, part TEXT,
        boilerplate INTEGER NOT NULL, PRIMARY KEY (submission_id, ordinal)
    );
    CREATE TABLE chunks (
        id TEXT PRIMARY KEY,
        submission_id TEXT NOT NULL REFERENCES submissions ON DELETE CASCADE,
        ordinal INTEGER NOT NULL, section INTEGER NOT NULL, start INTEGER NOT NULL,
        "end" INTEGER NOT NULL
    );
    CREATE INDEX chunks_by_submission ON chunks (submission_id, ordinal);
    CREATE TABLE answers (
        id TEXT PRIMARY KEY, created TEXT NOT NULL, snapshot TEXT NOT NULL, record TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE acronyms (
        submission_id TEXT NOT NULL REFERENCES submissions ON DELETE CASCADE,
        short TEXT NOT NULL, long TEXT NOT NULL, PRIMARY KEY (submission_id, short)
    );
    """,
    "ALTER TABLE pages ADD COLUMN words BLOB NOT NULL DEFAULT x'';",
    """
    CREATE TABLE sources (
        source TEXT PRIMARY KEY,
        submission_id TEXT NOT NULL REFERENCES submissions ON DELETE CASCADE
    );
    CREATE INDEX sources_by_submission ON sources (submission_id);
    INSERT OR REPLACE INTO sources
        SELECT source, id FROM submissions WHERE state = 'indexed';
    DROP INDEX submissions_by_source;
    ALTER TABLE submissions DROP COLUMN source;
    """,
    """
    CREATE TABLE mentions (
        submission_id TEXT NOT NULL REFERENCES submissions ON DELETE CASCADE,
        ordinal INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL, PRIMARY KEY (submission_id, ordinal)
    );
    CREATE INDEX mentions_by_value ON mentions (kind, value);
    """,
    "ALTER TABLE pages ADD COLUMN recognised INTEGER NOT NULL DEFAULT 0;",
    """
    ALTER TABLE mentions RENAME TO mentions_with_places;
    DROP INDEX mentions_by_value;
    CREATE TABLE mentions (
        submission_id TEXT NOT NULL REFERENCES submissions ON DELETE CASCADE,
        ordinal INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,
        start INTEGER, "end" INTEGER, PRIMARY KEY (submission_id, ordinal)
    );
    INSERT INTO mentions SELECT * FROM mentions_with_places;
    DROP TABLE mentions_with_places;
    CREATE INDEX mentions_by_value ON mentions (kind, value);
    """,
)
_COLUMNS = "id, title, entity, entity_type, session, year, language, filename, sha256"


class Catalogue:
    """Submissions, their text and structure, and the answers given; safe to share by threads.

    Raises CorpusReadOnly when the file cannot be written, IndexMismatch when a later version
    of the program made it.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._migrate()
        except sqlite3.DatabaseError as error:
            raise CorpusReadOnly(
                f"The catalogue {path} cannot be used ({error}). Check that the disk has free "
                f"space and that you may write there; a damaged file must be restored from a copy."
            ) from error

    def close(self) -> None:
        self._db.close()

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(_MIGRATIONS):
            raise IndexMismatch(
                f"The catalogue was made by a later version of this program: recorded schema "
                f"{version}, this version knows {len(_MIGRATIONS)}. Upgrade the program."
            )
        for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; nested use joins the outer transaction."""
        with self._lock:
            if self._db.in_transaction:
                yield self._db
                return
            with immediate(self._db):
                yield self._db

    def _rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, parameters).fetchall()

    # --- meta -----------------------------------------------------------------------------

    def meta(self, key: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, key: str, value: str) -> None:
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # --- acronyms -------------------------------------------------------------------------

    def set_acronyms(self, submission_id: str, long_by_short: Mapping[str, str]) -> None:
        """Store the short forms that a submission defines, in place of those stored before."""
        with self.transaction() as db:
            db.execute("DELETE FROM acronyms WHERE submission_id = ?", (submission_id,))
            db.executemany(
                "INSERT INTO acronyms VALUES (?, ?, ?)",
                [(submission_id, short, long) for short, long in long_by_short.items()],
            )

    def acronyms(self) -> list[tuple[str, str]]:
        """Short and long forms that visible submissions define, each pair once, in order."""
        rows = self._rows(
            "SELECT DISTINCT short, long FROM acronyms JOIN submissions ON id = submission_id "
            "WHERE state = 'indexed' ORDER BY short, long"
        )
        return [(str(short), str(long)) for short, long in rows]

    # --- submissions ----------------------------------------------------------------------

    def insert(self, document: Document) -> None:
        """Store a document in state ``parsed``, in place of one with the same id."""
        submission = document.submission
        with self.transaction() as db:
            db.execute("DELETE FROM submissions WHERE id = ?", (submission.id,))
            db.execute(
                f"INSERT INTO submissions ({_COLUMNS}, state, text) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'parsed', ?)",
                (*_submission_row(submission), document.text),
            )
            db.executemany(
                "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)",
                [_page_row(submission.id, page) for page in document.pages],
            )
            db.executemany(
                "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [_section_row(submission.id, section) for section in document.sections],
            )
            self.set_mentions(submission.id, document.mentions)
            self._insert_chunks(db, document.chunks)

    def set_mentions(self, submission_id: str, mentions: Sequence[Mention]) -> None:
        """Store what a submission names, in place of what was stored before."""
        with self.transaction() as db:
            db.execute("DELETE FROM mentions WHERE submission_id = ?", (submission_id,))
            db.executemany(
                "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (submission_id, ordinal, m.kind, m.value, *_bounds(m.span))
                    for ordinal, m in enumerate(mentions)
                ],
            )

    def replace_chunks(self, document: Document) -> None:
        """Store a new division of a document into chunks."""
        with self.transaction() as db:
            db.execute("DELETE FROM chunks WHERE submission_id = ?", (document.submission.id,))
            self._insert_chunks(db, document.chunks)

    def _insert_chunks(self, db: sqlite3.Connection, chunks: Sequence[Chunk]) -> None:
        db.executemany(
            "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?)",
            [
                (c.id, c.submission_id, c.ordinal, c.section, c.span.start, c.span.end)
                for c in chunks
            ],
        )

    def set_state(self, submission_id: str, state: str) -> None:
        with self.transaction() as db:
            db.execute("UPDATE submissions SET state = ? WHERE id = ?", (state, submission_id))

    def sources(self) -> dict[str, str]:
        """The submission that each source has."""
        rows = self._rows("SELECT source, submission_id FROM sources ORDER BY source")
        return {str(source): str(submission) for source, submission in rows}

    def set_sources(self, had: Mapping[str, str], has: Mapping[str, str]) -> None:
        """Store what the sources have now, given what is stored."""
        with self.transaction() as db:
            db.executemany(
                "DELETE FROM sources WHERE source = ?", [(one,) for one in had if one not in has]
            )
            db.executemany(
                "INSERT OR REPLACE INTO sources VALUES (?, ?)",
                [(one, found) for one, found in has.items() if had.get(one) != found],
            )

    def update_metadata(self, submission: Submission) -> None:
        with self.transaction() as db:
            assignments = ", ".join(f"{name} = ?" for name in _COLUMNS.split(", "))
            db.execute(
                f"UPDATE submissions SET {assignments} WHERE id = ?",
                (*_submission_row(submission), submission.id),
            )

    def delete(self, submission_id: str) -> None:
        with self.transaction() as db:
            db.execute("DELETE FROM submissions WHERE id = ?", (submission_id,))

    def in_state(self, state: str) -> list[Submission]:
        """Submissions in that state, by submitter, session and id."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM submissions WHERE state = ? ORDER BY entity, session, id",
            (state,),
        )
        return [_submission(row) for row in rows]

    def document(self, submission_id: str) -> Document | None:
        """The document in whatever state, or None."""
        with self._lock:
            rows = self._rows(
                f"SELECT {_COLUMNS}, text FROM submissions WHERE id = ?", (submission_id,)
            )
            if not rows:
                return None
            text = str(rows[0][-1])
            return Document(
                submission=_submission(rows[0][:-1]),
                text=text,
                sections=tuple(_section(row) for row in self._of("sections", submission_id)),
                chunks=tuple(_chunk(row, text) for row in self._of("chunks", submission_id)),
                pages=tuple(_page(row) for row in self._of("pages", submission_id)),
                mentions=tuple(_mention(row) for row in self._of("mentions", submission_id)),
            )

    def openings(self, characters: int) -> dict[str, str]:
        """The first code points of each visible text, by submission id."""
        rows = self._rows(
            "SELECT id, substr(text, 1, ?) FROM submissions WHERE state = 'indexed'", (characters,)
        )
        return {str(found): str(text) for found, text in rows}

    def size(self, submission_id: str) -> tuple[int, int]:
        """How many pages and chunks a submission has."""
        rows = self._rows(
            "SELECT (SELECT COUNT(*) FROM pages WHERE submission_id = ?1), "
            "(SELECT COUNT(*) FROM chunks WHERE submission_id = ?1)",
            (submission_id,),
        )
        return int(rows[0][0]), int(rows[0][1])

    def _of(self, table: str, submission_id: str) -> list[tuple[Any, ...]]:
        order = "number" if table == "pages" else "ordinal"
        return self._rows(
            f"SELECT * FROM {table} WHERE submission_id = ? ORDER BY {order}", (submission_id,)
        )

    def locate(self, chunk_ids: Sequence[str]) -> dict[str, str]:
        """The visible submission that each chunk belongs to; unknown chunks are left out."""
        located: dict[str, str] = {}
        for start in range(0, len(chunk_ids), _MOST_VARIABLES):
            batch = chunk_ids[start : start + _MOST_VARIABLES]
            marks = ", ".join("?" * len(batch))
            rows = self._rows(
                "SELECT chunks.id, submission_id FROM chunks JOIN submissions ON submissions.id = "
                f"submission_id WHERE state = 'indexed' AND chunks.id IN ({marks})",
                batch,
            )
            located |= {str(chunk): str(submission) for chunk, submission in rows}
        return located

    def chunk_ids(self, submission_id: str | None = None) -> list[str]:
        """Chunks of one submission in whatever state, or of all visible ones."""
        if submission_id is not None:
            rows = self._rows("SELECT id FROM chunks WHERE submission_id = ?", (submission_id,))
        else:
            rows = self._rows(
                "SELECT chunks.id FROM chunks JOIN submissions ON submissions.id = submission_id "
                "WHERE state = 'indexed'"
            )
        return [str(row[0]) for row in rows]

    # --- answers --------------------------------------------------------------------------

    def keep_answer(self, answer_id: str, created: str, snapshot: str, record: object) -> None:
        with self.transaction() as db:
            db.execute(
                "INSERT INTO answers VALUES (?, ?, ?, ?)",
                (answer_id, created, snapshot, json.dumps(record, ensure_ascii=False)),
            )

    def answer(self, answer_id: str) -> object | None:
        """The record of an answer as it was given, or None."""
        rows = self._rows("SELECT record FROM answers WHERE id = ?", (answer_id,))
        record: object = json.loads(str(rows[0][0])) if rows else None
        return record


def listed_in(folder: Path) -> list[Submission]:
    """What is searchable in a data folder; needs neither models nor the folder's lock."""
    path = folder / FILE
    if not path.is_file():
        return []
    catalogue = Catalogue(path)
    try:
        return catalogue.in_state("indexed")
    finally:
        catalogue.close()


def _submission_row(submission: Submission) -> tuple[object, ...]:
    return (
        submission.id,
        submission.title,
        submission.entity,
        submission.entity_type,
        submission.session,
        submission.year,
        submission.language,
        submission.filename,
        submission.sha256,
    )


def _submission(row: Sequence[Any]) -> Submission:
    made = Submission(*row)  # the columns stand in the noun's order
    return replace(made, entity_type=EntityType(made.entity_type) if made.entity_type else None)


def _section_row(submission_id: str, section: Section) -> tuple[object, ...]:
    return (
        submission_id,
        section.ordinal,
        json.dumps(section.path, ensure_ascii=False),
        section.span.start,
        section.span.end,
        *_bounds(section.heading),
        section.part,
        section.boilerplate,
    )


def _section(row: Sequence[Any]) -> Section:
    _, ordinal, path, start, end, heading_start, heading_end, part, boilerplate = row
    return Section(
        ordinal=ordinal,
        path=tuple(json.loads(str(path))),
        span=Span(start, end),
        heading=_span(heading_start, heading_end),
        part=Part(str(part)) if part else None,
        boilerplate=bool(boilerplate),
    )


def _chunk(row: Sequence[Any], text: str) -> Chunk:
    chunk_id, submission_id, ordinal, section, start, end = row
    span = Span(start, end)
    return Chunk(str(chunk_id), str(submission_id), ordinal, section, span, span.of(text))


def _mention(row: Sequence[Any]) -> Mention:
    _, _, kind, value, start, end = row
    return Mention(MentionKind(kind), value, _span(start, end))


def _bounds(span: Span | None) -> tuple[int | None, int | None]:
    return (span.start, span.end) if span else (None, None)


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else Span(start, end)


def _page_row(submission_id: str, page: Page) -> tuple[object, ...]:
    return (
        submission_id,
        page.number,
        page.printed,
        page.span.start,
        page.span.end,
        page.words,
        page.recognised,
    )


def _page(row: Sequence[Any]) -> Page:
    _, number, printed, start, end, words, recognised = row
    known = None if printed is None else str(printed)
    return Page(number, known, Span(start, end), words, bool(recognised))
