"""Calls that are signed before the clock starts, and connections that send them at little cost."""

import asyncio
import hashlib
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import httpx

from saikne.calls import Calls
from saikne.credentials import Credentials
from saikne.retries import Patience
from saikne.signatures import content_digest
from saikne.statements import wire_bytes
from saikne_schemas.manifests import DeclaredDocument
from saikne_schemas.wire import WireDocument

Block = bytes | memoryview
_RECEIVED_AT_ONCE = 1 << 16


class Caller:
    """One centre. Makes the bytes of whole calls; a proof and a signature count for a minute."""

    def __init__(self, credentials: Credentials, http: httpx.AsyncClient) -> None:
        self.credentials, self.http = credentials, http
        self._calls = Calls(http, credentials, Patience(), "en")

    async def get(self, path: str) -> bytes:
        return await self._call("GET", path, {})

    async def post(self, path: str, statement: WireDocument) -> bytes:
        body = wire_bytes(statement)
        fields = {
            "Content-Type": "application/json",
            "Content-Digest": content_digest(hashlib.sha256(body).digest()),
            "Content-Length": str(len(body)),
        }
        return await self._call("POST", path, fields) + body

    async def put_head(self, path: str, document: DeclaredDocument) -> bytes:
        """All of an upload but its body."""
        fields = {
            "Content-Type": document.media_type.value,
            "Content-Digest": content_digest(bytes.fromhex(document.sha256)),
            "Content-Length": str(document.bytes),
        }
        return await self._call("PUT", path, fields)

    async def _call(self, method: str, path: str, fields: dict[str, str]) -> bytes:
        url, token = self.credentials.hub + path, await self._calls.token()
        headers = self._calls.caller.headers(method, url, token, datetime.now(UTC), fields)
        host = httpx.URL(url).netloc.decode()
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join((*lines, "", "")).encode()


class NotTaken(Exception):  # noqa: N818  # says what happened
    """A measured call was refused: its figure would mean nothing."""


class Line:
    """One connection that stays open, over a bare socket."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, part: Block) -> None:
        self._socket.sendall(part)

    def answer(self) -> bytes:
        """The body of the answer to what was sent; refuses any status but 2xx."""
        head, body = self._whole()
        if not head.startswith(b"http/1.1 2"):
            raise NotTaken((head + body).decode(errors="replace"))
        return body

    def status(self) -> int:
        """Of the answer, whatever it is."""
        return int(self._whole()[0].split()[1])

    def _whole(self) -> tuple[bytes, bytes]:
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head, body = received[:end].lower(), received[end + 4 :]
        _, found, rest = head.partition(b"\r\ncontent-length:")
        length = int(rest.split(b"\r\n", 1)[0]) if found else 0
        while len(body) < length:
            body += self._more()
        return head, body

    def _more(self) -> bytes:
        received = self._socket.recv(_RECEIVED_AT_ONCE)
        if not received:
            raise NotTaken("the connection was closed")
        return received


@dataclass(frozen=True)
class Body:
    """A document without a file: one block over and over."""

    length: int

    def blocks(self) -> Iterable[memoryview]:
        rest = self.length
        while rest:
            yield _BLOCK[: min(rest, len(_BLOCK))]
            rest -= min(rest, len(_BLOCK))

    async def sha256(self) -> str:
        def hashed() -> str:
            digest = hashlib.sha256()
            for block in self.blocks():
                digest.update(block)
            return digest.hexdigest()

        return await asyncio.to_thread(hashed)


_BLOCK = memoryview(hashlib.shake_256(b"saikne").digest(1 << 20))


def reference() -> str:
    """Of a family or child that nobody has asked about before."""
    return f"AG-{secrets.randbelow(10**8):08}"
