"""Everything that can go wrong, by what the caller does next.

WsisError
├── BadRequest          the caller mends the question or its filters
├── NotFound            no such submission, answer or page
├── CorpusEmpty         ingest something first
├── CorpusInUse         another process owns the data folder: go through it, or stop it
├── CorpusUnreachable   a service that holds the vectors does not answer
├── CorpusReadOnly      the data folder cannot be written: mend rights or free space
├── IndexMismatch       the index was made with another configuration: rebuild
├── ModelUnavailable    a model is missing, is not the one expected, or does not answer
├── PortInUse           another program listens there: stop it, or choose another port
├── ServerBusy          too much is asked for at once: try again
├── ServerUnreachable   the configured server does not answer
├── SettingsInvalid     a setting cannot be used as it is
├── NotReady            the server still loads its models: try again
├── TooLarge            what was sent is larger than is taken: split it
├── Forbidden           the caller may not: key missing or wrong
└── UnreadableFile      skip this file and report its status
"""

from __future__ import annotations


class WsisError(Exception):
    """Base of all errors that a user is told about; the message says what to do next."""

    http_status = 500
    exit_code = 1


class BadRequest(WsisError):
    http_status = 422
    exit_code = 2


class NotFound(WsisError):
    http_status = 404
    exit_code = 4


class CorpusEmpty(WsisError):
    http_status = 409
    exit_code = 5


class CorpusInUse(WsisError):
    http_status = 503
    exit_code = 6


class CorpusUnreachable(WsisError):
    http_status = 503
    exit_code = 7


class CorpusReadOnly(WsisError):
    http_status = 507
    exit_code = 8


class IndexMismatch(WsisError):
    http_status = 503
    exit_code = 9


class ModelUnavailable(WsisError):
    http_status = 503
    exit_code = 10


class PortInUse(WsisError):
    http_status = 500
    exit_code = 11


class ServerUnreachable(WsisError):
    http_status = 502
    exit_code = 12


class ServerBusy(WsisError):
    http_status = 503
    exit_code = 15


class SettingsInvalid(WsisError):
    http_status = 500
    exit_code = 13


class Forbidden(WsisError):
    http_status = 403
    exit_code = 14


class NotReady(WsisError):
    http_status = 503
    exit_code = 17


class TooLarge(WsisError):
    http_status = 413
    exit_code = 18


class UnreadableFile(WsisError):
    """A file that cannot be taken in; ``status`` is one of the ingest statuses."""

    http_status = 422
    exit_code = 3

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
