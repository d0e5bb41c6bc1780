"""Which step of a family's move is allowed in which state to which of the two centres.

Source: method S72-S85; domain 1.1, 1.5. The day is fixed by the notice, by the previous centre's choice, by
both centres together (`override`), or by the hub where the previous one is silent (`silence`); until then
nothing is counted from it. The last thing done closes the move; copies are among it, and they are done when
they have come, not when they were asked for.
"""

from enum import StrEnum

from hub.duties.duty import DutyKind
from hub.kernel.steps import Steps
from hub.matters.workflow import table
from hub.transfers.hand import Hand
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState

DONE_BY_BOTH = (
    DutyKind.REGISTER,
    DutyKind.COURT_NOTICE,
    DutyKind.TALK,
    DutyKind.REQUEST_COPIES,
    DutyKind.RECEIVE_COPIES,
    DutyKind.ARCHIVE_CASE,
)
"""What a move takes; side by side, none waits for another (features N3)."""

AWAITS_A_DAY = (
    DutyKind.ACKNOWLEDGE_NOTICE,
    DutyKind.PROVE_NOTICE,
    DutyKind.DECIDE_LATE_NOTICE,
    DutyKind.ANSWER_DATE,
)
"""What somebody owes as long as the day is not fixed, or another one is proposed."""


class Action(StrEnum):
    RECEIVE = "receive"
    CLAIM_NOTICE = "claim_notice"
    ASK_NOTICE = "ask_notice"
    DENY_NOTICE = "deny_notice"
    CORRECT_NOTICE = "correct_notice"
    DECIDE = "decide"
    PROPOSE_DATE = "propose_date"
    CONFIRM_DATE = "confirm_date"
    DECLINE_DATE = "decline_date"
    ESTABLISH_DATE = "establish_date"
    OBJECT_TO_DATE = "object_to_date"
    REGISTER = "register"
    CORRECT_REGISTRATION = "correct_registration"
    TELL_COURT = "tell_court"
    TALK = "talk"
    ASK_COPIES = "ask_copies"
    HEAR_OF_COPIES = "hear_of_copies"
    """Their exchange came to an end, or to none after all."""
    GIVE_UP_COPIES = "give_up_copies"
    REGISTER_BY_MACHINE = "register_by_machine"
    """What goes to the register is prepared, or tried again; that it is there is another step."""
    TAKE_BACK = "take_back"
    """What went to the register is taken back. If it had confirmed the entry, that is owed again."""
    ARCHIVE = "archive"
    CANCEL = "cancel"


_STATE, _NEW, _PREVIOUS = FamilyMoveState, FamilyMoveRole.NEW, FamilyMoveRole.PREVIOUS
_Who = FamilyMoveRole | Hand
_BOTH_KEEP: dict[FamilyMoveState, dict[_Who, FamilyMoveState]] = {
    state: {_NEW: state, _PREVIOUS: state} for state in FamilyMoveState
}
_BOTH_DATE: dict[_Who, FamilyMoveState] = {_NEW: _STATE.DATED, _PREVIOUS: _STATE.DATED}
_BOTH_CANCEL: dict[_Who, FamilyMoveState] = {_NEW: _STATE.CANCELLED, _PREVIOUS: _STATE.CANCELLED}

_MAYBE_LAST = frozenset({_STATE.DATED, _STATE.CLOSED})

