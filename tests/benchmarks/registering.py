"""Registrations in a storm: every fault of the register, two jobs at once, whatever runs killed at random.

What is counted at the end: each took effect in the register exactly once and stands there, the hub and the
register say the same of it, and nothing waits. The same soak runs small as a test and in full by
`python -m tests.benchmarks registrations`. Source: features N10.
"""

import asyncio
import json
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from saikne import Hub, HubOutage, HubRefusal, Patience, compose
from saikne.installation import Installation
from saikne.sealed_journal import ToRegister, sealed_registration
from saikne_demo.register import Fault, Manners, Register
from saikne_demo.register.faults import Deed
from saikne_demo.register.over_http import CLIENT
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.enrolment import Contacts, LegalEntity
from saikne_schemas.family_move_words import OverrideReason
from saikne_schemas.family_moves import BeginFamilyMove, ConfirmOverride, OverrideDate
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.register_entries import RegisterFacts, SealedPerson, registration_key
from saikne_schemas.register_words import RegistrationState, Specialised
from saikne_schemas.registrations import TryRegistrationAgain
from tests.benchmarks.row import Row
from tests.peers.commands import Begun
from tests.peers.stage import Stage

DAY = date(2026, 9, 1)
AGREED = date(2026, 8, 10)
HEAD = AuthorisedPerson(name="Ieva Priede", position="vadītāja")
OTHER_HEAD = AuthorisedPerson(name="Solvita Krēsliņa", position="vadītāja")
STUBBORN = Patience(attempts=60, first_pause=timedelta(seconds=0.1), longest_pause=timedelta(seconds=2))
QUICK = {
    "HUB_REGISTER_FIRST_PAUSE": "PT0.2S",
    "HUB_REGISTER_LONGEST_PAUSE": "PT2S",
    "HUB_REGISTER_TRIES": "12",
}
"""The hub's own pauses, shorter than in life; so few tries that some registrations come to a person."""

_CHANCES = {
    Fault.DOWN: 0.01,
    Fault.BUSY: 0.01,
    Fault.BREAKS_OFF: 0.03,
    Fault.ERROR_AFTER: 0.02,
    Fault.ERROR_BEFORE: 0.02,
    Fault.DUPLICATE: 0.05,
    Fault.REJECTS: 0.02,
    Fault.ACKNOWLEDGES_LATE: 0.05,
    Fault.FORGETS: 0.02,
    Fault.WRONG_DIGEST: 0.01,
    Fault.SLOW: 0.01,
}


@dataclass(frozen=True)
class Storm:
    """How much of everything."""

    registrations: int
    kills: int
    seed: int = 20260922
    jobs: int = 2
    lease_seconds: int = 5
    at_once: int = 8
    at_most: timedelta = timedelta(minutes=4)


FULL = Storm(10_000, kills=60, at_most=timedelta(minutes=40))


