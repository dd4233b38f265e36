"""The HTTP API over the assistant; models are loaded once, when the server starts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Query, Request
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from fastapi.sse import EventSourceResponse
from starlette.concurrency import run_in_threadpool

from corpus.errors import BadRequest
from corpus.model import Document, Part, Submission
from corpus.settings import Settings
from corpus.store import Corpus
from ingest.pipeline import ingest_tasks
from ingest.reading import reading_of
from rag.assistant import Assistant
from rag.chat_model import connect
from rag.model import Answer
from rag.model import Query as Question
from rag.open import open_assistant
from server import pictures, problems, stream, uploads
from server.assistant import TheAssistant
from server.guard import Guard
from server.jobs import Jobs
from server.schemas import AskRequest, FiltersRequest, RetrieveRequest
from server.uploads import LimitUploads

# What proxies log for a caller who left before the answer; nobody reads it.
_CLIENT_GONE = 499
OpenCorpus = Callable[[Settings], Corpus]

router = APIRouter()
_PROBLEM: dict[int | str, dict[str, Any]] = {
    status: {"description": told, "content": {"application/problem+json": {}}}
    for status, told in (
        (400, "The body is not JSON."),
        (403, "The caller may not."),
        (404, "There is no such thing."),
        (409, "Nothing is ingested yet."),
        (422, "The request cannot be answered as it is; `detail` says what to mend."),
    )
}


def create_app(settings: Settings, open_corpus: OpenCorpus) -> FastAPI:
    """The API; ``open_corpus`` is called when the server starts, its corpus closed at the end.

    Raises SettingsInvalid for a language model, or text recognition, that cannot be had.
    """
    model = connect(settings)
    take_in = partial(ingest_tasks, reading=reading_of(settings))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        corpus = await run_in_threadpool(open_corpus, settings)
        app.state.jobs = Jobs(corpus, settings.data_dir / "uploads", take_in)
        app.state.assistant = open_assistant(corpus, model)
        # The first question would wait for what torch sets up on its first use.
        await run_in_threadpool(corpus.embedder.embed_query, "ready")
        yield
        app.state.assistant = None
        await run_in_threadpool(app.state.jobs.close)
        if model:
            model.close()
        corpus.close()

    app = FastAPI(
        title="WSIS Submissions Assistant",
        version="0.1.0",
        description="Answers questions about submissions on the WSIS outcomes; every sentence is "
        "backed by an exact passage, and what is not in the submissions is declined.",
        lifespan=lifespan,
        # These pages fetch their scripts from elsewhere; /openapi.json has all that they show.
        docs_url=None,
        redoc_url=None,
    )
    app.state.assistant = None
    app.add_middleware(LimitUploads)
    app.add_middleware(Guard, settings=settings)
    problems.install(app)
    app.include_router(router)
    app.include_router(pictures.router)
    app.include_router(uploads.router)
    return app


@router.post(
    "/ask",
    response_model=Answer,
    responses={**_PROBLEM, 200: {"content": {"text/event-stream": {}}, "model": Answer}},
    summary="Answer a question with exact citations, or decline",
)
async def ask(
    request: Request, asked: Annotated[AskRequest, Body()], assistant: TheAssistant
) -> Any:
    """With `Accept: text/event-stream` the sentences come as events, and last the same object."""
    query = asked.query()
    # Before a stream begins, so that a bad request gets its status.
    await run_in_threadpool(assistant.check, query)
    if "text/event-stream" in request.headers.get("accept", ""):
        return EventSourceResponse(stream.events(request, assistant, query))
    answered = await stream.answer(request, assistant, query)
    return answered if answered else Response(status_code=_CLIENT_GONE)


@router.post("/retrieve", responses=_PROBLEM, summary="Ranked passages, without an answer")
def retrieve(asked: Annotated[RetrieveRequest, Body()], assistant: TheAssistant) -> dict[str, Any]:
    """Hits have the shape of citations; their number is 0, since no answer refers to them."""
    hits = assistant.retrieve(asked.query())
    return {"question": asked.question, "snapshot": assistant.corpus.snapshot, "hits": hits}


@router.get("/search", responses=_PROBLEM, summary="Every passage that has all the words, counted")
def search(
    assistant: TheAssistant,
    q: Annotated[str, Query(description="words that a passage must all have", min_length=1)],
    entity: Annotated[list[str] | None, Query()] = None,
    part: Annotated[list[Part] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 50,
) -> dict[str, Any]:
    """Nothing is left out of ``total``; ``hits`` holds the first ``limit``."""
    filters = FiltersRequest(entity=entity or [], part=part or []).noun()
    hits = assistant.search(q, Question(q, filters=filters))
    by_entity: dict[str, int] = {}
    for hit in hits:
        by_entity[hit.entity] = by_entity.get(hit.entity, 0) + 1
    return {"query": q, "total": len(hits), "by_entity": by_entity, "hits": hits[:limit]}


@router.get("/submissions", summary="What is searchable")
def submissions(assistant: TheAssistant) -> dict[str, Any]:
    """With the snapshot that answers will name."""
    corpus = assistant.corpus
    listed = [_described(corpus.document(found.id)) for found in corpus.submissions()]
    return {"submissions": listed, "snapshot": corpus.snapshot}


@router.get("/submissions/{submission_id}", responses=_PROBLEM, summary="One submission")
def submission(submission_id: str, assistant: TheAssistant) -> dict[str, Any]:
    """Its sections give the offsets of each heading's text; `mentions` are the WSIS action lines,
    SDG goals and targets, and dates that it names, with their offsets; what a manifest states and
    the text does not name has none."""
    document = assistant.corpus.document(submission_id)
    sections = [
        {
            "path": section.path,
            "start": section.span.start,
            "end": section.span.end,
            "part": section.part,
            "boilerplate": section.boilerplate,
        }
        for section in document.sections
    ]
    mentions = [
        {
            "kind": m.kind,
            "value": m.value,
            "start": m.span.start if m.span else None,
            "end": m.span.end if m.span else None,
        }
        for m in document.mentions
    ]
    return {**_described(document), "sections": sections, "mentions": mentions}


@router.get(
    "/submissions/{submission_id}/text",
    responses={**_PROBLEM, 200: {"content": {"text/plain": {}, "application/json": {}}}},
    response_class=PlainTextResponse,
    summary="Canonical text, or a part of it",
)
def text(
    request: Request,
    submission_id: str,
    assistant: TheAssistant,
    start: Annotated[int, Query(ge=0, description="first code point")] = 0,
    end: Annotated[int | None, Query(ge=0, description="code point after the last")] = None,
) -> Response:
    """Plain text; a JSON object with the offsets when `Accept` names `application/json`."""
    document = assistant.corpus.document(submission_id)
    length = len(document.text)
    until = length if end is None else min(end, length)
    if start > until:
        raise BadRequest(f"start={start} is after end={until}; the text has {length} characters.")
    part = document.text[start:until]
    if "application/json" not in request.headers.get("accept", ""):
        return PlainTextResponse(part)
    return JSONResponse(
        {
            "submission_id": submission_id,
            "start": start,
            "end": until,
            "length": length,
            "text": part,
        }
    )


@router.get("/submissions/{submission_id}/file", responses=_PROBLEM, summary="The original file")
def file(submission_id: str, assistant: TheAssistant) -> FileResponse:
    """As it was taken in, to be saved and not shown."""
    found = assistant.corpus.document(submission_id).submission
    # Always a download: a browser must never render what a submitter wrote as a page of ours.
    return FileResponse(
        assistant.corpus.original(submission_id),
        filename=Path(found.filename).name,
        media_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )


@router.get("/answers/{answer_id}", responses=_PROBLEM, summary="An answer as it was given")
def answer(answer_id: str, assistant: TheAssistant) -> Any:
    """The same object that `/ask` returned, whatever was ingested since."""
    return assistant.corpus.answer(answer_id)


@router.get("/healthz", summary="The process lives")
def healthz() -> dict[str, str]:
    """It may not be ready yet: see `/readyz`."""
    return {"status": "ok"}


@router.get("/readyz", summary="Questions can be answered")
def readyz(request: Request) -> Response:
    """503 while models are loaded, and while nothing is ingested."""
    assistant: Assistant | None = request.app.state.assistant
    if assistant is None:
        return problems.response(problems.problem(503, "The models are still being loaded."))
    count = len(assistant.corpus.submissions())
    if not count:
        return problems.response(
            problems.problem(503, "Nothing is ingested yet. Run `wsis ingest PATH`.")
        )
    return JSONResponse(
        {"status": "ready", "submissions": count, "snapshot": assistant.corpus.snapshot}
    )


def _described(document: Document) -> dict[str, Any]:
    found: Submission = document.submission
    return {
        **asdict(found),
        "pages": len(document.pages),
        "characters": len(document.text),
        "chunks": len(document.chunks),
        "url": f"/submissions/{found.id}",
    }
