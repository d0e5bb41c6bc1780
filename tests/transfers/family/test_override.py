"""A day that the rule does not give takes two persons."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from hub.duties.duty import DutyKind
from hub.kernel.days import DateBeforeCause
from hub.transfers.family.override import OverrideNotStanding, SecondPersonNeeded, confirm, propose
from hub.workdays.calendars import YearNotKnown
from saikne_schemas.family_move_words import DatedBy, OverrideReason
from saikne_schemas.family_moves import ConfirmOverride, OverrideDate
from saikne_schemas.manifests import AuthorisedPerson
from tests.transfers.family.scenes import IEVA, NEW, PREVIOUS, SOLVITA, day, move, said, scene


def proposal(**changes: Any) -> OverrideDate:
    fields: dict[str, Any] = {
        "effective_on": date(2027, 1, 1),
        "reason": OverrideReason.AGREED_BY_ALL,
        "proposed_by": IEVA,
    }
    return said(OverrideDate, **{**fields, **changes})


FIRST = proposal()
PROPOSED = propose(move(), FIRST, scene()).content


def confirmation(by: AuthorisedPerson = SOLVITA, **changes: Any) -> ConfirmOverride:
    return said(ConfirmOverride, **{"override": FIRST.id, "confirmed_by": by, **changes})


def test_a_proposal_alone_changes_no_day() -> None:
    outcome = propose(move(effective_on=day("2026-12-01")), FIRST, scene())
    assert (outcome.content.effective_on, outcome.opens, outcome.drops) == (day("2026-12-01"), (), ())
    assert outcome.tells == ((PREVIOUS, "date_proposed"),)


@pytest.mark.parametrize(("author", "told"), [(NEW, PREVIOUS), (PREVIOUS, NEW)])
def test_a_second_person_of_either_centre_fixes_the_day(author: Any, told: Any) -> None:
    outcome = confirm(PROPOSED, confirmation(), scene(author))
    assert (outcome.content.effective_on, outcome.content.dated_by) == (day("2027-01-01"), DatedBy.OVERRIDE)
    assert outcome.content.override is None
    assert DutyKind.DECIDE_LATE_NOTICE in outcome.drops
    assert len(outcome.opens) == 4
    assert outcome.tells == ((told, "date_changed"),)


@pytest.mark.parametrize("name", ["Ieva Priede", "ieva  PRIEDE", "Ieva\u00a0Priede"])
def test_the_first_person_cannot_confirm_however_the_name_is_written(name: str) -> None:
    first = AuthorisedPerson.model_construct(name=name, position="grāmatvede")
    statement = confirmation().model_copy(update={"confirmed_by": first})
    with pytest.raises(SecondPersonNeeded):
        confirm(PROPOSED, statement, scene(PREVIOUS))


def test_only_the_proposal_that_stands_is_confirmed() -> None:
    with pytest.raises(OverrideNotStanding):
        confirm(move(), confirmation(), scene())
    with pytest.raises(OverrideNotStanding):
        confirm(PROPOSED, confirmation(override=uuid4()), scene())
    replaced = propose(PROPOSED, proposal(), scene(PREVIOUS)).content
    with pytest.raises(OverrideNotStanding):
        confirm(replaced, confirmation(), scene())


@pytest.mark.parametrize(
    ("effective_on", "refusal"),
    [("2025-11-02", DateBeforeCause), ("2099-01-01", YearNotKnown), ("0001-01-01", YearNotKnown)],
)
def test_a_day_that_cannot_be_is_refused(effective_on: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        propose(move(), proposal(effective_on=day(effective_on)), scene())
