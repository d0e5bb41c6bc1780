"""The job's loop: claim, deliver side by side, report what is finished, again; and when it waits or ends.

Source: features N10. Keeps nothing that matters: killed at any moment, the hub finds out by the lease that
nobody reported, and hands the same out again to be asked about first. So two may run at once.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from agis_sync.delivering import deliver, for_a_person, given_back, outcome_of
from agis_sync.gateways import Gateway
from agis_sync.gateways.findings import Finding, Trouble, Unanswered, unknown
from agis_sync.gateways.oddities import Odd, Oddity
from agis_sync.leases import Lease
from agis_sync.telling import Event, Kind, Tell
from saikne.problems import HubOutage
from saikne.statements import compose
from saikne_schemas.register_words import JobResult
from saikne_schemas.registrations import (
    AT_ONCE,
    LEASE_SECONDS,
    ClaimedRegistrations,
    ClaimRegistrations,
    Outcome,
    OutcomesTaken,
    RegistrationTask,
    ReportOutcomes,
)

LONGEST_PAUSE = 300.0
ODD_AT_MOST = 200
"""So many odd files are told of; a folder with more is somebody else's."""
_REPORT_AFTER, _REPORT_AFTER_SECONDS = 0.25, 15.0
"""A part of the lease, and at most: what is finished by then is reported, while slower ones go on."""
_DICE = random.SystemRandom()
_FINAL = frozenset({JobResult.ACKNOWLEDGED, JobResult.REJECTED})
_NOT_REACHED = frozenset({Trouble.AWAY, Trouble.ACCESS, Trouble.FOLDERS})
"""Met by one delivery, it will be met by all; a register that is busy may take the next."""

T = TypeVar("T")


class Registrations(Protocol):
    """What the job needs of the hub; `saikne.Hub` has it."""

    async def claim_registrations(self, claim: ClaimRegistrations) -> ClaimedRegistrations: ...

    async def report_outcomes(self, report: ReportOutcomes) -> OutcomesTaken: ...


@dataclass(frozen=True)
class Pace:
    """How much at once and how often."""

    at_once: int = 8
    """Deliveries side by side; a claim takes four times as many."""
    lease_seconds: int = LEASE_SECONDS
    poll_seconds: float = 60

    @property
    def claim(self) -> int:
        return min(self.at_once * 4, AT_ONCE)


@dataclass(frozen=True)
class _Done:
    task: RegistrationTask
    finding: Finding


