"""People behind their centre's wall; and what leads to one before it is known whose it is, as digests.

`entrance` and `session` stand outside of the wall because they are looked for by what a browser brings: they
hold digests and ids, never a name or an address, and nothing can be found by them but by who has the secret.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.access.store import client_keys
from hub.centres.store import centres
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.people.person import PersonId, PersonRole, PersonState
from hub.plumbing.database import metadata
from hub.plumbing.reading import TableRow
from hub.plumbing.wall import OF_THESE

_MOMENT = DateTime(timezone=True)


def _one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(one.value) for one in values)})", name=column)


person = Table(
    "person",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("acts", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("made_at", _MOMENT, nullable=False),
    Column("password", Text, comment="argon2id"),
    Column("code_key", LargeBinary, comment="for an app that shows codes, covered by the keyring"),
    Column("code_used", BigInteger, nullable=False, server_default="0", comment="the last half minute"),
    Column("tries", SmallInteger, nullable=False, server_default="0", comment="wrong ones in a row"),
    Column("tried_at", _MOMENT),
    _one_of("role", PersonRole),
    _one_of("state", PersonState),
    CheckConstraint("num_nulls(password, code_key) <> 1", name="two_factors"),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT",
        "changes": "name position email role acts state language password code_key code_used tries tried_at",
    },
)

passkey = Table(
    "passkey",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("passkey_id", LargeBinary, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("backed_up", Boolean, nullable=False),
    Column("label", Text, nullable=False),
    Column("made_at", _MOMENT, nullable=False),
    Column("used_at", _MOMENT),
    ForeignKeyConstraint(
        ["tenant_id", "person_id"], [person.c.tenant_id, person.c.person_id], name="fk_passkey_person"
    ),
    Index("ix_passkey_person", "tenant_id", "person_id"),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE", "changes": "sign_count used_at"},
)


class Door(StrEnum):
    """By what somebody is found who is not known yet."""

    EMAIL = "email"
    PASSKEY = "passkey"
    LINK = "link"
    FEED = "feed"
    """The calendar of a person, by whose address alone it is read."""
    ACCOUNT = "account"
    """At the centre's own OpenID provider."""


provider = Table(
    "provider",
    metadata,
    Column("centre_id", ForeignKey(centres.c.id), primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False, comment="of the client, covered by the keyring"),
    Column("hosts", ARRAY(Text), nullable=False, comment="which the hub may call, as the operator saw them"),
    Column("registered_at", _MOMENT, nullable=False),
    info={"wall": "common", "grant": "SELECT"},
)

