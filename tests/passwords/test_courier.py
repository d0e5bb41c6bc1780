"""A promised password arrives once, by its own way, through whatever a gateway does; or both centres know."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.kernel.refusal import Outage
from hub.kernel.secret import Secret
from hub.passwords import casework
from hub.passwords.channels import Route
from hub.passwords.gateways.sms import PART_SYMBOLS, SmsGateway, sms_text
from hub.passwords.handover import ErasedBecause, Handover, HandoverState, Sending, short_reference
from hub.passwords.phrase import ALPHABET
from hub.wording.catalogue import LANGUAGES
from saikne_demo.mailboxes import Mailbox
from saikne_demo.phone import Phone
from tests.passwords.conftest import MAIL, NOW, NUMBER, SMS, VOICE, Errands, Jobs

Dispatch = Callable[[Route], Awaitable[str]]


async def reported(phone: Phone, count: int = 1) -> None:
    assert await asyncio.to_thread(phone.wait_for, lambda it: len(it.reports) >= count)


async def test_the_telephone_gets_the_reference_and_the_password_and_nothing_else(
    dispatched: Dispatch, errands: Errands, phone: Phone
) -> None:
    password = await dispatched(SMS)
    phone.hold_reports()
    await errands.run()
    (message,) = phone.inbox(NUMBER)
    assert message.text == f"Saikne {short_reference(errands.handover.exchange)}: {password}"
    assert message.sender == "Saikne"
    assert await errands.state() is HandoverState.SENT


async def test_a_delivered_message_is_known_to_be_delivered(
    dispatched: Dispatch, errands: Errands, phone: Phone, reports_url: str
) -> None:
    await dispatched(SMS)
    errands = errands.reporting_to(reports_url)
    await errands.run()
    await reported(phone)
    assert phone.reports[0].accepted
    assert await errands.state() is HandoverState.DELIVERED


async def test_a_message_that_the_network_could_not_deliver_is_known_to_have_failed(
    dispatched: Dispatch, errands: Errands, phone: Phone, reports_url: str
) -> None:
    await dispatched(SMS)
    phone.report_next("expired")
    errands = errands.reporting_to(reports_url)
    await errands.run()
    await reported(phone)
    assert await errands.state() is HandoverState.FAILED


async def test_the_second_mailbox_gets_the_password(
    dispatched: Dispatch, errands: Errands, mailbox: Mailbox
) -> None:
    password = await dispatched(MAIL)
    await errands.run()
    (mail,) = mailbox.inbox(MAIL.password_address)
    assert password in mail.text.splitlines()
    assert mail.subject == f"Saikne {short_reference(errands.handover.exchange)}"
    assert await errands.state() is HandoverState.SENT


async def test_what_is_about_the_hub_or_the_gateway_is_tried_again(
    dispatched: Dispatch, errands: Errands, phone: Phone
) -> None:
    await dispatched(SMS)
    about_us = sorted({*range(400, 452), *range(500, 512)} - {422})
    for status in about_us:
        phone.fail_next(status=status)
        assert await errands.outage() == "passwords.sms-unavailable"
    assert await errands.state() is HandoverState.KEPT
    await errands.run()
    assert len(phone.inbox(NUMBER)) == 1


async def test_an_operator_sees_with_which_status_a_gateway_turned_the_hub_away(
    handover: Handover, gateway: SmsGateway, phone: Phone
) -> None:
    phone.fail_next(status=401)
    with pytest.raises(Outage) as trouble:
        await gateway.send(NUMBER, Secret("K7QPM2X9D4TW8RNH"), Sending(handover, 1))
    assert trouble.value.kind == "passwords.sms-unavailable 401"


async def test_a_gateway_that_is_away_is_tried_again(
    dispatched: Dispatch, errands: Errands, phone: Phone
) -> None:
    await dispatched(SMS)
    phone.stop()
    try:
        assert await errands.outage() == "passwords.sms-unavailable"
    finally:
        phone.start()
    await errands.run()
    assert len(phone.inbox(NUMBER)) == 1


async def test_a_number_that_the_gateway_will_never_take_is_told_to_both_centres(
    dispatched: Dispatch, errands: Errands, phone: Phone, jobs: Jobs
) -> None:
    await dispatched(SMS)
    phone.fail_next(status=422)
    await errands.run()
    assert await errands.state() is HandoverState.FAILED
    assert await jobs.told_of(errands.handover) == [
        ("requester", "password_failed"),
        ("holder", "password_failed"),
    ]
    await errands.run()
    assert phone.messages == ()


async def test_a_mailbox_that_never_existed_is_told_to_both_centres(
    dispatched: Dispatch, errands: Errands, mailbox: Mailbox
) -> None:
    await dispatched(MAIL)
    mailbox.reject_next(status=550)
    await errands.run()
    assert await errands.state() is HandoverState.FAILED


async def test_an_answer_that_is_lost_on_the_way_leaves_one_message(
    dispatched: Dispatch, errands: Errands, phone: Phone
) -> None:
    await dispatched(SMS)
    phone.hold_reports()
    phone.lose_answers()
    assert await errands.outage() == "passwords.sms-unavailable"
    await errands.run()
    assert len(phone.inbox(NUMBER)) == 1
    assert await errands.state() is HandoverState.SENT


async def test_a_courier_that_died_between_sending_and_noting_sends_nothing_twice(
    dispatched: Dispatch, errands: Errands, gateway: SmsGateway, phone: Phone
) -> None:
    await dispatched(SMS)
    phone.hold_reports()
    async with errands.courier.database.transaction(errands.handover.parties) as tx:
        errand = await casework.take_up(tx, errands.courier.safe, Sending(errands.handover, 1), NOW)
    await gateway.send(errand.address, errand.password, errand.sending)
    await errands.run()
    assert len(phone.inbox(NUMBER)) == 1
    assert await errands.state() is HandoverState.SENT


async def test_sent_again_it_is_another_message_with_the_same_password(
    dispatched: Dispatch, errands: Errands, phone: Phone, reports_url: str
) -> None:
    await dispatched(SMS)
    errands = errands.reporting_to(reports_url)
    await errands.run()
    await reported(phone)
    async with errands.courier.database.transaction(errands.handover.parties) as tx:
        await casework.again(tx, errands.handover, NOW + timedelta(minutes=1))
    await errands.run()
    await errands.run(sending=2)
    first, second = phone.inbox(NUMBER)
    assert first.text == second.text
    assert first.id != second.id


@pytest.mark.parametrize("end", [*ErasedBecause, "another sending"])
async def test_what_has_no_reason_any_more_is_not_sent_and_says_what_came_before_it(
    dispatched: Dispatch, errands: Errands, phone: Phone, end: str
) -> None:
    await dispatched(SMS)
    async with errands.courier.database.transaction(errands.handover.parties) as tx:
        if end in set(ErasedBecause):
            await casework.erase(tx, errands.handover, ErasedBecause(end), NOW)
        else:
            await casework.again(tx, errands.handover, NOW + timedelta(minutes=1))
    assert await errands.run() == end
    assert phone.messages == ()


async def test_a_password_whose_time_ran_out_unsent_is_a_persons_until_both_centres_were_told(
    dispatched: Dispatch, errands: Errands, phone: Phone
) -> None:
    await dispatched(SMS)
    late = replace(errands.courier, now=lambda: NOW + timedelta(hours=72))
    with pytest.raises(casework.Expired):
        await errands.run(courier=late)
    assert await errands.state() is HandoverState.KEPT
    async with errands.courier.database.transaction(errands.handover.parties) as tx:
        await casework.erase(tx, errands.handover, ErasedBecause.EXPIRED, NOW)  # as the lapse does that tells
    assert await errands.run(courier=late) == "expired"
    assert phone.messages == ()


async def test_a_way_that_is_not_set_up_is_waited_for(dispatched: Dispatch, errands: Errands) -> None:
    await dispatched(SMS)
    assert await errands.outage(replace(errands.courier, outlets={})) == "passwords.no-outlet"
    assert await errands.state() is HandoverState.KEPT


async def test_a_password_to_be_spoken_is_sent_nowhere(
    dispatched: Dispatch, errands: Errands, phone: Phone
) -> None:
    await dispatched(VOICE)
    await errands.run()
    assert phone.messages == ()
    assert await errands.state() is HandoverState.KEPT


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_fits_one_part_of_the_gsm_alphabet(handover: Handover, language: str) -> None:
    written = sms_text(Sending(handover, 1), Secret(ALPHABET[-16:]), language)
    assert len(written) <= PART_SYMBOLS
    assert set(written) <= set(" :" + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


def test_a_wording_that_would_need_two_parts_is_our_bug_and_shows_nothing(handover: Handover) -> None:
    with pytest.raises(ValueError, match="GSM-7") as told:
        sms_text(Sending(handover, 1), Secret("K7QP" * 50), "lv")
    assert "K7QP" not in str(told.value)


async def test_a_gateway_that_names_nothing_is_tried_again(handover: Handover, gateway: SmsGateway) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        strange = replace(gateway, url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        with pytest.raises(Outage) as trouble:
            await strange.send(NUMBER, Secret("K7QPM2X9D4TW8RNH"), Sending(handover, 1))
    assert trouble.value.code == "passwords.sms-unavailable"
