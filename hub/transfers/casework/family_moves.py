"""A family's move as a workflow: its statements with their rules, and what is looked up for them.

Source: method S72-S85; features N2, N3. Decides nothing: the table stands in `family.steps`, each rule beside
what it is about.
"""

from hub.evidence.event import EventKind
from hub.kernel import days
from hub.matters.workflow import Opening, Verb, Workflow, knowing
from hub.transfers.casework.named import asked_copies, courts, named_exchange
from hub.transfers.copies import CopiesHaveEnded, CopiesUnderWay
from hub.transfers.courts import CourtUnknown, TerritoryUnknown
from hub.transfers.family import copies, correcting, notice, opening, override, silence, tracks
from hub.transfers.family.awaiting import awaited
from hub.transfers.family.steps import STEPS, Action
from hub.transfers.fitting_exchange import ExchangeDoesNotFit
from hub.workdays.calendars import YearNotKnown
from saikne_schemas.corrections import CorrectNotice, CorrectRegistration
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.family_moves import (
    Archived,
    AskNotice,
    BeginFamilyMove,
    CancelMove,
    ConfirmOverride,
    CopiesAsked,
    CourtTold,
    DecideLateNotice,
    DeclineOverride,
    FamilyMove,
    FamilyMoveView,
    GiveUpCopies,
    NoticeClaimed,
    NoticeNotReceived,
    NoticeReceived,
    ObjectToDate,
    OverrideDate,
    Registered,
    Talked,
)
from saikne_schemas.vocabulary import Workflow as Kind

