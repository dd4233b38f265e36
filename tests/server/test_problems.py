"""Every error of the program has an HTTP status and an exit code of its own."""

from __future__ import annotations

import corpus.errors
from corpus.errors import UnreadableFile, WsisError
from server.problems import of_error


def _leaves() -> list[type[WsisError]]:
    found = [
        value
        for value in vars(corpus.errors).values()
        if isinstance(value, type) and issubclass(value, WsisError) and value is not WsisError
    ]
    assert len(found) > 10
    return found


def test_each_error_is_a_problem_document() -> None:
    """No leaf of the tree lacks a status, a type or a title."""
    for leaf in _leaves():
        error = leaf("garbled", "told") if leaf is UnreadableFile else leaf("told")
        document = of_error(error)
        assert 400 <= document["status"] < 600
        assert document["detail"] == "told"
        assert document["type"].startswith("urn:wsis:problem:")
        assert document["title"]
