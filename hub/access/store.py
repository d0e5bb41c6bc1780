"""Whose keys count, which proofs were used, which tokens were taken back.

Source: security.md 0, 1, threats 2, 12. Centres themselves stand in `centres`. A person's key has a use of
its own, so that what asks for a centre's signing keys, as a rotation, never meets one; what the person may
now, a function says that `people` describes (`hub.acts_by_key`). The replay cache and the mark that it is
whole are UNLOGGED: a crash of the database empties both, and the missing mark says so. (The server's start
time does not: it survives a crash of one backend, the table's rows do not.)
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from hub.access.approvals import Approved
from hub.access.dpop import OLDEST, Proof, ProofReplayed
from hub.access.tables import approval, pushed_request
from hub.centres.enrolment import algorithm_of
from hub.centres.store import centres
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Outage, Refusal
from hub.plumbing.database import Database, Tx, metadata
from hub.signing.public_key import ECDH_P256, NotAPublicKey, public_key
from saikne_schemas.enrolment import KeyUse, PublicKey
from saikne_schemas.vocabulary import Scope

KEPT = timedelta(seconds=60)
"""A used proof is remembered this much longer than it could count."""


class KeyNotAPublicKey(Refusal):
    code = "access.key-malformed"


class KeyTaken(Refusal):
    code = "access.key-taken"


class KeyUnknown(Refusal):
    code = "access.key-unknown"


class MemoryLost(Outage):
    """The database crashed and forgot which proofs were used: none made before the crash may count."""

    code = "access.memory-lost"
    retry_after = timedelta(seconds=11)


class RevokedBecause(StrEnum):
    ROTATED = "rotated"
    COMPROMISED = "compromised"
    CENTRE_LEFT = "centre_left"


_OVER = "expires_at < now()"
"""By the database's clock: what still counts is nobody's to forget."""

client_keys = Table(
    "client_key",
    metadata,
    Column("key_id", Text, primary_key=True, comment="RFC 7638 thumbprint"),
    Column("centre_id", ForeignKey(centres.c.id), nullable=False, index=True),
    Column("use", Text, nullable=False),
    Column("jwk", JSONB, nullable=False),
    Column("alg", Text, nullable=False),
    Column("admitted_at", TIMESTAMP(timezone=True), nullable=False),
    Column("revoked_at", TIMESTAMP(timezone=True)),
    Column("revoked_because", Text),
    Column("person_id", Uuid, comment="of the centre; a key that is not a person's is the centre's own"),
    Column("acts", ARRAY(Text), comment="the most that the person may state by it"),
    Column("ends_at", TIMESTAMP(timezone=True)),
    CheckConstraint("use IN ('oauth', 'signing', 'encryption', 'person')", name="use"),
    CheckConstraint("(revoked_at IS NULL) = (revoked_because IS NULL)", name="revoked"),
    CheckConstraint(
        "num_nulls(person_id, acts, ends_at) = CASE use WHEN 'person' THEN 0 ELSE 3 END", name="person"
    ),
    info={"wall": "common", "grant": "SELECT"},
)

seen = Table(
    "seen",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False, index=True),
    prefixes=["UNLOGGED"],
    info={"wall": "common", "grant": "SELECT, INSERT, DELETE", "deleted_if": _OVER},
)

memory = Table(
    "memory",
    metadata,
    Column("whole_since", TIMESTAMP(timezone=True), primary_key=True),
    prefixes=["UNLOGGED"],
    info={"wall": "common", "grant": "SELECT, INSERT"},
)

revoked_tokens = Table(
    "revoked_token",
    metadata,
    Column("jti", Text, primary_key=True),
    Column("expires_at", TIMESTAMP(timezone=True), nullable=False, index=True),
    info={"wall": "common", "grant": "SELECT, INSERT, DELETE", "deleted_if": _OVER},
)

STATEMENTS: tuple[str, ...] = (
    "CREATE UNIQUE INDEX only_one_memory ON hub.memory ((true))",
    "INSERT INTO hub.memory VALUES ('epoch')",
)
"""Nothing was ever accepted before the table existed, so a new memory is whole from the beginning of time."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    key_id: str
    centre: CentreId
    use: KeyUse
    jwk: JsonObject
    alg: str
    admitted_at: datetime
    revoked_at: datetime | None
    revoked_because: RevokedBecause | None


