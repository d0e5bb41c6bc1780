"""Two centres and a simulated hub between them."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from saikne.hub import Hub
from saikne.retries import Patience
from tests.client.hub_peer import HubPeer, running_hub

QUICK = Patience(attempts=4, first_pause=timedelta(milliseconds=5), longest_pause=timedelta(seconds=2))


@pytest.fixture
def peer() -> Iterator[HubPeer]:
    with running_hub() as hub:
        yield hub


@pytest.fixture
async def requester(peer: HubPeer) -> AsyncIterator[Hub]:
    async with Hub(peer.admit("Atbalsta centrs Saule"), language="en", patience=QUICK) as hub:
        yield hub


@pytest.fixture
async def holder(peer: HubPeer) -> AsyncIterator[Hub]:
    async with Hub(peer.admit("Atbalsta centrs Mēness"), language="lv", patience=QUICK) as hub:
        yield hub
