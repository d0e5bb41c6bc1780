"""The one way to organisations' OpenID providers: what they say of themselves, their keys, and who has come.

Source: OpenID Connect Core 1.0 (3.1.3), Discovery 1.0 (4); security.md, threat 24; decision 0017. Every call
is bounded in time, in length and in how many of one provider are under way; nobody is followed elsewhere, and
no host is called that the operator has not seen. Of what a provider writes only known words are logged.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote

import httpx
import structlog

from hub.kernel.documents import JsonObject
from hub.people import id_token
from hub.people.gateways import discovery
from hub.people.id_token import Key
from hub.people.journey import ReturnUnknown
from hub.people.provider import Discovered, NotBelieved, Provider, ProviderAway, ProviderDoesNotFit
from hub.plumbing.outbound import gateway_client

PATIENCE_SECONDS = 8.0
"""For a whole answer: a person waits for it."""
LONGEST_BYTES = 262_144
AT_ONCE = 4
"""Calls to one provider: one that is slow holds up none of the others."""
REMEMBERED_SECONDS = 3600.0
LOOKED_AGAIN_SECONDS = 60.0
"""A token may name a key that is new: the provider is asked for its keys no oftener than this."""
_OK, _BAD_REQUEST = 200, 400

log = structlog.get_logger(__name__)


@dataclass
class _Learnt:
    """What is known of one provider, and since when."""

    found: Discovered | None = None
    found_at: float = 0.0
    keys: list[Key] = field(default_factory=list)
    keys_at: float = float("-inf")
    busy: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))


@dataclass(frozen=True, slots=True)
class Brought:
    """By what a provider gives the person's token out."""

    code: str = field(repr=False)
    verifier: str = field(repr=False)
    back: str
    """The address to which the code was brought: the same as it was asked for."""


class Providers:
    """Of one process: what it has learnt of each provider is forgotten with it."""

    def __init__(
        self, patience: float = PATIENCE_SECONDS, looked_again: float = LOOKED_AGAIN_SECONDS
    ) -> None:
        """Times are seconds."""
        self._patience, self._looked_again = patience, looked_again
        self._learnt: dict[str, _Learnt] = {}

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        return gateway_client()

    async def close(self) -> None:
        if "_client" in vars(self):
            await self._client.aclose()

    async def look(self, issuer: str) -> Discovered:
        """What the provider says of itself now, for the operator who registers it."""
        discovery.require_issuer(issuer)
        status, document = await self._answered(issuer, "GET", issuer.rstrip("/") + discovery.WELL_KNOWN)
        if status != _OK:
            raise _away(issuer, f"its discovery document answers {status}")
        return discovery.read(document, issuer)

    async def known(self, provider: Provider) -> Discovered:
        """The same, remembered for an hour; no other host than those that the operator saw."""
        learnt = self._of(provider.issuer)
        if learnt.found is None or time.monotonic() - learnt.found_at > REMEMBERED_SECONDS:
            try:
                learnt.found = await self.look(provider.issuer)
            except ProviderDoesNotFit as unfit:
                raise _away(provider.issuer, f"its {unfit.facts['why']} does not fit") from None
            learnt.found_at = time.monotonic()
        if not learnt.found.hosts <= provider.hosts:
            raise _away(provider.issuer, "it names a host that the operator has not seen")
        return learnt.found

    async def id_token(self, provider: Provider, found: Discovered, brought: Brought) -> str:
        """What the provider gives for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": brought.code,
            "redirect_uri": brought.back,
            "code_verifier": brought.verifier,
        }
        name, secret = provider.client_id, provider.secret.reveal()
        if found.by_header:  # RFC 6749 2.3.1: each is encoded as in a form
            by = httpx.BasicAuth(quote(name, safe=""), quote(secret, safe=""))
        else:
            by, form = None, form | {"client_id": name, "client_secret": secret}
        status, document = await self._answered(provider.issuer, "POST", found.token, form, by)
        if status == _BAD_REQUEST and document.get("error") == "invalid_grant":
            raise ReturnUnknown
        if status != _OK:
            raise _away(provider.issuer, f"its token endpoint answers {status}")
        token = document.get("id_token")
        if not isinstance(token, str):
            raise NotBelieved(why="id_token")
        return token

    async def keys(self, provider: Provider, found: Discovered, token: str) -> list[Key]:
        """The provider's keys, remembered for an hour; asked for again where `token` names none of them."""
        learnt, named = self._of(provider.issuer), id_token.key_named(token)
        age = time.monotonic() - learnt.keys_at
        missing = not named.among(learnt.keys) and age > self._looked_again
        if missing or age > REMEMBERED_SECONDS:
            status, document = await self._answered(provider.issuer, "GET", found.jwks)
            if status != _OK:
                raise _away(provider.issuer, f"its keys answer {status}")
            learnt.keys, learnt.keys_at = id_token.read_keys(document), time.monotonic()
        return learnt.keys

    def _of(self, issuer: str) -> _Learnt:
        return self._learnt.setdefault(issuer, _Learnt())

    async def _answered(
        self,
        issuer: str,
        method: str,
        address: str,
        form: dict[str, str] | None = None,
        by: httpx.BasicAuth | None = None,
    ) -> tuple[int, JsonObject]:
        """Status and document of one call, whole and in time, or ProviderAway."""
        busy = self._of(issuer).busy
        if busy.locked():
            raise _away(issuer, "it is asked too much already")
        plain = {"accept": "application/json", "accept-encoding": "identity"}
        async with busy:
            with _failing(issuer):
                async with (
                    asyncio.timeout(self._patience),
                    self._client.stream(method, address, data=form, headers=plain, auth=by) as answer,
                ):
                    return answer.status_code, await _read(issuer, answer)


async def _read(issuer: str, answer: httpx.Response) -> JsonObject:
    if "content-encoding" in answer.headers:
        raise _away(issuer, "its answer is packed")
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > LONGEST_BYTES:
            raise _away(issuer, "its answer is too long")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise _away(issuer, f"it answers {answer.status_code} without a document")
    return document


@contextmanager
def _failing(issuer: str) -> Iterator[None]:
    """The network's trouble; the error may hold the request, and the request the secret."""
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as trouble:
        raise _away(issuer, type(trouble).__name__) from None


def _away(issuer: str, why: str) -> ProviderAway:
    log.warning("provider away", issuer=issuer, why=why)
    return ProviderAway()
