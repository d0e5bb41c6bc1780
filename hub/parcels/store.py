"""Sealed segments: what was sealed for which round of which matter, and where each lies.

Behind the shared wall: the parties of the matter, an exchange or any other, reach a row by key.
Source: design.md 4, 5.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    select,
)

from hub.kernel.ids import ExchangeId
from hub.passwords.handover import Handover
from hub.plumbing.database import Tx, metadata
from hub.plumbing.reading import TableRow
from hub.sealing.archive import SealedSegment

segment = Table(
    "segment",
    metadata,
    Column("exchange_id", Uuid, primary_key=True),
    Column("round", SmallInteger, primary_key=True),
    Column("no", Integer, primary_key=True, comment="of the document; what lies beside them comes after"),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False, comment="in the object store"),
    Column("plain_bytes", BigInteger, nullable=False),
    Column("segment_bytes", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False, comment="of the plaintext"),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
    info={"wall": "exchange", "grant": "SELECT, INSERT"},
)


class SegmentRow(TableRow, of=segment):
    exchange_id: ExchangeId
    round: int
    no: int
    name: str
    path: str
    plain_bytes: int
    segment_bytes: int
    sha256: bytes
    sealed_at: datetime


def row_of(
    handover: Handover, no: int, where: str, sealed: SealedSegment, now: datetime
) -> dict[str, object]:
    """How one entry of an archive is kept, that lies at `where` in the object store."""
    return {
        "exchange_id": handover.exchange,
        "round": handover.round,
        "no": no,
        "name": sealed.name,
        "path": where,
        "plain_bytes": sealed.plain_bytes,
        "segment_bytes": sealed.segment_bytes,
        "sha256": sealed.sha256,
        "sealed_at": now,
    }


def sealed(row: SegmentRow) -> SealedSegment:
    """As it lies in an archive."""
    return SealedSegment(row.name, row.plain_bytes, row.sha256)


async def segments(tx: Tx, handover: Handover) -> Sequence[SegmentRow]:
    """Of one round, in the archive's order."""
    of_round = segment.c.exchange_id == handover.exchange, segment.c.round == handover.round
    return await SegmentRow.every(tx, select(segment).where(*of_round).order_by(segment.c.no))


async def paths(tx: Tx) -> set[str]:
    """Every path that a row names, of all matters the transaction may see."""
    return set(await tx.scalars(select(segment.c.path)))
