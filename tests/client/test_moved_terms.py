"""A term that the law moved is shown with both days and the day that is off, wherever terms are shown."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from saikne.command.looking import _tell_list, _tell_term
from saikne.command.owed import tell_duty
from saikne.command.speech import Console, speak_in
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.matters import DutyPage, DutyView
from saikne_schemas.views import DayOffView, MovedByLawView, SideView, TermView
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState, SideRole

BEFORE, FIRST, DUE = date(2027, 3, 16), date(2027, 3, 15), date(2027, 3, 17)
ASKED = datetime(2027, 3, 1, 9, tzinfo=UTC)
OFF = DayOffView(day=date(2027, 3, 10), name="", source="MK rīkojums Nr. 1")
MOVED: dict[str, Any] = {
    "due_on": DUE,
    "original_due_on": FIRST,
    "moved_by": MovedByLawView(before=BEFORE, days_off=[OFF], edition=2),
}
SAID = (
    "due on 17.03.2027, until then it was 16.03.2027; the first date was 15.03.2027. "
    "Off: 10.03.2027 (MK rīkojums Nr. 1)."
)


@pytest.fixture
def console() -> Console:
    speak_in("en")
    return Console(as_json=False)


def test_a_duty_says_so(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    (duty,) = DutyPage.model_validate(EXAMPLES[DutyPage]).items[:1]
    tell_duty(console, duty)
    assert "By law" not in capsys.readouterr().out
    tell_duty(console, DutyView(**duty.model_dump() | MOVED))
    assert SAID in capsys.readouterr().out


def test_an_exchange_says_so(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    (duty,) = DutyPage.model_validate(EXAMPLES[DutyPage]).items[:1]
    _tell_term(console, TermView(**duty.model_dump() | MOVED), None)
    told = capsys.readouterr().out
    assert SAID in told
    assert "by agreement" not in told


def test_a_line_of_the_inbox_says_so(console: Console, capsys: pytest.CaptureFixture[str]) -> None:
    line = SideView(
        id=uuid4(),
        role=SideRole.HOLDER,
        state=ExchangeState.REQUESTED,
        kind=ExchangeKind.CHILD_IAP,
        counterpart=uuid4(),
        counterpart_name="Zemgale",
        requested_at=ASKED,
        moved_at=ASKED,
        overdue=False,
        **MOVED,
    )
    _tell_list(console, [line], "inbox.empty")
    assert (
        f"{line.id}: by law it ends later, due on 17.03.2027; the first date was 15.03.2027"
        in capsys.readouterr().out
    )
