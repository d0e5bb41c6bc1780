"""What every reply of a mail server means at every moment: only one about the address itself is final."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from hub.plumbing.mail_replies import enhanced
from hub.plumbing.outbound import (
    Attachment,
    Letter,
    Mail,
    MailRefused,
    MailTooLarge,
    MailUnavailable,
    attached_bytes,
)
from tests.peers.mail_server import BREAKS, MailServer, Moment

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FROM = "saikne@hub.example"
LETTER = Letter(to="parole@ac.example", subject="Saikne", text="Čau!\n", identity="1")
ENTERING = [Moment.GREETING, Moment.HELLO, Moment.TLS, Moment.LOGIN]
FINAL, LARGE, FULL = "final", "too_large", "mailbox_full"
NOW_NOT, NOT_IN, NOT_TAKEN = "not_now", "not_let_in", "not_taken"

REPLIES: dict[str, tuple[str, str, str]] = {
    # reply: at MAIL, at RCPT, at DATA and its last dot
    "421 4.3.2 Closing": (NOW_NOT, NOW_NOT, NOW_NOT),
    "421 Closing": (NOW_NOT, NOW_NOT, NOW_NOT),
    "450 4.2.1 Busy": (NOW_NOT, NOW_NOT, NOW_NOT),
    "450 5.1.1 Contradicts itself": (NOW_NOT, NOW_NOT, NOW_NOT),
    "451 4.7.1 Greylisted": (NOW_NOT, NOW_NOT, NOW_NOT),
    "452 4.3.1 Out of storage": (NOW_NOT, NOW_NOT, NOW_NOT),
    "454 4.7.0 Temporary authentication failure": (NOW_NOT, NOW_NOT, NOW_NOT),
    "550 4.7.1 Contradicts itself": (NOW_NOT, NOW_NOT, NOW_NOT),
    BREAKS: (NOW_NOT, NOW_NOT, NOW_NOT),
    # of the address
    "550 5.1.1 No such mailbox": (NOT_TAKEN, FINAL, FINAL),
    "550-5.1.1 The account\r\n550 5.1.1 does not exist": (NOT_TAKEN, FINAL, FINAL),
    "550 5.1.2 No such domain": (NOT_TAKEN, FINAL, FINAL),
    "553 5.1.3 Bad syntax": (NOT_TAKEN, FINAL, FINAL),
    "553 5.1.4 Ambiguous": (NOT_TAKEN, FINAL, FINAL),
    "551 5.1.6 Moved": (NOT_TAKEN, FINAL, FINAL),
    "556 5.1.10 Null MX": (NOT_TAKEN, FINAL, FINAL),
    "550 5.2.1 Mailbox disabled": (NOT_TAKEN, FINAL, FINAL),
    "550 No such user here": (NOT_TAKEN, FINAL, NOT_TAKEN),
    "550 Requested action not taken: mailbox unavailable": (NOT_TAKEN, FINAL, NOT_TAKEN),
    "551 User not local": (NOT_TAKEN, FINAL, NOT_TAKEN),
    "553 Requested action not taken: mailbox name not allowed": (NOT_TAKEN, FINAL, NOT_TAKEN),
    "556 Domain does not accept mail": (NOT_TAKEN, FINAL, NOT_TAKEN),
    "550 sorry, no mailbox here by that name (#5.1.1)": (NOT_TAKEN, FINAL, FINAL),
    "550 Recipient address rejected: User unknown": (NOT_TAKEN, FINAL, NOT_TAKEN),
    "550 Invalid recipient <client@policy.example>": (NOT_TAKEN, FINAL, NOT_TAKEN),
    "550 5.1.10 RecipientNotFound; Recipient not found by SMTP address lookup": (NOT_TAKEN, FINAL, FINAL),
    # of its being full
    "552 5.2.2 Mailbox full": (NOT_TAKEN, FULL, FULL),
    "552 Exceeded storage allocation": (LARGE, FULL, LARGE),
    # of size
    "552 5.3.4 Message too large": (LARGE, LARGE, LARGE),
    "550 5.3.4 Message too large": (LARGE, LARGE, LARGE),
    "552 5.2.3 Message too large for this mailbox": (LARGE, LARGE, LARGE),
    "552 Too much mail data": (LARGE, FULL, LARGE),
    # of us, the relay, policy
    "530 5.7.0 Authentication required": (NOT_IN, NOT_IN, NOT_IN),
    "530 Authentication required": (NOT_IN, NOT_IN, NOT_IN),
    "535 5.7.8 Credentials invalid": (NOT_IN, NOT_IN, NOT_IN),
    "538 Encryption required": (NOT_IN, NOT_IN, NOT_IN),
    "550 5.7.1 Relaying denied": (NOT_IN, NOT_IN, NOT_IN),
    "550 5.7.26 Unauthenticated sender": (NOT_IN, NOT_IN, NOT_IN),
    "552 5.7.0 Blocked content": (NOT_IN, NOT_IN, NOT_IN),
    "554 5.7.1 Blocked": (NOT_IN, NOT_IN, NOT_IN),
    "571 Delivery not authorised": (NOT_IN, NOT_IN, NOT_IN),
    "553 sorry, not in my list of allowed rcpthosts (#5.7.1)": (NOT_IN, NOT_IN, NOT_IN),
    "550 relay not permitted": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "553 not in my list of allowed rcpthosts": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Administrative prohibition": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Listed at a DNSBL": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Sender verify failed": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Mailbox is full": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 5.2.1 This user receives mail at a rate that prevents more": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 5.1.1 Relaying denied": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 You are not allowed to send mail to this domain": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Your host has no PTR record": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Your IP address is not allowed": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Requested action not taken: mailbox unavailable, bad HELO": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Access forbidden": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Go away": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 Internal error": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "551 Not allowed for strangers": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "553 Check for mail first": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 5.1.0 Sender address rejected": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "553 5.1.7 Bad sender": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 5.1.8 Sender's domain unknown": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    # of anything else
    "500 5.5.2 Syntax": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "502 Not implemented": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "503 5.5.1 Bad sequence": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "521 Host does not accept mail": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 5.0.0 No": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "550 5.4.1 Recipient address rejected: access denied": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "554 5.6.0 Malformed": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
    "554 Transaction failed": (NOT_TAKEN, NOT_TAKEN, NOT_TAKEN),
}


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer().running() as server:
        yield server


def mail(server: MailServer, moment: Moment | None = None) -> Mail:
    """Used in the way in which this moment is met."""
    scheme = "starttls" if moment is Moment.TLS else "smtp"
    who = "hub:geheim@" if moment is Moment.LOGIN else ""
    return Mail.at(f"{scheme}://{who}127.0.0.1:{server.port}", FROM)


async def met(server: MailServer, moment: Moment, letter: Letter = LETTER) -> str:
    """How the hub takes it."""
    try:
        await mail(server, moment).send(letter, NOW)
    except MailRefused:
        return FINAL
    except MailTooLarge:
        return LARGE
    except MailUnavailable as outage:
        return str(outage.facts["verdict"])
    return "sent"


@pytest.mark.parametrize(
    ("moment", "column"), [(Moment.SENDER, 0), (Moment.RECIPIENT, 1), (Moment.DATA, 2), (Moment.DOT, 2)]
)
async def test_a_reply_to_the_letter_means_what_stands_in_the_table(
    server: MailServer, moment: Moment, column: int
) -> None:
    found = {}
    for reply in REPLIES:
        server.reply = {moment: reply}
        found[reply] = await met(server, moment)
    assert found == {reply: meant[column] for reply, meant in REPLIES.items()}


@pytest.mark.parametrize("moment", ENTERING)
async def test_nothing_that_is_said_before_the_letter_is_final(server: MailServer, moment: Moment) -> None:
    found = {}
    for reply in REPLIES:
        server.reply = {moment: reply}
        found[reply] = await met(server, moment)
    assert found == {reply: NOT_IN if reply.startswith("5") else NOW_NOT for reply in REPLIES}
    assert not server.kept


@pytest.mark.parametrize("moment", [Moment.TLS, Moment.LOGIN])
async def test_what_the_server_does_not_offer_is_an_outage(server: MailServer, moment: Moment) -> None:
    server.reply = {Moment.HELLO: "250 mail.example"}
    assert await met(server, moment) == NOT_IN


async def test_a_letter_that_was_taken_is_sent_whatever_comes_after(server: MailServer) -> None:
    for parting in (BREAKS, "421 Closing", "500 What?"):
        server.reply = {Moment.QUIT: parting}
        assert await met(server, Moment.QUIT) == "sent"
    assert len(server.kept) == 3


async def test_of_two_letters_only_the_one_to_the_unknown_mailbox_fails(server: MailServer) -> None:
    server.unknown = {"nav@ac.example"}
    nobody = Letter(to="nav@ac.example", subject="Saikne", text="Čau!\n", identity="2")
    assert await met(server, Moment.RECIPIENT, nobody) == FINAL
    assert await met(server, Moment.RECIPIENT) == "sent"
    assert [to for to, _ in server.kept] == [LETTER.to]


async def test_an_outage_tells_the_stage_and_the_numbers_and_no_word_of_the_server(
    server: MailServer,
) -> None:
    server.reply = {Moment.SENDER: "530 5.7.0 For <parole@ac.example> you must log in"}
    with pytest.raises(MailUnavailable) as outage:
        await mail(server).send(LETTER, NOW)
    assert outage.value.kind == "mail.unavailable not_let_in sender 530 5.7.0"


def long_letter(content_bytes: int) -> Letter:
    attached = (Attachment("saikne.zip", "application/zip", b"x" * content_bytes),)
    return Letter(LETTER.to, "Saikne", "arhīvs\n", "1", attached)


async def test_a_letter_longer_than_the_server_says_is_not_begun(server: MailServer) -> None:
    """Counted as it travels: this attachment fits before it is encoded, and not after."""
    server.size_bytes = 100_000
    assert await met(server, Moment.SENDER, long_letter(80_000)) == LARGE
    assert not server.commands
    assert await met(server, Moment.SENDER, long_letter(70_000)) == "sent"


async def test_the_server_is_told_how_long_the_letter_is(server: MailServer) -> None:
    server.size_bytes = 100_000
    await mail(server).send(long_letter(1000), NOW)
    [(_, content)] = server.kept
    assert server.commands == [f"MAIL FROM:<{FROM}> SIZE={len(content)}"]


@pytest.mark.parametrize("content_bytes", [1, 56, 57, 58, 1000, 57 * 1000])
async def test_an_attachment_is_as_long_as_it_is_counted(server: MailServer, content_bytes: int) -> None:
    for size in (0, content_bytes):
        await mail(server).send(long_letter(size), NOW)
    (_, empty), (_, full) = server.kept
    assert 0 <= attached_bytes(content_bytes) - (len(full) - len(empty)) < 78


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("5.1.1 No", "5.1.1"),
        ("5.1.10", "5.1.10"),
        ("No (#5.7.1)", "5.7.1"),
        ("No 5.1.1", None),
        ("5.1.1.1 No", None),
        ("15.1.1 No", None),
        ("", None),
    ],
)
def test_a_status_is_read_only_where_one_may_stand(words: str, status: str | None) -> None:
    assert enhanced(words) == status
