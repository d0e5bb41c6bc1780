"""What happens before and after a child moves to a family of another centre, and who does it.

Source: method S105-S114; domain 1.2. Before: the previous centre tells and lets meet. After: the new one asks
for the plan and keeps up the former ties, the previous one archives its part. Nothing else is owed: no rule
about the day, no register, no notice to the court (S115). What is lacking before the placement does not stop
it, for courts decide about that; it is said, and stays owed until the move is closed. What becomes of the
plan's copy stands in `childs_copies`.
"""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from hub.duties.duty import Basis
from hub.kernel.days import arranged, happened
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Steps
from hub.matters.workflow import Once, OpenAlready, Outcome, Owed, Scene, table
from hub.transfers import copies
from hub.transfers.courts import Directory
from hub.transfers.fitting_exchange import NamedExchange, Wanted, require_fit
from hub.transfers.hand import Hand
from saikne_schemas.beside import DespiteView
from saikne_schemas.child_moves import (
    AcquaintanceHeld,
    BeginChildMove,
    CancelChildMove,
    ChildMove,
    ChildPlaced,
    FormerFamily,
    FormerFamilyContact,
    IapArchived,
    InformedBefore,
    Meeting,
    MeetingHeld,
)
from saikne_schemas.child_vocabulary import ChildMoveRole, ChildMoveState, ChildMoveWarning
from saikne_schemas.vocabulary import DutyKind, ExchangeKind, ExchangeState


class AfterPlacement(Refusal):
    """What belongs before the placement is dated after it."""

    code = "transfers.date-after-placement"


class InformationNotSent(Refusal):
    """The exchange that should hold the information has not been sent, or its sending is in doubt."""

    code = "transfers.information-not-sent"


class ChildMovesAlready(OpenAlready):
    code = "transfers.child-moves-already"


class Action(StrEnum):
    INFORM = "inform"
    MEET = "meet"
    ACQUAINT = "acquaint"
    PLACE = "place"
    ASK = "ask"
    HEAR_OF_COPIES = "hear_of_copies"
    """Their exchange came to an end, or to none after all."""
    GIVE_UP = "give_up"
    ARCHIVE = "archive"
    ARRANGE = "arrange"
    CANCEL = "cancel"


_STATE, _ROLE = ChildMoveState, ChildMoveRole
_MAYBE_LAST = frozenset({_STATE.PLACED, _STATE.CLOSED})
STEPS: Steps[ChildMoveState, Action, ChildMoveRole | Hand] = table(
    {
        (_STATE.PLANNED, Action.INFORM): {_ROLE.PREVIOUS: _STATE.PLANNED},
        (_STATE.PLANNED, Action.MEET): {_ROLE.PREVIOUS: _STATE.PLANNED, _ROLE.NEW: _STATE.PLANNED},
        (_STATE.PLANNED, Action.ACQUAINT): {_ROLE.PREVIOUS: _STATE.PLANNED},
        (_STATE.PLANNED, Action.PLACE): {_ROLE.NEW: _STATE.PLACED},
        (_STATE.PLANNED, Action.CANCEL): {_ROLE.PREVIOUS: _STATE.CANCELLED, _ROLE.NEW: _STATE.CANCELLED},
        (_STATE.PLACED, Action.INFORM): {_ROLE.PREVIOUS: _STATE.PLACED},
        (_STATE.PLACED, Action.MEET): {_ROLE.PREVIOUS: _STATE.PLACED, _ROLE.NEW: _STATE.PLACED},
        (_STATE.PLACED, Action.ACQUAINT): {_ROLE.PREVIOUS: _STATE.PLACED},
        (_STATE.PLACED, Action.ASK): {_ROLE.NEW: _MAYBE_LAST},
        (_STATE.PLACED, Action.HEAR_OF_COPIES): {Hand.HUB: _MAYBE_LAST},
        (_STATE.CLOSED, Action.HEAR_OF_COPIES): {Hand.HUB: _MAYBE_LAST},
        (_STATE.PLACED, Action.GIVE_UP): {_ROLE.NEW: _MAYBE_LAST},
        (_STATE.PLACED, Action.ARCHIVE): {_ROLE.PREVIOUS: _MAYBE_LAST},
        (_STATE.PLACED, Action.ARRANGE): {_ROLE.NEW: _MAYBE_LAST},
        (_STATE.PLACED, Action.CANCEL): {_ROLE.NEW: _STATE.CANCELLED},
    }
)
_BEFORE = (DutyKind.INFORM_BEFORE, DutyKind.ACQUAINTANCE)
_AFTER = (DutyKind.REQUEST_COPIES, DutyKind.ARCHIVE_IAP, DutyKind.FORMER_FAMILY)
COPIES = (DutyKind.REQUEST_COPIES, DutyKind.RECEIVE_COPIES)
_SENT = frozenset({ExchangeState.DISPATCHED, ExchangeState.CONFIRMED})
"""What is disputed or lapsed may never have come."""


