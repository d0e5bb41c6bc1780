"""What leaves the hub by mail and by HTTP: one way each, with timeouts, and bad news sorted once for all.

What a mail server's reply means is decided in `mail_replies`: only one that speaks of the letter's address is
a Refusal, anything else an Outage, and the promise lives. Nothing is logged: contents and addresses are not
ours to tell, and a server's words may quote them; of its reply the stage and the numbers are kept.
"""

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Self
from urllib.parse import unquote, urlsplit

import aiosmtplib
import httpx

from hub.kernel.refusal import Outage, OutageOf, Refusal
from hub.plumbing.mail_replies import Stage, Verdict, enhanced, verdict
from hub.plumbing.measures import MAILS, counted

PATIENCE_SECONDS = 15.0
CONTENT_SECONDS = 300.0
"""A large letter over a thin line, and a server that looks through it before it answers (RFC 5321 4.5.3.2.6):
one that is given up too early is sent again, and arrives twice."""
_LINE_BYTES, _LINE_HOLDS_BYTES = 78, 57
"""Of base64 in a mail, with its end (RFC 2045 6.8), and what it carries."""
_ADDRESS = re.compile(r"[^@\s\"<>(),:;\\]{1,64}@[A-Za-z0-9.-]{1,190}")


class _NotSent(OutageOf):
    """Its facts are where it ended and how."""

    retry_after = timedelta(seconds=30)


class MailUnavailable(_NotSent):
    """The mail server is away or busy, or does not take this letter, and not because of its address."""

    code = "mail.unavailable"


class MailTooLarge(_NotSent):
    """The letter is longer than the server, or the mailbox, takes."""

    code = "mail.too-large"


class MailRefused(Refusal):
    """There is no such mailbox: said by the server of this address, or to be seen by it."""

    code = "mail.refused"


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one address. Its `identity` is the same whenever the same letter is sent again."""

    to: str
    subject: str
    text: str = field(repr=False)
    identity: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server, and in whose name it is used."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    start_tls: bool = False

    @classmethod
    def at(cls, url: str, sender: str) -> Self:
        """`smtps://` speaks TLS, `starttls://` turns to it or fails, `smtp://` is for a server next door."""
        parts = urlsplit(url)
        ports = {"smtp": 25, "starttls": 587, "smtps": 465}
        if parts.scheme not in ports or not parts.hostname:
            raise ValueError("a mail server is smtp://, starttls:// or smtps://[user:password@]host[:port]")
        return cls(
            host=parts.hostname,
            port=parts.port or ports[parts.scheme],
            sender=sender,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=parts.scheme == "smtps",
            start_tls=parts.scheme == "starttls",
        )

    @counted(MAILS)
    async def send(self, letter: Letter, now: datetime) -> str:
        """Hand the letter to the server; answers with its Message-ID."""
        message = self._written(letter, now)
        content = message.as_bytes()
        server = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls,
            start_tls=False,
            timeout=PATIENCE_SECONDS,
            local_hostname=self._domain,
        )
        with _at(Stage.CONNECT):
            await server.connect()
        async with server:  # once the letter is taken, no trouble in parting is any
            await self._enter(server)
            await self._hand_over(server, letter.to, content)
        return str(message["Message-ID"])

    async def _enter(self, server: aiosmtplib.SMTP) -> None:
        with _at(Stage.HELLO):
            await server.ehlo()
        if self.start_tls:
            with _at(Stage.TLS):
                await server.starttls()
            with _at(Stage.HELLO):
                await server.ehlo()  # what was offered in clear is forgotten (RFC 3207 4.2)
        if self.username is not None:
            with _at(Stage.LOGIN):
                await server.login(self.username, self.password or "")

    async def _hand_over(self, server: aiosmtplib.SMTP, to: str, content: bytes) -> None:
        sized = server.supports_extension("size")
        takes = server.esmtp_extensions.get("size", "") if sized else ""
        if takes.isdecimal() and 0 < int(takes) < len(content):
            raise MailTooLarge(verdict=Verdict.TOO_LARGE.value, stage=Stage.HELLO.value)
        with _at(Stage.SENDER):
            await server.mail(self.sender, options=[f"SIZE={len(content)}"] if sized else [])
        with _at(Stage.RECIPIENT):
            await server.rcpt(to)
        with _at(Stage.CONTENT):
            await server.data(content, timeout=CONTENT_SECONDS)

    @property
    def _domain(self) -> str:
        return self.sender.rsplit("@", 1)[-1]

    def _written(self, letter: Letter, now: datetime) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address("Saikne", addr_spec=self.sender)
        message["To"] = _mailbox(letter.to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = (
            f"<{hashlib.sha256(letter.identity.encode()).hexdigest()[:40]}@{self._domain}>"
        )
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="quoted-printable")
        for attachment in letter.attachments:
            kind, _, subtype = attachment.media_type.partition("/")
            message.add_attachment(
                attachment.content, maintype=kind, subtype=subtype, filename=attachment.name
            )
        return message


def _mailbox(address: str) -> Address:
    if not _ADDRESS.fullmatch(address) or not address.isascii():
        raise MailRefused
    try:
        return Address(addr_spec=address)
    except (MessageError, ValueError):  # two dots in a row, an encoded word: no mailbox is called so
        raise MailRefused from None


def gateway_client() -> httpx.AsyncClient:
    """For gateways whose addresses the operator sets: follows nobody elsewhere, reads no environment."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(PATIENCE_SECONDS),
        limits=httpx.Limits(max_connections=20, max_keepalive_connections=5),
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": "saikne-hub"},
    )


def attached_bytes(content_bytes: int) -> int:
    """How long so much becomes as an attachment."""
    return -(-content_bytes // _LINE_HOLDS_BYTES) * _LINE_BYTES


def carried_bytes(attached: int) -> int:
    """How much an attachment of this length carries."""
    return attached // _LINE_BYTES * _LINE_HOLDS_BYTES


@contextlib.contextmanager
def _at(stage: Stage) -> Iterator[None]:
    """Trouble at this stage, in the words of `mail_replies`."""
    try:
        yield
    except (aiosmtplib.SMTPException, OSError) as trouble:
        raise _bad_news(stage, trouble) from None


def _bad_news(stage: Stage, trouble: Exception) -> Outage | Refusal:
    code, words = None, ""
    if isinstance(trouble, aiosmtplib.SMTPResponseException):
        code, words = trouble.code, trouble.message
    not_offered = code is None and not isinstance(trouble, OSError)
    means = Verdict.NOT_LET_IN if not_offered else verdict(stage, code, words)
    if means is Verdict.NO_SUCH_ADDRESS:
        return MailRefused()
    kind = MailTooLarge if means is Verdict.TOO_LARGE else MailUnavailable
    said = {"reply": " ".join(filter(None, [str(code), enhanced(words)]))} if code else {}
    return kind(verdict=means.value, stage=stage.value, **said)
