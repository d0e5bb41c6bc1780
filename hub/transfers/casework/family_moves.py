"""A family's move as a workflow: its statements with their rules, and what is looked up for them.

Source: method S72-S85; features N2, N3. Decides nothing: the table stands in `family.steps`, each rule beside
what it is about.
"""

from typing import Any

from hub.evidence.event import EventKind
from hub.kernel import days
from hub.kernel.ids import CentreId
from hub.matters.workflow import Opening, Verb, Workflow
from hub.plumbing.database import Tx
from hub.transfers import store
from hub.transfers.casework.exchanges import named_exchange
from hub.transfers.courts import CourtUnknown, Directory, TerritoryUnknown
from hub.transfers.family import notice, opening, override, tracks
from hub.transfers.family.steps import STEPS, Action
from hub.transfers.fitting_exchange import ExchangeDoesNotFit
from hub.workdays.calendars import YearNotKnown
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
    FamilyMove,
    FamilyMoveView,
    NoticeClaimed,
    NoticeNotReceived,
    NoticeReceived,
    OverrideDate,
    Registered,
    Talked,
)
from saikne_schemas.vocabulary import Workflow as Kind


async def courts(tx: Tx, _author: CentreId, _content: Any, _statement: Any) -> Directory:
    return await store.directory(tx)


_OPENING = Opening(
    BeginFamilyMove,
    "beginFamilyMove",
    EventKind.FAMILY_MOVE_AGREED,
    FamilyMoveState.AGREED,
    opening.parties,
    opening.begin,
    (*days.DONE, TerritoryUnknown, YearNotKnown),
    courts,
    FamilyMoveRole.NEW,
)
_NOTICE = (
    Verb(
        NoticeReceived,
        "recordNotice",
        EventKind.NOTICE_RECEIVED,
        Action.RECEIVE,
        notice.receive,
        (notice.NoticeWithoutEvidence, *days.DONE, YearNotKnown),
    ),
    Verb(
        NoticeClaimed,
        "claimNotice",
        EventKind.NOTICE_CLAIMED,
        Action.CLAIM_NOTICE,
        notice.claim,
        (notice.NoticeWithoutEvidence, *days.DONE),
    ),
    Verb(AskNotice, "askNotice", EventKind.NOTICE_ASKED, Action.ASK_NOTICE, notice.ask),
    Verb(NoticeNotReceived, "denyNotice", EventKind.NOTICE_DENIED, Action.DENY_NOTICE, notice.deny),
    Verb(
        DecideLateNotice,
        "decideLateNotice",
        EventKind.LATE_NOTICE_DECIDED,
        Action.DECIDE,
        notice.decide,
        (YearNotKnown,),
    ),
)
_OVERRIDE = (
    Verb(
        OverrideDate,
        "overrideMoveDate",
        EventKind.MOVE_DATE_PROPOSED,
        Action.PROPOSE_DATE,
        override.propose,
        (*days.PLANNED, YearNotKnown),
    ),
    Verb(
        ConfirmOverride,
        "confirmMoveDate",
        EventKind.MOVE_DATE_CONFIRMED,
        Action.CONFIRM_DATE,
        override.confirm,
        (
            override.OtherCentreConfirms,
            override.OverrideNotStanding,
            override.SecondPersonNeeded,
            YearNotKnown,
        ),
    ),
)
_TRACKS = (
    Verb(
        Registered,
        "recordRegistration",
        EventKind.FAMILY_MOVE_REGISTERED,
        Action.REGISTER,
        tracks.register,
        days.DONE,
    ),
    Verb(
        CourtTold,
        "recordCourtNotice",
        EventKind.COURT_TOLD,
        Action.TELL_COURT,
        tracks.tell_court,
        (CourtUnknown, *days.DONE),
        courts,
    ),
    Verb(
        Talked,
        "recordTalk",
        EventKind.MOVE_TALK_HELD,
        Action.TALK,
        tracks.talk,
        (tracks.PsychologistNotAgreed, *days.DONE),
    ),
    Verb(
        CopiesAsked,
        "recordCopiesAsked",
        EventKind.FAMILY_COPIES_ASKED,
        Action.ASK_COPIES,
        tracks.ask_copies,
        (ExchangeDoesNotFit,),
        named_exchange,
    ),
    Verb(
        Archived,
        "recordArchiving",
        EventKind.FAMILY_CASE_ARCHIVED,
        Action.ARCHIVE,
        tracks.archive,
        days.DONE,
    ),
)

FAMILY_MOVES: Workflow[FamilyMove] = Workflow(
    kind=Kind.FAMILY_MOVE,
    content=FamilyMove,
    view=FamilyMoveView,
    states=FamilyMoveState,
    roles=FamilyMoveRole,
    steps=STEPS,
    opening=_OPENING,
    verbs=(
        *(*_NOTICE, *_OVERRIDE, *_TRACKS),
        Verb(
            CancelMove,
            "cancelFamilyMove",
            EventKind.FAMILY_MOVE_CANCELLED,
            Action.CANCEL,
            opening.cancel,
            (opening.MoveInEffect,),
        ),
    ),
    notices=frozenset(
        {
            *("begun", "notice_on_time", "notice_late", "notice_claimed", "notice_asked"),
            *("notice_not_received", "late_notice_decided", "date_proposed", "date_changed"),
            *("talked", "archived", "cancelled"),
        }
    ),
)
