"""From a centre's sealed facts to the register and back: a real hub, the job as a process, a real register.

The register misbehaves and jobs are killed; every registration takes effect exactly once.
"""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen
from uuid import UUID

import pytest

from saikne.home import write_private
from saikne.installation import Installation
from saikne_demo.register import Fault, Register, RegisterFolder
from saikne_schemas.enrolment import Contacts, LegalEntity
from saikne_schemas.vocabulary import DutyKind, Scope
from tests.agis_sync.processes import Ended, run, started
from tests.agis_sync.sftp_server import SftpServer
from tests.journeys.family_moves import dated, seen
from tests.journeys.play import Play
from tests.journeys.play import until as until_asked
from tests.journeys.registrations import CANARY, CANARY_CODE, queued


async def waiting(play: Play, count: int) -> list[UUID]:
    return [await queued(play.requester, await dated(play)) for _ in range(count)]


async def states(play: Play, keys: list[UUID]) -> set[str]:
    return {(await play.requester.registration(key)).state.value for key in keys}


async def acknowledged(play: Play, keys: list[UUID]) -> None:
    await until_asked(lambda: states(play, keys), lambda found: found == {"acknowledged"}, 0.2)


def tells_nothing_of_people(*ends: Ended) -> None:
    for end in ends:
        assert CANARY not in end.out + end.err
        assert CANARY_CODE not in end.out + end.err


async def test_a_move_gets_into_the_register_and_meets_the_duty(
    play: Play, side: Installation, register: Register, online: tuple[str, ...]
) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    end = await run(side.home, "run", "--once", *online, "--json")
    assert (end.code, end.summary["event"]) == (0, "summary")
    assert end.summary["results"] == {"acknowledged": 1}
    assert [one["event"] for one in end.lines[:-1]] == ["claimed", "delivered", "taken"]
    assert await states(play, [key]) == {"acknowledged"}
    assert register.book.effects(key) == (1,)
    assert register.book.facts(key).spouses[0].name == CANARY
    duties = {one.kind: one for one in (await seen(play.requester, matter)).duties}
    assert duties[DutyKind.REGISTER].met_at is not None
    tells_nothing_of_people(end)


async def test_two_jobs_one_of_them_killed_and_a_register_that_misbehaves(
    play: Play, side: Installation, register: Register, online: tuple[str, ...]
) -> None:
    for fault in (Fault.BREAKS_OFF, Fault.ERROR_AFTER, Fault.ERROR_BEFORE, Fault.DUPLICATE, Fault.BUSY):
        register.faults.chance(fault, 0.1)
    for fault in (Fault.ACKNOWLEDGES_LATE, Fault.FORGETS, Fault.WRONG_DIGEST, Fault.DOWN, Fault.SLOW):
        register.faults.chance(fault, 0.05)
    keys = await waiting(play, 16)
    going = ("run", "--continuous", *online, "--json", "--at-once", "2", "--lease", "5", "--poll", "1")
    async with started(side.home, *going) as first, started(side.home, *going) as second:
        await first.line("delivered")
        first.signal(signal.SIGKILL)
        async with started(side.home, *going) as third:
            await acknowledged(play, keys)
            second.signal(signal.SIGTERM)
            third.signal(signal.SIGINT)
            ends = [await one.ended() for one in (first, second, third)]
    assert [end.code for end in ends] == [-signal.SIGKILL, 0, 0]
    assert [end.summary["event"] for end in ends[1:]] == ["summary", "summary"]
    assert {key: register.book.effects(key) for key in keys} == dict.fromkeys(keys, (1,))
    assert sum(register.faults.made.values()) > 0
    tells_nothing_of_people(*ends)


@pytest.fixture
def lying(folder: Path, register: Register) -> Iterator[RegisterFolder]:
    """The register's side of the folder, at work."""
    working = RegisterFolder(folder, register.book, register.faults)
    working.start(0.05)
    yield working
    working.stop()


@pytest.fixture(params=["folder", "sftp"])
def by_files(request: pytest.FixtureRequest, folder: Path, sftp: SftpServer) -> tuple[str, ...]:
    if request.param == "folder":
        return ("--folder", str(folder))
    return ("--sftp", sftp.url, "--identity", str(sftp.identity), "--known-hosts", str(sftp.known_hosts))


async def test_by_files_too_each_registration_takes_effect_once(
    play: Play, side: Installation, register: Register, lying: RegisterFolder, by_files: tuple[str, ...]
) -> None:
    for fault in (Fault.BREAKS_OFF, Fault.ERROR_AFTER, Fault.DUPLICATE, Fault.WRONG_DIGEST):
        register.faults.order(fault)
    keys = await waiting(play, 6)
    going = ("run", "--continuous", *by_files, "--json", "--poll", "1")
    async with started(side.home, *going) as job:
        await acknowledged(play, keys)
        job.signal(signal.SIGTERM)
        end = await job.ended()
    assert end.code == 0
    assert {key: register.book.effects(key) for key in keys} == dict.fromkeys(keys, (1,))
    done = {one.name for one in (lying.into / "done").iterdir()}
    assert {f"{key}.1.ack.json" for key in keys} <= done
    assert list(lying.out.iterdir()) == []
    tells_nothing_of_people(end)


