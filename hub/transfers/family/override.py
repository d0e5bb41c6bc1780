"""How two centres fix a day that the rule does not give: one proposes, the other one confirms.

Source: domain 1.5 (a centre closes or is missing; a court decides); method S76. No centre names a day alone:
that would take the other's right to choose. Only where the other has closed, a second person of the one that
is left confirms. A newer proposal takes the place of the one that stood.
"""

from hub.duties.duty import DutyKind
from hub.kernel.days import arranged
from hub.kernel.names import same
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from hub.transfers.family.dating import dated
from saikne_schemas.family_move_words import DatedBy, FamilyMoveRole, OverrideReason
from saikne_schemas.family_moves import ConfirmOverride, FamilyMove, Override, OverrideDate


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
        tells=((scene.other(), "date_proposed"),),
        facts={"effective_on": proposed.effective_on.isoformat(), "reason": proposed.reason.value},
    )


def confirm(move: FamilyMove, confirmed: ConfirmOverride, scene: Scene) -> Outcome[FamilyMove]:
    standing = move.override
    if standing is None or standing.id != confirmed.override:
        raise OverrideNotStanding
    if same(standing.proposed_by.name, confirmed.confirmed_by.name):
        raise SecondPersonNeeded
    if standing.side is scene.roles[scene.author] and not _other_has_closed(standing, scene):
        raise OtherCentreConfirms
    fixed = dated(move, standing.effective_on, DatedBy.OVERRIDE, scene)
    before = move.effective_on.isoformat() if move.effective_on else None
    return Outcome(
        fixed.content,
        drops=(*fixed.drops, DutyKind.DECIDE_LATE_NOTICE),
        opens=fixed.opens,
        tells=((scene.other(), "date_changed"),),
        facts={"effective_on": standing.effective_on.isoformat(), "before": before},
    )


def _other_has_closed(standing: Override, scene: Scene) -> bool:
    """It is said so, and the hub's operator has seen it too: that centre is suspended."""
    return standing.reason is OverrideReason.CENTRE_CLOSED and scene.other() not in scene.active
