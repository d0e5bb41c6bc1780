"""What is done side by side because a family moves, and when it counts as done.

Source: method S79 (archived), S80 (register), S81 (court), S82-S85 (talk); features N3, N11. The copies stand
elsewhere; whether they come holds up nothing here.
"""

from hub.duties.duty import DutyKind
from hub.kernel.days import happened
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from hub.transfers.courts import Directory
from hub.transfers.family.closing import closed_if_last, without
from hub.transfers.family.dating import owed
from hub.transfers.family.steps import DONE_BY_BOTH
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.family_moves import (
    Archive,
    Archived,
    CourtNotice,
    CourtTold,
    FamilyMove,
    Registered,
    Registration,
    Talk,
    Talked,
)

OTHER_COURT = "transfers.other-court"


class PsychologistNotAgreed(Refusal):
    """A psychologist takes part by agreement of both centres (method S85)."""

    code = "transfers.psychologist-not-agreed"


def register(move: FamilyMove, done: Registered, scene: Scene) -> Outcome[FamilyMove]:
    return entered(move, Registration(registered_on=done.registered_on, register_id=done.register_id), scene)


def entered(move: FamilyMove, entry: Registration, scene: Scene) -> Outcome[FamilyMove]:
    """The register holds the move, as a person or the register itself says."""
    happened(entry.registered_on, scene.today, after=move.effective_on)
    outcome = Outcome(
        without(move, DutyKind.REGISTER, registered=entry),
        meets=(DutyKind.REGISTER,),
        done_on=entry.registered_on,
        facts={"registered_on": entry.registered_on.isoformat()},
    )
    return closed_if_last(outcome, scene)


def entry_taken_back(move: FamilyMove, scene: Scene) -> Outcome[FamilyMove]:
    """The register is to hold the move no more: its entry is owed again, from the same day as at first."""
    left = {*move.remaining, DutyKind.REGISTER}
    changes = {"registered": None, "remaining": [kind for kind in DONE_BY_BOTH if kind in left]}
    return Outcome(
        move.model_copy(update=changes),
        to=FamilyMoveState.DATED,
        opens=(owed(move, DutyKind.REGISTER, scene),),
    )


def tell_court(move: FamilyMove, told: CourtTold, scene: Scene, courts: Directory) -> Outcome[FamilyMove]:
    """It may be told before the family has moved; another court than the territory's is warned of."""
    court = courts.court(told.court)
    happened(told.sent_on, scene.today, after=move.agreed_on)
    notice = CourtNotice(
        court=told.court, channel=told.channel, sent_on=told.sent_on, letter_sha256=told.letter_sha256
    )
    outcome = Outcome(
        without(move, DutyKind.COURT_NOTICE, court_told=notice),
        meets=(DutyKind.COURT_NOTICE,),
        done_on=told.sent_on,
        facts={"court": told.court, "sent_on": told.sent_on.isoformat(), "channel": told.channel.value},
        warnings=() if courts.serving(move.territory, told.sent_on) == court else (OTHER_COURT,),
    )
    return closed_if_last(outcome, scene)


def talk(move: FamilyMove, talked: Talked, scene: Scene) -> Outcome[FamilyMove]:
    if talked.psychologist and not talked.agreed_by_both:
        raise PsychologistNotAgreed
    happened(talked.held_on, scene.today, after=move.agreed_on)
    said = Talk(
        held_on=talked.held_on, form=talked.form, topics=talked.topics, psychologist=talked.psychologist
    )
    outcome = Outcome(
        without(move, DutyKind.TALK, talked=said),
        meets=(DutyKind.TALK,),
        done_on=talked.held_on,
        tells=((scene.other(), "talked"),),
        facts={"held_on": talked.held_on.isoformat(), "form": talked.form.value},
    )
    return closed_if_last(outcome, scene)


def archive(move: FamilyMove, archived: Archived, scene: Scene) -> Outcome[FamilyMove]:
    happened(archived.archived_on, scene.today, after=move.effective_on)
    filed = Archive(archived_on=archived.archived_on, archive_reference=archived.archive_reference)
    outcome = Outcome(
        without(move, DutyKind.ARCHIVE_CASE, archived=filed),
        meets=(DutyKind.ARCHIVE_CASE,),
        done_on=archived.archived_on,
        tells=((scene.who(FamilyMoveRole.NEW), "archived"),),
        facts={"archived_on": archived.archived_on.isoformat(), "reference": archived.archive_reference},
    )
    return closed_if_last(outcome, scene)
