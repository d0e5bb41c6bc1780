"""The calendars in the database: seeded once, changed by the owner, old editions still there."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, ProgrammingError

from hub.kernel.refusal import Refusal
from hub.plumbing.database import Database
from hub.workdays import store
from hub.workdays.calendars import DayKind, SpecialDay
from hub.workdays.changes import Entry
from hub.workdays.deadlines import term
from hub.workdays.seed import seed_calendars
from hub.workdays.store import CalendarMissing

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ORDER = Entry("Ilze Kalniņa", "MK rīkojums Nr. 1", AT)
MOVE = SpecialDay(date(2027, 5, 3), DayKind.MOVED_DAY_OFF, "", date(2027, 5, 8))


@pytest.fixture
async def seeded(owner: Database) -> Database:
    async with owner.transaction() as tx:
        await store.seed(tx, AT)
    return owner


async def test_the_seed_comes_back_as_it_went_in(seeded: Database) -> None:
    async with seeded.transaction() as tx:
        assert await store.load(tx) == seed_calendars()


async def test_a_second_seeding_changes_nothing(seeded: Database) -> None:
    async with seeded.transaction() as tx:
        assert await store.seed(tx, AT) is False
        assert await store.current_edition(tx) == 1


async def test_the_application_reads_the_calendars(seeded: Database, database: Database) -> None:
    assert seeded is not database
    async with database.transaction() as tx:
        assert await store.load(tx) == seed_calendars()


async def test_the_application_cannot_change_a_calendar(seeded: Database, database: Database) -> None:
    assert seeded is not database
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.transaction() as tx:
            await store.set_day(tx, MOVE, ORDER)


async def test_a_database_without_a_calendar_is_an_outage(owner: Database) -> None:
    async with owner.transaction() as tx:
        for table in (store.days, store.years, store.editions):
            await tx.execute(table.delete())
        with pytest.raises(CalendarMissing) as missing:
            await store.load(tx)
    assert missing.value.code == "workdays.calendar-missing"


async def test_a_change_makes_an_edition_and_leaves_the_old_one_as_it_was(seeded: Database) -> None:
    async with seeded.transaction() as tx:
        assert await store.set_day(tx, MOVE, ORDER) == 2
        new, old = await store.load(tx), await store.load(tx, 1)
    event = date(2027, 4, 28)
    assert (new.edition, term(event, 3, new.moved).due_on) == (2, date(2027, 5, 5))
    assert term(event, 3, old.moved).due_on == date(2027, 5, 3)
    assert term(event, 3, new.statutory).due_on == date(2027, 5, 3)
    assert old == seed_calendars()


async def test_a_move_taken_back_leaves_the_days_to_the_week(seeded: Database) -> None:
    async with seeded.transaction() as tx:
        await store.set_day(tx, MOVE, ORDER)
        assert await store.unset_day(tx, date(2027, 5, 8), ORDER) == 3
        calendar = (await store.load(tx)).moved
    assert (calendar.reason(date(2027, 5, 3)), calendar.reason(date(2027, 5, 8))) == (
        DayKind.WORKING_DAY,
        DayKind.WEEKEND,
    )


async def test_a_confirmed_year_confirms_its_terms(seeded: Database) -> None:
    event = date(2026, 12, 18)
    async with seeded.transaction() as tx:
        await store.confirm_year(tx, 2027, ORDER)
        assert term(event, 10, (await store.load(tx)).moved).confirmed
        await store.confirm_year(tx, 2027, ORDER, confirmed=False)
        assert not term(event, 10, (await store.load(tx)).moved).confirmed


async def test_a_refused_change_makes_no_edition(seeded: Database) -> None:
    with pytest.raises(Refusal) as refused:
        async with seeded.transaction() as tx:
            await store.set_day(tx, SpecialDay(date(2027, 5, 4), DayKind.PUBLIC_HOLIDAY), ORDER)
    assert refused.value.code == "workdays.day-already-so"
    async with seeded.transaction() as tx:
        assert await store.current_edition(tx) == 1


async def test_history_says_who_changed_what_and_why(seeded: Database) -> None:
    async with seeded.transaction() as tx:
        await store.set_day(tx, MOVE, ORDER)
        await store.unset_day(tx, MOVE.day, ORDER)
        await store.confirm_year(tx, 2027, ORDER)
        first, moved, taken_back, confirmed = await store.history(tx)
    assert (first.edition, first.entered_by, first.source.split()[0]) == (1, "hub", "holidays")
    assert (moved.entered_at, moved.entered_by, moved.source) == (AT, ORDER.by, ORDER.source)
    assert moved.days == (
        (date(2027, 5, 3), DayKind.MOVED_DAY_OFF),
        (date(2027, 5, 8), DayKind.WORKED_SATURDAY),
    )
    assert taken_back.days == ((date(2027, 5, 3), None), (date(2027, 5, 8), None))
    assert confirmed.years == ((2027, True),)


async def test_two_operators_at_once_make_two_editions(seeded: Database) -> None:
    async def enter(day: date) -> int:
        async with seeded.transaction() as tx:
            return await store.set_day(tx, SpecialDay(day, DayKind.PUBLIC_HOLIDAY), ORDER)

    assert sorted(await asyncio.gather(enter(date(2027, 9, 20)), enter(date(2027, 9, 21)))) == [2, 3]


async def test_two_operators_entering_the_same_day_enter_it_once(seeded: Database) -> None:
    async def enter() -> int:
        async with seeded.transaction() as tx:
            return await store.set_day(tx, SpecialDay(date(2027, 9, 20), DayKind.PUBLIC_HOLIDAY), ORDER)

    outcomes = await asyncio.gather(enter(), enter(), return_exceptions=True)
    refusals = [one for one in outcomes if isinstance(one, Refusal)]
    assert 2 in outcomes
    assert [one.code for one in refusals] == ["workdays.day-already-so"]


@pytest.mark.parametrize("kind", ["weekend", "moved-day-off"])
async def test_the_database_itself_refuses_half_a_move(seeded: Database, kind: str) -> None:
    row = {"day": date(2027, 5, 3), "edition": 1, "kind": kind, "name": "", "other_half": None}
    with pytest.raises(IntegrityError):
        async with seeded.transaction() as tx:
            await tx.execute(insert(store.days).values(row))


async def test_what_a_release_newly_knows_is_added_to_what_was_entered(owner: Database) -> None:
    known = seed_calendars()
    newly = (date(2028, 7, 10), date(2026, 1, 2), date(2026, 1, 17))
    async with owner.transaction() as tx:
        await tx.execute(store.days.delete().where(store.days.c.day.in_(newly)))
        assert (await store.load(tx)).statutory.is_worked(date(2028, 7, 10))
        assert await store.seed(tx, AT) is True
        loaded = await store.load(tx)
        assert (loaded.edition, loaded.moved.special) == (2, known.moved.special)
        assert await store.seed(tx, AT) is False


async def test_what_somebody_entered_or_took_back_is_not_undone_by_a_release(owner: Database) -> None:
    proclaimed, move = date(2028, 7, 10), (date(2026, 1, 2), date(2026, 1, 17))
    async with owner.transaction() as tx:
        await store.unset_day(tx, proclaimed, ORDER)
        await tx.execute(store.days.delete().where(store.days.c.day == move[0]))
        assert await store.seed(tx, AT) is False
        assert (await store.load(tx)).statutory.is_worked(proclaimed)


async def test_a_day_says_what_its_newest_entry_rests_on(seeded: Database) -> None:
    async with seeded.transaction() as tx:
        await store.set_day(tx, SpecialDay(date(2027, 9, 20), DayKind.PUBLIC_HOLIDAY, "Svētki"), ORDER)
        first, _, second = await store.whence(tx, [date(2027, 1, 1), date(2027, 9, 20), date(2026, 1, 17)])
        assert await store.whence(tx, [date(2027, 9, 21)]) == []
    assert first.source.startswith("holidays")
    assert second == store.Whence(date(2027, 9, 20), "Svētki", ORDER.source)