class Job:
    """One job; `stop` ends it in good order, from a signal handler too."""

    def __init__(self, hub: Registrations, gateway: Gateway, pace: Pace, tell: Tell) -> None:
        self._hub, self._gateway, self._pace, self._tell = hub, gateway, pace, tell
        self._stopping = asyncio.Event()
        self._places = asyncio.Semaphore(pace.at_once)
        self._register_away: Trouble | None = None
        self._odd: set[Odd] = set()
        self._steadfast = False

    def stop(self) -> None:
        if not self._stopping.is_set():
            self._tell(Event(Kind.STOPPING))
            self._stopping.set()

    async def once(self) -> None:
        """Until nothing can be taken now, or the register is away; `HubOutage` where the hub is."""
        while not self._stopping.is_set() and await self._unreached() is None:
            claimed = await self._round()
            if not claimed.tasks:
                return

    async def continuously(self) -> None:
        """Until told to stop, whatever is away meanwhile."""
        self._steadfast, failures = True, 0
        while not self._stopping.is_set():
            if (why := await self._unreached()) is not None:
                failures += 1
                await self._wait(_pause(failures, why.again_in))
                continue
            failures = 0
            try:
                claimed = await self._round()
            except HubOutage:  # told, and told to stop meanwhile
                return
            if not claimed.tasks:
                await self._wait(self._until(claimed.next_at))

    async def _round(self) -> ClaimedRegistrations:
        """One claim, brought to its end."""
        lease = Lease.beginning(self._pace.lease_seconds)
        claim = compose(ClaimRegistrations, at_most=self._pace.claim, lease_seconds=lease.seconds)
        claimed = await self._persisting(lambda: self._hub.claim_registrations(claim))
        if not claimed.tasks:
            return claimed
        self._tell(Event(Kind.CLAIMED, {"tasks": len(claimed.tasks)}))
        patience = min(lease.seconds * _REPORT_AFTER, _REPORT_AFTER_SECONDS)
        under_way = {asyncio.create_task(self._one(task, lease)) for task in claimed.tasks}
        try:
            while under_way:
                finished, under_way = await asyncio.wait(under_way, timeout=patience)
                if finished:
                    await self._report([one.result() for one in finished])
        finally:
            for one in under_way:
                one.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)
        return claimed

    async def _one(self, task: RegistrationTask, lease: Lease) -> _Done:
        """One task, whatever happens: an error of a gateway's is no reason to lose it or the others."""
        async with self._places:
            began = asyncio.get_running_loop().time()
            finding = await self._finding(task, lease)
            seconds = asyncio.get_running_loop().time() - began
        if finding.trouble in _NOT_REACHED:
            self._not_reached(finding.trouble)
        facts: dict[str, object] = {
            "key": str(task.entry.key),
            "revision": task.entry.revision,
            "attempt": task.attempt,
            "result": finding.result.value,
            "seconds": round(seconds, 3),
        }
        if finding.trouble is not None:
            facts |= {"trouble": finding.trouble.value}
            facts |= {"for_a_person": True} if for_a_person(task, finding.trouble) else {}
        self._tell(Event(Kind.DELIVERED, facts))
        return _Done(task, finding)

    async def _finding(self, task: RegistrationTask, lease: Lease) -> Finding:
        if self._stopping.is_set() or not lease.may_begin:
            return given_back(task, Trouble.NOT_BEGUN)
        try:
            async with asyncio.timeout(lease.work_left):
                return await deliver(task, self._gateway)
        except TimeoutError:
            return unknown(Trouble.LEASE_ENDED)
        except Exception as error:  # noqa: BLE001  # see `_one`
            self._tell(Event(Kind.FAULT, {"key": str(task.entry.key)}, error))
            return unknown(Trouble.UNEXPECTED)

    async def _report(self, done: list[_Done]) -> None:
        """Report, and clear away what the hub has taken for good."""
        outcomes: list[Outcome] = [outcome_of(one.task, one.finding) for one in done]
        report = compose(ReportOutcomes, outcomes=outcomes)
        taken = await self._persisting(lambda: self._hub.report_outcomes(report))
        of = {(one.task.entry.key, one.task.attempt): one for one in done}
        for one in taken.outcomes:
            facts = {"key": str(one.key), "attempt": one.attempt, "state": one.state, "refused": one.refused}
            said: dict[str, object] = {name: str(value) for name, value in facts.items() if value is not None}
            self._tell(Event(Kind.TAKEN, said))
            reported = of.get((one.key, one.attempt))
            if reported is not None and one.refused is None and reported.finding.result in _FINAL:
                await self._settle(reported.task)

    async def _settle(self, task: RegistrationTask) -> None:
        try:
            await self._gateway.settle(task.entry)
        except Unanswered as why:
            self._tell(Event(Kind.NOT_SETTLED, {"key": str(task.entry.key), "trouble": why.trouble.value}))

    async def _unreached(self) -> Unanswered | None:
        """Asked before anything is claimed: what this job cannot deliver now is left to one that can."""
        try:
            self._tell_odd(await self._gateway.reach())
        except Unanswered as why:
            self._not_reached(why.trouble)
            return why
        if self._register_away is not None:
            self._register_away = None
            self._tell(Event(Kind.REGISTER_BACK))
        return None

    def _tell_odd(self, found: list[Odd]) -> None:
        """Each once while it lies there, and no more of them than somebody would read."""
        self._odd &= set(found)
        new = [one for one in found if one not in self._odd][: max(ODD_AT_MOST - len(self._odd), 0)]
        for one in new:
            person = one.why is not Oddity.UNFINISHED
            facts: dict[str, object] = {"folder": one.folder, "name": one.shape, "why": one.why.value}
            self._tell(Event(Kind.ODD_FILE, {**facts, "for_a_person": person}))
        self._odd.update(new)

    def _not_reached(self, trouble: Trouble) -> None:
        """Said once for each kind of trouble."""
        if trouble is not self._register_away:
            self._register_away = trouble
            self._tell(Event(Kind.REGISTER_AWAY, {"trouble": trouble.value}))

    async def _persisting(self, call: Callable[[], Awaitable[T]]) -> T:
        """The same call until the hub answers it; a run of one turn leaves that to whoever started it."""
        failures = 0
        while True:
            try:
                answer = await call()
            except HubOutage as outage:
                failures += 1
                if failures == 1:
                    self._tell(Event(Kind.HUB_AWAY, {"code": outage.code}))
                if not self._steadfast or self._stopping.is_set():
                    raise
                await self._wait(_pause(failures))
            else:
                if failures:
                    self._tell(Event(Kind.HUB_BACK))
                return answer

    def _until(self, next_at: datetime | None) -> float:
        """To the next that can be taken, or the poll interval, whichever is first; never at once."""
        poll = self._pace.poll_seconds
        wanted = poll if next_at is None else (next_at - datetime.now(UTC)).total_seconds()
        return min(max(wanted, 0.2), poll) * _DICE.uniform(1, 1.1)

    async def _wait(self, seconds: float) -> None:
        self._tell(Event(Kind.WAITING, {"seconds": round(seconds, 1)}))
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return


def _pause(failures: int, asked: timedelta | None = None) -> float:
    """Longer each time, at least what was asked for, up to five minutes; not the same for all."""
    pause = 2.0 ** min(failures, 10) * _DICE.uniform(0.5, 1)
    return min(max(pause, asked.total_seconds() if asked else 0), LONGEST_PAUSE)
