"""People behind their centre's wall; and what leads to one before it is known whose it is, as digests.

`entrance` and `session` stand outside of the wall because they are looked for by what a browser brings: they
hold digests and ids, never a name or an address, and nothing can be found by them but by who has the secret.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.people.person import Act, Person, PersonId, PersonRole, PersonState
from hub.plumbing.database import Tx, metadata
from hub.plumbing.reading import TableRow
from hub.signing.store import Wrapped

_MOMENT = DateTime(timezone=True)
_PARTIES = "ANY ((SELECT hub.parties())::uuid[])"


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
        "deleted_if": f"centre_id = {_PARTIES}",
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
        "changed_if": f"centre_id = {_PARTIES}",
        "deleted_if": f"centre_id = {_PARTIES} OR begun_at < now() - interval '10 hours'",
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


def bound_to(tenant: CentreId, who: PersonId) -> bytes:
    """Where a person's code key can be uncovered."""
    return b"person:" + tenant.bytes + who.bytes


WRAPPED = Wrapped("codes", person.c.code_key, lambda row: bound_to(row.tenant_id, row.person_id))


def person_of(row: PersonRow) -> Person:
    return Person(
        centre=row.tenant_id,
        id=row.person_id,
        name=row.name,
        position=row.position,
        email=row.email,
        role=PersonRole(row.role),
        acts=frozenset(map(Act, row.acts)),
        state=PersonState(row.state),
        language=row.language,
    )


async def add(tx: Tx, who: Person, made_at: datetime) -> None:
    await tx.execute(
        insert(person).values(
            tenant_id=who.centre,
            person_id=who.id,
            name=who.name,
            position=who.position,
            email=who.email,
            role=who.role.value,
            acts=sorted(who.acts),
            state=who.state.value,
            language=who.language,
            made_at=made_at,
        )
    )


async def find(tx: Tx, tenant: CentreId, who: PersonId) -> PersonRow | None:
    return await PersonRow.first(
        tx, select(person).where(person.c.tenant_id == tenant, person.c.person_id == who)
    )


async def lock(tx: Tx, tenant: CentreId, who: PersonId) -> PersonRow | None:
    """The same, held until the transaction ends: tries are counted one after the other."""
    query = select(person).where(person.c.tenant_id == tenant, person.c.person_id == who)
    return await PersonRow.first(tx, query.with_for_update())


async def of_centre(tx: Tx, tenant: CentreId) -> Collection[PersonRow]:
    return await PersonRow.every(
        tx, select(person).where(person.c.tenant_id == tenant).order_by(person.c.made_at, person.c.person_id)
    )


async def change(tx: Tx, tenant: CentreId, who: PersonId, **columns: object) -> None:
    await tx.execute(
        update(person).where(person.c.tenant_id == tenant, person.c.person_id == who).values(**columns)
    )


async def use_code(tx: Tx, tenant: CentreId, who: PersonId, step: int) -> bool:
    """Take one half minute's code; whether nobody has taken it, or a later one, before."""
    mine = person.c.tenant_id == tenant, person.c.person_id == who
    done = await tx.execute(update(person).where(*mine, person.c.code_used < step).values(code_used=step))
    return done.rowcount == 1


def digest_of(door: Door, shown: bytes) -> bytes:
    return hashlib.sha256(door.value.encode() + b"\0" + shown).digest()


def email_shown(email: str) -> bytes:
    return email.strip().lower().encode()


async def open_door(
    tx: Tx, door: Door, shown: bytes, who: Person, expires_at: datetime | None = None
) -> bool:
    """Whether it leads to this person now: it may lead to somebody already."""
    opened = upsert(entrance).values(
        digest=digest_of(door, shown),
        door=door.value,
        centre_id=who.centre,
        person_id=who.id,
        expires_at=expires_at,
    )
    done = await tx.execute(opened.on_conflict_do_nothing())
    return done.rowcount == 1


async def behind(tx: Tx, door: Door, shown: bytes) -> EntranceRow | None:
    return await EntranceRow.first(tx, select(entrance).where(entrance.c.digest == digest_of(door, shown)))


