"""Entries and answers for the job's tests, and a register that says what it is told to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from agis_sync.gateways.findings import Finding, Unanswered
from agis_sync.gateways.oddities import Odd
from saikne_schemas.register_entries import EntryCentre, RegisterAnswer, RegisterEntry, RegisterExtract
from saikne_schemas.register_files import entry_sha256
from saikne_schemas.register_words import JobResult, RegisterOperation, RegisterResult, RejectedBecause
from saikne_schemas.registrations import RegistrationTask

CANARY = "Kanārija Putniņa"
"""Must stand in no log, figure or line of the job."""
OTHER_DIGEST = "0" * 64


def entry_of(
    key: UUID | None = None,
    revision: int = 1,
    operation: RegisterOperation = RegisterOperation.TRANSFER,
    name: str = CANARY,
) -> RegisterEntry:
    """A withdrawal's form, or a transfer's without its seal: what the job does hangs on neither."""
    return RegisterEntry(
        schema_="saikne.register-entry/1",
        key=key or uuid4(),
        revision=revision,
        operation=operation,
        effective_on=date(2026, 4, 1),
        previous=EntryCentre(name=name, registration_number="50008021661"),
        new=EntryCentre(name="Ligzda", registration_number="40003521600"),
    )


def answer_to(entry: RegisterEntry, result: RegisterResult, **changed: object) -> RegisterAnswer:
    done = result in {RegisterResult.REGISTERED, RegisterResult.WITHDRAWN}
    said: dict[str, object] = {
        "schema": "saikne.register-answer/1",
        "key": entry.key,
        "revision": entry.revision,
        "entry_sha256": entry_sha256(entry),
        "result": result,
        "register_id": "AGIS-2026-0000417" if done else None,
        "registered_on": date(2026, 4, 2) if done else None,
        "reason": RejectedBecause.FAMILY_UNKNOWN if result is RegisterResult.REJECTED else None,
    }
    return RegisterAnswer.model_validate(said | changed)


def task_of(entry: RegisterEntry, *, ask_first: bool = False, attempt: int = 1) -> RegistrationTask:
    until = datetime.now(UTC) + timedelta(minutes=5)
    return RegistrationTask(attempt=attempt, ask_first=ask_first, claimed_until=until, entry=entry)


@dataclass
class ScriptedGateway:
    """A register in this process that says what it is told to, and remembers what it was asked."""

    on_send: Callable[[RegisterEntry], Finding] = lambda _: Finding(JobResult.PENDING)
    on_ask: Callable[[UUID, int], RegisterAnswer | None] = lambda _key, _revision: None
    away: Unanswered | None = None
    odd: list[Odd] = field(default_factory=list)
    holding: asyncio.Event | None = None
    """Where given, sending waits for it."""
    asked: list[UUID] = field(default_factory=list)
    sent: list[UUID] = field(default_factory=list)
    settled: list[UUID] = field(default_factory=list)
    reached: int = 0
    most_at_once: int = 0
    _now: int = 0

    async def reach(self) -> list[Odd]:
        self.reached += 1
        if self.away is not None:
            raise self.away
        return self.odd

    async def ask(self, key: UUID, revision: int) -> RegisterAnswer | None:
        self.asked.append(key)
        return self.on_ask(key, revision)

    async def send(self, entry: RegisterEntry) -> Finding:
        self.sent.append(entry.key)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await (self.holding.wait() if self.holding else asyncio.sleep(0))
            return self.on_send(entry)
        finally:
            self._now -= 1

    async def settle(self, entry: RegisterEntry) -> None:
        self.settled.append(entry.key)

    async def extract(self, page: int, taken_at: datetime | None) -> RegisterExtract:
        raise NotImplementedError

    async def close(self) -> None:
        return
