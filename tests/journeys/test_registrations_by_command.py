"""Registrations in AĢIS by the commands alone, typed at a centre's computer; a job carries them.

The hub is a hub of its own, which knows nothing of a register at first and is soon out of patience.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from joserfc.jwk import ECKey

from saikne import Hub, compose
from saikne_demo.register.seal import opened_with
from saikne_schemas.enrolment import Contacts, LegalEntity
from saikne_schemas.register_entries import RegisterFacts
from saikne_schemas.register_words import JobResult, RegisterOperation, RejectedBecause
from saikne_schemas.registrations import ClaimRegistrations, RegistrationTask, ReportOutcomes
from tests.conftest import Cluster
from tests.journeys.by_command import done, refused, told
from tests.journeys.conftest import playing
from tests.journeys.family_moves import dated, in_working_days
from tests.journeys.play import Play, until
from tests.journeys.registrations import outcome
from tests.journeys.test_canaries import found_in, hunt
from tests.peers.commands import ran
from tests.peers.stage import Stage

BY = ("--by", "Ieva Priede;vadītāja")
DAY = "2026-09-01"
PEOPLE = (
    "Žubīte-Kārkliņa",
    "Ņikiforovs-Ķirsis",
    "10028012344",
    "100280-12344",
    "32991100421",
    "329911-00421",
)
ENTITY = LegalEntity(name="Ministrija", registration_number="90000022399")
CONTACTS = Contacts(notices="agis@ministrija.example")
SOON_OUT_OF_PATIENCE = {"HUB_REGISTER_FIRST_PAUSE": "PT0S", "HUB_REGISTER_TRIES": "2"}


@dataclass
class Register:
    """The register's side: its key, and the job's connection to the hub."""

    key: ECKey
    job: Hub

    async def claimed(self) -> RegistrationTask:
        (task,) = (await self.job.claim_registrations(compose(ClaimRegistrations, at_most=5))).tasks
        return task

    async def told(self, task: RegistrationTask, result: JobResult, **facts: Any) -> None:
        outcomes = [outcome(task, result, **facts)]
        taken = await self.job.report_outcomes(compose(ReportOutcomes, outcomes=outcomes))
        assert [one.refused for one in taken.outcomes] == [None]

    def opened(self, task: RegistrationTask) -> RegisterFacts:
        assert task.entry.sealed is not None
        return opened_with(task.entry.sealed, self.key)


@pytest.fixture(scope="module")
async def own_play(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Play]:
    name = await cluster.create(template)
    stage = Stage(
        tmp_path_factory.mktemp("register-stage"),
        database_url=cluster.url(name),
        environment=SOON_OUT_OF_PATIENCE,
    )
    with stage:
        await asyncio.to_thread(stage.set_up)
        await asyncio.to_thread(stage.start)
        async with playing(stage, tmp_path_factory.mktemp("register-play")) as play:
            yield play
    await cluster.drop(name)


@pytest.fixture(scope="module")
async def register(own_play: Play, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Register]:
    """The operator has the register's public key, and has admitted its job."""
    key, file = ECKey.generate_key("P-256"), tmp_path_factory.mktemp("key") / "register.jwk.json"
    file.write_text(json.dumps(key.as_dict(private=False)))
    environment = {**os.environ, "HUB_DATABASE_URL": str(own_play.stage.owner_url)}
    adding = partial(ran, "hub", "register", "add-key", str(file), "--json", environment=environment)
    added = await asyncio.to_thread(adding)
    assert json.loads(added.stdout) == {"kid": key.thumbprint(), "added": True}
    side = await own_play.stage.enrol("AĢIS", legal_entity=ENTITY, contacts=CONTACTS, register_side=True)
    async with Hub(side.credentials()) as job:
        yield Register(key, job)


def facts_in(folder: Path, name: str = "Anna Žubīte-Kārkliņa") -> tuple[str, str]:
    said = {
        "agis_id": "AGIS-4711",
        "spouses": [{"name": name, "code": "100280-12344"}],
        "children": {"AG-7741-B1": {"name": "Uldis Ņikiforovs-Ķirsis", "code": "329911-00421"}},
        "specialised": "disability",
    }
    file = folder / "facts.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    return "--facts", str(file)


async def shown(play: Play, key: str) -> str:
    code, printed = await told(play, play.requester, "registration", key)
    assert code == 0, printed
    return printed


async def test_without_a_register_the_worksheet_is_the_way(own_play: Play, tmp_path: Path) -> None:
    matter = str(await dated(own_play))
    words = ("register", matter, *facts_in(tmp_path), *BY)
    assert await refused(own_play, own_play.requester, *words) == (2, "register.no-machine-way")
    assert await done(own_play, own_play.requester, "registrations") == []


