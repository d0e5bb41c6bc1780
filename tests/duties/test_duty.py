"""How many working days each thing may take: by the method, or, where that is silent, by the hub."""

from hub.duties.duty import BY_METHOD, BY_THE_HUB, ON_A_DAY, DutyKind


def test_the_method_gives_three_days_to_entry_and_court_and_ten_to_copies() -> None:
    """To archiving it gives none (S79, S110)."""
    assert BY_METHOD == {
        DutyKind.ANSWER: 10,
        DutyKind.COURT_NOTICE: 3,
        DutyKind.REGISTER: 3,
    }


def test_whatever_else_is_owed_takes_ten_days_unless_somebody_waits_for_it() -> None:
    pressing = {kind: days for kind, days in BY_THE_HUB.items() if days != 10}
    assert pressing == {
        DutyKind.ANSWER_PROPOSAL: 5,
        DutyKind.ACKNOWLEDGE_NOTICE: 3,
        DutyKind.ANSWER_DATE: 3,
        DutyKind.CERTIFICATE: 5,
        DutyKind.CONFIRM_COPIES: 3,
        DutyKind.DECIDE_EXTENSION: 2,
        DutyKind.DECIDE_LATE_NOTICE: 1,
        DutyKind.HOLD_TRAINING: 5,
        DutyKind.INFORM_BEFORE: 5,
        DutyKind.READ_PASSWORD_OUT: 1,
        DutyKind.PROVE_NOTICE: 5,
        DutyKind.REQUEST_COPIES: 3,
        DutyKind.TELL_FAMILY: 5,
        DutyKind.RESOLVE_ASTRAY: 1,
        DutyKind.DECIDE_REFUSAL: 5,
        DutyKind.SEND_AGAIN: 3,
        DutyKind.SEND_OFFERED: 5,
    }
    assert BY_METHOD.keys() ^ BY_THE_HUB.keys() ^ ON_A_DAY == set(DutyKind)
