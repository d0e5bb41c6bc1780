"""Differences as those concerned see them: both sides as they were found, and what was decided."""

from uuid import UUID

from hub.kernel.ids import CentreId
from hub.matters.casework.records import Desk
from hub.reconciliation import store
from hub.reconciliation.store import DifferenceRow
from hub.web.paging import cursor, moment, place
from saikne_schemas.reconciliation import DifferencePage, DifferenceState, DifferenceView


async def page(
    desk: Desk, tenant: CentreId, *, state: DifferenceState | None, after: str | None, limit: int
) -> DifferencePage:
    """The last found first."""
    before = place(after, moment, UUID) if after else None
    wish = store.Wish(state.value if state else None, before, limit + 1)
    rows = await store.listed(desk.tx, tenant, wish)
    shown, more = rows[:limit], len(rows) > limit
    return DifferencePage(
        items=[_view(row) for row in shown],
        next=cursor(shown[-1].found_at.isoformat(), shown[-1].id) if more else None,
    )


def _view(row: DifferenceRow) -> DifferenceView:
    return DifferenceView.model_validate(
        {
            "id": row.id,
            "kind": row.kind,
            "state": row.state,
            "centre": row.centre_id,
            "key": row.key,
            "matter": row.matter_id,
            "found_at": row.found_at,
            "seen_at": row.seen_at,
            "at_hub": row.hub_side,
            "in_register": row.register_side,
            "how": row.how,
            "resolved_by": row.resolved_by,
            "closed_at": row.closed_at,
        }
    )
