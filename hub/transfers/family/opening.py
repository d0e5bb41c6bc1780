"""How a family's move begins, and how it ends before it took effect.

Source: method S2, S3, S73; domain 1.1 A1. It begins without a day: none is assumed while no notice is known
(domain 1.5). Until then the previous centre owes its word about the notice, and the two centres speak.
"""

from collections.abc import Sequence
from uuid import UUID

from hub.duties.duty import Basis, DutyKind
from hub.kernel.days import happened
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Once, OpenAlready, Outcome, Owed, Scene
from hub.transfers.courts import Directory
from hub.transfers.family.notice import word_owed
from hub.transfers.family.steps import AWAITS_A_DAY, DONE_BY_BOTH
from saikne_schemas.beside import DespiteView
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.family_moves import BeginFamilyMove, CancelMove, FamilyMove


class MoveInEffect(Refusal):
    """The day has come: the family has moved."""

    code = "transfers.move-in-effect"


class FamilyMovesAlready(OpenAlready):
    """The same way: a family that goes back has another number at the centre it comes from."""

    code = "transfers.family-moves-already"


ONCE: Once[FamilyMove] = Once(
    about=lambda move: move.family,
    under_way=frozenset(FamilyMoveState) - {FamilyMoveState.CLOSED, FamilyMoveState.CANCELLED},
    refusal=FamilyMovesAlready,
)


def parties(begun: BeginFamilyMove) -> Sequence[tuple[UUID, FamilyMoveRole]]:
    return [(begun.new, FamilyMoveRole.NEW), (begun.previous, FamilyMoveRole.PREVIOUS)]


def begin(begun: BeginFamilyMove, scene: Scene, courts: Directory) -> Outcome[FamilyMove]:
    scene.calendar_of(scene.author).reason(begun.agreed_on)  # a year that nobody entered is refused
    happened(begun.agreed_on, scene.today)
    court = courts.must_serve(begun.territory, scene.today)
    move = FamilyMove(
        family=begun.family,
        children=begun.children,
        agreement=begun.agreement,
        agreed_on=begun.agreed_on,
        territory=begun.territory,
        court=court.code,
        court_name=court.name,
        despite=DespiteView.of(begun.despite),
        remaining=list(DONE_BY_BOTH),
    )
    return Outcome(
        move,
        opens=(talk_owed(scene), word_owed(move, scene)),
        tells=((scene.who(FamilyMoveRole.PREVIOUS), "begun"),),
        facts={"family": begun.family, "children": list(begun.children), "agreement": begun.agreement},
    )


def talk_owed(scene: Scene) -> Owed:
    return Owed(DutyKind.TALK, scene.who(FamilyMoveRole.NEW), scene.today, Basis.MOVE_RECORDED)


def cancel(move: FamilyMove, cancelled: CancelMove, scene: Scene) -> Outcome[FamilyMove]:
    if move.effective_on is not None and move.effective_on <= scene.today:
        raise MoveInEffect(effective_on=move.effective_on.isoformat())
    return Outcome(
        move.model_copy(update={"cancelled": cancelled.reason, "override": None, "remaining": []}),
        drops=(*DONE_BY_BOTH, *AWAITS_A_DAY),
        tells=((scene.other(), "cancelled"),),
        facts={"reason": cancelled.reason.value},
    )
