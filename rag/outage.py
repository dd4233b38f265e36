"""What a provider's error means: ours, passing, or final; and how it is told to a reader."""

from __future__ import annotations

_BUSY = frozenset({408, 409, 425, 429})
_SERVER_ERROR = 500


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    return status if isinstance(status, int) else None


def is_our_mistake(error: Exception) -> bool:
    """Whether the server could not make sense of what was asked of it."""
    return isinstance(error, NotImplementedError | ValueError) or _status(error) in (400, 422)


def is_transient(error: BaseException) -> bool:
    """Whether it may go better in a moment."""
    status = _status(error)
    if status is not None:
        return status in _BUSY or status >= _SERVER_ERROR
    return isinstance(error, OSError) or "Connect" in type(error).__name__


def told_of(error: Exception) -> str:
    """Why there is no reply, without the provider's words, which may hold a part of a key."""
    status = _status(error)
    if status in (401, 403):
        return f"it did not accept the key (status {status})"
    if status is not None:
        return f"its server answered with status {status}"
    if "Timeout" in type(error).__name__:
        return "it did not answer in time"
    return f"the connection to it failed ({type(error).__name__})"
