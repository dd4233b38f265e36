"""How long a question takes, beside the tutorial recipe in the same run.

Both answer the same questions on the same submissions with the same embedder, in turn, so that
what else the machine does falls on both. Quote the ratio; absolute times are this machine's.

    python -m benchmarks.ask [FOLDER-OR-FILE …]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from corpus.settings import BUNDLED
from corpus.store import Corpus
from corpus.transformer import SentenceTransformerEmbedder
from evals.baselines.tutorial import Tutorial
from ingest.pipeline import ingest
from rag.assistant import Assistant
from rag.model import Query

ROUNDS = 10
QUESTIONS = (
    "Where and when was the Global Boys Summit held?",
    "Which group does ECPAT chair within the WeProtect Global Alliance?",
    "Which future actions are planned?",
    "What obstacles stand in the way of protecting children online?",
    "What did ITU say about spectrum?",
)


def milliseconds(answer: Callable[[Query], object], question: str) -> float:
    """Wall time of one answer."""
    started = time.perf_counter()
    answer(Query(question))
    return (time.perf_counter() - started) * 1000


def main(paths: list[Path]) -> None:
    """Print the median of each and of their ratio, question by question."""
    embedder = SentenceTransformerEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(Path(folder, "ours"), embedder)
        reports = list(ingest(corpus, paths, lambda path, done, total: None))  # noqa: ARG005
        assistant = Assistant(corpus)
        documents = [corpus.document(found.id) for found in corpus.submissions()]
        tutorial = Tutorial(documents, embedder, Path(folder, "tutorial"))
        milliseconds(assistant.ask, QUESTIONS[0])
        milliseconds(tutorial.ask, QUESTIONS[0])
        pairs = [
            (milliseconds(assistant.ask, question), milliseconds(tutorial.ask, question))
            for _ in range(ROUNDS)
            for question in QUESTIONS
        ]
        tutorial.close()
        corpus.close()
    ours = statistics.median(pair[0] for pair in pairs)
    theirs = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median(a / b for a, b in pairs)
    chunks = sum(report.chunks for report in reports)
    print(f"{len(documents)} submissions, {chunks} chunks, {len(pairs)} pairs")
    print(f"ours     {ours:8.1f} ms  median of ask")
    print(f"tutorial {theirs:8.1f} ms  median of its retrieval")
    print(f"ratio    {ratio:8.2f}     median, pair by pair")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [BUNDLED])
