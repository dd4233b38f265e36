"""What is to change in a corpus, and what follows from it for the submissions that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.model import Document, Mention, Submission


@dataclass(frozen=True, slots=True)
class Addition:
    """``source`` (a path, or the name of an upload) has this document now; ``original`` is a copy
    of the file."""

    document: Document
    original: Path
    source: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """``source`` has a submission that is there, perhaps with new metadata; ``gone`` has it no
    more. ``mentions`` are what it names, in place of what was known; None leaves that."""

    submission: Submission
    source: str
    gone: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes visible together; the later of two changes of one source counts."""

    additions: tuple[Addition, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    removals: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.additions or self.renewals or self.removals)


def sources_after(sources: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """The submission that each source has then."""
    after = {source: own for source, own in sources.items() if own not in changes.removals}
    for renewal in changes.renewals:
        for source in renewal.gone:
            after.pop(source, None)
        after[renewal.source] = renewal.submission.id
    after |= {one.source: one.document.submission.id for one in changes.additions}
    return after


def without_source(visible: Iterable[Submission], sources: Mapping[str, str]) -> list[Submission]:
    """Those that no source has: they are to go."""
    kept = set(sources.values())
    return [submission for submission in visible if submission.id not in kept]
