"""Readers together, a change alone: a question sees the corpus before a change or after it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Many readers or one writer; a waiting writer goes before readers that come later.

    A thread that reads already may enter again. The writer's own reading passes.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._readers = 0
        self._waiting = 0
        self._writer: int | None = None
        self._own = threading.local()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While inside, nothing that is visible changes."""
        depth = getattr(self._own, "depth", 0)
        if depth or self._writer == threading.get_ident():
            yield
            return
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and self._writer is None)
            self._readers += 1
        self._own.depth = 1
        try:
            yield
        finally:
            self._own.depth = 0
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Begins when no reader is inside."""
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: not self._readers and self._writer is None)
            finally:
                self._waiting -= 1
            self._writer = threading.get_ident()
        try:
            yield
        finally:
            with self._changed:
                self._writer = None
                self._changed.notify_all()
