"""How long a sign-in counts, and how many wrong tries there may be."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.people.session import ABSOLUTE, IDLE, TRIES, TRIES_WITHIN, counts, pause, tries_after

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
A_MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("begun", "seen", "still"),
    [
        (timedelta(), timedelta(), True),
        (IDLE, IDLE, True),
        (IDLE + A_MOMENT, IDLE + A_MOMENT, False),
        (ABSOLUTE, timedelta(), True),
        (ABSOLUTE + A_MOMENT, timedelta(), False),
    ],
)
def test_a_session_ends_by_rest_and_by_age(begun: timedelta, seen: timedelta, *, still: bool) -> None:
    assert counts(NOW - begun, NOW - seen, NOW) is still


def test_after_five_wrong_tries_there_is_a_pause_from_the_last_one() -> None:
    tries, at = 0, None
    for _ in range(TRIES):
        assert pause(tries, at, NOW) is None
        tries, at = tries_after(tries, at, NOW), NOW
    assert pause(tries, at, NOW) == TRIES_WITHIN
    assert pause(tries, at, NOW + TRIES_WITHIN - A_MOMENT) == A_MOMENT
    assert pause(tries, at, NOW + TRIES_WITHIN) is None
    assert tries_after(tries, at, NOW + TRIES_WITHIN) == 1


def test_tries_of_long_ago_are_forgotten() -> None:
    assert tries_after(TRIES - 1, NOW - TRIES_WITHIN, NOW) == 1
    assert tries_after(TRIES - 1, NOW - TRIES_WITHIN + A_MOMENT, NOW) == TRIES
