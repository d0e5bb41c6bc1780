"""Whose browsers tell whom, on a real database: added within bounds, taken back by many hands, walled in."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DBAPIError

from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.people import store, subscriptions
from hub.people.casework import inviting, sessions, subscribing
from hub.people.gateways.push_services import PushServices
from hub.people.office import Counter, PeopleOffice
from hub.people.person import NotAllowed, Person, PersonRole, PersonState
from hub.people.push import (
    AT_MOST,
    PushNotOffered,
    PushServiceUnknown,
    SubscriptionMalformed,
    SubscriptionUnknown,
    TooManySubscriptions,
)
from hub.people.subscriptions import SubscriptionRow, subscription
from hub.plumbing.database import Database
from hub.signing.key_files import Kind
from hub.signing.keyring import Keyring
from hub.signing.store import rewrap
from saikne_demo import stage
from tests.exchange.bureau import Bureau
from tests.peers.push_service import SubscribedBrowser
from tests.people.persons import somebody

SERVICE = "push.example"


def browser(number: int = 1) -> SubscribedBrowser:
    return SubscribedBrowser(f"https://{SERVICE}/{number}")


@dataclass
class House:
    office: PeopleOffice
    centre: CentreId
    other: CentreId

    @asynccontextmanager
    async def counter(self, of: CentreId | None = None) -> AsyncIterator[Counter]:
        async with self.office.database.transaction([of or self.centre]) as tx:
            yield Counter(tx, clock.now())

    async def person(self, role: PersonRole = PersonRole.SOCIAL_WORKER, of: CentreId | None = None) -> Person:
        person = somebody(of or self.centre, role, "lv")
        async with self.counter(person.centre) as counter:
            await store.add(counter.tx, person, counter.now)
        return person

    def said(self, which: SubscribedBrowser, **changes: Any) -> dict[str, Any]:
        key = self.office.keyring.push_key()
        assert key is not None
        return {"subscription": which.json(), "key": key.key_id, "label": "darba telefons", **changes}

    async def keep(self, person: Person, which: SubscribedBrowser, **changes: Any) -> None:
        async with self.counter(person.centre) as counter:
            await subscribing.keep(counter, self.office, person, self.said(which, **changes))

    async def rows(self, person: Person) -> list[SubscriptionRow]:
        async with self.counter(person.centre) as counter:
            return list(await subscriptions.of_person(counter.tx, person.centre, person.id))

    async def told(self) -> list[tuple[str, str, str]]:
        """What the centre's chain says: the deed, whose, what."""
        async with self.counter() as counter:
            rows = await counter.tx.exec_driver_sql(
                "SELECT kind, convert_from(body, 'UTF8') AS said FROM hub.event"
                " WHERE kind LIKE 'people.person.way%' ORDER BY seq"
            )
            found = [(row.kind, json.loads(row.said)) for row in rows]
        return [(kind, str(said["person"]), str(said["way"])) for kind, said in found]


@pytest.fixture
async def house(database: Database, owner: Database, tmp_path: Path) -> House:
    keyring = Keyring(tmp_path / "keys")
    bureau = Bureau(database, owner, keyring)
    centre = await bureau.admit("Ligzda", "40003521600", stage.LIGZDA)
    other = await bureau.admit("Zemgale", "50008021661", stage.ZEMGALE)
    office = PeopleOffice(database, keyring, "https://hub.example", push=PushServices({SERVICE}))
    return House(office, centre, other)


async def test_a_browser_is_kept_and_taken_back_and_the_chain_says_whose(house: House) -> None:
    person, which = await house.person(), browser()
    await house.keep(person, which)
    (row,) = await house.rows(person)
    assert (row.label, row.told_at, row.outcome) == ("darba telefons", None, None)
    async with house.counter() as counter:
        await subscribing.remove(counter, person, row.digest)
    assert await house.rows(person) == []
    with pytest.raises(SubscriptionUnknown):
        async with house.counter() as counter:
            await subscribing.remove(counter, person, row.digest)
    deeds = [kind.rpartition("_")[2] for kind, _, _ in await house.told()]
    assert deeds == ["added", "removed"]
    assert {(whose, way) for _, whose, way in await house.told()} == {(str(person.id), "push")}


async def test_the_same_browser_again_takes_its_own_place(house: House) -> None:
    person, which = await house.person(), browser()
    for label, kept in (
        ("  viens ", "viens"),
        ("x" * 300, "x" * 60),
        ("a\0b\ud800\u202ec\n", "abc"),
        (None, ""),
        ("", ""),
    ):
        await house.keep(person, which, label=label)
        assert [row.label for row in await house.rows(person)] == [kept]


async def test_a_person_has_ten_browsers_and_never_eleven(house: House) -> None:
    """However many come at once."""
    person = await house.person()
    at_once = [house.keep(person, browser(number)) for number in range(AT_MOST + 4)]
    ended = await asyncio.gather(*at_once, return_exceptions=True)
    assert [type(one) for one in ended if one] == [TooManySubscriptions] * 4
    kept = await house.rows(person)
    assert len(kept) == AT_MOST
    await house.keep(await house.person(), browser(99))
    known = {row.digest for row in kept}
    again = next(one for one in map(browser, range(AT_MOST + 4)) if digest_of(one) in known)
    await house.keep(person, again, label="vēlreiz")
    assert len(await house.rows(person)) == AT_MOST


def digest_of(which: SubscribedBrowser) -> bytes:
    return hashlib.sha256(which.endpoint.encode()).digest()


