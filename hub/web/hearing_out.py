"""A caller that is refused while it is still sending is heard out for a while, so that it hears why.

A server that answers early and closes makes the caller's system throw the answer away with the connection
(RFC 9112, 9.6): a refusal would look like an outage and be tried again. What is read on is thrown away.
"""

import asyncio
from typing import cast

from litestar.types import ASGIApp, HTTPReceiveMessage, Message, Receive, Scope, Send

BYTES_AT_MOST = 64 << 20
SECONDS_AT_MOST = 5.0
_REFUSED = 400


def hearing_out(app: ASGIApp) -> ASGIApp:
    """Middleware: before a refusal is sent, read on what is still coming."""

    async def hear_out(scope: Scope, receive: Receive, send: Send) -> None:
        over = not any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])

        async def hear() -> HTTPReceiveMessage:
            nonlocal over
            event = cast("HTTPReceiveMessage", await receive())
            over = event["type"] == "http.disconnect" or not event.get("more_body", False)
            return event

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= _REFUSED and not over:
                await _pour_away()
            await send(message)

        async def _pour_away() -> None:
            poured = 0
            try:
                async with asyncio.timeout(SECONDS_AT_MOST):
                    while not over and poured < BYTES_AT_MOST:
                        event = await hear()
                        poured += len(event["body"]) if event["type"] == "http.request" else 0
            except TimeoutError:
                return

        await app(scope, hear, say)

    return hear_out
