"""What one party sees of its matters: by key or by page, a fixed number of queries whatever their size."""

from dataclasses import dataclass
from uuid import UUID

from hub.centres import store as centres
from hub.duties import store as duties
from hub.duties.term import duty_view
from hub.kernel.clock import riga_day
from hub.kernel.ids import CentreId, MatterId
from hub.matters import store
from hub.matters.casework.keeping import kept_statement
from hub.matters.casework.matters import C, NotFound, roles_of
from hub.matters.casework.records import Desk
from hub.matters.workflow import Workflow
from hub.web.paging import cursor, moment, place
from saikne_schemas.matters import MatterLine, MatterPage, PartyView
from saikne_schemas.spelling import KEPT
from saikne_schemas.statements import RecordView
from saikne_schemas.views import StatementView
from saikne_schemas.vocabulary import Workflow as Kind


@dataclass(frozen=True, slots=True)
class Wish:
    """Which page of a list is asked for."""

    workflow: Kind | None
    state: str | None
    cursor: str | None
    limit: int


async def show(desk: Desk, workflow: Workflow[C], caller: CentreId, identity: MatterId) -> RecordView:
    """One matter as the caller sees it; foreign, absent and of another workflow are the same."""
    row = await store.find(desk.tx, identity)
    if row is None or row.workflow != workflow.kind:
        raise NotFound
    roles = roles_of(workflow, row)
    owed = await duties.all_about(desk.tx, caller, identity)
    names, outside = await centres.named(desk.tx, {*roles, *(one.owner_id for one in owed)})
    calendars, today = await desk.calendars.current(desk.tx), riga_day(desk.now)
    return workflow.view.model_validate(
        {
            "id": row.matter_id,
            "workflow": workflow.kind,
            "role": roles[caller].value,
            "state": row.state,
            "parties": [
                PartyView(centre=one, name=names[one], role=role.value) for one, role in roles.items()
            ],
            "opened_at": row.opened_at,
            "moved_at": row.moved_at,
            "duties": [duty_view(one, calendars, today, names, outside) for one in owed],
            "content": workflow.content.model_validate(row.content, context=KEPT),
        }
    )


async def line(desk: Desk, caller: CentreId, identity: MatterId) -> MatterLine:
    """Which workflow a matter is of, and where it stands."""
    row = await store.find_party(desk.tx, caller, identity)
    if row is None or row.workflow == Kind.COPIES:
        raise NotFound
    return _line(row, caller, await centres.names(desk.tx, row.parties))


async def page(desk: Desk, caller: CentreId, wish: Wish) -> MatterPage:
    """The caller's own matters, the last moved first."""
    before = place(wish.cursor, moment, UUID) if wish.cursor else None
    rows = await store.page(
        desk.tx,
        caller,
        workflow=wish.workflow,
        state=wish.state,
        before=before,
        limit=wish.limit + 1,
    )
    shown, more = rows[: wish.limit], len(rows) > wish.limit
    names = await centres.names(desk.tx, {one for row in shown for one in row.parties})
    items = [_line(row, caller, names) for row in shown]
    return MatterPage(items=items, next=cursor(shown[-1].moved_at, shown[-1].matter_id) if more else None)


def _line(row: store.PartyRow, caller: CentreId, names: dict[UUID, str]) -> MatterLine:
    return MatterLine(
        id=row.matter_id,
        workflow=Kind(row.workflow),
        role=row.role,
        state=row.state,
        others=[names[one] for one in row.parties if one != caller],
        opened_at=row.opened_at,
        moved_at=row.moved_at,
    )


async def statements(desk: Desk, identity: MatterId) -> list[StatementView]:
    rows = await store.statements(desk.tx, identity)
    if not rows or rows[0].workflow == Kind.COPIES:
        raise NotFound
    return [kept_statement(row) for row in rows]
