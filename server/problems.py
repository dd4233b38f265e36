"""Errors as RFC 9457 problem documents; every error of the program has one."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from corpus.errors import WsisError

_log = logging.getLogger("wsis.server")
_MOST_CHARACTERS_SHOWN = 80


def problem(status: int, detail: str, kind: str = "about:blank", **more: Any) -> dict[str, Any]:
    """The members of a problem document; ``detail`` says what the caller does next."""
    title = _title(kind) if kind != "about:blank" else HTTPStatus(status).phrase
    return {"type": kind, "title": title, "status": status, "detail": detail, **more}


def of_error(error: WsisError) -> dict[str, Any]:
    """The problem document of an error of ours; its type names the class."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    return problem(error.http_status, str(error), f"urn:wsis:problem:{name}")


def response(document: dict[str, Any]) -> JSONResponse:
    """The document as an HTTP response of its status."""
    return JSONResponse(document, document["status"], media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Give every error that can leave the app the shape of a problem document."""

    @app.exception_handler(WsisError)
    async def _own(_: Request, error: WsisError) -> JSONResponse:
        return response(of_error(error))

    @app.exception_handler(RequestValidationError)
    async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = [_explained(e) for e in error.errors()]
        malformed = any(e["type"] == "json_invalid" for e in error.errors())
        detail = "; ".join(
            f"{e['field']}: {e['message']}" if e["field"] else e["message"] for e in errors
        )
        kind = "urn:wsis:problem:malformed-json" if malformed else "urn:wsis:problem:bad-request"
        return response(problem(400 if malformed else 422, detail, kind, errors=errors))

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        answer = response(problem(error.status_code, str(error.detail)))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def _unforeseen(_: Request, error: Exception) -> JSONResponse:
        _log.error("unforeseen error", exc_info=error)
        return response(
            problem(500, "The server made a mistake; its log has the details. Try again.")
        )


def _explained(error: Any) -> dict[str, str]:
    if error["type"] == "json_invalid":
        reason = error.get("ctx", {}).get("error", "")
        return {"field": "", "message": f"The body is not valid JSON ({reason})."}
    place = ".".join(str(step) for step in error["loc"] if step != "body")
    given = error.get("input")
    shown = f" (given: {given!r:.{_MOST_CHARACTERS_SHOWN}})" if isinstance(given, str | int) else ""
    return {"field": place, "message": f"{error['msg']}{shown}"}


def _title(kind: str) -> str:
    return kind.rsplit(":", 1)[-1].replace("-", " ").capitalize()
