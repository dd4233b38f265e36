"""How the time of a question grows with the number of passages, beside the tutorial recipe.

What embedding costs is the same at every size and is left out: texts and questions get hashed
bags of words for vectors, in both systems. Everything else is as in use. Files are taken in
again under other names until there are enough passages.

    python -m benchmarks.scale [--sizes 1000,25000,100000] FOLDER-OR-FILE …
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from corpus.embedder import HashedBagOfWords
from corpus.model import Document
from corpus.settings import BUNDLED
from corpus.store import Corpus
from evals.baselines.tutorial import Tutorial
from ingest.metadata import Metadata
from ingest.pipeline import build_document
from rag.assistant import Assistant
from rag.model import Query

SIZES = "1000,5000,25000,100000"
QUESTIONS, WORDS = 60, 9
DIMENSION = 384


def grown(paths: Sequence[Path], embedder: HashedBagOfWords) -> Iterator[tuple[Document, Path]]:
    """Documents without end: each file, then each again as another submitter's."""
    for copy in itertools.count():
        for path in paths:
            text = f"Copy {copy}\n\n{path.read_text(encoding='utf-8')}" if copy else ""
            data = text.encode() or path.read_bytes()
            known = Metadata(entity=f"{path.stem} copy {copy}")
            yield build_document(data, f"{copy}-{path.name}", embedder, known), path


def questions(documents: Sequence[Document]) -> list[Query]:
    """Opening words of passages, evenly spread."""
    chunks = [chunk for document in documents for chunk in document.chunks]
    chosen = chunks[:: max(1, len(chunks) // QUESTIONS)][:QUESTIONS]
    return [Query(f"What about {' '.join(chunk.text.split()[:WORDS])}?") for chunk in chosen]


def milliseconds(answer: Callable[[Query], object], asked: Sequence[Query]) -> list[float]:
    """Wall time of each answer; the first is asked once before, unmeasured."""
    answer(asked[0])
    times = []
    for query in asked:
        started = time.perf_counter()
        answer(query)
        times.append((time.perf_counter() - started) * 1000)
    return times


def report(corpus: Corpus, documents: Sequence[Document], embedder: HashedBagOfWords) -> str:
    """One row: passages, medians and 95th percentiles of both, ratio of medians."""
    asked = questions(documents)
    ours = milliseconds(Assistant(corpus).ask, asked)
    with tempfile.TemporaryDirectory() as folder:
        tutorial = Tutorial(documents, embedder, Path(folder))
        theirs = milliseconds(tutorial.ask, asked)
        tutorial.close()
    cells = [statistics.median(ours), _p95(ours), statistics.median(theirs), _p95(theirs)]
    chunks = sum(len(document.chunks) for document in documents)
    row = "".join(f"{cell:10.1f}" for cell in cells)
    return f"{chunks:9,}{row}{cells[0] / cells[2]:8.2f}"


def main(paths: Sequence[Path], sizes: Sequence[int]) -> None:
    """Print a row for each size, in milliseconds."""
    files = [f for p in paths for f in (sorted(p.glob("*.txt")) if p.is_dir() else [p])]
    embedder = HashedBagOfWords(DIMENSION)
    supply = grown(files, embedder)
    documents: list[Document] = []
    chunks = 0
    print("   chunks  ours p50  ours p95  tut. p50  tut. p95   ratio", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(Path(folder), embedder)
        for size in sizes:
            while chunks < size:
                document, path = next(supply)
                corpus.add(document, path, f"{path}#{len(documents)}")
                documents.append(document)
                chunks += len(document.chunks)
            print(report(corpus, documents, embedder), flush=True)
        corpus.close()


def _p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=[BUNDLED], metavar="PATH")
    parser.add_argument("--sizes", default=SIZES, help="passages, ascending, comma-separated")
    arguments = parser.parse_args()
    main(arguments.paths, [int(size) for size in arguments.sizes.split(",")])
