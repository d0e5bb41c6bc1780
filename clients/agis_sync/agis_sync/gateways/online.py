"""The register over HTTP: what each status, broken connection and silence means for an entry.

Source: features N10 (the shape seen at Latvian state interfaces: a technical user, a token, TLS on both
sides). The token is got before the entry goes out, so that its trouble is never taken for the entry's.
Follows no redirects and asks no proxy of the environment.
"""

import asyncio
import hashlib
import ssl
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from agis_sync.gateways.findings import Finding, Trouble, Unanswered, judged, unknown, unsent
from agis_sync.gateways.oddities import Odd
from saikne.home import is_private
from saikne.problems import LocalRefusal
from saikne_schemas.brought import FileFaulty, brought, opened
from saikne_schemas.reading import Unreadable, read
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry, RegisterExtract
from saikne_schemas.register_files import EXTRACT_BYTES, canonical

ANSWER_SECONDS = 30.0
CONNECT_SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_JUDGED = frozenset({200, 201, 202, 400, 404, 409, 413, 422})
_ACCESS = frozenset({401, 403})
_NOT_OUT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
"""Raised before a byte of the request was written."""
_BROKEN = (httpx2.HTTPError, OSError)
"""An alert of TLS 1.3, which comes after the handshake, is not put into the library's words."""


class AddressRefused(LocalRefusal):
    """Entries do not travel in clear, except on this very machine."""

    code = "register.address-refused"


class AccessFileRefused(LocalRefusal):
    """A secret, certificate or key that cannot be read, is not what it should be, or lies open to others."""

    code = "register.file-refused"


@dataclass(frozen=True)
class Access:
    """Where the register is and how it knows us."""

    url: str
    token_url: str
    client_id: str
    secret: Path
    certificate: Path | None = None
    key: Path | None = None
    authorities: Path | None = None
    answer_seconds: float = ANSWER_SECONDS


@dataclass(frozen=True)
class _Reply:
    status: int
    body: bytes
    again_in: timedelta | None


class OnlineGateway:
    def __init__(self, access: Access) -> None:
        self._base = _safe(access.url)
        self._secret = access.secret
        read_secret(access.secret)
        self._one_at_a_time = asyncio.Lock()
        self._http = AsyncOAuth2Client(
            client_id=access.client_id,
            token_endpoint=_safe(access.token_url),
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106  # RFC 6749's name for it
            verify=_tls(access),
            timeout=httpx2.Timeout(access.answer_seconds, connect=CONNECT_SECONDS, pool=None),
            follow_redirects=False,
            trust_env=False,
        )

    async def reach(self) -> list[Odd]:
        """Ask after a key that nobody has."""
        await self.ask(uuid4(), 1)
        return []

    async def ask(self, key: UUID, revision: int) -> RegisterAnswer | None:
        del revision  # the register tells of the newest
        reply = await self._read(f"/transfers/{key}", ANSWER_BYTES)
        if reply.status == HTTPStatus.NOT_FOUND:
            return None
        try:
            return read(RegisterAnswer, reply.body)
        except Unreadable:
            raise Unanswered(Trouble.NOT_READABLE) from None  # the error would quote what came

    async def send(self, entry: RegisterEntry) -> Finding:
        body = canonical(entry)
        digest = b64encode(hashlib.sha256(body).digest()).decode()
        headers = {"Content-Type": "application/json", "Content-Digest": f"sha-256=:{digest}:"}
        try:
            reply = await self._with_token("PUT", f"/transfers/{entry.key}", headers, body)
        except _NOT_OUT as error:
            return unsent(_why(error))
        except _BROKEN:
            return unknown(Trouble.NO_ANSWER)
        except Unanswered as why:
            return unsent(why.trouble, why.again_in)
        return _found(entry, reply)

    async def settle(self, entry: RegisterEntry) -> None:
        """Nothing lies about."""

    async def extract(self, page: int, taken_at: datetime | None) -> RegisterExtract:
        wish = {"page": str(page)} | ({"taken_at": taken_at.isoformat()} if taken_at else {})
        reply = await self._read(f"/transfers?{httpx2.QueryParams(wish)}", EXTRACT_BYTES)
        if reply.status == HTTPStatus.NOT_FOUND:
            raise Unanswered(Trouble.NO_EXTRACT)
        try:
            found = read(RegisterExtract, reply.body)
        except Unreadable:
            raise Unanswered(Trouble.NOT_READABLE) from None
        if found.page != page or (taken_at is not None and found.taken_at != taken_at):
            raise Unanswered(Trouble.OF_ANOTHER_ENTRY)
        return found

    async def close(self) -> None:
        await self._http.aclose()

    async def _read(self, target: str, at_most: int) -> _Reply:
        """A GET that was answered: 200 or 404."""
        try:
            reply = await self._with_token("GET", target, {}, None, at_most)
        except _BROKEN as error:
            raise Unanswered(_why(error)) from error
        if reply.status in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
            return reply
        if reply.status in _ACCESS:
            raise Unanswered(Trouble.ACCESS)
        busy = reply.again_in is not None or reply.status == HTTPStatus.TOO_MANY_REQUESTS
        raise Unanswered(Trouble.BUSY if busy else Trouble.AWAY, reply.again_in)

    async def _with_token(
        self,
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes | None,
        at_most: int = ANSWER_BYTES,
    ) -> _Reply:
        """One request; under a new token once more where the old one is not taken."""
        token = await self._token(refused=None)
        bearer = {"Authorization": f"Bearer {token}"}
        reply = await self._sent(method, target, headers | bearer, body, at_most)
        if reply.status == HTTPStatus.UNAUTHORIZED:
            token = await self._token(refused=token)
            bearer = {"Authorization": f"Bearer {token}"}
            reply = await self._sent(method, target, headers | bearer, body, at_most)
        return reply

    async def _token(self, refused: str | None) -> str:
        """A token that is not the refused one; one caller fetches it, the others wait."""
        async with self._one_at_a_time:
            held = self._http.token
            if held is None or held["access_token"] == refused or held.is_expired(leeway=30):
                held = await self._fetched_token()
            return str(held["access_token"])

    async def _fetched_token(self) -> dict[str, object]:
        self._http.client_secret = read_secret(self._secret)
        try:
            held: dict[str, object] = await self._http.fetch_token(grant_type="client_credentials")
        except OAuthError as error:
            passes = error.error in {"temporarily_unavailable", "server_error"}
            raise Unanswered(Trouble.AWAY if passes else Trouble.ACCESS) from None
        except httpx2.HTTPStatusError as error:
            refused = error.response.status_code in _ACCESS
            raise Unanswered(Trouble.ACCESS if refused else Trouble.AWAY, _again_in(error.response)) from None
        except (*_BROKEN, ValueError) as error:
            raise Unanswered(_why(error)) from None
        if "access_token" not in held:
            raise Unanswered(Trouble.NOT_READABLE)
        return held

    async def _sent(
        self, method: str, target: str, headers: dict[str, str], body: bytes | None, at_most: int
    ) -> _Reply:
        request = self._http.stream(
            method,
            self._base + target,
            withhold_token=True,
            headers={"Accept": "application/json", **headers},
            content=body,
        )
        async with request as answer:
            read = b""
            async for block in answer.aiter_bytes():
                read += block
                if len(read) > at_most:
                    break
            return _Reply(answer.status_code, read, _again_in(answer))


