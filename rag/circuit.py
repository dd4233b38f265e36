"""A circuit breaker: a model that fails again and again is left alone for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FAILURES, REST_SECONDS = 3, 60.0


class Circuit:
    """Opens after so many failures in a row; after the rest one caller may try again.

    Safe to share by threads. ``clock`` gives seconds that only grow.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        rest: float = REST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = failures
        self._rest = rest
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._opened = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it failed so often that nothing but what must be asked should be."""
        with self._lock:
            return self._failed >= self._most

    @property
    def is_failing(self) -> bool:
        """Whether the last call failed."""
        with self._lock:
            return self._failed > 0

    def waits(self) -> float:
        """Seconds until a call is worth while; 0 when it is now, for this caller."""
        with self._lock:
            if self._failed < self._most:
                return 0.0
            left = self._opened + self._rest - self._clock()
            if left > 0:
                return left
            # Others wait until this caller has seen how it goes.
            self._opened = self._clock()
            return 0.0

    def succeeded(self) -> None:
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            self._opened = self._clock()
