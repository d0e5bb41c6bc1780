"""A parcel's way in the object store: where its segments go, how they are made whole, and how they end.

Source: design.md 5; security.md 6. What a parcel is for, and when it has served, the rooms above know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from hub.kernel.ids import CentreId
from hub.parcels import store
from hub.passwords.handover import Handover
from hub.plumbing.blobs import ORPHAN_AGE, Blobs
from hub.plumbing.database import Database
from hub.sealing.archive import SealedSegment, directory
from hub.sealing.parcel import StoredSegment, archive_sha256, archive_size, stream_archive

SEGMENTS = "segments/"
Part = tuple[str, SealedSegment]
"""Where a segment lies, and what it is."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The finished archive: its last bytes, and what names all of them."""

    directory: bytes
    archive_bytes: int
    archive_sha256: bytes


def path(handover: Handover, no: int) -> str:
    """A place in the object store that no other attempt shares."""
    return f"{prefix(handover)}{no}-{uuid4().hex}"


def prefix(handover: Handover) -> str:
    return f"{SEGMENTS}{handover.exchange}/{handover.round}/"


async def made_whole(blobs: Blobs, parts: Sequence[Part]) -> Whole:
    """Fix the archive's bytes: reads every one of them, so it is done outside of any transaction."""
    stored = [StoredSegment(where, sealed.segment_bytes) for where, sealed in parts]
    last = directory([sealed for _, sealed in parts])
    return Whole(last, archive_size(stored, last), await archive_sha256(blobs, stored, last))


async def content(blobs: Blobs, segments: Sequence[store.SegmentRow], directory: bytes) -> bytes:
    """The whole archive, for a letter that carries it."""
    stored = [StoredSegment(one.path, one.segment_bytes) for one in segments]
    return b"".join([piece async for piece in stream_archive(blobs, stored, directory)])


async def erase(blobs: Blobs, handover: Handover) -> None:
    """Delete a round's segments. Repeated, it finds nothing to delete."""
    await blobs.delete([one.path async for one in blobs.listing(prefix(handover))])


async def sweep(database: Database, blobs: Blobs, centres: list[CentreId], now: datetime) -> int:
    """Delete objects that no row names: what a killed upload left. How many were deleted."""
    async with database.transaction(centres) as tx:
        known = await store.paths(tx)
    before = now - ORPHAN_AGE
    return await blobs.discard_orphans(SEGMENTS, known, before) + await blobs.discard_staged(before)