Changed = Callable[[House], dict[str, Any]]
REFUSED: dict[str, tuple[type[Refusal], Changed]] = {
    "another service": (
        PushServiceUnknown,
        lambda _: {"subscription": SubscribedBrowser("https://evil.example/1").json()},
    ),
    "in clear": (
        PushServiceUnknown,
        lambda _: {"subscription": SubscribedBrowser(f"http://{SERVICE}/1").json()},
    ),
    "no keys": (SubscriptionMalformed, lambda _: {"subscription": {"endpoint": f"https://{SERVICE}/1"}}),
    "nothing": (SubscriptionMalformed, lambda _: {"subscription": None}),
    "an older key": (SubscriptionMalformed, lambda house: {"key": house.office.keyring.newest(Kind.TOKEN)}),
    "no key": (SubscriptionMalformed, lambda _: {"key": None}),
}


@pytest.mark.parametrize("why", sorted(REFUSED))
async def test_what_the_hub_could_not_use_is_refused_by_its_code(house: House, why: str) -> None:
    person = await house.person()
    refusal, changed = REFUSED[why]
    with pytest.raises(refusal):
        await house.keep(person, browser(), **changed(house))
    assert await house.rows(person) == []


async def test_without_a_key_of_the_hubs_nothing_is_offered(house: House, tmp_path: Path) -> None:
    person, said = await house.person(), house.said(browser())
    for file in (tmp_path / "keys").glob("push-*.json"):
        file.unlink()
    bare = replace(house.office, keyring=Keyring(tmp_path / "keys"))
    with pytest.raises(PushNotOffered):
        async with house.counter() as counter:
            await subscribing.keep(counter, bare, person, said)


@pytest.mark.parametrize("role", [PersonRole.OVERSEER, PersonRole.OPERATOR])
async def test_whoever_is_owed_no_letter_has_no_browser_told(house: House, role: PersonRole) -> None:
    with pytest.raises(NotAllowed):
        await house.keep(await house.person(role), browser())


Deed = Callable[[House, Counter, Person], Awaitable[object]]
ENDS: dict[str, Deed] = {
    "suspension": lambda house, counter, person: inviting.suspend(counter, house.centre, person.id, None),
    "a sign-out everywhere": lambda _, counter, person: sessions.end_everywhere(counter, person),
}


@pytest.mark.parametrize("why", sorted(ENDS))
async def test_with_it_go_all_of_a_persons_browsers_and_nobody_elses(house: House, why: str) -> None:
    person, colleague = await house.person(), await house.person()
    for number in range(3):
        await house.keep(person, browser(number))
    await house.keep(colleague, browser(9))
    async with house.counter() as counter:
        await ENDS[why](house, counter, person)
    assert await house.rows(person) == []
    assert len(await house.rows(colleague)) == 1
    assert (await house.told())[-1][1:] == (str(person.id), "push")


async def test_whoever_was_suspended_meanwhile_adds_none(house: House) -> None:
    """The page was open; nor does somebody come back to those of before."""
    person = await house.person()
    await house.keep(person, browser(1))
    async with house.counter() as counter:
        await inviting.suspend(counter, house.centre, person.id, None)
    with pytest.raises(NotAllowed):
        await house.keep(person, browser(2))
    async with house.counter() as counter:
        await inviting.resume(counter, house.centre, person.id, None)
        await store.change(counter.tx, house.centre, person.id, state=PersonState.ACTIVE.value)
    assert await house.rows(person) == []


async def test_a_browser_of_another_centre_is_neither_seen_changed_nor_taken(house: House) -> None:
    theirs = await house.person(of=house.other)
    await house.keep(theirs, browser())
    (row,) = await house.rows(theirs)
    ours = await house.person()
    async with house.counter() as counter:
        assert await subscriptions.find(counter.tx, house.other, row.digest) is None
        assert await subscriptions.of_centre(counter.tx, house.other) == []
        assert (await counter.tx.execute(update(subscription).values(outcome="taken"))).rowcount == 0
        assert (await counter.tx.execute(delete(subscription))).rowcount == 0
    moved = {"tenant_id": house.other, "digest": b"x" * 32, "person_id": theirs.id}
    moved |= {"label": "", "reached": b"x", "push_key": "x", "made_at": clock.now()}
    with pytest.raises(DBAPIError):
        async with house.counter() as counter:
            await counter.tx.execute(insert(subscription).values(**moved))
    for whom in (ours, replace(theirs, centre=house.centre)):
        with pytest.raises(SubscriptionUnknown):
            async with house.counter() as counter:
                await subscribing.remove(counter, whom, row.digest)
    assert len(await house.rows(theirs)) == 1


async def test_nobody_takes_a_colleagues_browser_back_as_an_own_one(house: House) -> None:
    person, colleague = await house.person(), await house.person()
    await house.keep(colleague, browser())
    (row,) = await house.rows(colleague)
    with pytest.raises(SubscriptionUnknown):
        async with house.counter() as counter:
            await subscribing.remove(counter, person, row.digest)


async def test_where_a_browser_is_reached_stays_readable_under_a_new_wrapping_key(
    house: House, owner: Database
) -> None:
    """By `hub key rewrap`, as everything that is covered."""
    person, which, keyring = await house.person(), browser(), house.office.keyring
    await house.keep(person, which)
    old = keyring.newest(Kind.WRAPPING)
    keyring.renew(Kind.WRAPPING)
    async with owner.transaction([house.centre]) as tx:
        done = await rewrap(
            tx, keyring, subscriptions.WRAPPED, leave=[keyring.newest(Kind.WRAPPING)], after=None, limit=10
        )
    assert (done.done, done.damaged) == (1, [])
    keyring.retire(Kind.WRAPPING, old)
    (row,) = await house.rows(person)
    bound = subscriptions.bound_to(house.centre, row.digest)
    assert which.endpoint in keyring.unwrap(row.reached, bound).reveal()
