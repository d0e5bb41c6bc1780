"""How two centres fix a day that the rule does not give: one proposes, the other one confirms.

Source: domain 1.5 (a centre closes or is missing; a court decides); method S76. No centre names a day alone:
that would take the other's right to choose. Only where the other has closed, a second person of the one that
is left confirms. A newer proposal takes the place of the one that stood. Either side ends one: the other
centre declines it, the proposing one takes it back.
"""

from hub.duties.duty import Basis, DutyKind
from hub.kernel.days import arranged
from hub.kernel.names import same
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Owed, Scene
from hub.transfers.family.dating import dated
from hub.transfers.family.steps import AWAITS_A_DAY
from saikne_schemas.family_move_words import DatedBy, FamilyMoveRole, OverrideReason
from saikne_schemas.family_moves import (
    ConfirmOverride,
    DeclineOverride,
    FamilyMove,
    Objection,
    Override,
    OverrideDate,
)


class SecondPersonNeeded(Refusal):
    """Who proposed a day cannot confirm it too."""

    code = "transfers.second-person-needed"


class OtherCentreConfirms(Refusal):
    """Who proposed a day has the other centre confirm it, unless that one has closed."""

    code = "transfers.other-centre-confirms"


class OverrideNotStanding(Refusal):
    """The proposal was replaced or confirmed, or there never was one."""

    code = "transfers.override-not-standing"


def propose(move: FamilyMove, proposed: OverrideDate, scene: Scene) -> Outcome[FamilyMove]:
    scene.calendar_of(scene.author).reason(proposed.effective_on)  # a year that nobody entered is refused
    arranged(proposed.effective_on, scene.today, after=move.agreed_on)
    standing = Override(
        id=proposed.id,
        effective_on=proposed.effective_on,
        reason=proposed.reason,
        side=FamilyMoveRole(scene.roles[scene.author]),
        proposed_by=proposed.proposed_by,
    )
    return Outcome(
        move.model_copy(update={"override": standing}),
        drops=(DutyKind.ANSWER_DATE,),
        opens=(answer_owed(scene),),
        tells=((scene.other(), "date_proposed"),),
        facts={"effective_on": proposed.effective_on.isoformat(), "reason": proposed.reason.value},
    )


def confirm(move: FamilyMove, confirmed: ConfirmOverride, scene: Scene) -> Outcome[FamilyMove]:
    standing = _standing(move, confirmed)
    if same(standing.proposed_by.name, confirmed.confirmed_by.name):
        raise SecondPersonNeeded
    if standing.side is scene.roles[scene.author] and not _other_has_closed(standing, scene):
        raise OtherCentreConfirms
    fixed = dated(move, standing.effective_on, DatedBy.OVERRIDE, scene)
    before = move.effective_on.isoformat() if move.effective_on else None
    return Outcome(
        fixed.content,
        meets=(DutyKind.ANSWER_DATE,),
        drops=(*fixed.drops, *AWAITS_A_DAY),
        opens=fixed.opens,
        tells=((scene.other(), "date_changed"),),
        facts={"effective_on": standing.effective_on.isoformat(), "before": before},
    )


def decline(move: FamilyMove, declined: DeclineOverride, scene: Scene) -> Outcome[FamilyMove]:
    standing = _standing(move, declined)
    objections = [_declined(one, standing, scene) for one in move.objections]
    return Outcome(
        move.model_copy(update={"override": None, "objections": objections}),
        meets=(DutyKind.ANSWER_DATE,),
        tells=((scene.other(), "date_declined"),),
        facts={"effective_on": standing.effective_on.isoformat()},
    )


def answer_owed(scene: Scene) -> Owed:
    """By the other centre; by a second person of the author's own, where the other takes part no more."""
    other = scene.other()
    owner, waits = (other, scene.author) if other in scene.active else (scene.author, other)
    return Owed(DutyKind.ANSWER_DATE, owner, scene.today, Basis.DATE_PROPOSED, (waits,))


def _standing(move: FamilyMove, said: ConfirmOverride | DeclineOverride) -> Override:
    if move.override is None or move.override.id != said.override:
        raise OverrideNotStanding
    return move.override


def _declined(objection: Objection, standing: Override, scene: Scene) -> Objection:
    """The day that was objected for is the one that is declined."""
    same_day = (objection.side, objection.effective_on) == (standing.side, standing.effective_on)
    return objection.model_copy(update={"declined_on": scene.today}) if same_day else objection


def _other_has_closed(standing: Override, scene: Scene) -> bool:
    """It is said so, and the hub's operator has seen it too: that centre is suspended."""
    return standing.reason is OverrideReason.CENTRE_CLOSED and scene.other() not in scene.active
