"""A previous centre that says nothing holds up nobody: the rule dates the move; either side may object."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hub.duties.duty import DutyKind
from hub.kernel.ids import OVERSIGHT
from hub.transfers.family.notice import claim, receive
from hub.transfers.family.override import confirm, decline
from hub.transfers.family.silence import (
    NothingToObjectTo,
    NotTheRulesDay,
    ObjectedAlready,
    ObjectionTooLate,
    establish,
    is_over,
    object_to,
)
from hub.transfers.family.steps import AWAITS_A_DAY
from saikne_schemas.family_move_words import (
    DatedBy,
    FamilyMoveRole,
    FamilyMoveState,
    NoticeChannel,
    ObjectionReason,
)
from saikne_schemas.family_moves import (
    ConfirmOverride,
    DeclineOverride,
    FamilyMove,
    NoticeClaimed,
    ObjectToDate,
)
from tests.transfers.family.scenes import (
    IEVA,
    NEW,
    PREVIOUS,
    PROOF,
    SOLVITA,
    day,
    move,
    notice,
    said,
    scene,
)

SENT = datetime(2026, 10, 27, 9, tzinfo=UTC)
SHOWN_ON, SILENT_ON = day("2026-11-09"), day("2026-11-13")
"""Three working days lie between them."""


def proved(sent_at: datetime = SENT) -> FamilyMove:
    shown = said(NoticeClaimed, channel=NoticeChannel.SMS, sent_at=sent_at, proofs=[PROOF])
    return claim(move(), shown, scene(today=SHOWN_ON)).content


def established(known: FamilyMove, today: date = SILENT_ON) -> FamilyMove:
    return establish(known, scene(PREVIOUS, today=today)).content


def objection(by: Any = SOLVITA, **changes: Any) -> ObjectToDate:
    fields: dict[str, Any] = {
        "reason": ObjectionReason.NOTICE_CAME_LATER,
        "effective_on": day("2026-12-01"),
        "objected_by": by,
    }
    return said(ObjectToDate, **{**fields, **changes})


def test_a_proved_notice_that_nobody_answers_dates_the_move_by_the_rule() -> None:
    outcome = establish(proved(), scene(PREVIOUS, today=SILENT_ON))
    content = outcome.content
    assert outcome.to is FamilyMoveState.DATED
    assert (content.effective_on, content.dated_by) == (day("2026-11-01"), DatedBy.PREVIOUS_SILENT)
    assert [one.on_time for one in content.counted] == [True, True]
    assert content.notice is None  # the previous centre has recorded none, and none is made up for it
    assert set(AWAITS_A_DAY) <= {*outcome.drops}
    assert {*outcome.tells} == {(NEW, "date_established"), (PREVIOUS, "date_established_without_you")}


def test_a_proved_notice_of_the_last_days_gives_no_month_more_to_who_is_silent() -> None:
    content = established(proved(datetime(2026, 10, 29, 9, tzinfo=UTC)))
    assert [one.on_time for one in content.counted] == [False, False]
    assert content.effective_on == day("2026-11-01")


def test_a_right_to_continue_that_nobody_used_within_the_month_is_not_used() -> None:
    late = receive(move(), notice("2026-10-29"), scene(PREVIOUS, today=day("2026-10-29"))).content
    assert not is_over(late, scene(today=day("2026-10-31")))
    assert is_over(late, scene(today=day("2026-11-01")))
    content = established(late, day("2026-11-01"))
    assert (content.effective_on, content.dated_by) == (day("2026-11-01"), DatedBy.PREVIOUS_SILENT)
    assert content.decision is None


def test_terms_begin_when_the_day_is_established_and_not_before() -> None:
    outcome = establish(proved(), scene(PREVIOUS, today=SILENT_ON))
    assert {one.starts_on for one in outcome.opens} == {SILENT_ON}
    assert outcome.content.known_on == SILENT_ON


@pytest.mark.parametrize(("author", "other"), [(NEW, PREVIOUS), (PREVIOUS, NEW)])
def test_either_side_objects_with_a_reason_and_the_day_that_it_holds_to_be_right(
    author: Any, other: Any
) -> None:
    statement = objection()
    outcome = object_to(established(proved()), statement, scene(author, today=day("2026-11-17")))
    (kept,) = outcome.content.objections
    assert (kept.reason, kept.effective_on) == (ObjectionReason.NOTICE_CAME_LATER, day("2026-12-01"))
    assert outcome.content.effective_on == day("2026-11-01")  # it counts until both agree on another
    assert outcome.content.override is not None
    assert outcome.content.override.id == statement.id
    assert [(one.kind, one.owner) for one in outcome.opens] == [(DutyKind.ANSWER_DATE, other)]
    assert outcome.tells == ((other, "date_objected"),)
    assert outcome.also_for == (OVERSIGHT,)


def test_an_objection_that_is_confirmed_fixes_its_day() -> None:
    statement = objection()
    objected = object_to(established(proved()), statement, scene(PREVIOUS, today=SILENT_ON)).content
    confirmed = said(ConfirmOverride, override=statement.id, confirmed_by=IEVA)
    content = confirm(objected, confirmed, scene(NEW, today=SILENT_ON)).content
    assert (content.effective_on, content.dated_by) == (day("2026-12-01"), DatedBy.OVERRIDE)
    assert (len(content.objections), content.objections_until) == (1, None)


def test_an_objection_that_is_declined_stays_to_be_seen_and_the_day_counts_on() -> None:
    statement = objection()
    objected = object_to(established(proved()), statement, scene(PREVIOUS, today=SILENT_ON)).content
    declined = said(DeclineOverride, override=statement.id, declined_by=IEVA)
    content = decline(objected, declined, scene(NEW, today=day("2026-11-16"))).content
    assert (content.effective_on, content.override) == (day("2026-11-01"), None)
    assert [one.declined_on for one in content.objections] == [day("2026-11-16")]
    assert content.objections[0].side is FamilyMoveRole.PREVIOUS


def test_nobody_objects_after_three_working_days_or_to_a_day_with_the_previous_centres_hand_in_it() -> None:
    content = established(proved())
    assert content.objections_until == day("2026-11-19")  # the 18th is a public holiday
    object_to(content, objection(), scene(PREVIOUS, today=day("2026-11-19")))
    with pytest.raises(ObjectionTooLate):
        object_to(content, objection(), scene(PREVIOUS, today=day("2026-11-20")))
    noticed = receive(move(), notice("2026-10-20"), scene(PREVIOUS)).content
    with pytest.raises(NothingToObjectTo):
        object_to(noticed, objection(), scene(PREVIOUS))


@pytest.mark.parametrize("reason", ObjectionReason)
@pytest.mark.parametrize("on", ["2026-12-01", "2026-12-15"])
def test_from_a_notice_only_a_months_first_day_follows(reason: ObjectionReason, on: str) -> None:
    of_the_notice = reason in {ObjectionReason.NOTICE_CAME_EARLIER, ObjectionReason.NOTICE_CAME_LATER}
    statement = objection(reason=reason, effective_on=day(on))
    known, here = established(proved()), scene(PREVIOUS, today=SILENT_ON)
    if of_the_notice and on == "2026-12-15":
        with pytest.raises(NotTheRulesDay):
            object_to(known, statement, here)
    else:
        assert object_to(known, statement, here).content.objections[0].effective_on == day(on)


def test_the_same_day_is_not_named_twice_while_it_is_to_be_answered() -> None:
    here = scene(PREVIOUS, today=SILENT_ON)
    first = objection()
    objected = object_to(established(proved()), first, here).content
    with pytest.raises(ObjectedAlready):
        object_to(objected, objection(reason=ObjectionReason.NOTICE_NEVER_CAME), here)
    assert len(object_to(objected, objection(effective_on=day("2027-01-01")), here).content.objections) == 2
    theirs = scene(NEW, today=SILENT_ON)
    declined = decline(objected, said(DeclineOverride, override=first.id, declined_by=IEVA), theirs).content
    assert len(object_to(declined, objection(), here).content.objections) == 2
