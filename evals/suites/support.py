"""Suites of the support check: sentences that their quotes support, and sentences that they do not.

``support``: paraphrases of the bundled submission, and what is made of them and of its sentences.
``support-free``: freer paraphrases and sentences wrong in one way each; those of test are by
someone who had not seen the check. ``support-fresh``: the same, both halves by another such author.
``support-un``: paragraphs of six UN resolutions made wrong.
``wice-support`` and ``wice-entailed``: claims of Wikipedia that people judged; supported against
not supported, and against all that are not wholly supported (Kamoi 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from evals import claims
from evals.checks import ClaimSuite
from evals.suites.suite import needed


def bundled(split: str, data: Path) -> ClaimSuite:  # noqa: ARG001 - all of it is in the project
    """Sentences about the bundled submission."""
    return ClaimSuite(f"support-{split}", lambda embedder: claims.bundled(split), split)  # noqa: ARG005


def free(split: str, data: Path) -> ClaimSuite:  # noqa: ARG001 - all of it is in the project
    """Freer paraphrases, and what a language model gets wrong."""
    return _written("free", split)


def fresh(split: str, data: Path) -> ClaimSuite:  # noqa: ARG001 - all of it is in the project
    """The same, by someone who had not seen the check."""
    return _written("fresh", split)


def resolutions(split: str, data: Path) -> ClaimSuite:
    """Paragraphs of UN resolutions made wrong."""
    needed(data / "un-resolutions" / "wsis" / "en")
    return ClaimSuite(
        f"support-un-{split}",
        lambda embedder: claims.resolutions(data, split),  # noqa: ARG005
        split,
    )


def wice_support(split: str, data: Path) -> ClaimSuite:
    """Supported claims against claims that nothing supports."""
    return _wice("wice-support", split, data, {"supported", "not_supported"})


def wice_entailed(split: str, data: Path) -> ClaimSuite:
    """Supported claims against those that are supported in part or not at all."""
    return _wice(
        "wice-entailed", split, data, {"supported", "partially_supported", "not_supported"}
    )


def _written(name: str, split: str) -> ClaimSuite:
    return ClaimSuite(
        f"support-{name}-{split}",
        lambda embedder: claims.written(name, split),  # noqa: ARG005
        split,
    )


def _wice(name: str, split: str, data: Path, labels: set[str]) -> ClaimSuite:
    needed(data / "wice" / "claims_dev.jsonl")
    return ClaimSuite(
        f"{name}-{split}",
        lambda embedder: tuple(c for c in claims.wice(data, split, embedder) if c.kind in labels),
        split,
        notes={"source": "WiCE dev, ODC-BY; halves by hash"},
    )


MAKERS: dict[str, Callable[[str, Path], ClaimSuite]] = {
    "support": bundled,
    "support-free": free,
    "support-fresh": fresh,
    "support-un": resolutions,
    "wice-support": wice_support,
    "wice-entailed": wice_entailed,
}
NAMES = tuple(MAKERS)
