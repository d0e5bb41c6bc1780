"""What is owed from the day of a move: by whom, from when, until when."""

from datetime import date, timedelta

import pytest

from hub.duties.duty import WORKING_DAYS, Basis, DutyKind
from hub.transfers.family.dating import dated
from hub.workdays.calendars import Calendar
from hub.workdays.deadlines import term
from saikne_schemas.family_move_words import CourtChannel, DatedBy
from saikne_schemas.family_moves import CourtNotice, Registration
from tests.transfers.family.scenes import LATVIA, NEW, PREVIOUS, day, move, scene

ON_TIME, OVERRIDE = DatedBy.NOTICE_ON_TIME, DatedBy.OVERRIDE

# domain 6.3: by when the register's entry is due for a move on the first of each month of 2026
REGISTER_2026 = ["01-06", "02-04", "03-04", "04-08", "05-07", "06-04"]
REGISTER_2026 += ["07-06", "08-05", "09-04", "10-06", "11-04", "12-04"]


def due(kind: DutyKind, effective_on: date, calendar: Calendar) -> date:
    """By when it is owed, as the duty that begins would be counted."""
    known = scene(today=effective_on - timedelta(days=9))
    (owed,) = [one for one in dated(move(), effective_on, ON_TIME, known).opens if one.kind is kind]
    return term(owed.starts_on, WORKING_DAYS[owed.kind], calendar).due_on


@pytest.mark.parametrize("written", REGISTER_2026)
@pytest.mark.parametrize("kind", [DutyKind.REGISTER, DutyKind.COURT_NOTICE])
def test_register_and_court_are_due_three_working_days_after_the_move(kind: DutyKind, written: str) -> None:
    expected = day(f"2026-{written}")
    assert due(kind, expected.replace(day=1), LATVIA.statutory) == expected


def test_a_second_of_january_that_is_moved_makes_it_a_day_later() -> None:
    assert due(DutyKind.REGISTER, day("2026-01-01"), LATVIA.moved) == day("2026-01-07")


def test_the_case_is_archived_within_ten_working_days_of_the_move() -> None:
    assert due(DutyKind.ARCHIVE_CASE, day("2026-12-01"), LATVIA.statutory) == day("2026-12-15")


def test_everything_is_owed_side_by_side_from_the_same_day() -> None:
    fixed = dated(move(), day("2026-12-01"), ON_TIME, scene())
    assert {(one.kind, one.owner, one.awaited_by) for one in fixed.opens} == {
        (DutyKind.REGISTER, NEW, ()),
        (DutyKind.COURT_NOTICE, NEW, ()),
        (DutyKind.REQUEST_COPIES, NEW, ()),
        (DutyKind.ARCHIVE_CASE, PREVIOUS, (NEW,)),
    }
    assert {(one.starts_on, one.basis) for one in fixed.opens} == {(day("2026-12-01"), Basis.MOVE_EFFECTIVE)}
    assert (fixed.content.effective_on, fixed.content.dated_by) == (day("2026-12-01"), ON_TIME)
    assert fixed.drops == ()


def test_a_day_that_is_known_late_lets_no_term_begin_before_it_is_known() -> None:
    late = dated(move(), day("2026-11-01"), ON_TIME, scene(today=day("2026-11-19")))
    assert {(one.starts_on, one.basis) for one in late.opens} == {(day("2026-11-19"), Basis.MOVE_DATE_KNOWN)}
    assert (late.content.effective_on, late.content.known_on) == (day("2026-11-01"), day("2026-11-19"))
    again = dated(late.content, day("2026-11-01"), OVERRIDE, scene(today=day("2026-11-20")))
    assert again.content.known_on == day("2026-11-19")


def test_another_day_lets_everything_that_is_left_begin_anew() -> None:
    first = dated(move(), day("2026-12-01"), ON_TIME, scene()).content
    again = dated(first, day("2027-01-01"), OVERRIDE, scene())
    assert set(again.drops) == {one.kind for one in again.opens}
    assert {one.starts_on for one in again.opens} == {day("2027-01-01")}
    assert (again.content.effective_on, again.content.dated_by) == (day("2027-01-01"), OVERRIDE)


def test_who_was_told_a_day_that_no_longer_counts_is_told_anew_and_the_rest_stays_done() -> None:
    entry = Registration(registered_on=day("2026-11-03"))
    told = CourtNotice(court="LV-041", channel=CourtChannel.E_ADDRESS, sent_on=day("2026-11-03"))
    done = move(
        effective_on=day("2026-11-01"),
        dated_by=ON_TIME,
        registered=entry,
        court_told=told,
        remaining=[DutyKind.TALK],
    )
    again = dated(done, day("2026-12-01"), OVERRIDE, scene())
    assert [one.kind for one in again.opens] == [DutyKind.REGISTER, DutyKind.COURT_NOTICE]
    assert (again.content.registered, again.content.court_told) == (None, None)
    assert again.content.remaining == [DutyKind.REGISTER, DutyKind.COURT_NOTICE, DutyKind.TALK]
    same = dated(done, day("2026-11-01"), OVERRIDE, scene())
    assert (same.opens, same.content.registered, same.content.court_told) == ((), entry, told)
