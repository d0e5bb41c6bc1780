"""What one side of an exchange signed and the other may read: the request, and the set's certification.

Both are proofs of who sent them. Only the two named so are shown to the other side. Source: MK 473 p. 3
(domain 2.3).
"""

from dataclasses import replace
from uuid import UUID

from hub.exchange.casework.case import Case, Desk, find_case
from hub.kernel.ids import CentreId, ExchangeId
from hub.plumbing.database import act_for
from hub.proofs import casework as proofs
from saikne_schemas.proofs import ProofView


async def held_by_its_owner(desk: Desk, case: Case, identity: UUID) -> proofs.Desk:
    """Where its owner keeps it; what neither side has named as its signed file is not there to be read."""
    named = {case.record.signed_request: case.requester, case.record.certified_by: case.holder}
    owner = named.get(identity)
    if owner is None:
        raise proofs.NotFound
    await act_for(desk.tx, case.parties)
    return proofs.Desk(desk.tx, owner, desk.now, desk.keyring)


async def for_reader(desk: Desk, reader: CentreId, exchange: ExchangeId, identity: UUID) -> proofs.Desk:
    """Where a party of the exchange reads it; what is read is written down for both sides."""
    kept = await held_by_its_owner(desk, await find_case(desk.tx, reader, exchange), identity)
    return kept if kept.owner == reader else replace(kept, reader=reader)


async def show(desk: Desk, case: Case, identity: UUID) -> ProofView:
    kept = await held_by_its_owner(desk, case, identity)
    return proofs.view(kept, await proofs.find(kept, identity))
