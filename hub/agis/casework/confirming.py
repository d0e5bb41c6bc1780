"""The register has confirmed a registration: the move is entered, its duty met, the sealed facts erased.

Source: method S80; domain 3.3 (never from `sent`). Nothing of the move is overwritten: where a person has
recorded an entry, or the move has another day by now, the confirmation is kept with the registration alone.
"""

from dataclasses import dataclass
from uuid import UUID

from hub.agis import store
from hub.agis.casework.halting import halt
from hub.agis.casework.reopening import stand_again
from hub.agis.register_word import Heard
from hub.agis.steps import Action, Actor, taken
from hub.agis.tables import RegistrationRow
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.clock import riga_day
from hub.kernel.days import happened
from hub.kernel.ids import REGISTRY, CentreId
from hub.kernel.refusal import Refusal
from hub.matters import store as matters
from hub.matters.casework.happening import Happening, happen
from hub.matters.casework.records import Desk
from hub.matters.workflow import Outcome as MoveOutcome
from hub.matters.workflow import Scene
from hub.transfers.casework.family_moves import FAMILY_MOVES
from hub.transfers.family.steps import Action as MoveAction
from hub.transfers.family.tracks import entered
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.family_moves import FamilyMove
from saikne_schemas.family_moves import Registration as Entry
from saikne_schemas.register_words import (
    NeedsPersonBecause,
    RegistrationState,
    RegistrationWithdrawnBecause,
)
from saikne_schemas.registrations import Outcome
from saikne_schemas.spelling import KEPT
from saikne_schemas.vocabulary import DutyKind


@dataclass(frozen=True, slots=True)
class Word:
    """By which report the register's word came, who told it, and whether the register has signed it."""

    report: UUID
    by: CentreId
    heard: Heard

    def of(self, row: RegistrationRow, outcome: Outcome) -> dict[str, Fact]:
        """For the chains: a number is the register's own word, or known by who brought it."""
        return {
            "registration": str(row.key),
            "revision": row.revision,
            "report": str(self.report),
            "author": str(self.by),
            "register_id": outcome.register_id,
            "word_of": self.heard.of.value,
            "register_signing_key": self.heard.kid,
        }


async def confirm(desk: Desk, row: RegistrationRow, outcome: Outcome, word: Word) -> RegistrationState:
    """For a transaction that holds the matter and then the registration."""
    assert outcome.registered_on is not None  # noqa: S101  # an incomplete one was refused
    try:
        happened(outcome.registered_on, riga_day(desk.now), after=row.effective_on)
    except Refusal:
        return await _look_at(desk, row, NeedsPersonBecause.CONFIRMED_ODDLY)
    await store.change(
        desk.tx,
        row.key,
        taken(row.state, Action.ACKNOWLEDGE, Actor.JOB, RegistrationState.ACKNOWLEDGED),
        because=None,
        maybe_there=True,
        next_at=None,
        claimed_until=None,
        changed_at=desk.now,
        registered_on=outcome.registered_on,
        register_id=outcome.register_id,
        confirmed_by=word.heard.of.value,
    )
    await store.erase_sealed(desk.tx, row.key)
    if row.replaces is not None:
        await _replace(desk, row.replaces)
    return await _enter(desk, row, outcome, word)


async def _look_at(desk: Desk, row: RegistrationRow, because: NeedsPersonBecause) -> RegistrationState:
    """The register has it, and a person has to see to what that means."""
    step = taken(row.state, Action.ACKNOWLEDGE, Actor.JOB, RegistrationState.NEEDS_PERSON)
    await halt(desk, row, step, because)
    return step.state


async def _replace(desk: Desk, key: UUID) -> None:
    """The entry of another day that the register held until now."""
    other = await store.lock(desk.tx, key)
    if other is None:
        return
    await store.change(desk.tx, key, maybe_there=False)
    await stand_again(desk.tx, other.replaces, desk.now)
    if other.state == RegistrationState.WITHDRAWN:
        return
    step = taken(other.state, Action.REPLACE, Actor.HUB)
    because = RegistrationWithdrawnBecause.REPLACED.value
    await store.change(desk.tx, key, step, because=because, next_at=None, changed_at=desk.now)
    await store.erase_sealed(desk.tx, key)


async def _enter(desk: Desk, row: RegistrationRow, outcome: Outcome, word: Word) -> RegistrationState:
    """Into the move, where that is what it waits for; the evidence is written last."""
    facts = word.of(row, outcome)
    matter = await matters.find(desk.tx, row.matter_id)
    assert matter is not None  # noqa: S101  # a registration is of a move
    move = FamilyMove.model_validate(matter.content, context=KEPT)
    owed = DutyKind.REGISTER in move.remaining and matter.state == FamilyMoveState.DATED
    if not owed or move.effective_on != row.effective_on:
        centre, about = row.centre_id, row.matter_id
        await record(desk.tx, EventKind.REGISTRATION_CONFIRMED, [centre], about, facts)
        if matter.state != FamilyMoveState.CANCELLED:
            return RegistrationState.ACKNOWLEDGED
        return await _look_at(desk, row, NeedsPersonBecause.DAY_CHANGED)

    assert outcome.registered_on is not None  # noqa: S101  # an incomplete one was refused
    entry = Entry(registered_on=outcome.registered_on, register_id=outcome.register_id, registration=row.key)

    def rule(content: FamilyMove, scene: Scene) -> MoveOutcome[FamilyMove]:
        return entered(content, entry, scene)

    what = Happening(
        EventKind.FAMILY_MOVE_REGISTERED, FamilyMoveRole.NEW, MoveAction.REGISTER, rule, word.report, facts
    )
    await happen(desk, FAMILY_MOVES, row.matter_id, what, also_for=(REGISTRY,))
    return RegistrationState.ACKNOWLEDGED