STEPS: Steps[FamilyMoveState, Action, _Who] = table(
    {
        (_STATE.AGREED, Action.RECEIVE): {_PREVIOUS: frozenset({_STATE.DATED, _STATE.LATE})},
        (_STATE.AGREED, Action.CLAIM_NOTICE): {_NEW: _STATE.AGREED},
        (_STATE.AGREED, Action.ASK_NOTICE): {_NEW: _STATE.AGREED},
        (_STATE.AGREED, Action.DENY_NOTICE): {_PREVIOUS: _STATE.AGREED},
        (_STATE.AGREED, Action.TALK): _BOTH_KEEP[_STATE.AGREED],
        (_STATE.AGREED, Action.PROPOSE_DATE): _BOTH_KEEP[_STATE.AGREED],
        (_STATE.AGREED, Action.CONFIRM_DATE): _BOTH_DATE,
        (_STATE.AGREED, Action.DECLINE_DATE): _BOTH_KEEP[_STATE.AGREED],
        (_STATE.AGREED, Action.ESTABLISH_DATE): {Hand.HUB: _STATE.DATED},
        (_STATE.AGREED, Action.CANCEL): _BOTH_CANCEL,
        (_STATE.LATE, Action.CLAIM_NOTICE): {_NEW: _STATE.LATE},
        (_STATE.LATE, Action.CORRECT_NOTICE): {_PREVIOUS: frozenset({_STATE.LATE, _STATE.DATED})},
        (_STATE.LATE, Action.HEAR_OF_COPIES): {Hand.HUB: _STATE.LATE},
        (_STATE.LATE, Action.TAKE_BACK): {_NEW: _STATE.LATE},
        (_STATE.LATE, Action.DECIDE): {_PREVIOUS: _STATE.DATED},
        (_STATE.LATE, Action.TALK): _BOTH_KEEP[_STATE.LATE],
        (_STATE.LATE, Action.PROPOSE_DATE): _BOTH_KEEP[_STATE.LATE],
        (_STATE.LATE, Action.CONFIRM_DATE): _BOTH_DATE,
        (_STATE.LATE, Action.DECLINE_DATE): _BOTH_KEEP[_STATE.LATE],
        (_STATE.LATE, Action.ESTABLISH_DATE): {Hand.HUB: _STATE.DATED},
        (_STATE.LATE, Action.CANCEL): _BOTH_CANCEL,
        (_STATE.DATED, Action.PROPOSE_DATE): _BOTH_KEEP[_STATE.DATED],
        (_STATE.DATED, Action.CONFIRM_DATE): _BOTH_DATE,
        (_STATE.DATED, Action.DECLINE_DATE): _BOTH_KEEP[_STATE.DATED],
        (_STATE.DATED, Action.OBJECT_TO_DATE): _BOTH_KEEP[_STATE.DATED],
        (_STATE.DATED, Action.CORRECT_NOTICE): {_PREVIOUS: frozenset({_STATE.LATE, _STATE.DATED})},
        (_STATE.DATED, Action.CORRECT_REGISTRATION): {_NEW: _STATE.DATED},
        (_STATE.CLOSED, Action.CORRECT_REGISTRATION): {_NEW: _STATE.CLOSED},
        (_STATE.DATED, Action.REGISTER): {_NEW: _MAYBE_LAST},
        (_STATE.DATED, Action.REGISTER_BY_MACHINE): {_NEW: _STATE.DATED},
        (_STATE.CLOSED, Action.REGISTER_BY_MACHINE): {_NEW: _STATE.CLOSED},
        (_STATE.DATED, Action.TAKE_BACK): {_NEW: _STATE.DATED},
        (_STATE.CLOSED, Action.TAKE_BACK): {_NEW: frozenset({_STATE.CLOSED, _STATE.DATED})},
        (_STATE.CANCELLED, Action.TAKE_BACK): {_NEW: _STATE.CANCELLED},
        (_STATE.DATED, Action.TELL_COURT): {_NEW: _MAYBE_LAST},
        (_STATE.DATED, Action.TALK): {_NEW: _MAYBE_LAST, _PREVIOUS: _MAYBE_LAST},
        (_STATE.DATED, Action.ASK_COPIES): {_NEW: _MAYBE_LAST},
        (_STATE.DATED, Action.HEAR_OF_COPIES): {Hand.HUB: _MAYBE_LAST},
        (_STATE.CLOSED, Action.HEAR_OF_COPIES): {Hand.HUB: _MAYBE_LAST},
        (_STATE.DATED, Action.GIVE_UP_COPIES): {_NEW: _MAYBE_LAST},
        (_STATE.DATED, Action.ARCHIVE): {_PREVIOUS: _MAYBE_LAST},
        (_STATE.DATED, Action.CANCEL): _BOTH_CANCEL,
    }
)
