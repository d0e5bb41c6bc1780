"""How a file that is being sent is taken in: block by block, some of one centre at a time.

A sender that hangs up, or keeps the hub waiting too long, has broken off; what comes of that is the room's
affair.
"""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal, TooMuch
from hub.plumbing.measures import UPLOADED, UPLOADS, ending
from hub.web import bodies
from hub.web.bodies import BodyBrokenOff, BodyTooSlow, Wait
from hub.web.calls import Http
from hub.web.limits import Limits

AT_ONCE = Limits().uploads_at_once
"""Files of one centre that one process takes at a time."""
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
            with ending(UPLOADS):
                yield
        finally:
            self._sending[centre] -= 1
            if not self._sending[centre]:
                del self._sending[centre]


async def blocks(request: Http, wait: Wait) -> AsyncIterator[bytes]:
    """The body as it comes; a caller that hangs up, or keeps us waiting, has broken off."""
    bodies.wait_longer(request, wait)
    try:
        async for block in bodies.blocks(request):
            UPLOADED.inc(len(block))
            yield block
    except (BodyBrokenOff, BodyTooSlow) as gone:
        raise UploadBrokenOff from gone
