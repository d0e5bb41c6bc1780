"""The bare receiver: what is put is sealed as it comes, and nothing is asked or written down about it.

Each byte is hashed, enciphered, authenticated and written, and the file is on the disk before the answer.
AES-256 counts as OpenSSL counts: the ZIP's order of bytes costs nobody who writes the cipher in C, so the
limit does not pay for it. As an application of its own it hashes the sealed bytes too, as a dispatch must.
"""

import asyncio
import hashlib
import hmac
import os
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

from hub.ops.serving import run_server
from hub.sealing.bench import _step_back
from hub.settings import Settings

FOLDER = "YARDSTICK_FOLDER"
AT_ONCE = 1 << 20
"""Bytes that are hashed and enciphered in one go."""
_UNDER_WAY = 8
_TURN_SECONDS = 0.0005
"""How long a thread may keep the interpreter, as in the hub."""

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


CODE_BYTES = 10
"""Of the authentication code, at the end."""
_KEY, _CODE_KEY = bytes(32), bytes(range(32))
"""Whoever opens it knows them: nothing of this is secret."""


def cipher() -> CipherContext:
    """Enciphers and deciphers alike."""
    return Cipher(algorithms.AES(_KEY), modes.CTR(bytes(16))).encryptor()


def code() -> hmac.HMAC:
    return hmac.new(_CODE_KEY, digestmod="sha1")


class BrokenOff(Exception):  # noqa: N818  # says what happened
    """The sender has hung up."""


class Cover:
    """What is enciphered, authenticated and written, block by block, in memory that is used again."""

    def __init__(self, file: BinaryIO, *, hashed: bool) -> None:
        self._file = file
        self._cipher, self._code = cipher(), code()
        self.sealed = hashlib.sha256() if hashed else None
        self._memory = bytearray(2 * AT_ONCE)

    def take(self, block: bytes) -> None:
        if len(block) + 15 > len(self._memory):
            self._memory = bytearray(len(block) + 15)
        length = self._cipher.update_into(block, self._memory)
        sealed = memoryview(self._memory)[:length]
        self._code.update(sealed)
        if self.sealed is not None:
            self.sealed.update(sealed)
        self._file.write(sealed)

    def close(self) -> str:
        """The digest of all that was written, where it was to be hashed."""
        told = self._code.digest()[:CODE_BYTES]
        self._file.write(told)
        os.fsync(self._file.fileno())
        if self.sealed is None:
            return ""
        self.sealed.update(told)
        return self.sealed.hexdigest()


async def seal(receive: Receive, into: Path, *, hashed: bool = False) -> tuple[str, str]:
    """The SHA-256 of what came, and if it is `hashed` of what was written. One thread for the first, one for
    all the rest.
    """
    clear, loop = hashlib.sha256(), asyncio.get_running_loop()
    under_way: deque[asyncio.Future[None]] = deque()
    async with AsyncExitStack() as held:
        file = held.enter_context(into.open("wb", buffering=0))
        hashing, covering = (
            held.enter_context(ThreadPoolExecutor(1, initializer=_step_back)) for _ in range(2)
        )
        cover = Cover(file, hashed=hashed)
        gathered, length, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                raise BrokenOff
            more = message.get("more_body", False)
            gathered.append(message["body"])
            length += len(message["body"])
            if length < AT_ONCE and more:
                continue
            block = b"".join(gathered)
            gathered, length = [], 0
            under_way.append(loop.run_in_executor(hashing, clear.update, block))
            under_way.append(loop.run_in_executor(covering, cover.take, block))
            while len(under_way) > _UNDER_WAY:
                await under_way.popleft()
        await asyncio.gather(*under_way)
        sealed = await loop.run_in_executor(covering, cover.close)
    return clear.hexdigest(), sealed


async def answer(send: Send, body: bytes, status: int = 200) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def living(receive: Receive, send: Send, begin: Callable[[], Awaitable[None]]) -> None:
    """The protocol of a server's life: `begin` before the first call."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            sys.setswitchinterval(_TURN_SECONDS)
            await begin()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def receiver(scope: Message, receive: Receive, send: Send) -> None:
    """PUT seals into the folder, anything else is answered at once."""
    if scope["type"] == "lifespan":
        await living(receive, send, _nothing)
    elif scope["method"] == "PUT":
        into = Path(os.environ[FOLDER]) / scope["path"].rpartition("/")[2]
        await answer(send, " ".join(await seal(receive, into, hashed=True)).encode())
    else:
        await answer(send, b"{}")


async def _nothing() -> None: ...


def create_app() -> Callable[[Message, Receive, Send], Awaitable[None]]:
    return receiver


if __name__ == "__main__":
    run_server("tests.benchmarks.limits.receiving:create_app", Settings(bind=sys.argv[1]))
