"""What those who prove nothing may cost: refusals are counted by address, and beyond so many told no more.

A stranger names no centre here: it is counted by where it calls from, and only where it was refused. Beyond
its share the token endpoint does not look at what it sends, and every other refusal is 429. A call that
proves its caller is a centre's, and counts there.
"""

import ipaddress
from typing import Any, cast

from litestar import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hub.kernel.refusal import TooMuch
from hub.web.heard_first import address as place
from hub.web.limits import Window, held_back
from hub.web.problems import refused

_PROVED = "saikne.proved"
_DEAR = frozenset({"/oauth/token", "/oauth/introspect", "/oauth/revoke"})
_REFUSED = range(400, 500)


class TooManyRefused(TooMuch):
    code = "limits.strangers"


def prove_known(scope: Scope) -> None:
    """Say that the caller is proved."""
    cast("dict[str, Any]", scope)[_PROVED] = True


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
    """Where a call comes from, an IPv6 network of one customer as one; None where that is not known."""
    client = scope.get("client")
    if not client:
        return None
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return str(client[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _strange(scope: Scope, status: int) -> bool:
    return status in _REFUSED and _PROVED not in cast("dict[str, Any]", scope)


async def _told(refusal: TooManyRefused, scope: Scope, receive: Receive, send: Send) -> None:
    request: Request[Any, Any, Any] = Request(scope, receive, send)
    answer = refused(request, await held_back(refusal))
    await answer.to_asgi_response(None, request)(scope, receive, send)
