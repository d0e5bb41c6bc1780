"""Centres are admitted, suspended and reached as the operator wills, and their chains tell of it."""

import asyncio
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from hub.centres import casework, store
from hub.centres.centre import (
    Centre,
    CentreRole,
    CentreState,
    CentreSuspended,
    CentreUnknown,
    StateUnchanged,
    SuspendedBecause,
)
from hub.centres.contacts import ContactShared
from hub.centres.enrolment import ProvenRotation, read_enrolment
from hub.evidence import store as chains
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.plumbing.database import Database
from saikne.enrolment import CentreKeys
from saikne.statements import compose
from saikne_schemas.enrolment import KeyRotation, LegalEntity
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.vocabulary import Scope
from tests.centres.centre_files import CONTACTS, TODAY, an_enrolment_file

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


async def admit(owner: Database, raw: bytes | None = None, **changes: Any) -> Centre:
    proven = read_enrolment(raw or an_enrolment_file(**changes), TODAY)
    async with owner.transaction([CentreId(proven.document.id), OVERSIGHT]) as tx:
        return await casework.admit(tx, proven, NOW)


async def told(owner: Database, tenant: CentreId) -> list[tuple[str, dict[str, object]]]:
    async with owner.transaction([tenant]) as tx:
        return [(event.kind, json.loads(event.body)) for event in await chains.page(tx, tenant, 0, 100)]


async def test_an_admitted_centre_stands_in_the_directory(owner: Database, database: Database) -> None:
    centre = await admit(owner)
    async with database.transaction() as tx:
        assert await store.directory(tx) == [centre]
        assert await store.find(tx, [centre.id, CentreId(uuid4())]) == {centre.id: centre}
    assert centre.active
    assert (centre.legal_entity, centre.registration_number) == ("Biedrība “Baltā māja”", "50008021661")
    assert centre.scopes == {Scope.EXCHANGE}


async def test_an_admission_is_told_in_the_centres_own_chain(owner: Database) -> None:
    raw = an_enrolment_file()
    centre = await admit(owner, raw)
    [(kind, facts)] = await told(owner, centre.id)
    assert kind == "centres.centre.admitted"
    assert facts["centre"] == str(centre.id)
    assert facts["file_sha256"] == hashlib.sha256(raw).hexdigest()
    assert "centrs.example" not in json.dumps(facts)


async def test_the_file_that_proves_the_keys_is_kept_byte_for_byte(owner: Database) -> None:
    raw = an_enrolment_file()
    centre = await admit(owner, raw)
    async with owner.transaction([centre.id]) as tx:
        assert (await tx.scalars(select(store.files.c.file))).all() == [raw]
    async with owner.transaction() as tx:
        assert (await tx.scalars(select(store.files.c.file))).all() == []


async def test_a_centre_is_admitted_once(owner: Database) -> None:
    raw = an_enrolment_file()
    centre = await admit(owner, raw)
    with pytest.raises(casework.AlreadyAdmitted, match=r"^centres\.already-admitted$"):
        await admit(owner, raw)
    assert len(await told(owner, centre.id)) == 1