ONCE: Once[ChildMove] = Once(
    about=lambda move: move.child,
    under_way=frozenset({_STATE.PLANNED, _STATE.PLACED}),
    refusal=ChildMovesAlready,
)


def parties(beginning: BeginChildMove) -> list[tuple[UUID, ChildMoveRole]]:
    return [(beginning.new, ChildMoveRole.NEW), (beginning.previous, ChildMoveRole.PREVIOUS)]


def begin(beginning: BeginChildMove, scene: Scene, courts: Directory) -> Outcome[ChildMove]:
    territory = beginning.territory
    court = courts.must_serve(territory, scene.today).code if territory else None
    if beginning.planned_on is not None:
        arranged(beginning.planned_on, scene.today)
    move = ChildMove(
        child=beginning.child,
        court=court,
        planned_on=beginning.planned_on,
        despite=DespiteView.of(beginning.despite),
    )
    return Outcome(
        move, opens=awaited(move, ChildMoveState.PLANNED, scene), tells=((scene.other(), "begun"),)
    )


def before_owed(move: ChildMove, scene: Scene) -> list[Owed]:
    """What belongs before the placement and stays owed after it, until it is done or the move closed."""
    new, previous = scene.who(ChildMoveRole.NEW), scene.who(ChildMoveRole.PREVIOUS)
    lacks = {DutyKind.INFORM_BEFORE: move.told_on is None, DutyKind.ACQUAINTANCE: not move.visits}
    kinds = (kind for kind in _BEFORE if lacks[kind])
    return [Owed(kind, previous, scene.today, Basis.MOVE_AGREED, (new,)) for kind in kinds]


def placement_owed(move: ChildMove, scene: Scene) -> Owed:
    """The new centre says when the child has come, or that it will not; no term in the method (S115)."""
    new, previous = scene.who(ChildMoveRole.NEW), scene.who(ChildMoveRole.PREVIOUS)
    planned = move.planned_on is not None and move.planned_on > scene.today
    starts_on = move.planned_on if planned and move.planned_on else scene.today
    basis = Basis.PLACEMENT_PLANNED if planned else Basis.MOVE_AGREED
    return Owed(DutyKind.PLACE_CHILD, new, starts_on, basis, (previous,))


def inform(
    move: ChildMove, said: InformedBefore, scene: Scene, exchange: NamedExchange | None
) -> Outcome[ChildMove]:
    named = require_fit(exchange, wanted(ExchangeKind.CHILD_INFORMATION, move, scene))
    if named.state not in _SENT:
        raise InformationNotSent
    _before_placement(said.told_on, move, scene)
    told = {"information": said.exchange, "family_told": said.family_told, "told_on": said.told_on}
    return Outcome(
        move.model_copy(update=told),
        meets=(DutyKind.INFORM_BEFORE,),
        done_on=said.told_on,
        tells=((scene.other(), "informed"),),
    )


def meet(move: ChildMove, said: MeetingHeld, scene: Scene) -> Outcome[ChildMove]:
    """One meeting a day: told again, it is corrected."""
    _before_placement(said.held_on, move, scene)
    held = [one for one in move.meetings if one.held_on != said.held_on]
    held.append(Meeting(held_on=said.held_on, participants=said.participants))
    held.sort(key=lambda meeting: meeting.held_on)
    return Outcome(move.model_copy(update={"meetings": held}), tells=((scene.other(), "met"),))


def acquaint(move: ChildMove, said: AcquaintanceHeld, scene: Scene) -> Outcome[ChildMove]:
    for visit in said.visits:
        _before_placement(visit, move, scene)
    visits = sorted({*move.visits, *said.visits})
    return Outcome(
        move.model_copy(update={"visits": visits}),
        meets=(DutyKind.ACQUAINTANCE,),
        done_on=visits[0],
        tells=((scene.other(), "acquainted"),),
    )


def place(move: ChildMove, said: ChildPlaced, scene: Scene) -> Outcome[ChildMove]:
    """Not before what is recorded as having happened before it."""
    earlier = [*move.visits, *(one.held_on for one in move.meetings), *filter(None, [move.told_on])]
    happened(said.placed_on, scene.today, after=max(earlier, default=None))
    previous = scene.who(ChildMoveRole.PREVIOUS)
    lacking = {
        ChildMoveWarning.NOT_INFORMED: move.told_on is None,
        ChildMoveWarning.NOT_ACQUAINTED: not move.visits,
    }
    return Outcome(
        move.model_copy(update={"placed_on": said.placed_on}),
        meets=(DutyKind.PLACE_CHILD,),
        done_on=said.placed_on,
        opens=tuple(owed_after(kind, said.placed_on, scene) for kind in _AFTER),
        tells=((previous, "placed"),),
        facts={"placed_on": said.placed_on.isoformat()},
        warnings=tuple(warning.value for warning, lacks in lacking.items() if lacks),
    )


