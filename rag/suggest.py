"""Questions that a declined one could be followed by: about the sections that came nearest.

They are only worded here; whoever shows one asks it first, so that none leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.select import Candidate

_NUMBERING = re.compile(
    r"(?:(?:part|section|chapter|annex)\s+\w+\s*[:.–—-]|\(?[a-z]\)|[A-Z]\.|[IVX]+\.|\d[\d.]*[.)]?)\s+",
    re.IGNORECASE,
)


def suggestions(ranked: Sequence[Candidate], limit: int) -> list[str]:
    """At most ``limit`` questions, about the section of the best candidate first."""
    asked: dict[str, None] = {}
    for candidate in ranked:
        section = candidate.retrieved.passage.section
        if section.heading is None or section.boilerplate:
            continue
        topic = _NUMBERING.sub("", section.path[-1], count=1).strip(" .:;?!")
        entity = candidate.document.submission.entity
        asked[f"What does {entity} say about {topic or section.path[-1]}?"] = None
        if len(asked) == limit:
            break
    return list(asked)
