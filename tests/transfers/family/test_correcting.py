"""A day that was told wrongly is put right: both are kept, and what was counted from it follows."""

from datetime import datetime
from typing import Any

import pytest

from hub.duties.duty import DutyKind
from hub.kernel.days import DateBeforeCause, DateInTheFuture
from hub.kernel.ids import OVERSIGHT
from hub.transfers.family.correcting import (
    NothingToCorrect,
    RegisterSaidSo,
    correct_notice,
    correct_registration,
)
from hub.transfers.family.notice import NoticeWithoutEvidence, decide, receive
from hub.transfers.family.opening import MoveInEffect
from hub.wording.catalogue import LANGUAGES, text
from saikne_schemas.correction_words import CorrectedFact, CorrectionReason
from saikne_schemas.corrections import CorrectNotice, CorrectRegistration
from saikne_schemas.family_move_words import (
    DatedBy,
    FamilyMoveRole,
    FamilyMoveState,
    LateNoticeChoice,
    OverrideReason,
)
from saikne_schemas.family_moves import DecideLateNotice, FamilyMove, Override, Registration
from tests.transfers.family.scenes import (
    IEVA,
    MATTER,
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

SEEN_ON = day("2026-11-26")
"""November 2026 ends with the working days 26, 27 and 30: the 25th is the last on which notice is on time."""
ON_TIME, LATE, MONTH_BEFORE = "2026-11-20", "2026-11-26", "2026-10-08"


def told(received: str) -> FamilyMove:
    return receive(move(), notice(received), scene(PREVIOUS, today=SEEN_ON)).content


def chosen(choice: LateNoticeChoice) -> FamilyMove:
    decision = said(DecideLateNotice, choice=choice, decided_by=SOLVITA)
    return decide(told(LATE), decision, scene(PREVIOUS, today=SEEN_ON)).content


def right(received: str, **changes: Any) -> CorrectNotice:
    fields: dict[str, Any] = {
        "received_at": datetime.fromisoformat(f"{received}T10:00:00Z"),
        "reason": CorrectionReason.MISTYPED,
        "corrected_by": SOLVITA,
        "proofs": [PROOF],
    }
    return said(CorrectNotice, **{**fields, **changes})


def at(today: str = "2026-11-26") -> Any:
    return scene(PREVIOUS, today=day(today))


def test_both_days_are_kept_and_the_other_side_and_oversight_are_told() -> None:
    outcome = correct_notice(told(ON_TIME), right("2026-11-19"), at())
    (one,) = outcome.content.corrections
    assert (one.fact, one.before, one.after) == (CorrectedFact.NOTICE, day(ON_TIME), day("2026-11-19"))
    assert (one.reason, one.corrected_by, one.corrected_on) == (CorrectionReason.MISTYPED, SOLVITA, SEEN_ON)
    assert outcome.tells == ((NEW, "notice_corrected"),)
    assert outcome.also_for == (OVERSIGHT,)
    assert outcome.facts == {"before": ON_TIME, "after": "2026-11-19"}


def test_a_day_of_the_same_month_leaves_the_day_of_the_move_and_what_is_owed() -> None:
    known = told(ON_TIME)
    outcome = correct_notice(known, right("2026-11-19"), at())
    assert (outcome.to, outcome.opens, outcome.drops) == (None, (), ())
    assert outcome.content.effective_on == known.effective_on == day("2026-12-01")


def test_a_notice_that_came_too_late_after_all_gives_the_previous_centre_its_choice() -> None:
    outcome = correct_notice(told(ON_TIME), right(LATE), at())
    after = outcome.content
    assert (outcome.to, after.effective_on, after.dated_by) == (FamilyMoveState.LATE, None, None)
    assert [one.kind for one in outcome.opens] == [DutyKind.DECIDE_LATE_NOTICE]
    assert {DutyKind.REGISTER, DutyKind.COURT_NOTICE, DutyKind.ARCHIVE_CASE} <= set(outcome.drops)


def test_what_is_owed_no_more_and_what_is_to_be_done_again_is_told() -> None:
    registered = Registration(registered_on=SEEN_ON)
    known = told(ON_TIME)
    left = [one for one in known.remaining if one is not DutyKind.REGISTER]
    done = known.model_copy(update={"registered": registered, "remaining": left})
    outcome = correct_notice(done, right(LATE), at())
    (one,) = outcome.content.corrections
    assert outcome.tells == ((NEW, "notice_corrected_undated"),)
    assert (one.moved_before, one.moved_after) == (day("2026-12-01"), None)
    assert one.dropped == [DutyKind.COURT_NOTICE, DutyKind.REQUEST_COPIES, DutyKind.ARCHIVE_CASE]
    assert one.again == [DutyKind.REGISTER]
    back = correct_notice(outcome.content, right(ON_TIME), at())
    assert back.tells == ((NEW, "notice_corrected_redated"),)
    last = back.content.corrections[-1]
    assert (last.moved_before, last.moved_after) == (None, day("2026-12-01"))
    assert (last.dropped, last.again) == ([DutyKind.DECIDE_LATE_NOTICE], [])


def test_a_proposal_of_another_day_that_falls_is_told() -> None:
    proposal = Override(
        id=MATTER,
        effective_on=day("2027-02-01"),
        reason=OverrideReason.AGREED_BY_ALL,
        side=FamilyMoveRole.NEW,
        proposed_by=IEVA,
    )
    known = told(LATE).model_copy(update={"override": proposal})
    after = correct_notice(known, right(ON_TIME), at()).content
    assert after.override is None
    assert DutyKind.ANSWER_DATE in after.corrections[-1].dropped


def test_whatever_a_correction_closes_is_named_by_it() -> None:
    """By the duties themselves: what was owed before and is owed no more."""
    for before, received in ((told(ON_TIME), LATE), (told(LATE), ON_TIME), (told(ON_TIME), MONTH_BEFORE)):
        outcome = correct_notice(before, right(received), at())
        opened = {one.kind for one in outcome.opens}
        was = {DutyKind.DECIDE_LATE_NOTICE} if before.effective_on is None else set(before.remaining)
        assert set(outcome.content.corrections[-1].dropped) == (was & set(outcome.drops)) - opened


def test_a_notice_that_came_in_time_after_all_dates_the_move_without_a_choice() -> None:
    outcome = correct_notice(told(LATE), right(ON_TIME), at())
    assert (outcome.to, outcome.content.dated_by) == (FamilyMoveState.DATED, DatedBy.NOTICE_ON_TIME)
    assert outcome.content.effective_on == day("2026-12-01")
    assert DutyKind.DECIDE_LATE_NOTICE in outcome.drops
    assert DutyKind.REGISTER in {one.kind for one in outcome.opens}


@pytest.mark.parametrize("choice", list(LateNoticeChoice))
def test_a_choice_about_a_notice_that_was_in_time_is_none(choice: LateNoticeChoice) -> None:
    known = chosen(choice)
    assert known.decision is not None
    assert correct_notice(known, right(ON_TIME), at()).content.decision is None
    assert correct_notice(known, right("2026-10-30"), at()).content.decision == known.decision


def test_one_that_stays_late_keeps_the_choice_and_a_choice_that_was_made_holds() -> None:
    still = correct_notice(told(LATE), right("2026-10-30"), at())
    assert (still.to, [one.kind for one in still.opens]) == (
        FamilyMoveState.LATE,
        [DutyKind.DECIDE_LATE_NOTICE],
    )
    for choice, effective_on in (
        (LateNoticeChoice.RELEASE, "2026-11-01"),
        (LateNoticeChoice.CONTINUE, "2026-12-01"),
    ):
        outcome = correct_notice(chosen(choice), right("2026-10-30"), at())
        assert (outcome.content.effective_on, str(outcome.content.dated_by)) == (
            day(effective_on),
            choice.value,
        )


def test_a_day_that_both_agreed_on_stays() -> None:
    agreed = told(ON_TIME).model_copy(
        update={"dated_by": DatedBy.OVERRIDE, "effective_on": day("2027-02-01")}
    )
    outcome = correct_notice(agreed, right(LATE), at())
    assert (outcome.to, outcome.content.effective_on, outcome.opens) == (None, day("2027-02-01"), ())
    assert len(outcome.content.corrections) == 1


def test_once_the_day_has_come_no_correction_changes_it() -> None:
    for received in (LATE, MONTH_BEFORE):
        with pytest.raises(MoveInEffect):
            correct_notice(told(ON_TIME), right(received), at("2026-12-02"))
    harmless = correct_notice(told(ON_TIME), right("2026-11-19"), at("2026-12-02"))
    assert harmless.content.effective_on == day("2026-12-01")


def test_a_correction_names_another_day_and_its_proof() -> None:
    with pytest.raises(NothingToCorrect):
        correct_notice(move(), right(ON_TIME), at())
    with pytest.raises(NothingToCorrect):
        correct_notice(told(ON_TIME), right(ON_TIME), at())
    with pytest.raises(NoticeWithoutEvidence):
        correct_notice(told(ON_TIME), right("2026-11-19", proofs=[]), at())
    with pytest.raises(DateInTheFuture):
        correct_notice(told(ON_TIME), right("2026-11-27"), at())


def entered(registration: Any = None) -> FamilyMove:
    entry = Registration(registered_on=day("2026-11-03"), registration=registration)
    return move(effective_on=day("2026-11-01"), registered=entry)


def entry(on: str) -> CorrectRegistration:
    fields = {"reason": CorrectionReason.PROOF_SAYS_OTHERWISE, "corrected_by": IEVA}
    return said(CorrectRegistration, registered_on=day(on), **fields)


def test_the_duty_and_the_registration_follow_the_right_day() -> None:
    outcome = correct_registration(entered(), entry("2026-11-05"), scene())
    assert outcome.corrects == (DutyKind.REGISTER, day("2026-11-05"))
    assert outcome.content.registered == Registration(registered_on=day("2026-11-05"))
    (one,) = outcome.content.corrections
    assert (one.fact, one.before, one.after) == (
        CorrectedFact.REGISTRATION,
        day("2026-11-03"),
        day("2026-11-05"),
    )
    assert (outcome.tells, outcome.also_for) == (((PREVIOUS, "registration_corrected"),), (OVERSIGHT,))


def test_only_what_a_person_entered_is_corrected_and_by_a_day_that_can_be() -> None:
    with pytest.raises(RegisterSaidSo):
        correct_registration(entered(MATTER), entry("2026-11-05"), scene())
    for nothing in (move(effective_on=day("2026-11-01")), entered()):
        with pytest.raises(NothingToCorrect):
            correct_registration(nothing, entry("2026-11-03"), scene())
    with pytest.raises(DateBeforeCause):
        correct_registration(entered(), entry("2026-10-31"), scene())


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_hour_of_the_same_day_changes_nothing_and_the_refusal_says_that_the_day_counts(
    language: str,
) -> None:
    other_hour = right(ON_TIME, received_at=datetime.fromisoformat(f"{ON_TIME}T08:15:00Z"))
    with pytest.raises(NothingToCorrect):
        correct_notice(told(ON_TIME), other_hour, at())
    said_of_it = text(f"{NothingToCorrect.code}.detail", language)
    assert {"lv": "stunda", "en": "hour"}[language] in said_of_it
