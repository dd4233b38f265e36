"""Whether a passage gives the reason that a question asks for, or only what it is the reason of."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WHY = re.compile(
    r"\bwhy\b|\bwhat (?:explains|are the reasons|is the reason|reasons?)\b|\bpourquoi\b|"
    r"\bpor qué\b|\bпочему\b|为什么|为何|\bلماذا\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a result of|results? (?:of|in|from)|caus\w+|reasons?|"
    r"therefore|thus|in order to|so that|so as to|given (?:the|that|their|its)|driven by|"
    r"underpinned by|in response|respond\w*|thanks to|on account of|stem(?:s|ming)? from|"
    r"in view of|as (?:it|they|this)|the fact that|since (?:it|they|the|this|these)|car|parce que|"
    r"afin de|porque|debido|поскольку|из-за|потому)\b|因为|由于|لأن|بسبب",
    re.IGNORECASE,
)
# A reason is told in other words than what it is the reason of: a question that has no more gain
# than this says only what the passage says. See docs/decisions/0022-late-interaction.md.
_GAIN_OF_A_REASON = 0.08


def reason_missing(question: str, sentences: Iterable[str], gain: float | None) -> tuple[str, ...]:
    """A doubt for the reader, if a reason is asked for and none seems to be given.

    ``gain`` is that of the question, None where it could not be measured; then there is no doubt.
    """
    if gain is None or gain >= _GAIN_OF_A_REASON or not _WHY.search(question):
        return ()
    if any(_BECAUSE.search(sentence) for sentence in sentences):
        return ()
    return ("The nearest passages do not say why.",)