@dataclass(frozen=True, slots=True)
class PersonsKey:
    """What is known of a key that is a person's."""

    person: UUID
    ends_at: datetime
    acts: frozenset[str] | None
    """What the person may state by it now; None where the person takes no part in the centre's work."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What one call's statement brought back."""

    fresh: frozenset[bytes]
    """Those of the noted keys that were not known before."""
    state: str | None
    """Of the centre; absent when there is no such centre."""
    scopes: frozenset[Scope]
    token_revoked: bool
    key_centre: CentreId | None
    key_revoked_at: datetime | None
    of_person: PersonsKey | None
    """None: the key is the centre's own, or there is none."""
    whole_since: datetime
    approved: Approved | None = None
    """None: the token was given to the centre's system by itself, or its approval has ended."""


def seen_key(kind: str, who: str, what: str) -> bytes:
    """The name under which a used proof, assertion or nonce is remembered; JSON may hold half a character."""
    return hashlib.sha256(f"{kind}\0{who}\0{what}".encode(errors="surrogatepass")).digest()


async def admit_key(tx: Tx, *, centre: CentreId, key: PublicKey, now: datetime) -> None:
    """Let a centre use a key from now on. The same key twice, or of two centres, is refused."""
    try:
        read = public_key(key.model_dump(exclude_none=True))
    except NotAPublicKey as error:
        raise KeyNotAPublicKey(key=key.kid) from error
    if read.key_id != key.kid or key.alg != algorithm_of(key):
        raise KeyNotAPublicKey(key=key.kid)
    row = {
        "key_id": read.key_id,
        "centre_id": centre,
        "use": key.use.value,
        "jwk": read.jwk(),
        "alg": ECDH_P256 if key.use is KeyUse.ENCRYPTION else read.algorithm,
        "admitted_at": now,
    }
    if (await tx.execute(insert(client_keys).values(row).on_conflict_do_nothing())).rowcount == 0:
        raise KeyTaken(key=key.kid)


async def revoke_key(tx: Tx, key_id: str, *, because: RevokedBecause, now: datetime) -> None:
    """From now on the key counts for nothing new; what it signed before stays provable. Twice is harmless."""
    known = await tx.execute(select(client_keys.c.key_id).where(client_keys.c.key_id == key_id))
    if known.first() is None:
        raise KeyUnknown(key=key_id)
    await tx.execute(
        update(client_keys)
        .where(client_keys.c.key_id == key_id, client_keys.c.revoked_at.is_(None))
        .values(revoked_at=now, revoked_because=because.value)
    )


async def list_keys(tx: Tx, centre: CentreId) -> list[ClientKey]:
    """All keys a centre ever had of its own, oldest first; those of its people are listed by `people`."""
    rows = await tx.execute(
        select(client_keys)
        .where(client_keys.c.centre_id == centre, client_keys.c.person_id.is_(None))
        .order_by(client_keys.c.admitted_at, client_keys.c.key_id)
    )
    return [
        ClientKey(
            key_id=row.key_id,
            centre=CentreId(row.centre_id),
            use=KeyUse(row.use),
            jwk=row.jwk,
            alg=row.alg,
            admitted_at=row.admitted_at,
            revoked_at=row.revoked_at,
            revoked_because=row.revoked_because and RevokedBecause(row.revoked_because),
        )
        for row in rows
    ]


async def keys_to_seal_to(tx: Tx) -> dict[CentreId, list[JsonObject]]:
    """The encryption keys in force of every centre that has some, the newest first."""
    rows = await tx.execute(
        select(client_keys.c.centre_id, client_keys.c.jwk)
        .where(client_keys.c.use == KeyUse.ENCRYPTION.value, client_keys.c.revoked_at.is_(None))
        .order_by(client_keys.c.admitted_at.desc(), client_keys.c.key_id)
    )
    found: dict[CentreId, list[JsonObject]] = {}
    for row in rows:
        found.setdefault(CentreId(row.centre_id), []).append(row.jwk)
    return found


async def signing_jwk(database: Database, key_id: str) -> JsonObject | None:
    """A key that signs requests, by its name, whosever it is and whether or not it still counts."""
    found = await database.alone(
        "SELECT jwk FROM hub.client_key WHERE key_id = $1 AND use IN ('signing', 'person')", key_id
    )
    return json.loads(found[0]["jwk"]) if found else None


_NOTE = "INSERT INTO hub.seen VALUES {} ON CONFLICT DO NOTHING RETURNING key"

