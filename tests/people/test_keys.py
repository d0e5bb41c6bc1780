"""A person's key on a real database: offered, approved, ended; what the application cannot do by itself."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from hub.access.store import KeyTaken, list_keys
from hub.centres.enrolment import KeysWrong
from hub.centres.signed_file import FileMalformed, ProofInvalid, open_file
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.ops.admission import look_at_rotation
from hub.people import store
from hub.people.casework import inviting, keys
from hub.people.casework.inviting import Given
from hub.people.key import (
    AT_MOST,
    ApproverWithoutKey,
    EndedBecause,
    KeyDoesNotFit,
    KeyUnknown,
    KeyYourOwn,
    TooManyKeys,
)
from hub.people.office import Counter
from hub.people.person import NotAllowed, Person, PersonRole
from hub.people.tables import KeyRow
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.signing.public_key import fingerprint
from saikne.enrolment import CentreKeys, rotation_file
from saikne.keys import CentreKey
from saikne_demo import stage
from saikne_schemas.enrolment import KeyUse
from saikne_schemas.person_keys import Act
from tests.access.centre_system import p256
from tests.exchange.bureau import Bureau
from tests.people.devices import Device, general
from tests.people.persons import somebody


@dataclass
class House:
    database: Database
    owner: Database
    centre: CentreId
    other: CentreId

    @asynccontextmanager
    async def counter(
        self, of: CentreId | None = None, later: timedelta = timedelta()
    ) -> AsyncIterator[Counter]:
        """As the application."""
        async with self.database.transaction([of or self.centre]) as tx:
            yield Counter(tx, clock.now() + later)

    @asynccontextmanager
    async def operator(self) -> AsyncIterator[Counter]:
        async with self.owner.transaction([self.centre, self.other]) as tx:
            yield Counter(tx, clock.now())

    async def person(self, role: PersonRole, of: CentreId | None = None) -> Device:
        person = somebody(of or self.centre, role, "lv")
        async with self.counter(person.centre) as counter:
            await store.add(counter.tx, person, counter.now)
        return Device(person)

    async def offers(self, device: Device) -> bytes:
        file = device.file()
        async with self.counter(device.person.centre) as counter:
            await keys.offer(counter, device.person, file, "darba dators")
        return file

    async def coordinator(self, of: CentreId | None = None) -> Device:
        """With a key that the operator has approved."""
        device = await self.person(PersonRole.COORDINATOR, of)
        await self.offers(device)
        async with self.operator() as counter:
            await keys.approve_by_operator(counter, device.person.centre, device.kid)
        return device

    async def row(self, device: Device) -> KeyRow | None:
        async with self.counter(device.person.centre) as counter:
            return await store.find_key(counter.tx, device.person.centre, device.kid)

    async def counts(self, device: Device) -> bool:
        row = await self.row(device)
        async with self.counter() as counter:
            return row is not None and keys.counts(row, counter)

    async def acts(self, device: Device) -> set[str] | None:
        """As the door asks, for nobody."""
        (row,) = await self.database.alone("SELECT hub.acts_by_key($1) AS acts", device.kid)
        return None if row["acts"] is None else set(row["acts"])

    async def told(self) -> list[dict[str, object]]:
        async with self.counter() as counter:
            rows = await counter.tx.exec_driver_sql(
                "SELECT kind, convert_from(body, 'UTF8') AS said FROM hub.event"
                " WHERE kind LIKE 'people.key.%' ORDER BY seq"
            )
            return [{"kind": row.kind, **json.loads(row.said)} for row in rows]


@pytest.fixture
async def house(database: Database, owner: Database, tmp_path: Path) -> House:
    bureau = Bureau(database, owner, Keyring(tmp_path / "keys"))
    centre = await bureau.admit("Ligzda", "40003521600", stage.LIGZDA)
    other = await bureau.admit("Zemgale", "50008021661", stage.ZEMGALE)
    return House(database, owner, centre, other)


async def test_the_first_key_is_the_operators_to_approve_and_the_next_a_coordinators(house: House) -> None:
    coordinator, worker = await house.coordinator(), await house.person(PersonRole.SOCIAL_WORKER)
    worker.key = p256()
    file = await house.offers(worker)
    assert not await house.counts(worker)
    assert await house.acts(worker) is None
    async with house.counter() as counter:
        await keys.approve(counter, coordinator.person, coordinator.approves(worker.kid, file))
    assert await house.counts(worker)
    assert await house.acts(worker) == set(worker.person.acts)
    row = await house.row(worker)
    assert row is not None
    assert row.approved_by == coordinator.person.id
    assert {one.kid for one in open_file(row.file).signatures} == {worker.kid, coordinator.kid}
    first, second = await house.told()
    assert (first["person"], first["by"], first["by_key"]) == (str(coordinator.person.id), None, None)
    assert second == {
        "kind": "people.key.approved",
        "person": str(worker.person.id),
        "by": str(coordinator.person.id),
        "by_key": coordinator.kid,
        "key": worker.kid,
        "alg": "ecdsa-p256-sha256",
        "acts": sorted(worker.person.acts),
        "until": clock.iso(row.ends_at),
        "file_sha256": hashlib.sha256(row.file).hexdigest(),
    }
    assert worker.person.name not in json.dumps(second)


async def test_the_operator_names_a_key_by_what_is_read_out_to_him(house: House) -> None:
    device = await house.person(PersonRole.COORDINATOR)
    await house.offers(device)
    printed = fingerprint(device.kid)
    async with house.operator() as counter:
        for wrong in (printed[:18], fingerprint(Device(device.person).kid), "", printed[5:]):
            with pytest.raises(KeyUnknown):
                await keys.called(counter, house.centre, wrong)
        assert (await keys.called(counter, house.centre, printed[:19].upper())).key_id == device.kid
        await keys.approve_by_operator(counter, house.centre, printed)
        with pytest.raises(KeyUnknown):
            await keys.approve_by_operator(counter, house.centre, printed)


async def test_a_file_that_its_own_key_has_not_signed_is_not_kept(house: House) -> None:
    device, stranger = await house.person(PersonRole.SOCIAL_WORKER), Ed25519PrivateKey.generate()
    foreign = Device(device.person, stranger)
    head, payload, signature = foreign.signed(device.document())
    own = device.signed(device.document())
    files: dict[bytes, type[Exception]] = {
        general(payload, (head, signature)): ProofInvalid,
        general(payload, (own[0], own[2])): ProofInvalid,
        general(own[1], (own[0], own[2]), (head, signature)): ProofInvalid,
        device.file(key=device.public(kid=foreign.kid)): KeysWrong,
        device.file(person=str(uuid4())): KeyDoesNotFit,
        device.file(name="Rita Balode"): FileMalformed,
        b"{}": FileMalformed,
    }
    for file, refusal in files.items():
        with pytest.raises(refusal):
            async with house.counter() as counter:
                await keys.offer(counter, device.person, file, "")
    async with house.counter() as counter:
        assert await store.keys_of(counter.tx, house.centre, device.person.id) == []


async def test_a_key_is_of_one_person_and_a_person_has_a_few(house: House) -> None:
    one, other = await house.coordinator(), await house.person(PersonRole.SOCIAL_WORKER)
    with pytest.raises(KeyTaken):
        async with house.counter() as counter:
            await keys.offer(counter, other.person, Device(other.person, one.key).file(), "")
    for _ in range(AT_MOST):
        await house.offers(Device(other.person))
    with pytest.raises(TooManyKeys):
        await house.offers(Device(other.person))


async def test_nobody_approves_his_own_nor_without_a_key_nor_without_the_right(house: House) -> None:
    coordinator, bare = await house.coordinator(), await house.person(PersonRole.COORDINATOR)
    worker = await house.person(PersonRole.SOCIAL_WORKER)
    second = Device(coordinator.person)
    mine, hers = await house.offers(second), await house.offers(worker)

    async def tried(by: Device, key: Device, file: bytes, as_person: Person | None = None) -> None:
        async with house.counter() as counter:
            await keys.approve(counter, as_person or by.person, by.approves(key.kid, file))

    with pytest.raises(KeyYourOwn):
        await tried(coordinator, second, mine)
    with pytest.raises(ApproverWithoutKey):
        await tried(bare, worker, hers)
    with pytest.raises(ApproverWithoutKey):
        await tried(coordinator, worker, hers, bare.person)
    with pytest.raises(NotAllowed):
        await tried(coordinator, worker, hers, replace(coordinator.person, acts=frozenset({Act.ASK})))
    other = Device(worker.person)
    with pytest.raises(ProofInvalid):
        await tried(coordinator, worker, other.file())
    narrow = Device(bare.person)
    async with house.counter() as counter:
        await keys.offer(counter, bare.person, narrow.file(acts=["ask"]), "")
    async with house.operator() as counter:
        await keys.approve_by_operator(counter, house.centre, narrow.kid)
    with pytest.raises(ApproverWithoutKey):
        await tried(narrow, worker, hers)
    async with house.counter() as counter:
        assert not await store.approve_key(counter.tx, worker.kid, b"{}", narrow.kid)
    assert not await house.counts(worker)
    stranger = await house.coordinator(house.other)
    with pytest.raises(KeyUnknown):
        async with house.counter(house.other) as counter:
            await keys.approve(counter, stranger.person, stranger.approves(worker.kid, hers))
    await tried(coordinator, worker, hers)
    with pytest.raises(KeyUnknown):
        await tried(coordinator, worker, hers)


@pytest.mark.parametrize("how", ["ended", "narrowed", "suspended", "worker suspended", "worker narrowed"])
async def test_the_database_itself_asks_who_approves_and_who_is_approved(house: House, how: str) -> None:
    """Whatever the application has looked at before: here it asks for the deed alone."""
    coordinator, second = await house.coordinator(), await house.person(PersonRole.COORDINATOR)
    worker = await house.person(PersonRole.SOCIAL_WORKER)
    await house.offers(worker)
    whom = {"ended": coordinator, "narrowed": coordinator, "suspended": coordinator}.get(how, worker)
    async with house.counter() as counter:
        if how == "ended":
            await store.end_keys(counter.tx, [coordinator.kid], "by_person")
        elif how.endswith("narrowed"):
            given = Given(whom.person.role, frozenset({Act.ASK}))
            await inviting.may_do(counter, house.centre, whom.person.id, given, second.person.id)
        else:
            await store.change(counter.tx, house.centre, whom.person.id, state="suspended")
    async with house.counter() as counter:
        assert not await store.approve_key(counter.tx, worker.kid, b"{}", coordinator.kid)
    assert not await house.counts(worker)


async def test_behind_the_wall_nobody_approves_or_ends_for_another_centre(house: House) -> None:
    coordinator, worker = await house.coordinator(), await house.person(PersonRole.SOCIAL_WORKER)
    await house.offers(worker)
    async with house.counter(house.other) as counter:
        assert not await store.approve_key(counter.tx, worker.kid, b"{}", coordinator.kid)
        assert await store.end_keys(counter.tx, [coordinator.kid], "by_person") == []
        assert await store.keys_of_centre(counter.tx, house.other) == []
        with pytest.raises(KeyUnknown):
            await keys.of(counter, house.other, worker.person.id, worker.kid)
    async with house.counter() as counter:
        assert await store.approve_key(counter.tx, worker.kid, b"{}", coordinator.kid)


async def test_a_key_ends_by_its_person_or_a_coordinator_and_never_counts_again(house: House) -> None:
    coordinator, second = await house.coordinator(), await house.coordinator()
    waiting = await house.person(PersonRole.SOCIAL_WORKER)
    file = await house.offers(waiting)
    for device, because in ((coordinator, EndedBecause.BY_PERSON), (second, EndedBecause.BY_COORDINATOR)):
        row = await house.row(device)
        assert row is not None
        async with house.counter() as counter:
            await keys.end(counter, row, because, coordinator.person.id)
            await keys.end(counter, row, because, coordinator.person.id)
        assert not await house.counts(device)
        ended = await house.row(device)
        assert ended is not None
        assert (ended.revoked_because, ended.approved_at is None) == (because.value, False)
    told = [one for one in await house.told() if one["kind"] == "people.key.ended"]
    assert [(one["keys"], one["because"], one["by"]) for one in told] == [
        ([coordinator.kid], "by_person", str(coordinator.person.id)),
        ([second.kid], "by_coordinator", str(coordinator.person.id)),
    ]
    with pytest.raises(ApproverWithoutKey):
        async with house.counter() as counter:
            await keys.approve(counter, coordinator.person, coordinator.approves(waiting.kid, file))
    declined = await house.row(waiting)
    assert declined is not None
    async with house.counter() as counter:
        await keys.end(counter, declined, EndedBecause.BY_COORDINATOR, coordinator.person.id)
    assert await house.row(waiting) is None
    with pytest.raises(KeyTaken):
        await house.offers(second)


async def test_with_a_suspended_person_every_key_ends_for_good(house: House) -> None:
    coordinator = await house.coordinator()
    waiting = Device(coordinator.person)
    await house.offers(waiting)
    async with house.counter() as counter:
        await inviting.suspend(counter, house.centre, coordinator.person.id, None)
    assert await house.acts(coordinator) is None
    async with house.counter() as counter:
        await inviting.resume(counter, house.centre, coordinator.person.id, None)
        await store.change(counter.tx, house.centre, coordinator.person.id, state="active")
    assert not await house.counts(coordinator)
    assert await house.row(waiting) is None
    (ended,) = [one for one in await house.told() if one["kind"] == "people.key.ended"]
    assert (ended["keys"], ended["because"]) == ([coordinator.kid], "person_suspended")


async def test_a_key_reaches_as_far_as_its_person_does_today(house: House) -> None:
    coordinator, second = await house.coordinator(), await house.person(PersonRole.COORDINATOR)
    for role, acts in (
        (PersonRole.SOCIAL_WORKER, frozenset({Act.ASK})),
        (PersonRole.COORDINATOR, None),
    ):
        async with house.counter() as counter:
            given = Given(role, acts)
            await inviting.may_do(counter, house.centre, coordinator.person.id, given, second.person.id)
        left = acts or coordinator.person.acts
        assert await house.acts(coordinator) == set(left)
    narrow = await house.person(PersonRole.COORDINATOR)
    async with house.counter() as counter:
        await keys.offer(counter, narrow.person, narrow.file(acts=["answer"]), "")
    async with house.operator() as counter:
        await keys.approve_by_operator(counter, house.centre, narrow.kid)
    assert await house.acts(narrow) == {"answer"}


async def test_a_persons_key_is_none_of_the_centres_own(house: House) -> None:
    """It is not listed among them, and proves no rotation of theirs."""
    coordinator = await house.coordinator()
    async with house.operator() as counter:
        own = await list_keys(counter.tx, house.centre)
    assert coordinator.kid not in {key.key_id for key in own}
    assert isinstance(coordinator.key, Ed25519PrivateKey)
    as_if = CentreKey(KeyUse.SIGNING, OKPKey.import_key(coordinator.key))
    raw = rotation_file(house.centre, CentreKeys.generate(), as_if)
    async with house.operator() as counter:
        with pytest.raises(ProofInvalid):
            await look_at_rotation(counter.tx, raw, vouched=False)
