"""The orphans' courts and the territories they serve: common to all, written by the operator only.

A territory's row says which court serves it over a time; it ends and another begins, so that the court of any
day since the reform is still known. Source: domain 5.3, 8.
"""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Table, Text, select, text, update
from sqlalchemy.dialects.postgresql import insert

from hub.plumbing.database import Tx, metadata
from hub.transfers.courts import Court, Directory, Served

_READ_ONLY = {"wall": "common", "grant": "SELECT"}

courts = Table(
    "court",
    metadata,
    Column("code", Text, primary_key=True, comment="ISO 3166-2 of the territory in which it sits"),
    Column("name", Text, nullable=False),
    Column("registration_number", Text, comment="whose e-address reaches it"),
    Column("email", Text),
    Column("postal_address", Text),
    Column("checked_on", Date, comment="when the operator last entered it"),
    info=_READ_ONLY,
)

territories = Table(
    "court_territory",
    metadata,
    Column("territory", Text, primary_key=True, comment="ISO 3166-2"),
    Column("valid_from", Date, primary_key=True),
    Column("name", Text, nullable=False),
    Column("court", ForeignKey(courts.c.code), nullable=False),
    Column("valid_to", Date, comment="the last day"),
    Column("merged_into", Text),
    CheckConstraint("valid_from <= valid_to", name="days"),
    CheckConstraint("merged_into IS NULL OR valid_to IS NOT NULL", name="merged"),
    info=_READ_ONLY,
)


async def directory(tx: Tx) -> Directory:
    """Every court and territory; there are some fifty rows of each."""
    known = {row.code: Court(**row._mapping) for row in await tx.execute(select(courts))}  # noqa: SLF001
    rows = await tx.execute(select(territories).order_by(territories.c.territory, territories.c.valid_from))
    return Directory(known, tuple(Served(**row._mapping) for row in rows))  # noqa: SLF001


async def to_change(tx: Tx) -> Directory:
    """The same for one operator at a time: a second one waits, and then sees what the first one wrote."""
    await tx.execute(text("LOCK TABLE hub.court IN EXCLUSIVE MODE"))
    return await directory(tx)


async def put_court(tx: Tx, court: Court) -> None:
    await tx.execute(update(courts).where(courts.c.code == court.code).values(asdict(court)))


async def put_served(tx: Tx, served: Iterable[Served]) -> None:
    """Times in which a court serves a territory, new ones or changed ones."""
    for one in served:
        row = asdict(one)
        put = insert(territories).values(row)
        await tx.execute(put.on_conflict_do_update(index_elements=["territory", "valid_from"], set_=row))
