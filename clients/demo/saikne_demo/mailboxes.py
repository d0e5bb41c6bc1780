"""A mail server that keeps what it gets: the centres' mailboxes in demo and tests.

Source: method S90, S91 (the archive goes to the notified address). It speaks real SMTP on loopback; mails are
kept whole and parsed, so that a test can open the attachment the recipient would open.
"""

import asyncio
import email
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.message import EmailMessage
from threading import Condition, Event, Thread
from typing import Any, Self
from weakref import WeakSet

from saikne_demo.clock import now

SIZE_LIMIT_BYTES = 35 * 1024 * 1024
"""What ordinary mail servers take; a larger archive must go by link."""
REPLIES = {
    421: "421 4.3.2 Closing for a while",
    450: "450 4.2.1 Mailbox busy, try again later",
    451: "451 4.3.0 Not now, try again later",
    550: "550 5.1.1 There is no such mailbox",
    552: "552 5.3.4 Message too large",
    554: "554 5.6.0 This message is refused",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """`sender` and `recipients` are the envelope's; `message` is what the recipient's program shows."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage = field(repr=False)
    source: bytes = field(repr=False)
    at: datetime

    @property
    def subject(self) -> str:
        return str(self.message["subject"] or "")

    @property
    def text(self) -> str:
        """The plain-text part, its lines ended the way Python ends them."""
        body = self.message.get_body(("plain",))
        return "" if body is None else str(body.get_content()).replace("\r\n", "\n")

    @property
    def attachments(self) -> list[Attachment]:
        return [
            Attachment(part.get_filename() or "", part.get_content_type(), _content(part))
            for part in self.message.iter_attachments()
        ]


class Mailbox:
    """Runs from `start` to `stop`, or as a context manager. Every method may be called from any thread."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, size_limit_bytes: int = SIZE_LIMIT_BYTES
    ) -> None:
        self.host = host
        self.port = port
        self._size_limit_bytes = size_limit_bytes
        self._changed = Condition()
        self._mails: list[Mail] = []
        self._rejections: deque[int] = deque()

    def start(self) -> Self:
        """Open the port; with port 0 a free one, then to be read from `port`."""
        import aiosmtpd.smtp  # noqa: F401  # missing libraries are told of here, not in the thread

        self._ready = Event()
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._run, name="mailbox")
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def messages(self) -> tuple[Mail, ...]:
        with self._changed:
            return tuple(self._mails)

    def inbox(self, address: str) -> list[Mail]:
        wanted = address.casefold()
        return [mail for mail in self.messages if wanted in map(str.casefold, mail.recipients)]

    def attachments(self, address: str) -> list[Attachment]:
        """Everything ever attached to a mail for this address, oldest first."""
        return [attachment for mail in self.inbox(address) for attachment in mail.attachments]

    def wait_for(self, happened: Callable[["Mailbox"], bool], timeout: float = 10.0) -> bool:
        """Whether `happened(mailbox)` came true in time; asked again after every mail."""
        with self._changed:
            return self._changed.wait_for(lambda: happened(self), timeout)

    def wait_for_message(self, address: str, *, count: int = 1, timeout: float = 10.0) -> Mail:
        """The `count`-th mail this address ever got."""
        if not self.wait_for(lambda mailbox: len(mailbox.inbox(address)) >= count, timeout):
            raise TimeoutError(f"{address} has not had {count} mail(s) after {timeout} s")
        return self.inbox(address)[count - 1]

    def reject_next(self, n: int = 1, status: int = 451) -> None:
        """Refuse the next `n` mails after their content: 4xx for now, 5xx for good."""
        with self._changed:
            self._rejections.extend([status] * n)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as failure:  # the port is taken
            self._failure = failure
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        from aiosmtpd.smtp import SMTP

        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        sessions: WeakSet[Any] = WeakSet()

        def session() -> Any:
            smtp = SMTP(
                self, loop=self._loop, enable_SMTPUTF8=True, data_size_limit=self._size_limit_bytes,
                hostname="mailbox.example", ident="Saikne mailbox",
            )  # fmt: skip
            sessions.add(smtp)
            return smtp

        server = await self._loop.create_server(session, self.host, self.port)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            await self._stopping.wait()
        finally:
            server.close()
            for smtp in sessions:
                if smtp.transport is not None:
                    smtp.transport.close()
            await server.wait_closed()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        """Keep the mail, or refuse it as asked. The name is the one the SMTP library calls."""
        with self._changed:
            if self._rejections:
                return REPLIES[self._rejections.popleft()]
            source = bytes(envelope.original_content)
            message = email.message_from_bytes(source, policy=policy.default)
            self._mails.append(Mail(envelope.mail_from, tuple(envelope.rcpt_tos), message, source, now()))
            self._changed.notify_all()
        return "250 2.0.0 Kept"


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
