"""A month's duties counted where they lie, in one statement for any number of them and of centres.

Source: board.md 8 (what is counted row by row stands still at a million). A duty counts in the month in which
its term ends. Working days are differences of numbers that each day bears in each calendar: they come with
the question, so that the database knows no calendar of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from hub.duties.duty import Ending, Stake
from hub.kernel.ids import CentreId
from hub.plumbing.database import Tx, fetch
from hub.workdays.calendars import Policy

_COUNT = f"""
    WITH numbered AS (
        SELECT * FROM unnest($6::date[], $7::integer[], $8::integer[]) AS one (day, statutory, moved)
    ), owed AS (
        SELECT owner_id, kind, due_on, starts_on, calendar,
            CASE WHEN ended_at < $5 THEN least(done_on, (ended_at AT TIME ZONE 'Europe/Riga')::date) END
                AS done_on
        FROM hub.duty
        WHERE tenant_id = $1 AND stake = $2 AND due_on >= $3 AND due_on < $4
            AND NOT (ended_at IS NOT NULL AND ended_at < $5 AND ending <> '{Ending.MET}')
    ), timed AS (
        SELECT owner_id, kind, due_on, done_on, CASE WHEN done_on IS NOT NULL THEN greatest(0,
            CASE calendar WHEN '{Policy.MOVED}' THEN last.moved - first.moved
            ELSE last.statutory - first.statutory END) END AS took
        FROM owed LEFT JOIN numbered AS first ON first.day = owed.starts_on
            LEFT JOIN numbered AS last ON last.day = owed.done_on
    )
    SELECT owner_id, kind, count(*) AS due, count(*) FILTER (WHERE done_on <= due_on) AS in_time,
        count(*) FILTER (WHERE done_on > due_on) AS done_late,
        count(*) FILTER (WHERE done_on IS NULL AND due_on < ($5 AT TIME ZONE 'Europe/Riga')::date)
            AS overdue,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY took) AS median
    FROM timed GROUP BY GROUPING SETS ((owner_id, kind), (owner_id), (kind), ())
"""  # noqa: S608  # our own words


class Counted(TypedDict):
    """Of an owner and a kind; None where it is of all of them."""

    owner_id: UUID | None
    kind: str | None
    due: int
    in_time: int
    done_late: int
    overdue: int
    """Not done, and their day is over."""
    median: int | None
    """Working days from what a term is counted from to what met it: half of them took at most so many."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which duties: due from `first` on and before `after`, as they stood at `moment`."""

    first: date
    after: date
    moment: datetime


async def counted(
    tx: Tx, tenant: CentreId, stake: Stake, span: Span, numbers: Mapping[date, tuple[int, int]]
) -> Sequence[Counted]:
    """`numbers` of days, by the statutory calendar and by the one with moved days."""
    days = list(numbers)
    both = ([numbers[day][which] for day in days] for which in (0, 1))
    return await fetch(tx, _COUNT, tenant, stake.value, span.first, span.after, span.moment, days, *both)
