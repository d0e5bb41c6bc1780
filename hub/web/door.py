"""The door that every call passes first: how large its head may be, how its body comes and its answer goes.

It knows nothing of who calls, so what it allows is what a stranger may; who is let in further on may be
waited for longer (`web.uploads`).
"""

from time import monotonic

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hub.kernel.refusal import Refusal
from hub.web.bodies import Intake, Wait, keep
from hub.web.connections import HEAD_BYTES, PIECE_BYTES, Call, Connections
from hub.web.problems import refuse

_EACH_FIELD_BYTES = 4
"""What stands between and after name and value."""


class HeadTooLarge(Refusal):
    code = "http.head-too-large"


def door(app: ASGIApp, connections: Connections, wait: Wait) -> ASGIApp:
    """The outermost: it sees the connection itself, whoever a proxy speaks for."""

    async def pass_through(scope: Scope, receive: Receive, send: Send) -> None:
        with connections.call(scope) as call:
            intake = Intake(receive, wait, call)
            keep(scope, intake)
            await app(scope, intake, _in_pieces(send, call))

    return pass_through


def bounding_heads(app: ASGIApp) -> ASGIApp:
    async def bound(scope: Scope, receive: Receive, send: Send) -> None:
        if _head_bytes(scope) <= HEAD_BYTES:
            return await app(scope, receive, send)
        return await refuse(HeadTooLarge(bytes_at_most=HEAD_BYTES), scope, receive, send)

    return bound


def _head_bytes(scope: Scope) -> int:
    fields = sum(len(name) + len(value) + _EACH_FIELD_BYTES for name, value in scope["headers"])
    return len(scope["raw_path"]) + len(scope["query_string"]) + fields


def _in_pieces(send: Send, call: Call) -> Send:
    """Give a long answer piece by piece, so that it can be seen whether anybody takes it."""

    async def give(message: Message) -> None:
        if message["type"] != "http.response.body" or not message.get("more_body", False):
            await send(message)
            return
        body = message["body"]
        for start in range(0, max(len(body), 1), PIECE_BYTES):
            call.unread_since = monotonic()
            await send({**message, "body": body[start : start + PIECE_BYTES]})
            call.unread_since = None

    return give
