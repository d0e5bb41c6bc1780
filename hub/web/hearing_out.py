"""A caller that is refused while it is still sending is heard out for a while, so that it hears why.

A server that answers early and closes makes the caller's system throw the answer away with the connection
(RFC 9112, 9.6): a refusal would look like an outage and be tried again. So the refusal is sent at once, and
what is still coming is read on and thrown away. A caller that waits to be asked for its body (RFC 9110,
10.1.1) is not asked.
"""

import asyncio
from typing import cast

from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

from hub.web.bodies import BodyTooSlow

BYTES_AT_MOST = 64 << 20
SECONDS_AT_MOST = 5.0
_REFUSED = 400
_HAS_A_BODY = {b"content-length", b"transfer-encoding"}


def hearing_out(app: ASGIApp) -> ASGIApp:
    """Middleware: after a refusal was sent, read on what is still coming."""

    async def hear_out(scope: Scope, receive: Receive, send: Send) -> None:
        names = {name for name, _ in scope["headers"]}
        over = not names & _HAS_A_BODY or b"expect" in names
        refused = False

        async def hear() -> HTTPReceiveMessage:
            nonlocal over
            event = cast("HTTPReceiveMessage", await receive())
            over = event["type"] == "http.disconnect" or not event.get("more_body", False)
            return event

        async def say(message: Message) -> None:
            nonlocal refused
            await send(message)
            if message["type"] == "http.response.start":
                refused = message["status"] >= _REFUSED
            elif refused and not over:
                await _pour_away()

        async def _pour_away() -> None:
            poured = 0
            try:
                async with asyncio.timeout(SECONDS_AT_MOST):
                    while not over and poured < BYTES_AT_MOST:
                        event = await hear()
                        poured += len(event["body"]) if event["type"] == "http.request" else 0
            except (TimeoutError, BodyTooSlow):
                return

        await app(scope, hear, say)

    return hear_out
