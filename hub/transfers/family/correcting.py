"""A day that was told wrongly is put right by who told it; what was counted from it is counted anew.

Source: method S74-S76, S80; domain 1.5. The notice's day decides, so the rule dates the move from the right
one, by the choice that the previous centre has made, if it had one. A day that both centres agreed on stays.
Once the day of the move has come, a correction changes it no more: the family has moved, and another day is
agreed on by both. Oversight sees every correction.
"""

from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Done:
    """What a correction did to a move beside the fact that it puts right."""

    moved_before: date | None
    moved_after: date | None
    dropped: tuple[DutyKind, ...] = ()
    again: tuple[DutyKind, ...] = ()


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
    outcome = _dated_anew(known, own, scene)
    did = _done_to(move, outcome.content)
    content = _corrected(outcome.content, said, CorrectedFact.NOTICE, (before, after), scene, did=did)
    return _told(replace(outcome, content=content), scene, _notice_of(did), (before, after))


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
    stays = Done(move.effective_on, move.effective_on)
    after = _corrected(known, said, CorrectedFact.REGISTRATION, days, scene, did=stays)
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


def _done_to(before: FamilyMove, after: FamilyMove) -> Done:
    """What either centre owed and owes no more, and what it has done and is to do again."""
    dropped: list[DutyKind] = []
    if before.effective_on is not None and after.effective_on is None:
        dropped += [kind for kind in FROM_THE_DAY if kind in before.remaining]
    if before.effective_on is None and after.effective_on is not None:
        dropped.append(DutyKind.DECIDE_LATE_NOTICE)
    if before.override is not None and after.override is None:
        dropped.append(DutyKind.ANSWER_DATE)
    done = {DutyKind.REGISTER: "registered", DutyKind.COURT_NOTICE: "court_told"}
    again = [kind for kind, name in done.items() if getattr(before, name) and not getattr(after, name)]
    return Done(before.effective_on, after.effective_on, tuple(dropped), tuple(again))


def _notice_of(did: Done) -> str:
    """By what the correction did the words in which the other centre hears of it."""
    if did.moved_before == did.moved_after:
        return "notice_corrected"
    return "notice_corrected_redated" if did.moved_after else "notice_corrected_undated"


def _corrected(
    move: FamilyMove,
    said: CorrectNotice | CorrectRegistration,
    fact: CorrectedFact,
    days: tuple[date, date],
    scene: Scene,
    *,
    did: Done,
) -> FamilyMove:
    before, after = days
    one = MoveCorrection(
        fact=fact,
        before=before,
        after=after,
        reason=said.reason,
        corrected_on=scene.today,
        corrected_by=said.corrected_by,
        moved_before=did.moved_before,
        moved_after=did.moved_after,
        dropped=list(did.dropped),
        again=list(did.again),
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
