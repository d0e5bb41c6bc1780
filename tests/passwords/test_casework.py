"""A password is made once, read out once, asked for a few times, reported, and in the end erased."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.kernel.secret import Secret
from hub.passwords import casework, store
from hub.passwords.channels import Route
from hub.passwords.handover import ErasedBecause, Handover, HandoverState, Report, Sending
from hub.passwords.phrase import normalise
from hub.passwords.store import Kept, passwords
from hub.plumbing.database import Database, Tx, fetch
from hub.plumbing.promises import Overtaken
from hub.signing.keyring import Keyring
from saikne_schemas.manifests import AuthorisedPerson
from tests.passwords.conftest import MAIL, NOW, SMS, VOICE, Jobs

Dispatch = Callable[[Route], Awaitable[str]]
BY_SMS, BY_MAIL = "passwords.hand_over_by_sms", "passwords.hand_over_by_mail"
ANNA = AuthorisedPerson(name="Anna Ozola", position="sociālā darbiniece")
LATER = NOW + timedelta(minutes=5)
OVER = NOW + timedelta(hours=72)


async def kept(database: Database, handover: Handover) -> Kept:
    async with database.transaction(handover.parties) as tx:
        found = await store.find(tx, handover.exchange, handover.round)
    assert found is not None
    return found


async def events(database: Database, handover: Handover) -> list[tuple[str, dict[str, Any]]]:
    """What both chains say about this exchange; they say the same."""
    chains = []
    for party in handover.parties:
        async with database.transaction([party]) as tx:
            rows = await tx.exec_driver_sql("SELECT kind, body FROM hub.event ORDER BY seq")
            chains.append([(row.kind, json.loads(row.body)) for row in rows])
    assert chains[0] == chains[1]
    return chains[0]


async def refusal(database: Database, handover: Handover, deed: Callable[[Any], Awaitable[Any]]) -> str:
    with pytest.raises(Refusal) as refused:
        async with database.transaction(handover.parties) as tx:
            await deed(tx)
    return refused.value.code


async def reveal(
    database: Database,
    keyring: Keyring,
    handover: Handover,
    at: datetime = LATER,
    authorised: tuple[AuthorisedPerson, ...] = (ANNA,),
) -> Secret:
    async with database.transaction(handover.parties) as tx:
        return await casework.reveal(tx, keyring, handover, spoken_by=ANNA, authorised=authorised, now=at)


async def test_every_document_of_a_round_is_sealed_with_the_same_password(
    database: Database, keyring: Keyring, handover: Handover
) -> None:
    async with database.transaction(handover.parties) as tx:
        made = await casework.prepare(tx, keyring, handover, SMS)
    async with database.transaction(handover.parties) as tx:
        assert await casework.unwrap_for_sealing(tx, keyring, handover) == made


async def test_a_round_has_one_password_and_never_another(
    database: Database, keyring: Keyring, handover: Handover
) -> None:
    async with database.transaction(handover.parties) as tx:
        await casework.prepare(tx, keyring, handover, SMS)
    with pytest.raises(IntegrityError):
        async with database.transaction(handover.parties) as tx:
            await casework.prepare(tx, keyring, handover, SMS)


async def test_another_round_has_another_password(
    database: Database, keyring: Keyring, handover: Handover
) -> None:
    second = Handover(handover.exchange, 2, handover.requester, handover.holder)
    async with database.transaction(handover.parties) as tx:
        assert await casework.prepare(tx, keyring, handover, SMS) != await casework.prepare(
            tx, keyring, second, SMS
        )


async def test_a_wrapped_password_moved_to_another_round_does_not_open(
    database: Database, owner: Database, keyring: Keyring, handover: Handover
) -> None:
    async with database.transaction(handover.parties) as tx:
        await casework.prepare(tx, keyring, handover, SMS)
    async with owner.transaction(handover.parties) as tx:
        await tx.execute(update(passwords).values(round=2))
    second = Handover(handover.exchange, 2, handover.requester, handover.holder)
    async with database.transaction(handover.parties) as tx:
        with pytest.raises(InvalidTag):
            await casework.unwrap_for_sealing(tx, keyring, second)


@pytest.mark.parametrize(
    "change",
    [
        {"password_class": "hub"},
        {"archive_class": "phone"},
        {"password_address": "Birojs@AC.example"},
        {"wrapped": None},
        {"state": "erased"},
        {"erased_because": "confirmed"},
        {"state": "lost"},
        {"round": 0},
    ],
)
async def test_the_database_itself_refuses_one_way_for_both_and_half_an_erasure(
    database: Database, owner: Database, keyring: Keyring, handover: Handover, change: dict[str, Any]
) -> None:
    async with database.transaction(handover.parties) as tx:
        await casework.prepare(tx, keyring, handover, SMS)
    with pytest.raises(IntegrityError, match="ck_password"):
        async with owner.transaction(handover.parties) as tx:
            await tx.execute(update(passwords).values(change))


async def test_a_password_is_behind_the_wall(
    database: Database, handover: Handover, dispatched: Dispatch
) -> None:
    await dispatched(SMS)
    async with database.transaction([CentreId(uuid4())]) as tx:
        assert await store.find(tx, handover.exchange, handover.round) is None
    for party in handover.parties:
        async with database.transaction([party]) as tx:
            assert await store.find(tx, handover.exchange, handover.round) is not None


@pytest.mark.parametrize(("route", "way", "other"), [(SMS, BY_SMS, BY_MAIL), (MAIL, BY_MAIL, BY_SMS)])
async def test_dispatch_promises_the_sending_by_its_way_and_the_end(  # noqa: PLR0917  # fixtures
    database: Database,
    handover: Handover,
    dispatched: Dispatch,
    jobs: Jobs,
    route: Route,
    way: str,
    other: str,
) -> None:
    await dispatched(route)
    assert await jobs.named(way) == [{**handover.payload(), "sending": 1}]
    assert await jobs.named(other) == []
    assert await jobs.named("passwords.lapse") == [handover.payload()]
    assert (await kept(database, handover)).expires_at == OVER


async def test_a_password_to_be_spoken_is_promised_to_nobody(
    database: Database, handover: Handover, dispatched: Dispatch, jobs: Jobs
) -> None:
    await dispatched(VOICE)
    assert await jobs.named(BY_SMS) == await jobs.named(BY_MAIL) == []
    assert await jobs.named("passwords.lapse") == [handover.payload()]
    assert (await kept(database, handover)).state is HandoverState.KEPT


async def test_a_listed_person_is_shown_the_password_once(
    database: Database, keyring: Keyring, handover: Handover, dispatched: Dispatch
) -> None:
    password = await dispatched(VOICE)
    shown = await reveal(database, keyring, handover)
    assert normalise(shown.reveal()) == Secret(password)
    assert len(shown.reveal()) == len("ABCD-EFGH-JKMN-PQRS-X")
    assert await refusal(
        database,
        handover,
        lambda tx: casework.reveal(tx, keyring, handover, spoken_by=ANNA, authorised=[ANNA], now=LATER),
    ) == ("passwords.already-revealed")
    ((kind, facts),) = await events(database, handover)
    assert kind == "passwords.handover.revealed"
    assert facts["position"] == "sociālā darbiniece"
    assert "Anna" not in json.dumps(facts)


async def test_of_eight_who_ask_at_once_one_is_shown_the_password(
    database: Database, keyring: Keyring, handover: Handover, dispatched: Dispatch
) -> None:
    await dispatched(VOICE)
    asked = [reveal(database, keyring, handover) for _ in range(8)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, Secret) for answer in answers) == 1
    assert sum(isinstance(answer, casework.AlreadyRevealed) for answer in answers) == 7


@pytest.mark.parametrize(
    "case",
    [
        (SMS, LATER, (ANNA,), "passwords.not-voice"),
        (VOICE, OVER, (ANNA,), "passwords.expired"),
        (VOICE, LATER, (), "passwords.person-not-authorised"),
        (VOICE, LATER, (ANNA.model_copy(update={"position": "x"}),), "passwords.person-not-authorised"),
    ],
)
async def test_nobody_else_and_no_other_time_shows_a_password(
    database: Database,
    keyring: Keyring,
    handover: Handover,
    dispatched: Dispatch,
    case: tuple[Route, datetime, tuple[AuthorisedPerson, ...], str],
) -> None:
    route, at, authorised, code = case
    await dispatched(route)
    assert code == await refusal(
        database,
        handover,
        lambda tx: casework.reveal(tx, keyring, handover, spoken_by=ANNA, authorised=authorised, now=at),
    )
    assert (await kept(database, handover)).revealed_at is None


async def test_a_password_is_not_read_out_before_dispatch(
    database: Database, keyring: Keyring, handover: Handover
) -> None:
    async with database.transaction(handover.parties) as tx:
        await casework.prepare(tx, keyring, handover, VOICE)
    code = await refusal(
        database,
        handover,
        lambda tx: casework.reveal(tx, keyring, handover, spoken_by=ANNA, authorised=[ANNA], now=LATER),
    )
    assert code == "passwords.not-handed-over"


async def test_a_round_without_a_password_has_nothing_to_hand_over(
    database: Database, handover: Handover
) -> None:
    code = await refusal(database, handover, lambda tx: casework.again(tx, handover, LATER))
    assert code == "passwords.not-handed-over"


async def test_a_password_is_sent_again_three_times_and_then_no_more(
    database: Database, handover: Handover, dispatched: Dispatch, jobs: Jobs
) -> None:
    await dispatched(SMS)
    for minute in (1, 2, 3):
        async with database.transaction(handover.parties) as tx:
            await casework.again(tx, handover, NOW + timedelta(minutes=minute))
    code = await refusal(
        database, handover, lambda tx: casework.again(tx, handover, NOW + timedelta(minutes=9))
    )
    assert code == "passwords.too-many-tries"
    assert [job["sending"] for job in await jobs.named(BY_SMS)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "case",
    [
        (SMS, NOW + timedelta(seconds=59), "passwords.too-many-tries"),
        (SMS, OVER, "passwords.expired"),
        (VOICE, LATER, "passwords.spoken-not-sent"),
    ],
)
async def test_sending_again_has_its_limits(
    database: Database, handover: Handover, dispatched: Dispatch, case: tuple[Route, datetime, str]
) -> None:
    route, at, code = case
    await dispatched(route)
    assert await refusal(database, handover, lambda tx: casework.again(tx, handover, at)) == code


@pytest.mark.parametrize("because", ErasedBecause)
async def test_an_erased_password_is_gone_and_its_way_stays(
    database: Database,
    keyring: Keyring,
    handover: Handover,
    dispatched: Dispatch,
    because: ErasedBecause,
) -> None:
    await dispatched(SMS)
    async with database.transaction(handover.parties) as tx:
        assert await casework.erase(tx, handover, because, LATER)
        assert not await casework.erase(tx, handover, ErasedBecause.EXPIRED, OVER)
    code = await refusal(database, handover, lambda tx: casework.unwrap_for_sealing(tx, keyring, handover))
    assert code == "passwords.expired"
    assert await refusal(database, handover, lambda tx: casework.again(tx, handover, LATER)) == code
    async with database.transaction(handover.parties) as tx:
        seen = casework.view(await kept_row(tx, handover))
    assert seen is not None
    assert (seen.state, seen.at, seen.address, seen.channel) == ("erased", LATER, "+371…01", "sms")
    ((kind, facts),) = await events(database, handover)
    assert kind == "passwords.password.erased"
    assert facts["because"] == because.value


async def kept_row(tx: Tx, handover: Handover) -> Any:
    """As whoever shows it asks for it: beside something else, which is there."""
    beside = "FROM (SELECT) AS other LEFT JOIN hub.password ON exchange_id = $1 AND round = $2"
    (row,) = await fetch(tx, f"SELECT {store.AS_SEEN} {beside}", handover.exchange, handover.round)
    return row


async def test_what_never_was_is_not_erased(database: Database, handover: Handover) -> None:
    async with database.transaction(handover.parties) as tx:
        assert not await casework.erase(tx, handover, ErasedBecause.EXPIRED, NOW)
        assert casework.view(await kept_row(tx, handover)) is None


async def test_a_sending_is_taken_up_only_while_it_has_a_reason(
    database: Database, keyring: Keyring, handover: Handover, dispatched: Dispatch
) -> None:
    password = await dispatched(SMS)
    first, second = Sending(handover, 1), Sending(handover, 2)
    async with database.transaction(handover.parties) as tx:
        errand = await casework.take_up(tx, keyring, first, LATER)
        assert (errand.address, errand.password) == (SMS.password_address, Secret(password))
        with pytest.raises(Overtaken, match="another sending"):
            await casework.take_up(tx, keyring, second, LATER)
        with pytest.raises(casework.Expired):
            await casework.take_up(tx, keyring, first, OVER)
        await casework.again(tx, handover, LATER)
        with pytest.raises(Overtaken, match="another sending"):
            await casework.take_up(tx, keyring, first, LATER)
        assert (await casework.take_up(tx, keyring, second, LATER)).sending == second
        await casework.sent(tx, second, "id-2", LATER)
        with pytest.raises(Overtaken, match="sent"):
            await casework.take_up(tx, keyring, second, LATER)


async def test_a_report_moves_a_sent_password_and_is_news_once(
    database: Database, keyring: Keyring, handover: Handover, dispatched: Dispatch
) -> None:
    await dispatched(SMS)
    sending = Sending(handover, 1)
    async with database.transaction(handover.parties) as tx:
        await casework.take_up(tx, keyring, sending, NOW)
        await casework.sent(tx, sending, "id-1", NOW)
        assert not await casework.delivery_report(tx, sending, Report.DELIVERED, "id-other", LATER)
        assert not await casework.delivery_report(tx, Sending(handover, 2), Report.DELIVERED, "id-1", LATER)
        assert await casework.delivery_report(tx, sending, Report.DELIVERED, "id-1", LATER)
        assert not await casework.delivery_report(tx, sending, Report.DELIVERED, "id-1", LATER)
        assert not await casework.delivery_report(tx, sending, Report.FAILED, "id-1", LATER)
    row = await kept(database, handover)
    assert (row.state, row.sent_at, row.delivered_at) == (HandoverState.DELIVERED, NOW, LATER)
    assert [kind for kind, _ in await events(database, handover)] == [
        "passwords.handover.sent",
        "passwords.handover.delivered",
    ]


async def test_a_report_faster_than_our_own_note_is_believed(
    database: Database, keyring: Keyring, handover: Handover, dispatched: Dispatch
) -> None:
    await dispatched(SMS)
    sending = Sending(handover, 1)
    async with database.transaction(handover.parties) as tx:
        assert not await casework.delivery_report(tx, sending, Report.DELIVERED, "id-1", NOW)
        await casework.take_up(tx, keyring, sending, NOW)
        assert await casework.delivery_report(tx, sending, Report.DELIVERED, "id-1", NOW)
        await casework.sent(tx, sending, "id-1", LATER)
    assert (await kept(database, handover)).state is HandoverState.DELIVERED
    assert [kind for kind, _ in await events(database, handover)] == [
        "passwords.handover.sent",
        "passwords.handover.delivered",
    ]


async def test_a_report_of_failure_tells_both_centres_and_a_late_success_is_believed(
    database: Database, keyring: Keyring, handover: Handover, dispatched: Dispatch, jobs: Jobs
) -> None:
    await dispatched(SMS)
    sending = Sending(handover, 1)
    async with database.transaction(handover.parties) as tx:
        await casework.take_up(tx, keyring, sending, NOW)
        await casework.sent(tx, sending, "id-1", NOW)
        assert await casework.delivery_report(tx, sending, Report.FAILED, "id-1", LATER)
    assert await jobs.told_of(handover) == [("requester", "password_failed"), ("holder", "password_failed")]
    async with database.transaction(handover.parties) as tx:
        assert await casework.delivery_report(tx, sending, Report.DELIVERED, "id-1", LATER)
    assert [kind for kind, _ in await events(database, handover)][-2:] == [
        "passwords.handover.failed",
        "passwords.handover.delivered",
    ]


async def test_evidence_names_the_wrapping_and_never_the_password(
    database: Database, keyring: Keyring, handover: Handover, dispatched: Dispatch
) -> None:
    password = await dispatched(SMS)
    async with database.transaction(handover.parties) as tx:
        await casework.take_up(tx, keyring, Sending(handover, 1), NOW)
        await casework.sent(tx, Sending(handover, 1), "id-1", NOW)
    ((_, facts),) = await events(database, handover)
    assert facts == {
        "round": 1,
        "channel": "sms",
        "address": "+371…01",
        "fingerprint": (await kept(database, handover)).fingerprint.hex(),
        "sending": 1,
    }
    assert password not in json.dumps(facts)


async def test_a_password_is_prolonged_three_times_and_then_no_more(
    database: Database, handover: Handover, dispatched: Dispatch, jobs: Jobs
) -> None:
    await dispatched(SMS)
    longer = [OVER + timedelta(days=n) for n in (1, 2, 3, 4)]
    for until in longer[:3]:
        async with database.transaction(handover.parties) as tx:
            await casework.prolong(tx, handover, NOW, until)
    code = await refusal(database, handover, lambda tx: casework.prolong(tx, handover, NOW, longer[3]))
    assert code == "passwords.prolonged-too-often"
    assert (await kept(database, handover)).expires_at == longer[2]
    promised = [job.get("prolonged", 0) for job in await jobs.named("passwords.lapse")]
    assert promised == [0, 1, 2, 3]


async def test_nobody_prolongs_what_is_not_on_its_way_or_over(
    database: Database, keyring: Keyring, handover: Handover, dispatched: Dispatch
) -> None:
    unsent = replace(handover, round=2)
    async with database.transaction(handover.parties) as tx:
        await casework.prepare(tx, keyring, unsent, SMS)
    await dispatched(SMS)
    over = OVER + timedelta(days=1)
    assert await refusal(database, handover, lambda tx: casework.prolong(tx, handover, OVER, over)) == (
        "passwords.expired"
    )
    assert await refusal(database, handover, lambda tx: casework.prolong(tx, unsent, NOW, over)) == (
        "passwords.not-handed-over"
    )


async def test_a_lapse_that_was_promised_before_is_overtaken(
    database: Database, handover: Handover, dispatched: Dispatch
) -> None:
    await dispatched(SMS)
    async with database.transaction(handover.parties) as tx:
        assert await casework.lapses(tx, handover, 0, OVER, OVER)
        await casework.prolong(tx, handover, NOW, OVER + timedelta(days=1))
        with pytest.raises(Overtaken, match="prolonged"):
            await casework.lapses(tx, handover, 0, OVER, None)
        assert await casework.lapses(tx, handover, 1, OVER, None)


async def test_a_password_waits_for_the_term_that_the_law_has_moved(
    database: Database, handover: Handover, dispatched: Dispatch, jobs: Jobs
) -> None:
    await dispatched(SMS)
    later = OVER + timedelta(days=1)
    async with database.transaction(handover.parties) as tx:
        assert not await casework.lapses(tx, handover, 0, OVER, later)
        assert await casework.lapses(tx, handover, 0, later, later)
    assert (await kept(database, handover)).expires_at == later
    assert len(await jobs.named("passwords.lapse")) == 2
