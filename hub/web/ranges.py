"""Which bytes of an archive are asked for, and whether it is still the same: RFC 9110, sections 8.8, 13, 14.

An archive's digest is its one and strong validator; no moment of change is told, so conditions by date are
none. A range of another form, or of several, gets the whole, as 14.2 allows.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from litestar import Response
from litestar.response import Stream
from litestar.types import ExceptionHandlersMap

from hub.kernel.refusal import Refusal
from hub.web.calls import Http, HttpAnswer
from hub.web.manners import wants_no_body
from hub.web.problems import refused

_ONE_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,15})-([0-9]{1,15})?|-([0-9]{1,15}))", re.IGNORECASE)
_TAG = re.compile(r'[ \t]*((?:W/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)')


class RangeNotSatisfiable(Refusal):
    """`size` is told in Content-Range too (RFC 9110 15.5.17)."""

    code = "http.range-not-satisfiable"


class PreconditionFailed(Refusal):
    code = "http.precondition-failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of an archive goes out."""

    status: int
    start: int
    end: int
    """After the last byte."""
    size: int
    tag: str

    @property
    def nothing(self) -> bool:
        return self.start == self.end


def asked_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the byte after the last; None when the whole is asked for or the form is another."""
    found = _ONE_RANGE.fullmatch(header or "")
    if not found:
        return None
    first, last, suffix = found.groups()
    start = max(size - int(suffix), 0) if suffix else int(first)
    end = min(int(last) + 1, size) if last else size
    if start >= size or start >= end:
        raise RangeNotSatisfiable(size=size)
    return start, end


def wanted(request: Http, *, size: int, sha256: bytes) -> Wanted:
    """RFC 9110 13.2.2: If-Match, then If-None-Match, then Range with If-Range; HEAD has no range (14.2)."""
    tag = f'"{sha256.hex()}"'
    headers = request.headers
    if "if-match" in headers and not _names(headers.getall("if-match"), tag, weakly=False):
        raise PreconditionFailed
    if "if-none-match" in headers and _names(headers.getall("if-none-match"), tag, weakly=True):
        return Wanted(304, 0, 0, size, tag)
    if wants_no_body(request):
        return Wanted(200, 0, 0, size, tag)
    same = headers.get("if-range", tag).strip() == tag
    part = asked_range(headers.get("range"), size) if same else None
    start, end = part or (0, size)
    return Wanted(206 if part else 200, start, end, size, tag)


def _names(fields: list[str], tag: str, *, weakly: bool) -> bool:
    """Whether a list of entity tags names this one; a malformed list names none."""
    field = ",".join(fields)
    if field.strip() == "*":
        return True
    named, place = [], 0
    while place < len(field):
        found = _TAG.match(field, place)
        if found is None:
            return False
        named.append(found[1].removeprefix("W/") if weakly else found[1])
        place = found.end()
    return tag in named


def no_such_range(request: Http, refusal: RangeNotSatisfiable) -> HttpAnswer:
    answer = refused(request, refusal)
    answer.headers["Content-Range"] = f"bytes */{refusal.facts['size']}"
    return answer


HANDLERS: ExceptionHandlersMap = {RangeNotSatisfiable: no_such_range}


def archive_answer(pieces: AsyncIterator[bytes], wanted: Wanted, name: str) -> HttpAnswer:
    """The bytes of an archive that were asked for; its digest is the ETag."""
    headers = {"ETag": wanted.tag, "Cache-Control": "no-store"}
    if wanted.status == 304:  # noqa: PLR2004
        return Response(None, status_code=304, headers=headers)
    length = wanted.size if wanted.nothing else wanted.end - wanted.start
    headers |= {
        "Content-Length": str(length),
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    if wanted.status == 206:  # noqa: PLR2004
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.end - 1}/{wanted.size}"
    return Stream(pieces, status_code=wanted.status, media_type="application/zip", headers=headers)
