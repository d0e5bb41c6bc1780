"""What is known of the courts and the exchange that a statement about a move names."""

from typing import Protocol
from uuid import UUID

from hub.duties import store as duties
from hub.exchange.casework.case import case_of
from hub.exchange.steps import Role
from hub.kernel.ids import CentreId, MatterId
from hub.matters import store as matters
from hub.matters.casework.records import Desk
from hub.transfers import store
from hub.transfers.courts import Directory
from hub.transfers.fitting_exchange import NamedExchange
from saikne_schemas.child_moves import ChildMove
from saikne_schemas.family_moves import FamilyMove
from saikne_schemas.vocabulary import Workflow


class NamesExchange(Protocol):
    @property
    def exchange(self) -> UUID: ...


async def courts(desk: Desk, _author: CentreId, *_: object) -> Directory:
    return await store.directory(desk.tx)


async def named_exchange(
    desk: Desk, _author: CentreId, _: object, statement: NamesExchange
) -> NamedExchange | None:
    return await exchange_of(desk, statement.exchange)


async def asked_copies(desk: Desk, _author: CentreId, move: FamilyMove, _: object) -> NamedExchange | None:
    """The exchange in which a family's move asked for copies, if it did."""
    return None if move.copies is None else await exchange_of(desk, move.copies)


async def asked_plan(desk: Desk, _author: CentreId, move: ChildMove, _: object) -> NamedExchange | None:
    """The same of a child's move."""
    return None if move.plan_asked is None else await exchange_of(desk, move.plan_asked)


async def exchange_of(desk: Desk, identity: UUID) -> NamedExchange | None:
    """None where nobody here may see it. It stays where it stands while the move takes note of that."""
    row = await matters.lock(desk.tx, MatterId(identity))
    if row is None or row.workflow != Workflow.COPIES:
        return None
    case = case_of(row, Role.HUB)
    owed = await duties.open_about(desk.tx, case.requester, identity)
    return NamedExchange(
        kind=case.record.kind,
        requester=case.requester,
        holder=case.holder,
        family=case.record.family,
        children=(*case.record.children, *case.record.more_children),
        state=case.state,
        answered_before=case.record.answered_before,
        due_on=max((one.due_on for one in owed), default=None),
    )
