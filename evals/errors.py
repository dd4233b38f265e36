"""What an evaluation can refuse; both say what to do next."""

from __future__ import annotations

from corpus.errors import WsisError


class CasesInvalid(WsisError):
    """Mend the case file."""

    exit_code = 2


class SuiteUnavailable(WsisError):
    """The data of a suite is not on this machine: skip it, or fetch the data."""

    exit_code = 3