@dataclass
class Told:
    """What was seen."""

    seconds_preparing: float = 0.0
    seconds: float = 0.0
    kills: Counter[str] = field(default_factory=Counter)
    by_person: Counter[str] = field(default_factory=Counter)
    faults: dict[Fault, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    attempts: int = 0
    twice: set[UUID] = field(default_factory=set)
    not_in_force: set[UUID] = field(default_factory=set)
    differing: set[UUID] = field(default_factory=set)
    duties_open: int = 0

    @property
    def exactly_once(self) -> bool:
        return not (self.twice or self.not_in_force or self.differing or self.duties_open)


@dataclass
class Soak:
    """One storm over one installation."""

    stage: Stage
    register: Register
    storm: Storm
    new: Hub
    previous: Hub
    job_home: Path
    folder: Path
    told: Told = field(default_factory=Told)
    keys: dict[UUID, UUID] = field(default_factory=dict)
    """The move of each registration."""
    _jobs: dict[str, Begun] = field(default_factory=dict)

    async def run(self) -> Told:
        began = time.monotonic()
        await self._prepare_all()
        self.told.seconds_preparing = time.monotonic() - began
        self._misbehave()
        began, dice = time.monotonic(), random.Random(self.storm.seed)  # noqa: S311  # chance, not secrecy
        names = [f"job-{number}" for number in range(self.storm.jobs)]
        for name in names:
            self._start(name)
        try:
            await asyncio.gather(self._kill(names, dice), self._decide())
        finally:
            for name in names:
                self._jobs[name].send_signal(signal.SIGTERM)
            for name in names:
                await asyncio.to_thread(self._jobs[name].wait, 60)
        self.told.seconds = time.monotonic() - began
        await self._count()
        return self.told

    # The centres ------------------------------------------------------------------------------------------

    async def _prepare_all(self) -> None:
        side_by_side = asyncio.Semaphore(12)

        async def one(number: int) -> None:
            async with side_by_side:
                matter = await self._dated(number)
                key = await self._prepared(matter)
                self.keys[key] = matter

        await asyncio.gather(*(one(number) for number in range(self.storm.registrations)))

    async def _dated(self, number: int) -> UUID:
        opening = compose(
            BeginFamilyMove,
            new=self.new.credentials.centre,
            previous=self.previous.credentials.centre,
            family=f"AG-{number:06}",
            children=[],
            agreement=f"V-2026/{number}",
            agreed_on=AGREED,
            territory="LV-041",
        )
        matter = (await self.new.tell(opening)).matter
        proposal = compose(
            OverrideDate,
            matter=matter,
            effective_on=DAY,
            reason=OverrideReason.AGREED_BY_ALL,
            proposed_by=HEAD,
        )
        await self.new.tell(proposal)
        await self.previous.tell(
            compose(ConfirmOverride, matter=matter, override=proposal.id, confirmed_by=OTHER_HEAD)
        )
        return matter

    async def _prepared(self, matter: UUID) -> UUID:
        key = registration_key(matter, DAY, self.new.credentials.centre)
        facts = RegisterFacts(
            schema_="saikne.register-facts/1",
            key=key,
            effective_on=DAY,
            spouses=[SealedPerson(name="Anna Bērziņa", code="32867300679")],
            agreement="V-2026/31",
            agreed_on=AGREED,
            specialised=Specialised.NONE,
        )
        made = sealed_registration(ToRegister(matter, facts, self.register.jwk, HEAD))
        await self.new.tell(made.statement)
        await self.new.send_sealed(key, made.sealed)
        return key

    async def _decide(self) -> None:
        """The person at the centre: what is rejected is prepared anew, what waits is let go on."""
        deadline = time.monotonic() + self.storm.at_most.total_seconds()
        while time.monotonic() < deadline:
            try:
                for state in (RegistrationState.REJECTED, RegistrationState.NEEDS_PERSON):
                    async for line in self.new.registrations(state):
                        await self._settle(line.key, state)
                if await self._all_confirmed():
                    return
            except HubOutage:
                pass  # killed for longer than a client's patience
            await asyncio.sleep(0.5)
        raise TimeoutError(f"not confirmed in {self.storm.at_most}: {await self._states()}")

    async def _settle(self, key: UUID, state: RegistrationState) -> None:
        self.told.by_person[state.value] += 1
        try:
            if state is RegistrationState.REJECTED:
                await self._prepared(self.keys[key])
            else:
                again = compose(TryRegistrationAgain, matter=self.keys[key], key=key, decided_by=HEAD)
                await self.new.tell(again)
        except HubRefusal as refused:  # late news came between the list and the decision
            if refused.code != "agis.step-not-allowed":
                raise

    async def _all_confirmed(self) -> bool:
        return await self._states() == {"acknowledged": self.storm.registrations}

    # The storm --------------------------------------------------------------------------------------------

    def _misbehave(self) -> None:
        self.register.faults.manners = Manners(slow_seconds=0.5, retry_after_seconds=1, late_asks=2)
        for fault, probability in _CHANCES.items():
            self.register.faults.chance(fault, probability)
        for fault in (Fault.BREAKS_OFF, Fault.ERROR_BEFORE, Fault.DOWN):
            self.register.faults.chance(fault, 0.02, on=Deed.ASK)

    async def _kill(self, jobs: list[str], dice: random.Random) -> None:
        """SIGKILL to whatever the dice say, at moments they say; what was killed is started again."""
        for _ in range(self.storm.kills):
            await asyncio.sleep(dice.uniform(0.3, 3.0))
            for name in jobs:
                assert self._jobs[name].poll() is None, f"{name} ended by itself"
            if await self._all_confirmed():
                return
            victim = dice.choice(["serve", "worker", *jobs, *jobs])
            self.told.kills[victim.partition("-")[0]] += 1
            if victim in jobs:
                os.killpg(self._jobs[victim].pid, signal.SIGKILL)
                await asyncio.to_thread(self._jobs[victim].wait)
                self._start(victim)
            else:
                self.stage.kill(victim)
                await asyncio.to_thread(self.stage.start, victim)

    def _start(self, name: str) -> None:
        secret = self.folder / "secret"
        ((client, password),) = CLIENT.items()
        secret.touch(mode=0o600)
        secret.write_text(password)
        way = ["--online", self.register.url, "--token-url", self.register.token_url]
        way += ["--client-id", client, "--secret", str(secret)]
        pace = ["--lease", str(self.storm.lease_seconds), "--poll", "1"]
        pace += ["--at-once", str(self.storm.at_once)]
        self._jobs[name] = Begun(
            *("agis-sync", "run", "--continuous", "--json", *way, *pace),
            environment={**os.environ, "SAIKNE_HOME": str(self.job_home)},
            log=self.folder / f"{name}.log",
        )

    # What came of it --------------------------------------------------------------------------------------

    async def _sql(self, query: str, *values: Any) -> list[Any]:
        connection = await asyncpg.connect(self.stage.owner_url)
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()

    async def _states(self) -> dict[str, int]:
        rows = await self._sql("SELECT state, count(*) FROM hub.registration GROUP BY state")
        return {row[0]: row[1] for row in rows}

    async def _count(self) -> None:
        told, book = self.told, self.register.book
        standing = book.in_force()
        told.twice = book.twice()
        told.not_in_force = self.keys.keys() ^ standing.keys()
        told.faults, told.states = self.register.faults.made, await self._states()
        rows = await self._sql(
            "SELECT key, matter.content->'registered' AS entry, registration.register_id"
            " FROM hub.registration JOIN hub.matter USING (matter_id)"
        )
        for row in rows:
            entry, held = json.loads(row["entry"] or "{}"), standing.get(row["key"])
            said = (entry.get("registration"), entry.get("register_id"), row["register_id"])
            if held is None or said != (str(row["key"]), held.register_id, held.register_id):
                told.differing.add(row["key"])
        ((told.attempts,),) = await self._sql("SELECT count(*) FROM hub.registration_attempt")
        ((told.duties_open,),) = await self._sql(
            "SELECT count(*) FROM hub.duty WHERE kind = 'register' AND ended_at IS NULL"
        )


async def registering(storm: Storm = FULL) -> Row:
    """The soak over an installation of its own, on the embedded database."""
    with (
        tempfile.TemporaryDirectory(prefix="saikne-soak-") as folder,
        Stage(Path(folder) / "stage", environment=QUICK, anew=True) as stage,
    ):
        await asyncio.to_thread(stage.set_up)
        await asyncio.to_thread(stage.start)
        async with soaking(stage, Path(folder) / "soak", storm) as soak:
            told = await soak.run()
    once = storm.registrations - len(told.twice | told.not_in_force | told.differing)
    raw = {
        "registrations": storm.registrations,
        "seconds_preparing": round(told.seconds_preparing, 1),
        "seconds": round(told.seconds, 1),
        "registered_a_second": round(storm.registrations / told.seconds, 1),
        "attempts": told.attempts,
        "kills": dict(told.kills),
        "faults": {fault.value: count for fault, count in sorted(told.faults.items())},
        "decided_by_a_person": dict(told.by_person),
        "took_effect_twice": len(told.twice),
        "not_in_force": len(told.not_in_force),
        "hub_and_register_differ": len(told.differing),
        "duties_open": told.duties_open,
        "states": told.states,
    }
    what = "registered exactly once, of all, in a storm of faults and kills"
    return Row(what, once / storm.registrations, at_least=1.0, raw=raw)


@asynccontextmanager
async def soaking(stage: Stage, folder: Path, storm: Storm) -> AsyncIterator[Soak]:
    """Centres, a job on the register's side and the register, over an installation that runs."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    async with AsyncExitStack() as open_now:
        register = open_now.enter_context(Register())
        homes = [
            await _enrol(stage, name, number, contacts, register_side=register_side)
            for name, number, contacts, register_side in (
                ("Zemgale", "50008021661", ZEMGALE, False),
                ("Ligzda", "40003521600", LIGZDA, False),
                ("IeM IC", "90000288142", Contacts(notices="agis@iemic.example"), True),
            )
        ]
        new, previous = [
            await open_now.enter_async_context(Hub(home.credentials(), patience=STUBBORN))
            for home in homes[:2]
        ]
        soak = Soak(stage, register, storm, new, previous, homes[2].home, folder)
        jwk = {name: value for name, value in register.jwk.items() if name != "kid"}
        await soak._sql(
            "INSERT INTO hub.register_key (kid, jwk, admitted_at) VALUES ($1, $2::jsonb, now())",
            register.jwk["kid"],
            json.dumps(jwk),
        )
        yield soak


async def _enrol(
    stage: Stage, name: str, number: str, contacts: Contacts, *, register_side: bool
) -> Installation:
    entity = LegalEntity(name=f"Biedrība „{name}”", registration_number=number)
    return await stage.enrol(name, legal_entity=entity, contacts=contacts, register_side=register_side)
