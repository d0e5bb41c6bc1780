"""What is known of the exchange that a statement about a move names."""

from typing import Any
from uuid import UUID

from hub.exchange import store
from hub.kernel.ids import CentreId, ExchangeId
from hub.matters.casework.records import Desk
from hub.plumbing.database import Tx
from hub.transfers.fitting_exchange import NamedExchange
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState


async def named_exchange(
    desk: Desk, _author: CentreId, _content: Any, statement: Any
) -> NamedExchange | None:
    """The exchange in the statement's field `exchange`; None where nobody here may see it."""
    return await known_exchange(desk.tx, statement.exchange)


async def known_exchange(tx: Tx, identity: UUID) -> NamedExchange | None:
    row = await store.find(tx, ExchangeId(identity))
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
