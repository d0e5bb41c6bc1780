"""Which step of a family's move is allowed in which state to which of the two centres.

Source: method S72-S85; domain 1.1. The day is fixed by the notice, by the previous centre's choice or by both
centres together (`override`); until then nothing is counted from it. The last thing done closes the move.
"""

from enum import StrEnum
from types import MappingProxyType

from hub.duties.duty import DutyKind
from hub.matters.workflow import Steps
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.family_moves import FamilyMove

DONE_BY_BOTH = (
    DutyKind.REGISTER,
    DutyKind.COURT_NOTICE,
    DutyKind.TALK,
    DutyKind.REQUEST_COPIES,
    DutyKind.ARCHIVE_CASE,
)
"""What a move takes; side by side, none waits for another (features N3)."""


class Action(StrEnum):
    RECEIVE_ON_TIME = "receive_on_time"
    RECEIVE_LATE = "receive_late"
    CLAIM_NOTICE = "claim_notice"
    ASK_NOTICE = "ask_notice"
    DENY_NOTICE = "deny_notice"
    DECIDE = "decide"
    PROPOSE_DATE = "propose_date"
    CONFIRM_DATE = "confirm_date"
    REGISTER = "register"
    REGISTER_LAST = "register_last"
    TELL_COURT = "tell_court"
    TELL_COURT_LAST = "tell_court_last"
    TALK = "talk"
    TALK_LAST = "talk_last"
    ASK_COPIES = "ask_copies"
    ASK_COPIES_LAST = "ask_copies_last"
    REGISTER_BY_MACHINE = "register_by_machine"
    """What goes to the register is prepared, or tried again; that it is there is another step."""
    TAKE_BACK = "take_back"
    """Something that went to the register is taken back; the entry itself stands or never stood."""
    TAKE_BACK_ENTRY = "take_back_entry"
    """The entry that the register had confirmed is taken back: it is owed again."""
    ARCHIVE = "archive"
    ARCHIVE_LAST = "archive_last"
    CANCEL = "cancel"


_STATE, _NEW, _PREVIOUS = FamilyMoveState, FamilyMoveRole.NEW, FamilyMoveRole.PREVIOUS
_BOTH_KEEP = {state: {_NEW: state, _PREVIOUS: state} for state in FamilyMoveState}
_BOTH_DATE = {_NEW: _STATE.DATED, _PREVIOUS: _STATE.DATED}
_BOTH_CLOSE = {_NEW: _STATE.CLOSED, _PREVIOUS: _STATE.CLOSED}
_BOTH_CANCEL = {_NEW: _STATE.CANCELLED, _PREVIOUS: _STATE.CANCELLED}

STEPS: Steps = MappingProxyType(
    {
        (_STATE.AGREED, Action.RECEIVE_ON_TIME): {_PREVIOUS: _STATE.DATED},
        (_STATE.AGREED, Action.RECEIVE_LATE): {_PREVIOUS: _STATE.LATE},
        (_STATE.AGREED, Action.CLAIM_NOTICE): {_NEW: _STATE.AGREED},
        (_STATE.AGREED, Action.ASK_NOTICE): {_NEW: _STATE.AGREED},
        (_STATE.AGREED, Action.DENY_NOTICE): {_PREVIOUS: _STATE.AGREED},
        (_STATE.AGREED, Action.TALK): _BOTH_KEEP[_STATE.AGREED],
        (_STATE.AGREED, Action.PROPOSE_DATE): _BOTH_KEEP[_STATE.AGREED],
        (_STATE.AGREED, Action.CONFIRM_DATE): _BOTH_DATE,
        (_STATE.AGREED, Action.CANCEL): _BOTH_CANCEL,
        (_STATE.LATE, Action.CLAIM_NOTICE): {_NEW: _STATE.LATE},
        (_STATE.LATE, Action.DECIDE): {_PREVIOUS: _STATE.DATED},
        (_STATE.LATE, Action.TALK): _BOTH_KEEP[_STATE.LATE],
        (_STATE.LATE, Action.PROPOSE_DATE): _BOTH_KEEP[_STATE.LATE],
        (_STATE.LATE, Action.CONFIRM_DATE): _BOTH_DATE,
        (_STATE.LATE, Action.CANCEL): _BOTH_CANCEL,
        (_STATE.DATED, Action.PROPOSE_DATE): _BOTH_KEEP[_STATE.DATED],
        (_STATE.DATED, Action.CONFIRM_DATE): _BOTH_DATE,
        (_STATE.DATED, Action.REGISTER): {_NEW: _STATE.DATED},
        (_STATE.DATED, Action.REGISTER_LAST): {_NEW: _STATE.CLOSED},
        (_STATE.DATED, Action.REGISTER_BY_MACHINE): {_NEW: _STATE.DATED},
        (_STATE.CLOSED, Action.REGISTER_BY_MACHINE): {_NEW: _STATE.CLOSED},
        (_STATE.DATED, Action.TAKE_BACK): {_NEW: _STATE.DATED},
        (_STATE.CLOSED, Action.TAKE_BACK): {_NEW: _STATE.CLOSED},
        (_STATE.CANCELLED, Action.TAKE_BACK): {_NEW: _STATE.CANCELLED},
        (_STATE.DATED, Action.TAKE_BACK_ENTRY): {_NEW: _STATE.DATED},
        (_STATE.CLOSED, Action.TAKE_BACK_ENTRY): {_NEW: _STATE.DATED},
        (_STATE.DATED, Action.TELL_COURT): {_NEW: _STATE.DATED},
        (_STATE.DATED, Action.TELL_COURT_LAST): {_NEW: _STATE.CLOSED},
        (_STATE.DATED, Action.TALK): _BOTH_KEEP[_STATE.DATED],
        (_STATE.DATED, Action.TALK_LAST): _BOTH_CLOSE,
        (_STATE.DATED, Action.ASK_COPIES): {_NEW: _STATE.DATED},
        (_STATE.DATED, Action.ASK_COPIES_LAST): {_NEW: _STATE.CLOSED},
        (_STATE.DATED, Action.ARCHIVE): {_PREVIOUS: _STATE.DATED},
        (_STATE.DATED, Action.ARCHIVE_LAST): {_PREVIOUS: _STATE.CLOSED},
        (_STATE.DATED, Action.CANCEL): _BOTH_CANCEL,
    }
)


def is_last(move: FamilyMove, kind: DutyKind) -> bool:
    """Whether nothing else is left to be done."""
    return move.remaining == [kind]
