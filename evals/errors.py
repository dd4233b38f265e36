"""What an evaluation can refuse; both say what to do next."""

from __future__ import annotations

from corpus.errors import BadRequest, NotFound


class CasesInvalid(BadRequest):
    """Mend the case file."""


class SuiteUnavailable(NotFound):
    """The data of a suite is not on this machine: skip it, or fetch the data."""