async def close_door(tx: Tx, door: Door, shown: bytes) -> bool:
    """Whether it was open: of two who come at once one comes in."""
    done = await tx.execute(delete(entrance).where(entrance.c.digest == digest_of(door, shown)))
    return done.rowcount == 1


async def close_doors(tx: Tx, door: Door, tenant: CentreId, who: PersonId) -> bool:
    """Every one of a kind that leads to a person; whether there was any."""
    mine = entrance.c.centre_id == tenant, entrance.c.person_id == who
    done = await tx.execute(delete(entrance).where(*mine, entrance.c.door == door.value))
    return done.rowcount > 0


async def has_door(tx: Tx, door: Door, tenant: CentreId, who: PersonId) -> bool:
    mine = entrance.c.centre_id == tenant, entrance.c.person_id == who
    asked = select(entrance.c.digest).where(*mine, entrance.c.door == door.value)
    return (await tx.execute(asked.limit(1))).first() is not None


async def add_session(tx: Tx, row: dict[str, object]) -> None:
    await tx.execute(insert(session).values(**row))


async def find_session(tx: Tx, key: bytes) -> SessionRow | None:
    return await SessionRow.first(tx, select(session).where(session.c.key == key))


async def touch_session(tx: Tx, key: bytes, seen_at: datetime) -> None:
    await tx.execute(update(session).where(session.c.key == key).values(seen_at=seen_at))


async def end_session(tx: Tx, key: bytes) -> None:
    await tx.execute(delete(session).where(session.c.key == key))


async def end_sessions(tx: Tx, tenant: CentreId, who: PersonId, *, but: bytes | None = None) -> None:
    mine = session.c.centre_id == tenant, session.c.person_id == who
    others = () if but is None else (session.c.key != but,)
    await tx.execute(delete(session).where(*mine, *others))


async def passkeys_of(tx: Tx, tenant: CentreId, who: PersonId) -> Collection[PasskeyRow]:
    mine = passkey.c.tenant_id == tenant, passkey.c.person_id == who
    return await PasskeyRow.every(tx, select(passkey).where(*mine).order_by(passkey.c.made_at))


async def find_passkey(tx: Tx, tenant: CentreId, identity: bytes) -> PasskeyRow | None:
    query = select(passkey).where(passkey.c.tenant_id == tenant, passkey.c.passkey_id == identity)
    return await PasskeyRow.first(tx, query.with_for_update())


async def add_passkey(tx: Tx, row: dict[str, object]) -> None:
    await tx.execute(insert(passkey).values(**row))


async def used_passkey(tx: Tx, tenant: CentreId, identity: bytes, count: int, at: datetime) -> None:
    mine = passkey.c.tenant_id == tenant, passkey.c.passkey_id == identity
    await tx.execute(update(passkey).where(*mine).values(sign_count=count, used_at=at))


async def remove_passkey(tx: Tx, who: Person, identity: bytes) -> bool:
    mine = passkey.c.tenant_id == who.centre, passkey.c.person_id == who.id
    done = await tx.execute(delete(passkey).where(*mine, passkey.c.passkey_id == identity))
    return done.rowcount == 1


async def leave(tx: Tx, key: bytes, said: JsonObject, expires_at: datetime) -> None:
    """Keep what is to be answered, for whoever comes back with the key."""
    await tx.execute(insert(errand).values(key=key, said=said, expires_at=expires_at))


async def take(tx: Tx, key: bytes, now: datetime) -> JsonObject | None:
    """What was left under a key, once; None where there is nothing, or where it is too late."""
    gone = delete(errand).where(errand.c.key == key).returning(errand.c.said, errand.c.expires_at)
    row = (await tx.execute(gone)).first()
    if row is None or row.expires_at < now:
        return None
    said: JsonObject = row.said if isinstance(row.said, dict) else json.loads(row.said)
    return said


async def tidy(tx: Tx, now: datetime, begun_before: datetime) -> None:
    """Forget what cannot count any more."""
    await tx.execute(delete(errand).where(errand.c.expires_at < now))
    await tx.execute(delete(session).where(session.c.begun_at < begun_before))


def uuid_of(raw: bytes) -> PersonId:
    return PersonId(UUID(bytes=raw))
