"""What is known of the courts and the exchange that a statement about a move names."""

from typing import Protocol
from uuid import UUID

from hub.exchange import store as exchanges
from hub.kernel.ids import CentreId, ExchangeId
from hub.matters.casework.records import Desk
from hub.transfers import store
from hub.transfers.courts import Directory
from hub.transfers.fitting_exchange import NamedExchange
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState


class NamesExchange(Protocol):
    @property
    def exchange(self) -> UUID: ...


async def courts(desk: Desk, _author: CentreId, *_: object) -> Directory:
    return await store.directory(desk.tx)


async def named_exchange(
    desk: Desk, _author: CentreId, _: object, statement: NamesExchange
) -> NamedExchange | None:
    """None where nobody here may see it."""
    row = await exchanges.find(desk.tx, ExchangeId(statement.exchange))
    if row is None:
        return None
    return NamedExchange(
        kind=ExchangeKind(row.kind),
        requester=CentreId(row.requester_id),
        holder=CentreId(row.holder_id),
        family=row.family,
        children=(*row.children, *row.more_children),
        state=ExchangeState(row.state),
    )
