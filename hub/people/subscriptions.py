"""Browsers that tell a person by push messages, as they are kept behind the centre's wall.

Where a browser is reached, and what its messages are sealed with, lies under the keyring: a copy of the
database tells nobody anything. It is found by a digest of its address.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    select,
    update,
)

from hub.kernel.ids import CentreId
from hub.people.person import PersonId
from hub.people.tables import person
from hub.plumbing.database import Tx, metadata
from hub.plumbing.reading import TableRow
from hub.signing.store import Wrapped

subscription = Table(
    "subscription",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("digest", LargeBinary, primary_key=True, comment="SHA-256 of its endpoint"),
    Column("person_id", Uuid, nullable=False),
    Column("label", Text, nullable=False),
    Column("reached", LargeBinary, nullable=False, comment="endpoint and keys, covered by the keyring"),
    Column("push_key", Text, nullable=False, comment="of the hub's own, which alone it takes messages of"),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("told_at", DateTime(timezone=True), comment="the last try"),
    Column("outcome", Text, comment="of the last try"),
    ForeignKeyConstraint(
        ["tenant_id", "person_id"], [person.c.tenant_id, person.c.person_id], name="fk_subscription_person"
    ),
    Index("ix_subscription_person", "tenant_id", "person_id"),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE", "changes": "told_at outcome"},
)


class SubscriptionRow(TableRow, of=subscription):
    tenant_id: CentreId
    digest: bytes
    person_id: PersonId
    label: str
    reached: bytes
    push_key: str
    made_at: datetime
    told_at: datetime | None
    outcome: str | None


def bound_to(tenant: CentreId, digest: bytes) -> bytes:
    """Where what a browser is reached by can be uncovered."""
    return b"subscription:" + tenant.bytes + digest


WRAPPED = Wrapped("subscriptions", subscription.c.reached, lambda row: bound_to(row.tenant_id, row.digest))


async def of_person(tx: Tx, tenant: CentreId, who: PersonId) -> Collection[SubscriptionRow]:
    mine = subscription.c.tenant_id == tenant, subscription.c.person_id == who
    return await SubscriptionRow.every(tx, select(subscription).where(*mine).order_by(subscription.c.made_at))


async def of_centre(tx: Tx, tenant: CentreId) -> Collection[SubscriptionRow]:
    asked = select(subscription).where(subscription.c.tenant_id == tenant)
    return await SubscriptionRow.every(tx, asked.order_by(subscription.c.made_at))


async def find(tx: Tx, tenant: CentreId, digest: bytes) -> SubscriptionRow | None:
    asked = select(subscription).where(subscription.c.tenant_id == tenant, subscription.c.digest == digest)
    return await SubscriptionRow.first(tx, asked)


async def count_others(tx: Tx, tenant: CentreId, who: PersonId, digest: bytes) -> int:
    """A person's, without this one."""
    mine = subscription.c.tenant_id == tenant, subscription.c.person_id == who
    counted = select(func.count()).where(*mine, subscription.c.digest != digest)
    return int(await tx.scalar(counted) or 0)


async def put(tx: Tx, row: dict[str, object]) -> None:
    """In the place of whose it was before: a browser tells one person."""
    same = subscription.c.tenant_id == row["tenant_id"], subscription.c.digest == row["digest"]
    await tx.execute(delete(subscription).where(*same))
    await tx.execute(insert(subscription).values(**row))


async def note(tx: Tx, tenant: CentreId, digest: bytes, told_at: datetime, outcome: str) -> None:
    same = subscription.c.tenant_id == tenant, subscription.c.digest == digest
    await tx.execute(update(subscription).where(*same).values(told_at=told_at, outcome=outcome))


async def remove(tx: Tx, tenant: CentreId, digest: bytes, whose: PersonId | None = None) -> bool:
    """Whether it was there, and that person's where one is named."""
    same = [subscription.c.tenant_id == tenant, subscription.c.digest == digest]
    if whose is not None:
        same.append(subscription.c.person_id == whose)
    return (await tx.execute(delete(subscription).where(*same))).rowcount == 1


async def remove_all(tx: Tx, tenant: CentreId, who: PersonId) -> bool:
    """Whether there was any."""
    mine = subscription.c.tenant_id == tenant, subscription.c.person_id == who
    return (await tx.execute(delete(subscription).where(*mine))).rowcount > 0
