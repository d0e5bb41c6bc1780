"""A proof's way, verb by verb: taken in, named, fetched, opened, forgotten.

Source: method S41, S74, S88, S89; features N12. A centre sends the file first and names it afterwards, in a
statement of whatever matter: that matter's room calls `require`. What no statement names is not kept. A file
that may bear a signature is looked at on its way in (`signed_file`); nobody but its owner gets it.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal, TooMuch
from hub.kernel.secret import Secret
from hub.passwords import phrase
from hub.plumbing.blobs import ORPHAN_AGE, Blobs
from hub.plumbing.database import Database, Tx
from hub.proofs import store
from hub.proofs.gateways.examination import Examiners
from hub.proofs.signed_file import Findings
from hub.proofs.store import ProofRow
from hub.sealing.archive import SealedSegment, directory, proof_name
from hub.sealing.parcel import Archive, StoredSegment, archive_sha256
from hub.sealing.stream import gone_unless_said, seal_document
from hub.signing.keyring import Keyring
from hub.signing.signature import SignedHead
from hub.signing.statement import SignedStatement
from hub.signing.store import cover
from hub.web.limits import NOT_SOON, Limits
from saikne_schemas.proofs import PROOF_BYTES, OpenProof, ProofMediaType, ProofRef, ProofView, ReadSigned
from saikne_schemas.signed_files import Signer, Verdict
from saikne_schemas.statements import Statement

OBJECTS = "proofs/"
UNNAMED_FOR = timedelta(days=7)
"""How long a proof waits for the statement that names it."""
_MAY_BE_SIGNED = frozenset({ProofMediaType.ASICE, ProofMediaType.PDF})
_SIGNERS = TypeAdapter(list[Signer])


class NotFound(Refusal):
    """Absent, or of another centre: the answer is the same."""

    code = "proofs.not-found"


class IdentityReused(Refusal):
    code = "proofs.identity-reused"


class IdentityNotRandom(Refusal):
    code = "proofs.identity-not-random"


class MediaTypeNotKept(Refusal):
    code = "proofs.media-type-not-kept"


class LengthMissing(Refusal):
    """The head does not say how long the file is, or that it is empty: it is sealed as it comes."""

    code = "proofs.length-missing"


class TooLarge(Refusal):
    code = "proofs.too-large"


class TooMuchUnused(TooMuch):
    """Proofs that no statement has named take room that others of the centre's own will need."""

    code = "proofs.too-much-unused"


class OtherProof(Refusal):
    """The signed statement names another proof than the address it was sent to."""

    code = "proofs.other-proof"


class Unknown(Refusal):
    """A statement names a proof that its author never sent, or sent with another content."""

    code = "proofs.unknown"


class NamedElsewhere(Refusal):
    code = "proofs.named-elsewhere"


@dataclass(frozen=True, slots=True)
class Desk:
    """One piece of work on one centre's proofs: an open transaction and the time."""

    tx: Tx
    owner: CentreId
    now: datetime
    keyring: Keyring
    unused_bytes_at_most: int = Limits().unused_proofs_bytes
    reader: CentreId | None = None
    """Who reads what the owner signed, where it is not the owner."""


