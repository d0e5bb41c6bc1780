"""What a centre may try against another, or against the hub, and what comes of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from hub.centres.casework import change_contacts, resume, suspend
from hub.centres.centre import SuspendedBecause
from hub.centres.enrolment import read_enrolment
from hub.centres.signed_file import FileMalformed
from hub.kernel import clock
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.matters.store import party
from hub.ops.database import transaction
from hub.parts import Parts
from hub.plumbing.database import OWNER_ROLE
from hub.web.uploads import AT_ONCE, Entrance, TooManyUploads
from saikne import HubRefusal, Patience, compose
from saikne.enrolment import CentreKeys, enrolment_file, new_enrolment
from saikne_demo.stage import ZEMGALE
from saikne_schemas.enrolment import Agreement, Contacts, LegalEntity
from saikne_schemas.manifests import Discard, Dispatch, HandOverAgain
from saikne_schemas.vocabulary import DeliveryChannel, PasswordChannel
from tests.exchange.test_races import held, waiting
from tests.journeys.asking_again import AskingAgain
from tests.journeys.conftest import centre
from tests.journeys.play import Play, pdf
from tests.terms import term_of

OTHER_PHONE = "+37120000099"


@pytest.fixture
async def own(quiet: Play, tmp_path: Path) -> AsyncIterator[Play]:
    """The story with a requester of this test's own, whom the operator may change."""
    who = await centre(quiet.stage, "Pieprasītājs", "50008021661", ZEMGALE)
    async with AskingAgain(who, patience=Patience(attempts=1)) as requester:
        yield replace(quiet, requester=requester, folder=tmp_path)


def requester_of(play: Play) -> CentreId:
    return CentreId(play.requester.credentials.centre)


async def notify(play: Play, **changes: str | None) -> None:
    """The requester notifies other contacts."""
    contacts = ZEMGALE.model_copy(update=changes)
    async with transaction(play.stage.owner_url, OWNER_ROLE, [requester_of(play), OVERSIGHT]) as tx:
        await change_contacts(tx, requester_of(play), contacts, clock.now())


async def refused(doing: object) -> str:
    with pytest.raises(HubRefusal) as refusal:
        await doing  # type: ignore[misc]
    return refusal.value.code


async def sealed(play: Play, channels: tuple[DeliveryChannel, PasswordChannel] | None = None) -> UUID:
    """An exchange whose answer waits to be dispatched."""
    asked = await play.ask(*(() if channels is None else (channels,)))
    await play.send(await play.prepare(asked))
    return asked


def first_dispatch(asked: UUID) -> Dispatch:
    return compose(Dispatch, exchange=asked, round=1)


async def passwords(play: Play, asked: UUID) -> int:
    rows = await play.sql("SELECT count(*) FROM hub.password WHERE exchange_id = $1", asked)
    return int(rows[0][0])


# Contacts that change after a request was made --------------------------------------------------------------


@pytest.mark.parametrize(
    "change", [{"password_phone": OTHER_PHONE}, {"password_phone": None}, {"notices": "citi@zemgale.example"}]
)
async def test_no_answer_is_begun_to_an_address_that_changed_since_the_request(
    own: Play, change: dict[str, str | None]
) -> None:
    asked = await own.ask()
    await notify(own, **change)
    answered = await own.prepare(asked)
    assert await refused(own.holder.tell(answered.manifest)) == "passwords.contact-changed"
    assert await passwords(own, asked) == 0
    await notify(own)
    assert (await own.holder.tell(answered.manifest)).state.value == "preparing"


async def test_no_answer_is_dispatched_to_an_address_that_changed_since_the_request(own: Play) -> None:
    asked = await sealed(own)
    await notify(own, password_phone=OTHER_PHONE)
    assert await refused(own.holder.tell(first_dispatch(asked))) == "passwords.contact-changed"
    assert await own.state(asked) == "preparing"


async def test_no_password_is_sent_again_once_its_address_changed(own: Play) -> None:
    asked = await sealed(own)
    await own.holder.tell(first_dispatch(asked))
    await notify(own, password_phone=OTHER_PHONE)
    again = compose(HandOverAgain, exchange=asked, round=1)
    assert await refused(own.requester.tell(again)) == "passwords.contact-changed"


async def test_a_contact_that_this_exchange_does_not_use_may_change(own: Play) -> None:
    asked = await sealed(own)
    await notify(own, voice_phone="+37163000009", archive_email="cits@zemgale.example")
    assert (await own.holder.tell(first_dispatch(asked))).state.value == "dispatched"


# A requester that was suspended -----------------------------------------------------------------------------


async def test_nothing_is_declared_for_or_dispatched_to_a_suspended_centre(own: Play) -> None:
    asked, waiting = await own.ask(), await sealed(own)
    answered = await own.prepare(asked)
    parties = [requester_of(own), OVERSIGHT]
    async with transaction(own.stage.owner_url, OWNER_ROLE, parties) as tx:
        await suspend(tx, requester_of(own), SuspendedBecause.KEYS_COMPROMISED)
    assert await refused(own.holder.tell(answered.manifest)) == "centres.suspended"
    assert await refused(own.holder.tell(first_dispatch(waiting))) == "centres.suspended"
    assert await own.state(waiting) == "preparing"
    async with transaction(own.stage.owner_url, OWNER_ROLE, parties) as tx:
        await resume(tx, requester_of(own))
    assert (await own.holder.tell(first_dispatch(waiting))).state.value == "dispatched"


# Documents and downloads ------------------------------------------------------------------------------------


