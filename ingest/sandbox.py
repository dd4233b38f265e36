"""Each file is read in a process of its own, with limits, that may die without harm.

Files come from anyone, and the libraries that read them are large: one can hang, take all
memory or crash. The child gets the bytes on its standard input and none of our settings; what
it answers is data (JSON), never objects.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from corpus.errors import UnreadableFile
from ingest.canonical import Kind, Line, Source
from ingest.office import OFFICE_SECONDS, laid_out
from ingest.pdfium import picture
from ingest.readers import LAID_OUT, Layout, read
from ingest.reading import AS_IT_IS, Reading
from ingest.recognition import FILE_SECONDS, PAGE_SECONDS, Recogniser, Tesseract

# Files of a parser test pack take under 2 s and 200 MB each; a report of 1,000 pages some 10 s.
SECONDS = 60.0
PICTURE_SECONDS = 20.0
_READ, _DRAW, _PNG = "read", "draw", b"\x89PNG\r\n"
_PDF = ".pdf"
_ADDRESS_SPACE = 2 << 30
# Of the environment; no keys, no settings.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "TESSDATA_PREFIX")
_ROOT = Path(__file__).resolve().parent.parent
P = ParamSpec("P")
T = TypeVar("T")


def read_apart(
    data: bytes, suffix: str, seconds: float = SECONDS, reading: Reading = AS_IT_IS
) -> Source:
    """As ``readers.read``, in a child process that is killed after ``seconds`` of wall time.

    Text recognition has a time of its own, by the number of pages. Raises UnreadableFile, also
    ``timed_out``, ``too_large`` (out of memory) and ``damaged`` (the child crashed).
    """
    try:
        return _read_apart(data, suffix, seconds, reading)
    except UnreadableFile as error:
        if error.status != "timed_out" or not reading.lays_out or suffix.lower() not in LAID_OUT:
            raise
    # It is the pages that took so long, or else it does so again.
    source = _read_apart(data, suffix, seconds, replace(reading, lays_out=False))
    told = "Its pages are not known: laying it out took too long."
    return replace(source, warnings=(*source.warnings, told))


def _read_apart(data: bytes, suffix: str, seconds: float, reading: Reading) -> Source:
    arguments = [_READ, suffix]
    if reading != AS_IT_IS:
        arguments.append(json.dumps(asdict(reading)))
        # The child ends itself after ``seconds`` before, and as many after, other programs run.
        seconds = 2 * seconds + FILE_SECONDS + PAGE_SECONDS + OFFICE_SECONDS
    done = _run(arguments, data, seconds)
    try:
        answer = json.loads(done)
    except ValueError as error:
        raise UnreadableFile("damaged", "Reading the file failed (no answer).") from error
    return _source(answer)


def picture_apart(
    data: bytes,
    suffix: str,
    number: int,
    boxes: Sequence[Sequence[float]],
    seconds: float = PICTURE_SECONDS,
) -> bytes:
    """As ``pdfium.picture``, in a child process; raises UnreadableFile as ``read_apart`` does.

    A word processor file is laid out before.
    """
    if suffix != _PDF:
        seconds += OFFICE_SECONDS
    png = _run([_DRAW, suffix, str(number), json.dumps(boxes)], data, seconds)
    if not png.startswith(_PNG):
        raise UnreadableFile("damaged", f"Page {number} of the file cannot be drawn.")
    return png


def _run(arguments: Sequence[str], data: bytes, seconds: float) -> bytes:
    """What the child writes, given the bytes of a file."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = str(_ROOT)
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the arguments are data to it
            [sys.executable, "-m", "ingest.sandbox", *arguments],
            input=data,
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _timed_out(seconds) from error
    if done.returncode == -signal.SIGALRM:
        raise _timed_out(SECONDS)
    if done.returncode:
        raise UnreadableFile("damaged", f"Reading the file failed ({_ended(done.returncode)}).")
    return done.stdout


def _timed_out(seconds: float) -> UnreadableFile:
    told = f"Reading the file took more than {seconds:.0f} s. Split it, or save it anew."
    return UnreadableFile("timed_out", told)


def _ended(code: int) -> str:
    if code > 0:
        return f"the reader ended with code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
    return f"the reader was ended by {name}"


def _source(answer: dict[str, Any]) -> Source:
    if "status" in answer:
        raise UnreadableFile(answer["status"], answer["message"])
    lines = tuple(
        Line(text, page, Kind(kind), level, tuple(tuple(box) for box in boxes), wraps, lead)
        for text, page, kind, level, boxes, wraps, lead in answer["lines"]
    )
    labels, warnings = tuple(answer["labels"]), tuple(answer["warnings"])
    shown = _source(answer["shown"]) if answer["shown"] else None
    return Source(lines, labels, warnings, tuple(answer["recognised"]), shown)


def _answer(data: bytes, suffix: str, reading: Reading = AS_IT_IS) -> dict[str, Any]:
    """What the child found, as JSON has it."""
    recognise: Recogniser | None = Tesseract(reading.languages) if reading.languages else None
    lay_out: Layout | None = laid_out if reading.lays_out else None
    try:
        source = read(data, suffix, _untimed(recognise), _untimed(lay_out))
    except UnreadableFile as error:
        return {"status": error.status, "message": str(error)}
    except MemoryError:
        return {
            "status": "too_large",
            "message": "Reading the file takes too much memory. Split it.",
        }
    return _told(source)


def _told(source: Source) -> dict[str, Any]:
    return {
        "lines": [astuple(line) for line in source.lines],
        "labels": source.labels,
        "warnings": source.warnings,
        "recognised": source.recognised,
        "shown": _told(source.shown) if source.shown else None,
    }


def _untimed(program: Callable[P, T] | None) -> Callable[P, T] | None:
    """A call of another program, during which the child's time stands still: it has its own."""
    if program is None:
        return None

    def without_alarm(*args: P.args, **named: P.kwargs) -> T:
        signal.alarm(0)
        try:
            return program(*args, **named)
        finally:
            signal.alarm(round(SECONDS))

    return without_alarm


def _child() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    task, *arguments = sys.argv[1:]
    data = sys.stdin.buffer.read()
    if task == _DRAW:
        sys.stdout.buffer.write(_drawn(data, *arguments))
        return
    suffix, *stated = arguments
    reading = Reading(**json.loads(stated[0])) if stated else AS_IT_IS
    if stated:
        signal.alarm(round(SECONDS))
    # Lone surrogates are no UTF-8; as escapes they pass.
    sys.stdout.write(json.dumps(_answer(data, suffix, reading)))


def _drawn(data: bytes, suffix: str, number: str, boxes: str) -> bytes:
    """The picture; nothing where there is none, for the parent to say."""
    try:
        pdf = data if suffix == _PDF else laid_out(data, suffix)
        return picture(pdf, int(number), json.loads(boxes))
    except (UnreadableFile, MemoryError):
        return b""


if __name__ == "__main__":
    _child()
