"""A process goes by the database's clock: it asks before it decides anything, and then on and on.

What is wrong with the machine's own clock is told in the log once, and again when it changes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from hub.kernel import clock
from hub.plumbing.database import Database, DatabaseUnavailable, Tx, fetch

EVERY = timedelta(seconds=10)
"""Between two askings both clocks run by themselves: that far they do not drift apart by a millisecond."""
TOLERATED = timedelta(seconds=2)
"""A machine whose own clock is further away is not looked after."""
_AGAIN = timedelta(seconds=1)
_TRIES_AT_START = 30
_ASK = "SELECT clock_timestamp()"

log = structlog.get_logger(__name__)


@asynccontextmanager
async def kept(database: Database) -> AsyncIterator[None]:
    """Inside the block the process goes by the database's clock; it begins once it knows the time."""
    for left in reversed(range(_TRIES_AT_START)):
        try:
            await ask(database)
        except DatabaseUnavailable:
            if not left:
                raise
            await asyncio.sleep(_AGAIN.total_seconds())
        else:
            break
    asking = asyncio.create_task(_go_on(database))
    try:
        yield
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def ask(database: Database) -> None:
    asked = clock.ticks()
    ((moment,),) = await database.alone(_ASK)
    clock.set_by(moment, asked, clock.ticks())


async def ask_within(tx: Tx) -> datetime:
    """The same on an open transaction; the time it said."""
    asked = clock.ticks()
    ((moment,),) = await fetch(tx, _ASK)
    clock.set_by(moment, asked, clock.ticks())
    return clock.now()


async def _go_on(database: Database) -> None:
    told = timedelta()
    while True:
        told = _tell(clock.ahead(), told)
        await asyncio.sleep(EVERY.total_seconds())
        try:
            await ask(database)
        except DatabaseUnavailable:
            continue  # it goes on by its ticks, which nobody sets
        except Exception as failure:
            log.exception("clock not asked", exc_info=failure)


def _tell(ahead: timedelta, told: timedelta) -> timedelta:
    """Log what is wrong with this machine's clock where that is news; what was told last."""
    if abs(ahead - told) <= TOLERATED:
        return told
    if abs(ahead) <= TOLERATED:
        log.info("clock right again")
        return timedelta()
    log.error("clock wrong", seconds_ahead=round(ahead.total_seconds(), 1))
    return ahead
