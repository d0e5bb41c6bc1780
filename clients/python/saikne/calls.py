"""One call to the hub: token, proof, signature where something changes, and another try after an outage.

A 401 under a token from the cache is asked once more under a fresh one: tokens can be revoked or keys rotated
while one is held. Every attempt is signed anew.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import httpx

from saikne.blocks import FileChanged, Progress, silent, upload_blocks
from saikne.credentials import Credentials
from saikne.problems import problem_of, unreachable
from saikne.proofs import ProofKey
from saikne.retries import Patience, Perseverance
from saikne.signatures import content_digest, sign_request
from saikne.tokens import Tokens

Headers = dict[str, str]


@dataclass(frozen=True)
class FileBody:
    """A file on its way to the hub, by digest and size known beforehand."""

    path: Path
    media_type: str
    sha256: bytes
    bytes: int
    progress: Progress = silent


class Calls:
    def __init__(
        self, http: httpx.AsyncClient, credentials: Credentials, patience: Patience, language: str
    ) -> None:
        self._perseverance = Perseverance(patience)
        self._http = http
        self._hub = credentials.hub
        self._signing_key = credentials.signing_key
        self._proofs = ProofKey()
        self._tokens = Tokens(http, credentials, self._proofs)
        self._headers = {"Accept-Language": language, "Accept": "application/json"}

    @property
    def patience(self) -> Patience:
        return self._perseverance.patience

    async def token(self) -> str:
        return await self._perseverance.persist(self._tokens.token)

    async def public(self, path: str) -> httpx.Response:
        """What the hub shows to everybody."""

        async def attempt() -> httpx.Response:
            try:
                answer = await self._http.get(self._hub + path, headers=self._headers)
            except httpx.TransportError as error:
                raise unreachable(error) from error
            return _accepted(answer)

        return await self._perseverance.persist(attempt)

    async def read(self, path: str, query: Mapping[str, str] | None = None) -> httpx.Response:
        url = str(httpx.URL(self._hub + path, params=query or None))
        return await self._perseverance.persist(lambda: self._attempt("GET", url, lambda headers: headers))

    async def state(self, path: str, statement: bytes) -> httpx.Response:
        """Send a statement; the same bytes however often it takes."""
        return await self._say("POST", path, statement, "application/json")

    async def put(self, path: str, content: bytes, media_type: str) -> httpx.Response:
        """Send what a statement announced, whole and by its digest."""
        return await self._say("PUT", path, content, media_type)

    async def send_file(self, path: str, body: FileBody) -> httpx.Response:
        url = self._hub + path
        fields = {
            "Content-Type": body.media_type,
            "Content-Digest": content_digest(body.sha256),
            "Content-Length": str(body.bytes),
        }

        def signed(headers: Headers) -> Headers:
            headers |= fields
            sign_request("PUT", url, headers, self._signing_key, datetime.now(UTC))
            return headers

        async def attempt() -> httpx.Response:
            if body.path.stat().st_size != body.bytes:
                raise FileChanged(path=str(body.path))
            return await self._attempt("PUT", url, signed, body)

        return await self._perseverance.persist(attempt)

    @asynccontextmanager
    async def streamed(self, path: str, extra: Headers) -> AsyncIterator[httpx.Response]:
        """One attempt at a long answer, still unread; the caller resumes it."""
        url = self._hub + path
        headers = self._with_token("GET", url, await self._tokens.token()) | extra
        try:
            async with self._http.stream("GET", url, headers=headers) as answer:
                if not answer.is_success:
                    await answer.aread()
                yield _accepted(answer)
        except httpx.TransportError as error:
            raise unreachable(error) from error

    async def _say(self, method: str, path: str, content: bytes, media_type: str) -> httpx.Response:
        url, digest = self._hub + path, content_digest(hashlib.sha256(content).digest())
        fields = {"Content-Type": media_type, "Content-Digest": digest}

        def signed(headers: Headers) -> Headers:
            headers |= fields
            sign_request(method, url, headers, self._signing_key, datetime.now(UTC))
            return headers

        return await self._perseverance.persist(lambda: self._attempt(method, url, signed, content))

    async def _attempt(
        self,
        method: str,
        url: str,
        finish: Callable[[Headers], Headers],
        content: bytes | FileBody | None = None,
    ) -> httpx.Response:
        token = await self._tokens.token()
        answer = await self._sent(method, url, finish(self._with_token(method, url, token)), content)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self._tokens.forget(token)
            token = await self._tokens.token()
            answer = await self._sent(method, url, finish(self._with_token(method, url, token)), content)
        return _accepted(answer)

    async def _sent(
        self, method: str, url: str, headers: Headers, content: bytes | FileBody | None
    ) -> httpx.Response:
        try:
            if not isinstance(content, FileBody):
                return await self._http.request(method, url, headers=headers, content=content)
            async with aclosing(upload_blocks(content.path, content.bytes, content.progress)) as blocks:
                return await self._http.request(method, url, headers=headers, content=blocks)
        except httpx.TransportError as error:
            raise unreachable(error) from error

    def _with_token(self, method: str, url: str, token: str) -> Headers:
        return {
            **self._headers,
            "Authorization": f"DPoP {token}",
            "DPoP": self._proofs.proof(method, url, token),
        }


def _accepted(answer: httpx.Response) -> httpx.Response:
    if not answer.is_success:
        raise problem_of(answer)
    return answer
