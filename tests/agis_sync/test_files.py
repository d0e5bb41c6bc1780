"""The register by files: an entry appears whole, an acknowledgement counts when it is whole."""

import json
from pathlib import Path
from uuid import uuid4

import asyncssh
import pytest

from agis_sync.gateways.files import FileGateway
from agis_sync.gateways.findings import Trouble, Unanswered
from agis_sync.gateways.places import Folder, Place
from agis_sync.gateways.sftp import SftpAddressRefused, SftpFileRefused, SftpPlace, sftp_access
from saikne_demo.register import Book, Fault, Faults, RegisterFolder
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry, RegisterExtract
from saikne_schemas.register_files import (
    answer_files,
    answer_names,
    canonical,
    entry_files,
    entry_names,
    extract_files,
    read_entry_files,
    sidecar,
    stem,
)
from saikne_schemas.register_words import JobResult, RegisterOperation, RegisterResult
from tests.agis_sync.entries import answer_to, entry_of
from tests.agis_sync.sftp_server import SftpServer


@pytest.fixture
def gateway(place: Place) -> FileGateway:
    return FileGateway(place)


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if one.is_file())


def acknowledge(folder: Path, answer: RegisterAnswer) -> None:
    for name, content in answer_files(answer).items():
        (folder / "in" / name).write_bytes(content)


async def test_an_entry_lies_whole_in_out_and_nothing_else(gateway: FileGateway, folder: Path) -> None:
    entry = entry_of()
    assert (await gateway.send(entry)).result is JobResult.PENDING
    lying = {name: (folder / "out" / name).read_bytes() for name in names(folder / "out")}
    assert lying.keys() == set(entry_names(stem(entry)))
    assert read_entry_files(stem(entry), lying) == entry


async def test_sent_again_it_is_the_same_files_untouched(gateway: FileGateway, folder: Path) -> None:
    entry = entry_of()
    await gateway.send(entry)
    before = [(one.name, one.stat().st_mtime_ns) for one in sorted((folder / "out").iterdir())]
    assert (await gateway.send(entry)).result is JobResult.PENDING
    assert [(one.name, one.stat().st_mtime_ns) for one in sorted((folder / "out").iterdir())] == before


