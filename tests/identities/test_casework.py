"""A sealed identity is its sender's until a statement names it, then its addressee's, then nobody's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from hub.access.store import RevokedBecause, revoke_key
from hub.centres.enrolment import read_enrolment
from hub.identities import casework as identities
from hub.identities.casework import UNNAMED_FOR, WAITING_AT_MOST, require, sweep, take
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.ops.admission import admit
from hub.plumbing.database import Database, Tx
from saikne.enrolment import CentreKeys, enrolment_file
from saikne.identities import seal_identity
from saikne.keys import Algorithm
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.identities import SEALED_AT_MOST, Identity, IdentityRef
from tests.centres.centre_files import an_enrolment

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
IDENTITY = Identity.model_validate(EXAMPLES[Identity])


@dataclass(frozen=True)
class Centre:
    id: CentreId
    keys: CentreKeys

    def seal(self) -> bytes:
        assert self.keys.encryption is not None
        return seal_identity(IDENTITY, {**self.keys.encryption.public_jwk(), "kid": self.keys.encryption.kid})


@pytest.fixture
async def centres(owner: Database) -> list[Centre]:
    return [await _admitted(owner) for _ in range(3)]


async def _admitted(owner: Database) -> Centre:
    keys = CentreKeys.generate(Algorithm.ES256)
    enrolment = an_enrolment(keys)
    proven = read_enrolment(enrolment_file(enrolment, keys), date(2026, 11, 21))
    tenant = CentreId(enrolment.id)
    async with owner.transaction([tenant]) as tx:
        await admit(tx, proven, NOW)
    return Centre(tenant, keys)


@pytest.fixture
async def tx(database: Database, centres: list[Centre]) -> AsyncIterator[Tx]:
    async with database.transaction([one.id for one in centres]) as tx:
        yield tx


async def sent(tx: Tx, author: Centre, to: Centre, now: datetime = NOW) -> IdentityRef:
    answer = await take(tx, author.id, uuid4(), to.seal(), now)
    assert answer.to == to.id
    return IdentityRef(to=answer.to, id=answer.id, sha256=answer.sha256)


async def readable(tx: Tx, reader: Centre, about: UUID | None = None) -> list[UUID]:
    return [one.id for one in (await identities.page(tx, reader.id, about, None, 50)).items]


async def refused(tx: Tx, author: Centre, parties: list[Centre], *refs: IdentityRef) -> str:
    with pytest.raises(Refusal) as caught:
        await require(tx, author.id, refs, [one.id for one in parties], uuid4())
    return caught.value.code


async def test_what_a_statement_names_is_its_addressees_and_nobody_elses(
    tx: Tx, centres: list[Centre]
) -> None:
    author, addressee, third = centres
    matter, ref = uuid4(), await sent(tx, author, addressee)
    assert [await readable(tx, one) for one in centres] == [[], [], []]
    await require(tx, author.id, [ref], [author.id, addressee.id], matter)
    assert [await readable(tx, one) for one in centres] == [[], [ref.id], []]
    assert await readable(tx, addressee, matter) == [ref.id]
    assert await readable(tx, addressee, uuid4()) == []
    assert await readable(tx, third, matter) == []


async def test_the_wall_keeps_it_from_the_other_parties(database: Database, centres: list[Centre]) -> None:
    author, addressee, _ = centres
    async with database.transaction([one.id for one in centres]) as tx:
        await require(tx, author.id, [await sent(tx, author, addressee)], [author.id, addressee.id], uuid4())
    seen = {}
    for one in centres:
        async with database.transaction([one.id]) as alone:
            seen[one.id] = await alone.scalar(text("SELECT count(*) FROM hub.sealed_identity"))
    assert seen == {author.id: 0, addressee.id: 1, centres[2].id: 0}


async def test_it_is_erased_with_its_matter_and_its_digest_is_told(tx: Tx, centres: list[Centre]) -> None:
    author, addressee, third = centres
    matter, kept = uuid4(), uuid4()
    refs = [await sent(tx, author, addressee), await sent(tx, author, third)]
    everybody = [one.id for one in centres]
    await require(tx, author.id, refs, everybody, matter)
    other = await sent(tx, author, addressee)
    await require(tx, author.id, [other], everybody, kept)
    assert await identities.erase(tx, matter) == {"identities_erased": sorted(ref.sha256 for ref in refs)}
    assert await identities.erase(tx, matter) == {}
    assert [await readable(tx, one) for one in centres] == [[], [other.id], []]


async def test_one_may_seal_to_oneself(tx: Tx, centres: list[Centre]) -> None:
    author, addressee, _ = centres
    ref = await sent(tx, author, author)
    await require(tx, author.id, [ref], [author.id, addressee.id], uuid4())
    assert await readable(tx, author) == [ref.id]


async def test_nobody_is_told_who_takes_no_part(tx: Tx, centres: list[Centre]) -> None:
    author, addressee, third = centres
    ref = await sent(tx, author, third)
    assert await refused(tx, author, [author, addressee], ref) == "identities.not-for-a-party"


async def test_a_key_that_was_rotated_before_it_was_named_is_refused(
    owner: Database, database: Database, centres: list[Centre]
) -> None:
    author, addressee, _ = centres
    async with database.transaction([author.id]) as tx:
        ref = await sent(tx, author, addressee)
    await _revoke(owner, addressee)
    async with database.transaction([one.id for one in centres]) as tx:
        assert await refused(tx, author, centres, ref) == "identities.key-rotated"
        with pytest.raises(identities.KeyRotated):
            await take(tx, author.id, uuid4(), addressee.seal(), NOW)


async def _revoke(owner: Database, centre: Centre) -> None:
    assert centre.keys.encryption is not None
    async with owner.transaction([centre.id]) as tx:
        await revoke_key(tx, centre.keys.encryption.kid, because=RevokedBecause.ROTATED, now=NOW)


@pytest.mark.parametrize("change", ["to", "sha256", "id", "again", "others"])
async def test_only_what_its_author_sent_for_it_can_be_named(
    tx: Tx, centres: list[Centre], change: str
) -> None:
    author, addressee, third = centres
    ref = await sent(tx, author, addressee)
    changes: dict[str, Any] = {"to": third.id, "sha256": "0" * 64, "id": uuid4()}
    if change == "again":
        await require(tx, author.id, [ref], [one.id for one in centres], uuid4())
    wrong = ref.model_copy(update={change: changes[change]} if change in changes else {})
    says = third if change == "others" else author
    assert await refused(tx, says, centres, wrong) == "identities.unknown"


async def test_a_key_that_is_no_centres_for_encryption_is_refused(tx: Tx, centres: list[Centre]) -> None:
    author, stranger = centres[0], Centre(centres[1].id, CentreKeys.generate())
    with pytest.raises(identities.KeyUnknown):
        await take(tx, author.id, uuid4(), stranger.seal(), NOW)
    signs = CentreKeys.generate(Algorithm.ES256)
    assert signs.encryption is not None
    as_if = replace(signs, encryption=replace(signs.encryption, jose=centres[2].keys.signing.jose))
    with pytest.raises(identities.KeyUnknown):
        await take(tx, author.id, uuid4(), Centre(centres[2].id, as_if).seal(), NOW)


async def test_the_same_again_is_answered_as_before_and_other_bytes_are_refused(
    tx: Tx, centres: list[Centre]
) -> None:
    author, addressee, _ = centres
    name, sealed = uuid4(), addressee.seal()
    first = await take(tx, author.id, name, sealed, NOW)
    assert await take(tx, author.id, name, sealed, NOW) == first
    with pytest.raises(identities.IdentityReused):
        await take(tx, author.id, name, addressee.seal(), NOW)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"Zanete Mezvejina 161175-19997", "identities.malformed"),
        (b"", "identities.malformed"),
        (b"A" * (SEALED_AT_MOST + 1), "identities.too-large"),
    ],
)
async def test_what_is_no_seal_is_refused(tx: Tx, centres: list[Centre], body: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        await take(tx, centres[0].id, uuid4(), body, NOW)
    assert caught.value.code == code


async def test_a_name_that_is_not_random_is_refused(tx: Tx, centres: list[Centre]) -> None:
    with pytest.raises(identities.IdentityNotRandom):
        await take(tx, centres[0].id, UUID(int=7), centres[1].seal(), NOW)


async def test_a_centre_does_not_fill_the_hub_with_what_it_never_names(tx: Tx, centres: list[Centre]) -> None:
    author, addressee, _ = centres
    await sent(tx, author, addressee)
    many = (
        "INSERT INTO hub.sealed_identity SELECT tenant_id, author_id, gen_random_uuid(), addressee_id, kid,"
        " sealed, sha256, sent_at FROM hub.sealed_identity, generate_series(2, :many)"
    )
    await tx.execute(text(many), {"many": WAITING_AT_MOST})
    with pytest.raises(identities.TooManyWaiting):
        await sent(tx, author, addressee)
    assert await sent(tx, addressee, author)


async def test_what_is_never_named_is_forgotten_after_a_day(
    database: Database, centres: list[Centre]
) -> None:
    author, addressee, _ = centres
    everybody, early, late = [one.id for one in centres], NOW, NOW + UNNAMED_FOR
    async with database.transaction(everybody) as tx:
        named, unnamed = await sent(tx, author, addressee, early), await sent(tx, author, addressee, early)
        await require(tx, author.id, [named], everybody, uuid4())
        recent = await sent(tx, author, addressee, late)
    assert await sweep(database, everybody, late + timedelta(seconds=1)) == 1
    async with database.transaction(everybody) as tx:
        assert await refused(tx, author, centres, unnamed) == "identities.unknown"
        await require(tx, author.id, [recent], everybody, uuid4())
        assert await readable(tx, addressee) == [recent.id, named.id]


async def test_a_list_is_read_page_by_page(tx: Tx, centres: list[Centre]) -> None:
    author, addressee, _ = centres
    refs = [await sent(tx, author, addressee, NOW + timedelta(minutes=no)) for no in range(5)]
    await require(tx, author.id, refs, [one.id for one in centres], uuid4())
    read, after = [], None
    while True:
        page = await identities.page(tx, addressee.id, None, after, 2)
        read += [one.id for one in page.items]
        if page.next is None:
            break
        after = page.next
    assert read == [ref.id for ref in reversed(refs)]
