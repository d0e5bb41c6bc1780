"""What a statement may name: a proof that its author sent, of that very content, in one matter only."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from hub.evidence.store import events
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.kernel.secret import Secret
from hub.plumbing.blobs import ORPHAN_AGE, Blobs
from hub.plumbing.database import Database, Tx
from hub.proofs import casework as proofs
from hub.proofs import store
from hub.proofs.casework import OBJECTS, UNNAMED_FOR, Arrival, require, sweep
from hub.sealing.stream import seal_bytes
from hub.signing.signature import SignedHead
from saikne_schemas.proofs import PROOF_BYTES, ProofMediaType, ProofRef
from saikne_schemas.signed_files import Verdict

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MATTER, OTHER_MATTER = uuid4(), uuid4()
CONTENT = b"the message in which the family told of its move"
DIGEST = hashlib.sha256(CONTENT).digest()


@pytest.fixture
def owner() -> CentreId:
    return CentreId(uuid4())


@pytest.fixture
async def tx(database: Database, owner: CentreId) -> AsyncIterator[Tx]:
    async with database.transaction([owner]) as tx:
        yield tx


async def kept(
    tx: Tx,
    owner: CentreId,
    sealed_at: datetime = NOW,
    path: str = "proofs/none",
    kind: ProofMediaType = ProofMediaType.TEXT,
) -> ProofRef:
    identity = uuid4()
    row = {
        "tenant_id": owner,
        "id": identity,
        "media_type": kind.value,
        "bytes": len(CONTENT),
        "sha256": DIGEST,
        "path": path,
        "segment_bytes": 200,
        "archive_sha256": DIGEST,
        "wrapped": b"wrapped",
        "sealed_at": sealed_at,
    }
    assert await store.keep(tx, row)
    return ProofRef(id=identity, sha256=DIGEST.hex())


async def refused(tx: Tx, owner: CentreId, refs: list[ProofRef], concerns: UUID = MATTER) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        await require(tx, owner, refs, concerns, NOW)
    return refusal.value


async def named(tx: Tx, owner: CentreId, ref: ProofRef) -> tuple[UUID | None, datetime | None]:
    row = await store.find(tx, owner, ref.id)
    assert row is not None
    return row.concerns, row.named_at


async def test_proofs_that_were_sent_are_named_in_a_matter_and_may_be_named_there_again(
    tx: Tx, owner: CentreId
) -> None:
    refs = [await kept(tx, owner) for _ in range(3)]
    await require(tx, owner, [*refs, refs[0]], MATTER, NOW)
    await require(tx, owner, refs[:1], MATTER, NOW + timedelta(days=1))
    assert [await named(tx, owner, ref) for ref in refs] == [(MATTER, NOW)] * 3


async def test_of_the_proofs_that_were_sent_is_known_what_was_found(tx: Tx, owner: CentreId) -> None:
    kinds = [ProofMediaType.ASICE, ProofMediaType.TEXT, ProofMediaType.TEXT]
    refs = [await kept(tx, owner, kind=kind) for kind in kinds]
    assert await proofs.verdicts(tx, owner, refs) == {refs[0].id: Verdict.NOT_LOOKED_AT}
    absent = ProofRef(id=uuid4(), sha256=DIGEST.hex())
    with pytest.raises(proofs.Unknown) as refused:
        await proofs.verdicts(tx, owner, [*refs, absent])
    assert refused.value.facts == {"proofs": [str(absent.id)]}


async def test_a_statement_without_proofs_asks_for_none(tx: Tx, owner: CentreId) -> None:
    ref = await kept(tx, owner)
    await require(tx, owner, [], MATTER, NOW)
    assert await proofs.verdicts(tx, owner, []) == {}
    assert await named(tx, owner, ref) == (None, None)


async def test_a_proof_that_was_not_sent_is_refused_by_its_identity(tx: Tx, owner: CentreId) -> None:
    sent, absent = await kept(tx, owner), ProofRef(id=uuid4(), sha256=DIGEST.hex())
    refusal = await refused(tx, owner, [sent, absent])
    assert (refusal.code, refusal.facts) == ("proofs.unknown", {"proofs": [str(absent.id)]})


async def test_a_proof_of_another_content_is_one_that_was_not_sent(tx: Tx, owner: CentreId) -> None:
    sent = await kept(tx, owner)
    other = ProofRef(id=sent.id, sha256="0" * 64)
    assert (await refused(tx, owner, [other])).code == "proofs.unknown"
    assert (await refused(tx, owner, [sent, other])).code == "proofs.unknown"


async def test_a_proof_serves_one_matter_only(tx: Tx, owner: CentreId) -> None:
    free, taken = await kept(tx, owner), await kept(tx, owner)
    await require(tx, owner, [taken], OTHER_MATTER, NOW)
    refusal = await refused(tx, owner, [free, taken])
    assert (refusal.code, refusal.facts) == ("proofs.named-elsewhere", {"proofs": [str(taken.id)]})
    assert (await named(tx, owner, taken))[0] == OTHER_MATTER


async def test_another_centres_proof_is_one_that_was_not_sent_even_where_both_are_at_the_table(
    database: Database, owner: CentreId
) -> None:
    other = CentreId(uuid4())
    async with database.transaction([owner, other]) as tx:
        theirs = await kept(tx, other)
        assert (await refused(tx, owner, [theirs])).code == "proofs.unknown"
        assert await named(tx, other, theirs) == (None, None)


async def test_naming_asks_the_database_once_however_many_are_named(tx: Tx, owner: CentreId) -> None:
    refs, asked = [await kept(tx, owner) for _ in range(20)], []

    def note(*told: Any) -> None:
        asked.append(told[2])

    event.listen(tx.sync_connection, "before_cursor_execute", note)
    await require(tx, owner, refs, MATTER, NOW)
    event.remove(tx.sync_connection, "before_cursor_execute", note)
    assert len(asked) == 1
    assert [await named(tx, owner, ref) for ref in refs] == [(MATTER, NOW)] * 20


def arrival(**changes: object) -> Arrival:
    head = SignedHead(
        key_id="key",
        nonce="nonce",
        created=NOW,
        expires=NOW,
        alg="ed25519",
        digest=DIGEST,
        signature_base=b"",
        signature=b"",
        public_jwk={},
    )
    announced = {"proof": uuid4(), "head": head, "media_type": "image/png", "length": 5, **changes}
    return Arrival(**announced)  # type: ignore[arg-type]  # what a head may say


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"proof": UUID(int=1)}, "proofs.identity-not-random"),
        ({"media_type": "video/mp4"}, "proofs.media-type-not-kept"),
        ({"media_type": ""}, "proofs.media-type-not-kept"),
        ({"length": None}, "proofs.length-missing"),
        ({"length": 0}, "proofs.length-missing"),
        ({"length": PROOF_BYTES + 1}, "proofs.too-large"),
    ],
)
def test_what_may_not_be_kept_is_refused_by_its_head(changes: dict[str, object], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        arrival(**changes).segment()
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("media_type", "name"),
    [("image/jpeg", "proof.jpg"), ("message/rfc822", "proof.eml"), ("text/plain", "proof.txt")],
)
def test_an_entry_is_called_proof_and_nothing_else(media_type: str, name: str) -> None:
    segment = arrival(media_type=media_type, length=PROOF_BYTES).segment()
    assert (segment.name, segment.plain_bytes, segment.sha256) == (name, PROOF_BYTES, DIGEST)


async def objects(blobs: Blobs) -> set[str]:
    return {one.path async for one in blobs.listing(OBJECTS)}


async def test_what_no_statement_names_in_time_is_erased_with_its_object(
    database: Database, owner: CentreId, tmp_path: Path
) -> None:
    blobs, other = Blobs.from_url(tmp_path.as_uri()), CentreId(uuid4())
    for path in ("proofs/late", "proofs/named", "proofs/young", "proofs/other", "proofs/nobodys"):
        await seal_bytes(CONTENT, name="proof.txt", password=Secret("0" * 16), store=blobs, path=path)
    later = datetime.now(UTC) + UNNAMED_FOR
    long_ago = later - UNNAMED_FOR - timedelta(seconds=1)
    async with database.transaction([owner, other]) as tx:
        late = await kept(tx, owner, long_ago, "proofs/late")
        used = await kept(tx, owner, long_ago, "proofs/named")
        await require(tx, owner, [used], MATTER, NOW)
        young = await kept(tx, owner, later - UNNAMED_FOR + timedelta(seconds=1), "proofs/young")
        theirs = await kept(tx, other, long_ago, "proofs/other")
    assert await sweep(database, blobs, [owner, other], later) == 3
    assert await sweep(database, blobs, [owner, other], later) == 0
    assert await objects(blobs) == {"proofs/named", "proofs/young"}
    async with database.transaction([owner, other]) as tx:
        left = [await store.find(tx, owner, ref.id) for ref in (late, used, young)]
        assert [row is None for row in left] == [True, False, False]
        told = (await tx.execute(select(events.c.tenant_id, events.c.kind, events.c.body))).all()
    assert {(row.tenant_id, row.kind) for row in told} == {
        (owner, "proofs.proof.erased"),
        (other, "proofs.proof.erased"),
    }
    assert len(told) == 2
    bodies = {row.tenant_id: row.body.decode() for row in told}
    assert str(late.id) in bodies[owner]
    assert str(theirs.id) in bodies[other]
    assert str(used.id) not in bodies[owner]


async def test_an_object_whose_row_may_still_come_is_left(
    database: Database, owner: CentreId, tmp_path: Path
) -> None:
    blobs = Blobs.from_url(tmp_path.as_uri())
    await seal_bytes(CONTENT, name="proof.txt", password=Secret("0" * 16), store=blobs, path="proofs/new")
    now = datetime.now(UTC)
    assert await sweep(database, blobs, [owner], now + ORPHAN_AGE - timedelta(minutes=1)) == 0
    assert await sweep(database, blobs, [owner], now + ORPHAN_AGE + timedelta(minutes=1)) == 1
