"""News of a list that is open, as server-sent events: that something moved, and how many; never what."""

from collections.abc import AsyncIterator

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import ServerSentEvent, ServerSentEventMessage

from hub.board.board import Board
from hub.board.pages import HEADERS
from hub.board.routes.visits import Visit, signed_in
from hub.web.calls import Http, HttpAnswer

_AGAIN_MS = 5_000
"""After how long a browser comes again when a stream has ended."""
_HIGHEST = 2**63 - 1


@get("/news")
async def follow(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """No stream where there is nothing to follow, or the session has enough: a browser stops at 204."""
    looking = await signed_in(board, request)
    since = request.query_params.get("since", "")
    if not since.isdecimal() or int(since) > _HIGHEST or not board.news.has_room_for(looking.key):
        nothing: HttpAnswer = Response(None, status_code=204, headers=HEADERS)
        return nothing
    headers = {**HEADERS, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    stream: HttpAnswer = ServerSentEvent(_told(looking, int(since)), headers=headers)
    return stream


async def _told(looking: Visit, since: int) -> AsyncIterator[ServerSentEventMessage]:
    yield ServerSentEventMessage(data=None, comment="", retry=_AGAIN_MS)
    async for moved in looking.board.news.of(looking.key, looking.person.reads, since):
        if moved is None:
            yield ServerSentEventMessage(data=None, comment="")
        else:
            said = looking.speech.t("news", count=moved)
            yield ServerSentEventMessage(event="moved", data=said)


NEWS = (follow,)
