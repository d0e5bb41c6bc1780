"""The hub's side of the job in this process: tasks are handed out on a lease, outcomes are judged.

It keeps to the contract only: a claim repeated gets the same tasks, a lease that ended makes its task one to
be asked about, an outcome of an attempt that is not the newest changes nothing.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from saikne.problems import HubOutage
from saikne_schemas.register_entries import RegisterEntry
from saikne_schemas.register_words import JobResult, RegistrationState
from saikne_schemas.registrations import (
    ClaimedRegistrations,
    ClaimRegistrations,
    Outcome,
    OutcomesTaken,
    OutcomeTaken,
    RegistrationTask,
    ReportOutcomes,
)

_AFTER = {
    JobResult.ACKNOWLEDGED: RegistrationState.ACKNOWLEDGED,
    JobResult.REJECTED: RegistrationState.REJECTED,
    JobResult.PENDING: RegistrationState.SENT,
    JobResult.NOT_SENT: RegistrationState.QUEUED,
    JobResult.UNKNOWN: RegistrationState.UNKNOWN,
}


@dataclass
class _Registration:
    entry: RegisterEntry
    state: RegistrationState = RegistrationState.QUEUED
    attempt: int = 0
    ask_first: bool = False
    held_until: float = 0
    """By the monotonic clock."""


@dataclass
class HubSide:
    pause_seconds: float = 0
    """Between an outcome that ends nothing and the next attempt."""
    outages: int = 0
    """The next calls meet one."""
    registrations: dict[UUID, _Registration] = field(default_factory=dict)
    claims: list[ClaimRegistrations] = field(default_factory=list)
    reports: list[ReportOutcomes] = field(default_factory=list)
    _given: dict[UUID, ClaimedRegistrations] = field(default_factory=dict)

    def queue(self, *entries: RegisterEntry, ask_first: bool = False) -> None:
        for entry in entries:
            self.registrations[entry.key] = _Registration(entry, ask_first=ask_first)

    def states(self) -> list[RegistrationState]:
        return [one.state for one in self.registrations.values()]

    def outcomes(self, entry: RegisterEntry) -> list[Outcome]:
        return [one for report in self.reports for one in report.outcomes if one.key == entry.key]

    async def claim_registrations(self, claim: ClaimRegistrations) -> ClaimedRegistrations:
        self._meet_outage()
        self.claims.append(claim)
        if claim.id not in self._given:
            self._given[claim.id] = self._hand_out(claim)
        return self._given[claim.id]

    async def report_outcomes(self, report: ReportOutcomes) -> OutcomesTaken:
        self._meet_outage()
        self.reports.append(report)
        return OutcomesTaken(outcomes=[self._judge(one) for one in report.outcomes], acceptance="a.b.c")

    def _meet_outage(self) -> None:
        if self.outages:
            self.outages -= 1
            raise HubOutage("hub.unreachable")

    def _hand_out(self, claim: ClaimRegistrations) -> ClaimedRegistrations:
        now = time.monotonic()
        ends = {RegistrationState.ACKNOWLEDGED, RegistrationState.REJECTED}
        open_ones = [one for one in self.registrations.values() if one.state not in ends]
        free = [one for one in open_ones if one.held_until <= now][: claim.at_most]
        for one in free:
            lapsed = one.state is RegistrationState.SENT and one.attempt > 0
            one.ask_first = one.ask_first or lapsed
            one.state, one.attempt = RegistrationState.SENT, one.attempt + 1
            one.held_until = now + claim.lease_seconds
        until = datetime.now(UTC) + timedelta(seconds=claim.lease_seconds)
        tasks = [
            RegistrationTask(
                attempt=one.attempt, ask_first=one.ask_first, claimed_until=until, entry=one.entry
            )
            for one in free
        ]
        rest = [one.held_until - now for one in open_ones if one not in free]
        next_at = datetime.now(UTC) + timedelta(seconds=min(rest)) if rest else None
        return ClaimedRegistrations(tasks=tasks, next_at=next_at)

    def _judge(self, outcome: Outcome) -> OutcomeTaken:
        one = self.registrations[outcome.key]
        if outcome.attempt != one.attempt or one.state is not RegistrationState.SENT:
            return OutcomeTaken(
                key=outcome.key, attempt=outcome.attempt, state=one.state, refused="agis.attempt-over"
            )
        one.state = _AFTER[outcome.result]
        one.ask_first = outcome.result is not JobResult.NOT_SENT or one.ask_first
        one.held_until = time.monotonic() + self.pause_seconds
        return OutcomeTaken(key=outcome.key, attempt=outcome.attempt, state=one.state)
