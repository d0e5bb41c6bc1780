"""People, what leads to them and who is signed in, as they are read and written: whoever asks sees its own.

The tables are `tables`. Source: board.md 2.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.access.approvals import end_approvals
from hub.access.store import client_keys
from hub.centres.centre import CentreState
from hub.centres.store import centres
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.people.person import Person, PersonId, PersonRole, PersonState
from hub.people.session import How, counts
from hub.people.tables import (
    AccountRow,
    Door,
    EntranceRow,
    KeyRow,
    PasskeyRow,
    PersonRow,
    ProviderRow,
    SessionRow,
    account,
    entrance,
    errand,
    passkey,
    person,
    person_key,
    provider,
    session,
)
from hub.plumbing.database import Tx, fetch
from hub.signing.store import Wrapped
from saikne_schemas.person_keys import Act


def bound_to(tenant: CentreId, who: PersonId) -> bytes:
    """Where a person's code key can be uncovered."""
    return b"person:" + tenant.bytes + who.bytes


def provider_bound_to(centre: CentreId) -> bytes:
    """Where the secret of a centre's provider can be uncovered."""
    return b"provider:" + centre.bytes


WRAPPED = (
    Wrapped("codes", person.c.code_key, lambda row: bound_to(row.tenant_id, row.person_id)),
    Wrapped("providers", provider.c.secret, lambda row: provider_bound_to(row.centre_id)),
)


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


def described(connection: Connection, tenant: CentreId, who: UUID) -> JsonObject:
    """What the centre's own system is told of one of its people, to know whom it has before it."""
    mine = person.c.tenant_id == tenant, person.c.person_id == who
    row = connection.execute(select(person.c.name, person.c.position, person.c.email).where(*mine)).first()
    return {} if row is None else {"name": row.name, "position": row.position, "username": row.email}


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
    """Whom a door leads to; to nobody where the centre is suspended."""
    query = select(entrance).where(entrance.c.digest == digest_of(door, shown), _takes_part(entrance))
    return await EntranceRow.first(tx, query)


def _takes_part(table: Table) -> ColumnElement[bool]:
    """Of a row that names its centre: it is not suspended. The operator's people are of none."""
    suspended = centres.c.state == CentreState.SUSPENDED.value
    return ~exists().where(centres.c.id == table.c.centre_id, suspended).correlate(table)


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
    """None where the centre was suspended meanwhile."""
    return await SessionRow.first(tx, select(session).where(session.c.key == key, _takes_part(session)))


async def sessions_in_force(tx: Tx, keys: Collection[bytes], now: datetime) -> set[bytes]:
    """Which of them count; to ask it makes none count for longer."""
    asked = select(session).where(session.c.key.in_(keys), _takes_part(session))
    rows = await SessionRow.every(tx, asked)
    return {row.key for row in rows if counts(row.begun_at, row.seen_at, now)}


async def touch_session(tx: Tx, key: bytes, seen_at: datetime) -> None:
    await tx.execute(update(session).where(session.c.key == key).values(seen_at=seen_at))


async def end_session(tx: Tx, key: bytes) -> None:
    await tx.execute(delete(session).where(session.c.key == key))


async def end_sessions(tx: Tx, tenant: CentreId, who: PersonId, *, but: bytes | None = None) -> None:
    """With them goes what the person has let the centre's own system do."""
    mine = session.c.centre_id == tenant, session.c.person_id == who
    others = () if but is None else (session.c.key != but,)
    await tx.execute(delete(session).where(*mine, *others))
    await end_approvals(tx, tenant, who)


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


async def organisations(tx: Tx) -> Collection[tuple[CentreId, str]]:
    """The centres that have a provider, by name; without those that are suspended."""
    joined = select(centres.c.id, centres.c.name).join(provider, provider.c.centre_id == centres.c.id)
    query = joined.where(_takes_part(provider)).order_by(centres.c.name, centres.c.id)
    return [(CentreId(row.id), row.name) for row in await tx.execute(query)]


async def find_provider(tx: Tx, centre: CentreId) -> ProviderRow | None:
    query = select(provider).where(provider.c.centre_id == centre, _takes_part(provider))
    return await ProviderRow.first(tx, query)


async def every_provider(tx: Tx) -> Collection[ProviderRow]:
    return await ProviderRow.every(tx, select(provider).order_by(provider.c.registered_at))


async def put_provider(tx: Tx, row: dict[str, object]) -> None:
    """In the place of the one before, if there is one."""
    given = upsert(provider).values(**row)
    await tx.execute(given.on_conflict_do_update(index_elements=["centre_id"], set_=row))


async def remove_provider(tx: Tx, centre: CentreId) -> bool:
    """With every account there, what leads to it and who is in by it; whether there was one."""
    await tx.execute(delete(account).where(account.c.tenant_id == centre))
    led = entrance.c.centre_id == centre, entrance.c.door == Door.ACCOUNT.value
    await tx.execute(delete(entrance).where(*led))
    await tx.execute(delete(session).where(session.c.centre_id == centre, session.c.how == How.ACCOUNT.value))
    await end_approvals(tx, centre)
    done = await tx.execute(delete(provider).where(provider.c.centre_id == centre))
    return done.rowcount == 1