async def test_a_family_is_registered_by_command_after_a_rejection(
    own_play: Play, register: Register, tmp_path: Path
) -> None:
    matter, centre = str(await dated(own_play)), own_play.requester
    made = await done(own_play, centre, "register", matter, *facts_in(tmp_path, "Anna Kļūda"), *BY)
    key = made["registration"]["key"]
    assert (made["registration"]["state"], made["due"][0]["on"]) == ("queued", in_working_days(3).isoformat())
    task = await register.claimed()
    assert (str(task.entry.key), task.entry.effective_on) == (key, date.fromisoformat(DAY))
    assert register.opened(task).spouses[0].name == "Anna Kļūda"
    _, listed = await told(own_play, register.job, "registrations", "--state", "sent")
    assert f"{key[:8]}  {matter}  01.09.2026  on its way  the synchronisation  Zemgale  " in listed
    assert "State: on its way\nActs next: the synchronisation; " in await shown(own_play, key)
    await register.told(task, JobResult.REJECTED, reason=RejectedBecause.PERSON_UNKNOWN)
    printed = await shown(own_play, key)
    assert f"hand it over anew: saikne register {matter}\n" in printed
    assert "; rejected by AĢIS; AĢIS does not find a person: check names and personal codes\n" in printed
    again = await done(own_play, centre, "register", matter, *facts_in(tmp_path), *BY)
    assert [again["registration"][name] for name in ("key", "revision", "state")] == [key, 2, "queued"]
    task = await register.claimed()
    assert register.opened(task).spouses[0].name == "Anna Žubīte-Kārkliņa"
    assert (task.entry.revision, str(register.opened(task).key)) == (2, key)
    entered = {"register_id": "AGIS-977", "registered_on": date(2026, 9, 2)}
    await register.told(task, JobResult.ACKNOWLEDGED, **entered)
    printed = await shown(own_play, key)
    assert "State: entered in AĢIS\nEntry in AĢIS: AGIS-977, 02.09.2026\n" in printed
    assert [
        one["key"] for one in await done(own_play, centre, "registrations", "--state", "acknowledged")
    ] == [key]
    _, printed = await told(own_play, centre, "matter", matter)
    assert f"AGIS-977; by machine, registration: {key}" in printed
    assert f"by {in_working_days(3):%d.%m.%Y}; done in time, 02.09.2026" in printed


async def test_a_person_lets_it_go_on_and_takes_it_back(
    own_play: Play, register: Register, tmp_path: Path
) -> None:
    matter, centre = str(await dated(own_play)), own_play.requester
    made = await done(own_play, centre, "register", matter, *facts_in(tmp_path), *BY)
    key = made["registration"]["key"]
    for _ in range(2):
        await register.told(await register.claimed(), JobResult.UNKNOWN)
    printed = await shown(own_play, key)
    assert "State: a person must decide\n  it was tried too often\nActs next: the centre; " in printed
    assert "sent, no answer came; AĢIS was to be asked first\n" in printed
    assert (await done(own_play, centre, "register-again", key[:8], *BY))["state"] == "unknown"
    early = ("register-withdraw", key, "--reason", "wrong_family", *BY)
    assert await refused(own_play, centre, *early) == (1, "agis.step-not-allowed")
    task = await register.claimed()
    assert task.ask_first
    entered = {"register_id": "AGIS-978", "registered_on": date(2026, 9, 3)}
    await register.told(task, JobResult.ACKNOWLEDGED, **entered)
    gone = await done(own_play, centre, *early)
    assert (gone["state"], gone["operation"]) == ("queued", RegisterOperation.WITHDRAW)
    assert "AĢIS is told that this move did not take place.\n" in await shown(own_play, key)
    task = await register.claimed()
    assert (task.entry.operation, task.entry.sealed) == (RegisterOperation.WITHDRAW, None)
    await register.told(task, JobResult.ACKNOWLEDGED, **entered)
    assert "State: taken back\n" in await shown(own_play, key)


async def test_a_run_that_was_killed_between_statement_and_seal_goes_on(
    own_play: Play, register: Register, tmp_path: Path
) -> None:
    """The hub is kept from storing what is sealed until the command is dead."""
    matter, centre = str(await dated(own_play)), own_play.requester
    home = own_play.stage.home / "centres" / str(centre.credentials.centre)
    words = ("register", matter, *facts_in(tmp_path), *BY)

    async def drafts() -> Any:
        return await done(own_play, centre, "registrations", "--state", "draft")

    connection = await asyncpg.connect(own_play.stage.owner_url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE hub.registration_sealed")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from saikne.command import main; main()", *words),
            env={**os.environ, "SAIKNE_HOME": str(home)},
        )
        (draft,) = await until(drafts, bool)
        process.kill()
        assert await process.wait() == -signal.SIGKILL
        (kept,) = (home / "journal").glob("sealed-*")
        assert list(found_in("journal", kept.read_bytes(), PEOPLE)) == []
        announced = json.loads(kept.read_bytes())["statement"]["sealed_sha256"]
    await connection.close()
    made = (await done(own_play, centre, *words))["registration"]
    assert [made[name] for name in ("key", "revision", "state")] == [draft["key"], 1, "queued"]
    assert made["sealed_sha256"] == announced
    assert not kept.exists()
    task = await register.claimed()
    assert register.opened(task).children[0].name == "Uldis Ņikiforovs-Ķirsis"
    await register.told(task, JobResult.NOT_SENT)
    withdraw = ("register-withdraw", draft["key"], "--reason", "entered_by_hand", *BY)
    assert (await done(own_play, centre, *withdraw))["state"] == "withdrawn"


async def test_no_name_and_no_code_is_left_behind_in_the_hub(own_play: Play, register: Register) -> None:
    assert register.key.is_private
    assert await hunt(own_play, PEOPLE, []) == []
    assert [mail for mail in own_play.stage.mailbox.messages if list(found_in("", mail.source, PEOPLE))] == []
