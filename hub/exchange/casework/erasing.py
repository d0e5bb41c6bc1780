"""The hub forgets: sealed segments are deleted when they have served, or were never said to be whole.

Source: design.md 5; domain 2.5. What is written down about an exchange stays; what it carried goes.
"""

from datetime import datetime

from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.exchange import store
from hub.parcels import casework as parcels
from hub.passwords.handover import Handover
from hub.plumbing.blobs import Blobs
from hub.plumbing.database import Database
from hub.plumbing.promises import Overtaken
from saikne_schemas.vocabulary import PAPER_WAYS


async def erase_payload(database: Database, blobs: Blobs, handover: Handover, now: datetime) -> None:
    """Delete a round's segments, then say so. Repeated, it finds nothing to delete and says it once."""
    async with database.transaction(handover.parties) as tx:
        answer = await store.find_answer(tx, handover.exchange, handover.round)
        if answer is None or answer.way in PAPER_WAYS or answer.erased_at is not None:
            raise Overtaken("nothing kept" if answer is None or answer.way in PAPER_WAYS else "erased")
    await parcels.erase(blobs, handover)
    async with database.transaction(handover.parties) as tx:
        if await store.mark_erased(tx, handover.exchange, handover.round, now):
            facts = {"round": handover.round}
            await record(tx, EventKind.PAYLOAD_ERASED, handover.parties, handover.exchange, facts)
