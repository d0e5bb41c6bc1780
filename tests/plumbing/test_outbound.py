"""A letter reaches a real mail server once and unharmed; a server's bad news is sorted into two kinds."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from hub.plumbing.outbound import (
    Attachment,
    Letter,
    Mail,
    MailRefused,
    MailUnavailable,
    gateway_client,
)
from saikne_demo.mailboxes import Mailbox

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TO = "parole@ac.example"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def mail(mailbox: Mailbox) -> Mail:
    return Mail.at(f"smtp://127.0.0.1:{mailbox.port}", "saikne@hub.example")


def letter(to: str = TO, subject: str = "Saikne", text: str = "Čau!\n", identity: str = "1") -> Letter:
    return Letter(to=to, subject=subject, text=text, identity=identity)


async def test_a_letter_arrives_as_it_was_written(mail: Mail, mailbox: Mailbox) -> None:
    text = "Pieprasījums gaida. Žagata ķērc.\n.\nFrom here on\n" + "ā" * 2000 + "\n"
    await mail.send(letter(subject="Īss temats ar ņ", text=text), NOW)
    (got,) = mailbox.inbox(TO)
    assert (got.subject, got.text) == ("Īss temats ar ņ", text)
    assert got.message["Date"].datetime == NOW
    assert got.message["Auto-Submitted"] == "auto-generated"
    assert got.sender == "saikne@hub.example"


async def test_an_attachment_arrives_bit_by_bit(mail: Mail, mailbox: Mailbox) -> None:
    content = bytes(range(256)) * 4096
    sent = Letter(TO, "Saikne", "arhīvs\n", "1", (Attachment("saikne.zip", "application/zip", content),))
    await mail.send(sent, NOW)
    (attachment,) = mailbox.attachments(TO)
    assert (attachment.name, attachment.media_type) == ("saikne.zip", "application/zip")
    assert attachment.content == content


@pytest.mark.parametrize(
    "to", ["a..b@ac.example", "a.@ac.example", "a[b]@ac.example", "=?utf-8?q?a?=@ac.example"]
)
async def test_a_letter_to_what_is_no_mailbox_is_refused_before_it_leaves(
    mail: Mail, mailbox: Mailbox, to: str
) -> None:
    with pytest.raises(MailRefused):
        await mail.send(letter(to), NOW)
    assert mailbox.inbox(to) == []


async def test_the_same_letter_sent_twice_is_known_by_its_message_id(mail: Mail, mailbox: Mailbox) -> None:
    first = await mail.send(letter(identity="exchange:1"), NOW)
    assert await mail.send(letter(identity="exchange:1"), NOW) == first
    assert await mail.send(letter(identity="exchange:2"), NOW) != first
    assert [got.message["Message-ID"] for got in mailbox.inbox(TO)[:2]] == [first, first]


@pytest.mark.parametrize(
    "to",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "Name <a@b.example>",
        "a@b.example\0",
        "a b@c.example",
        "@b.example",
        "ā@b.example",
        "",
    ],
)
async def test_an_address_cannot_name_anybody_else(mail: Mail, mailbox: Mailbox, to: str) -> None:
    with pytest.raises(MailRefused) as refused:
        await mail.send(letter(to=to), NOW)
    assert refused.value.code == "mail.refused"
    assert not mailbox.messages


async def test_a_subject_cannot_become_a_header(mail: Mail, mailbox: Mailbox) -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        await mail.send(letter(subject="x\r\nBcc: c@d.example"), NOW)
    assert not mailbox.messages


@pytest.mark.parametrize("status", [421, 450, 451])
async def test_a_busy_server_is_an_outage(mail: Mail, mailbox: Mailbox, status: int) -> None:
    mailbox.reject_next(status=status)
    with pytest.raises(MailUnavailable) as outage:
        await mail.send(letter(), NOW)
    assert outage.value.code == "mail.unavailable"
    await mail.send(letter(), NOW)
    assert len(mailbox.messages) == 1


async def test_a_server_that_knows_no_such_mailbox_is_a_refusal(mail: Mail, mailbox: Mailbox) -> None:
    mailbox.reject_next(status=550)
    with pytest.raises(MailRefused):
        await mail.send(letter(), NOW)


async def test_a_server_that_is_away_is_an_outage() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        mail = Mail.at(f"smtp://127.0.0.1:{nobody.getsockname()[1]}", "saikne@hub.example")
        with pytest.raises(MailUnavailable):
            await mail.send(letter(), NOW)


async def test_a_server_that_hangs_up_is_an_outage() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        mail = Mail.at(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", "saikne@hub.example")
        with pytest.raises(MailUnavailable):
            await mail.send(letter(), NOW)


@pytest.mark.parametrize("url", ["smtps://", "starttls://"])
async def test_a_server_without_the_promised_encryption_gets_nothing(mailbox: Mailbox, url: str) -> None:
    mail = Mail.at(f"{url}127.0.0.1:{mailbox.port}", "saikne@hub.example")
    with pytest.raises(MailUnavailable):
        await mail.send(letter(), NOW)
    assert not mailbox.messages


async def test_a_server_that_does_not_let_the_hub_in_is_an_outage(mailbox: Mailbox) -> None:
    mail = Mail.at(f"smtp://hub:geheim@127.0.0.1:{mailbox.port}", "saikne@hub.example")
    with pytest.raises(MailUnavailable):
        await mail.send(letter(), NOW)


def test_the_servers_password_is_decoded_and_never_shown() -> None:
    mail = Mail.at("starttls://hub%40x:p%2Fw@smtp.example", "saikne@hub.example")
    assert (mail.host, mail.port, mail.username, mail.password) == ("smtp.example", 587, "hub@x", "p/w")
    assert "p/w" not in repr(mail)


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "localhost:25"])
def test_what_is_not_a_mail_server_is_noticed_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        Mail.at(url, "saikne@hub.example")


def test_a_letter_is_not_shown_with_its_text() -> None:
    assert "K7QPM2X9" not in repr(letter(text="K7QPM2X9"))


async def test_a_gateway_is_not_followed_elsewhere() -> None:
    async with gateway_client() as client:
        assert not client.follow_redirects
        assert not client.trust_env