_STANDING = """
WITH noted AS ({})
SELECT ARRAY(SELECT key FROM noted), centre.state, centre.scopes,
       EXISTS (SELECT FROM hub.revoked_token WHERE jti = $2),
       client_key.centre_id, client_key.revoked_at,
       client_key.person_id, client_key.ends_at,
       CASE WHEN client_key.person_id IS NOT NULL THEN hub.acts_by_key(client_key.key_id) END,
       approval.person_id, approval.acts,
       (SELECT whole_since FROM hub.memory)
FROM (SELECT $1::uuid AS centre_id, $3::text AS key_id) asked
LEFT JOIN hub.centre ON centre.id = asked.centre_id
LEFT JOIN hub.client_key ON client_key.key_id = asked.key_id AND client_key.use IN ('signing', 'person')
LEFT JOIN hub.approval ON approval.jti = $2
"""

_NOTE_ONE = _NOTE.format("($1, $2)")
_STANDING_BY_USED = {
    1: _STANDING.format(_NOTE.format("($4, $5)")),
    2: _STANDING.format(_NOTE.format("($4, $5), ($6, $7)")),
}
"""Written out instead of unnest(): its plan is kept, which halves the statement's time."""


async def note_and_look(
    database: Database,
    *,
    used: Sequence[tuple[bytes, datetime]],
    centre: CentreId,
    jti: str,
    key_id: str | None,
) -> Standing:
    """In one statement: remember what is used up by this call, and say how its caller stands."""
    noted = [value for key, until in used for value in (key, until + KEPT)]
    (row,) = await database.alone(_STANDING_BY_USED[len(used)], centre, jti, key_id, *noted)
    fresh, state, scopes, revoked, key_centre, key_revoked_at, *persons, whole_since = row
    if whole_since is None:
        await database.alone(_BEGIN_AGAIN)
        raise MemoryLost
    return Standing(
        fresh=frozenset(fresh),
        state=state,
        scopes=frozenset(Scope(scope) for scope in scopes or ()),
        token_revoked=revoked,
        key_centre=key_centre,
        key_revoked_at=key_revoked_at,
        of_person=_persons_key(*persons[:3]),
        approved=_approved(*persons[3:]),
        whole_since=whole_since,
    )


def _persons_key(person: UUID | None, ends_at: datetime, acts: list[str] | None) -> PersonsKey | None:
    if person is None:
        return None
    return PersonsKey(person, ends_at, None if acts is None else frozenset(acts))


def _approved(person: UUID | None, acts: Sequence[str]) -> Approved | None:
    return None if person is None else Approved(person, frozenset(acts))


_BEGIN_AGAIN = """
INSERT INTO hub.memory SELECT clock_timestamp() + interval '10 seconds' ON CONFLICT DO NOTHING
"""
"""Ten seconds on: a proof whose sender's clock runs ahead may bear a moment after the crash."""


def note(connection: Connection, key: bytes, until: datetime) -> tuple[bool, datetime | None]:
    """For the token endpoint: whether this is new, and since when the memory is whole, if it is."""
    fresh = connection.exec_driver_sql(_NOTE_ONE, (key, until + KEPT)).first() is not None
    whole_since = connection.execute(select(memory.c.whole_since)).scalar_one_or_none()
    if whole_since is None:
        connection.exec_driver_sql(_BEGIN_AGAIN)
    return fresh, whole_since


def use_up(connection: Connection, proof: Proof) -> None:
    """A proof of possession counts once (RFC 9449 11.1). Errors: `MemoryLost`, `ProofReplayed`."""
    fresh, whole_since = note(connection, seen_key("dpop", proof.jkt, proof.jti), proof.issued_at + OLDEST)
    if whole_since is None or proof.issued_at < whole_since:
        raise MemoryLost
    if not fresh:
        raise ProofReplayed


def revoke_token(connection: Connection, jti: str, expires: datetime) -> None:
    row = {"jti": jti, "expires_at": expires + KEPT}
    connection.execute(insert(revoked_tokens).values(row).on_conflict_do_nothing())


def is_revoked(connection: Connection, jti: str) -> bool:
    return (
        connection.execute(select(revoked_tokens.c.jti).where(revoked_tokens.c.jti == jti)).first()
        is not None
    )


async def clean_up(tx: Tx, now: datetime) -> int:
    """Forget what can no longer count anyhow; how much it was."""
    gone = 0
    for table in (seen, revoked_tokens, pushed_request, approval):
        gone += (await tx.execute(delete(table).where(table.c.expires_at < now))).rowcount
    return gone
