"""What follows when the previous centre says nothing, and how either centre objects to it.

Source: method S74-S76; domain 1.5. Three working days after the new centre showed its proof of the notice,
the rule dates the move from what was proved; a right to continue that nobody used by the month's last day is
not used. Without a proof nothing is established, however long it is silent. The established day counts at
once: an objection names another one, which the other centre answers as any day that is proposed.
"""

from dataclasses import replace
from datetime import date

from hub.duties.duty import Basis, DutyKind
from hub.kernel.clock import riga_day
from hub.kernel.days import arranged
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from hub.transfers.family.dating import dated
from hub.transfers.family.notice import counted, shown
from hub.transfers.family.override import answer_owed
from hub.transfers.family.steps import AWAITS_A_DAY
from hub.workdays.deadlines import term
from saikne_schemas.family_move_words import (
    DatedBy,
    FamilyMoveRole,
    FamilyMoveState,
    ObjectionReason,
    OverrideReason,
)
from saikne_schemas.family_moves import FamilyMove, Objection, ObjectToDate, Override

OBJECTION_WORKING_DAYS = 3


class NothingToObjectTo(Refusal):
    """The day was not established without the previous centre: both have a hand in it already."""

    code = "transfers.nothing-to-object-to"


class ObjectionTooLate(Refusal):
    """The days in which a centre may object are over; both centres can still agree on another day."""

    code = "transfers.objection-too-late"


class ObjectedAlready(Refusal):
    """The centre has named the same day, and the other one has not answered yet."""

    code = "transfers.objected-already"


class NotTheRulesDay(Refusal):
    """From a notice that came on another day only the first day of a month follows (method S75, S76)."""

    code = "transfers.not-the-rules-day"


REFUSES = (NothingToObjectTo, ObjectionTooLate, ObjectedAlready, NotTheRulesDay)
_OF_THE_NOTICE = frozenset({ObjectionReason.NOTICE_CAME_EARLIER, ObjectionReason.NOTICE_CAME_LATER})
COUNTS_FROM = (Basis.NOTICE_CLAIMED, Basis.NOTICE_RECORDED)
"""After which events saying nothing means something, once the day of what is owed has passed."""


def is_over(move: FamilyMove, scene: Scene) -> bool:
    """Whether the previous centre has no time left; a choice lasts at least as long as the month does."""
    return move.notice is None or scene.today >= move.counted[0].effective_on


def establish(move: FamilyMove, scene: Scene) -> Outcome[FamilyMove]:
    """The rule's own day, without the previous centre."""
    known = move
    if move.notice is None:
        assert move.claim is not None  # noqa: S101  # nothing is established without a proof
        own, by_other = counted(riga_day(move.claim.sent_at), scene)
        known = move.model_copy(update={"counted": [shown(own), shown(by_other)]})
    effective_on = known.counted[0].effective_on
    fixed = dated(known, effective_on, DatedBy.PREVIOUS_SILENT, scene)
    until = max(_objections_until(centre, scene) for centre in scene.roles)
    return Outcome(
        fixed.content.model_copy(update={"objections_until": until}),
        to=FamilyMoveState.DATED,
        drops=(*fixed.drops, *AWAITS_A_DAY),
        opens=tuple(replace(one, objections_until=until) for one in fixed.opens),
        tells=(
            (scene.who(FamilyMoveRole.NEW), "date_established"),
            (scene.who(FamilyMoveRole.PREVIOUS), "date_established_without_you"),
        ),
        facts={"effective_on": effective_on.isoformat(), "objections_until": until.isoformat()},
    )


def object_to(move: FamilyMove, said: ObjectToDate, scene: Scene) -> Outcome[FamilyMove]:
    if move.dated_by is not DatedBy.PREVIOUS_SILENT or move.objections_until is None:
        raise NothingToObjectTo
    if scene.today > move.objections_until:
        raise ObjectionTooLate(until=move.objections_until.isoformat())
    scene.calendar_of(scene.author).reason(said.effective_on)  # a year that nobody entered is refused
    arranged(said.effective_on, scene.today, after=move.agreed_on)
    if said.reason in _OF_THE_NOTICE and said.effective_on.day != 1:
        raise NotTheRulesDay(day=said.effective_on.isoformat())
    side = FamilyMoveRole(scene.roles[scene.author])
    if move.override is not None and (side, said.effective_on) == (
        move.override.side,
        move.override.effective_on,
    ):
        raise ObjectedAlready
    objection = Objection(
        side=side,
        reason=said.reason,
        effective_on=said.effective_on,
        objected_on=scene.today,
        objected_by=said.objected_by,
    )
    standing = Override(
        id=said.id,
        effective_on=said.effective_on,
        reason=OverrideReason.ERROR_CORRECTED,
        side=side,
        proposed_by=said.objected_by,
    )
    changes = {"objections": [*move.objections, objection], "override": standing}
    return Outcome(
        move.model_copy(update=changes),
        drops=(DutyKind.ANSWER_DATE,),
        opens=(answer_owed(scene),),
        tells=((scene.other(), "date_objected"),),
        facts={"effective_on": said.effective_on.isoformat(), "reason": said.reason.value},
        also_for=(OVERSIGHT,),
    )


def _objections_until(centre: CentreId, scene: Scene) -> date:
    return term(scene.today, OBJECTION_WORKING_DAYS, scene.calendar_of(centre)).due_on
