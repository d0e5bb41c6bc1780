"""Registrations as centres' programs and jobs make them; the tests answer in the register's place."""

import json
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from joserfc.jwk import ECKey

from saikne import Hub, compose
from saikne.sealed_journal import ToRegister, sealed_registration
from saikne_demo.register import Book
from saikne_schemas.register_entries import RegisterFacts, SealedPerson, registration_key
from saikne_schemas.register_files import entry_sha256
from saikne_schemas.register_words import JobResult, Specialised
from saikne_schemas.registrations import (
    ClaimRegistrations,
    Outcome,
    OutcomesTaken,
    PrepareRegistration,
    RegistrationTask,
    ReportOutcomes,
)
from tests.journeys.family_moves import IEVA
from tests.journeys.play import Play

CANARY = "Kanārija Melnbaltā"
CANARY_CODE = "32867300679"
DAY = date(2026, 9, 1)
"""On which a move takes effect whose notice came on time in August 2026."""


@cache
def the_register() -> ECKey:
    """The register's key pair, one for the whole run."""
    return ECKey.generate_key("P-256")


async def register_key(play: Play) -> dict[str, str]:
    """The operator lets centres seal to the register's key."""
    jwk = Book(the_register()).jwk
    kid = jwk.pop("kid")
    await play.sql(
        "INSERT INTO hub.register_key (kid, jwk, admitted_at) VALUES ($1, $2::jsonb, now())"
        " ON CONFLICT DO NOTHING",
        kid,
        json.dumps(jwk),
    )
    return jwk


def facts(key: UUID, day: date = DAY) -> RegisterFacts:
    return RegisterFacts(
        schema_="saikne.register-facts/1",
        key=key,
        effective_on=day,
        spouses=[SealedPerson(name=CANARY, code=CANARY_CODE)],
        agreement="V-2026/31",
        agreed_on=date(2026, 8, 10),
        specialised=Specialised.NONE,
        children=[],
    )


def announced(hub: Hub, matter: UUID, day: date = DAY) -> tuple[PrepareRegistration, bytes]:
    """The statement, and the sealed bytes that it names."""
    key = registration_key(matter, day, hub.credentials.centre)
    made = sealed_registration(ToRegister(matter, facts(key, day), Book(the_register()).jwk, IEVA))
    return made.statement, made.sealed


async def queued(hub: Hub, matter: UUID, day: date = DAY) -> UUID:
    """Prepare, and send the sealed facts: a job may take it."""
    statement, sealed = announced(hub, matter, day)
    await hub.tell(statement)
    key = registration_key(matter, day, hub.credentials.centre)
    assert (await hub.send_sealed(key, sealed)).state == "queued"
    return key


async def claimed(job: Hub, key: UUID, lease_seconds: int = 60) -> RegistrationTask:
    """Take what can be taken, until this one is among it; what else is taken is given back."""
    for _ in range(20):
        said = compose(ClaimRegistrations, at_most=100, lease_seconds=lease_seconds)
        tasks = (await job.claim_registrations(said)).tasks
        found = [task for task in tasks if task.entry.key == key]
        others = [outcome(task, JobResult.NOT_SENT) for task in tasks if task.entry.key != key]
        if others:
            await job.report_outcomes(compose(ReportOutcomes, outcomes=others))
        if found:
            return found[0]
        if not tasks:
            break
    raise AssertionError(f"registration {key} cannot be taken")


def outcome(task: RegistrationTask, result: JobResult, **more: Any) -> Outcome:
    """As a job tells it, unless told otherwise."""
    entry = task.entry
    told = {} if result is JobResult.NOT_SENT else {"entry_sha256": entry_sha256(entry)}
    of = {"key": entry.key, "revision": entry.revision, "attempt": task.attempt, "result": result}
    return Outcome(**{**of, **told, **more})


async def told(job: Hub, task: RegistrationTask, result: JobResult, **more: Any) -> OutcomesTaken:
    return await job.report_outcomes(compose(ReportOutcomes, outcomes=[outcome(task, result, **more)]))


async def confirmed(
    job: Hub, task: RegistrationTask, on: date = DAY, number: str = "AGIS-1"
) -> OutcomesTaken:
    return await told(job, task, JobResult.ACKNOWLEDGED, registered_on=on, register_id=number)
