"""The proofs of each centre: where they lie, what they are, and in which matter they were named.

Behind the tenant wall: nobody but the owner reaches a row. The password stands here wrapped; the key that
wraps is not in this database. Source: security.md 4, 6.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx, metadata
from hub.plumbing.reading import TableRow
from hub.signing.store import Wrapped

_MOMENT = DateTime(timezone=True)

proof = Table(
    "proof",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True, comment="chosen by the centre"),
    Column("media_type", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False, comment="of the plaintext"),
    Column("path", Text, nullable=False, comment="in the object store"),
    Column("segment_bytes", Integer, nullable=False),
    Column("archive_sha256", LargeBinary, nullable=False),
    Column("wrapped", LargeBinary, nullable=False, comment="its password, by the keyring, for it only"),
    Column("sealed_at", _MOMENT, nullable=False),
    Column("concerns", Uuid, comment="the matter whose statement named it"),
    Column("named_at", _MOMENT),
    Column("verdict", Text, comment="on its signatures; null where it can bear none, or nobody looked"),
    Column("signers", LargeBinary, comment="who and when, by the keyring, for it only"),
    CheckConstraint("(concerns IS NULL) = (named_at IS NULL)", name="named"),
    Index("ix_proof_unnamed", "tenant_id", "sealed_at", postgresql_where=text("concerns IS NULL")),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT, DELETE",
        "changes": "concerns named_at",
        "changed_if": "concerns IS NOT NULL",
        "deleted_if": "concerns IS NULL",
    },
)


Octets = bytes
"""Beside a column of that name."""


class ProofRow(TableRow, of=proof):
    id: UUID
    media_type: str
    bytes: int
    sha256: Octets
    path: str
    segment_bytes: int
    archive_sha256: Octets
    wrapped: Octets
    sealed_at: datetime
    concerns: UUID | None
    named_at: datetime | None
    verdict: str | None
    signers: Octets | None


async def keep(tx: Tx, row: Mapping[str, object]) -> bool:
    """Whether it is a new one; waits for whoever keeps one under this identity at the same moment."""
    kept = await tx.execute(insert(proof).values(row).on_conflict_do_nothing().returning(proof.c.id))
    return kept.first() is not None


async def find(tx: Tx, owner: CentreId, identity: UUID) -> ProofRow | None:
    found = select(proof).where(proof.c.tenant_id == owner, proof.c.id == identity)
    return await ProofRow.first(tx, found)


COUNTED_AT_LEAST = 64 * 1024
"""A small proof takes room too, in the database; and so there are never many rows to add up."""


async def unused_bytes(tx: Tx, owner: CentreId) -> int:
    """Of the owner's proofs that no statement has named."""
    counted = func.sum(func.greatest(proof.c.bytes, COUNTED_AT_LEAST))
    found = await tx.scalar(select(counted).where(proof.c.tenant_id == owner, proof.c.concerns.is_(None)))
    return int(found or 0)


async def name(
    tx: Tx, owner: CentreId, named: set[tuple[UUID, bytes]], concerns: UUID, now: datetime
) -> set[UUID]:
    """Mark proofs, each by identity and digest, as named in a matter, unless they are in another.

    Which of them.
    """
    marked = await tx.execute(
        update(proof)
        .where(proof.c.tenant_id == owner, tuple_(proof.c.id, proof.c.sha256).in_(named))
        .where(or_(proof.c.concerns.is_(None), proof.c.concerns == concerns))
        .values(concerns=concerns, named_at=func.coalesce(proof.c.named_at, now))
        .returning(proof.c.id)
    )
    return {row.id for row in marked}


async def known(
    tx: Tx, owner: CentreId, identities: set[UUID]
) -> dict[tuple[UUID, bytes], tuple[str, str | None]]:
    """Those of the proofs that the owner has, each by identity and digest; media type and verdict of each."""
    columns = (proof.c.id, proof.c.sha256, proof.c.media_type, proof.c.verdict)
    found = await tx.execute(select(*columns).where(proof.c.tenant_id == owner, proof.c.id.in_(identities)))
    return {(row.id, row.sha256): (row.media_type, row.verdict) for row in found}


async def erase_unnamed(tx: Tx, before: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Remove what no statement named in time, of all centres the transaction acts for."""
    erased = await tx.execute(
        delete(proof)
        .where(proof.c.concerns.is_(None), proof.c.sealed_at < before)
        .returning(proof.c.tenant_id, proof.c.id)
    )
    return [(row.tenant_id, row.id) for row in erased]


async def paths(tx: Tx) -> set[str]:
    """Every path that a row names, of all centres the transaction acts for."""
    return set(await tx.scalars(select(proof.c.path)))


def bound_to(owner: UUID, identity: UUID) -> bytes:
    """A wrapped password put into another row does not open."""
    return f"proof:{owner}:{identity}".encode()


def signers_bound_to(owner: UUID, identity: UUID) -> bytes:
    return f"proof-signers:{owner}:{identity}".encode()


WRAPPED = Wrapped("proofs", proof.c.wrapped, lambda row: bound_to(row.tenant_id, row.id))
SIGNERS = Wrapped("signers", proof.c.signers, lambda row: signers_bound_to(row.tenant_id, row.id))
