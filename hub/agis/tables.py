"""Registrations and every attempt at them; the sealed facts, while they are needed; the register's keys.

Rows name in `parties` who may reach them: the new centre, the register's side, and oversight, which sees
states and days, never the sealed facts. Of what is open, somebody does the next thing at `next_at`.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.kernel.ids import CentreId, MatterId
from hub.matters.store import as_signed
from hub.plumbing.database import metadata
from hub.plumbing.reading import TableRow

_MOMENT = DateTime(timezone=True)
OPEN = "state NOT IN ('acknowledged', 'withdrawn')"

registration = Table(
    "registration",
    metadata,
    Column("key", Uuid, primary_key=True, comment="UUIDv5 of case, day and new centre"),
    Column("matter_id", Uuid, nullable=False),
    Column("centre_id", Uuid, nullable=False, comment="the new one, which registers"),
    Column("previous_id", Uuid, nullable=False),
    Column("parties", ARRAY(Uuid), nullable=False, comment="who may reach this row"),
    Column("effective_on", Date, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("operation", Text, nullable=False),
    Column("replaces", Uuid),
    Column("replaces_revision", Integer, comment="the newest of it when this was prepared"),
    Column("state", Text, nullable=False),
    Column("because", Text, comment="why it is rejected, needs a person or was withdrawn"),
    Column("register_key", Text, comment="the thumbprint of the key that the facts are sealed to"),
    Column("sealed_sha256", LargeBinary),
    Column("sealed_bytes", Integer),
    Column("attempts", Integer, nullable=False, comment="ever made"),
    Column("tries", Integer, nullable=False, comment="made since it was prepared, or a person let it go on"),
    Column("maybe_there", Boolean, nullable=False, comment="something under this key may be in the register"),
    Column("next_at", _MOMENT, comment="when somebody does the next thing; none once it has ended"),
    Column("claimed_until", _MOMENT, comment="a job has it until then"),
    Column("prepared_at", _MOMENT, nullable=False),
    Column("changed_at", _MOMENT, nullable=False),
    Column("registered_on", Date),
    Column("register_id", Text),
    Column("confirmed_by", Text, comment="whose word both are: the register's, or the job's"),
    Index("ix_registration_next", "next_at", "key", postgresql_where=text(OPEN)),
    Index("ix_registration_centre", "centre_id", "prepared_at", "key"),
    Index("ix_registration_prepared", "prepared_at", "key"),
    Index("ix_registration_matter", "matter_id"),
    info={
        "wall": "named",
        "grant": "SELECT, INSERT",
        "changes": (
            "effective_on revision operation replaces replaces_revision state because register_key "
            "sealed_sha256 sealed_bytes attempts tries maybe_there next_at claimed_until prepared_at "
            "changed_at registered_on register_id confirmed_by"
        ),
    },
)

attempt = Table(
    "registration_attempt",
    metadata,
    Column("key", ForeignKey(registration.c.key), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("parties", ARRAY(Uuid), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("claim_id", Uuid, nullable=False, comment="the statement that took it"),
    Column("claimant", Uuid, nullable=False, comment="the tenant that took it"),
    Column("client", Text, nullable=False),
    Column("ask_first", Boolean, nullable=False),
    Column("claimed_at", _MOMENT, nullable=False),
    Column("claimed_until", _MOMENT, nullable=False),
    Column("result", Text),
    Column("reason", Text),
    Column("handed_sha256", LargeBinary, comment="of the entry as it was handed out; of old attempts none"),
    Column("entry_sha256", LargeBinary, comment="of what was sent"),
    Column("word", Text, comment="the register's own, as it signed it: a compact JWS"),
    Column("reported_at", _MOMENT),
    Column("report_id", Uuid),
    Index("ix_registration_attempt_claim", "claimant", "claim_id"),
    info={
        "wall": "named",
        "grant": "SELECT, INSERT",
        "changes": "result reason entry_sha256 reported_at report_id word",
    },
)

sealed = Table(
    "registration_sealed",
    metadata,
    Column("key", ForeignKey(registration.c.key), primary_key=True),
    Column("parties", ARRAY(Uuid), nullable=False),
    Column("facts", Text, nullable=False, comment="a compact JWE to the register's key"),
    info={"wall": "named", "grant": "SELECT, INSERT, DELETE"},
)

report = Table(
    "register_report",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("report_id", Uuid, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    *as_signed(),
    Column("state", Text, nullable=False),
    Column("answer", JSON, nullable=False, comment="what became of each outcome, as first told"),
    info={"wall": "tenant", "grant": "SELECT, INSERT", "written_by": "author_id"},
)

register_key = Table(
    "register_key",
    metadata,
    Column("kid", Text, primary_key=True, comment="its thumbprint (RFC 7638)"),
    Column("jwk", JSONB, nullable=False),
    Column(
        "purpose",
        Text,
        nullable=False,
        server_default=text("'sealing'"),
        comment="sealing to it, or signing by it",
    ),
    Column("admitted_at", _MOMENT, nullable=False),
    Column("retired_at", _MOMENT, comment="nothing is sealed to it any more"),
    info={"wall": "common", "grant": "SELECT"},
)


class RegistrationRow(TableRow, of=registration):
    key: UUID
    matter_id: MatterId
    centre_id: CentreId
    previous_id: CentreId
    parties: list[UUID]
    effective_on: date
    revision: int
    operation: str
    replaces: UUID | None
    replaces_revision: int | None
    state: str
    because: str | None
    register_key: str | None
    sealed_sha256: bytes | None
    sealed_bytes: int | None
    attempts: int
    tries: int
    maybe_there: bool
    next_at: datetime | None
    claimed_until: datetime | None
    prepared_at: datetime
    changed_at: datetime
    registered_on: date | None
    register_id: str | None
    confirmed_by: str | None


class TakenRow(RegistrationRow, of=attempt, until=attempt.c.claimed_until):
    """A registration as it is now, with the attempt that a claim took."""

    attempt: int
    ask_first: bool
    handed_sha256: bytes | None
    until: datetime


class AttemptRow(TableRow, of=attempt):
    attempt: int
    revision: int
    claimant: UUID
    client: str
    ask_first: bool
    claimed_at: datetime
    result: str | None
    reason: str | None
    handed_sha256: bytes | None
    entry_sha256: bytes | None
    word: str | None
    reported_at: datetime | None


class ReportRow(TableRow, of=report):
    sha256: bytes
    answer: list[object]
    acceptance: str


class KeyRow(TableRow, of=register_key):
    kid: str
    jwk: dict[str, str]
    purpose: str
    admitted_at: datetime
    retired_at: datetime | None
