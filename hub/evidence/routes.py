"""A centre reads its own chain. Source: design.md 6.

The composition root says whose chain it is: `caller_tenant` is the caller's centre, or the common tenant of
the oversight bodies. A chain names no person, so what it holds may be shown whole.
"""

from base64 import b64encode
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from hub.evidence import store
from hub.evidence.chain import Event
from hub.kernel.ids import CentreId
from hub.plumbing.database import Database
from hub.web.openapi import reads
from saikne_schemas.evidence_views import EventPage, EventView, LinkView

EVENTS_AT_MOST = 500
LARGEST = 2**63 - 1
"""What the database can count to."""
After = Annotated[int, QueryParameter(ge=0, le=LARGEST, description="Events that come after this number.")]


@get(
    "/v1/evidence/events",
    operation_id="listEvents",
    summary="The events of one's own chain",
    tags=["evidence"],
    contract=reads(),
)
async def list_events(
    database: NamedDependency[Database],
    caller_tenant: NamedDependency[CentreId],
    after: After = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=EVENTS_AT_MOST)] = 100,
) -> EventPage:
    async with database.transaction([caller_tenant]) as tx:
        end = await store.head(tx, caller_tenant)  # first: what is written meanwhile is of the next page
        found = await store.page(tx, caller_tenant, after, limit + 1, until=end.seq) if end else []
    shown = found[:limit]
    return EventPage(
        tenant=caller_tenant,
        items=[event_view(event) for event in shown],
        next=shown[-1].seq if len(found) > limit else None,
        head=LinkView(seq=end.seq, hash=end.hash.hex()) if end else None,
    )


def event_view(event: Event) -> EventView:
    return EventView(
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        exchange=event.about,
        body=b64encode(event.body).decode(),
        prev=event.prev.hex(),
        hash=event.hash.hex(),
    )


ROUTES = (list_events,)