async def test_of_two_admissions_at_once_one_is_refused(owner: Database) -> None:
    raw = an_enrolment_file()
    ends = await asyncio.gather(admit(owner, raw), admit(owner, raw), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["AlreadyAdmitted", "Centre"]


async def test_several_centres_of_one_legal_entity_go_by_its_newest_name(owner: Database) -> None:
    first = await admit(owner, name="Zemgales centrs")
    entity = LegalEntity(name="Biedrība “Jaunā māja”", registration_number=first.registration_number)
    second = await admit(owner, name="Vidzemes centrs", legal_entity=entity)
    async with owner.transaction() as tx:
        found = await store.directory(tx)
    assert [(one.id, one.legal_entity) for one in found] == [
        (second.id, "Biedrība “Jaunā māja”"),
        (first.id, "Biedrība “Jaunā māja”"),
    ]


async def test_an_overseers_admission_is_told_in_the_chain_of_oversight(owner: Database) -> None:
    overseer = await admit(owner, oversight=True)
    assert overseer.role is CentreRole.OVERSIGHT
    assert [kind for kind, _ in await told(owner, OVERSIGHT)] == ["centres.centre.admitted"]
    assert await told(owner, overseer.id) == []


async def test_a_suspended_centre_takes_no_part_until_it_is_resumed(owner: Database) -> None:
    centre, other = await admit(owner), await admit(owner)
    async with owner.transaction([centre.id]) as tx:
        suspended = await casework.suspend(tx, centre.id, SuspendedBecause.KEYS_COMPROMISED)
        assert suspended.state is CentreState.SUSPENDED
        with pytest.raises(CentreSuspended, match=r"^centres\.suspended$"):
            await casework.active(tx, [other.id, centre.id])
        assert list(await casework.active(tx, [other.id])) == [other.id]
    async with owner.transaction([centre.id]) as tx:
        await casework.resume(tx, centre.id)
        assert list(await casework.active(tx, [centre.id])) == [centre.id]
    assert (await told(owner, centre.id))[1:] == [
        ("centres.centre.suspended", {"centre": str(centre.id), "because": "keys_compromised"}),
        ("centres.centre.resumed", {"centre": str(centre.id)}),
    ]


async def test_what_changes_nothing_is_refused_and_not_told(owner: Database) -> None:
    centre = await admit(owner)
    async with owner.transaction([centre.id]) as tx:
        with pytest.raises(StateUnchanged, match=r"^centres\.state-unchanged$"):
            await casework.resume(tx, centre.id)
    assert len(await told(owner, centre.id)) == 1


async def test_a_centre_that_was_never_admitted_is_unknown(owner: Database) -> None:
    stranger = CentreId(uuid4())
    async with owner.transaction([stranger]) as tx:
        for deed in (
            casework.known(tx, stranger),
            casework.active(tx, [stranger]),
            casework.suspend(tx, stranger, SuspendedBecause.OTHER),
            casework.resume(tx, stranger),
            casework.change_contacts(tx, stranger, CONTACTS, NOW),
            store.contacts(tx, stranger),
        ):
            with pytest.raises(CentreUnknown, match=r"^centres\.unknown$"):
                await deed


async def test_contacts_are_seen_by_those_who_act_for_the_centre_only(
    owner: Database, database: Database
) -> None:
    centre, stranger = await admit(owner), await admit(owner)
    async with database.transaction([centre.id]) as tx:
        reached = await store.contacts(tx, centre.id)
        assert (reached.contacts, reached.since) == (CONTACTS, NOW)
    async with database.transaction([stranger.id]) as tx:
        with pytest.raises(CentreUnknown, match=r"^centres\.unknown$"):
            await store.contacts(tx, centre.id)


async def test_changed_contacts_take_the_place_of_the_old_and_only_their_names_are_told(
    owner: Database,
) -> None:
    centre, later = await admit(owner), NOW + timedelta(days=1)
    person = AuthorisedPerson(name="Anna Ozola", position="sociālā darbiniece")
    given = CONTACTS.model_copy(
        update={"archive_email": "jauna@centrs.example", "authorised_persons": [person]}
    )
    async with owner.transaction([centre.id]) as tx:
        changed = await casework.change_contacts(tx, centre.id, given, later)
        reached = await store.contacts(tx, centre.id)
    assert changed == ["archive_email", "authorised_persons"]
    assert (reached.contacts, reached.since) == (given, later)
    assert (await told(owner, centre.id))[-1] == (
        "centres.contacts.changed",
        {"centre": str(centre.id), "fields": ["archive_email", "authorised_persons"]},
    )


async def test_the_same_contacts_again_change_nothing(owner: Database) -> None:
    centre = await admit(owner)
    async with owner.transaction([centre.id]) as tx:
        assert await casework.change_contacts(tx, centre.id, CONTACTS, NOW + timedelta(days=1)) == []
        assert (await store.contacts(tx, centre.id)).since == NOW
    assert len(await told(owner, centre.id)) == 1


async def test_contacts_of_one_mailbox_are_refused_by_rule_and_by_database(owner: Database) -> None:
    centre = await admit(owner)
    one = CONTACTS.model_copy(update={"password_email": "LIETAS@centrs.example"})
    async with owner.transaction([centre.id]) as tx:
        with pytest.raises(ContactShared, match=r"^centres\.contact-shared$"):
            await casework.change_contacts(tx, centre.id, one, NOW)
    with pytest.raises(DBAPIError, match="ck_contact_two_ways"):
        async with owner.transaction([centre.id]) as tx:
            await store.put_contacts(tx, centre.id, one, NOW)


async def test_a_change_of_keys_is_taken_once(owner: Database) -> None:
    centre, keys = await admit(owner), CentreKeys.generate()
    rotation = compose(KeyRotation, centre=centre.id, keys=[key.public() for key in keys.every()])
    proven = ProvenRotation(rotation, b"the file", vouched=True)
    async with owner.transaction([centre.id]) as tx:
        assert await casework.take_rotation(tx, proven, NOW) == centre
    async with owner.transaction([centre.id]) as tx:
        with pytest.raises(casework.RotationKnown, match=r"^centres\.rotation-known$"):
            await casework.take_rotation(tx, proven, NOW)
        kept = await tx.execute(select(store.files.c.file, store.files.c.vouched).order_by("vouched"))
        assert [row.vouched for row in kept] == [False, True]


@pytest.mark.parametrize("table", ["legal_entity", "centre", "contact", "enrolment"])
@pytest.mark.parametrize("deed", ["DELETE FROM hub.{}", "TRUNCATE hub.{}"])
async def test_the_application_changes_nothing(database: Database, table: str, deed: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.transaction() as tx:
            await tx.exec_driver_sql(deed.format(table))
