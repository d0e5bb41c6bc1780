"""A sealed identity's way: taken in, named by a statement, read by whom it is for, erased with the matter.

Source: method S57, S77, S108, S118; domain 2.5. A centre sends it first and names it afterwards, as it does a
proof: whatever matter the statement is of, the engine calls `require`, and `erase` when the matter has ended.
Nothing here looks inside, and no key of the hub's could.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hub.evidence.event import Fact
from hub.identities import store
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal, TooMuch
from hub.plumbing.database import Database, Tx
from hub.signing.sealed import NotASeal, read_seal
from hub.web.limits import NOT_SOON
from hub.web.paging import cursor, moment, place
from saikne_schemas.identities import (
    IDENTITY_TYPE,
    SEALED_AT_MOST,
    IdentityRef,
    SealedIdentity,
    SealedIdentityPage,
    SealedIdentitySent,
)

UNNAMED_FOR = timedelta(days=1)
"""How long one waits for the statement that names it."""
WAITING_AT_MOST = 200


class Malformed(Refusal):
    """Not a compact JWE by the algorithms that are agreed on, of this kind."""

    code = "identities.malformed"


class TooLarge(Refusal):
    code = "identities.too-large"


class IdentityNotRandom(Refusal):
    code = "identities.identity-not-random"


class IdentityReused(Refusal):
    code = "identities.identity-reused"


class KeyUnknown(Refusal):
    """Sealed to a key that is no centre's for encryption: nobody could open it."""

    code = "identities.key-unknown"


class KeyRotated(Refusal):
    """Sealed to a key that its centre has changed since: the new one is in the list of centres."""

    code = "identities.key-rotated"


class TooManyWaiting(TooMuch):
    """Sealed identities that no statement has named."""

    code = "identities.too-many-waiting"


class Unknown(Refusal):
    """A statement names one that its author never sent, sent to another centre, or named before."""

    code = "identities.unknown"


class NotForAParty(Refusal):
    """Who is meant is told to those whom the matter concerns, and to nobody else."""

    code = "identities.not-for-a-party"


async def take(tx: Tx, author: CentreId, identity: UUID, body: bytes, now: datetime) -> SealedIdentitySent:
    """Keep a sealed identity until a statement names it; the same again is answered as the first was."""
    if identity.version != 4:  # noqa: PLR2004  # RFC 9562: the random one
        raise IdentityNotRandom
    if len(body) > SEALED_AT_MOST:
        raise TooLarge(bytes_at_most=SEALED_AT_MOST)
    try:
        seal = read_seal(body, IDENTITY_TYPE)
    except NotASeal:
        raise Malformed from None
    digest = hashlib.sha256(body).digest()
    earlier = (await store.sent(tx, author, [identity])).get(identity)
    if earlier is None:
        addressee = await _addressee(tx, seal.kid)
        if await store.waiting(tx, author) >= WAITING_AT_MOST:
            raise TooManyWaiting(NOT_SOON, at_most=WAITING_AT_MOST)
        row: dict[str, object] = {
            "tenant_id": author,
            "author_id": author,
            "id": identity,
            "addressee_id": addressee,
            "kid": seal.kid,
            "sealed": seal.text,
            "sha256": digest,
            "sent_at": now,
        }
        if await store.keep(tx, row):
            return SealedIdentitySent(id=identity, to=addressee, sha256=digest.hex())
        earlier = (await store.sent(tx, author, [identity])).get(identity)
    if earlier is None or earlier.sha256 != digest:
        raise IdentityReused
    return SealedIdentitySent(id=identity, to=earlier.addressee_id, sha256=digest.hex())


async def _addressee(tx: Tx, kid: str) -> CentreId:
    key = await store.key(tx, kid)
    if key is None:
        raise KeyUnknown(key=kid)
    if key.revoked_at is not None:
        raise KeyRotated(key=kid, centre=str(key.centre_id))
    return key.centre_id


async def require(
    tx: Tx, author: CentreId, refs: Sequence[IdentityRef], parties: Collection[CentreId], concerns: UUID
) -> None:
    """Hand what a statement names over to its addressees, parties all; refuses what they could not open."""
    if strangers := sorted({str(ref.to) for ref in refs} - {str(party) for party in parties}):
        raise NotForAParty(centres=strangers)
    waiting = await store.sent(tx, author, [ref.id for ref in refs])
    for ref in refs:
        found = waiting.get(ref.id)
        if found is None or (found.sha256.hex(), found.addressee_id) != (ref.sha256, ref.to):
            raise Unknown(identities=[str(ref.id)])
        if found.revoked_at is not None:
            raise KeyRotated(key=found.kid, centre=str(found.addressee_id))
    if await store.hand_over(tx, author, list(waiting), concerns) < len(refs):
        raise Unknown(identities=sorted(str(ref.id) for ref in refs))


async def erase(tx: Tx, concerns: UUID) -> dict[str, Fact]:
    """Forget who was meant: the matter has ended. What evidence says of it: the digests."""
    gone: list[Fact] = [*sorted(digest.hex() for digest in await store.erase(tx, concerns))]
    return {"identities_erased": gone} if gone else {}


async def page(
    tx: Tx, reader: CentreId, about: UUID | None, after: str | None, limit: int
) -> SealedIdentityPage:
    """What a centre can open, the last sent first."""
    before = place(after, moment, UUID) if after else None
    rows = await store.page(tx, reader, about, before, limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    items = [
        SealedIdentity(
            id=row.id,
            about=row.concerns,
            author=row.author_id,
            sha256=row.sha256.hex(),
            sealed=row.sealed,
            sent_at=row.sent_at,
        )
        for row in shown
        if row.concerns is not None  # as the query says
    ]
    return SealedIdentityPage(items=items, next=cursor(shown[-1].sent_at, shown[-1].id) if more else None)


async def sweep(database: Database, centres: Sequence[CentreId], now: datetime) -> int:
    """Forget what was never named. How many."""
    async with database.transaction(centres) as tx:
        return await store.erase_unnamed(tx, now - UNNAMED_FOR)
