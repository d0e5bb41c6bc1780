"""What those who prove nothing may cost: refusals are counted by address, and beyond so many told no more.

A stranger names no centre here: it is counted by where it calls from, and only where it was refused. Beyond
its share the token endpoint does not look at what it sends, and every other refusal is 429. A call that
proves its caller is a centre's, and counts there.
"""

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hub.kernel.refusal import TooMuch
from hub.web.calls import open_scope
from hub.web.connections import network
from hub.web.heard_first import address as place
from hub.web.limits import Window, stranger_held_back
from hub.web.problems import refuse

_PROVED = "saikne.proved"
_DEAR = frozenset({"/oauth/token", "/oauth/introspect", "/oauth/revoke"})
_REFUSED = range(400, 500)


class TooManyRefused(TooMuch):
    code = "limits.strangers"


def prove_known(scope: Scope) -> None:
    """Say that the caller is proved."""
    open_scope(scope)[_PROVED] = True


def bounding_strangers(app: ASGIApp, at_most: int) -> ASGIApp:
    window = Window(at_most)

    async def bound(scope: Scope, receive: Receive, send: Send) -> None:
        address = address_of(scope)
        if scope["type"] != ScopeType.HTTP or address is None:
            return await app(scope, receive, send)
        if place(scope) in _DEAR and (pause := window.pause_of(address)):
            return await _told(TooManyRefused(pause), scope, receive, send)
        instead: TooManyRefused | None = None

        async def say(message: Message) -> None:
            nonlocal instead
            if message["type"] == "http.response.start" and _strange(scope, message["status"]):
                window.count(address)
                if pause := window.pause_of(address):
                    instead = TooManyRefused(pause)
            if instead is None:
                await send(message)

        await app(scope, receive, say)
        return await _told(instead, scope, receive, send) if instead else None

    return bound


def address_of(scope: Scope) -> str | None:
    """Where a call comes from, as `connections` counts addresses; None where that is not known."""
    client = scope.get("client")
    if not client:
        return None
    try:
        return network(client[0])
    except ValueError:  # a proxy's word, which is no address
        return str(client[0])


def _strange(scope: Scope, status: int) -> bool:
    return status in _REFUSED and _PROVED not in open_scope(scope)


async def _told(refusal: TooManyRefused, scope: Scope, receive: Receive, send: Send) -> None:
    await refuse(await stranger_held_back(refusal), scope, receive, send)
