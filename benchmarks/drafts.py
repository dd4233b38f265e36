"""What a connected model drafts, and what of it is shown: the ECPAT dev questions.

Prints the counts and writes each drafted sentence with the quotes it was held against, the verdict
and its reasons, one JSON object a line, for judging by hand and for holding against another check
later (``--again``, without a model). The model is the one of the settings; for SmolLM2:

    make small-model &
    WSIS_MODEL=smollm2-135m WSIS_MODEL_BASE_URL=http://127.0.0.1:8080/v1 WSIS_MODEL_TIMEOUT=300 \\
        .venv/bin/python -m benchmarks.drafts --out drafts.jsonl [--minutes 30]
    .venv/bin/python -m benchmarks.drafts --again drafts.jsonl --out again.jsonl
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpus.model import Document, Span
from corpus.multilingual import MultilingualEmbedder
from corpus.settings import BUNDLED, PROJECT, read_settings
from corpus.store import Corpus
from corpus.transformer import SentenceTransformerEmbedder
from evals.cases import CaseEntry, read_cases
from ingest.pipeline import ingest_file
from rag.assistant import Assistant
from rag.chat_model import ChatModel, connect
from rag.judge import Place, holds
from rag.model import Mode, Query, Verdict
from rag.open import open_assistant
from rag.verify import verifier

CASES = PROJECT / "evals" / "cases" / "ecpat-dev.yaml"
SEED = BUNDLED / "ECPAT_International_CSTD27.txt"


def drafted(question: str, draft: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What became of each drafted sentence; those that are ``supported`` are shown as drafted."""
    made_by = {"model": draft["model"], "prompts": draft["prompt_version"]}
    for one in draft["sentences"]:
        yield {"question": question, **made_by, **one}


def run(
    assistant: Assistant, cases: Iterable[CaseEntry], top_k: int, minutes: float, out: Path
) -> Counter:
    """Asks until all are asked or the time is over; gives the counts."""
    counts: Counter[str] = Counter()
    end = time.monotonic() + 60 * minutes
    with out.open("w", encoding="utf-8") as file:
        for case in cases:
            if time.monotonic() > end:
                break
            answer = assistant.ask(Query(case.question, top_k=top_k))
            kept = assistant.corpus.answer(answer.answer_id)
            draft = kept.get("draft") if isinstance(kept, dict) else None
            counts["questions"] += 1
            if draft is None:
                counts["declined, not drafted"] += 1
                continue
            counts["drafted answers shown"] += answer.mode is Mode.GENERATIVE
            counts["sentences shown"] += len(answer.sentences)
            counts["of them as drafted"] += sum(
                one.verdict is Verdict.SUPPORTED for one in answer.sentences
            )
            counts["sentences drafted"] += len(draft["sentences"])
            counts["tokens in"] += draft["tokens_in"]
            counts["tokens out"] += draft["tokens_out"]
            counts.update(f"sentences {one['verdict']}" for one in draft["sentences"])
            for one in drafted(case.question, draft):
                file.write(json.dumps(one, ensure_ascii=False) + "\n")
            file.flush()
    return counts


def again(corpus: Corpus, drafts: Path, out: Path) -> Counter:
    """Holds drafted sentences against their quotes once more, with the check as it is now."""
    counts: Counter[str] = Counter()
    check = verifier(corpus)
    (document,) = (corpus.document(one.id) for one in corpus.submissions())
    with out.open("w", encoding="utf-8") as file:
        for line in drafts.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            if not one["quotes"] or "it is its quote" in one["reasons"]:
                continue
            places = [_place(document, quote) for quote in one["quotes"]]
            finding = holds(check, one["text"], places)
            was = "supported" if one["verdict"] == Verdict.SUPPORTED else "not"
            counts[f"was {was}, is {'supported' if finding.supported else 'not'}"] += 1
            one |= {"again": finding.supported, "again_reasons": finding.reasons}
            file.write(json.dumps(one, ensure_ascii=False) + "\n")
    return counts


def _place(document: Document, quote: str) -> Place:
    start = document.text.index(quote)
    return Place(document, Span(start, start + len(quote)), 0.0)


def main() -> None:
    """Ask, count, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("drafts.jsonl"))
    parser.add_argument("--again", type=Path, help="drafts to hold against the check as it is now")
    parser.add_argument("--top-k", type=int, default=8, help="fewer are faster to read")
    parser.add_argument("--minutes", type=float, default=30.0)
    given = parser.parse_args()
    model = None if given.again else connect(read_settings())
    if not (model or given.again):
        parser.error("set WSIS_MODEL")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(Path(folder), SentenceTransformerEmbedder(), MultilingualEmbedder())
        ingest_file(corpus, SEED)
        if given.again:
            counts = again(corpus, given.again, given.out)
        else:
            cases = (case for case in read_cases(CASES).cases if not case.history)
            counts = run(
                open_assistant(corpus, model), cases, given.top_k, given.minutes, given.out
            )
        corpus.close()
    if isinstance(model, ChatModel):
        model.close()
    for name, count in counts.items():
        print(f"{count:7,}  {name}")


if __name__ == "__main__":
    main()
