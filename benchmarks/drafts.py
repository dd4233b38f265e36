"""What a connected model drafts, and what of it is shown: the ECPAT dev questions.

Prints the counts and writes each shown sentence beside its quotes, and each rejected one with its
reasons, to a file for judging by hand. The model is the one of the settings; for SmolLM2:

    make small-model &
    WSIS_MODEL=smollm2-135m WSIS_MODEL_BASE_URL=http://127.0.0.1:8080/v1 WSIS_MODEL_TIMEOUT=300 \\
        .venv/bin/python -m benchmarks.drafts --out drafts.md [--minutes 30]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from corpus.multilingual import MultilingualEmbedder
from corpus.settings import BUNDLED, PROJECT, read_settings
from corpus.store import Corpus
from corpus.transformer import SentenceTransformerEmbedder
from evals.cases import CaseEntry, read_cases
from ingest.pipeline import ingest_file
from rag.assistant import Assistant
from rag.chat_model import connect
from rag.model import Answer, Mode, Query
from rag.open import open_assistant

CASES = PROJECT / "evals" / "cases" / "ecpat-dev.yaml"
SEED = BUNDLED / "ECPAT_International_CSTD27.txt"


def page(question: str, answer: Answer, draft: dict[str, Any]) -> str:
    """One question: what is shown with its quotes, and what was drafted besides."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    shown = [
        f"- {one.verdict}: {one.text}\n"
        + "".join(f"    - [{number}] {quotes[number]}\n" for number in one.citations)
        for one in answer.sentences
    ]
    drafted = [
        f"- {one['verdict']} ({one['score']}): {one['text']} -- {'; '.join(one['reasons'])}\n"
        for one in draft.get("sentences", ())
    ]
    warnings = "".join(f"({warning})\n" for warning in answer.warnings)
    head = f"## {question}\n\n{answer.mode}, {draft.get('form')}, {draft.get('tokens_out')} tokens"
    return f"{head}\n{warnings}\nShown\n{''.join(shown)}\nDrafted\n{''.join(drafted)}\n"


def run(assistant: Assistant, cases: tuple[CaseEntry, ...], minutes: float, out: Path) -> Counter:
    """Asks until all are asked or the time is over; gives the counts."""
    counts: Counter[str] = Counter()
    end = time.monotonic() + 60 * minutes
    with out.open("w", encoding="utf-8") as file:
        for case in cases:
            if time.monotonic() > end:
                break
            answer = assistant.ask(Query(case.question))
            kept = assistant.corpus.answer(answer.answer_id)
            draft = kept.get("draft") if isinstance(kept, dict) else None
            counts["questions"] += 1
            if draft is None:
                counts["declined, not drafted"] += 1
                continue
            counts["drafted answers shown"] += answer.mode is Mode.GENERATIVE
            counts["sentences drafted"] += len(draft["sentences"])
            counts["tokens in"] += draft["tokens_in"]
            counts["tokens out"] += draft["tokens_out"]
            counts.update(f"sentences {one['verdict']}" for one in draft["sentences"])
            file.write(page(case.question, answer, draft))
            file.flush()
    return counts


def main() -> None:
    """Ask, count, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("drafts.md"))
    parser.add_argument("--minutes", type=float, default=30.0)
    given = parser.parse_args()
    model = connect(read_settings())
    if model is None:
        parser.error("set WSIS_MODEL")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(Path(folder), SentenceTransformerEmbedder(), MultilingualEmbedder())
        ingest_file(corpus, SEED)
        assistant = open_assistant(corpus, model)
        cases = tuple(case for case in read_cases(CASES).cases if not case.history)
        counts = run(assistant, cases, given.minutes, given.out)
        corpus.close()
    model.close()
    for name, count in counts.items():
        print(f"{count:7,}  {name}")


if __name__ == "__main__":
    main()
