"""What leaves the hub by mail and by HTTP: one way each, with timeouts, and bad news sorted once for all.

A mail server or gateway that is away or busy is an Outage: the promise lives. One that refuses the message
itself is a Refusal: a person has to look. Nothing is logged: contents and addresses are not ours to tell.
"""

import hashlib
import re
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

from hub.kernel.refusal import Outage, Refusal

PATIENCE_SECONDS = 15.0
_ADDRESS = re.compile(r"[^@\s\"<>(),:;\\]{1,64}@[A-Za-z0-9.-]{1,190}")
_TEMPORARY = range(400, 500)


class MailUnavailable(Outage):
    """The mail server is away, busy, or does not let the hub in."""

    code = "mail.unavailable"
    retry_after = timedelta(seconds=30)


class MailRefused(Refusal):
    """The mail server will never take this message, or no such mailbox can exist."""

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

    async def send(self, letter: Letter, now: datetime) -> str:
        """Hand the letter to the server; answers with its Message-ID."""
        message = self._written(letter, now)
        try:
            await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.username,
                password=self.password,
                use_tls=self.tls,
                start_tls=self.start_tls,
                timeout=PATIENCE_SECONDS,
                local_hostname=self._domain,
            )
        except (aiosmtplib.SMTPException, OSError) as trouble:
            raise _bad_news(trouble) from None
        return str(message["Message-ID"])

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
    if not _ADDRESS.fullmatch(address):
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


def _bad_news(trouble: Exception) -> Outage | Refusal:
    """A server that closes the door on the hub itself is away; one that closes it on a letter refuses it."""
    if isinstance(trouble, aiosmtplib.SMTPRecipientsRefused):
        codes = [refused.code for refused in trouble.recipients]
    elif isinstance(trouble, aiosmtplib.SMTPConnectError | aiosmtplib.SMTPAuthenticationError):
        codes = []
    elif isinstance(trouble, aiosmtplib.SMTPResponseException):
        codes = [trouble.code]
    else:
        codes = []
    permanent = bool(codes) and not any(code in _TEMPORARY for code in codes)
    return MailRefused() if permanent else MailUnavailable()