def owed_after(kind: DutyKind, placed_on: date, scene: Scene) -> Owed:
    """One of what is owed from the placement on."""
    new, previous = scene.who(ChildMoveRole.NEW), scene.who(ChildMoveRole.PREVIOUS)
    if kind is DutyKind.ARCHIVE_IAP:
        return Owed(kind, previous, placed_on, Basis.CHILD_PLACED, (new,))
    return Owed(kind, new, placed_on, Basis.CHILD_PLACED)


def archive(move: ChildMove, said: IapArchived, scene: Scene) -> Outcome[ChildMove]:
    happened(said.archived_on, scene.today, after=move.placed_on)
    kept = {"archived_on": said.archived_on, "archive_reference": said.archive_reference}
    filed = _done(move.model_copy(update=kept), DutyKind.ARCHIVE_IAP, "archived", scene)
    return replace(filed, done_on=said.archived_on)


def arrange(move: ChildMove, said: FormerFamilyContact, scene: Scene) -> Outcome[ChildMove]:
    """Contact may begin later, but not before the child has left."""
    arranged(said.begins_on, scene.today, after=move.placed_on)
    ties = FormerFamily(kinds=said.kinds, regularity=said.regularity, begins_on=said.begins_on)
    after = move.model_copy(update={"former_family": ties})
    return _done(after, DutyKind.FORMER_FAMILY, "arranged", scene)


def cancel(move: ChildMove, said: CancelChildMove, scene: Scene) -> Outcome[ChildMove]:
    return Outcome(
        move.model_copy(update={"cancelled": said.reason}),
        drops=(*_BEFORE, DutyKind.PLACE_CHILD, *_AFTER, *COPIES),
        tells=((scene.other(), "cancelled"),),
        facts={"reason": said.reason.value},
    )


def awaited(move: ChildMove, state: ChildMoveState, scene: Scene) -> tuple[Owed, ...]:
    """Every duty that is open in this state, as it would begin today.

    But after the placement what belonged before it: that ends when the move is closed, and a move that is
    opened again looks like one that never was.
    """
    if state is _STATE.PLANNED:
        return (*before_owed(move, scene), placement_owed(move, scene))
    if state is not _STATE.PLACED or move.placed_on is None:
        return ()
    placed_on, new = move.placed_on, scene.who(ChildMoveRole.NEW)
    lacks = {
        DutyKind.REQUEST_COPIES: move.plan_asked is None and move.plan_end is None,
        DutyKind.ARCHIVE_IAP: move.archived_on is None,
        DutyKind.FORMER_FAMILY: move.former_family is None,
    }
    found = [owed_after(kind, placed_on, scene) for kind, lacking in lacks.items() if lacking]
    if move.plan_asked is not None and move.plan_end is None:
        found.append(copies.awaited(new, scene.today, None))
    return tuple(found)


def closed_if_last(done: Outcome[ChildMove], scene: Scene) -> Outcome[ChildMove]:
    """The last of the three closes the move; what was to be done before it is owed no longer.

    Both are told where no statement of either has done it, else the one that did not speak.
    """
    move = done.content
    if None in (move.plan_end, move.archived_on, move.former_family):
        return done
    told = tuple(scene.roles) if scene.signed is None else (scene.other(),)
    closed = tuple((one, "closed") for one in told)
    return replace(done, to=_STATE.CLOSED, drops=(*done.drops, *_BEFORE), tells=(*done.tells, *closed))


def wanted(kind: ExchangeKind, move: ChildMove, scene: Scene) -> Wanted:
    new, previous = scene.who(ChildMoveRole.NEW), scene.who(ChildMoveRole.PREVIOUS)
    return Wanted(kind, requester=new, holder=previous, about=move.child)


def _done(move: ChildMove, met: DutyKind, notice: str, scene: Scene) -> Outcome[ChildMove]:
    return closed_if_last(Outcome(move, meets=(met,), tells=((scene.other(), notice),)), scene)


def _before_placement(day: date, move: ChildMove, scene: Scene) -> None:
    happened(day, scene.today)
    if move.placed_on is not None and day > move.placed_on:
        raise AfterPlacement(given=day.isoformat(), placed_on=move.placed_on.isoformat())
