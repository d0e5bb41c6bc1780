"""Refusals and outages as HTTP: RFC 9457 problem documents, with the numbers of `status`.

Every code is permanent. Its sentences stand in `wording`; `GET /problems/{code}` shows them to people.
"""

import math
from collections.abc import Mapping

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap, Receive, Scope, Send

from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Outage, Refusal, TooMuch
from hub.web.calls import Http, HttpAnswer
from hub.web.numbering import number
from hub.web.status import STATUS
from hub.wording.catalogue import language_of, sentence

log = structlog.get_logger(__name__)

_HTTP_CODES = {404: "http.not-found", 405: "http.method-not-allowed", 413: "http.too-large"}


def problem(request: Http, code: str, facts: JsonObject, status: int) -> HttpAnswer:
    """One problem document, in the language the caller prefers."""
    language = language_of(request.headers.get("accept-language", ""))
    text = sentence(code, language)
    body = {
        "type": f"/problems/{code}",
        "title": text.title,
        "status": status,
        "code": code,
        "detail": text.detail.format(**facts) if text.detail else None,
        **facts,
    }
    if (call := number()) is not None:
        body["instance"] = f"urn:uuid:{call}"
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    return Response(body, status_code=status, media_type="application/problem+json", headers=headers)


def refused(request: Http, refusal: Refusal) -> HttpAnswer:
    log.info("refused", code=refusal.code, path=request.scope["path"])
    return unlogged(request, refusal)


def unlogged(request: Http, refusal: Refusal) -> HttpAnswer:
    """The answer of `refused` alone: for one who was refused so often that a line each is dear."""
    answer = problem(request, refusal.code, refusal.facts, STATUS[refusal.code])
    if isinstance(refusal, TooMuch):
        answer.headers["Retry-After"] = str(math.ceil(refusal.retry_after.total_seconds()))
    return answer


async def refuse(
    refusal: Refusal, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str] | None = None
) -> None:
    """The whole answer, for what stands before the framework."""
    request = Http(scope, receive, send)
    answer = unlogged(request, refusal) if isinstance(refusal, TooMuch) else refused(request, refusal)
    answer.headers.update(headers or {})
    await answer.to_asgi_response(None, request)(scope, receive, send)


def outage(request: Http, failure: Outage) -> HttpAnswer:
    why = {"cause": failure.__cause__} if failure.__cause__ else {}
    log.warning("outage", code=failure.code, path=request.scope["path"], **why)
    answer = problem(request, failure.code, failure.facts, STATUS[failure.code])
    answer.headers["Retry-After"] = str(int(failure.retry_after.total_seconds()))
    return answer


def http_error(request: Http, error: HTTPException) -> HttpAnswer:
    """What the framework refused by itself: no such path, a body over the limit, a malformed parameter."""
    if error.status_code >= 500:  # noqa: PLR2004
        return our_fault(request, error)
    code = code_of(error)
    answer = problem(request, code, {}, STATUS[code])
    allowed = (error.headers or {}).get("allow")
    if allowed is not None:
        answer.headers["Allow"] = allowed
    return answer


def code_of(error: HTTPException) -> str:
    return _HTTP_CODES.get(error.status_code, "http.refused")


def our_fault(request: Http, error: Exception) -> HttpAnswer:
    """A bug: logged with its trace, told to the caller without a detail of it."""
    log.error("failed", path=request.scope["path"], exc_info=error)
    return problem(request, "http.failed", {}, STATUS["http.failed"])


HANDLERS: ExceptionHandlersMap = {
    Refusal: refused,
    Outage: outage,
    HTTPException: http_error,
    Exception: our_fault,
}
