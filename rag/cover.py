"""Questions about a submission itself: who submitted it, on which year, to which session.

Its cover says so, which for every other question is in the way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Submission

_ITEM = r"(?:submission|contribution|document|report|paper|text)\b"
# The submission: "Who made it possible?" and "a report on children" are others.
_IT = rf"(?:(?:the |this |that )(?:\w+ )?{_ITEM}(?! (?:on|about|into)\b)|(?:this|it)(?=\W*$))"
_MADE = r"(?:wrote|submitted|made|prepared|sent|authored|issued)"
_BODY = r"(?:organi[sz]ation|entity|body|stakeholder|country|government|company|ngo)"
_WHO = re.compile(
    rf"\b(?:who|(?:which|what) {_BODY}) {_MADE} {_IT}|"
    rf"\b(?:which|what) {_BODY} (?:is|was) (?:the |this |that )?(?:{_ITEM}|this|it) (?:from|by)\b|"
    r"\bwho (?:is|are|was|were) the (?:submitters?|authors?|contributors?)\b|"
    rf"\bby whom (?:is|was) (?:the |this )?(?:{_ITEM}|this|it) "
    r"(?:written|submitted|made|prepared|sent|issued)\b|"
    rf"\b(?:whose|from whom) (?:is|was) {_IT}",
    re.IGNORECASE,
)
_YEAR = re.compile(
    rf"\b(?:what|which) years? (?:does|do|is|was|are) (?:\w+ ){{0,4}}?(?:{_ITEM}|this|it)\b.*"
    r"\b(?:cover|about|on|for|concern|report)",
    re.IGNORECASE,
)
_SESSION = re.compile(
    rf"\b(?:which|what) (?:\w+ )?session\b.*(?:\bCSTD\b|\bcommission\b|\b{_ITEM}|"
    r"\b(?:is|was) (?:this|it)\b)|\b(?:which|what) CSTD session\b",
    re.IGNORECASE,
)
_A_SESSION = re.compile(r"\bsession\b", re.IGNORECASE)


def asks_about_itself(question: str) -> bool:
    """Whether a question asks what the cover of a submission says."""
    return any(asks.search(question) for asks in (_WHO, _YEAR, _SESSION))


def says_of_itself(text: str, submission: Submission, question: str) -> bool:
    """Whether a line of the cover says what is asked: the submitter, the year or the session."""
    asked: Sequence[tuple[re.Pattern[str], bool]] = (
        (_WHO, submission.entity.casefold() in text.casefold()),
        (_YEAR, submission.year is not None and str(submission.year) in text),
        (_SESSION, bool(_A_SESSION.search(text))),
    )
    return any(told and asks.search(question) for asks, told in asked)
