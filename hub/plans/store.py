"""Which family of a centre has an open support plan, by when it is talked with, what is sent to it.

One row a family, gone when the plan is closed: that there is one plan a family is the primary key's to hold,
also when two are begun at one moment. Another row stays as long as the family is in the centre's care: the
year's talk is owed between two plans too. A family is its reference; what is planned stands in the matter. A
sending's addresses lie wrapped beside its password, its documents with `parcels`.
Source: method S122, S131, S133.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from hub.kernel.ids import CentreId, MatterId
from hub.plans.talks import InCare
from hub.plumbing.database import Tx, metadata
from hub.plumbing.reading import TableRow
from saikne_schemas.vocabulary import DutyKind

open_plan = Table(
    "open_plan",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("family", Text, primary_key=True),
    Column("matter_id", Uuid, nullable=False),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE", "changes": "matter_id"},
)

family_care = Table(
    "family_care",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("family", Text, primary_key=True),
    Column("matter_id", Uuid, nullable=False, comment="its newest plan, open or not"),
    Column("talk_on", Date, nullable=False, comment="when it was talked with last"),
    Column("talk_by", Date, nullable=False, comment="the last day for the next talk"),
    Index("ix_family_care_talk_by", "tenant_id", "talk_by"),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT, DELETE",
        "changes": "matter_id talk_on talk_by",
    },
)

_MOMENT = DateTime(timezone=True)
plan_sending = Table(
    "plan_sending",
    metadata,
    Column("matter_id", Uuid, primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("id", Uuid, nullable=False, comment="chosen by the centre"),
    Column("recipient_sha256", LargeBinary, nullable=False, comment="of the document with the addresses"),
    Column("begun_at", _MOMENT, nullable=False),
    Column("dispatched_at", _MOMENT),
    Column("directory", LargeBinary, comment="the archive's last bytes, after its segments"),
    Column("archive_bytes", BigInteger),
    Column("archive_sha256", LargeBinary),
    Column("mailed_at", _MOMENT),
    Column("ended_at", _MOMENT, comment="when it had served, or was given up: nothing opens it any more"),
    Column("erased_at", _MOMENT, comment="when the sealed segments were deleted"),
    UniqueConstraint("matter_id", "id"),
    info={
        "wall": "matter",
        "grant": "SELECT, INSERT",
        "changes": "dispatched_at directory archive_bytes archive_sha256 mailed_at ended_at erased_at",
    },
)


class CareRow(TableRow, of=family_care):
    tenant_id: CentreId
    family: str
    matter_id: MatterId
    talk_on: date
    talk_by: date


class SendingRow(TableRow, of=plan_sending):
    matter_id: MatterId
    number: int
    id: UUID
    recipient_sha256: bytes
    begun_at: datetime
    dispatched_at: datetime | None
    directory: bytes | None
    archive_bytes: int | None
    archive_sha256: bytes | None
    mailed_at: datetime | None
    ended_at: datetime | None
    erased_at: datetime | None


def prepared(row: SendingRow) -> bool:
    """Begun, and neither sent nor given up."""
    return row.dispatched_at is None and row.ended_at is None


async def find_sending(tx: Tx, matter: UUID, identity: UUID) -> SendingRow | None:
    """By the centre's own name for it."""
    asked = select(plan_sending).where(plan_sending.c.matter_id == matter, plan_sending.c.id == identity)
    return await SendingRow.first(tx, asked)


async def sending(tx: Tx, matter: UUID, number: int) -> SendingRow | None:
    asked = select(plan_sending).where(plan_sending.c.matter_id == matter, plan_sending.c.number == number)
    return await SendingRow.first(tx, asked)


async def last_number(tx: Tx, matter: UUID) -> int:
    """0 where there was none."""
    number = func.coalesce(func.max(plan_sending.c.number), 0)
    found = await tx.scalar(select(number).where(plan_sending.c.matter_id == matter))
    return int(found or 0)


async def sent_number(tx: Tx, matter: UUID) -> int | None:
    """Of the sending that is under way to the family."""
    rows = plan_sending.c.matter_id == matter, plan_sending.c.ended_at.is_(None)
    asked = select(plan_sending.c.number).where(*rows, plan_sending.c.dispatched_at.is_not(None))
    number: int | None = await tx.scalar(asked)
    return number


async def change_sending(tx: Tx, matter: UUID, number: int, **changes: object) -> None:
    row = plan_sending.c.matter_id == matter, plan_sending.c.number == number
    await tx.execute(update(plan_sending).where(*row).values(**changes))


async def end_sendings(tx: Tx, matter: UUID, now: datetime, *, but: int | None = None) -> Sequence[int]:
    """End all of a plan that have not ended, but one; their numbers."""
    rows = plan_sending.c.matter_id == matter, plan_sending.c.ended_at.is_(None)
    others = () if but is None else (plan_sending.c.number != but,)
    ended = update(plan_sending).where(*rows, *others).values(ended_at=now).returning(plan_sending.c.number)
    return sorted(await tx.scalars(ended))


async def mark_erased(tx: Tx, matter: UUID, number: int, now: datetime) -> bool:
    """True the first time."""
    row = plan_sending.c.matter_id == matter, plan_sending.c.number == number
    kept = plan_sending.c.erased_at.is_(None)
    return (await tx.execute(update(plan_sending).where(*row, kept).values(erased_at=now))).rowcount == 1


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


async def care_of(tx: Tx, centre: CentreId, family: str) -> CareRow | None:
    """The row, held until the transaction ends."""
    own = family_care.c.tenant_id == centre, family_care.c.family == family
    return await CareRow.first(tx, select(family_care).where(*own).with_for_update())


async def take_into_care(tx: Tx, centre: CentreId, matter: UUID, known: InCare) -> None:
    """From here on this matter is the family's newest plan, and this the last day for the next talk."""
    said = {"matter_id": matter, "talk_on": known.talk_on, "talk_by": known.talk_by}
    row = insert(family_care).values(tenant_id=centre, family=known.family, **said)
    key = [family_care.c.tenant_id, family_care.c.family]
    await tx.execute(row.on_conflict_do_update(index_elements=key, set_=said))


async def leave_care(tx: Tx, centre: CentreId, family: str, matter: UUID) -> None:
    """Where this matter is the family's newest plan."""
    own = family_care.c.tenant_id == centre, family_care.c.family == family
    await tx.execute(delete(family_care).where(*own, family_care.c.matter_id == matter))


_UNOWED = f"""
    SELECT * FROM hub.family_care WHERE tenant_id = $1 AND talk_by <= $2 AND NOT EXISTS (
        SELECT FROM hub.duty WHERE duty.tenant_id = $1 AND duty.matter_id = family_care.matter_id
            AND duty.kind = '{DutyKind.YEARLY_TALK}' AND duty.ended_at IS NULL)
    ORDER BY talk_by, family
"""  # noqa: S608  # our own words


async def unowed_talks(tx: Tx, centre: CentreId, until: date) -> Sequence[CareRow]:
    """Families whose next talk is due by a day, and nobody owes it yet."""
    return await CareRow.said(tx, _UNOWED, centre, until)
