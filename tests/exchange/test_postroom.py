"""Mail that goes out late, or to nobody: no archive without its password, and no centre left untold."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from hub.exchange import store
from hub.exchange.casework.mailing import Postroom
from hub.exchange.casework.time_passing import lapse
from hub.kernel.refusal import Outage, Refusal
from hub.parts import Parts
from hub.passwords.handover import Handover
from hub.plumbing.promises import Overtaken
from saikne import compose
from saikne_demo.stage import ZEMGALE
from saikne_schemas.manifests import Dispatch, Dispute
from saikne_schemas.vocabulary import DeliveryChannel, DisputeReason, PasswordChannel
from tests.journeys.play import Play

BY_MAIL = (DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.SMS)
ARCHIVES = str(ZEMGALE.archive_email)


@pytest.fixture
def postroom(parts: Parts, quiet: Play) -> Postroom:
    assert parts.mail is not None
    return Postroom(parts.database, parts.blobs, parts.mail, quiet.stage.url, attachment_bytes=10_000_000)


@pytest.fixture
async def dispatched(quiet: Play) -> Handover:
    """An answer whose archive waits to be mailed."""
    answered = await quiet.prepare(await quiet.ask(BY_MAIL))
    await quiet.send(answered)
    await quiet.holder.tell(compose(Dispatch, exchange=answered.exchange, round=1))
    rows = await quiet.sql(
        "SELECT convert_from(payload, 'UTF8') FROM queue.pgqueuer WHERE entrypoint = 'exchange.mail_archive'"
    )
    payloads = [json.loads(row[0]) for row in rows]
    return next(Handover.of(one) for one in payloads if one["exchange"] == str(answered.exchange))


async def told(play: Play, exchange: UUID, notice: str) -> set[str]:
    """Who will be told of something."""
    rows = await play.sql(
        "SELECT convert_from(payload, 'UTF8') FROM queue.pgqueuer WHERE entrypoint = 'exchange.tell'"
    )
    payloads = [json.loads(row[0]) for row in rows]
    return {one["to"] for one in payloads if one["exchange"] == str(exchange) and one["notice"] == notice}


async def archives_mailed(play: Play) -> int:
    return len(play.stage.mailbox.inbox(ARCHIVES))


async def test_an_archive_is_mailed_once_however_often_it_was_promised(
    quiet: Play, postroom: Postroom, dispatched: Handover
) -> None:
    before = await archives_mailed(quiet)
    await postroom.mail_archive(dispatched.payload())
    with pytest.raises(Overtaken, match="mailed"):
        await postroom.mail_archive(dispatched.payload())
    assert await archives_mailed(quiet) == before + 1


async def test_an_archives_mail_bears_the_marking_of_restricted_access(
    quiet: Play, postroom: Postroom, dispatched: Handover
) -> None:
    await postroom.mail_archive(dispatched.payload())
    mail = await quiet.mailed(ARCHIVES, dispatched.exchange)
    assert mail.text.splitlines()[0] == "IEROBEŽOTAS PIEEJAMĪBAS INFORMĀCIJA"


async def test_an_archive_that_was_disputed_before_its_mail_left_is_not_mailed(
    quiet: Play, postroom: Postroom, dispatched: Handover
) -> None:
    before = await archives_mailed(quiet)
    dispute = compose(Dispute, exchange=dispatched.exchange, round=1, reason=DisputeReason.WRONG_PASSWORD)
    await quiet.requester.tell(dispute)
    with pytest.raises(Overtaken, match="disputed"):
        await postroom.mail_archive(dispatched.payload())
    assert await archives_mailed(quiet) == before


async def test_an_archive_whose_password_is_gone_is_not_mailed(
    quiet: Play, parts: Parts, postroom: Postroom, dispatched: Handover
) -> None:
    before = await archives_mailed(quiet)
    async with parts.office.desk(*dispatched.parties) as desk:
        await lapse(desk, dispatched)
    with pytest.raises(Overtaken, match="lapsed"):
        await postroom.mail_archive(dispatched.payload())
    async with parts.office.desk(*dispatched.parties) as desk:
        with pytest.raises(Overtaken, match="lapsed"):
            await lapse(desk, dispatched)
    assert await archives_mailed(quiet) == before


async def test_an_archive_that_no_server_takes_is_told_to_each_centre_by_a_mail_of_its_own(
    quiet: Play, postroom: Postroom, dispatched: Handover
) -> None:
    quiet.stage.mailbox.reject_next(status=550)
    await postroom.mail_archive(dispatched.payload())
    assert await told(quiet, dispatched.exchange, "mail_failed") == {str(one) for one in dispatched.parties}


@pytest.mark.parametrize("status", [421, 451, 554])
async def test_an_archive_that_the_server_will_not_take_because_of_us_stays_promised(
    quiet: Play, postroom: Postroom, dispatched: Handover, status: int
) -> None:
    before = await archives_mailed(quiet)
    quiet.stage.mailbox.reject_next(status=status)
    with pytest.raises(Outage):
        await postroom.mail_archive(dispatched.payload())
    assert not await told(quiet, dispatched.exchange, "mail_failed")
    await postroom.mail_archive(dispatched.payload())
    assert await archives_mailed(quiet) == before + 1


async def test_an_archive_that_the_server_finds_too_large_goes_as_a_link(
    quiet: Play, postroom: Postroom, dispatched: Handover
) -> None:
    quiet.stage.mailbox.reject_next(status=552)
    await postroom.mail_archive(dispatched.payload())
    mail = await quiet.mailed(ARCHIVES, dispatched.exchange)
    assert not mail.attachments
    assert f"/v1/exchanges/{dispatched.exchange}/archive" in mail.text


async def test_an_archive_is_measured_as_it_travels(
    quiet: Play, parts: Parts, postroom: Postroom, dispatched: Handover
) -> None:
    """It fits as it is kept, and not as base64."""
    async with parts.database.transaction(dispatched.parties) as tx:
        answer = await store.find_answer(tx, dispatched.exchange, dispatched.round)
    assert answer is not None
    tight = replace(postroom, attachment_bytes=answer.archive_bytes * 4 // 3 - 1)
    await tight.mail_archive(dispatched.payload())
    assert not (await quiet.mailed(ARCHIVES, dispatched.exchange)).attachments


async def test_a_dead_mailbox_of_one_centre_keeps_no_notice_from_the_other(
    quiet: Play, postroom: Postroom, dispatched: Handover
) -> None:
    requester, holder = (
        {"exchange": str(dispatched.exchange), "to": str(one), "notice": "mail_failed"}
        for one in dispatched.parties
    )
    quiet.stage.mailbox.reject_next(status=550)
    with pytest.raises(Refusal):
        await postroom.tell(requester)
    await postroom.tell(holder)
    assert await quiet.mailed("pazinojumi@ligzda.example", dispatched.exchange, "nav nosūt")
