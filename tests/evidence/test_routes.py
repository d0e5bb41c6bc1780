"""A centre reads its own chain over HTTP and checks it with nothing but what it was shown."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide

from hub.evidence import store
from hub.evidence.chain import Event, Head, verify
from hub.evidence.event import EventKind
from hub.evidence.routes import ROUTES
from hub.kernel.ids import CentreId
from hub.plumbing.database import Database
from saikne_schemas.evidence_views import EventPage, EventView

CENTRE = CentreId(uuid4())


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar(
        ROUTES,
        dependencies={
            "database": Provide(lambda: database, sync_to_thread=False),
            "caller_tenant": Provide(lambda: CENTRE, sync_to_thread=False),
        },
    )
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar says more of its scopes
    async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
        yield client


async def note(database: Database, tenant: CentreId, times: int) -> None:
    for number in range(times):
        async with database.transaction([tenant]) as tx:
            await store.record(tx, EventKind.KEY_ADMITTED, [tenant], None, {"number": number})


def as_event(page: EventPage, shown: EventView) -> Event:
    prev, digest = bytes.fromhex(shown.prev), bytes.fromhex(shown.hash)
    body = b64decode(shown.body)
    return Event(CentreId(page.tenant), shown.seq, shown.at, shown.kind, shown.exchange, body, prev, digest)


async def test_the_pages_of_a_chain_verify_without_the_hub(
    database: Database, client: httpx.AsyncClient
) -> None:
    await note(database, CENTRE, 5)
    await note(database, CentreId(uuid4()), 1)
    events: list[Event] = []
    after: int | None = 0
    while after is not None:
        answer = await client.get("/v1/evidence/events", params={"after": after, "limit": 2})
        page = EventPage.model_validate_json(answer.content)
        events += [as_event(page, shown) for shown in page.items]
        after = page.next
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert page.head is not None
    assert verify(events, head=Head(page.head.seq, bytes.fromhex(page.head.hash))).holds


async def test_the_last_page_ends_at_its_head_while_events_are_written(
    database: Database, client: httpx.AsyncClient
) -> None:
    """A chain that only went on meanwhile would else look broken."""
    await note(database, CENTRE, 1)
    writing = asyncio.create_task(note(database, CENTRE, 60))
    ends = []
    while not writing.done():
        answer = await client.get("/v1/evidence/events", params={"limit": 100})
        page = EventPage.model_validate_json(answer.content)
        assert page.head is not None
        ends.append((page.items[-1].seq, page.head.seq))
    await writing
    assert len({seq for seq, _ in ends}) > 1
    assert [last for last, head in ends if last != head] == []


async def test_a_centre_without_events_has_an_empty_chain(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/evidence/events")
    assert answer.json() == {"tenant": str(CENTRE), "items": [], "next": None, "head": None}


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "after=-1", "after=x", f"after={2**63}"])
async def test_a_malformed_page_is_refused(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/v1/evidence/events?{query}")).status_code == 400
