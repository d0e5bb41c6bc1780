"""How many working days each thing may take: by the method, or, where that is silent, by the hub."""

import json
import re
from pathlib import Path

from hub.duties.duty import BY_METHOD, BY_THE_HUB, NAMED_IN, ON_A_DAY, DutyKind

METHOD = Path(__file__).parents[2] / "schemas" / "method.json"
NUMBERS = {"three": 3, "ten": 10}


def days_in(rule: str) -> int | None:
    """The term that a row of the method names."""
    found = re.search(r"\b(three|ten) (?:working )?days", rule, re.IGNORECASE)
    return NUMBERS[found[1].lower()] if found else None


def test_what_is_told_as_the_methods_stands_in_rows_that_name_so_many_days() -> None:
    """Of a talk they name the last day instead; and no row that names a term is left out."""
    rules = {row["row"]: row["rule"] for row in json.loads(METHOD.read_text(encoding="utf-8"))}
    named = {kind: {days_in(rules[row]) for row in rows} for kind, rows in NAMED_IN.items()}
    assert named == {kind: {BY_METHOD.get(kind)} for kind in (*BY_METHOD, *ON_A_DAY)}
    cited = {row for rows in NAMED_IN.values() for row in rows}
    assert {row for row, rule in rules.items() if days_in(rule)} <= cited


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
