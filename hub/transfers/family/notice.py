"""What the family's notice does: on time it fixes the day, late it gives the previous centre a choice.

Source: method S74-S76, S82; domain 1.5; features N2, N12. Receipt by the previous centre decides, and it
counts by the calendar of its own; what the other calendar says is kept beside it. Sending, asking and denying
change no day; whoever has to speak next owes it by a day of the hub's own. What comes of it when the
previous centre says nothing is `silence`.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime

from hub.duties.duty import Basis, DutyKind
from hub.kernel.clock import riga_day
from hub.kernel.days import follows, happened_at
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Owed, Scene
from hub.transfers.effective_date import MoveDate, move_date
from hub.transfers.family.dating import dated, require_after_agreement
from hub.transfers.family.steps import AWAITS_A_DAY
from hub.workdays.deadlines import working_days_between
from saikne_schemas.family_move_words import DatedBy, FamilyMoveRole, FamilyMoveState, LateNoticeChoice
from saikne_schemas.family_moves import (
    AskNotice,
    Claim,
    CountedMove,
    DecideLateNotice,
    FamilyMove,
    LateDecision,
    Notice,
    NoticeClaimed,
    NoticeNotReceived,
    NoticeReceived,
)
from saikne_schemas.proofs import ProofRef
from saikne_schemas.vocabulary import CalendarPolicy

CALENDARS_DISAGREE = "transfers.calendars-disagree"
CALENDAR_NOT_CONFIRMED = "transfers.calendar-not-confirmed"


class NoticeWithoutEvidence(Refusal):
    """A notice is given in a way by which receipt can be proved (method S74)."""

    code = "transfers.notice-without-evidence"


def receive(move: FamilyMove, notice: NoticeReceived, scene: Scene) -> Outcome[FamilyMove]:
    require_evidence(move, riga_day(notice.received_at), notice.proofs)
    require_moment(move, notice.received_at, scene.now)
    own, by_other = counted(riga_day(notice.received_at), scene)
    require_after_agreement(own.effective_on, move)
    changes = {
        "notice": Notice(
            channel=notice.channel,
            received_at=notice.received_at,
            on_time=own.on_time,
            decisive=CalendarPolicy(own.policy.value),
            proofs=len(notice.proofs),
        ),
        "counted": [shown(own), shown(by_other)],
    }
    known = move.model_copy(update=changes)
    return _on_time(known, own, by_other, scene) if own.on_time else _late(known, own, by_other, scene)


def claim(move: FamilyMove, claimed: NoticeClaimed, scene: Scene) -> Outcome[FamilyMove]:
    if not claimed.proofs:
        raise NoticeWithoutEvidence
    require_moment(move, claimed.sent_at, scene.now)
    said = Claim(
        channel=claimed.channel,
        sent_at=claimed.sent_at,
        proofs=len(claimed.proofs),
        shown_at=scene.now,
    )
    after = move.model_copy(update={"claim": said})
    told = ((scene.who(FamilyMoveRole.PREVIOUS), "notice_claimed"),)
    if move.notice is not None:  # its choice is awaited, and it has told of the notice itself
        return Outcome(after, tells=told)
    own, _ = counted(riga_day(claimed.sent_at), scene)
    require_after_agreement(own.effective_on, move)
    return Outcome(
        after,
        meets=(DutyKind.PROVE_NOTICE,),
        drops=(DutyKind.ACKNOWLEDGE_NOTICE,),
        opens=(word_owed(after, scene),),
        tells=told,
    )


def ask(move: FamilyMove, _: AskNotice, scene: Scene) -> Outcome[FamilyMove]:
    """What is owed already stays owed by its day."""
    after = move.model_copy(update={"asked_at": scene.now})
    told = ((scene.who(FamilyMoveRole.PREVIOUS), "notice_asked"),)
    if not is_denied(move):
        return Outcome(after, tells=told)
    return Outcome(after, drops=(DutyKind.PROVE_NOTICE,), opens=(word_owed(after, scene),), tells=told)


def deny(move: FamilyMove, _: NoticeNotReceived, scene: Scene) -> Outcome[FamilyMove]:
    """Now the new centre shows its proof, or has the family give notice, or a day is agreed on."""
    after = move.model_copy(update={"not_received_at": scene.now})
    return Outcome(
        after,
        meets=(DutyKind.ACKNOWLEDGE_NOTICE,),
        opens=() if is_denied(move) else (word_owed(after, scene),),
        tells=((scene.who(FamilyMoveRole.NEW), "notice_not_received"),),
    )


def is_denied(move: FamilyMove) -> bool:
    """Whether the previous centre's no is the last word about the notice."""
    denied = move.not_received_at
    later = (move.asked_at, move.claim.shown_at if move.claim else None)
    return denied is not None and not any(said > denied for said in later if said is not None)


def word_owed(move: FamilyMove, scene: Scene) -> Owed:
    """Who has to speak about the notice next, while none is recorded."""
    new, previous = scene.who(FamilyMoveRole.NEW), scene.who(FamilyMoveRole.PREVIOUS)
    if is_denied(move):
        return Owed(DutyKind.PROVE_NOTICE, new, scene.today, Basis.NOTICE_DENIED, (previous,))
    basis = Basis.NOTICE_ASKED if move.asked_at else Basis.MOVE_RECORDED
    if move.claim is not None and not _denied_since(move, move.claim):
        basis = Basis.NOTICE_CLAIMED
    return Owed(DutyKind.ACKNOWLEDGE_NOTICE, previous, scene.today, basis, (new,))


