"""Which family of a centre has an open support plan: one row a family, gone when the plan is closed.

That there is one plan a family is the primary key's to hold, also when two are begun at one moment. Source:
method S131. A family is its reference; what is planned stands in the matter.
"""

from uuid import UUID

from sqlalchemy import Column, Table, Text, Uuid, delete
from sqlalchemy.dialects.postgresql import insert

from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx, metadata

open_plan = Table(
    "open_plan",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("family", Text, primary_key=True),
    Column("matter_id", Uuid, nullable=False),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE", "changes": "matter_id"},
)


async def take(tx: Tx, centre: CentreId, family: str, matter: UUID) -> UUID | None:
    """Make this matter the family's open plan; if it has another one, that.

    The other one's row is written over with what it says: so it is locked, and cannot be given back unseen
    between this look at it and the answer.
    """
    row = insert(open_plan).values(tenant_id=centre, family=family, matter_id=matter)
    kept = row.on_conflict_do_update(
        index_elements=[open_plan.c.tenant_id, open_plan.c.family],
        set_={"matter_id": open_plan.c.matter_id},
    )
    there: UUID = (await tx.execute(kept.returning(open_plan.c.matter_id))).scalar_one()
    return None if there == matter else there


async def release(tx: Tx, centre: CentreId, family: str, matter: UUID) -> None:
    """Give the family's place back, if this matter has it."""
    own = (open_plan.c.tenant_id == centre, open_plan.c.family == family, open_plan.c.matter_id == matter)
    await tx.execute(delete(open_plan).where(*own))
