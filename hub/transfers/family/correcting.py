"""A day that was told wrongly is put right by who told it; what was counted from it is counted anew.

Source: method S74-S76, S80; domain 1.5. The notice's day decides, so the rule dates the move from the right
one, by the choice that the previous centre has made, if it had one. A day that both centres agreed on stays.
Once the day of the move has come, a correction changes it no more: the family has moved, and another day is
agreed on by both. Oversight sees every correction.
"""

from dataclasses import replace
from datetime import date

from hub.duties.duty import DutyKind
from hub.kernel.clock import riga_day
from hub.kernel.days import happened
from hub.kernel.ids import OVERSIGHT
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from hub.transfers.effective_date import MoveDate
from hub.transfers.family import notice
from hub.transfers.family.dating import FROM_THE_DAY, dated, require_after_agreement, undated
from hub.transfers.family.opening import MoveInEffect
from hub.transfers.family.steps import AWAITS_A_DAY
from saikne_schemas.correction_words import CorrectedFact
from saikne_schemas.corrections import CorrectNotice, CorrectRegistration, MoveCorrection
from saikne_schemas.family_move_words import DatedBy, FamilyMoveState, LateNoticeChoice
from saikne_schemas.family_moves import FamilyMove


class NothingToCorrect(Refusal):
    """It was not told, or that very day was."""

    code = "transfers.nothing-to-correct"


class RegisterSaidSo(Refusal):
    """The register itself has confirmed the entry: its word is changed there."""

    code = "transfers.register-said-so"


def correct_notice(move: FamilyMove, said: CorrectNotice, scene: Scene) -> Outcome[FamilyMove]:
    if move.notice is None or riga_day(move.notice.received_at) == riga_day(said.received_at):
        raise NothingToCorrect
    before, after = riga_day(move.notice.received_at), riga_day(said.received_at)
    notice.require_evidence(move, after, said.proofs)
    notice.require_moment(move, said.received_at, scene.now)
    own, by_other = notice.counted(after, scene)
    require_after_agreement(own.effective_on, move)
    told = {"received_at": said.received_at, "on_time": own.on_time, "proofs": len(said.proofs)}
    known = move.model_copy(
        update={
            "notice": move.notice.model_copy(update=told),
            "counted": [notice.shown(own), notice.shown(by_other)],
        }
    )
    if own.on_time:  # there is nothing to decide any more
        known = known.model_copy(update={"decision": None})
    corrected = _corrected(known, said, CorrectedFact.NOTICE, (before, after), scene)
    return _told(_dated_anew(corrected, own, scene), scene, "notice_corrected", (before, after))


def correct_registration(move: FamilyMove, said: CorrectRegistration, scene: Scene) -> Outcome[FamilyMove]:
    entry = move.registered
    if entry is None or entry.registered_on == said.registered_on:
        raise NothingToCorrect
    if entry.registration is not None:
        raise RegisterSaidSo
    happened(said.registered_on, scene.today, after=move.effective_on)
    right = entry.model_copy(update={"registered_on": said.registered_on})
    known = move.model_copy(update={"registered": right})
    days = entry.registered_on, said.registered_on
    after = _corrected(known, said, CorrectedFact.REGISTRATION, days, scene)
    outcome = Outcome(after, corrects=(DutyKind.REGISTER, said.registered_on))
    return _told(outcome, scene, "registration_corrected", days)


def _dated_anew(move: FamilyMove, own: MoveDate, scene: Scene) -> Outcome[FamilyMove]:
    by = _now_dated_by(move, own)
    if move.dated_by is DatedBy.OVERRIDE:
        return Outcome(move)
    effective_on = own.latest_if_continued if by is DatedBy.CONTINUE else own.effective_on
    if by is not None and effective_on == move.effective_on:
        return Outcome(move.model_copy(update={"dated_by": by}))
    if move.effective_on is not None and move.effective_on <= scene.today:
        raise MoveInEffect(effective_on=move.effective_on.isoformat())
    if by is None or effective_on is None:
        return Outcome(
            undated(move),
            to=FamilyMoveState.LATE,
            drops=(*FROM_THE_DAY, DutyKind.DECIDE_LATE_NOTICE),
            opens=(notice.choice_owed(own.notice_on, scene),),
        )
    fixed = dated(move, effective_on, by, scene)
    return Outcome(
        fixed.content, to=FamilyMoveState.DATED, drops=(*fixed.drops, *AWAITS_A_DAY), opens=fixed.opens
    )


def _now_dated_by(move: FamilyMove, own: MoveDate) -> DatedBy | None:
    """What fixes the day by the right notice; None where the previous centre has yet to choose."""
    if own.on_time:
        return DatedBy.NOTICE_ON_TIME
    if move.decision is not None:
        continues = move.decision.choice is LateNoticeChoice.CONTINUE
        return DatedBy.CONTINUE if continues else DatedBy.RELEASE
    return DatedBy.PREVIOUS_SILENT if move.dated_by is DatedBy.PREVIOUS_SILENT else None


def _corrected(
    move: FamilyMove,
    said: CorrectNotice | CorrectRegistration,
    fact: CorrectedFact,
    days: tuple[date, date],
    scene: Scene,
) -> FamilyMove:
    before, after = days
    one = MoveCorrection(
        fact=fact,
        before=before,
        after=after,
        reason=said.reason,
        corrected_on=scene.today,
        corrected_by=said.corrected_by,
    )
    return move.model_copy(update={"corrections": [*move.corrections, one]})


def _told(
    outcome: Outcome[FamilyMove], scene: Scene, what: str, days: tuple[date, date]
) -> Outcome[FamilyMove]:
    before, after = days
    return replace(
        outcome,
        tells=((scene.other(), what),),
        facts={"before": before.isoformat(), "after": after.isoformat()},
        also_for=(OVERSIGHT,),
    )
