"""What is known of the courts and the exchange that a statement about a move names."""

from typing import Protocol
from uuid import UUID

from hub.exchange.casework.case import case_of
from hub.exchange.steps import Role
from hub.kernel.ids import CentreId
from hub.matters import store as matters
from hub.matters.casework.records import Desk
from hub.transfers import store
from hub.transfers.courts import Directory
from hub.transfers.fitting_exchange import NamedExchange
from saikne_schemas.vocabulary import Workflow


class NamesExchange(Protocol):
    @property
    def exchange(self) -> UUID: ...


async def courts(desk: Desk, _author: CentreId, *_: object) -> Directory:
    return await store.directory(desk.tx)


async def named_exchange(
    desk: Desk, _author: CentreId, _: object, statement: NamesExchange
) -> NamedExchange | None:
    """None where nobody here may see it."""
    row = await matters.find(desk.tx, statement.exchange)
    if row is None or row.workflow != Workflow.COPIES:
        return None
    case = case_of(row, Role.HUB)
    return NamedExchange(
        kind=case.record.kind,
        requester=case.requester,
        holder=case.holder,
        family=case.record.family,
        children=(*case.record.children, *case.record.more_children),
        state=case.state,
    )
