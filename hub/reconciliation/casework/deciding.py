"""A person of the centre decides about a difference: kept as signed, countersigned, and no more than that.

Source: features N10. Neither side is changed here. `send_again` lets the registration go on in its own room,
where the centre prepares it anew.
"""

from uuid import UUID

from hub.agis.casework.reopening import take_up_again
from hub.evidence.event import EventKind
from hub.kernel.ids import REGISTRY, CentreId
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Step
from hub.matters.casework.keeping import Book, Said, keep
from hub.matters.casework.records import Desk
from hub.plumbing.rows import AlreadyThere
from hub.reconciliation import store
from hub.reconciliation.course import STEPS, Action, Actor, fits
from hub.signing.statement import SignedStatement
from saikne_schemas.reading import kept
from saikne_schemas.reconciliation import DecisionTaken, DifferenceState, ResolveDifference
from saikne_schemas.register_words import DifferenceResolution


class DifferenceNotFound(Refusal):
    """Absent, or of another centre: the answer is the same."""

    code = "reconciliation.difference-not-found"


class OtherDifference(Refusal):
    """The signed statement names another difference than the address it was sent to."""

    code = "reconciliation.other-difference"


class IdentityReused(Refusal):
    code = "reconciliation.identity-reused"


async def decide(
    desk: Desk, centre: CentreId, statement: SignedStatement, said: ResolveDifference
) -> DecisionTaken:
    """For a transaction that acts for the centre and for the register's side."""
    row = await store.lock(desk.tx, centre, said.difference)
    if row is None or row.centre_id != centre:
        raise DifferenceNotFound
    if earlier := await _answered_before(desk, centre, statement, said.id):
        return earlier
    step = STEPS.take(DifferenceState(row.state), Action.DECIDE, Actor.CENTRE)
    key = row.key if row.hub_side is not None else None
    fits(said.how, by_machine=key is not None)
    if said.how is DifferenceResolution.SEND_AGAIN and key is not None:
        await take_up_again(desk, key)
    await store.close(
        desk.tx,
        [row.id],
        step,
        how=said.how.value,
        resolved_by=said.decided_by.model_dump(mode="json"),
        closed_at=desk.now,
    )
    acceptance = await _kept(desk, centre, statement, said, step)
    return DecisionTaken(difference=row.id, how=said.how, acceptance=acceptance)


async def _answered_before(
    desk: Desk, centre: CentreId, statement: SignedStatement, identity: UUID
) -> DecisionTaken | None:
    earlier = await store.earlier_decision(desk.tx, centre, identity)
    if earlier is None:
        return None
    if earlier.sha256 != statement.sha256:
        raise IdentityReused
    said = kept(ResolveDifference, earlier.body)
    return DecisionTaken(difference=earlier.difference_id, how=said.how, acceptance=earlier.acceptance)


async def _kept(
    desk: Desk,
    centre: CentreId,
    statement: SignedStatement,
    said: ResolveDifference,
    step: Step[DifferenceState],
) -> str:
    book = Book(
        desk.tx, desk.keyring, desk.now, store.decision, "difference_id", "difference", {"tenant_id": centre}
    )
    words = Said(
        about=said.difference,
        author=centre,
        identity=said.id,
        kind=said.schema_,
        event=EventKind.DIFFERENCE_RESOLVED,
        state=step.state.value,
        facts={"how": said.how.value},
    )
    try:
        return await keep(book, words, statement, (centre, REGISTRY))
    except AlreadyThere:  # used at this very moment, about another difference
        raise IdentityReused from None
