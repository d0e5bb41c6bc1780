"""One odd file or name stops nothing: it is told of once, left where it lies, and the others go on."""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from agis_sync.gateways.files import FileGateway
from agis_sync.gateways.findings import Trouble, Unanswered
from agis_sync.gateways.oddities import Lying, Odd, Oddity, odd_ones
from agis_sync.gateways.places import Place
from agis_sync.gateways.sftp import SftpPlace, sftp_access
from agis_sync.running import ODD_AT_MOST, Job, Pace
from agis_sync.telling import Event, Kind
from saikne_schemas.register_entries import RegisterEntry, RegisterExtract
from saikne_schemas.register_files import answer_files, answer_names, entry_names, extract_files, stem
from saikne_schemas.register_words import JobResult, RegisterResult, RegistrationState
from tests.agis_sync.entries import CANARY, ScriptedGateway, answer_to, entry_of
from tests.agis_sync.hub_side import HubSide
from tests.agis_sync.sftp_server import SftpServer

PACE = Pace(at_once=3, lease_seconds=300, poll_seconds=0.2)
NAMES = {
    "not UTF-8": b"J\xe2nis.pdf",
    "a newline": b"ack\n.json",
    "an escape": b"\x1b[2Jx.json",
    "very long": b"x" * 255,
    "hidden": b".hidden",
    "a partial one": b"answer.tmp",
    "a person's": f"{CANARY} 120510-12349.pdf".encode(),
    "a blank": b" ",
    "nearly agreed": b"0f3e2d1c-0000-4000-8000-000000000000.0.ack.json",
    "Unicode controls": "\u202egnp.exe".encode(),
}


@pytest.fixture
def gateway(place: Place) -> FileGateway:
    return FileGateway(place)


def a_folder(path: bytes) -> None:
    os.mkdir(path)  # noqa: PTH102  # a name of bytes


def a_link(path: bytes) -> None:
    Path(os.fsdecode(path)).symlink_to("/etc/hostname")


def a_link_to_itself(path: bytes) -> None:
    Path(os.fsdecode(path)).symlink_to(os.fsdecode(path))


def a_pipe(path: bytes) -> None:
    os.mkfifo(path)


