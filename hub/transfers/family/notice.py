"""What the family's notice does: on time it fixes the day, late it gives the previous centre a choice.

Source: method S74-S76, S82; domain 1.5; features N2, N12. Receipt by the previous centre decides, and it
counts by the calendar of its own; what the other calendar says is kept beside it. Sending, asking and denying
change no day. A choice is never assumed, however long it is not made.
"""

from datetime import date, datetime

from hub.duties.duty import Basis, DutyKind
from hub.kernel.clock import riga_day
from hub.kernel.days import follows, happened_at
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Owed, Scene
from hub.transfers.effective_date import MoveDate, move_date
from hub.transfers.family.dating import dated, require_after_agreement
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
from saikne_schemas.vocabulary import CalendarPolicy

CALENDARS_DISAGREE = "transfers.calendars-disagree"
CALENDAR_NOT_CONFIRMED = "transfers.calendar-not-confirmed"


class NoticeWithoutEvidence(Refusal):
    """A notice is given in a way by which receipt can be proved (method S74)."""

    code = "transfers.notice-without-evidence"


def receive(move: FamilyMove, notice: NoticeReceived, scene: Scene) -> Outcome[FamilyMove]:
    if not notice.proofs:
        raise NoticeWithoutEvidence
    own, by_other = _counted(move, notice, scene)
    require_after_agreement(own.effective_on, move)
    changes = {
        "notice": Notice(
            channel=notice.channel,
            received_at=notice.received_at,
            on_time=own.on_time,
            decisive=CalendarPolicy(own.policy.value),
            proofs=len(notice.proofs),
        ),
        "counted": [_shown(own), _shown(by_other)],
    }
    known = move.model_copy(update=changes)
    return _on_time(known, own, by_other, scene) if own.on_time else _late(known, own, by_other, scene)


def claim(move: FamilyMove, claimed: NoticeClaimed, scene: Scene) -> Outcome[FamilyMove]:
    if not claimed.proofs:
        raise NoticeWithoutEvidence
    _require_moment(move, claimed.sent_at, scene.now)
    said = Claim(channel=claimed.channel, sent_at=claimed.sent_at, proofs=len(claimed.proofs))
    told = ((scene.who(FamilyMoveRole.PREVIOUS), "notice_claimed"),)
    return Outcome(move.model_copy(update={"claim": said}), tells=told)


def ask(move: FamilyMove, _: AskNotice, scene: Scene) -> Outcome[FamilyMove]:
    told = ((scene.who(FamilyMoveRole.PREVIOUS), "notice_asked"),)
    return Outcome(move.model_copy(update={"asked_at": scene.now}), tells=told)


def deny(move: FamilyMove, _: NoticeNotReceived, scene: Scene) -> Outcome[FamilyMove]:
    told = ((scene.who(FamilyMoveRole.NEW), "notice_not_received"),)
    return Outcome(move.model_copy(update={"not_received_at": scene.now}), tells=told)


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
        drops=fixed.drops,
        opens=fixed.opens,
        tells=((scene.who(FamilyMoveRole.NEW), "late_notice_decided"),),
        facts={"choice": decision.choice.value, "effective_on": effective_on.isoformat()},
    )


def _on_time(move: FamilyMove, own: MoveDate, by_other: MoveDate, scene: Scene) -> Outcome[FamilyMove]:
    fixed = dated(move, own.effective_on, DatedBy.NOTICE_ON_TIME, scene)
    return Outcome(
        fixed.content,
        to=FamilyMoveState.DATED,
        drops=fixed.drops,
        opens=fixed.opens,
        tells=((scene.who(FamilyMoveRole.NEW), "notice_on_time"),),
        facts={"on_time": True, "effective_on": own.effective_on.isoformat()},
        warnings=_warnings(own, by_other),
    )


def _late(move: FamilyMove, own: MoveDate, by_other: MoveDate, scene: Scene) -> Outcome[FamilyMove]:
    new, previous = scene.who(FamilyMoveRole.NEW), scene.who(FamilyMoveRole.PREVIOUS)
    kind, basis = DutyKind.DECIDE_LATE_NOTICE, Basis.NOTICE_RECEIVED
    return Outcome(
        move,
        to=FamilyMoveState.LATE,
        opens=(Owed(kind, previous, own.notice_on, basis, awaited_by=(new,)),),
        tells=((new, "notice_late"),),
        facts={"on_time": False},
        warnings=_warnings(own, by_other),
    )


def _counted(move: FamilyMove, notice: NoticeReceived, scene: Scene) -> tuple[MoveDate, MoveDate]:
    """By the previous centre's calendar, and by the other one."""
    _require_moment(move, notice.received_at, scene.now)
    on = riga_day(notice.received_at)
    policy = scene.policies[scene.who(FamilyMoveRole.PREVIOUS)]
    return move_date(on, scene.calendars.of(policy)), move_date(on, scene.calendars.other(policy))


def _require_moment(move: FamilyMove, moment: datetime, now: datetime) -> None:
    """The family may give notice before it agrees with another centre, but not more than a year before."""
    happened_at(moment, now)
    follows(riga_day(moment), date(move.agreed_on.year - 1, 1, 1))


def _shown(counted: MoveDate) -> CountedMove:
    return CountedMove(
        calendar=CalendarPolicy(counted.policy.value),
        on_time=counted.on_time,
        last_working_days=list(counted.last_working_days),
        latest_on_time_notice=counted.latest_on_time_notice,
        effective_on=counted.effective_on,
        latest_if_continued=counted.latest_if_continued,
        calendar_version=counted.version,
        confirmed=counted.confirmed,
    )


def _warnings(own: MoveDate, by_other: MoveDate) -> tuple[str, ...]:
    disagree = (CALENDARS_DISAGREE,) if own.on_time is not by_other.on_time else ()
    return disagree if own.confirmed else (*disagree, CALENDAR_NOT_CONFIRMED)
