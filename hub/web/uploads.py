"""How a file that is being sent is taken in: block by block, some of one centre at a time.

A sender that hangs up, or says nothing for too long, has broken off; what comes of that is the room's affair.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException

from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal, TooMuch

AT_ONCE = 24
"""Files of one centre that one process takes at a time; the client library sends three."""
_AGAIN = timedelta(seconds=5)


class TooManyUploads(TooMuch):
    """One centre's files may not take every place that there is for all."""

    code = "exchange.too-many-uploads"


class UploadBrokenOff(Refusal):
    """The sender hung up before the file was whole."""

    code = "exchange.upload-broken-off"


class Entrance:
    """Counts how many files each centre is sending."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._sending: Counter[CentreId] = Counter()

    @contextmanager
    def one_more(self, centre: CentreId) -> Iterator[None]:
        if self._sending[centre] >= self._at_once:
            raise TooManyUploads(_AGAIN)
        self._sending[centre] += 1
        try:
            yield
        finally:
            self._sending[centre] -= 1
            if not self._sending[centre]:
                del self._sending[centre]


def announced_length(request: Request[Any, Any, Any]) -> int | None:
    """Content-Length in bytes; None when the body is chunked."""
    length = request.headers.get("content-length")
    return int(length) if length is not None and length.isdecimal() else None


async def blocks(request: Request[Any, Any, Any], silence: timedelta) -> AsyncIterator[bytes]:
    """The body as it comes; a caller that hangs up, or says nothing for so long, has broken off."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(silence.total_seconds()):
                block = await anext(stream, None)
        except (HTTPException, TimeoutError) as gone:
            raise UploadBrokenOff from gone
        if block is None:
            return
        yield block
