"""Two at once, a retry beside its first try, a lost answer: never two truths, never a lost document."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from hub.duties.casework import remind
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.parts import Parts
from saikne import HubOutage, compose
from saikne_schemas.manifests import Discard, Dispatch, Dispute
from saikne_schemas.vocabulary import DisputeReason
from tests.exchange.cut_line import CutLine
from tests.journeys.play import Play, until

WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@asynccontextmanager
async def held(play: Play, what: str, *values: Any) -> AsyncIterator[None]:
    """A row held by somebody else until the block ends."""
    connection = await asyncpg.connect(play.stage.owner_url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(f"SELECT FROM {what} FOR UPDATE", *values)
    yield
    await transaction.rollback()
    await connection.close()


async def waiting(play: Play, how_many: int) -> None:
    """Until so many transactions wait for a lock."""

    async def now() -> int:
        return int((await play.sql(WAITING))[0][0])

    await until(now, lambda found: found >= how_many)


async def sealed_answer(play: Play) -> Any:
    answered = await play.prepare(await play.ask())
    await play.send(answered)
    return answered


def withdrawal(identity: UUID, exchange: UUID) -> bytes:
    names = {"id": str(identity), "exchange": str(exchange)}
    return json.dumps({"schema": "saikne.withdrawal/1", **names, "reason": "duplicate"}).encode()


async def test_one_identity_in_two_exchanges_at_once_is_one_statement(quiet: Play) -> None:
    hand, identity = await quiet.by_hand(quiet.requester), uuid4()
    exchanges = [await quiet.ask(), await quiet.ask()]

    async def say(exchange: UUID) -> httpx.Response:
        return await hand.post(f"/v1/exchanges/{exchange}/withdraw", withdrawal(identity, exchange))

    async with held(quiet, "hub.chain_head WHERE tenant_id = $1", quiet.requester.credentials.centre):
        both = [asyncio.create_task(say(exchange)) for exchange in exchanges]
        await waiting(quiet, 2)
    answers = sorted([await one for one in both], key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["code"] == "exchange.identity-reused"
    states = sorted([await quiet.state(exchange) for exchange in exchanges])
    assert states == ["requested", "withdrawn"]


async def test_a_dispatch_repeated_while_the_first_runs_gets_the_first_answer(quiet: Play) -> None:
    answered = await sealed_answer(quiet)
    dispatch = compose(Dispatch, exchange=answered.exchange, round=1)
    async with held(quiet, "hub.chain_head WHERE tenant_id = $1", quiet.holder.credentials.centre):
        both = [asyncio.create_task(quiet.holder.tell(dispatch)) for _ in range(2)]
        await waiting(quiet, 2)
    first, second = [await one for one in both]
    assert first == second
    assert len(quiet.objects(answered.exchange)) == len(answered.files) + 3


async def test_a_dispute_and_a_reminder_of_the_same_exchange_do_not_wait_for_each_other(
    quiet: Play, parts: Parts
) -> None:
    answered = await sealed_answer(quiet)
    await quiet.dispatch(answered)
    today = clock.riga_day(clock.now())
    lower, higher = sorted([quiet.requester.credentials.centre, quiet.holder.credentials.centre])
    await quiet.sql(
        "UPDATE hub.duty SET due_on = $1, ended_at = NULL WHERE matter_id = $2",
        today - timedelta(days=10),
        answered.exchange,
    )
    dispute = compose(Dispute, exchange=answered.exchange, round=1, reason=DisputeReason.UNREADABLE)

    async def reminded() -> None:
        async with parts.office.desk(CentreId(lower)) as desk:
            await remind(desk.tx, CentreId(lower), await desk.calendars.current(desk.tx), desk.now)

    async with held(quiet, "hub.chain_head WHERE tenant_id = $1", higher):
        disputing = asyncio.create_task(quiet.requester.tell(dispute))
        await waiting(quiet, 1)
        reminding = asyncio.create_task(reminded())
        await asyncio.wait([reminding], timeout=0.5)
    await reminding
    assert (await disputing).state.value == "disputed"


async def test_a_document_whose_commit_was_not_heard_of_is_still_there(quiet: Play, line: CutLine) -> None:
    answered = await quiet.prepare(await quiet.ask())
    await quiet.holder.tell(answered.manifest)
    document = answered.manifest.documents[0]
    line.cut_commit(2)
    with pytest.raises(HubOutage):
        await quiet.holder.send_document(answered.exchange, 1, document, answered.files[1])
    assert line.cut == 1
    view = await quiet.send(answered)
    assert view.answer is not None
    assert all(document.sealed_at for document in view.answer.documents)
    await quiet.dispatch(answered)
    assert (await quiet.fetch(answered.exchange)).bytes > 0


async def test_an_archive_whose_dispatch_was_not_heard_of_is_still_there(quiet: Play, line: CutLine) -> None:
    answered = await sealed_answer(quiet)
    dispatch = compose(Dispatch, exchange=answered.exchange, round=1)
    line.cut_commit(2)
    with pytest.raises(HubOutage):
        await quiet.holder.tell(dispatch)
    assert line.cut == 1
    assert (await quiet.holder.tell(dispatch)).state.value == "dispatched"
    assert (await quiet.fetch(answered.exchange)).bytes > 0


async def test_an_upload_that_a_discard_overtakes_leaves_nothing(quiet: Play) -> None:
    answered = await quiet.prepare(await quiet.ask(), size_bytes=300_000)
    await quiet.holder.tell(answered.manifest)
    hand, body = await quiet.by_hand(quiet.holder), answered.files[1].read_bytes()
    path = f"/v1/exchanges/{answered.exchange}/rounds/1/documents/1"
    reader, writer = await hand.begin_upload(path, hand.for_upload(path, body), len(body))
    writer.write(body[:200_000])
    await writer.drain()
    await quiet.holder.tell(compose(Discard, exchange=answered.exchange, round=1))
    writer.write(body[200_000:])
    told = await reader.read()
    writer.close()
    assert b" 409 " in told.split(b"\r\n", 1)[0]
    assert b"exchange.step-not-allowed" in told
    assert quiet.objects(answered.exchange) == []
