"""Submissions come and go over HTTP while questions are answered."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import BadRequest, TooLarge
from ingest.manifest import Stated
from ingest.readers import MAX_BYTES
from server import problems
from server.assistant import TheAssistant
from server.jobs import Jobs, Upload

router = APIRouter()
# What multipart framing and the other fields add to a file.
_MOST_BYTES = MAX_BYTES + (1 << 20)
_PROBLEM: dict[int | str, dict[str, Any]] = {
    status: {"description": told, "content": {"application/problem+json": {}}}
    for status, told in (
        (403, "The caller may not."),
        (404, "There is no such thing."),
        (411, "The request does not say how long it is."),
        (413, "The file is too large."),
        (422, "A field cannot be used as it is; `detail` says what to mend."),
        (507, "The data folder cannot be written."),
    )
}


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


TheJobs = Annotated[Jobs, Depends(_jobs)]


class LimitUploads:
    """Refuses an upload that is too large, or does not say how large it is, before it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _refusal(Request(scope)) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)


def _refusal(request: Request) -> Response | None:
    if request.method != "POST" or request.url.path != "/submissions":
        return None
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        return problems.response(problems.problem(411, "Send a Content-Length."))
    if int(length) <= _MOST_BYTES:
        return None
    told = f"The upload has {int(length):,} bytes; a file may have {MAX_BYTES:,}. Split it."
    return problems.response(problems.of_error(TooLarge(told)))


@router.post("/submissions", status_code=202, responses=_PROBLEM, summary="Take a file in")
def upload(
    jobs: TheJobs,
    file: Annotated[UploadFile, File(description="the submission, with its file name")],
    source: Annotated[
        str,
        Form(
            max_length=4_000,
            description="where it comes from; what comes from there later "
            "replaces it. Empty: its file name",
        ),
    ] = "",
    metadata: Annotated[
        str,
        Form(
            description="what is known of it, as JSON: title, entity, entity_type, session, "
            "year, language, action_lines, sdgs, dates"
        ),
    ] = "{}",
) -> JSONResponse:
    """Returns at once; `GET /jobs/{id}` tells when it is searchable, or why it will not be."""
    if not file.filename:
        raise BadRequest("The file has no name. Send one with the suffix of its kind.")
    sent = Upload(source or file.filename, source, _stated(metadata))
    job = jobs.accept(sent, file.file)
    url = f"/jobs/{job}"
    return JSONResponse({"job": job, "url": url}, 202, headers={"Location": url})


@router.get("/jobs/{job}", responses=_PROBLEM, summary="What became of an upload")
def job(job: str, jobs: TheJobs) -> dict[str, Any]:
    """The object that `wsis ingest --json` prints; `queued` or `running` until it is done."""
    return {"job": job, **asdict(jobs.report(job))}


@router.delete(
    "/submissions/{submission_id}",
    status_code=204,
    responses=_PROBLEM,
    summary="Take a submission out of every store",
)
def delete(submission_id: str, assistant: TheAssistant) -> None:
    """Gone for every question that comes after."""
    assistant.corpus.remove(submission_id)


def _stated(metadata: str) -> dict[str, Any]:
    try:
        found = Stated.model_validate_json(metadata)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise BadRequest(f"metadata cannot be used: {told}") from error
    return asdict(found.known())
