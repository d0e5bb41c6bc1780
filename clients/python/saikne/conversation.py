"""A conversation with the hub: whose it is, how patient, and how documents become typed answers.

What may be said in it stands in the classes that build on it: `registrations`, and `hub` as the whole.
"""

import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import Any, Self, TypeVar

import httpx
from pydantic import TypeAdapter

from saikne.calls import Calls
from saikne.credentials import Credentials, hub_address
from saikne.retries import Patience
from saikne.statements import Sent, wire_bytes
from saikne.steps import Query
from saikne_schemas.spelling import KEPT
from saikne_schemas.wire import View

TIMEOUT = httpx.Timeout(60, connect=10, pool=None)

_V = TypeVar("_V", bound=View)


class Conversation:
    """Open while its `async with` lasts."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        language: str = "lv",
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        hub_address(credentials.hub)
        self.credentials = credentials
        self._http = httpx.AsyncClient(
            verify=_believed(credentials.hub), timeout=TIMEOUT, transport=transport
        )
        self._calls = Calls(self._http, credentials, patience or Patience(), language)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def knows_us(self) -> None:
        """Get a token, which proves that the hub has admitted this centre and its OAuth key."""
        await self._calls.token()

    async def _pages(self, kind: type[Any], path: str, query: Query, page_size: int) -> AsyncIterator[Any]:
        wish: dict[str, str | list[str]] = {**query, "limit": str(page_size)}
        while True:
            page = await self._view(kind, path, wish)
            for item in page.items:
                yield item
            if page.next is None:
                return
            wish["cursor"] = page.next

    async def _view(self, kind: type[_V], path: str, query: Query | None = None) -> _V:
        return kind.model_validate_json((await self._calls.read(path, query)).content, context=KEPT)

    async def _list(self, kind: type[_V], path: str, query: Query | None = None) -> list[_V]:
        return _list_of(kind).validate_json((await self._calls.read(path, query)).content)

    async def _state(self, kind: type[_V], statement: Sent) -> _V:
        return kind.model_validate_json(
            (await self._calls.state(statement.path, wire_bytes(statement))).content, context=KEPT
        )


def _believed(hub: str) -> ssl.SSLContext:
    """Who may vouch for the hub: nobody where it is called in clear, so that no authority need be loaded."""
    if hub.startswith("https:"):
        return httpx.create_ssl_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def _list_of(kind: type[_V]) -> TypeAdapter[list[_V]]:
    return TypeAdapter(list[kind])  # type: ignore[valid-type]  # which of them is known when it runs
