"""A mail server that answers each moment of a conversation as it is told to: real SMTP on loopback."""
# ruff: noqa: N802  # the library calls its hooks so

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

BREAKS = ""
"""In place of a reply: the line breaks."""


class Moment(StrEnum):
    GREETING = "greeting"
    HELLO = "hello"
    TLS = "tls"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    DOT = "dot"
    QUIT = "quit"


class MailServer:
    """`reply` holds what is said at which moment; whoever is `unknown` is told so at RCPT."""

    def __init__(self) -> None:
        self.port = 0
        self.size_bytes: int | None = None
        self.reply: dict[Moment, str] = {}
        self.unknown: set[str] = set()
        self.commands: list[str] = []
        self.kept: list[tuple[str, bytes]] = []

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["MailServer"]:
        server = await asyncio.get_running_loop().create_server(
            lambda: _Session(self), "127.0.0.1", self.port
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        self.kept += [(to, bytes(envelope.original_content)) for to in envelope.rcpt_tos]
        return "250 2.0.0 Kept"


class _Session(SMTP):
    def __init__(self, told: MailServer) -> None:
        super().__init__(
            told,
            hostname="mail.example",
            data_size_limit=told.size_bytes,
            tls_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            authenticator=lambda *_: AuthResult(success=True),
            auth_require_tls=False,
        )
        self._told = told
        self._greeted = False

    async def push(self, status: Any) -> None:
        """The greeting, and the reply to the last dot, have no command of their own to be told by."""
        if not self._greeted:
            self._greeted = True
            if await self._said(Moment.GREETING):
                return
        elif status == "250 2.0.0 Kept" and await self._said(Moment.DOT):
            return
        await super().push(status)

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._said(Moment.HELLO):
            await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self._said(Moment.TLS):
            await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:
        if not await self._said(Moment.LOGIN):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str) -> None:
        self._told.commands.append(f"MAIL {arg}")
        if not await self._said(Moment.SENDER):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        unknown = any(f"<{address}>" in arg for address in self._told.unknown)
        if unknown:
            await super().push("550 5.1.1 No such mailbox")
        elif not await self._said(Moment.RECIPIENT):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self._said(Moment.DATA):
            await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg: str) -> None:
        if not await self._said(Moment.QUIT):
            await super().smtp_QUIT(arg)

    async def _said(self, moment: Moment) -> bool:
        """Whether something was told to be said now, and was."""
        reply = self._told.reply.get(moment)
        if reply is None:
            return False
        if reply == BREAKS:
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
        else:
            await super().push(reply)
        return True
