"""A hub that is out of reach is tried in one patient series, whatever is asked of it meanwhile."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import trustme

from saikne.downloads import Wanted, fetch
from saikne.hub import Hub
from saikne.problems import HubOutage
from saikne.retries import Patience
from tests.client.hub_peer import HubPeer, running_hub

ATTEMPTS = 4
QUICK = Patience(attempts=ATTEMPTS, first_pause=timedelta(milliseconds=5), longest_pause=timedelta(seconds=1))


@dataclass
class Wall:
    """An address where every connection is taken and broken at once."""

    url: str
    connections: int = 0


@contextmanager
def wall() -> Iterator[Wall]:
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    standing = Wall(f"http://127.0.0.1:{listening.getsockname()[1]}")

    def turn_away() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            standing.connections += 1
            connection.close()

    keeper = threading.Thread(target=turn_away)
    keeper.start()
    try:
        yield standing
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        keeper.join()


async def _listed(hub: Hub) -> None:
    _ = [item async for item in hub.exchanges()]


def _archive(into: Path) -> Callable[[Hub], Awaitable[Any]]:
    return lambda hub: fetch(hub._calls, Wanted("/v1/archive", "0" * 64, 10), into)


@pytest.mark.parametrize("call", ["centres", "knows_us", "jwks", "exchange", "list", "archive"])
async def test_any_call_is_one_series(peer: HubPeer, tmp_path: Path, call: str) -> None:
    calls: dict[str, Callable[[Hub], Awaitable[Any]]] = {
        "centres": Hub.centres,
        "knows_us": Hub.knows_us,
        "jwks": Hub.jwks,
        "exchange": lambda hub: hub.exchange(uuid4()),
        "list": _listed,
        "archive": _archive(tmp_path / "archive.zip"),
    }
    with wall() as nobody:
        async with Hub(replace(peer.admit("Zeme"), hub=nobody.url), patience=QUICK) as hub:
            with pytest.raises(HubOutage, match="unreachable"):
                await calls[call](hub)
    assert nobody.connections == ATTEMPTS


async def test_calls_side_by_side_share_the_series(peer: HubPeer) -> None:
    at_once = 12
    with wall() as nobody:
        async with Hub(replace(peer.admit("Zeme"), hub=nobody.url), patience=QUICK) as hub:
            ends = await asyncio.gather(*(hub.jwks() for _ in range(at_once)), return_exceptions=True)
    assert {type(end) for end in ends} == {HubOutage}
    assert nobody.connections == at_once + ATTEMPTS - 1


async def test_those_who_waited_go_on_when_the_hub_is_back(peer: HubPeer, requester: Hub) -> None:
    rare = Patience(
        attempts=50, first_pause=timedelta(milliseconds=5), longest_pause=timedelta(milliseconds=20)
    )
    with socket.create_server(("127.0.0.1", 0)) as place:
        address = place.getsockname()
    async with Hub(
        replace(requester.credentials, hub=f"http://127.0.0.1:{address[1]}"), patience=rare
    ) as hub:
        waiting = [asyncio.create_task(hub.jwks()) for _ in range(5)]
        _, unanswered = await asyncio.wait(waiting, timeout=0.1)
        assert len(unanswered) == len(waiting)
        async with await _road(address, peer.url):
            found = await asyncio.gather(*waiting)
    assert found == [await requester.jwks()] * 5


async def _road(address: tuple[str, int], to: str) -> asyncio.Server:
    """From an address that was nobody's to the hub."""
    host, port = to.removeprefix("http://").split(":")

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(port))
        back.write(await reader.readuntil(b"\r\n\r\n"))
        while block := await there.read(65_536):
            writer.write(block)
            await writer.drain()
            if b"}" in block[-3:]:
                break
        writer.close()
        back.close()

    return await asyncio.start_server(carry, *address)


async def test_a_hub_for_which_no_known_authority_vouches_is_out_of_reach() -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(tls)
    with running_hub(tls) as peer:
        async with Hub(peer.admit("Atbalsta centrs Saule"), patience=Patience(attempts=1)) as hub:
            with pytest.raises(HubOutage) as refused:
                await hub.knows_us()
    assert refused.value.code == "hub.unreachable"
    assert "CERTIFICATE_VERIFY_FAILED" in str(refused.value.detail)