def choice_owed(notice_on: date, scene: Scene) -> Owed:
    """Until the month's last working day; at least one day after the hub was told of the notice."""
    new, previous = scene.who(FamilyMoveRole.NEW), scene.who(FamilyMoveRole.PREVIOUS)
    last = notice_on.replace(day=monthrange(notice_on.year, notice_on.month)[1])
    left = working_days_between(scene.today, last, scene.calendar_of(previous))
    return Owed(
        DutyKind.DECIDE_LATE_NOTICE,
        previous,
        scene.today,
        Basis.NOTICE_RECORDED,
        awaited_by=(new,),
        working_days=max(1, left),
    )


def decide(move: FamilyMove, decision: DecideLateNotice, scene: Scene) -> Outcome[FamilyMove]:
    """By what was counted when the notice came, whatever calendar there is today."""
    own, continues = move.counted[0], decision.choice is LateNoticeChoice.CONTINUE
    effective_on = own.latest_if_continued if continues else own.effective_on
    assert effective_on is not None  # noqa: S101  # a late notice has both days
    said = LateDecision(choice=decision.choice, decided_by=decision.decided_by)
    known = move.model_copy(update={"decision": said})
    fixed = dated(known, effective_on, DatedBy(decision.choice.value), scene)
    return Outcome(
        fixed.content,
        meets=(DutyKind.DECIDE_LATE_NOTICE,),
        drops=(*fixed.drops, DutyKind.ANSWER_DATE),
        opens=fixed.opens,
        tells=((scene.who(FamilyMoveRole.NEW), "late_notice_decided"),),
        facts={"choice": decision.choice.value, "effective_on": effective_on.isoformat()},
    )


def _on_time(move: FamilyMove, own: MoveDate, by_other: MoveDate, scene: Scene) -> Outcome[FamilyMove]:
    fixed = dated(move, own.effective_on, DatedBy.NOTICE_ON_TIME, scene)
    return Outcome(
        fixed.content,
        to=FamilyMoveState.DATED,
        meets=(DutyKind.ACKNOWLEDGE_NOTICE,),
        drops=(*fixed.drops, *AWAITS_A_DAY),
        opens=fixed.opens,
        tells=((scene.who(FamilyMoveRole.NEW), "notice_on_time"),),
        facts={"on_time": True, "effective_on": own.effective_on.isoformat()},
        warnings=_warnings(own, by_other),
    )


def _late(move: FamilyMove, own: MoveDate, by_other: MoveDate, scene: Scene) -> Outcome[FamilyMove]:
    return Outcome(
        move,
        to=FamilyMoveState.LATE,
        meets=(DutyKind.ACKNOWLEDGE_NOTICE,),
        drops=(DutyKind.PROVE_NOTICE,),
        opens=(choice_owed(own.notice_on, scene),),
        tells=((scene.who(FamilyMoveRole.NEW), "notice_late"),),
        facts={"on_time": False},
        warnings=_warnings(own, by_other),
    )


def counted(on: date, scene: Scene) -> tuple[MoveDate, MoveDate]:
    """What a notice of that day does by the previous centre's calendar, and by the other one."""
    policy = scene.policies[scene.who(FamilyMoveRole.PREVIOUS)]
    return move_date(on, scene.calendars.of(policy)), move_date(on, scene.calendars.other(policy))


def require_evidence(move: FamilyMove, received_on: date, proofs: Sequence[ProofRef]) -> None:
    if not proofs and not _proved_by_the_other(move, received_on):
        raise NoticeWithoutEvidence


def _proved_by_the_other(move: FamilyMove, received_on: date) -> bool:
    """Who confirms against itself what the other centre has proved needs no proof of its own."""
    return move.claim is not None and riga_day(move.claim.sent_at) == received_on


def _denied_since(move: FamilyMove, claim: Claim) -> bool:
    """Silence counts from a proof that the previous centre has seen and said nothing about."""
    denied = move.not_received_at
    return denied is not None and (claim.shown_at is None or denied >= claim.shown_at)


def require_moment(move: FamilyMove, moment: datetime, now: datetime) -> None:
    """The family may give notice before it agrees with another centre, but not more than a year before."""
    happened_at(moment, now)
    follows(riga_day(moment), date(move.agreed_on.year - 1, 1, 1))


def shown(by: MoveDate) -> CountedMove:
    return CountedMove(
        calendar=CalendarPolicy(by.policy.value),
        on_time=by.on_time,
        last_working_days=list(by.last_working_days),
        latest_on_time_notice=by.latest_on_time_notice,
        effective_on=by.effective_on,
        latest_if_continued=by.latest_if_continued,
        calendar_version=by.version,
        confirmed=by.confirmed,
    )


def _warnings(own: MoveDate, by_other: MoveDate) -> tuple[str, ...]:
    disagree = (CALENDARS_DISAGREE,) if own.on_time is not by_other.on_time else ()
    return disagree if own.confirmed else (*disagree, CALENDAR_NOT_CONFIRMED)
