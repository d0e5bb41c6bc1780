"""Pauses between tries, and the first moment at which anything is registered."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from hub.agis.tries import Pace, not_before, told_again

KEY = UUID("3a2e4de1-700d-55d2-9465-f02093da6420")
NOW = datetime(2026, 9, 1, 7, tzinfo=UTC)
PACE = Pace()


@given(st.uuids(), st.integers(min_value=0, max_value=100))
def test_a_pause_is_near_its_doubling_and_never_above_the_longest(key: UUID, tries: int) -> None:
    named = min(PACE.first_pause * 2 ** min(max(tries - 1, 0), 15), PACE.longest_pause)
    assert named * 0.75 <= PACE.pause(key, tries) < named * 1.25


def test_two_registrations_do_not_come_back_at_the_same_moment() -> None:
    assert len({PACE.pause(UUID(int=number), 3) for number in range(100)}) > 50


def test_the_register_may_ask_for_a_longer_pause_but_not_for_a_shorter_one() -> None:
    assert PACE.again(KEY, 1, 3600) == timedelta(hours=1)
    assert PACE.again(KEY, 1, 1) == PACE.again(KEY, 1, None) == PACE.pause(KEY, 1)


def test_sixty_tries_outlast_the_three_working_days_and_a_weekend() -> None:
    assert PACE.tries_at_most == 60
    waited = sum((PACE.pause(KEY, tries) for tries in range(1, PACE.tries_at_most)), timedelta())
    assert waited > timedelta(days=4)


def test_nothing_is_registered_before_the_day_has_come_in_riga() -> None:
    assert not_before(date(2026, 9, 1), NOW) == NOW
    assert not_before(date(2026, 9, 2), NOW) == datetime(2026, 9, 1, 21, tzinfo=UTC)
    assert not_before(date(2026, 11, 2), NOW) == datetime(2026, 11, 1, 22, tzinfo=UTC)


def test_a_person_is_told_daily_at_first_and_weekly_later() -> None:
    assert told_again(NOW, NOW + timedelta(days=4)) == NOW + timedelta(days=5)
    assert told_again(NOW, NOW + timedelta(days=5)) == NOW + timedelta(days=12)
