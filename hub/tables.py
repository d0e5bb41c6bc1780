"""All tables of the hub, gathered from the rooms that own them: what the migrations must add up to."""

import hub.access.store
import hub.agis.tables
import hub.board.store
import hub.centres.store
import hub.duties.tables
import hub.evidence.store
import hub.exchange.store
import hub.identities.store
import hub.matters.store
import hub.parcels.store
import hub.passwords.store
import hub.people.store
import hub.people.subscriptions
import hub.plans.store
import hub.proofs.store
import hub.reconciliation.store
import hub.training.store
import hub.transfers.store
import hub.workdays.store
from hub.plumbing.database import metadata
from hub.signing.store import Wrapped

__all__ = ["WRAPPED", "metadata"]

_ROOMS = (
    hub.access,
    hub.agis,
    hub.board,
    hub.centres,
    hub.duties,
    hub.evidence,
    hub.exchange,
    hub.identities,
    hub.matters,
    hub.parcels,
    hub.passwords,
    hub.people,
    hub.plans,
    hub.proofs,
    hub.reconciliation,
    hub.training,
    hub.transfers,
    hub.workdays,
)

WRAPPED: tuple[Wrapped, ...] = (
    *hub.passwords.store.WRAPPED,
    hub.proofs.store.WRAPPED,
    hub.proofs.store.SIGNERS,
    *hub.people.store.WRAPPED,
    hub.people.subscriptions.WRAPPED,
)
"""Everything that a wrapping key of the hub covers."""
