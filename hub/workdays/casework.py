"""The calendars in force, read from the database and kept as long as their edition stays the newest."""

import time

from hub.plumbing.database import Tx
from hub.workdays import store
from hub.workdays.calendars import Calendars

LOOK_AGAIN_SECONDS = 5.0
"""An operator's change reaches every process within this time; a term names the edition it was counted by."""


class CalendarShelf:
    """One process's copy of both calendars: one object an edition, by which what is counted is remembered."""

    def __init__(self) -> None:
        self._kept: Calendars | None = None
        self._looked_at = 0.0

    async def current(self, tx: Tx) -> Calendars:
        fresh = time.monotonic() - self._looked_at < LOOK_AGAIN_SECONDS
        if self._kept is not None and fresh:
            return self._kept
        if self._kept is None or await store.current_edition(tx) != self._kept.edition:
            loaded = await store.load(tx)
            if self._kept is None or self._kept.edition != loaded.edition:  # others looked meanwhile
                self._kept = loaded
        self._looked_at = time.monotonic()
        return self._kept
