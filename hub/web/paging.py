"""Cursors: an opaque place to read on from. They carry sort keys only and give no rights."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from hub.kernel.refusal import Refusal

K = TypeVar("K")
L = TypeVar("L")

PAGE_AT_MOST = 200


class CursorMalformed(Refusal):
    code = "http.cursor-malformed"


def cursor(*keys: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([str(key) for key in keys]).encode()).decode()


def moment(written: str) -> datetime:
    """A kind of key for `place`: one point in time, not a reading of some clock."""
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise ValueError("a moment without a zone")
    return found.astimezone(UTC)


def place(text: str, first: Callable[[str], K], second: Callable[[str], L]) -> tuple[K, L]:
    """The two keys in a cursor, each read by its kind (`UUID`, `moment` …)."""
    try:
        one, other = json.loads(base64.urlsafe_b64decode(text[:400]))
        return first(one), second(other)
    except (ValueError, TypeError, OverflowError, binascii.Error, AttributeError):
        raise CursorMalformed from None
