import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import aiosmtplib
import pytest

from saikne_demo.mailboxes import Mailbox

ADDRESS = "dokumenti@jaunais-ac.example"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


def letter(*, attached: bytes | None = None) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "saikne@hub.example", ADDRESS, "Pieprasījums gaida atbildi"
    mail.set_content("Labdien!\n\nTermiņš: 04.12.2026.\n.\nSaikne\n")
    if attached is not None:
        mail.add_attachment(attached, maintype="application", subtype="zip", filename="sutijums.zip")
    return mail


async def send(mailbox: Mailbox, mail: EmailMessage) -> None:
    await aiosmtplib.send(mail, hostname=mailbox.host, port=mailbox.port, start_tls=False)


async def test_a_mail_arrives_with_its_subject_and_text(mailbox: Mailbox) -> None:
    await send(mailbox, letter())
    mail = mailbox.wait_for_message(ADDRESS)
    assert mail.subject == "Pieprasījums gaida atbildi"
    assert mail.text == "Labdien!\n\nTermiņš: 04.12.2026.\n.\nSaikne\n"
    assert (mail.sender, mail.recipients) == ("saikne@hub.example", (ADDRESS,))
    assert mail.attachments == []


async def test_an_attachment_comes_out_bit_by_bit(mailbox: Mailbox) -> None:
    archive = bytes(range(256)) * 4096
    await send(mailbox, letter(attached=archive))
    (attachment,) = mailbox.attachments(ADDRESS)
    assert (attachment.name, attachment.media_type) == ("sutijums.zip", "application/zip")
    assert attachment.content == archive


async def test_an_inbox_holds_only_its_own_mail_whatever_the_case(mailbox: Mailbox) -> None:
    await send(mailbox, letter())
    assert len(mailbox.inbox(ADDRESS.upper())) == 1
    assert mailbox.inbox("parole@jaunais-ac.example") == []


@pytest.mark.parametrize("status", [451, 550])
async def test_a_rejected_mail_is_not_kept_and_the_next_one_is(mailbox: Mailbox, status: int) -> None:
    mailbox.reject_next(1, status)
    with pytest.raises(aiosmtplib.SMTPDataError) as rejected:
        await send(mailbox, letter())
    assert rejected.value.code == status
    assert mailbox.messages == ()
    await send(mailbox, letter())
    assert len(mailbox.messages) == 1


async def test_a_mail_above_the_limit_is_refused_for_good() -> None:
    with Mailbox(size_limit_bytes=100_000) as mailbox:
        with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
            await send(mailbox, letter(attached=bytes(200_000)))
        assert refused.value.code == 552
        assert mailbox.messages == ()


async def test_a_mailbox_started_again_keeps_its_port_and_its_mail(mailbox: Mailbox) -> None:
    await send(mailbox, letter())
    before = mailbox.port
    mailbox.stop()
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send(mailbox, letter())
    mailbox.start()
    await send(mailbox, letter())
    assert mailbox.port == before
    assert len(mailbox.inbox(ADDRESS)) == 2


def test_stopping_does_not_wait_for_a_caller_who_stays_on_the_line() -> None:
    with Mailbox() as mailbox:
        caller = smtplib.SMTP(mailbox.host, mailbox.port)
        caller.noop()
    with pytest.raises(smtplib.SMTPServerDisconnected):
        caller.noop()
    caller.close()


def test_a_taken_port_is_told_of_at_once(mailbox: Mailbox) -> None:
    with pytest.raises(OSError, match="address already in use"):
        Mailbox(port=mailbox.port).start()


def test_waiting_for_a_mail_that_never_comes_ends(mailbox: Mailbox) -> None:
    with pytest.raises(TimeoutError):
        mailbox.wait_for_message(ADDRESS, timeout=0.01)
