"""What a stranger's call says is heard before the framework is entered: a body that never comes costs little.

Entering the framework costs some two milliseconds, and whoever opens thousands of calls at once without a
byte of body would make everybody wait for that. Only at the addresses that strangers may send to, and only
where the head alone is no reason to refuse: else the refusal comes first (RFC 9110, 10.1.1).
"""

from collections.abc import Callable, Mapping
from typing import cast

from litestar.types import ASGIApp, HTTPReceiveMessage, Receive, Scope, Send
from litestar.utils import normalize_path

from hub.web.bodies import BodyBrokenOff, BodyTooSlow
from hub.web.calls import Http, open_scope
from hub.web.problems import refuse

BYTES_AT_MOST = 16 * 1024
"""Of the body of any call that a stranger may make."""
HeadsTaken = Mapping[str, Callable[[Http], bool]]
"""For each address: whether a call with this head may be taken, whatever its body says."""


def hearing_first(app: ASGIApp, heads: HeadsTaken) -> ASGIApp:
    async def hear_first(scope: Scope, receive: Receive, send: Send) -> None:
        takes = heads.get(address(scope)) if open_scope(scope).get("method") == "POST" else None
        if takes is None or not takes(Http(scope, receive, send)):
            return await app(scope, receive, send)
        try:
            whole = await _whole(receive)
        except BodyTooSlow as late:
            return await refuse(late, scope, receive, send)
        if whole["type"] != "http.request":  # who hung up hears no answer
            return await refuse(BodyBrokenOff(), scope, receive, send)
        heard = [whole]

        async def again() -> HTTPReceiveMessage:
            return heard.pop() if heard else cast("HTTPReceiveMessage", await receive())

        return await app(scope, again, send)

    return hear_first


def address(scope: Scope) -> str:
    """As the framework will read it: it takes several slashes for one."""
    return normalize_path(scope["path"])


async def _whole(receive: Receive) -> HTTPReceiveMessage:
    """The body in one piece, as far as it is not too long; or that the sender went away."""
    body = bytearray()
    while True:
        event = cast("HTTPReceiveMessage", await receive())
        if event["type"] != "http.request":
            return event
        body += event["body"]
        more = event.get("more_body", False)
        if not more or len(body) > BYTES_AT_MOST:
            return {"type": "http.request", "body": bytes(body), "more_body": more}
