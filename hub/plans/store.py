"""Which family of a centre has an open support plan: one row a family, gone when the plan is closed.

That there is one plan a family is the primary key's to hold, also when two are begun at one moment. Source:
method S131. A family is its reference; what is planned stands in the matter.
"""

from uuid import UUID

from sqlalchemy import Column, Table, Text, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert

from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx, metadata

open_plan = Table(
    "open_plan",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("family", Text, primary_key=True),
    Column("matter_id", Uuid, nullable=False),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE"},
)


async def take(tx: Tx, centre: CentreId, family: str, matter: UUID) -> UUID | None:
    """Make this matter the family's open plan; if it has another one, that."""
    row = {"tenant_id": centre, "family": family, "matter_id": matter}
    taken = await tx.execute(
        insert(open_plan).values(row).on_conflict_do_nothing().returning(open_plan.c.matter_id)
    )
    if taken.first() is not None:
        return None
    there = select(open_plan.c.matter_id).where(open_plan.c.tenant_id == centre, open_plan.c.family == family)
    return (await tx.execute(there)).scalar()


async def release(tx: Tx, centre: CentreId, family: str) -> None:
    await tx.execute(delete(open_plan).where(open_plan.c.tenant_id == centre, open_plan.c.family == family))