def a_file(path: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123  # a name of bytes
        file.write(b"{}")


THINGS = [a_folder, a_link, a_link_to_itself, a_pipe]


def acknowledge(folder: Path, entry: RegisterEntry) -> None:
    for name, content in answer_files(answer_to(entry, RegisterResult.REGISTERED)).items():
        (folder / "in" / name).write_bytes(content)


def lying(folder: Path) -> dict[tuple[str, bytes], int]:
    """Everything that lies in both folders, with what it is."""
    return {
        (where, os.fsencode(one.name)): stat.S_IFMT(one.lstat().st_mode)
        for where in ("out", "in")
        for one in (folder / where).iterdir()
    }


async def test_odd_things_are_told_of_once_left_alone_and_stop_nothing(
    gateway: FileGateway, folder: Path
) -> None:
    """Both rounds of a job: entries go out, the register answers, among every oddity that there is."""
    for where in ("out", "in"):
        inside = os.fsencode(folder / where) + b"/"
        for name in NAMES.values():
            a_file(inside + name)
        for make in THINGS:
            make(inside + make.__name__.encode())
    odd = lying(folder)
    hub, heard = HubSide(), list[Event]()
    entries = [entry_of() for _ in range(5)]
    hub.queue(*entries)
    job = Job(hub, gateway, PACE, heard.append)

    async def the_register() -> None:
        for entry in entries:
            while not (folder / "out" / entry_names(stem(entry))[-1]).exists():  # noqa: ASYNC110  # tells nobody
                await asyncio.sleep(0.01)
            acknowledge(folder, entry)

    await asyncio.gather(job.once(), the_register())
    assert set(hub.states()) == {RegistrationState.ACKNOWLEDGED}
    assert {place: kind for place, kind in lying(folder).items() if place in odd} == odd
    told = [event.facts for event in heard if event.kind is Kind.ODD_FILE]
    assert len(told) == len(odd)
    assert Kind.REGISTER_AWAY not in {event.kind for event in heard}
    assert {str(one["name"]) for one in told} >= {"xxx?xxxx xxxxx?x 000000-00000.pdf", "x?xxx.pdf"}
    assert all(str(one["name"]).replace("…", "").isascii() for one in told)


@pytest.mark.parametrize("make", THINGS)
@pytest.mark.parametrize("which", [0, 1])
async def test_what_has_an_acknowledgements_name_and_is_none_holds_up_that_one_alone(
    gateway: FileGateway, folder: Path, make: Callable[[bytes], None], which: int
) -> None:
    odd, sound = entry_of(), entry_of()
    for entry in (odd, sound):
        await gateway.send(entry)
        acknowledge(folder, entry)
    name = folder / "in" / answer_names(stem(odd))[which]
    name.unlink()
    make(os.fsencode(name))
    async with asyncio.timeout(30):
        with pytest.raises(Unanswered) as why:
            await gateway.ask(odd.key, odd.revision)
        finding = await gateway.send(odd)
        assert (await gateway.send(sound)).result is JobResult.ACKNOWLEDGED
        reached = await gateway.reach()
    assert why.value.trouble is Trouble.ODD_FILE
    assert (finding.result, finding.trouble) == (JobResult.UNKNOWN, Trouble.ODD_FILE)
    assert reached == [Odd("in", name.name, Oddity.NOT_A_FILE)]
    assert lying(folder)["in", os.fsencode(name.name)] == stat.S_IFMT(name.lstat().st_mode)


@pytest.mark.parametrize("make", THINGS)
@pytest.mark.parametrize("which", [0, 1, 2])
async def test_what_has_an_entrys_name_and_is_none_is_never_written_over(
    gateway: FileGateway, folder: Path, make: Callable[[bytes], None], which: int
) -> None:
    odd, sound = entry_of(), entry_of()
    name = folder / "out" / entry_names(stem(odd))[which]
    make(os.fsencode(name))
    before = lying(folder)
    async with asyncio.timeout(30):
        finding = await gateway.send(odd)
        assert (await gateway.send(sound)).result is JobResult.PENDING
    assert finding.result in {JobResult.UNKNOWN, JobResult.NOT_SENT}
    assert finding.trouble is Trouble.ODD_FILE
    assert {place: kind for place, kind in lying(folder).items() if place in before} == before


@pytest.mark.parametrize("make", [*THINGS, a_file])
async def test_a_newer_extract_that_is_none_hides_no_other(
    gateway: FileGateway, folder: Path, make: Callable[[bytes], None]
) -> None:
    page = RegisterExtract.model_validate_json(
        '{"schema":"saikne.register-extract/1","taken_at":"2026-05-04T03:00:00Z",'
        '"page":1,"last":true,"entries":[]}'
    )
    for name, content in extract_files(page).items():
        (folder / "in" / name).write_bytes(content)
    ending = "json" if make is a_file else "sha256"  # a page whose digest is not there yet is no page
    make(os.fsencode(folder / "in" / f"extract.20990101T000000.000000Z.1.{ending}"))
    async with asyncio.timeout(30):
        assert await gateway.extract(1, None) == page


async def test_a_file_that_vanishes_is_one_that_is_not_there(gateway: FileGateway, folder: Path) -> None:
    entry = entry_of()
    await gateway.send(entry)
    acknowledge(folder, entry)
    (folder / "in" / answer_names(stem(entry))[0]).unlink()
    with pytest.raises(Unanswered) as why:
        await gateway.ask(entry.key, entry.revision)
    assert why.value.trouble is Trouble.DAMAGED
    (folder / "in" / answer_names(stem(entry))[1]).unlink()
    assert (await gateway.send(entry)).result is JobResult.PENDING


async def test_a_file_that_may_not_be_read_is_that_files_trouble_alone(
    sftp: SftpServer, folder: Path
) -> None:
    """Shown over SFTP: on this machine's own disk a test that runs as root may read everything."""
    place = SftpPlace(sftp_access(sftp.url, sftp.identity, sftp.known_hosts))
    gateway = FileGateway(place)
    odd, sound = entry_of(), entry_of()
    for entry in (odd, sound):
        await gateway.send(entry)
        acknowledge(folder, entry)
    sftp.forbids = answer_names(stem(odd))[0]
    finding = await gateway.send(odd)
    assert (finding.result, finding.trouble) == (JobResult.UNKNOWN, Trouble.ODD_FILE)
    assert (await gateway.send(sound)).result is JobResult.ACKNOWLEDGED
    await place.close()


async def test_a_huge_file_is_refused_by_what_may_be_read_of_it(gateway: FileGateway, folder: Path) -> None:
    entry = entry_of()
    await gateway.send(entry)
    acknowledge(folder, entry)
    with (folder / "in" / answer_names(stem(entry))[0]).open("ab") as file:
        file.truncate(8 * 1024**3)
    with pytest.raises(Unanswered) as why:
        await gateway.ask(entry.key, entry.revision)
    assert why.value.trouble is Trouble.DAMAGED


def test_an_odd_thing_is_told_of_again_only_when_it_came_anew() -> None:
    heard = list[Event]()
    register = ScriptedGateway()
    job = Job(HubSide(), register, PACE, heard.append)
    one, other = (Odd("in", name, Oddity.NAME) for name in ("a.txt", "b.txt"))
    for register.odd in ([one], [one, other], [other], [other, one]):
        asyncio.run(job.once())
    assert [event.facts["name"] for event in heard] == ["x.txt"] * 3


def test_no_more_odd_things_are_told_of_than_somebody_would_read() -> None:
    heard = list[Event]()
    register = ScriptedGateway(odd=[Odd("in", f"{number}", Oddity.NAME) for number in range(10_000)])
    job = Job(HubSide(), register, PACE, heard.append)
    for _ in range(2):
        asyncio.run(job.once())
    assert len(heard) == ODD_AT_MOST


def test_what_was_agreed_on_is_not_odd() -> None:
    entry = entry_of()
    for folder, names in (("out", entry_names(stem(entry))), ("in", answer_names(stem(entry)))):
        assert odd_ones(folder, [Lying(name, is_file=True) for name in names]) == []
    assert odd_ones("in", [Lying("done", is_file=False, is_folder=True)]) == []
