"""How fast submissions are taken in, beside the tutorial recipe on the same files.

The tutorial recipe cuts every 1,000 characters, embeds with MiniLM as sentence-transformers runs it
and puts the vectors into Chroma; ours reads in processes apart, finds sections and sentences,
embeds passages twice and sentences once, and fills three stores. The two take turns on parts of the
files, so that what else the machine does falls on both; the recipe runs in a process of its own, so
that the memory told is ours alone. Quote the ratio.

    python -m benchmarks.ingest [--limit N] [--parts N] FOLDER-OR-FILE …
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from corpus.embedder import Embedder
from corpus.model import Document, Section, Span, Submission
from corpus.open import multilingual_embedder, passage_embedder
from corpus.store import Corpus
from evals.baselines.tutorial import Tutorial
from ingest.pipeline import ingest
from ingest.readers import read
from ingest.tasks import files_in

_MEGABYTE = 1024


def parts_of(files: Sequence[Path], count: int) -> Iterator[list[Path]]:
    """The files in so many parts of like size."""
    for number in range(count):
        yield list(files[number::count])


def tutorial(files: Sequence[Path], folder: Path) -> tuple[float, int]:
    """Seconds and words: read as the user's loader would, cut, embed, store."""
    embedder = _ready()
    started = time.perf_counter()
    documents = [_plain(path) for path in files]
    made = Tutorial(documents, embedder, folder)
    seconds = time.perf_counter() - started
    made.close()
    return seconds, sum(len(document.text.split()) for document in documents)


def ours(corpus: Corpus, files: Sequence[Path]) -> tuple[float, int]:
    """Seconds and words of what was taken."""
    started = time.perf_counter()
    reports = list(ingest(corpus, files, _silent))
    seconds = time.perf_counter() - started
    taken = [report.submission_id for report in reports if report.submission_id]
    return seconds, sum(len(corpus.document(one).text.split()) for one in taken)


def main() -> None:
    """Print words a second of both, the ratio, memory, and what a second run takes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, help="an evenly spread sample of so many files")
    parser.add_argument("--parts", type=int, default=4, help="how often the two take turns")
    asked = parser.parse_args()
    files = list(files_in(asked.paths))
    if asked.limit and asked.limit < len(files):
        files = [files[n * len(files) // asked.limit] for n in range(asked.limit)]
    apart = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(max_workers=1, mp_context=apart) as beside,
    ):
        _compare(files, asked.parts, Path(folder), beside)


def _compare(files: Sequence[Path], parts: int, folder: Path, beside: ProcessPoolExecutor) -> None:
    corpus = Corpus(folder / "ours", _ready(), multilingual_embedder())
    corpus.multilingual.embed_documents(["ready"])
    own, other, words = 0.0, 0.0, 0
    for number, part in enumerate(parts_of(files, parts)):
        seconds, count = ours(corpus, part)
        own, words = own + seconds, words + count
        plain, _ = beside.submit(tutorial, part, folder / f"tutorial-{number}").result()
        other += plain
        print(f"part {number + 1}: ours {seconds:.1f} s, tutorial {plain:.1f} s", flush=True)
    again, _ = ours(corpus, files)
    healthy = corpus.inspect().healthy
    corpus.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE
    print(f"{len(files)} files, {words:,} words, stores agree: {healthy}")
    print(f"ours     {words / own:8.0f} words/s")
    print(f"tutorial {words / other:8.0f} words/s")
    print(f"ratio    {other / own:8.2f}")
    print(f"memory   {peak:8.0f} MB at most")
    print(f"again    {again:8.2f} s, {own / again:.0f} times as fast as the first run")


@cache
def _ready() -> Embedder:
    """The embedder of both, with what it loads at first use loaded; one in each process."""
    embedder = passage_embedder()
    embedder.embed_documents(["ready"])
    return embedder


def _plain(path: Path) -> Document:
    text = "\n".join(line.text for line in read(path.read_bytes(), path.suffix).lines)
    submission = Submission(path.stem, "", "", None, None, None, "en", path.name, "")
    whole = Section(0, (), Span(0, len(text)))
    return Document(submission, text, (whole,), ())


def _silent(path: Path, done: int, total: int) -> None:
    """No progress is shown."""


if __name__ == "__main__":
    main()
