"""Invitations, sessions and codes on a real database; passkeys are tried in a real browser (`pages`)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest

from hub.centres.centre import CentreState
from hub.centres.store import set_state
from hub.kernel import clock
from hub.kernel.ids import OPERATOR, CentreId
from hub.kernel.secret import Secret
from hub.people import store
from hub.people.casework import codes, inviting, sessions
from hub.people.casework.codes import CodeWrong, PasswordTooShort, Tried
from hub.people.casework.inviting import (
    LINK_LIVES,
    EmailTaken,
    Given,
    Link,
    LinkOver,
    Newcomer,
    NotYourself,
    PersonUnknown,
    RoleDoesNotFit,
)
from hub.people.office import Counter, PeopleOffice
from hub.people.person import MAY, Person, PersonId, PersonRole, PersonState
from hub.people.session import ABSOLUTE, IDLE, TRIES, How, TooManyTries, Wrong
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from saikne_demo import stage
from saikne_schemas.person_keys import Act
from tests.exchange.bureau import Bureau

PASSWORD = Secret("gara parole ar atstarpēm")


@dataclass
class Desk:
    office: PeopleOffice
    centre: CentreId
    other: CentreId

    @asynccontextmanager
    async def counter(
        self, *, later: timedelta = timedelta(), of: CentreId | None = None
    ) -> AsyncIterator[Counter]:
        async with self.office.database.transaction([of or self.centre]) as tx:
            yield Counter(tx, clock.now() + later)

    @asynccontextmanager
    async def stranger(self, later: timedelta = timedelta()) -> AsyncIterator[Counter]:
        async with self.office.database.transaction() as tx:
            yield Counter(tx, clock.now() + later)

    async def invited(
        self, role: PersonRole = PersonRole.COORDINATOR, email: str = "ilze@ligzda.example"
    ) -> Link:
        async with self.counter() as counter:
            return await inviting.invite(counter, self.centre, newcomer(role, email), None)

    async def with_code(self) -> tuple[Person, pyotp.TOTP]:
        person = (await self.invited()).person
        async with self.counter() as counter:
            new = await codes.ask_to_add(counter, self.office, person)
        app = pyotp.TOTP(new.key)
        async with self.counter() as counter:
            tried = Tried(person.email, PASSWORD, app.at(clock.now() - timedelta(seconds=30)))
            await codes.keep(counter, self.office, person, new.errand, tried)
        return replace(person, state=PersonState.ACTIVE), app


def newcomer(role: PersonRole, email: str) -> Newcomer:
    return Newcomer(name="Ilze Kalniņa", position="vadītāja", email=email, role=role)


@pytest.fixture
async def desk(database: Database, owner: Database, tmp_path: Path) -> Desk:
    keyring = Keyring(tmp_path / "keys")
    bureau = Bureau(database, owner, keyring)
    centre = await bureau.admit("Ligzda", "40003521600", stage.LIGZDA)
    other = await bureau.admit("Zemgale", "50008021661", stage.ZEMGALE)
    return Desk(PeopleOffice(database, keyring, "https://hub.example"), centre, other)


async def test_a_link_is_looked_at_often_and_used_once(desk: Desk) -> None:
    link = await desk.invited()
    for _ in range(3):
        async with desk.stranger() as counter:
            assert (await inviting.meant_by(counter, link.token)).person == link.person
    async with desk.stranger() as counter:
        assert await inviting.use_up(counter, link.token) == link.person
    async with desk.stranger() as counter:
        with pytest.raises(LinkOver):
            await inviting.use_up(counter, link.token)


async def test_of_two_who_come_at_once_with_one_link_one_comes_in(desk: Desk) -> None:
    link = await desk.invited()

    async def come() -> bool:
        try:
            async with desk.stranger() as counter:
                await inviting.use_up(counter, link.token)
        except LinkOver:
            return False
        return True

    assert sorted(await asyncio.gather(*(come() for _ in range(8)))) == [False] * 7 + [True]


async def test_a_link_ends_by_its_days_by_another_one_and_with_the_person(desk: Desk) -> None:
    first = await desk.invited()
    async with desk.stranger(LINK_LIVES + timedelta(seconds=1)) as counter:
        with pytest.raises(LinkOver):
            await inviting.meant_by(counter, first.token)
    async with desk.counter() as counter:
        second = await inviting.invite_again(counter, desk.centre, first.person.id, None)
    async with desk.stranger() as counter:
        with pytest.raises(LinkOver):
            await inviting.meant_by(counter, first.token)
    async with desk.counter() as counter:
        await inviting.suspend(counter, desk.centre, first.person.id, None)
    async with desk.stranger() as counter:
        with pytest.raises(LinkOver):
            await inviting.meant_by(counter, second.token)


async def test_an_address_is_of_one_person_in_whatever_letters_and_wherever(desk: Desk) -> None:
    await desk.invited(email="Ilze@Ligzda.example")
    again = newcomer(PersonRole.COORDINATOR, "ilze@ligzda.EXAMPLE")
    for centre in (desk.centre, desk.other):
        with pytest.raises(EmailTaken):
            async with desk.counter(of=centre) as counter:
                await inviting.invite(counter, centre, again, None)
    async with desk.counter(of=desk.other) as counter:
        assert await store.of_centre(counter.tx, desk.other) == []


async def test_nobody_deals_with_people_of_another_centre(desk: Desk) -> None:
    person = (await desk.invited()).person
    for deed in (inviting.invite_again, inviting.suspend, inviting.resume):
        async with desk.counter(of=desk.other) as counter:
            with pytest.raises(PersonUnknown):
                await deed(counter, desk.other, person.id, None)


async def test_nobody_suspends_or_changes_himself(desk: Desk) -> None:
    person = (await desk.invited()).person
    async with desk.counter() as counter:
        with pytest.raises(NotYourself):
            await inviting.suspend(counter, desk.centre, person.id, person.id)
        given = Given(PersonRole.SOCIAL_WORKER, None)
        with pytest.raises(NotYourself):
            await inviting.may_do(counter, desk.centre, person.id, given, person.id)


async def test_another_role_has_its_own_acts_and_no_more(desk: Desk) -> None:
    person = (await desk.invited()).person
    async with desk.counter() as counter:
        given = Given(PersonRole.SOCIAL_WORKER, frozenset({Act.ASK, Act.MANAGE_PEOPLE}))
        changed = await inviting.may_do(counter, desk.centre, person.id, given, PersonId(uuid4()))
        row = await store.find(counter.tx, desk.centre, person.id)
    assert changed.acts == {Act.ASK}
    assert row is not None
    assert (row.role, row.acts) == ("social_worker", ["ask"])
    assert Act.MANAGE_PEOPLE not in MAY[PersonRole.SOCIAL_WORKER]


async def test_the_operators_first_person_fits_where_it_is_entered(desk: Desk) -> None:
    cases = ((desk.centre, PersonRole.OVERSEER), (OPERATOR, PersonRole.COORDINATOR))
    for centre, role in (*cases, (CentreId(uuid4()), PersonRole.COORDINATOR)):
        async with desk.counter(of=centre) as counter:
            with pytest.raises(RoleDoesNotFit):
                await inviting.invite_by_operator(counter, centre, newcomer(role, "a@ligzda.example"))
    async with desk.counter(of=OPERATOR) as counter:
        new = newcomer(PersonRole.OPERATOR, "uzturetajs@hub.example")
        assert (await inviting.invite_by_operator(counter, OPERATOR, new)).person.centre == OPERATOR


async def test_a_session_counts_for_a_while_and_not_when_its_person_is_out(desk: Desk) -> None:
    person = (await desk.invited()).person
    async with desk.counter() as counter:
        cookie = await sessions.begin(counter, person, How.PASSKEY)

    async def known(later: timedelta = timedelta()) -> bool:
        async with desk.stranger(later) as counter:
            return await sessions.of(counter, cookie) is not None

    assert await known()
    assert not await known(IDLE + timedelta(seconds=1))
    for minutes in range(0, int(ABSOLUTE / timedelta(minutes=1)), 20):
        assert await known(timedelta(minutes=minutes))
    assert not await known(ABSOLUTE + timedelta(seconds=1))
    async with desk.counter() as counter:
        await inviting.suspend(counter, desk.centre, person.id, None)
    assert not await known()


async def test_nobody_of_a_suspended_centre_is_in_or_comes_in(desk: Desk, owner: Database) -> None:
    """And everybody is again, by what he had, once the centre takes part again."""
    person, app = await desk.with_code()
    link = await desk.invited(email="rita@ligzda.example")
    async with desk.counter() as counter:
        cookie = await sessions.begin(counter, person, How.PASSKEY)

    async def state(now: CentreState) -> None:
        async with owner.transaction([desk.centre]) as tx:
            await set_state(tx, desk.centre, now)

    await state(CentreState.SUSPENDED)
    async with desk.stranger() as counter:
        assert await sessions.of(counter, cookie) is None
        with pytest.raises(LinkOver):
            await inviting.meant_by(counter, link.token)
    right = Tried(person.email, PASSWORD, app.at(clock.now()))
    with pytest.raises(Wrong):
        await codes.shown(desk.office, right)
    await state(CentreState.ACTIVE)
    async with desk.stranger() as counter:
        assert await sessions.of(counter, cookie) is not None
    assert (await codes.shown(desk.office, right)).id == person.id


async def test_a_new_proof_ends_the_session_before_and_everywhere_ends_all(desk: Desk) -> None:
    person = (await desk.invited()).person
    async with desk.counter() as counter:
        first = await sessions.begin(counter, person, How.LINK)
        second = await sessions.begin(counter, person, How.PASSKEY, first)
        third = await sessions.begin(counter, person, How.CODE)
    async with desk.stranger() as counter:
        found = [await sessions.of(counter, one) for one in (first, second, third)]
    assert [one and one.how for one in found] == [None, How.PASSKEY, How.CODE]
    async with desk.counter() as counter:
        await sessions.end_everywhere(counter, person)
    async with desk.stranger() as counter:
        assert [await sessions.of(counter, one) for one in (second, third)] == [None, None]


async def test_what_is_over_is_forgotten_and_what_counts_is_kept(desk: Desk) -> None:
    person = (await desk.invited()).person
    async with desk.counter() as counter:
        cookie = await sessions.begin(counter, person, How.PASSKEY)
    async with desk.stranger() as counter:
        await sessions.tidy(counter)
        assert await sessions.of(counter, cookie) is not None


async def test_a_code_counts_once_and_the_one_before_it_for_slow_hands(desk: Desk) -> None:
    person, app = await desk.with_code()
    right = Tried("ILZE@ligzda.example", PASSWORD, app.at(clock.now()))
    assert (await codes.shown(desk.office, right)).id == person.id
    with pytest.raises(Wrong):
        await codes.shown(desk.office, right)


@pytest.mark.parametrize("wrong", ["password", "code", "old code", "email", "suspended"])
async def test_whatever_is_wrong_is_told_alike(desk: Desk, wrong: str) -> None:
    person, app = await desk.with_code()
    now = datetime.now(UTC)
    right = Tried(person.email, PASSWORD, app.at(now))
    tried = {
        "password": replace(right, password=Secret("cita gara parole")),
        "code": replace(right, code="000000" if right.code != "000000" else "111111"),
        "old code": replace(right, code=app.at(now - timedelta(minutes=2))),
        "email": replace(right, email="nav@ligzda.example"),
        "suspended": right,
    }[wrong]
    if wrong == "suspended":
        async with desk.counter() as counter:
            await inviting.suspend(counter, desk.centre, person.id, None)
    with pytest.raises(Wrong):
        await codes.shown(desk.office, tried)


async def test_after_five_wrong_tries_even_the_right_one_waits(desk: Desk) -> None:
    person, app = await desk.with_code()
    for _ in range(TRIES):
        with pytest.raises(Wrong):
            await codes.shown(desk.office, Tried(person.email, Secret("cita gara parole"), "000000"))
    with pytest.raises(TooManyTries):
        await codes.shown(desk.office, Tried(person.email, PASSWORD, app.at(clock.now())))


async def test_a_way_that_is_not_proved_is_not_kept(desk: Desk) -> None:
    person = (await desk.invited()).person
    async with desk.counter() as counter:
        new = await codes.ask_to_add(counter, desk.office, person)
    short, wrong = (
        Tried(person.email, Secret("isa parole"), "000000"),
        Tried(person.email, PASSWORD, "000000"),
    )
    for tried, refusal in ((short, PasswordTooShort), (wrong, CodeWrong)):
        with pytest.raises(refusal):
            async with desk.counter() as counter:
                await codes.keep(counter, desk.office, person, new.errand, tried)
    async with desk.counter() as counter:
        row = await store.find(counter.tx, desk.centre, person.id)
    assert row is not None
    assert (row.state, row.password, row.code_key) == ("invited", None, None)


async def test_neither_a_link_nor_a_cookie_nor_a_key_stands_in_the_database(
    desk: Desk, owner: Database
) -> None:
    """What is stolen from it opens nothing."""
    link = await desk.invited(email="rita@ligzda.example")
    _, app = await desk.with_code()
    async with desk.counter() as counter:
        cookie = await sessions.begin(counter, link.person, How.PASSKEY)
    async with owner.transaction([desk.centre]) as tx:
        kept = ""
        for table in ("person", "entrance", "session", "errand", "event"):
            rows = await tx.exec_driver_sql(f"SELECT to_jsonb(one)::text FROM hub.{table} AS one")  # noqa: S608
            kept += "\n".join(row[0] for row in rows)
    secrets = (link.token, cookie, app.secret, PASSWORD.reveal())
    assert [one for one in secrets if one in kept or one.encode().hex() in kept] == []