DeskMaker = Callable[[CentreId], AbstractAsyncContextManager[Desk]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file as the head of its upload announces it."""

    proof: UUID
    head: SignedHead
    media_type: str
    length: int | None
    """Content-Length in bytes; None when the body is chunked."""

    def segment(self) -> SealedSegment:
        """What it will be sealed as, if it may be kept at all."""
        if self.proof.version != 4:  # noqa: PLR2004  # RFC 9562: the random one
            raise IdentityNotRandom
        if self.media_type not in set(ProofMediaType):
            raise MediaTypeNotKept(kept=[kind.value for kind in ProofMediaType])
        if not self.length:
            raise LengthMissing
        if self.length > PROOF_BYTES:
            raise TooLarge(bytes_at_most=PROOF_BYTES)
        return SealedSegment(proof_name(self.media_type), self.length, self.head.digest)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where proofs are put, and who looks at what is signed on its way there."""

    blobs: Blobs
    examiners: Examiners


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file that came in whole: under which password, and what was found in it."""

    password: Secret
    found: Findings | None


async def receive(
    desks: DeskMaker, shelf: Shelf, owner: CentreId, arrival: Arrival, blocks: AsyncIterator[bytes]
) -> ProofView:
    """Seal the file as it comes, under its own password; the same file again is answered as the first was."""
    segment = arrival.segment()
    async with desks(owner) as desk:
        earlier = await store.find(desk.tx, owner, arrival.proof)
        if earlier is None:
            await _check_room(desk, segment.plain_bytes)
        else:
            return _same(desk, earlier, arrival)
    path = f"{OBJECTS}{owner}/{arrival.proof}-{uuid4().hex}"
    async with gone_unless_said(shelf.blobs, path) as there:
        sealed = await _seal(shelf, path, arrival, blocks)
        stored = StoredSegment(path, segment.segment_bytes)
        whole = await archive_sha256(shelf.blobs, [stored], directory([segment]))
        async with desks(owner) as desk:
            place = {"path": path, "segment_bytes": segment.segment_bytes, "archive_sha256": whole}
            if await _keep(desk, arrival, place, sealed):
                there.said()
            return _same(desk, await find(desk, arrival.proof), arrival)


async def _seal(shelf: Shelf, path: str, arrival: Arrival, blocks: AsyncIterator[bytes]) -> Sealed:
    """The bytes are looked at when their digest was right, from a copy that is gone afterwards."""
    segment, password = arrival.segment(), phrase.generate()
    copy = shelf.examiners.copy(arrival.media_type, segment.plain_bytes)
    try:
        await seal_document(
            copy.taking(blocks) if copy else blocks,
            name=segment.name,
            expected_bytes=segment.plain_bytes,
            expected_sha256=segment.sha256,
            password=password,
            store=shelf.blobs,
            path=path,
        )
        return Sealed(password, await shelf.examiners.look(copy) if copy else None)
    finally:
        if copy:
            copy.forget()


async def _check_room(desk: Desk, wanted: int) -> None:
    """What comes at the same moment is not counted yet; uploads at once are few."""
    held, at_most = await store.unused_bytes(desk.tx, desk.owner), desk.unused_bytes_at_most
    if held + max(wanted, store.COUNTED_AT_LEAST) > at_most:
        raise TooMuchUnused(NOT_SOON, unused_bytes=held, bytes_at_most=at_most)


async def _keep(desk: Desk, arrival: Arrival, place: dict[str, object], sealed: Sealed) -> bool:
    """The file is whole and sealed: say so. Whether nobody else did so meanwhile; the commit decides."""
    bound_to, verdict = store.bound_to(desk.owner, arrival.proof), _verdict(arrival.media_type, sealed.found)
    row = {
        "tenant_id": desk.owner,
        "id": arrival.proof,
        "media_type": arrival.media_type,
        "bytes": arrival.length,
        "sha256": arrival.head.digest,
        "wrapped": await cover(desk.tx, desk.keyring, sealed.password, bound_to),
        "sealed_at": desk.now,
        "verdict": verdict,
        "signers": await _covered_signers(desk, arrival.proof, sealed.found),
        **place,
    }
    if not await store.keep(desk.tx, row):
        return False
    head = arrival.head
    facts: dict[str, Fact] = {"sha256": head.digest.hex(), "bytes": arrival.length, "key": head.key_id}
    seen: dict[str, Fact] = {} if verdict is None else {"verdict": verdict.value}
    await _note(desk, EventKind.PROOF_SEALED, arrival.proof, {**facts, "nonce": head.nonce, **seen})
    return True


def _verdict(media_type: str, found: Findings | None) -> Verdict | None:
    """None where the file is of a kind that bears no signature."""
    if found is not None:
        return found.verdict
    return Verdict.NOT_LOOKED_AT if media_type in _MAY_BE_SIGNED else None


async def _covered_signers(desk: Desk, proof: UUID, found: Findings | None) -> bytes | None:
    """A signer's name is nobody's but its readers', as a password is: a foster parent may have signed."""
    if found is None or not found.signers:
        return None
    said = Secret(_SIGNERS.dump_json(found.signers).decode())
    return await cover(desk.tx, desk.keyring, said, store.signers_bound_to(desk.owner, proof))


def _same(desk: Desk, row: ProofRow, arrival: Arrival) -> ProofView:
    if row.sha256 != arrival.head.digest:
        raise IdentityReused
    return view(desk, row)


def named_by(statement: Statement) -> list[ProofRef]:
    """Every proof that a statement names, whatever for."""
    certified_by = getattr(statement, "certified_by", None)
    return [*getattr(statement, "proofs", ()), *([certified_by] if certified_by else [])]


async def require(tx: Tx, owner: CentreId, refs: Sequence[ProofRef], concerns: UUID, now: datetime) -> None:
    """Refuse a statement whose proofs its author has not sent, or has named in another matter than this.

    For the casework of other rooms, in their transaction, before they write evidence. From then on the
    proofs belong to the matter and are kept.
    """
    named = _named(refs)
    marked = await store.name(tx, owner, named, concerns, now) if named else set()
    if len(marked) < len(named):
        known = await store.known(tx, owner, {identity for identity, _ in named})
        if unknown := named - known.keys():
            raise _unknown(unknown)
        raise NamedElsewhere(proofs=sorted(str(identity) for identity, _ in named if identity not in marked))


async def verdicts(tx: Tx, owner: CentreId, refs: Sequence[ProofRef]) -> dict[UUID, Verdict]:
    """What was found in those of the proofs that may be signed; refuses those that the owner has not sent."""
    named = _named(refs)
    if not named:
        return {}
    known = await store.known(tx, owner, {identity for identity, _ in named})
    if unknown := named - known.keys():
        raise _unknown(unknown)
    found = {proof[0]: verdict_of(*known[proof]) for proof in named}
    return {identity: verdict for identity, verdict in found.items() if verdict is not None}


def _unknown(proofs: AbstractSet[tuple[UUID, bytes]]) -> Unknown:
    return Unknown(proofs=sorted({str(identity) for identity, _ in proofs}))


def _named(refs: Sequence[ProofRef]) -> set[tuple[UUID, bytes]]:
    return {(ref.id, bytes.fromhex(ref.sha256)) for ref in refs}


async def find(desk: Desk, identity: UUID) -> ProofRow:
    """The row of one of the owner's proofs."""
    row = await store.find(desk.tx, desk.owner, identity)
    if row is None:
        raise NotFound
    return row


def archive_of(row: ProofRow) -> Archive:
    """The proof as it is fetched: one encrypted entry and its directory."""
    segment = _segment(row)
    last = directory([segment])
    return Archive(
        name=f"proof-{row.id}.zip",
        size=segment.segment_bytes + len(last),
        sha256=row.archive_sha256,
        segments=[StoredSegment(row.path, row.segment_bytes)],
        directory=last,
    )


async def note_fetched(desk: Desk, identity: UUID, archive: Archive, start: int, end: int) -> None:
    """Every fetching, whichever part of the archive it asks for."""
    facts = {"first": start, "last": end - 1, "bytes": archive.size}
    await _note(desk, EventKind.PROOF_FETCHED, identity, facts)


async def open_proof(desk: Desk, statement: SignedStatement, manifest: OpenProof | ReadSigned) -> Secret:
    """The password, to who may have it, as often as it asks; every time is written down."""
    row = await find(desk, manifest.proof)
    password = desk.keyring.unwrap(row.wrapped, store.bound_to(desk.owner, manifest.proof))
    said: Fact = {"id": str(manifest.id), "kind": manifest.schema_, "sha256": statement.sha256.hex()}
    facts = {"statement": said, "key": statement.key_id, "nonce": statement.nonce}
    await _note(desk, EventKind.PROOF_OPENED, manifest.proof, facts)
    return password


async def sweep(database: Database, blobs: Blobs, centres: Sequence[CentreId], now: datetime) -> int:
    """Forget what was never named, then delete what no row names. How many objects were deleted."""
    async with database.transaction(centres) as tx:
        erased = sorted(await store.erase_unnamed(tx, now - UNNAMED_FOR))
        for owner, of_one in groupby(erased, key=lambda pair: CentreId(pair[0])):
            identities: list[Fact] = [str(identity) for _, identity in of_one]
            facts: dict[str, Fact] = {"proofs": identities, "because": "never_named"}
            await record(tx, EventKind.PROOF_ERASED, [owner], None, facts)
    async with database.transaction(centres) as tx:
        known = await store.paths(tx)
    return await blobs.discard_orphans(OBJECTS, known, now - ORPHAN_AGE)


def view(desk: Desk, row: ProofRow) -> ProofView:
    return ProofView(
        id=row.id,
        media_type=ProofMediaType(row.media_type),
        bytes=row.bytes,
        sha256=row.sha256.hex(),
        sealed_at=row.sealed_at,
        named_in=row.concerns,
        archive_bytes=archive_of(row).size,
        archive_sha256=row.archive_sha256.hex(),
        signatures=verdict_of(row.media_type, row.verdict),
        signers=[] if row.signers is None else signers(desk, row.id, row.signers),
    )


def verdict_of(media_type: str, kept: str | None) -> Verdict | None:
    """What was kept of a proof; of one that came before signatures were looked at, that nobody looked."""
    return _verdict(media_type, None) if kept is None else Verdict(kept)


def signers(desk: Desk, proof: UUID, covered: bytes) -> list[Signer]:
    opened = desk.keyring.unwrap(covered, store.signers_bound_to(desk.owner, proof))
    return _SIGNERS.validate_json(opened.reveal())


def _segment(row: ProofRow) -> SealedSegment:
    return SealedSegment(proof_name(row.media_type), row.bytes, row.sha256)


async def _note(desk: Desk, kind: EventKind, identity: UUID, facts: Mapping[str, Fact]) -> None:
    reads: dict[str, Fact] = {"reader": str(desk.reader)} if desk.reader else {}
    concerned = [desk.owner, *([desk.reader] if desk.reader else [])]
    await record(desk.tx, kind, concerned, None, {"proof": str(identity), **facts, **reads})
