"""The case file that `wsis eval init` writes, for a user's own corpus."""

from __future__ import annotations

from pathlib import Path

from evals.errors import CasesInvalid

STARTER = """\
# Questions about one of your documents, with the passages that answer them.
# Run them with:  wsis eval run {name}
# How to write good cases: docs/evaluation.md.

suite: my-cases          # small letters, digits and hyphens; names the runs
split: dev               # dev: look at failures and improve; test: only aggregates are for you
document: my-document.pdf  # beside this file
# Files or folders to search among as well; they make finding the right document a real task.
# beside: [other-documents/]

cases:
  # A question that the document answers. Word it as your users would, not as the document does:
  # cases that share the document's words measure little.
  - id: fact-01
    class: fact          # any word; figures are given for each class
    question: "Who chairs the group on civil society?"
    language: en         # of the question
    expect: answered
    gold:
      # Word for word from the document (line breaks do not matter), long enough to be unique.
      - quote: "REPLACE with the whole sentence that answers."
        section: "REPLACE with the heading it stands under"
    # What a right answer must show; "a|b" accepts either.
    required: ["Civil Society Sector Reference Group|reference group"]
    note: "why this case is here; not read by the program"

  # A question that leans on the one before it.
  - id: follow-up-01
    class: follow_up
    question: "since when?"
    history:
      - {{role: user, content: "Who chairs the group on civil society?"}}
      - {{role: assistant, content: "The submitter does."}}
    expect: answered
    gold:
      - quote: "REPLACE with the whole sentence that answers."
        section: "REPLACE with the heading it stands under"

  # A question that the document does not answer, though it speaks of the subject.
  # Write about one of these for each three that are answered.
  - id: unanswerable-01
    class: unanswerable
    question: "What is the budget of the group?"
    expect: declined
"""


def write_starter(path: Path) -> None:
    """Write the starter; raises CasesInvalid rather than replace a file."""
    if path.exists():
        raise CasesInvalid(f"{path} is there already. Name a file that is not.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(STARTER.format(name=path), encoding="utf-8")
