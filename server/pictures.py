"""Pictures of pages with a quote marked, for a reader to see where it stands."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from corpus.errors import BadRequest, NotFound, ServerBusy
from corpus.model import Span
from corpus.places import locations
from ingest.readers import LAID_OUT
from ingest.sandbox import picture_apart
from server.assistant import TheAssistant

router = APIRouter()
# Drawing takes a process and some 100 MB.
_AT_ONCE, _PATIENCE = 2, 20.0
_drawing = threading.BoundedSemaphore(_AT_ONCE)
_LONGEST = 20_000


@router.get(
    "/submissions/{submission_id}/pages/{number}.png",
    responses={200: {"content": {"image/png": {}}}},
    response_class=Response,
    summary="A page as a picture, a passage marked",
)
def page(
    submission_id: str,
    number: Annotated[int, Path(ge=1)],
    assistant: TheAssistant,
    start: Annotated[int, Query(ge=0, description="first code point")] = 0,
    end: Annotated[int, Query(ge=0, description="code point after the last")] = 0,
) -> Response:
    """What `start:end` covers is marked; nothing is without them. Only PDF files have pictures, and
    word processor files that were laid out."""
    if end < start or end - start > _LONGEST:
        raise BadRequest(
            f"start={start} and end={end} are not a passage of at most {_LONGEST:,} characters."
        )
    corpus = assistant.corpus
    document = corpus.document(submission_id)
    suffix = PurePath(document.submission.filename).suffix.lower()
    # Of a word processor file the pages are known by its layout, which is made again.
    laid_out = suffix in LAID_OUT and any(each.words for each in document.pages)
    if number > len(document.pages) or not (suffix == ".pdf" or laid_out):
        raise NotFound(f"The submission {submission_id!r} has no picture of a page {number}.")
    places = locations(document, Span(start, end))
    boxes = [box for place in places if place.page == number for box in place.boxes]
    png = _drawn(corpus.original(submission_id).read_bytes(), suffix, number, boxes)
    # An id names the content of a file, so that its pages never change.
    headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(png, media_type="image/png", headers=headers)


def _drawn(data: bytes, suffix: str, number: int, boxes: Sequence[Sequence[float]]) -> bytes:
    if not _drawing.acquire(timeout=_PATIENCE):
        raise ServerBusy("Too many pages are being drawn. Try again in some seconds.")
    try:
        return picture_apart(data, suffix, number, boxes)
    finally:
        _drawing.release()
