"""What a worker finds in the database, and whether the hub could work now, as figures for Prometheus.

Counted now and then and told as it was found then. Every worker of an installation finds the same, so a rule
takes the largest, not the sum.
"""

import asyncio
from dataclasses import dataclass
from time import time

import structlog
from prometheus_client import Gauge

from hub.duties import store as duties
from hub.duties.duty import DutyKind
from hub.kernel import clock
from hub.kernel.ids import OVERSIGHT
from hub.kernel.refusal import Outage
from hub.parts import Parts
from hub.plumbing.measures import PREFIX
from hub.plumbing.promises import AGES, by_age, longest_due
from hub.web.readiness import Ground

log = structlog.get_logger(__name__)

EVERY_SECONDS = 15.0

READY = Gauge(f"{PREFIX}_ready", "Whether something that the hub stands on is ready.", ["what"])
OUTLETS = Gauge(f"{PREFIX}_outlet", "Whether this worker has a way out of this kind.", ["what"])
PROMISES = Gauge(f"{PREFIX}_promises", "Promises that could be kept and are not, by age.", ["job", "age"])
BROKEN = Gauge(f"{PREFIX}_promises_broken", "Promises that failed for good.", ["job"])
OLDEST = Gauge(f"{PREFIX}_promise_oldest_seconds", "Age of the oldest promise that could be kept.")
OVERDUE = Gauge(f"{PREFIX}_duties_overdue", "Duties past their day, at all centres.", ["kind"])
COUNTED = Gauge(f"{PREFIX}_counted_timestamp_seconds", "When the worker last counted all of these.")


@dataclass(slots=True)
class Figures:
    parts: Parts
    jobs: set[str]
    """The promises that are known; what else is found waiting joins them."""

    def __post_init__(self) -> None:
        OUTLETS.labels("mail").set(self.parts.mail is not None)
        OUTLETS.labels("sms").set(bool(self.parts.settings.sms_url))

    async def keep(self) -> None:
        """Count again and again, until cancelled; while the database is away the last count stands."""
        while True:
            try:
                await self.count()
            except Outage as outage:
                log.warning("figures wait", code=outage.code)
            except Exception as fault:
                log.exception("figures failed", exc_info=fault)
            await asyncio.sleep(EVERY_SECONDS)

    async def count(self) -> None:
        missing = await self.parts.readiness.missing()
        for ground in Ground:
            READY.labels(ground.value).set(ground not in missing)
        await self._promises()
        await self._duties()
        COUNTED.set(time())

    async def _promises(self) -> None:
        database = self.parts.database
        OLDEST.set((await longest_due(database)).total_seconds())
        found = await by_age(database)
        self.jobs |= {one.job for one in found}
        due = {(one.job, one.age): one.due for one in found}
        for job in self.jobs:
            for age in AGES:
                PROMISES.labels(job, age).set(due.get((job, age), 0))
            BROKEN.labels(job).set(sum(one.broken for one in found if one.job == job))

    async def _duties(self) -> None:
        async with self.parts.database.transaction([OVERSIGHT]) as tx:
            overdue = await duties.overdue_by_kind(tx, OVERSIGHT, clock.riga_day(clock.now()))
        for kind in DutyKind:
            OVERDUE.labels(kind.value).set(overdue.get(kind, 0))
