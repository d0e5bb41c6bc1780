"""The day on which the previous centre received the notice decides; a late one leaves it a choice."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from hub.duties.duty import Basis, DutyKind
from hub.kernel.days import DateBeforeCause, DateInTheFuture, DateOutOfRange
from hub.matters.workflow import Owed
from hub.transfers.family.notice import NoticeWithoutEvidence, ask, claim, decide, deny, receive
from hub.workdays.calendars import Policy, YearNotKnown
from hub.workdays.deadlines import term
from saikne_schemas.family_move_words import DatedBy, FamilyMoveState, LateNoticeChoice, NoticeChannel
from saikne_schemas.family_moves import (
    AskNotice,
    DecideLateNotice,
    FamilyMove,
    NoticeClaimed,
    NoticeNotReceived,
)
from tests.transfers.family.scenes import (
    LATVIA,
    NEW,
    PREVIOUS,
    PROOF,
    SOLVITA,
    TODAY,
    day,
    move,
    notice,
    said,
    scene,
)

BY_PREVIOUS = scene(PREVIOUS)
LATE = receive(move(), notice("2026-10-29"), BY_PREVIOUS).content


def decision(choice: LateNoticeChoice) -> DecideLateNotice:
    return said(DecideLateNotice, choice=choice, decided_by=SOLVITA)


def test_a_notice_in_time_fixes_the_first_of_next_month() -> None:
    outcome = receive(move(), notice("2026-10-27"), BY_PREVIOUS)
    assert outcome.to is FamilyMoveState.DATED
    assert (outcome.content.effective_on, outcome.content.dated_by) == (
        day("2026-11-01"),
        DatedBy.NOTICE_ON_TIME,
    )
    assert len(outcome.opens) == 4
    assert (outcome.tells, outcome.warnings) == (((NEW, "notice_on_time"),), ())


def test_a_late_notice_fixes_nothing_and_asks_the_previous_centre() -> None:
    outcome = receive(move(), notice("2026-10-29"), BY_PREVIOUS)
    assert outcome.to is FamilyMoveState.LATE
    assert (outcome.content.effective_on, outcome.content.dated_by) == (None, None)
    asked, told = DutyKind.DECIDE_LATE_NOTICE, Basis.NOTICE_RECORDED
    assert outcome.opens == (Owed(asked, PREVIOUS, TODAY, told, (NEW,), working_days=1),)
    assert (outcome.meets, outcome.drops) == ((DutyKind.ACKNOWLEDGE_NOTICE,), (DutyKind.PROVE_NOTICE,))
    assert outcome.tells == ((NEW, "notice_late"),)


@pytest.mark.parametrize(
    ("told_on", "due_on"),
    [("2026-10-28", "2026-10-30"), ("2026-10-29", "2026-10-30"), ("2026-10-30", "2026-11-02")],
)
def test_the_choice_is_due_on_the_months_last_working_day_or_the_day_after_it_can_be_made(
    told_on: str, due_on: str
) -> None:
    outcome = receive(move(), notice("2026-10-28"), scene(PREVIOUS, today=day(told_on)))
    (owed,) = outcome.opens
    assert owed.working_days is not None
    assert term(owed.starts_on, owed.working_days, LATVIA.statutory).due_on == day(due_on)


def test_both_calendars_are_kept_with_what_they_were_counted_from() -> None:
    own, other = LATE.counted
    assert (own.calendar, other.calendar) == ("statutory", "moved")
    assert own.last_working_days == [day("2026-10-28"), day("2026-10-29"), day("2026-10-30")]
    assert (own.latest_on_time_notice, own.on_time) == (day("2026-10-27"), False)
    assert (own.effective_on, own.latest_if_continued) == (day("2026-11-01"), day("2026-12-01"))
    assert (own.calendar_version, own.confirmed) == (LATVIA.statutory.version, True)
    assert other.calendar_version == LATVIA.moved.version


@pytest.mark.parametrize(
    ("policy", "on_time", "effective_on"),
    [(Policy.STATUTORY, False, None), (Policy.MOVED, True, date(2026, 7, 1))],
)
def test_where_the_calendars_disagree_the_previous_centres_own_decides(
    policy: Policy, *, on_time: bool, effective_on: date | None
) -> None:
    outcome = receive(move(), notice("2026-06-26"), scene(PREVIOUS, previous_counts_by=policy))
    found = outcome.content.notice
    assert found is not None
    assert (found.on_time, found.decisive.value) == (on_time, policy.value)
    assert outcome.content.effective_on == effective_on
    assert [one.on_time for one in outcome.content.counted] == [on_time, not on_time]
    assert outcome.warnings == ("transfers.calendars-disagree",)


def test_a_year_whose_moves_are_not_confirmed_is_warned_of() -> None:
    when = scene(PREVIOUS, today=date(2027, 3, 2), previous_counts_by=Policy.MOVED)
    outcome = receive(move(agreed_on=date(2027, 1, 4)), notice("2027-03-01"), when)
    assert outcome.warnings == ("transfers.calendar-not-confirmed",)


def test_the_day_is_that_of_riga() -> None:
    late_evening = datetime(2026, 10, 27, 22, 30, tzinfo=UTC)  # half past midnight of the 28th
    outcome = receive(move(), notice("2026-10-27", received_at=late_evening), BY_PREVIOUS)
    assert outcome.content.effective_on is None


@pytest.mark.parametrize(
    ("received", "changes", "refusal"),
    [
        ("2026-10-27", {"proofs": []}, NoticeWithoutEvidence),
        ("2026-11-21", {}, DateInTheFuture),
        ("2025-09-10", {}, DateBeforeCause),  # the family would have moved before its agreement
        ("2023-12-31", {}, DateBeforeCause),
        ("1950-01-01", {}, DateOutOfRange),
    ],
)
def test_a_notice_that_cannot_be_is_refused(
    received: str, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        receive(move(), notice(received, **changes), BY_PREVIOUS)


def test_a_proof_named_twice_does_not_count_twice() -> None:
    with pytest.raises(ValidationError, match="each is named once"):
        notice("2026-10-20", proofs=[PROOF, PROOF])
    with pytest.raises(ValidationError, match="each is named once"):
        claimed(proofs=[PROOF, PROOF])


def test_a_notice_in_a_year_without_a_calendar_is_refused() -> None:
    with pytest.raises(YearNotKnown):
        receive(move(), notice("2051-01-03"), scene(PREVIOUS, today=date(2051, 2, 1)))


@pytest.mark.parametrize(
    ("choice", "effective_on"),
    [(LateNoticeChoice.RELEASE, "2026-11-01"), (LateNoticeChoice.CONTINUE, "2026-12-01")],
)
def test_the_previous_centres_choice_fixes_the_day(choice: LateNoticeChoice, effective_on: str) -> None:
    outcome = decide(LATE, decision(choice), BY_PREVIOUS)
    assert outcome.content.effective_on == day(effective_on)
    assert outcome.content.dated_by is not None
    assert outcome.content.dated_by.value == choice.value
    assert outcome.meets == (DutyKind.DECIDE_LATE_NOTICE,)
    assert {one.starts_on for one in outcome.opens} == {max(day(effective_on), TODAY)}


def test_a_choice_is_open_however_much_later_it_is_made() -> None:
    outcome = decide(LATE, decision(LateNoticeChoice.RELEASE), scene(PREVIOUS, today=date(2027, 2, 1)))
    assert outcome.content.effective_on == day("2026-11-01")


def claimed(**changes: Any) -> NoticeClaimed:
    sent = datetime(2026, 10, 27, 9, tzinfo=UTC)
    fields: dict[str, Any] = {"channel": NoticeChannel.SMS, "sent_at": sent, "proofs": [PROOF]}
    return said(NoticeClaimed, **{**fields, **changes})


def test_that_a_notice_was_sent_changes_no_day() -> None:
    outcome = claim(move(), claimed(), scene())
    assert outcome.content.claim is not None
    assert outcome.content.effective_on is None
    word = DutyKind.ACKNOWLEDGE_NOTICE
    assert outcome.opens == (Owed(word, PREVIOUS, TODAY, Basis.NOTICE_CLAIMED, (NEW,)),)
    assert (outcome.meets, outcome.drops) == ((DutyKind.PROVE_NOTICE,), (word,))
    assert outcome.tells == ((PREVIOUS, "notice_claimed"),)


def test_who_told_of_the_notice_itself_owes_no_second_word_about_it() -> None:
    outcome = claim(LATE, claimed(), scene())
    assert (outcome.opens, outcome.drops, outcome.meets) == ((), (), ())


def test_what_the_other_centre_has_proved_is_confirmed_without_a_proof() -> None:
    shown = claim(move(), claimed(), scene()).content
    outcome = receive(shown, notice("2026-10-27", proofs=[]), BY_PREVIOUS)
    assert (outcome.to, outcome.content.dated_by) == (FamilyMoveState.DATED, DatedBy.NOTICE_ON_TIME)
    with pytest.raises(NoticeWithoutEvidence):  # another day is its own word, and needs its own proof
        receive(shown, notice("2026-10-26", proofs=[]), BY_PREVIOUS)


def test_a_proof_by_which_the_family_would_have_moved_before_its_agreement_is_refused() -> None:
    with pytest.raises(DateBeforeCause):
        claim(move(agreed_on=day("2026-11-03")), claimed(), scene())


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"proofs": []}, NoticeWithoutEvidence),
        ({"sent_at": datetime(2026, 11, 20, 12, 0, 1, tzinfo=UTC)}, DateInTheFuture),
        ({"sent_at": datetime(2023, 12, 31, tzinfo=UTC)}, DateBeforeCause),
    ],
)
def test_a_claim_that_cannot_be_is_refused(changes: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        claim(move(), claimed(**changes), scene())


def test_asking_and_denying_are_kept_and_fix_nothing() -> None:
    asked = ask(move(), said(AskNotice), scene())
    assert asked.opens == ()  # it is owed since the move was begun
    answered = deny(asked.content, said(NoticeNotReceived), BY_PREVIOUS)
    now = scene().now
    assert (answered.content.asked_at, answered.content.not_received_at) == (now, now)
    assert answered.content.effective_on is None
    assert (asked.tells, answered.tells) == (
        ((PREVIOUS, "notice_asked"),),
        ((NEW, "notice_not_received"),),
    )
    assert answered.meets == (DutyKind.ACKNOWLEDGE_NOTICE,)
    assert answered.opens == (Owed(DutyKind.PROVE_NOTICE, NEW, TODAY, Basis.NOTICE_DENIED, (PREVIOUS,)),)
    assert deny(answered.content, said(NoticeNotReceived), BY_PREVIOUS).opens == ()


def test_who_is_asked_again_after_a_no_owes_its_word_again() -> None:
    denied = deny(move(), said(NoticeNotReceived), scene(PREVIOUS, today=day("2026-11-18"))).content
    asked = ask(denied, said(AskNotice), scene())
    assert asked.drops == (DutyKind.PROVE_NOTICE,)
    assert asked.opens == (Owed(DutyKind.ACKNOWLEDGE_NOTICE, PREVIOUS, TODAY, Basis.NOTICE_ASKED, (NEW,)),)


def test_what_is_kept_reads_back_as_it_was() -> None:
    assert FamilyMove.model_validate(LATE.model_dump(mode="json")) == LATE
