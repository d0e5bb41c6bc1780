"""A centre's own proof over HTTP: sent, named by nobody, fetched, opened; and what strangers find of it."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from saikne import compose, wire_bytes
from saikne_schemas.proofs import OpenProof
from tests.journeys.play import ByHand, Play, chain_of, code_of, pdf, seven_zip
from tests.journeys.test_canaries import hunt
from tests.peers import signed_files
from tests.peers.signing_people import SIGNER

CANARY = "Krišjānis Ozolkalns-Vītoliņš"
PLACE = "/v1/proofs/{}"


def place(proof: UUID) -> str:
    return PLACE.format(proof)


def opening(proof: UUID) -> bytes:
    return wire_bytes(compose(OpenProof, proof=proof))


def objects(play: Play, proof: UUID) -> list[Path]:
    found = (play.stage.home / "objects" / "proofs").rglob(f"*{proof}*")
    return [path for path in found if path.is_file()]


async def events_of(play: Play, proof: UUID) -> list[tuple[UUID, str]]:
    rows = await play.sql(
        "SELECT tenant_id, kind FROM hub.event WHERE convert_from(body, 'UTF8')::json->>'proof' = $1"
        " ORDER BY at",
        str(proof),
    )
    return [(row[0], row[1]) for row in rows]


async def rows_of(play: Play, proof: UUID) -> int:
    count: int = (await play.sql("SELECT count(*) FROM hub.proof WHERE id = $1", proof))[0][0]
    return count


async def test_a_proof_is_sealed_kept_and_given_to_its_owner(
    play: Play, caller: ByHand, tmp_path: Path
) -> None:
    proof, content = uuid4(), pdf("a letter", 300_000)
    sent = await caller.put(place(proof), content)
    assert sent.status_code == 200, sent.text
    view = sent.json()
    assert view["sha256"] == hashlib.sha256(content).hexdigest()
    assert (view["bytes"], view["media_type"], view["named_in"]) == (300_000, "application/pdf", None)
    assert (await caller.get(place(proof))).json() == view
    fetched = await caller.get(f"{place(proof)}/archive")
    assert len(fetched.content) == view["archive_bytes"]
    assert hashlib.sha256(fetched.content).hexdigest() == view["archive_sha256"]
    part = await caller.get(f"{place(proof)}/archive", Range="bytes=1000-1999")
    assert (part.status_code, part.content) == (206, fetched.content[1000:2000])
    opened = await caller.post(f"{place(proof)}/open", opening(proof))
    assert opened.headers["cache-control"] == "no-store"
    archive = tmp_path / "proof.zip"
    archive.write_bytes(fetched.content)
    assert seven_zip(archive, "0" * 16, tmp_path / "wrong").returncode != 0
    assert seven_zip(archive, opened.json()["password"], tmp_path / "out").returncode == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["proof.pdf"]
    assert (tmp_path / "out" / "proof.pdf").read_bytes() == content
    me = play.requester.credentials.centre
    kinds = ("sealed", "fetched", "fetched", "opened")
    assert await events_of(play, proof) == [(me, f"proofs.proof.{kind}") for kind in kinds]
    _, verdict = await chain_of(play.requester)
    assert verdict.holds


async def test_a_signed_file_is_looked_at_and_its_owner_alone_reads_who_signed(
    play: Play, caller: ByHand
) -> None:
    sound, changed = signed_files.container(), uuid4()
    views = []
    for proof, content in (
        (uuid4(), sound),
        (changed, signed_files.with_another_document(sound)),
        (uuid4(), signed_files.unsigned()),
    ):
        headers = caller.for_upload(place(proof), content, signed_files.CONTAINER)
        sent = await caller.put(place(proof), content, headers)
        assert sent.status_code == 200, sent.text
        assert (await caller.get(place(proof))).json() == sent.json()
        views.append(sent.json())
    assert [view["signatures"] for view in views] == ["whole", "altered", "unsigned"]
    assert [[by["name"] for by in view["signers"]] for view in views] == [[SIGNER], [SIGNER], []]
    told = await play.sql(
        "SELECT convert_from(body, 'UTF8')::json->>'verdict' FROM hub.event"
        " WHERE convert_from(body, 'UTF8')::json->>'proof' = $1",
        str(changed),
    )
    assert [row[0] for row in told] == ["altered"]
    assert await hunt(play, [SIGNER], []) == []


async def test_what_fetches_nothing_is_not_written_down_as_fetched(play: Play, caller: ByHand) -> None:
    proof = uuid4()
    view = (await caller.put(place(proof), pdf("looked at", 300_000))).json()
    head = await caller.head(f"{place(proof)}/archive", Range="bytes=5-9")
    known = await caller.get(f"{place(proof)}/archive", **{"If-None-Match": head.headers["etag"]})
    other = await caller.get(f"{place(proof)}/archive", **{"If-Match": '"another"'})
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == view["archive_bytes"]
    assert head.headers["etag"] == f'"{view["archive_sha256"]}"'
    assert (known.status_code, known.content) == (304, b"")
    assert code_of(other) == (412, "http.precondition-failed")
    shown = await caller.head(place(proof))
    assert (shown.status_code, int(shown.headers["content-length"]) > 100) == (200, True)
    assert [kind for _, kind in await events_of(play, proof)] == ["proofs.proof.sealed"]
    fetched = await caller.get(f"{place(proof)}/archive")
    same = head.headers.keys() - {"date", "x-request-id"}
    assert {name: fetched.headers[name] for name in same} == {name: head.headers[name] for name in same}


async def test_the_same_file_again_is_answered_as_the_first_and_another_is_refused(
    play: Play, caller: ByHand
) -> None:
    proof, content = uuid4(), pdf("a sheet")
    first = await caller.put(place(proof), content)
    again = await caller.put(place(proof), content)
    assert (again.status_code, again.content) == (200, first.content)
    other = await caller.put(place(proof), pdf("another sheet"))
    assert code_of(other) == (409, "proofs.identity-reused")
    assert len(objects(play, proof)) == 1
    assert len(await events_of(play, proof)) == 1


async def test_a_proof_sent_side_by_side_is_kept_once(play: Play, caller: ByHand) -> None:
    proof, content = uuid4(), pdf("side by side", 200_000)
    answers = await asyncio.gather(*[caller.put(place(proof), content) for _ in range(4)])
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1
    assert len(objects(play, proof)) == 1
    assert len(await events_of(play, proof)) == 1


async def nothing_was_kept(play: Play, proof: UUID) -> None:
    for _ in range(200):
        if not objects(play, proof):
            break
        await asyncio.sleep(0.05)
    assert objects(play, proof) == []
    assert await rows_of(play, proof) == 0
    assert await events_of(play, proof) == []


async def test_what_is_refused_by_its_head_leaves_nothing(play: Play, caller: ByHand) -> None:
    content = pdf("anything")
    proof = uuid4()
    film = await caller.put(place(proof), content, caller.for_upload(place(proof), content, "video/mp4"))
    assert code_of(film) == (415, "proofs.media-type-not-kept")

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    chunked = await caller.http.put(
        caller.uri(place(proof)), content=chunks(), headers=caller.for_upload(place(proof), content)
    )
    assert code_of(chunked) == (411, "proofs.length-missing")
    empty = await caller.put(place(proof), b"", caller.for_upload(place(proof), b""))
    assert code_of(empty) == (411, "proofs.length-missing")
    reader, writer = await caller.begin_upload(
        place(proof), caller.for_upload(place(proof), content), 64 * 1024**2 + 1
    )
    head = await reader.readuntil(b"\r\n")
    writer.transport.abort()
    assert b" 413 " in head
    await nothing_was_kept(play, proof)
    fixed = UUID("11111111-1111-1111-8111-111111111111")
    assert code_of(await caller.put(place(fixed), content)) == (400, "proofs.identity-not-random")
    await nothing_was_kept(play, fixed)


async def test_other_bytes_than_signed_leave_nothing(play: Play, caller: ByHand) -> None:
    proof, content = uuid4(), pdf("as signed", 200_000)
    headers = caller.for_upload(place(proof), content)
    answer = await caller.put(place(proof), content[:-1] + b"x", headers)
    assert code_of(answer) == (422, "sealing.digest-mismatch")
    await nothing_was_kept(play, proof)
    assert (await caller.put(place(proof), content)).status_code == 200


async def test_a_sender_that_hangs_up_leaves_nothing(play: Play, caller: ByHand) -> None:
    proof, content = uuid4(), pdf("cut off", 200_000)
    _, writer = await caller.begin_upload(
        place(proof), caller.for_upload(place(proof), content), len(content)
    )
    writer.write(content[:100_000])
    await writer.drain()
    writer.transport.abort()
    await asyncio.sleep(0)
    await nothing_was_kept(play, proof)


async def test_a_foreign_proof_is_answered_as_none_and_its_identity_is_free_for_others(
    play: Play, caller: ByHand
) -> None:
    proof, absent, content = uuid4(), uuid4(), pdf("ours")
    ours = (await caller.put(place(proof), content)).json()
    for stranger in (await play.by_hand(play.stranger), await play.by_hand(play.holder)):
        for last in ("", "/archive"):
            foreign = await stranger.get(place(proof) + last)
            assert code_of(foreign) == (404, "proofs.not-found")
            none = await stranger.get(place(absent) + last)
            assert foreign.json() | {"instance": ...} == none.json() | {"instance": ...}  # a number a call
        opened = await stranger.post(f"{place(proof)}/open", opening(proof))
        assert code_of(opened) == (404, "proofs.not-found")
        theirs = await stranger.put(place(proof), pdf("theirs"))
        assert theirs.status_code == 200
        assert (await stranger.get(place(proof))).json()["sha256"] != ours["sha256"]
    assert (await caller.get(place(proof))).json() == ours
    overseer = await play.by_hand(play.overseer)
    assert code_of(await overseer.get(place(proof))) == (403, "access.scope-missing")


async def test_a_statement_opens_the_proof_that_it_names(play: Play, caller: ByHand) -> None:
    proof, other = uuid4(), uuid4()
    for each in (proof, other):
        await caller.put(place(each), pdf(str(each)))
    crossed = await caller.post(f"{place(proof)}/open", opening(other))
    assert code_of(crossed) == (400, "proofs.other-proof")
    spoiled = json.dumps(json.loads(opening(proof)) | {"why": "curious"}).encode()
    malformed = await caller.post(f"{place(proof)}/open", spoiled)
    assert code_of(malformed) == (400, "manifest.malformed")
    assert [kind for _, kind in await events_of(play, proof)] == ["proofs.proof.sealed"]


@pytest.mark.parametrize("media_type", ["text/plain; charset=utf-8", "message/rfc822"])
async def test_no_name_in_a_proof_and_no_password_of_it_is_left_anywhere(
    play: Play, caller: ByHand, media_type: str
) -> None:
    proof = uuid4()
    content = f"Labdien! Mēs, {CANARY}, pārejam pie jums no 1. decembra.\n".encode() * 50
    headers = caller.for_upload(place(proof), content, media_type)
    assert (await caller.put(place(proof), content, headers)).status_code == 200
    fetched = await caller.get(f"{place(proof)}/archive")
    assert CANARY.encode() not in fetched.content
    password = (await caller.post(f"{place(proof)}/open", opening(proof))).json()["password"]
    assert len(password) == 16
    assert await hunt(play, [CANARY], [password]) == []
