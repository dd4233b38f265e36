"""Running heads and feet, and the page numbers that stand in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.sheets import Placed

# On so many pages, and on this share of the left or the right ones, a line is a running one.
_RUNNING_PAGES, _RUNNING_SHARE = 3, 0.5
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|página|стр\.)?\s*[-–—|]?\s*(?P<number>\d{1,5})\s*[-–—|]?"
    r"(?:\s*(?:of|/|de|sur|из)\s*\d{1,5})?",
    re.IGNORECASE,
)


def running_patterns(pages: Sequence[Sequence[Placed]]) -> frozenset[str]:
    """Patterns of running heads and feet: outer lines that many pages have alike."""
    seen = Counter(
        pattern for page in pages for pattern in {line.pattern for line in page if line.is_outer}
    )
    least = max(_RUNNING_PAGES, _RUNNING_SHARE * len(pages) / 2)
    running = {pattern for pattern, count in seen.items() if count >= least}
    if len(pages) == 2:
        # On two pages only what is the same to the letter is no chance.
        first, second = ({line.text for line in page if line.is_outer} for page in pages)
        running |= {text.lower() for text in first & second if not re.search(r"\d", text)}
    return frozenset(running)


def is_running(line: Placed, running: frozenset[str], printed: Sequence[str | None]) -> bool:
    """Whether a line is a running head or foot, or has its page's own number alone."""
    if not line.is_outer:
        return False
    number = _PAGE_NUMBER.fullmatch(line.text)
    is_own = number and number["number"] == printed[line.sheet.number - 1]
    return bool(is_own) or line.pattern in running


def printed_numbers(pages: Sequence[Sequence[Placed]]) -> tuple[str | None, ...]:
    """Page numbers as they stand in the margins, where they count with the pages."""
    offsets = Counter(
        offset
        for page in pages
        for offset in {
            int(found) - line.sheet.number
            for line in page
            if line.is_outer
            for found in re.findall(r"(?<![\d.,/–-])\d{1,5}(?![\d.,/–-])", line.text)
        }
    )
    if not offsets:
        return (None,) * len(pages)
    (offset, count), *_ = offsets.most_common(1)
    if count < max(2, len(pages) / 2):
        return (None,) * len(pages)
    return tuple(str(n + offset) if n + offset > 0 else None for n in range(1, len(pages) + 1))
