"""The command line: one program, ``wsis``, over all packages.

Exit codes: 0 done, 1 nothing could be done, 2 the request cannot be used as it is, 3 some files
were not taken; each error of ``corpus.errors`` has its own above that.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Task as ProgressTask
from rich.table import Column, Table
from rich.text import Text

from corpus.catalogue import listed_in
from corpus.errors import CorpusEmpty, PortInUse, SettingsInvalid, WsisError
from corpus.lock import read_owner
from corpus.model import Filters
from corpus.settings import BUNDLED, PROJECT, Settings, explain, is_loopback, read_settings
from evals.cli import app as eval_app
from ingest.tasks import FileReport, Task, files_in
from rag.model import Answer, Citation, Query, Status
from server.client import RemoteAssistant

app = typer.Typer(
    help="Answers questions about submissions on the WSIS outcomes, with exact citations.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(eval_app, name="eval")
out = Console(highlight=False, markup=False, soft_wrap=False)
err = Console(stderr=True, highlight=False, markup=False)

_READY_SECONDS = 120
# What goes into a pipe or a file keeps its lines whole, so that it can be searched.
_PIPED = not out.is_terminal
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Bundled = Annotated[
    bool, typer.Option("--bundled", help="Take in the bundled submissions if there are none yet.")
]


def main() -> None:
    """Run the command line; errors of ours end in one line that says what to do."""
    try:
        app(standalone_mode=True)
    except WsisError as error:
        err.print(f"wsis: {error}", style="red", soft_wrap=True)
        sys.exit(error.exit_code)


# --- commands --------------------------------------------------------------------------------


@app.command(epilog="Example: wsis ingest submissions/ --json")
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to take in.")],
    as_json: Json = False,
) -> None:
    """Take submissions in: text, Markdown, HTML, Word, OpenDocument, RTF or PDF. One report a file.

    Goes through a running server when there is one; it answers questions meanwhile.
    Exit code 0: all were taken; 3: some were not; 1: none was.
    """
    tasks = [Task(path) for path in files_in(paths)]
    reports = []
    with _ingesting(read_settings()) as ingest_tasks, _progress() as progress:
        task = progress.add_task("ingest", total=None)

        def show(path: Path, done: int, total: int) -> None:
            progress.update(task, description=path.name[:40], completed=done, total=total)

        for report in ingest_tasks(tasks, show):
            reports.append(report)
            if as_json:
                print(json.dumps(asdict(report), ensure_ascii=False), flush=True)
            else:
                detail = report.message or f"{report.chunks} chunks"
                out.print(f"{report.status:<14} {report.path}  {detail}")
    taken = sum(report.taken for report in reports)
    if not reports:
        err.print("wsis: The folders named hold no files.", style="red")
    raise typer.Exit(0 if reports and taken == len(reports) else 3 if taken else 1)


@app.command(epilog="Example: wsis remove 3f2a9c0d11e4b7aa")
def remove(
    submission_ids: Annotated[
        list[str], typer.Argument(help="Ids as `wsis submissions` lists them.", metavar="ID…")
    ],
) -> None:
    """Take submissions out of every store: text, vectors, words and the original file."""
    settings = read_settings()
    remote = _server(settings, RemoteAssistant.serves)
    with nullcontext(remote) if remote else _corpus(settings) as corpus:
        for submission_id in submission_ids:
            corpus.remove(submission_id)
            out.print(f"removed        {submission_id}")


@app.command(epilog='Example: wsis ask "Where and when was the Global Boys Summit held?"')
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    entity: Annotated[list[str] | None, typer.Option(help="Only this submitter.")] = None,
    session: Annotated[list[int] | None, typer.Option(help="Only this CSTD session.")] = None,
    part: Annotated[list[str] | None, typer.Option(help="Only this template part.")] = None,
    bundled: Bundled = False,
    as_json: Json = False,
) -> None:
    """Answer a question with exact citations, or say that the submissions do not.

    Goes through a running server when there is one.
    """
    filters = Filters(
        entity=tuple(entity or ()), session=tuple(session or ()), part=tuple(part or ())
    )
    with _assistant(read_settings(), bundled=bundled) as assistant:
        answer: Answer = assistant.ask(Query(question, filters=filters))
    if as_json:
        print(json.dumps(asdict(answer), ensure_ascii=False, indent=2))
    else:
        _print_answer(answer)


@app.command(epilog='Example: wsis search "digital payment" --json')
def search(
    words: Annotated[str, typer.Argument(help="Words that a passage must all have.")],
    entity: Annotated[list[str] | None, typer.Option(help="Only this submitter.")] = None,
    as_json: Json = False,
) -> None:
    """Every passage that has all the words, counted; none is left out."""
    with _assistant(read_settings()) as assistant:
        query = Query(words, filters=Filters(entity=tuple(entity or ())))
        hits: tuple[Citation, ...] = assistant.search(words, query)
    if as_json:
        found = {"query": words, "total": len(hits), "hits": [asdict(hit) for hit in hits]}
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    out.print(f"{len(hits)} passage{'' if len(hits) == 1 else 's'}")
    for hit in hits:
        _print_citation(hit, "•")


@app.command(epilog="Example: wsis submissions --json")
def submissions(as_json: Json = False) -> None:
    """List what is searchable."""
    settings = read_settings()
    if settings.server_url:
        listed = RemoteAssistant(settings.server_url, _key(settings)).submissions()
    else:
        listed = [asdict(found) for found in listed_in(settings.data_dir)]
    if as_json:
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    names = ("submitter", "kind", "session", "year", "language", "file")
    table = Table(Column("id", no_wrap=True), *(Column(name, overflow="fold") for name in names))
    for found in listed:
        row = ("id", "entity", "entity_type", "session", "year", "language", "filename")
        table.add_row(*(Text(str(found[name] or "")) for name in row))
    out.print(table)


@app.command(epilog="Example: WSIS_PORT=8080 wsis serve --bundled")
def serve(bundled: Bundled = False) -> None:
    """Serve the HTTP API until stopped; addresses and keys come from the settings."""
    import uvicorn

    from corpus.open import open_corpus
    from corpus.store import Corpus
    from server.app import create_app

    settings = read_settings()
    _check_address(settings)

    def opened(settings: Settings) -> Corpus:
        corpus = open_corpus(settings, url=settings.own_url)
        if bundled:
            _ingest_bundled(corpus)
        return corpus

    err.print(f"Serving at {settings.own_url} once the models are loaded. Stop with Ctrl-C.")
    uvicorn.run(
        create_app(settings, opened),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        log_config=_log_config() if settings.log_format == "json" else None,
    )


@app.command(epilog="Example: WSIS_SERVER_URL=http://127.0.0.1:8000 wsis chat")
def chat() -> None:
    """Serve the chat page until stopped; it talks to a server that runs already."""
    settings = read_settings()
    _check_free("127.0.0.1", settings.ui_port, "WSIS_UI_PORT")
    url = settings.server_url or settings.own_url
    err.print(f"Chat at http://127.0.0.1:{settings.ui_port}, asking the server at {url}.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chat_process = _start_chat(settings, url)
    try:
        raise typer.Exit(chat_process.wait())
    finally:
        _stop([chat_process])


@app.command(epilog="Example: wsis up")
def up() -> None:
    """Start server and chat, with the bundled submissions if there are none yet."""
    settings = read_settings()
    _check_address(settings)
    _check_free("127.0.0.1", settings.ui_port, "WSIS_UI_PORT")
    # So that ending this program by a signal ends the two that it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    err.print("Loading the models; this takes about ten seconds.")
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(_start([sys.executable, "-m", "cli", "serve", "--bundled"], {}))
        remote = RemoteAssistant(settings.own_url, _key(settings))
        _await(remote.answers, started[0], "server")
        started.append(_start_chat(settings, settings.own_url))
        _await(lambda: _listens(settings.ui_port), started[1], "chat")
        out.print(f"Chat  http://127.0.0.1:{settings.ui_port}")
        out.print(f"API   {settings.own_url}/ask")
        out.print("Stop both with Ctrl-C.")
        while all(process.poll() is None for process in started):
            time.sleep(0.5)
    except KeyboardInterrupt:
        return
    finally:
        _stop(started)
    err.print("wsis: Server or chat ended by itself; see the messages above.", style="red")
    raise typer.Exit(1)


@app.command(epilog="Example: wsis doctor --json")
def doctor(as_json: Json = False) -> None:
    """Compare the indexes with the catalogue. Exit code 0: they agree; 1: run `wsis rebuild`."""
    with _corpus(read_settings()) as corpus:
        inspection = corpus.inspect()
        searchable = len(corpus.submissions())
    if as_json:
        print(json.dumps({**asdict(inspection), "healthy": inspection.healthy}, indent=2))
    else:
        out.print(f"{searchable} submissions, {inspection.chunks} chunks")
        for name, values in asdict(inspection).items():
            if isinstance(values, tuple | list) and values:
                out.print(f"{name.replace('_', ' ')}: {len(values)}")
        out.print(
            "Catalogue and indexes agree."
            if inspection.healthy
            else "They differ. Run `wsis rebuild`."
        )
    raise typer.Exit(0 if inspection.healthy else 1)


@app.command(epilog="Example: WSIS_EMBEDDER=/models/e5-small wsis rebuild")
def rebuild() -> None:
    """Remake the indexes from the catalogue, for the embedder that is configured now."""
    from ingest.split import split

    with (
        _corpus(read_settings(), check_recipe=False) as corpus,
        Progress(console=err, transient=True) as progress,
    ):
        task = progress.add_task("rebuild", total=len(corpus.submissions()))
        chunks = corpus.rebuild(
            lambda document: split(document, corpus.embedder),
            lambda submission: progress.update(task, description=submission.entity, advance=1),
        )
        count = len(corpus.submissions())
    out.print(f"Rebuilt {chunks} chunks of {count} submissions.")


@app.command(epilog="Example: wsis config --json")
def config(as_json: Json = False) -> None:
    """Print every setting, its value and where it came from; keys are not shown."""
    explained = explain(read_settings())
    if as_json:
        print(json.dumps([asdict(one) for one in explained], indent=2))
        return
    table = Table("variable", "value", "from", "meaning")
    for one in explained:
        table.add_row(one.variable, one.value, one.origin, one.description)
    out.print(table)


# --- printing --------------------------------------------------------------------------------


def _print_answer(answer: Answer) -> None:
    if answer.standalone_question != answer.question:
        out.print(f"Understood as: {answer.standalone_question}\n", style="dim")
    style = "" if answer.status is Status.ANSWERED else "yellow"
    out.print(answer.answer, style=style, soft_wrap=_PIPED)
    for warning in answer.warnings:
        err.print(f"Note: {warning}", style="yellow")
    if answer.citations:
        out.print("\nSources", style="bold")
    for citation in answer.citations:
        _print_citation(citation, f"[{citation.number}]")
    if answer.nearest:
        out.print("\nNearest passages, which do not answer it", style="bold")
    for citation in answer.nearest:
        _print_citation(citation, "•")
    drafted = f" · drafted by {answer.model}, checked" if answer.model else ""
    out.print(
        f"\nconfidence {answer.confidence:.0%}{drafted} · corpus {answer.snapshot} · "
        f"configuration {answer.config} · answer {answer.answer_id}",
        style="dim",
        soft_wrap=_PIPED,
    )


def _print_citation(citation: Citation, mark: str) -> None:
    session = f", CSTD session {citation.session}" if citation.session else ""
    page = f", page {citation.page}" if citation.page else ""
    printed = f" (printed {citation.printed_page})" if citation.printed_page else ""
    recognised = any(place.recognised for place in citation.locations)
    scanned = " · recognised on a scan" if recognised else ""
    out.print(f"\n{mark} {citation.entity}{session}{page}{printed}{scanned}")
    out.print(f"    {' › '.join(citation.section)}", soft_wrap=_PIPED)
    out.print(f"    “{citation.quote}”", soft_wrap=_PIPED)
    if citation.translation:
        by = f"Translation by {citation.translation.model}, not checked"
        out.print(f"    {by}: {citation.translation.text}", style="dim", soft_wrap=_PIPED)


# --- parts -----------------------------------------------------------------------------------


@contextmanager
def _corpus(settings: Settings, *, check_recipe: bool = True) -> Iterator[Any]:
    """The corpus of the settings, opened by this process."""
    from corpus.open import open_corpus

    with err.status("Loading the models"):
        corpus = open_corpus(settings, check_recipe=check_recipe)
    try:
        yield corpus
    finally:
        corpus.close()


@contextmanager
def _assistant(settings: Settings, *, bundled: bool = False) -> Iterator[Any]:
    """The assistant of a running server, or one of this process."""
    remote = _server(settings, RemoteAssistant.answers)
    if remote:
        yield remote
        return
    from rag.chat_model import connect
    from rag.open import open_assistant

    model = connect(settings)
    with _corpus(settings) as corpus:
        if bundled:
            _ingest_bundled(corpus)
        yield open_assistant(corpus, model)
    if model:
        model.close()


@contextmanager
def _ingesting(settings: Settings) -> Iterator[Callable[..., Iterator[FileReport]]]:
    """Takes files in: through the server that has the folder, or in this process."""
    remote = _server(settings, RemoteAssistant.serves)
    if remote:
        yield remote.ingest
        return
    from ingest.pipeline import ingest_tasks
    from ingest.reading import reading_of

    reading = reading_of(settings)
    with _corpus(settings) as corpus:
        yield partial(ingest_tasks, corpus, reading=reading)


def _server(settings: Settings, is_up: Callable[[RemoteAssistant], bool]) -> RemoteAssistant | None:
    """The server named by a setting, or the one that holds the data folder, if it is up."""
    if settings.server_url:
        return RemoteAssistant(settings.server_url, _key(settings))
    owner = read_owner(settings.data_dir)
    remote = RemoteAssistant(owner.url, _key(settings)) if owner and owner.url else None
    return remote if remote and is_up(remote) else None


def _progress() -> Progress:
    """A bar with how many files, how fast, and the time left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )


