"""A process has one copy of the calendars in force, whoever asks first."""

import asyncio

from hub.plumbing.database import Database
from hub.workdays.calendars import Calendars
from hub.workdays.casework import CalendarShelf


async def test_all_who_ask_at_once_get_the_same_copy(database: Database) -> None:
    shelf = CalendarShelf()

    async def look() -> Calendars:
        async with database.transaction() as tx:
            return await shelf.current(tx)

    first, *others = await asyncio.gather(*(look() for _ in range(4)))
    assert all(other is first for other in others)