async def test_what_the_register_rejects_waits_for_the_centre_and_is_no_failure_of_the_job(
    play: Play, side: Installation, register: Register, online: tuple[str, ...]
) -> None:
    register.faults.order(Fault.REJECTS)
    (key,) = await waiting(play, 1)
    end = await run(side.home, "run", "--once", *online)
    assert end.code == 0
    assert f"{key}, revision 1: rejected by the register." in end.out
    shown = await play.requester.registration(key)
    assert (shown.state, shown.rejected_because) == ("rejected", "family_unknown")


async def test_a_register_that_is_away_leaves_everything_where_it_is(
    play: Play, side: Installation, register: Register, online: tuple[str, ...]
) -> None:
    (key,) = await waiting(play, 1)
    register.stop()
    end = await run(side.home, "run", "--once", *online)
    assert end.code == 3
    assert "does not answer" in end.err
    shown = await play.requester.registration(key)
    assert (shown.state, shown.attempts) == ("queued", 0)
    register.start()
    assert (await run(side.home, "run", "--once", *online)).code == 0
    assert await states(play, [key]) == {"acknowledged"}


async def test_a_hub_that_is_away_ends_a_single_run_with_3(
    side: Installation, online: tuple[str, ...], tmp_path: Path
) -> None:
    home = tmp_path / "moved"
    home.mkdir()
    written = (side.home / "centre.json").read_text().replace(side.hub, "http://127.0.0.1:9")
    (home / "centre.json").write_text(written)
    (home / "keys").symlink_to(side.home / "keys")
    end = await run(home, "run", "--once", *online, "--json")
    assert end.code == 3
    assert end.lines[-1]["problem"]["code"] == "hub.unreachable"


async def test_a_client_that_was_not_admitted_for_registrations_is_told_so(
    play: Play, online: tuple[str, ...]
) -> None:
    centre = play.stage.home / "centres" / str(play.requester.credentials.centre)
    end = await run(centre, "check", *online)
    assert end.code == 1
    assert "was not admitted" in end.err
    assert "The register answers." in end.out


async def test_a_centres_own_job_takes_nothing_of_another_centres(
    play: Play, side: Installation, online: tuple[str, ...]
) -> None:
    own = await play.stage.enrol(
        "Vidzeme",
        legal_entity=LegalEntity(name="Biedrība „Vidzeme”", registration_number="40008000314"),
        contacts=Contacts(notices="centrs@vidzeme.example"),
        scopes=[Scope.EXCHANGE, Scope.REGISTER],
    )
    (foreign,) = await waiting(play, 1)
    end = await run(own.home, "run", "--once", *online, "--json")
    assert (end.code, end.summary["claimed"]) == (0, 0)
    assert await states(play, [foreign]) == {"queued"}
    assert (await run(side.home, "run", "--once", *online)).code == 0
    assert await states(play, [foreign]) == {"acknowledged"}


async def test_check_says_that_both_can_be_reached(side: Installation, online: tuple[str, ...]) -> None:
    end = await run(side.home, "check", *online, "--json")
    assert (end.code, end.lines) == (0, [{"hub": "reached"}, {"register": "reached"}])


@pytest.mark.parametrize("wrong", ["secret", "away"])
async def test_check_says_what_is_wrong_with_the_register(
    side: Installation, register: Register, online: tuple[str, ...], tmp_path: Path, wrong: str
) -> None:
    if wrong == "secret":
        write_private(tmp_path / "secret", b"another", replace=True)
    else:
        register.stop()
    end = await run(side.home, "check", *online, "--json")
    if wrong == "away":
        register.start()
    assert end.code == 3
    assert (
        end.lines[1]["problem"]["code"] == f"register.unanswered.{'access' if wrong == 'secret' else 'away'}"
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("run", "--once"), "way.not-chosen"),
        (("run", "--once", "--folder", "x", "--online", "https://x.example"), "way.not-chosen"),
        (("run", "--once", "--online", "https://x.example"), "way.incomplete"),
        (("run", "--once", "--sftp", "sftp://a@b.example/"), "way.incomplete"),
        (("check",), "register.unanswered.folders"),
    ],
)
async def test_bad_input_ends_with_2_or_says_that_the_register_is_not_there(
    side: Installation, arguments: tuple[str, ...], code: str
) -> None:
    settings = {"AGIS_SYNC_FOLDER": "absent"} if arguments == ("check",) else {}
    end = await run(side.home, *arguments, "--json", **settings)
    assert end.code == (3 if settings else 2)
    assert next(one for one in end.lines if "problem" in one)["problem"]["code"] == code


async def test_figures_can_be_read_while_it_runs_and_name_nobody(
    play: Play, side: Installation, online: tuple[str, ...], unused_port: int
) -> None:
    (key,) = await waiting(play, 1)
    going = ("run", "--continuous", *online, "--json", "--metrics-port", str(unused_port))
    async with started(side.home, *going) as job:
        await job.line("taken")
        text = await asyncio.to_thread(
            lambda: urlopen(f"http://127.0.0.1:{unused_port}/metrics").read().decode()
        )
        job.signal(signal.SIGTERM)
        end = await job.ended()
    assert 'agis_sync_outcomes_total{result="acknowledged"} 1.0' in text
    assert str(key) not in text
    assert CANARY not in text
    assert end.code == 0
