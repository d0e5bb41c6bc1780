"""Nothing waits for ever: what time alone does to registrations, and who hears of it."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from hub.agis.casework.time_passing import pass_time
from hub.matters.office import MattersOffice
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.workdays.casework import CalendarShelf
from saikne import compose
from saikne_schemas.register_entries import registration_key
from saikne_schemas.registrations import RegistrationView, TryRegistrationAgain
from tests.journeys.family_moves import IEVA, dated
from tests.journeys.play import Play, chain_of
from tests.journeys.registrations import DAY, announced, queued, register_key


@pytest.fixture
async def office(play: Play) -> AsyncIterator[MattersOffice]:
    """What the worker does every minute, done when the test says so."""
    await register_key(play)
    assert play.stage.database_url is not None
    database = Database(play.stage.database_url)
    gatekeeper = None
    yield MattersOffice(database, gatekeeper, Keyring(play.stage.home / "keys"), CalendarShelf())  # type: ignore[arg-type]
    await database.close()


async def hours_pass(play: Play, key: UUID, hours: int) -> None:
    await play.sql(
        "UPDATE hub.registration SET next_at = next_at - make_interval(hours => $2),"
        " claimed_until = claimed_until - make_interval(hours => $2),"
        " changed_at = changed_at - make_interval(hours => $2) WHERE key = $1",
        key,
        hours,
    )


async def test_a_registration_whose_facts_never_come_goes_to_the_centre(
    play: Play, office: MattersOffice
) -> None:
    matter = await dated(play)
    statement, sealed = announced(play.requester, matter)
    await play.requester.tell(statement)
    key = registration_key(matter, DAY, play.requester.credentials.centre)
    await hours_pass(play, key, 23)
    await pass_time(office)
    assert (await play.requester.registration(key)).state == "draft"
    await hours_pass(play, key, 2)
    await pass_time(office)
    shown = await play.requester.registration(key)
    assert (shown.state, shown.needs_person_because, shown.waits_for) == (
        "needs_person",
        "not_completed",
        "centre",
    )
    assert (await play.mailed_about(matter, play.requester, "bez Jums")).text
    assert "agis.registration.halted" in {event.kind for event in (await chain_of(play.requester))[0]}
    await play.requester.tell(compose(TryRegistrationAgain, matter=matter, key=key, decided_by=IEVA))
    assert (await play.requester.registration(key)).state == "draft"
    await hours_pass(play, key, 25)
    await pass_time(office)
    assert (await play.requester.send_sealed(key, sealed)).state == "queued"


async def test_what_no_job_takes_in_a_day_goes_to_the_centre(play: Play, office: MattersOffice) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    await hours_pass(play, key, 23)
    await pass_time(office)
    assert (await play.requester.registration(key)).state == "queued"
    await hours_pass(play, key, 2)
    await pass_time(office)
    shown = await play.requester.registration(key)
    assert (shown.state, shown.needs_person_because) == ("needs_person", "nobody_takes_it")
    await play.requester.tell(compose(TryRegistrationAgain, matter=matter, key=key, decided_by=IEVA))
    assert (await play.requester.registration(key)).state == "queued"


async def test_a_lease_that_ends_is_seen_to_have_ended(play: Play, office: MattersOffice) -> None:
    key = await queued(play.requester, await dated(play))
    await play.sql(
        "UPDATE hub.registration SET state = 'sent', maybe_there = true,"
        " claimed_until = now(), next_at = now() WHERE key = $1",
        key,
    )
    await pass_time(office)
    shown = await play.requester.registration(key)
    assert (shown.state, shown.waits_for) == ("unknown", "job")


async def test_who_has_to_decide_is_told_again(play: Play, office: MattersOffice) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    await hours_pass(play, key, 25)
    await pass_time(office)
    first = await play.requester.registration(key)
    await pass_time(office)
    assert (await play.requester.registration(key)).next_at == first.next_at
    await hours_pass(play, key, 25)
    await pass_time(office)
    again: RegistrationView = await play.requester.registration(key)
    assert again.state == "needs_person"
    assert again.next_at is not None
    assert first.next_at is not None
    assert again.next_at > first.next_at