_OPENING = Opening(
    statement=BeginFamilyMove,
    operation="beginFamilyMove",
    event=EventKind.FAMILY_MOVE_AGREED,
    state=FamilyMoveState.AGREED,
    parties=opening.parties,
    rule=knowing(courts, opening.begin),
    once=opening.ONCE,
    refuses=(*days.DONE, TerritoryUnknown, YearNotKnown),
    by=FamilyMoveRole.NEW,
)
_NOTICE = (
    Verb(
        statement=NoticeReceived,
        operation="recordNotice",
        event=EventKind.NOTICE_RECEIVED,
        action=Action.RECEIVE,
        rule=notice.receive,
        refuses=(notice.NoticeWithoutEvidence, *days.DONE, YearNotKnown),
    ),
    Verb(
        statement=NoticeClaimed,
        operation="claimNotice",
        event=EventKind.NOTICE_CLAIMED,
        action=Action.CLAIM_NOTICE,
        rule=notice.claim,
        refuses=(notice.NoticeWithoutEvidence, *days.DONE, YearNotKnown),
    ),
    Verb(
        statement=AskNotice,
        operation="askNotice",
        event=EventKind.NOTICE_ASKED,
        action=Action.ASK_NOTICE,
        rule=notice.ask,
    ),
    Verb(
        statement=NoticeNotReceived,
        operation="denyNotice",
        event=EventKind.NOTICE_DENIED,
        action=Action.DENY_NOTICE,
        rule=notice.deny,
    ),
    Verb(
        statement=CorrectNotice,
        operation="correctNotice",
        event=EventKind.NOTICE_CORRECTED,
        action=Action.CORRECT_NOTICE,
        rule=correcting.correct_notice,
        refuses=(
            correcting.NothingToCorrect,
            notice.NoticeWithoutEvidence,
            opening.MoveInEffect,
            *days.DONE,
            YearNotKnown,
        ),
    ),
    Verb(
        statement=DecideLateNotice,
        operation="decideLateNotice",
        event=EventKind.LATE_NOTICE_DECIDED,
        action=Action.DECIDE,
        rule=notice.decide,
        refuses=(YearNotKnown,),
    ),
)
_OVERRIDE = (
    Verb(
        statement=OverrideDate,
        operation="overrideMoveDate",
        event=EventKind.MOVE_DATE_PROPOSED,
        action=Action.PROPOSE_DATE,
        rule=override.propose,
        refuses=(*days.PLANNED, YearNotKnown),
    ),
    Verb(
        statement=ConfirmOverride,
        operation="confirmMoveDate",
        event=EventKind.MOVE_DATE_CONFIRMED,
        action=Action.CONFIRM_DATE,
        rule=override.confirm,
        refuses=(
            override.OtherCentreConfirms,
            override.OverrideNotStanding,
            override.SecondPersonNeeded,
            YearNotKnown,
        ),
    ),
    Verb(
        statement=DeclineOverride,
        operation="declineMoveDate",
        event=EventKind.MOVE_DATE_DECLINED,
        action=Action.DECLINE_DATE,
        rule=override.decline,
        refuses=(override.OverrideNotStanding,),
    ),
    Verb(
        statement=ObjectToDate,
        operation="objectToMoveDate",
        event=EventKind.MOVE_DATE_OBJECTED,
        action=Action.OBJECT_TO_DATE,
        rule=silence.object_to,
        refuses=(*silence.REFUSES, *days.PLANNED, YearNotKnown),
    ),
)
_TRACKS = (
    Verb(
        statement=Registered,
        operation="recordRegistration",
        event=EventKind.FAMILY_MOVE_REGISTERED,
        action=Action.REGISTER,
        rule=tracks.register,
        refuses=days.DONE,
        untold="the entry is the new centre's own; the previous one does nothing upon it, and hears the end",
    ),
    Verb(
        statement=CorrectRegistration,
        operation="correctRegistration",
        event=EventKind.REGISTRATION_DAY_CORRECTED,
        action=Action.CORRECT_REGISTRATION,
        rule=correcting.correct_registration,
        refuses=(correcting.NothingToCorrect, correcting.RegisterSaidSo, *days.DONE),
    ),
    Verb(
        statement=CourtTold,
        operation="recordCourtNotice",
        event=EventKind.COURT_TOLD,
        action=Action.TELL_COURT,
        rule=knowing(courts, tracks.tell_court),
        refuses=(CourtUnknown, *days.DONE),
        untold="a letter of the new centre's to the court; the previous one does nothing upon it",
    ),
    Verb(
        statement=Talked,
        operation="recordTalk",
        event=EventKind.MOVE_TALK_HELD,
        action=Action.TALK,
        rule=tracks.talk,
        refuses=(tracks.PsychologistNotAgreed, *days.DONE),
    ),
    Verb(
        statement=CopiesAsked,
        operation="recordCopiesAsked",
        event=EventKind.FAMILY_COPIES_ASKED,
        action=Action.ASK_COPIES,
        rule=knowing(named_exchange, copies.ask),
        refuses=(ExchangeDoesNotFit,),
        untold="of the request itself its holder was told",
    ),
    Verb(
        statement=GiveUpCopies,
        operation="giveUpCopies",
        event=EventKind.MOVE_COPIES_GIVEN_UP,
        action=Action.GIVE_UP_COPIES,
        rule=knowing(asked_copies, copies.give_up),
        refuses=(CopiesUnderWay, CopiesHaveEnded),
    ),
    Verb(
        statement=Archived,
        operation="recordArchiving",
        event=EventKind.FAMILY_CASE_ARCHIVED,
        action=Action.ARCHIVE,
        rule=tracks.archive,
        refuses=days.DONE,
    ),
)

FAMILY_MOVES: Workflow[FamilyMove] = Workflow(
    kind=Kind.FAMILY_MOVE,
    content=FamilyMove,
    view=FamilyMoveView,
    states=FamilyMoveState,
    forgets_in=frozenset({FamilyMoveState.CLOSED, FamilyMoveState.CANCELLED}),
    awaited=awaited,
    roles=FamilyMoveRole,
    steps=STEPS,
    opening=_OPENING,
    verbs=(
        *(*_NOTICE, *_OVERRIDE, *_TRACKS),
        Verb(
            statement=CancelMove,
            operation="cancelFamilyMove",
            event=EventKind.FAMILY_MOVE_CANCELLED,
            action=Action.CANCEL,
            rule=opening.cancel,
            refuses=(opening.MoveInEffect,),
        ),
    ),
    notices=frozenset(
        {
            *("begun", "notice_on_time", "notice_late", "notice_claimed", "notice_asked"),
            *("notice_not_received", "late_notice_decided", "date_proposed", "date_changed"),
            *("date_declined", "date_objected", "date_established", "date_established_without_you"),
            *("talked", "archived", "cancelled", "closed"),
            *("copies_withdrawn", "copies_awaited", "copies_given_up"),
            *("notice_corrected", "notice_corrected_redated", "notice_corrected_undated"),
            "registration_corrected",
        }
    ),
)
