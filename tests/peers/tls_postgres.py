"""A PostgreSQL that is reached by TLS, as most that somebody else runs: a real server, TLS ended before it.

Speaks the protocol's own request for TLS (PostgreSQL 55.2.11) and passes on what comes under it. What comes
in clear it refuses and counts: a client that demands TLS has said nothing before it.
"""

import asyncio
import contextlib
import ssl
from threading import Thread
from typing import Self

from sqlalchemy import make_url

_ASKS_FOR_TLS = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
_BLOCK = 65536


class TlsPostgres:
    """`context`: the certificate it shows; without one it says that it has no TLS."""

    def __init__(self, database: str, context: ssl.SSLContext | None) -> None:
        self._to = make_url(database)
        self._context = context
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self.asked = 0
        self.passed_on = 0
        self.in_clear = 0
        self.port = 0

    def url(self, host: str = "127.0.0.1", **said: str) -> str:
        there = self._to.set(host=host, port=self.port, query={})
        return there.update_query_dict(said).render_as_string(hide_password=False)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._server.close()
        at_work = asyncio.all_tasks() - {asyncio.current_task()}
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._speak(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # whoever called does not trust it
        finally:
            await _hang_up(writer)

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(8)
        if first != _ASKS_FOR_TLS:
            self.in_clear += 1
        elif self._context is None:
            self.asked += 1
            writer.write(b"N")
            self.in_clear += bool(await reader.read(1))
        else:
            self.asked += 1
            writer.write(b"S")
            await writer.start_tls(self._context)
            self.passed_on += 1
            await self._pass_on(reader, writer)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        folder = self._to.query.get("host")
        if folder:
            there = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{self._to.port or 5432}")
        else:
            there = await asyncio.open_connection(self._to.host, self._to.port or 5432)
        ways = [asyncio.create_task(_pump(reader, there[1])), asyncio.create_task(_pump(there[0], writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            await _hang_up(there[1])


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    """At once, and wait until the socket is given back."""
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(_BLOCK):
        writer.write(block)
        await writer.drain()
