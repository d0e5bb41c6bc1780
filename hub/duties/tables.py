"""Duties: one row for each side of a duty, so that every list is a tenant's own rows under one index."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId, MatterId
from hub.plumbing.database import metadata
from hub.plumbing.reading import TableRow

OVERSEEN = "ended_at IS NULL AND stake = 'oversees'"
"""Oversight has a row of every duty, so these are all that run, each once."""

duty = Table(
    "duty",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("stake", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("matter_id", Uuid, nullable=False),
    Column("workflow", Text, nullable=False, server_default="copies"),
    Column("owner_id", Uuid, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("basis", Text, nullable=False),
    Column("working_days", SmallInteger, nullable=False),
    Column("calendar", Text, nullable=False),
    Column("calendar_version", Text, nullable=False),
    Column("edition", Integer, nullable=False, server_default="0", comment="by which it was last counted"),
    Column("confirmed", Boolean, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("alt_due_on", Date, nullable=False),
    Column("explanation", JSON, nullable=False, comment="kept as written, never searched"),
    Column("ended_at", DateTime(timezone=True)),
    Column("ending", Text),
    Column("ended_by", Uuid, comment="the statement that met or ended it"),
    Column("done_on", Date, comment="the day of what met it, where it was told of later"),
    Column("original_due_on", Date, comment="as first counted, where a later day counts"),
    Column("extended_by", Uuid, comment="the statement that agreed to the later day"),
    Column("moved_by", JSON, comment="the days off that moved it by law; kept as written, never searched"),
    Column("rungs_told", Integer, nullable=False, server_default="0"),
    Column("objections_until", Date, comment="the day that it counts from may be objected to, until then"),
    Index("ix_duty_open", "tenant_id", "due_on", "id", postgresql_where=text("ended_at IS NULL")),
    Index("ix_duty_matter", "tenant_id", "matter_id"),
    Index("ix_duty_due", "tenant_id", "due_on"),
    Index("ix_duty_counted", "edition", "id", postgresql_where=text(OVERSEEN)),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT",
        "changes": (
            "calendar_version edition confirmed due_on alt_due_on explanation ended_at ending "
            "ended_by done_on original_due_on extended_by moved_by rungs_told"
        ),
    },
)


class DutyRow(TableRow, of=duty):
    tenant_id: CentreId
    id: UUID
    stake: str
    kind: str
    matter_id: MatterId
    workflow: str
    owner_id: CentreId
    starts_on: date
    basis: str
    working_days: int
    calendar: str
    calendar_version: str
    edition: int
    confirmed: bool
    due_on: date
    alt_due_on: date
    explanation: JsonObject
    ended_at: datetime | None
    ending: str | None
    ended_by: UUID | None
    done_on: date | None
    original_due_on: date | None
    extended_by: UUID | None
    moved_by: JsonObject | None
    rungs_told: int
    objections_until: date | None