@pytest.mark.parametrize("written", [0, 1, 2])
async def test_a_job_that_was_killed_while_writing_is_finished_by_the_next(
    gateway: FileGateway, folder: Path, written: int
) -> None:
    entry = entry_of()
    for name, content in list(entry_files(entry).items())[:written]:
        (folder / "out" / name).write_bytes(content[: len(content) // 2])
    assert await gateway.ask(entry.key, entry.revision) is None
    assert (await gateway.send(entry)).result is JobResult.PENDING
    lying = {name: (folder / "out" / name).read_bytes() for name in names(folder / "out")}
    assert read_entry_files(stem(entry), lying) == entry


async def test_another_content_under_the_same_name_is_never_overwritten(
    gateway: FileGateway, folder: Path
) -> None:
    theirs = entry_of(name="Cits")
    for name, content in entry_files(theirs).items():
        (folder / "out" / name).write_bytes(content)
    finding = await gateway.send(entry_of(key=theirs.key))
    assert (finding.result, finding.trouble) == (JobResult.UNKNOWN, Trouble.OTHER_CONTENT)
    lying = {name: (folder / "out" / name).read_bytes() for name in names(folder / "out")}
    assert read_entry_files(stem(theirs), lying) == theirs


async def test_what_lies_in_out_is_in_progress_and_what_does_not_is_nothing(gateway: FileGateway) -> None:
    entry = entry_of()
    assert await gateway.ask(entry.key, 1) is None
    await gateway.send(entry)
    answer = await gateway.ask(entry.key, 1)
    assert answer == answer_to(entry, RegisterResult.IN_PROGRESS)
    assert await gateway.ask(entry.key, 2) is None


@pytest.mark.parametrize("result", [RegisterResult.REGISTERED, RegisterResult.REJECTED])
async def test_an_acknowledgement_is_the_answer_to_asking_and_to_sending(
    gateway: FileGateway, folder: Path, result: RegisterResult
) -> None:
    entry = entry_of()
    acknowledge(folder, answer_to(entry, result))
    assert await gateway.ask(entry.key, 1) == answer_to(entry, result)
    assert (await gateway.send(entry)).answer == answer_to(entry, result)
    assert names(folder / "out") == []


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize("damage", ["half the answer", "half the digest", "no answer", "another digest"])
async def test_a_damaged_acknowledgement_is_left_alone_until_it_is_whole(
    gateway: FileGateway, folder: Path, damage: str
) -> None:
    entry = entry_of()
    await gateway.send(entry)
    answer = answer_to(entry, RegisterResult.REGISTERED)
    as_json, sums = (folder / "in" / name for name in answer_names(stem(entry)))
    acknowledge(folder, answer)
    if damage == "half the answer":
        as_json.write_bytes(half(as_json.read_bytes()))
    elif damage == "half the digest":
        sums.write_bytes(half(sums.read_bytes()))
    elif damage == "no answer":
        as_json.unlink()
    else:
        sums.write_bytes(sums.read_bytes()[::-1])
    left = [(one.name, one.read_bytes()) for one in sorted((folder / "in").iterdir())]
    with pytest.raises(Unanswered) as why:
        await gateway.ask(entry.key, 1)
    assert why.value.trouble is Trouble.DAMAGED
    sent = await gateway.send(entry)
    assert (sent.result, sent.trouble) == (JobResult.UNKNOWN, Trouble.DAMAGED)
    assert [(one.name, one.read_bytes()) for one in sorted((folder / "in").iterdir())] == left
    acknowledge(folder, answer)
    assert await gateway.ask(entry.key, 1) == answer


async def test_an_acknowledgement_without_its_digest_is_still_being_written(
    gateway: FileGateway, folder: Path
) -> None:
    entry = entry_of()
    await gateway.send(entry)
    acknowledge(folder, answer_to(entry, RegisterResult.REGISTERED))
    (folder / "in" / answer_names(stem(entry))[1]).unlink()
    answer = await gateway.ask(entry.key, 1)
    assert answer is not None
    assert answer.result is RegisterResult.IN_PROGRESS


async def test_an_acknowledgement_of_another_entry_under_this_name_is_no_answer(
    gateway: FileGateway, folder: Path
) -> None:
    entry, other = entry_of(), entry_of()
    as_json, sums = answer_names(stem(entry))
    content = canonical(answer_to(other, RegisterResult.REGISTERED))
    (folder / "in" / as_json).write_bytes(content)
    (folder / "in" / sums).write_bytes(sidecar({as_json: content}))
    with pytest.raises(Unanswered) as why:
        await gateway.ask(entry.key, 1)
    assert why.value.trouble is Trouble.OF_ANOTHER_ENTRY


async def test_what_the_hub_has_taken_is_cleared_away_and_that_may_be_done_twice(
    gateway: FileGateway, folder: Path
) -> None:
    entry, other = entry_of(), entry_of()
    for one in (entry, other):
        await gateway.send(one)
        acknowledge(folder, answer_to(one, RegisterResult.REGISTERED))
    for _ in range(2):
        await gateway.settle(entry)
    assert names(folder / "in" / "done") == sorted(answer_names(stem(entry)))
    assert names(folder / "in") == sorted(answer_names(stem(other)))
    assert names(folder / "out") == sorted(entry_names(stem(other)))


@pytest.mark.parametrize("missing", ["out", "in"])
async def test_folders_that_are_not_there_are_never_made(
    gateway: FileGateway, folder: Path, missing: str
) -> None:
    (folder / missing).rmdir()
    with pytest.raises(Unanswered) as why:
        await gateway.reach()
    assert why.value.trouble is Trouble.FOLDERS
    finding = await gateway.send(entry_of())
    assert finding.result is (JobResult.NOT_SENT if missing == "out" else JobResult.PENDING)
    assert not (folder / missing).exists()


def page_of(taken_at: str, page: int, *, last: bool = True) -> RegisterExtract:
    written = {**EXAMPLES[RegisterExtract], "taken_at": taken_at, "page": page, "last": last}
    return RegisterExtract.model_validate_json(json.dumps(written))


def lay(folder: Path, *pages: RegisterExtract) -> None:
    for page in pages:
        for name, content in extract_files(page).items():
            (folder / "in" / name).write_bytes(content)


async def test_an_extract_is_read_page_by_page_the_newest_first(gateway: FileGateway, folder: Path) -> None:
    first, second = (page_of("2026-05-04T03:00:00Z", number, last=number == 2) for number in (1, 2))
    lay(folder, page_of("2026-05-03T03:00:00Z", 1), first, second)
    found = await gateway.extract(1, None)
    assert found == first
    assert await gateway.extract(2, found.taken_at) == second


@pytest.mark.parametrize("lying", ["nothing", "its first page only"])
async def test_a_page_that_is_not_there_yet_is_none(gateway: FileGateway, folder: Path, lying: str) -> None:
    moment = page_of("2026-05-04T03:00:00Z", 1, last=False)
    lay(folder, *([moment] if lying != "nothing" else []))
    with pytest.raises(Unanswered) as why:
        await gateway.extract(*((2, moment.taken_at) if lying != "nothing" else (1, None)))
    assert why.value.trouble is Trouble.NO_EXTRACT


async def test_a_page_half_written_is_not_taken(gateway: FileGateway, folder: Path) -> None:
    page = page_of("2026-05-04T03:00:00Z", 1)
    lay(folder, page)
    (as_json, content), _ = extract_files(page).items()
    (folder / "in" / as_json).write_bytes(half(content))
    with pytest.raises(Unanswered) as why:
        await gateway.extract(1, None)
    assert why.value.trouble is Trouble.DAMAGED


def withdrawal() -> RegisterEntry:
    """Needs no seal, so that any register can take it."""
    return entry_of(operation=RegisterOperation.WITHDRAW)


@pytest.mark.parametrize(
    "fault",
    [None, Fault.ACKNOWLEDGES_LATE, Fault.BREAKS_OFF, Fault.ERROR_AFTER, Fault.DUPLICATE, Fault.WRONG_DIGEST,
     Fault.DOWN, Fault.SLOW],
)  # fmt: skip
async def test_with_a_register_that_misbehaves_an_entry_takes_effect_once(
    gateway: FileGateway, folder: Path, fault: Fault | None
) -> None:
    book, faults, entry = Book(), Faults(), withdrawal()
    register = RegisterFolder(folder, book, faults)
    if fault is not None:
        faults.order(fault)
    answer = None
    while answer is None or answer.result is RegisterResult.IN_PROGRESS:
        answer = await told(gateway, entry)
        if answer is None:
            await gateway.send(entry)
        register.work()
    assert answer.result is RegisterResult.WITHDRAWN
    await gateway.settle(entry)
    assert book.effects(entry.key) == (1,)


async def told(gateway: FileGateway, entry: RegisterEntry) -> RegisterAnswer | None:
    try:
        return await gateway.ask(entry.key, entry.revision)
    except Unanswered:
        return answer_to(entry, RegisterResult.IN_PROGRESS)


def over(sftp: SftpServer) -> FileGateway:
    return FileGateway(SftpPlace(sftp_access(sftp.url, sftp.identity, sftp.known_hosts)))


async def test_a_server_that_is_not_the_known_one_is_not_told_anything(
    sftp: SftpServer, folder: Path, tmp_path: Path
) -> None:
    stranger = tmp_path / "strangers"
    key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    stranger.write_text(f"[127.0.0.1]:{sftp.port} {key}\n")
    gateway = FileGateway(SftpPlace(sftp_access(sftp.url, sftp.identity, stranger)))
    finding = await gateway.send(entry_of())
    assert (finding.result, finding.trouble) == (JobResult.NOT_SENT, Trouble.ACCESS)
    assert names(folder / "out") == []


async def test_a_server_that_went_away_is_reached_again_when_it_is_back(
    sftp: SftpServer, folder: Path
) -> None:
    gateway, entry = over(sftp), entry_of()
    await gateway.reach()
    await sftp.stop()
    finding = await gateway.send(entry)
    assert (finding.result, finding.trouble) == (JobResult.NOT_SENT, Trouble.AWAY)
    assert names(folder / "out") == []
    await sftp.start()
    assert (await gateway.send(entry)).result is JobResult.PENDING
    await gateway.close()


@pytest.mark.parametrize(
    ("ending", "result"),
    [(".json", JobResult.NOT_SENT), (".xml", JobResult.NOT_SENT), (".sha256", JobResult.UNKNOWN)],
)
async def test_an_entry_may_have_arrived_only_from_its_digest_on(
    sftp: SftpServer, folder: Path, ending: str, result: JobResult
) -> None:
    gateway = over(sftp)
    sftp.fails_on = ending
    assert (await gateway.send(entry_of())).result is result
    assert not [name for name in names(folder / "out") if name.startswith(".")]
    await gateway.close()


async def test_a_server_without_extensions_will_do_too(sftp: SftpServer, folder: Path) -> None:
    sftp.plain = True
    gateway, entry = over(sftp), entry_of()
    (folder / "out" / f"{stem(entry)}.json").write_bytes(b"half")
    assert (await gateway.send(entry)).result is JobResult.PENDING
    acknowledge(folder, answer_to(entry, RegisterResult.REGISTERED))
    for _ in range(2):
        await gateway.settle(entry)
    assert names(folder / "in" / "done") == sorted(answer_names(stem(entry)))
    assert names(folder / "out") == names(folder / "in") == []
    await gateway.close()


async def test_a_digest_beside_damaged_files_counts_only_when_all_is_written_anew(
    sftp: SftpServer, folder: Path
) -> None:
    gateway, entry = over(sftp), entry_of()
    for name, content in entry_files(entry).items():
        (folder / "out" / name).write_bytes(b"damaged" if name.endswith(".json") else content)
    sftp.fails_on = ".xml"
    assert (await gateway.send(entry)).result is JobResult.NOT_SENT
    assert await gateway.ask(entry.key, 1) is None
    await gateway.close()


@pytest.mark.parametrize(
    "url", ["sftp://127.0.0.1/", "ssh://agis@127.0.0.1/", "sftp://agis:parole@127.0.0.1/", "agis"]
)
def test_an_address_says_who_logs_in_where_and_holds_no_password(sftp: SftpServer, url: str) -> None:
    with pytest.raises(SftpAddressRefused):
        sftp_access(url, sftp.identity, sftp.known_hosts)


def test_an_identity_that_others_can_read_is_not_used(sftp: SftpServer) -> None:
    sftp.identity.chmod(0o644)
    with pytest.raises(SftpFileRefused) as refused:
        sftp_access(sftp.url, sftp.identity, sftp.known_hosts)
    assert refused.value.facts["why"] == "open"


async def test_a_key_nobody_has_is_nothing(folder: Path) -> None:
    assert await FileGateway(Folder(folder)).ask(uuid4(), 1) is None
