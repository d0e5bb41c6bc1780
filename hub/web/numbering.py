"""The number of a call: in its answer, in its problem document, and on every line that is logged meanwhile.

It is made here and never taken from the caller, who could write anybody's name into the log.
"""

from uuid import uuid4

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars, get_contextvars

HEADER = "X-Request-Id"
_FIELD = "request"


def numbered(app: ASGIApp) -> ASGIApp:
    """The outermost door: what is refused further in has its number too."""

    async def take(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        number = str(uuid4())

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], (HEADER.lower().encode(), number.encode())]
                message = {**message, "headers": headers}
            await send(message)

        with bound_contextvars(**{_FIELD: number}):
            await app(scope, receive, say)

    return take


def number() -> str | None:
    """Of the call that is being answered here."""
    found: str | None = get_contextvars().get(_FIELD)
    return found
