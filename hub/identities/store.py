"""Sealed identities: a row of its sender until a statement names it, then of the centre that can open it.

Behind the tenant wall; no other party of the matter reaches the row, its sender neither. What is erased is
gone: the statement keeps the digest. Source: security.md 4; domain 2.5.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, LargeBinary, Table, Text, Uuid, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from hub.access.store import client_keys
from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx, fetch, metadata
from hub.plumbing.reading import TableRow
from saikne_schemas.enrolment import KeyUse

_MOMENT = DateTime(timezone=True)

sealed_identity = Table(
    "sealed_identity",
    metadata,
    Column("tenant_id", Uuid, primary_key=True, comment="who sent it; once it is named, who can open it"),
    Column("author_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True, comment="chosen by its author"),
    Column("addressee_id", Uuid, nullable=False),
    Column("kid", Text, nullable=False, comment="the addressee's key"),
    Column("sealed", Text, nullable=False, comment="a compact JWE; nobody here can open it"),
    Column("sha256", LargeBinary, nullable=False),
    Column("sent_at", _MOMENT, nullable=False),
    Column("concerns", Uuid, comment="the matter whose statement named it"),
    Index("ix_sealed_identity_concerns", "concerns"),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE", "written_by": "author_id"},
)


class SealedRow(TableRow, of=sealed_identity):
    author_id: CentreId
    id: UUID
    sealed: str
    sha256: bytes
    sent_at: datetime
    concerns: UUID | None


class SentRow(TableRow, of=sealed_identity, revoked_at=client_keys.c.revoked_at):
    """One that no statement has named yet, and how its key stands."""

    id: UUID
    addressee_id: CentreId
    kid: str
    sha256: bytes
    revoked_at: datetime | None


class KeyRow(TableRow, of=client_keys):
    centre_id: CentreId
    revoked_at: datetime | None


async def key(tx: Tx, kid: str) -> KeyRow | None:
    """An encryption key by its name, in force or not."""
    of_it = client_keys.c.key_id == kid, client_keys.c.use == KeyUse.ENCRYPTION.value
    return await KeyRow.first(tx, select(client_keys).where(*of_it))


async def keep(tx: Tx, row: dict[str, object]) -> bool:
    """Whether it is a new one."""
    kept = insert(sealed_identity).values(row).on_conflict_do_nothing().returning(sealed_identity.c.id)
    return (await tx.execute(kept)).first() is not None


async def sent(tx: Tx, author: CentreId, identities: Collection[UUID]) -> dict[UUID, SentRow]:
    """Those of these that wait for their statement."""
    query = (
        select(sealed_identity, client_keys.c.revoked_at)
        .join(client_keys, client_keys.c.key_id == sealed_identity.c.kid)
        .where(sealed_identity.c.tenant_id == author, sealed_identity.c.author_id == author)
        .where(sealed_identity.c.id.in_(identities), sealed_identity.c.concerns.is_(None))
    )
    return {row.id: row for row in await SentRow.every(tx, query)}


async def waiting(tx: Tx, author: CentreId) -> int:
    """How many of a centre's no statement has named."""
    own = sealed_identity.c.tenant_id == author, sealed_identity.c.concerns.is_(None)
    return int(await tx.scalar(select(func.count()).select_from(sealed_identity).where(*own)) or 0)


_HAND_OVER = """
    WITH named AS (
        DELETE FROM hub.sealed_identity
        WHERE tenant_id = $1 AND author_id = $1 AND id = ANY ($2) AND concerns IS NULL RETURNING *
    )
    INSERT INTO hub.sealed_identity
        (tenant_id, author_id, id, addressee_id, kid, sealed, sha256, sent_at, concerns)
    SELECT addressee_id, author_id, id, addressee_id, kid, sealed, sha256, sent_at, $3 FROM named
    ON CONFLICT DO NOTHING RETURNING id
"""


async def hand_over(tx: Tx, author: CentreId, identities: Sequence[UUID], concerns: UUID) -> int:
    """Make those that a statement names their addressees'; how many, without those named before."""
    return len(await fetch(tx, _HAND_OVER, author, list(identities), concerns))


async def page(
    tx: Tx, reader: CentreId, about: UUID | None, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[SealedRow]:
    """What a centre can open, the last sent first."""
    query = select(sealed_identity).where(
        sealed_identity.c.tenant_id == reader, sealed_identity.c.concerns.is_not(None)
    )
    if about is not None:
        query = query.where(sealed_identity.c.concerns == about)
    if before is not None:
        query = query.where(tuple_(sealed_identity.c.sent_at, sealed_identity.c.id) < before)
    ordered = query.order_by(sealed_identity.c.sent_at.desc(), sealed_identity.c.id.desc())
    return await SealedRow.every(tx, ordered.limit(limit))


async def erase(tx: Tx, concerns: UUID) -> list[bytes]:
    """All of a matter, of every party the transaction acts for; their digests."""
    gone = delete(sealed_identity).where(sealed_identity.c.concerns == concerns)
    return list(await tx.scalars(gone.returning(sealed_identity.c.sha256)))


async def erase_unnamed(tx: Tx, before: datetime) -> int:
    """What no statement named in time, of all centres the transaction acts for."""
    unnamed = sealed_identity.c.concerns.is_(None), sealed_identity.c.sent_at < before
    return (await tx.execute(delete(sealed_identity).where(*unnamed))).rowcount
