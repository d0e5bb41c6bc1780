"""Registrations as a tenant may see them: its own; on the register's side and for oversight, everybody's."""

from uuid import UUID

from hub.agis import store
from hub.agis.store import Wish
from hub.agis.tables import AttemptRow, RegistrationRow
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.casework.records import Desk
from hub.web.paging import cursor
from saikne_schemas.register_words import JobResult, RegistrationState, RejectedBecause, WaitsFor
from saikne_schemas.registrations import (
    AttemptView,
    RegisterKeyView,
    RegisterView,
    RegistrationLine,
    RegistrationPage,
    RegistrationView,
)

_BECAUSE = {
    RegistrationState.REJECTED: "rejected_because",
    RegistrationState.NEEDS_PERSON: "needs_person_because",
    RegistrationState.WITHDRAWN: "withdrawn_because",
}
_BY_CENTRE = frozenset({RegistrationState.DRAFT, RegistrationState.REJECTED, RegistrationState.NEEDS_PERSON})
_ENDED = frozenset({RegistrationState.ACKNOWLEDGED, RegistrationState.WITHDRAWN})


class NotFound(Refusal):
    """Absent, or of other centres: the answer is the same."""

    code = "agis.not-found"


async def register(desk: Desk) -> RegisterView:
    keys, signing = [
        [RegisterKeyView(kid=row.kid, jwk=row.jwk) for row in await store.keys(desk.tx, purpose)]
        for purpose in (store.Purpose.SEALING, store.Purpose.SIGNING)
    ]
    return RegisterView(machine=bool(keys), keys=keys, signing_keys=signing)


async def page(desk: Desk, tenant: CentreId, wish: Wish) -> RegistrationPage:
    """The last prepared first."""
    rows = await store.page(desk.tx, tenant, wish)
    shown = rows[: wish.limit - 1]
    more = cursor(shown[-1].prepared_at.isoformat(), shown[-1].key) if len(rows) > len(shown) else None
    return RegistrationPage(items=[RegistrationLine(**said(row)) for row in shown], next=more)


async def view(desk: Desk, tenant: CentreId, key: UUID) -> RegistrationView:
    """One with every attempt; foreign and absent are the same."""
    row = await store.find(desk.tx, key)
    if row is None or tenant not in row.parties:
        raise NotFound
    tried = await store.attempts(desk.tx, key)
    return RegistrationView(
        **said(row),
        previous=row.previous_id,
        register_key=row.register_key,
        sealed_sha256=row.sealed_sha256.hex() if row.sealed_sha256 else None,
        sealed_erased=RegistrationState(row.state) in _ENDED,
        tried=[_attempt(one) for one in tried],
    )


def said(row: RegistrationRow) -> JsonObject:
    """A registration's row as lists show it."""
    state = RegistrationState(row.state)
    shown = {
        "key": row.key,
        "matter": row.matter_id,
        "centre": row.centre_id,
        "effective_on": row.effective_on,
        "operation": row.operation,
        "revision": row.revision,
        "state": state,
        "waits_for": waits_for(row),
        "next_at": row.next_at,
        "replaces": row.replaces,
        "attempts": row.attempts,
        "prepared_at": row.prepared_at,
        "changed_at": row.changed_at,
        "registered_on": row.registered_on,
        "register_id": row.register_id,
        "confirmed_by": row.confirmed_by,
    }
    return shown | ({_BECAUSE[state]: row.because} if state in _BECAUSE else {})


def waits_for(row: RegistrationRow) -> WaitsFor | None:
    """Who does the next thing; nobody once it has ended."""
    state = RegistrationState(row.state)
    if state in _ENDED:
        return None
    if state in _BY_CENTRE:
        return WaitsFor.CENTRE
    pending = state is RegistrationState.SENT and row.claimed_until is None
    return WaitsFor.REGISTER if pending else WaitsFor.JOB


def _attempt(row: AttemptRow) -> AttemptView:
    return AttemptView(
        attempt=row.attempt,
        revision=row.revision,
        ask_first=row.ask_first,
        claimed_at=row.claimed_at,
        client=row.client,
        result=JobResult(row.result) if row.result else None,
        reason=RejectedBecause(row.reason) if row.reason else None,
        entry_sha256=row.entry_sha256.hex() if row.entry_sha256 else None,
        reported_at=row.reported_at,
        word=row.word,
    )