async def accounts_of(tx: Tx, tenant: CentreId, who: PersonId) -> Collection[AccountRow]:
    mine = account.c.tenant_id == tenant, account.c.person_id == who
    return await AccountRow.every(tx, select(account).where(*mine).order_by(account.c.made_at))


async def add_account(tx: Tx, row: dict[str, object]) -> None:
    await tx.execute(insert(account).values(**row))


async def used_account(tx: Tx, tenant: CentreId, digest: bytes, at: datetime) -> bool:
    """Whether it is there still."""
    mine = account.c.tenant_id == tenant, account.c.digest == digest
    return (await tx.execute(update(account).where(*mine).values(used_at=at))).rowcount == 1


async def remove_account(tx: Tx, who: Person, digest: bytes) -> bool:
    """With the door that leads there."""
    mine = account.c.tenant_id == who.centre, account.c.person_id == who.id
    done = await tx.execute(delete(account).where(*mine, account.c.digest == digest))
    if done.rowcount == 1:
        await tx.execute(delete(entrance).where(entrance.c.digest == digest))
    return done.rowcount == 1


async def has_a_way(tx: Tx, row: PersonRow, *, but: bytes | None = None) -> bool:
    """By which to sign in; `but`: leaving out this passkey or account."""
    who = row.tenant_id, row.person_id
    if row.password is not None:
        return True
    held = [one.passkey_id for one in await passkeys_of(tx, *who)]
    held += [one.digest for one in await accounts_of(tx, *who)]
    return any(one != but for one in held)


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


_KEYS = select(person_key, client_keys.c.revoked_at, client_keys.c.revoked_because).outerjoin(
    client_keys, client_keys.c.key_id == person_key.c.key_id
)


async def keys_of_centre(tx: Tx, tenant: CentreId) -> Collection[KeyRow]:
    """Of all its people, the newest first; those that wait too."""
    asked = _KEYS.where(person_key.c.tenant_id == tenant)
    return await KeyRow.every(tx, asked.order_by(person_key.c.made_at.desc(), person_key.c.key_id))


async def keys_of(tx: Tx, tenant: CentreId, who: PersonId) -> Collection[KeyRow]:
    asked = _KEYS.where(person_key.c.tenant_id == tenant, person_key.c.person_id == who)
    return await KeyRow.every(tx, asked.order_by(person_key.c.made_at.desc(), person_key.c.key_id))


async def find_key(tx: Tx, tenant: CentreId, key_id: str) -> KeyRow | None:
    asked = _KEYS.where(person_key.c.tenant_id == tenant, person_key.c.key_id == key_id)
    return await KeyRow.first(tx, asked)


async def add_key(tx: Tx, row: dict[str, object]) -> bool:
    """One that waits; False where the key is somebody's already."""
    known = select(client_keys.c.key_id).where(client_keys.c.key_id == row["key_id"])
    if (await tx.execute(known)).first() is not None:
        return False
    done = await tx.execute(upsert(person_key).values(**row).on_conflict_do_nothing())
    return done.rowcount == 1


async def forget_waiting(tx: Tx, tenant: CentreId, keys: Collection[str]) -> None:
    mine = person_key.c.tenant_id == tenant, person_key.c.key_id.in_(keys)
    await tx.execute(delete(person_key).where(*mine, person_key.c.approved_at.is_(None)))


async def approve_key(tx: Tx, key_id: str, file: bytes, by_key: str) -> bool:
    """As the database lets the application do it (`key_functions`)."""
    (row,) = await fetch(tx, "SELECT hub.approve_person_key($1, $2, $3)", key_id, file, by_key)
    return bool(row[0])


async def vouch_for_key(tx: Tx, row: KeyRow, now: datetime) -> bool:
    """The operator's own right, which the application has not."""
    counts_as = {"centre_id": row.tenant_id, "use": "person", "jwk": row.jwk, "alg": row.alg}
    until = {"admitted_at": now, "person_id": row.person_id, "acts": row.acts, "ends_at": row.ends_at}
    entered = upsert(client_keys).values(key_id=row.key_id, **counts_as, **until)
    if (await tx.execute(entered.on_conflict_do_nothing())).rowcount == 0:
        return False
    mine = person_key.c.tenant_id == row.tenant_id, person_key.c.key_id == row.key_id
    await tx.execute(update(person_key).where(*mine).values(approved_at=now))
    return True


async def end_keys(tx: Tx, keys: Collection[str], because: str) -> list[str]:
    """Those of them that counted until now."""
    rows = await fetch(tx, "SELECT hub.end_person_keys($1, $2)", list(keys), because)
    return sorted(row[0] for row in rows)


def uuid_of(raw: bytes) -> PersonId:
    return PersonId(UUID(bytes=raw))