async def test_a_sealed_document_is_there_for_the_same_bytes_only(quiet: Play) -> None:
    answered = await quiet.prepare(await quiet.ask())
    await quiet.send(answered)
    hand, path = await quiet.by_hand(quiet.holder), f"/v1/exchanges/{answered.exchange}/rounds/1/documents/1"
    assert (await hand.put(path, answered.files[1].read_bytes())).status_code == 200
    other = await hand.put(path, pdf("something else"))
    assert (other.status_code, other.json()["code"]) == (422, "exchange.document-not-as-declared")


async def test_no_download_goes_unwritten_however_it_is_asked_for(quiet: Play) -> None:
    asked = await sealed(quiet)
    await quiet.holder.tell(first_dispatch(asked))
    hand, path = await quiet.by_hand(quiet.requester), f"/v1/exchanges/{asked}/archive"
    assert (await hand.get(path, Range="bytes=1-")).status_code == 206
    written = await quiet.sql(
        "SELECT convert_from(body, 'UTF8') FROM hub.event WHERE about_id = $1 AND kind = $2"
        " AND tenant_id = $3",
        asked,
        "exchange.archive.downloaded",
        quiet.holder.credentials.centre,
    )
    (told,) = [json.loads(row[0]) for row in written]
    assert (told["first"], told["last"]) == (1, told["bytes"] - 1)


async def test_a_sender_who_falls_silent_holds_nothing(quiet: Play) -> None:
    answered = await quiet.prepare(await quiet.ask(), size_bytes=300_000)
    await quiet.holder.tell(answered.manifest)
    hand, body = await quiet.by_hand(quiet.holder), answered.files[1].read_bytes()
    path = f"/v1/exchanges/{answered.exchange}/rounds/1/documents/1"
    reader, writer = await hand.begin_upload(path, hand.for_upload(path, body), len(body))
    writer.write(body[:200_000])
    await writer.drain()
    told = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    assert b"exchange.upload-broken-off" in told
    assert quiet.objects(answered.exchange) == []


def test_a_centre_that_sends_too_much_at_once_is_told_to_come_again_and_others_are_not() -> None:
    entrance, ours, theirs = Entrance(), CentreId(uuid4()), CentreId(uuid4())
    with ExitStack() as sending:
        for _ in range(AT_ONCE):
            sending.enter_context(entrance.one_more(ours))
        with pytest.raises(TooManyUploads), entrance.one_more(ours):
            pass
        with entrance.one_more(theirs):
            pass
    with entrance.one_more(ours):
        pass


async def test_an_exchange_does_not_grow_without_end(quiet: Play) -> None:
    answered = await quiet.prepare(await quiet.ask())
    await quiet.holder.tell(answered.manifest)
    await quiet.holder.tell(compose(Discard, exchange=answered.exchange, round=1))
    await quiet.sql(
        "UPDATE hub.matter SET content = jsonb_set(content::jsonb, '{round}', '50') WHERE matter_id = $1",
        answered.exchange,
    )
    again = answered.manifest.model_copy(update={"id": uuid4()})
    assert await refused(quiet.holder.tell(again)) == "exchange.too-many-rounds"


CLOCKS_APART = timedelta(milliseconds=200)
"""The hub asks the database for the time now and then, and goes by its own ticks between."""


async def test_what_was_asked_for_in_time_is_dispatched_in_time_however_long_the_hub_works(
    quiet: Play,
) -> None:
    asked = await sealed(quiet)
    async with held(quiet, "hub.matter WHERE matter_id = $1", asked):
        dispatching = asyncio.create_task(quiet.holder.tell(first_dispatch(asked)))
        await waiting(quiet, 1)
        ((came_by,),) = await quiet.sql("SELECT clock_timestamp()")
        await asyncio.sleep(2 * CLOCKS_APART.total_seconds())
    await dispatching
    view = await quiet.holder.exchange(asked)
    term = term_of(view)
    assert term.met_at is not None
    assert term.met_at < came_by + CLOCKS_APART


# The wall ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["requester", "holder", "oversight"])
async def test_nobody_gives_itself_a_side_in_the_exchange_of_others(
    quiet: Play, parts: Parts, role: str
) -> None:
    asked, stranger = await quiet.ask(), CentreId(quiet.stranger.credentials.centre)
    parties = (requester_of(quiet), CentreId(quiet.holder.credentials.centre))
    now = clock.now()
    row = {"tenant_id": stranger, "matter_id": asked, "role": role, "state": "requested"}
    row |= {"workflow": "copies", "kind": "child_iap", "opened_at": now, "moved_at": now}
    row |= {"parties": [*parties] if role == "oversight" else [stranger, stranger]}
    with pytest.raises((DBAPIError, asyncpg.PostgresError)) as broken:
        async with parts.database.transaction([stranger]) as tx:
            await tx.execute(insert(party).values(**row))
    assert getattr(getattr(broken.value, "orig", broken.value), "sqlstate", None) in {"23503", "23514"}


async def test_no_centre_is_admitted_as_oversights_own_tenant() -> None:
    keys = CentreKeys.generate()
    enrolment = new_enrolment(
        keys,
        name="Jauns centrs",
        legal_entity=LegalEntity(name="Biedrība", registration_number="50008021661"),
        contacts=Contacts(notices="centrs@jauns.example"),
        agreement=Agreement(version="1", signed_on=date(2026, 1, 5)),
    ).model_copy(update={"id": OVERSIGHT})
    with pytest.raises(FileMalformed) as refusal:
        read_enrolment(enrolment_file(enrolment, keys), date(2026, 11, 20))
    assert refusal.value.facts == {"fields": ["id"]}