class _Rate(ProgressColumn):
    """Files a minute."""

    def render(self, task: ProgressTask) -> Text:
        return Text(f"{task.speed * 60:.0f}/min" if task.speed else "")


def _key(settings: Settings) -> str:
    return os.environ.get("WSIS_API_KEY") or next(iter(sorted(settings.keys)), "")


def _ingest_bundled(corpus: Any) -> None:
    from ingest.pipeline import ingest as ingest_paths

    if corpus.submissions():
        return
    reports = list(ingest_paths(corpus, [BUNDLED], lambda path, done, total: None))  # noqa: ARG005
    if not any(report.taken for report in reports):
        raise CorpusEmpty(f"The bundled submissions in {BUNDLED} could not be taken in.")


def _check_address(settings: Settings) -> None:
    if not settings.keys and not is_loopback(settings.host):
        raise SettingsInvalid(
            f"WSIS_HOST={settings.host} would let other machines ask, and WSIS_API_KEYS is empty. "
            f"Set keys, or listen on 127.0.0.1."
        )
    _check_free(settings.host, settings.port, "WSIS_PORT")


def _check_free(host: str, port: int, variable: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(
                f"Port {port} at {host} cannot be listened on ({error.strerror}). Stop the program "
                f"that uses it, or set {variable} to another port."
            ) from error


def _start(
    command: Sequence[str], environment: dict[str, str], stdout: int | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        command, env={**os.environ, **environment}, cwd=PROJECT, stdout=stdout
    )


def _start_chat(settings: Settings, url: str) -> subprocess.Popen[bytes]:
    from ui.launch import streamlit_command

    environment = {"WSIS_SERVER_URL": url, "WSIS_API_KEY": _key(settings)}
    command = streamlit_command("127.0.0.1", settings.ui_port)
    # Streamlit greets its developer there; what goes wrong it says on the other stream.
    return _start(command, environment, stdout=subprocess.DEVNULL)


def _await(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not ready():
        if process.poll() is not None:
            raise typer.Exit(process.returncode or 1)
        if time.monotonic() > deadline:
            raise WsisError(f"The {name} was not ready after {_READY_SECONDS} s; see its messages.")
        time.sleep(0.3)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def _log_config() -> dict[str, Any]:
    line = (
        '{"time":"%(asctime)s","level":"%(levelname)s","logger":"%(name)s","message":"%(message)s"}'
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"format": line}},
        "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["err"], "level": logging.getLevelName(logging.INFO)},
    }


if __name__ == "__main__":
    main()
