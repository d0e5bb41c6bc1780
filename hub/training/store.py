"""Which price ceiling a centre has stated for a year, and which trainings its report of a month tells of.

That a year is stated once is the primary key's to hold. Source: method S37, S65. What is stated stands in its
matter; this is what contracts of other centres look up, acting for the training centre too.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Integer, SmallInteger, Table, Text, Uuid, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from hub.kernel.ids import CentreId, MatterId
from hub.plumbing.database import Row, Tx, fetch, metadata
from hub.plumbing.reading import TableRow
from hub.training.ceiling import YearsCeiling
from saikne_schemas.training_lists import TrainingState
from saikne_schemas.vocabulary import DutyKind, Workflow

_OPEN = [
    TrainingState.HELD,
    TrainingState.CERTIFIED,
    TrainingState.INVOICED,
    TrainingState.DELIVERED,
    TrainingState.PAID,
]
"""Held, and something is still to come."""

price_ceiling = Table(
    "price_ceiling",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("year", SmallInteger, primary_key=True),
    Column("matter_id", Uuid, nullable=False),
    Column("ceiling_cents", Integer, nullable=False),
    Column("contract", Text, nullable=False, comment="its number"),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE", "changes": "matter_id ceiling_cents"},
)


_SINCE = f"""
    SELECT matter_id, party.role, party.parties, matter.content,
        (SELECT min(due_on) FROM hub.duty WHERE duty.tenant_id = $1 AND duty.matter_id = party.matter_id
            AND duty.owner_id = $1 AND duty.ended_at IS NULL
            AND duty.kind IN ('{DutyKind.INVOICE}', '{DutyKind.REPORT_COST}')) AS due_on
    FROM hub.party JOIN hub.matter USING (matter_id)
    WHERE party.tenant_id = $1 AND party.workflow = '{Workflow.TRAINING}' AND party.state = ANY ($2)
        AND (party.moved_at >= $3 OR party.state = ANY ($4))
"""  # noqa: S608  # our own words


class CeilingRow(TableRow, of=price_ceiling):
    tenant_id: CentreId
    year: int
    matter_id: MatterId
    ceiling_cents: int
    contract: str


async def take(tx: Tx, centre: CentreId, matter: UUID, known: YearsCeiling) -> UUID | None:
    """State the centre's year by this matter; if another one states it, that (as `plans` takes a place)."""
    said = {"ceiling_cents": known.ceiling_cents, "contract": known.contract}
    row = insert(price_ceiling).values(tenant_id=centre, year=known.year, matter_id=matter, **said)
    kept = row.on_conflict_do_update(
        index_elements=[price_ceiling.c.tenant_id, price_ceiling.c.year],
        set_={"matter_id": price_ceiling.c.matter_id},
    )
    there: UUID = (await tx.execute(kept.returning(price_ceiling.c.matter_id))).scalar_one()
    return None if there == matter else there


async def find(tx: Tx, centre: CentreId, year: int) -> YearsCeiling | None:
    """Held against a correction until the transaction ends."""
    own = price_ceiling.c.tenant_id == centre, price_ceiling.c.year == year
    row = await CeilingRow.first(tx, select(price_ceiling).where(*own).with_for_update(read=True))
    return YearsCeiling(row.year, row.ceiling_cents, row.contract) if row else None


async def held_trainings(tx: Tx, centre: CentreId, since: datetime) -> list[Row]:
    """A centre's own trainings that were held, with the day by which it still owes something about money.

    Of what has ended, what moved since: a month's report tells of nothing that was stated before it began.
    """
    return await fetch(tx, _SINCE, centre, [*_OPEN, TrainingState.CLOSED], since, _OPEN)


async def change(tx: Tx, centre: CentreId, matter: UUID, ceiling_cents: int) -> None:
    own = price_ceiling.c.tenant_id == centre, price_ceiling.c.matter_id == matter
    await tx.execute(update(price_ceiling).where(*own).values(ceiling_cents=ceiling_cents))


async def take_back(tx: Tx, centre: CentreId, matter: UUID) -> None:
    own = price_ceiling.c.tenant_id == centre, price_ceiling.c.matter_id == matter
    await tx.execute(delete(price_ceiling).where(*own))
