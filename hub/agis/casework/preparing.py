"""The new centre prepares a registration, lets it go on or takes it back; its sealed facts come in.

Source: method S80; domain 3.3. The statements move through the engine of matters; here is what is looked up
for their rules and written beside the move. The facts are ciphertext to the hub: it checks to which key they
are sealed and that they are the bytes that were stated.
"""

from collections.abc import Sequence
from uuid import UUID

from hub.agis import store
from hub.agis.casework.reading import NotFound, view
from hub.agis.casework.reopening import stand_again
from hub.agis.registering import (
    DayDiffers,
    EarlierUnderWay,
    EnteredByHand,
    Known,
    NoRegister,
    RegisterKeyUnknown,
    Registration,
    RegistrationUnknown,
    SealedGone,
    Written,
    again,
    ended_as_replaced,
    new_row,
    prepare,
    take_back,
)
from hub.agis.sealing import sealed_facts
from hub.agis.steps import Action, Actor, StepNotAllowed, taken
from hub.agis.tables import RegistrationRow
from hub.agis.tries import not_before
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import CentreId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters.casework.records import Desk
from hub.matters.workflow import Held, Scene, Verb, knowing
from hub.plumbing.database import Tx
from hub.signing.statement import SignedStatement
from hub.transfers.family.steps import Action as MoveAction
from saikne_schemas.family_moves import FamilyMove
from saikne_schemas.register_words import NeedsPersonBecause, RegisterOperation, RegistrationState
from saikne_schemas.registrations import (
    PrepareRegistration,
    RegistrationView,
    TryRegistrationAgain,
    WithdrawRegistration,
)


class SealedDiffers(Refusal):
    """Other bytes than the centre's statement says."""

    code = "agis.sealed-differs"


async def known(
    desk: Desk,
    _author: CentreId,
    _: FamilyMove,
    said: PrepareRegistration | TryRegistrationAgain | WithdrawRegistration,
) -> Known:
    earlier = tuple(read(row) for row in await store.of_matter(desk.tx, MatterId(said.matter)))
    return Known(earlier, frozenset(row.kid for row in await store.keys(desk.tx)))


def read(row: RegistrationRow) -> Registration:
    return Registration(
        key=row.key,
        effective_on=row.effective_on,
        revision=row.revision,
        operation=RegisterOperation(row.operation),
        replaces=row.replaces,
        replaces_revision=row.replaces_revision,
        state=RegistrationState(row.state),
        because=row.because,
        maybe_there=row.maybe_there,
    )


async def write(desk: Desk, move: Held[FamilyMove], beside: Sequence[Written], scene: Scene) -> None:
    """Beside the move."""
    for written in beside:
        await _write(desk.tx, MatterId(move.identity), written, scene)


async def _write(tx: Tx, matter: MatterId, written: Written, scene: Scene) -> None:
    if written.step is None:
        await store.put(tx, new_row(matter, scene, written))
    else:
        await store.change(tx, written.key, written.step, **written.values)
        if written.erase_sealed:
            await store.erase_sealed(tx, written.key)
    for key, step in written.replaced.items():
        await store.change(tx, key, step, **ended_as_replaced(scene.now))
        await store.erase_sealed(tx, key)
    await stand_again(tx, written.stands_again, scene.now)


async def move_cancelled(desk: Desk, move: Held[FamilyMove], _: object, scene: Scene) -> None:
    """What the register had confirmed of it a person takes back, who is told at the next turn of time."""
    for row in await store.of_matter(desk.tx, MatterId(move.identity)):
        if row.state == RegistrationState.ACKNOWLEDGED:
            step = taken(row.state, Action.ORPHAN, Actor.HUB)
            because = NeedsPersonBecause.DAY_CHANGED.value
            await store.change(
                desk.tx, row.key, step, because=because, next_at=scene.now, changed_at=scene.now
            )


_WITH_THE_REGISTER = "between the new centre and the register; what came of it closes the move, which is told"

REGISTRATIONS = (
    Verb(
        statement=PrepareRegistration,
        operation="prepareRegistration",
        event=EventKind.REGISTRATION_PREPARED,
        action=MoveAction.REGISTER_BY_MACHINE,
        rule=knowing(known, prepare),
        refuses=(NoRegister, RegisterKeyUnknown, DayDiffers, EnteredByHand, EarlierUnderWay, StepNotAllowed),
        beside=write,
        untold=_WITH_THE_REGISTER,
    ),
    Verb(
        statement=TryRegistrationAgain,
        operation="tryRegistrationAgain",
        event=EventKind.REGISTRATION_LET_GO_ON,
        action=MoveAction.REGISTER_BY_MACHINE,
        rule=knowing(known, again),
        refuses=(RegistrationUnknown, DayDiffers, SealedGone, StepNotAllowed),
        beside=write,
        untold=_WITH_THE_REGISTER,
    ),
    Verb(
        statement=WithdrawRegistration,
        operation="withdrawRegistration",
        event=EventKind.REGISTRATION_TAKEN_BACK,
        action=MoveAction.TAKE_BACK,
        rule=knowing(known, take_back),
        refuses=(RegistrationUnknown, StepNotAllowed),
        beside=write,
        untold=_WITH_THE_REGISTER,
    ),
)
"""What the workflow of moves says about registrations."""


async def take_sealed(
    desk: Desk, centre: CentreId, key: UUID, statement: SignedStatement
) -> RegistrationView:
    """The facts have come: from now on a job may take it. The same bytes again: the same answer."""
    row = await store.lock(desk.tx, key)
    if row is None or row.centre_id != centre:
        raise NotFound
    if row.sealed_sha256 != statement.sha256 or row.sealed_bytes != len(statement.body):
        raise SealedDiffers
    if row.state == RegistrationState.DRAFT or row.because == NeedsPersonBecause.NOT_COMPLETED:
        facts = sealed_facts(statement.body, row.register_key)
        step = taken(row.state, Action.SEAL, Actor.CENTRE)
        ready = not_before(row.effective_on, desk.now)
        await store.keep_sealed(desk.tx, key, row.parties, facts)
        await store.change(desk.tx, key, step, because=None, next_at=ready, changed_at=desk.now)
        told: dict[str, Fact] = {
            "registration": str(key),
            "revision": row.revision,
            "sealed_sha256": statement.sha256.hex(),
        }
        about = row.matter_id
        await record(desk.tx, EventKind.REGISTRATION_SEALED, [centre], about, told)
    return await view(desk, centre, key)
