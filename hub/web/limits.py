"""How much one caller may ask of one process in a short time, and what an operator may set of it (threat 26).

Nothing is shared between two callers. Counts are of one process and are forgotten with it, at the end of each
window: with several processes a caller may come to as many times as much.
Why not the library `limits` (5.8): at each count it starts a task that walks over all callers that it knows,
which takes 0.1 ms for ten of them and 10 ms for ten thousand strangers.
"""

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import timedelta

from hub.kernel.refusal import TooMuch

WINDOW = timedelta(seconds=10)
"""Short enough for the client library's patience: who is over the limit waits no longer."""
NOT_SOON = timedelta(hours=1)
"""What fills a quota of rows or bytes is emptied by people."""
HELD_BACK_SECONDS = 0.25
"""Who is told to come later hears so a little later: one that comes again at once gains nothing by it."""
STRANGER_HELD_BACK_SECONDS = 5.0
"""At most, by chance: thousands of connections of one address do not come again all at once."""
_DICE = random.Random()  # noqa: S311  # nothing secret


@dataclass(frozen=True, slots=True)
class Limits:
    """A centre's share of one process; `settings` says what each means."""

    calls: int = 1000
    statements: int = 500
    calls_at_once: int = 2
    calls_waiting: int = 128
    uploads_at_once: int = 24
    open_requests: int = 2000
    unused_proofs_bytes: int = 2_000_000_000
    prepared_bytes: int = 200_000_000_000
    strangers: int = 1000


class Window:
    """Counts callers from the window's beginning to its end, then anew."""

    def __init__(self, at_most: int, length: timedelta | None = None) -> None:
        self._at_most, self._seconds = at_most, (length or WINDOW).total_seconds()
        self._ends = 0.0
        self._counts: Counter[Hashable] = Counter()

    def count(self, who: Hashable) -> None:
        self._turn_over()
        self._counts[who] += 1

    def pause_of(self, who: Hashable) -> timedelta | None:
        """How long one that has had more than its share is to wait; None for all others."""
        self._turn_over()
        if self._counts[who] <= self._at_most:
            return None
        return timedelta(seconds=math.ceil(self._ends - time.monotonic()))

    def _turn_over(self) -> None:
        now = time.monotonic()
        if now >= self._ends:
            self._counts.clear()
            self._ends = now + self._seconds


async def held_back(refusal: TooMuch) -> TooMuch:
    await asyncio.sleep(HELD_BACK_SECONDS)
    return refusal


async def stranger_held_back(refusal: TooMuch) -> TooMuch:
    """The same refusal, once some of the time has passed that the caller is to wait."""
    wait = timedelta(seconds=_DICE.uniform(0.2, 1) * STRANGER_HELD_BACK_SECONDS)
    await asyncio.sleep(wait.total_seconds())
    return type(refusal)(max(refusal.retry_after - wait, timedelta(seconds=1)))
