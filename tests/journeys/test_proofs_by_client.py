"""A centre's own proof through library and command: sent once however often it is tried, fetched whole."""

import asyncio
import json
import os
from functools import partial
from pathlib import Path
from typing import Literal
from uuid import UUID, uuid4

import pytest

from hub.kernel.ids import CentreId
from hub.plumbing.database import Database
from hub.proofs.casework import require
from saikne import Hub, HubRefusal, LocalRefusal, compose
from saikne.command.connection import proofs_of, said_once
from saikne_schemas.proofs import PROOF_BYTES, ProofMediaType, ProofRef
from saikne_schemas.wire import IDENTITY, SCHEMA, RandomId, WireDocument
from tests.journeys.by_command import done
from tests.journeys.play import Play, pdf
from tests.journeys.test_outside_centres import asked, named, says
from tests.peers.commands import ran


class Notice(WireDocument):
    """A statement of another room that names proofs."""

    schema_: Literal["saikne.notice-for-tests/1"] = SCHEMA
    id: RandomId = IDENTITY
    proofs: list[ProofRef]


@pytest.fixture
def hub(play: Play, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The requester, with the home that its command has."""
    monkeypatch.setenv("SAIKNE_HOME", str(home(play)))
    return play.requester


def same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def home(play: Play) -> Path:
    return play.stage.home / "centres" / str(play.requester.credentials.centre)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "sms.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0" + uuid4().bytes * 5000)
    return path


async def sealed(play: Play) -> int:
    count: int = (await play.sql("SELECT count(*) FROM hub.event WHERE kind = 'proofs.proof.sealed'"))[0][0]
    return count


async def name(play: Play, refs: list[ProofRef], matter: UUID) -> None:
    """What the casework of another room does when a statement names proofs."""
    database = Database(play.stage.owner_url, pool_size=1)
    owner = CentreId(play.requester.credentials.centre)
    async with database.transaction([owner]) as tx:
        await require(tx, owner, refs, matter, (await tx.exec_driver_sql("SELECT now()")).scalar_one())
    await database.close()


async def run(play: Play, *arguments: str) -> tuple[int, str, str]:
    """The command as it is typed at that centre's computer."""
    environment = {**os.environ, "SAIKNE_HOME": str(home(play)), "SAIKNE_LANG": "en"}
    ended = await asyncio.to_thread(partial(ran, "saikne", *arguments, environment=environment))
    return ended.returncode, ended.stdout, ended.stderr


async def test_a_proof_comes_back_as_it_was_sent(hub: Hub, picture: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    ref = await hub.send_proof(picture, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (80_004, 80_004)
    view = await hub.proof(ref.id)
    assert (view.media_type, view.sha256, view.named_in) == (ProofMediaType.JPEG, ref.sha256, None)
    for _ in range(2):
        file = await hub.fetch_proof(ref.id, tmp_path / "new" / "folder")
        assert same(file, picture)
        assert list(file.parent.iterdir()) == [file]
        assert file.name == f"proof-{ref.id}.jpg"
        assert file.stat().st_mode & 0o777 == 0o600


async def test_a_file_in_the_way_of_a_proof_is_not_overwritten(
    hub: Hub, picture: Path, tmp_path: Path
) -> None:
    ref = await hub.send_proof(picture)
    mine = tmp_path / f"proof-{ref.id}.jpg"
    mine.write_text("mine")
    with pytest.raises(LocalRefusal) as refusal:
        await hub.fetch_proof(ref.id, tmp_path)
    assert refusal.value.code == "home.already-there"
    assert mine.read_text() == "mine"


@pytest.mark.parametrize("ending", ["eml", "txt", "pdf"])
async def test_letters_and_messages_are_kept_too(hub: Hub, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"message.{ending.upper()}"
    path.write_bytes(pdf(ending))
    ref = await hub.send_proof(path)
    file = await hub.fetch_proof(ref.id, tmp_path / "in")
    assert (file.suffix, file.read_bytes()) == (f".{ending}", path.read_bytes())


@pytest.mark.parametrize(
    ("file_name", "content", "code"),
    [
        ("film.mp4", b"film", "proof.kind-unknown"),
        ("picture.jpg", b"%PDF-1.7", "proof.kind-unknown"),
        ("empty.txt", b"", "document.unreadable"),
        ("large.txt", None, "proof.too-large"),
        ("absent/file.pdf", None, "document.unreadable"),
    ],
)
async def test_what_cannot_be_a_proof_is_refused_before_it_is_sent(
    play: Play, hub: Hub, tmp_path: Path, *, file_name: str, content: bytes | None, code: str
) -> None:
    path, before = tmp_path / file_name, await sealed(play)
    if content is not None:
        path.write_bytes(content)
    elif path.parent.exists():
        with path.open("wb") as file:
            file.truncate(PROOF_BYTES + 1)
    with pytest.raises(LocalRefusal) as refusal:
        await hub.send_proof(path)
    assert refusal.value.code == code
    assert await sealed(play) == before


async def test_the_same_command_sends_its_proofs_once_until_its_statement_is_taken(
    play: Play, hub: Hub, picture: Path, tmp_path: Path
) -> None:
    letter, copy = tmp_path / "letter.pdf", tmp_path / "copy.pdf"
    for path in (letter, copy):
        path.write_bytes(pdf(str(tmp_path)))
    before = await sealed(play)
    first = await proofs_of(hub, [picture, letter, copy])
    assert len(first) == 2
    assert await proofs_of(hub, [picture, letter, copy]) == first
    assert await sealed(play) == before + 2

    async def lost(statement: Notice) -> None:
        await name(play, statement.proofs, statement.id)
        raise ConnectionError

    async def taken(statement: Notice) -> Notice:
        await name(play, statement.proofs, statement.id)
        return statement

    with pytest.raises(ConnectionError):
        await said_once(lost, compose(Notice, proofs=first))
    again = await said_once(taken, compose(Notice, proofs=await proofs_of(hub, [picture, letter])))
    assert again.proofs == first
    assert {(await hub.proof(ref.id)).named_in for ref in first} == {again.id}
    next_time = await proofs_of(hub, [picture])
    assert next_time[0].sha256 == first[0].sha256
    assert next_time[0].id != first[0].id
    await said_once(taken, compose(Notice, proofs=next_time))


async def test_after_a_refusal_the_same_file_is_a_new_proof(play: Play, hub: Hub, picture: Path) -> None:
    (first,) = await proofs_of(hub, [picture])
    await name(play, [first], uuid4())

    async def refused(_statement: Notice) -> None:
        raise HubRefusal("proofs.named-elsewhere", "named elsewhere", 409)

    with pytest.raises(HubRefusal):
        await said_once(refused, compose(Notice, proofs=[first]))
    (second,) = await proofs_of(hub, [picture])
    assert second.id != first.id


async def test_the_command_writes_the_file_and_says_where(
    play: Play, hub: Hub, picture: Path, tmp_path: Path
) -> None:
    ref = await hub.send_proof(picture)
    code, out, err = await run(play, "proof", str(ref.id), "--to", str(tmp_path / "out"))
    file = tmp_path / "out" / f"proof-{ref.id}.jpg"
    assert (code, err) == (0, "")
    assert str(file) in out
    assert "No statement has named it" in out
    assert same(file, picture)
    await name(play, [ref], ref.id)
    code, out, _ = await run(play, "proof", str(ref.id), "--to", str(tmp_path / "out"), "--json")
    told = json.loads(out)
    assert (code, told["path"], told["named_in"]) == (0, str(file), str(ref.id))
    code, out, _ = await run(play, "proof", str(uuid4()), "--to", str(tmp_path), "--json")
    assert (code, json.loads(out)["problem"]["code"]) == (1, "proofs.not-found")


async def test_a_file_that_proved_something_else_is_sent_anew_by_the_command(
    play: Play, hub: Hub, picture: Path
) -> None:
    """An answer of the hub that got lost leaves the file with the identity that it proved something by."""
    centre = await named(play, hub, "Lazda")
    children = ("AG-8121-B1", "AG-8122-B1")
    first, second = [(await asked(play, "Lazda", child))["accepted"]["exchange"] for child in children]
    why = ("--reason", "not_our_family")
    (sent,) = await proofs_of(hub, [picture])
    kept = home(play) / "journal" / f"proof-{sent.sha256}"
    identity = kept.read_text()
    await done(play, hub, *says(centre, play, "refuse", first, *why, shown=str(picture)))
    kept.write_text(identity)
    before = await sealed(play)
    assert (await hub.proof(UUID(identity))).named_in == UUID(first)
    await done(play, hub, *says(centre, play, "refuse", second, *why, shown=str(picture)))
    assert await sealed(play) == before + 1
    assert not kept.exists()
    assert (await hub.proof(UUID(identity))).named_in == UUID(first)
