"""A day that the rule does not give takes both centres, and two persons."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from hub.duties.duty import Basis, DutyKind
from hub.kernel.days import DateBeforeCause
from hub.kernel.ids import CentreId
from hub.matters.workflow import Owed
from hub.transfers.family.notice import decide, receive
from hub.transfers.family.override import (
    OtherCentreConfirms,
    OverrideNotStanding,
    SecondPersonNeeded,
    confirm,
    decline,
    propose,
)
from hub.workdays.calendars import YearNotKnown
from saikne_schemas.family_move_words import DatedBy, FamilyMoveRole, LateNoticeChoice, OverrideReason
from saikne_schemas.family_moves import (
    ConfirmOverride,
    DecideLateNotice,
    DeclineOverride,
    FamilyMove,
    OverrideDate,
)
from saikne_schemas.manifests import AuthorisedPerson
from tests.transfers.family.scenes import IEVA, NEW, PREVIOUS, SOLVITA, TODAY, day, move, notice, said, scene


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
    answer = Owed(DutyKind.ANSWER_DATE, PREVIOUS, TODAY, Basis.DATE_PROPOSED, (NEW,))
    assert (outcome.content.effective_on, outcome.opens) == (day("2026-12-01"), (answer,))
    assert outcome.drops == (DutyKind.ANSWER_DATE,)  # an earlier proposal is answered no more
    assert outcome.tells == ((PREVIOUS, "date_proposed"),)


def test_where_the_other_centre_has_closed_its_own_second_person_owes_the_answer() -> None:
    outcome = propose(move(), FIRST, scene(suspended=[PREVIOUS]))
    assert [one.owner for one in outcome.opens] == [NEW]


@pytest.mark.parametrize("author", [NEW, PREVIOUS])
def test_a_proposal_is_declined_or_taken_back_and_the_day_stays(author: Any) -> None:
    standing = move(effective_on=day("2026-12-01"), override=PROPOSED.override)
    declined = said(DeclineOverride, override=FIRST.id, declined_by=SOLVITA)
    outcome = decline(standing, declined, scene(author))
    assert (outcome.content.override, outcome.content.effective_on) == (None, day("2026-12-01"))
    assert (outcome.meets, outcome.opens) == ((DutyKind.ANSWER_DATE,), ())
    with pytest.raises(OverrideNotStanding):
        decline(outcome.content, declined, scene(author))


@pytest.mark.parametrize(("author", "told"), [(NEW, PREVIOUS), (PREVIOUS, NEW)])
def test_the_centre_that_did_not_propose_the_day_fixes_it(author: Any, told: Any) -> None:
    proposed = propose(move(), FIRST, scene(told)).content
    outcome = confirm(proposed, confirmation(), scene(author))
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


def test_a_proposal_says_which_centre_makes_it() -> None:
    sides = [propose(move(), FIRST, scene(author)).content.override for author in (NEW, PREVIOUS)]
    assert [one and one.side for one in sides] == [FamilyMoveRole.NEW, FamilyMoveRole.PREVIOUS]


LATE = receive(move(), notice("2026-10-28"), scene(PREVIOUS)).content
CONTINUED = decide(
    LATE,
    said(DecideLateNotice, choice=LateNoticeChoice.CONTINUE, decided_by=SOLVITA),
    scene(PREVIOUS),
).content


@pytest.mark.parametrize("before", [move(), LATE, CONTINUED], ids=["agreed", "late", "continued"])
@pytest.mark.parametrize("reason", OverrideReason)
@pytest.mark.parametrize("author", [NEW, PREVIOUS])
def test_two_persons_of_one_centre_cannot_name_a_day_over_the_other(
    author: CentreId, reason: OverrideReason, before: FamilyMove
) -> None:
    proposed = propose(before, FIRST.model_copy(update={"reason": reason}), scene(author)).content
    with pytest.raises(OtherCentreConfirms):
        confirm(proposed, confirmation(), scene(author))


CLOSED = propose(move(), proposal(id=FIRST.id, reason=OverrideReason.CENTRE_CLOSED), scene()).content


def test_where_the_other_centre_has_closed_a_second_person_of_the_one_left_confirms() -> None:
    outcome = confirm(CLOSED, confirmation(), scene(suspended=[PREVIOUS]))
    assert (outcome.content.effective_on, outcome.content.dated_by) == (day("2027-01-01"), DatedBy.OVERRIDE)
    with pytest.raises(SecondPersonNeeded):
        confirm(CLOSED, confirmation(by=IEVA), scene(suspended=[PREVIOUS]))


def test_a_suspended_centre_is_passed_over_only_because_it_has_closed() -> None:
    with pytest.raises(OtherCentreConfirms):
        confirm(PROPOSED, confirmation(), scene(suspended=[PREVIOUS]))


def test_a_proposal_falls_when_the_notice_or_the_choice_fixes_the_day() -> None:
    on_time = receive(PROPOSED, notice("2026-10-20"), scene(PREVIOUS)).content
    late = propose(LATE, FIRST, scene()).content
    statement = said(DecideLateNotice, choice=LateNoticeChoice.RELEASE, decided_by=SOLVITA)
    for fixed in (on_time, decide(late, statement, scene(PREVIOUS)).content):
        assert (fixed.effective_on, fixed.override) == (day("2026-11-01"), None)
        with pytest.raises(OverrideNotStanding):
            confirm(fixed, confirmation(), scene(PREVIOUS))


def test_a_late_notice_fixes_no_day_and_leaves_the_proposal() -> None:
    assert receive(PROPOSED, notice("2026-10-28"), scene(PREVIOUS)).content.override == PROPOSED.override


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
    [("2025-11-02", DateBeforeCause), ("2099-01-01", YearNotKnown), ("1950-01-01", YearNotKnown)],
)
def test_a_day_that_cannot_be_is_refused(effective_on: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        propose(move(), proposal(effective_on=day(effective_on)), scene())
