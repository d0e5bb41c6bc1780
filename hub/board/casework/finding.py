"""What a centre looks for: by the number of a record, or by a case's reference or its beginning.

Source: board.md 8 (a prefix as a range). Only the centre's own rows are looked at.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.board.casework.worklist import called
from hub.centres import store as centres
from hub.kernel.ids import CentreId, MatterId
from hub.matters import store as matters
from hub.matters.casework.records import Desk
from saikne_schemas.vocabulary import Workflow

AT_MOST = 50
_NUMBER = re.compile(r"[0-9a-f]{8,32}")


@dataclass(frozen=True, slots=True)
class Found:
    id: MatterId
    about: str
    reference: str
    state: str
    others: Sequence[str]
    moved_at: datetime

    @property
    def called(self) -> str:
        return called(self.reference, self.id)


def state_of(workflow: str, state: str) -> str:
    """As all programs call it; an exchange's states have their words alone."""
    return f"state.{state}" if workflow == Workflow.COPIES else f"{workflow}.state.{state}"


async def find(desk: Desk, tenant: CentreId, what: str) -> list[Found]:
    """The nearest first; nothing where nothing is meant."""
    number = what.replace("-", "").lower()
    rows: Sequence[matters.PartyRow] = []
    if _NUMBER.fullmatch(number):
        first, last = (UUID(number.ljust(32, filler)) for filler in "0f")
        rows = await matters.numbered(desk.tx, tenant, first, last, AT_MOST)
    if not rows and what:
        rows = await matters.referred(desk.tx, tenant, what, AT_MOST)
    names = await centres.names(desk.tx, {one for row in rows for one in row.parties})
    return [
        Found(
            id=row.matter_id,
            about=row.kind or row.workflow,
            reference=row.about or "",
            state=state_of(row.workflow, row.state),
            others=[names[one] for one in row.parties if one != tenant],
            moved_at=row.moved_at,
        )
        for row in rows
    ]