account = Table(
    "account",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column(
        "digest", LargeBinary, primary_key=True, comment="of its door: whose account, only the provider knows"
    ),
    Column("person_id", Uuid, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("made_at", _MOMENT, nullable=False),
    Column("used_at", _MOMENT),
    ForeignKeyConstraint(
        ["tenant_id", "person_id"], [person.c.tenant_id, person.c.person_id], name="fk_account_person"
    ),
    Index("ix_account_person", "tenant_id", "person_id"),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE", "changes": "used_at"},
)

entrance = Table(
    "entrance",
    metadata,
    Column("digest", LargeBinary, primary_key=True, comment="SHA-256 of the door and what is shown there"),
    Column("door", Text, nullable=False),
    Column("centre_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("expires_at", _MOMENT, comment="of a link"),
    Index("ix_entrance_person", "centre_id", "person_id"),
    _one_of("door", Door),
    CheckConstraint("(expires_at IS NOT NULL) = (door = 'link')", name="a_link_ends"),
    info={
        "wall": "common",
        "grant": "SELECT, INSERT, DELETE",
        "written_by": "centre_id",
        "deleted_if": f"centre_id = {OF_THESE}",
    },
)

session = Table(
    "session",
    metadata,
    Column("key", LargeBinary, primary_key=True, comment="SHA-256 of the cookie"),
    Column("centre_id", Uuid, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("how", Text, nullable=False),
    Column("begun_at", _MOMENT, nullable=False),
    Column("seen_at", _MOMENT, nullable=False),
    Column("proved_at", _MOMENT, nullable=False),
    Index("ix_session_person", "centre_id", "person_id"),
    Index("ix_session_begun", "begun_at"),
    info={
        "wall": "common",
        "grant": "SELECT, INSERT, DELETE",
        "changes": "seen_at",
        "written_by": "centre_id",
        "changed_if": f"centre_id = {OF_THESE}",
        "deleted_if": f"centre_id = {OF_THESE} OR begun_at < now() - interval '10 hours'",
    },
)

errand = Table(
    "errand",
    metadata,
    Column("key", LargeBinary, primary_key=True, comment="SHA-256 of what the browser holds meanwhile"),
    Column("said", JSON, nullable=False, comment="a challenge, until it is answered: once"),
    Column("expires_at", _MOMENT, nullable=False),
    Index("ix_errand_expires", "expires_at"),
    info={"wall": "common", "grant": "SELECT, INSERT, DELETE"},
)


person_key = Table(
    "person_key",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("key_id", Text, primary_key=True, comment="RFC 7638 thumbprint"),
    Column("person_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False, comment="of the document"),
    Column("label", Text, nullable=False),
    Column("jwk", JSONB, nullable=False),
    Column("alg", Text, nullable=False),
    Column("acts", ARRAY(Text), nullable=False),
    Column("ends_at", _MOMENT, nullable=False),
    Column("file", LargeBinary, nullable=False, comment="the proof of whose it is, by all who signed"),
    Column("made_at", _MOMENT, nullable=False),
    Column("approved_at", _MOMENT),
    Column("approved_by", Uuid, comment="a person of the centre; nobody: the operator answers for it"),
    ForeignKeyConstraint(
        ["tenant_id", "person_id"], [person.c.tenant_id, person.c.person_id], name="fk_person_key_person"
    ),
    Index("ix_person_key_person", "tenant_id", "person_id"),
    CheckConstraint("approved_by IS NULL OR approved_at IS NOT NULL", name="approved"),
    CheckConstraint("approved_by <> person_id", name="not_by_oneself"),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT, DELETE",
        "inserted_if": "approved_at IS NULL",
        "deleted_if": "approved_at IS NULL",
    },
)
"""Waits until it is approved; from then on it counts in `client_key`, and what is here stays."""


class PersonRow(TableRow, of=person):
    tenant_id: CentreId
    person_id: PersonId
    name: str
    position: str
    email: str
    role: str
    acts: list[str]
    state: str
    language: str
    made_at: datetime
    password: str | None
    code_key: bytes | None
    code_used: int
    tries: int
    tried_at: datetime | None


class PasskeyRow(TableRow, of=passkey):
    tenant_id: CentreId
    passkey_id: bytes
    person_id: PersonId
    public_key: bytes
    sign_count: int
    backed_up: bool
    label: str
    made_at: datetime
    used_at: datetime | None


class ProviderRow(TableRow, of=provider):
    centre_id: CentreId
    issuer: str
    client_id: str
    secret: bytes
    hosts: list[str]
    registered_at: datetime


class AccountRow(TableRow, of=account):
    tenant_id: CentreId
    digest: bytes
    person_id: PersonId
    issuer: str
    made_at: datetime
    used_at: datetime | None


class EntranceRow(TableRow, of=entrance):
    digest: bytes
    door: str
    centre_id: CentreId
    person_id: PersonId
    expires_at: datetime | None


class SessionRow(TableRow, of=session):
    key: bytes
    centre_id: CentreId
    person_id: PersonId
    how: str
    begun_at: datetime
    seen_at: datetime
    proved_at: datetime


class KeyRow(
    TableRow,
    of=person_key,
    revoked_at=client_keys.c.revoked_at,
    revoked_because=client_keys.c.revoked_because,
):
    """With how it ended, where it did."""

    tenant_id: CentreId
    key_id: str
    person_id: PersonId
    label: str
    jwk: JsonObject
    alg: str
    acts: list[str]
    ends_at: datetime
    file: bytes
    made_at: datetime
    approved_at: datetime | None
    approved_by: PersonId | None
    revoked_at: datetime | None
    revoked_because: str | None
