"""Which bytes of an archive are asked for, one range or all, and how they are given: RFC 9110, section 14."""

import re
from collections.abc import AsyncIterator

from litestar.response import Stream

from hub.kernel.refusal import Refusal

_ONE_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})?")


class RangeNotSatisfiable(Refusal):
    code = "http.range-not-satisfiable"


def asked_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the byte after the last; None when the whole is asked for or the form is another."""
    found = _ONE_RANGE.fullmatch(header or "")
    if not found:
        return None
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    if start >= size or start >= end:
        raise RangeNotSatisfiable(size=size)
    return start, end


def archive_answer(
    pieces: AsyncIterator[bytes], *, wanted: tuple[int, int] | None, size: int, sha256: bytes, name: str
) -> Stream:
    """The bytes of an archive that were asked for; its digest is the ETag."""
    start, end = wanted or (0, size)
    headers = {
        "Content-Length": str(end - start),
        "Accept-Ranges": "bytes",
        "ETag": f'"{sha256.hex()}"',
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    status = 206 if wanted else 200
    return Stream(pieces, status_code=status, media_type="application/zip", headers=headers)
