"""The bare door: on the hub's own server with its settings, no framework, one call of the database a call.

It proves who calls (`proving`), reads the body against its digest and by its published schema, does all else
in one statement (`asking`, `showing`) on a connection that is there, and answers. A document it seals as it
comes (`receiving`). Whoever does not fit gets no answer worth reading.
"""

import asyncio
import hashlib
import hmac
import json
import os
import sys
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.kernel.clock import riga_day
from hub.ops.serving import _loading, run_server
from hub.plumbing.database import APP_ROLE, PATIENCE, _settings
from hub.plumbing.postgres import reach
from hub.settings import Settings
from hub.signing.keyring import Keyring, Kind
from hub.workdays.calendars import WORKED, week_says
from saikne_schemas import wire
from saikne_schemas.manifests import Receipt, RequestForCopies
from saikne_schemas.reading import read
from saikne_schemas.vocabulary import DeliveryChannel, PasswordChannel
from tests.benchmarks.limits.proving import NotProved, Proved, Prover, signing_key
from tests.benchmarks.limits.receiving import FOLDER, Message, Receive, Send, answer, living, seal

WRITTEN_TO = "LIMITS_DATABASE_URL"
"""Where requests are written. A call counts once: what the hub is sent as well has other rows here."""
_ASK = f"SELECT limits.ask({', '.join(f'${number}' for number in range(1, 20))})"
_SHOW = "SELECT limits.show($1, $2, $3, $4, $5, $6, $7)"
_LIST = "SELECT limits.list($1, $2, $3, $4, $5)"
_LET_IN = "SELECT limits.let_in($1, $2, $3, $4, $5)"
_KEYS = "SELECT key_id, jwk FROM hub.client_key WHERE use = 'signing'"
_WISHED = Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS)
_NOTHING_ELSE: dict[str, object] = {
    "receipt": {"channel": _WISHED.channel, "password_channel": _WISHED.password_channel},
    **dict.fromkeys(("signed_request", "certified_by", "despite", "proposal", "refusal")),
    **{name: [] for name in ("more_children", "more_forms", "items_corrected")},
    "signatures": "plain",
    "round": 0,
    "answered_before": False,
}
"""What the record of a request holds beside what was asked for."""

Idle = asyncio.LifoQueue[asyncpg.Connection]


class Door:
    def __init__(self, settings: Settings) -> None:
        assert settings.database_url is not None
        self._public_url, self._connections = settings.public_url, settings.database_connections
        self._read_from, self._written_to = settings.database_url, os.environ[WRITTEN_TO]
        self._folder = Path(os.environ[FOLDER])
        keyring = Keyring(settings.keys_directory)
        key, self._token_key = keyring._newest(Kind.RECEIPT), keyring._newest(Kind.TOKEN)
        assert isinstance(key.private, Ed25519PrivateKey)
        self._sign = key.private.sign
        head = {"alg": "EdDSA", "typ": "saikne-acceptance+jws", "kid": key.key_id}
        self._head = _b64url(json.dumps(head).encode())

    async def begin(self) -> None:
        self._reading, self._writing = Idle(), Idle()
        for idle, url in ((self._reading, self._read_from), (self._writing, self._written_to)):
            for _ in range(self._connections):
                idle.put_nowait(await _connected(url))
        connection = await self._reading.get()
        rows = await connection.fetch(_KEYS)
        self._reading.put_nowait(connection)
        self._keys = {row["key_id"]: signing_key(json.loads(row["jwk"]), row["jwk"]) for row in rows}
        assert self._token_key.public is not None
        tokens = {self._token_key.key_id: self._token_key.public.material.verify}
        self._prover = Prover(self._public_url, tokens, self._keys)  # type: ignore[arg-type]

    async def serve(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await living(receive, send, self.begin)
            return
        method, path, query = scope["method"], scope["path"], scope["query_string"].decode()
        headers = dict(scope["headers"])
        if len(headers) != len(scope["headers"]):
            raise NotProved("a field twice")
        proved = self._prover.prove(method, path, query, headers)
        if method == "GET":
            await answer(send, await self._looked_up(proved, path, query))
        elif method == "POST":
            await answer(send, await self._asked(proved, receive), 201)
        else:
            await answer(send, await self._sealed(proved, receive))

    async def _said(self, idle: Idle, statement: str, *values: Any) -> str:
        connection = await idle.get()
        try:
            said: str = await connection.fetchval(statement, *values)
        finally:
            idle.put_nowait(connection)
        return said

    async def _looked_up(self, proved: Proved, path: str, query: str) -> bytes:
        today = riga_day(datetime.now(UTC))
        given = proved.centre, proved.jti, proved.used, proved.until
        if query:
            return (await self._said(self._reading, _LIST, *given, today)).encode()
        exchange, worked = UUID(path.rpartition("/")[2]), week_says(today) in WORKED
        return (await self._said(self._reading, _SHOW, *given, exchange, today, worked)).encode()

    async def _asked(self, proved: Proved, receive: Receive) -> bytes:
        body, signed = await _whole(receive), proved.signed
        if signed is None or not hmac.compare_digest(hashlib.sha256(body).digest(), signed.sha256):
            raise NotProved("body")
        said, now = read(RequestForCopies, body), datetime.now(UTC)
        others = said.proofs or said.identities or said.despite or said.for_outside
        if said.requester != proved.centre or said.receipt != _WISHED or said.family is None or others:
            raise NotProved("not what these benchmarks ask")
        record = _NOTHING_ELSE | {"kind": said.kind, "family": said.family, "children": said.children}
        record |= {"legal_basis": said.legal_basis, "purpose": said.purpose}
        exchange = uuid5(_begun_by(proved.centre), str(said.id))
        acceptance = await self._said(
            *(self._writing, _ASK, proved.centre, proved.jti, signed.key, proved.used, proved.until),
            *(exchange, said.id, said.holder, said.kind.value, said.family),
            json.dumps(record),
            *(body, signed.sha256, signed.base, signed.signature, signed.algorithm),
            *(self._keys[signed.key].jwk, now, riga_day(now)),
        )
        content = self._head + b"." + _b64url(acceptance.encode())
        signature = _b64url(self._sign(content))
        return b'{"exchange":"%s","state":"requested","acceptance":"%s.%s"}' % (
            *(str(exchange).encode(), content, signature),
        )

    async def _sealed(self, proved: Proved, receive: Receive) -> bytes:
        signed = proved.signed
        assert signed is not None
        given = proved.centre, proved.jti, signed.key, proved.used, proved.until
        await self._said(self._reading, _LET_IN, *given)
        digest, _ = await seal(receive, self._folder / proved.used[1].hex())
        if digest != signed.sha256.hex():
            raise NotProved("body")
        return b"{}"


async def _connected(url: str) -> asyncpg.Connection:
    there = reach(url)
    settings = _settings(APP_ROLE, PATIENCE)
    return await asyncpg.connect(there.dsn, ssl=there.tls, server_settings=settings)


async def _whole(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message.get("more_body", False)
    return body


@cache
def _begun_by(author: UUID) -> UUID:
    return uuid5(NAMESPACE_URL, f"saikne:{author}")


def _b64url(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def create_app() -> Callable[[Message, Receive, Send], Awaitable[None]]:
    with _loading():
        wire.build()
        return Door(Settings()).serve


if __name__ == "__main__":
    run_server("tests.benchmarks.limits.door:create_app", Settings(bind=sys.argv[1]))
