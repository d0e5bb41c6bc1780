"""Which bytes of a download are asked for (RFC 9110, section 14): one range, or all."""

import re

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
