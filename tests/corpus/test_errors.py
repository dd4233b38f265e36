"""One tree of errors, each with its HTTP status and exit code."""

from __future__ import annotations

import re

import corpus.errors
from corpus.errors import UnreadableFile, WsisError


def leaves() -> list[type[WsisError]]:
    return WsisError.__subclasses__()


def test_the_drawn_tree_has_every_error() -> None:
    """The docstring that a reader trusts names each error, and no other."""
    drawn = re.findall(r"[├└]── (\w+)", corpus.errors.__doc__ or "")
    assert sorted(drawn) == sorted(leaf.__name__ for leaf in leaves())


def test_each_error_ends_in_an_exit_code_of_its_own() -> None:
    """A script can tell errors apart, and none of them looks like success."""
    codes = [leaf.exit_code for leaf in leaves()]
    assert len(set(codes)) == len(codes)
    assert min(codes) > 1


def test_each_error_has_an_http_status_of_an_error() -> None:
    """Statuses are of the client's or the server's errors."""
    assert all(400 <= leaf.http_status < 600 for leaf in leaves())


def test_an_unreadable_file_carries_its_status() -> None:
    """The status and the message are both there for a report."""
    error = UnreadableFile("empty", "No text.")
    assert (error.status, str(error)) == ("empty", "No text.")
