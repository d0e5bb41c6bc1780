"""What the new centre says about a registration: prepared, to be tried again, taken back; and what follows.

Source: method S80; domain 3.3; features N10. The rules of three statements about a family's move, which the
workflow of moves takes up (`workflows`). What is written beside the move is decided here and written by
casework. The day of the move is not ours: a registration of another day is refused, never adjusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from hub.agis.steps import Action, Actor, Registered, taken
from hub.agis.tries import COMPLETE_WITHIN, not_before
from hub.kernel.documents import JsonObject
from hub.kernel.ids import OVERSIGHT, REGISTRY, MatterId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from hub.transfers.family.tracks import entry_taken_back
from saikne_schemas.family_move_words import FamilyMoveRole
from saikne_schemas.family_moves import FamilyMove
from saikne_schemas.register_entries import registration_key
from saikne_schemas.register_words import (
    NeedsPersonBecause,
    RegisterOperation,
    RegistrationState,
    RegistrationWithdrawnBecause,
)
from saikne_schemas.registrations import PrepareRegistration, TryRegistrationAgain, WithdrawRegistration

_S = RegistrationState


class NoRegister(Refusal):
    """No register is reached by machine through this hub: the worksheet is the way."""

    code = "agis.no-register"


class RegisterKeyUnknown(Refusal):
    """Sealed to a key that is not, or no longer, the register's."""

    code = "agis.register-key-unknown"


class DayDiffers(Refusal):
    """The move has another day, or none."""

    code = "agis.day-differs"


class EnteredByHand(Refusal):
    """A person has recorded the entry: by machine it would stand in the register twice."""

    code = "agis.entered-by-hand"


class EarlierUnderWay(Refusal):
    """More than one of other days may be in the register: the older ones are taken back first."""

    code = "agis.earlier-under-way"


class RegistrationUnknown(Refusal):
    """There is none under this key in this move."""

    code = "agis.registration-unknown"


class SealedGone(Refusal):
    """The hub keeps sealed facts no longer than the register needs them: they are sealed anew."""

    code = "agis.sealed-gone"


@dataclass(frozen=True, slots=True)
class Registration:
    """One as it stands; the row of the store, read."""

    key: UUID
    effective_on: date
    revision: int
    operation: RegisterOperation
    replaces: UUID | None
    replaces_revision: int | None
    state: RegistrationState
    because: str | None
    maybe_there: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What the hub holds about a move's registrations."""

    earlier: tuple[Registration, ...]
    register_keys: frozenset[str]

    def of(self, key: UUID) -> Registration:
        for one in self.earlier:
            if one.key == key:
                return one
        raise RegistrationUnknown(key=str(key))


@dataclass(frozen=True, slots=True)
class Written:
    """What becomes of the registration under a key, and of those that it replaces."""

    key: UUID
    step: Registered | None
    """None where it begins."""
    values: JsonObject
    replaced: Mapping[UUID, Registered] = field(default_factory=dict)
    stands_again: UUID | None = None
    """What it was to replace, which nothing replaces now."""
    erase_sealed: bool = False


Effect = Outcome[FamilyMove, Written]


def prepare(move: FamilyMove, said: PrepareRegistration, scene: Scene, known: Known) -> Effect:
    """Refuses what could not be registered; the move itself stays as it is."""
    if not known.register_keys:
        raise NoRegister
    if said.register_key not in known.register_keys:
        raise RegisterKeyUnknown(key=said.register_key)
    if move.effective_on is None or move.effective_on != said.effective_on:
        raise DayDiffers(given=said.effective_on.isoformat(), now=str(move.effective_on or "-"))
    if move.registered is not None and move.registered.registration is None:
        raise EnteredByHand
    written = _prepared(said, known, scene)
    facts = {
        "registration": str(written.key),
        "revision": written.values["revision"],
        "effective_on": said.effective_on.isoformat(),
        "sealed_sha256": said.sealed_sha256,
    }
    return Outcome(move, facts=facts, beside=(written,))


