"""What begins when the day of a family's move is fixed, and begins anew when that day is changed.

Source: method S77-S81; domain 1.5 (terms count from the day of the move, never from the copies); features N3.
What was done towards others under a day that no longer counts is to be done again: the register's entry and
the court's notice. A proposal of another day falls when a day is fixed. No term begins before the day on
which the hub learned of the move's day: nobody is late for what was not possible. How it is found stands
elsewhere.
"""

from dataclasses import dataclass
from datetime import date

from hub.duties.duty import Basis, DutyKind
from hub.kernel.days import follows
from hub.matters.workflow import Owed, Scene
from hub.transfers.family.steps import DONE_BY_BOTH
from saikne_schemas.family_move_words import DatedBy, FamilyMoveRole
from saikne_schemas.family_moves import FamilyMove

FROM_THE_DAY = (DutyKind.REGISTER, DutyKind.COURT_NOTICE, DutyKind.REQUEST_COPIES, DutyKind.ARCHIVE_CASE)
_SAYS_THE_DAY = frozenset({DutyKind.REGISTER, DutyKind.COURT_NOTICE})


@dataclass(frozen=True, slots=True)
class Dated:
    content: FamilyMove
    drops: tuple[DutyKind, ...]
    opens: tuple[Owed, ...]


def require_after_agreement(effective_on: date, move: FamilyMove) -> None:
    """A family cannot have moved before it agreed with the new centre (method S73)."""
    follows(effective_on, move.agreed_on)


def dated(move: FamilyMove, effective_on: date, by: DatedBy, scene: Scene) -> Dated:
    """The move with its day, and what is owed from it instead of from an earlier one."""
    known_on = move.known_on if move.effective_on == effective_on else scene.today
    changes: dict[str, object] = {
        "effective_on": effective_on,
        "dated_by": by,
        "known_on": known_on,
        "override": None,
        "objections_until": None,
    }
    left = set(move.remaining)
    if move.effective_on not in {None, effective_on}:
        left |= _SAYS_THE_DAY
        changes |= {"registered": None, "court_told": None}
    changes["remaining"] = [kind for kind in DONE_BY_BOTH if kind in left]
    after = move.model_copy(update=changes)
    opens = tuple(owed(after, kind, scene) for kind in FROM_THE_DAY if kind in left)
    drops = FROM_THE_DAY if move.effective_on else ()
    return Dated(after, drops, opens)


def undated(move: FamilyMove) -> FamilyMove:
    """The move without the day that it had; who was told of that is told anew."""
    left = {*move.remaining, *_SAYS_THE_DAY}
    changes: dict[str, object] = dict.fromkeys(
        ("effective_on", "dated_by", "known_on", "objections_until", "registered", "court_told")
    )
    changes["remaining"] = [kind for kind in DONE_BY_BOTH if kind in left]
    return move.model_copy(update=changes)


def owed(move: FamilyMove, kind: DutyKind, scene: Scene) -> Owed:
    """One of what is done by both, from the move's day or from the day on which that became known."""
    new, previous = scene.who(FamilyMoveRole.NEW), scene.who(FamilyMoveRole.PREVIOUS)
    assert move.effective_on is not None  # noqa: S101  # nothing is owed from a day that there is not
    starts_on, basis = move.effective_on, Basis.MOVE_EFFECTIVE
    if move.known_on is not None and move.known_on > starts_on:
        starts_on, basis = move.known_on, Basis.MOVE_DATE_KNOWN
    if kind is DutyKind.ARCHIVE_CASE:
        return Owed(kind, previous, starts_on, basis, awaited_by=(new,))
    return Owed(kind, new, starts_on, basis)
