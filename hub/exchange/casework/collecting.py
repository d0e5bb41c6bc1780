"""The requester fetches the archive: any range of it, as often as it likes, while it is kept.

A download is written down and proves nothing more: only a confirmation says that the copies arrived
(features N7).
"""

from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.exchange import store, ways
from hub.exchange.casework.case import Case, Desk
from hub.exchange.steps import Action
from hub.kernel.refusal import Refusal
from hub.parcels.store import segments
from hub.passwords.handover import short_reference
from hub.sealing.parcel import Archive, StoredSegment


class ArchiveGone(Refusal):
    """What was sent has been erased: it had served, or its password's time was over."""

    code = "exchange.archive-gone"


async def collect(desk: Desk, case: Case) -> Archive:
    case.require(Action.COLLECT)
    answer = await store.find_answer(desk.tx, case.identity, case.record.round)
    if answer is not None:
        ways.check_archive(answer.way)
    if answer is None or answer.directory is None or answer.erased_at is not None:
        raise ArchiveGone
    rows = await segments(desk.tx, case.handover)
    return Archive(
        name=f"saikne-{short_reference(case.identity)}.zip",
        size=answer.archive_bytes,
        sha256=answer.archive_sha256,
        segments=[StoredSegment(row.path, row.segment_bytes) for row in rows],
        directory=answer.directory,
    )


async def note_download(desk: Desk, case: Case, archive: Archive, start: int, end: int) -> None:
    """Every fetching, whichever part of the archive it asks for."""
    facts = {"round": case.record.round, "first": start, "last": end - 1, "bytes": archive.size}
    await record(desk.tx, EventKind.ARCHIVE_DOWNLOADED, case.parties, case.identity, facts)