def _found(entry: RegisterEntry, reply: _Reply) -> Finding:
    """What the answer to a PUT means; any status that was not agreed says nothing of where the entry is."""
    if reply.status in _JUDGED:
        try:
            answer = read(RegisterAnswer, reply.body)
        except Unreadable:
            return unknown(Trouble.NOT_READABLE)
        return judged(entry, answer, reply.again_in)
    if reply.status in _ACCESS:
        return unsent(Trouble.ACCESS)
    waits = reply.status == HTTPStatus.SERVICE_UNAVAILABLE and reply.again_in is not None
    if waits or reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        return unsent(Trouble.BUSY, reply.again_in)
    return unknown(Trouble.NO_ANSWER)


def _why(error: BaseException) -> Trouble:
    """Away, or one of us does not take the other's certificate; TLS 1.3 shows that at the first answer."""
    story: BaseException | None = error
    while story is not None:
        if isinstance(story, ssl.SSLError):
            return Trouble.ACCESS
        story = story.__cause__ or story.__context__
    return Trouble.AWAY


def _again_in(answer: httpx2.Response) -> timedelta | None:
    said = answer.headers.get("retry-after", "")
    if said.isdecimal():
        return timedelta(seconds=min(int(said), 86_400))
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    left = moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)
    return min(max(left, timedelta()), timedelta(days=1))


def _safe(url: str) -> str:
    parts = urlsplit(url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    if not secure or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise AddressRefused(given=parts.hostname or url)
    return url.rstrip("/")


def read_secret(path: Path) -> str:
    """Anew for each token: a secret is changed by changing its file."""
    try:
        secret = brought(path, 64 * 1024).text().strip()
    except FileFaulty as error:
        raise AccessFileRefused(path=str(path), why="unreadable") from error
    if not is_private(path):
        raise AccessFileRefused(path=str(path), why="open")
    return secret


def _tls(access: Access) -> ssl.SSLContext:
    try:
        for file in filter(None, (access.authorities, access.certificate, access.key)):
            opened(file).close()  # a pipe in its place would be waited for
    except FileFaulty as error:
        raise AccessFileRefused(path=error.path, why="unreadable") from error
    try:
        context = ssl.create_default_context(cafile=access.authorities)
    except (OSError, ssl.SSLError) as error:
        raise AccessFileRefused(path=str(access.authorities), why="unreadable") from error
    if access.certificate is not None:
        key = access.key or access.certificate
        try:
            context.load_cert_chain(access.certificate, access.key)
        except (OSError, ssl.SSLError) as error:
            raise AccessFileRefused(path=str(access.certificate), why="unreadable") from error
        if not is_private(key):
            raise AccessFileRefused(path=str(key), why="open")
    return context