def _prepared(said: PrepareRegistration, known: Known, scene: Scene) -> Written:
    """The registration that waits for its sealed facts, one revision further where there was one."""
    key = registration_key(said.matter, said.effective_on, scene.author)
    before = next((one for one in known.earlier if one.key == key), None)
    step = taken(before.state, Action.PREPARE, Actor.CENTRE) if before else None
    others = [one for one in known.earlier if one.key != key and one.state is not _S.WITHDRAWN]
    there = [one for one in others if one.maybe_there]
    if len(there) > 1:
        raise EarlierUnderWay(key=str(there[0].key))
    standing = there[0] if there else None
    replaces, revision = _in_place_of(key, standing, [*others, *([before] if before else [])])
    values = {
        "effective_on": said.effective_on,
        "revision": before.revision + 1 if before else 1,
        "operation": RegisterOperation.TRANSFER.value,
        "replaces": replaces,
        "replaces_revision": revision,
        "because": None,
        "register_key": said.register_key,
        "sealed_sha256": bytes.fromhex(said.sealed_sha256),
        "sealed_bytes": said.sealed_bytes,
        "tries": 0,
        "next_at": scene.now + COMPLETE_WITHIN,
        "claimed_until": None,
        "changed_at": scene.now,
        "prepared_at": scene.now,
    }
    open_ones = [one for one in others if one.state is not _S.ACKNOWLEDGED]
    replaced = {one.key: taken(one.state, Action.REPLACE, Actor.HUB) for one in open_ones}
    return Written(key, step, values, replaced, erase_sealed=True)


def _in_place_of(
    key: UUID, standing: Registration | None, known: list[Registration]
) -> tuple[UUID | None, int | None]:
    """Which key ends by this one, and up to which revision: the move may come back to that day later."""
    if standing is not None:
        return standing.key, standing.revision
    for one in known:
        if one.replaces not in {None, key}:
            return one.replaces, one.replaces_revision
    return None, None


def again(move: FamilyMove, said: TryRegistrationAgain, scene: Scene, known: Known) -> Effect:
    one = known.of(said.key)
    if one.operation is RegisterOperation.TRANSFER and one.effective_on != move.effective_on:
        raise DayDiffers(given=str(one.effective_on), now=str(move.effective_on or "-"))
    step = taken(one.state, _going_on(one), Actor.CENTRE)
    soon = COMPLETE_WITHIN if step.state is _S.DRAFT else timedelta()
    values = {
        "because": None,
        "tries": 0,
        "next_at": not_before(one.effective_on, scene.now) + soon,
        "claimed_until": None,
        "changed_at": scene.now,
    }
    facts = {"registration": str(one.key), "registration_state": step.state.value}
    return Outcome(move, facts=facts, beside=(Written(one.key, step, values),))


def _going_on(one: Registration) -> Action:
    if one.because == NeedsPersonBecause.NOT_HELD:
        raise SealedGone
    if one.because == NeedsPersonBecause.NOT_COMPLETED:
        return Action.COMPLETE
    return Action.ASK_AGAIN if one.maybe_there else Action.GO_ON


def take_back(move: FamilyMove, said: WithdrawRegistration, scene: Scene, known: Known) -> Effect:
    """Taking back what the register had confirmed makes the entry owed again, and may open a closed move."""
    one = known.of(said.key)
    step = taken(one.state, Action.REVOKE if one.maybe_there else Action.TAKE_BACK, Actor.CENTRE)
    facts = {
        "registration": str(one.key),
        "registration_state": step.state.value,
        "reason": said.reason.value,
    }
    confirmed = move.registered is not None and move.registered.registration == said.key
    back: Effect = entry_taken_back(move, scene) if confirmed else Outcome(move)
    return replace(back, facts=facts, beside=(_taken_back(one, step, said, scene),))


def _taken_back(one: Registration, step: Registered, said: WithdrawRegistration, scene: Scene) -> Written:
    """Nothing is left to do, or the register is told by a revision of its own."""
    values: JsonObject = {
        "because": said.reason.value,
        "claimed_until": None,
        "changed_at": scene.now,
        "next_at": None,
    }
    if step.state is not _S.WITHDRAWN:
        values |= {
            "operation": RegisterOperation.WITHDRAW.value,
            "revision": one.revision + 1,
            "tries": 0,
            "next_at": scene.now,
            "register_key": None,
            "sealed_sha256": None,
            "sealed_bytes": None,
        }
    stands_again = one.replaces if step.state is _S.WITHDRAWN else None
    return Written(one.key, step, values, stands_again=stands_again, erase_sealed=True)


def new_row(matter: MatterId, scene: Scene, written: Written) -> JsonObject:
    """A registration that was not there before."""
    return {
        "key": written.key,
        "matter_id": matter,
        "state": _S.DRAFT.value,
        "centre_id": scene.author,
        "previous_id": scene.who(FamilyMoveRole.PREVIOUS),
        "parties": [scene.author, REGISTRY, OVERSIGHT],
        "attempts": 0,
        "maybe_there": False,
        **written.values,
    }


def ended_as_replaced(now: datetime) -> JsonObject:
    return {
        "because": RegistrationWithdrawnBecause.REPLACED.value,
        "next_at": None,
        "claimed_until": None,
        "changed_at": now,
    }
