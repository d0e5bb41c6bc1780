"""Whatever the rows say is left to do: a page at a time, each row in what it does alone.

Found by what stands, not by a message, so that nothing is lost while nobody works. What is refused for one is
logged and found again; the others do not wait for it.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

import structlog

from hub.kernel.refusal import Refusal

log = structlog.get_logger(__name__)

AT_ONCE = 200
Row = TypeVar("Row")


async def sweep(
    page: Callable[[UUID | None], Awaitable[Sequence[Row]]],
    key: Callable[[Row], UUID],
    each: Callable[[Row], Awaitable[bool]],
) -> int:
    """How many rows `each` changed something for. `page` answers with at most `AT_ONCE`, by their keys."""
    done, after = 0, None
    while True:
        rows = await page(after)
        for row in rows:
            try:
                done += await each(row)
            except Refusal as refusal:  # such as a year that nobody has entered
                log.exception("left as it is", row=key(row), code=refusal.code, by=each.__qualname__)
        if len(rows) < AT_ONCE:
            return done
        after = key(rows[-1])
