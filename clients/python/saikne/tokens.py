"""How an access token is got and kept: `private_key_jwt`, bound to a DPoP key, renewed in time.

Many calls may want a token at once; one of them fetches it and the others wait. Source: RFC 7523, RFC 9449;
security.md 1 (audience is the issuer, as one string; assertions live for a minute).
"""

import asyncio
import json
import time
from dataclasses import dataclass
from uuid import uuid4

import httpx

from saikne.credentials import Credentials
from saikne.jws import compact
from saikne.problems import problem_of, unreachable
from saikne.proofs import ProofKey

ASSERTION_SECONDS = 60
RENEW_BEFORE_SECONDS = 30
"""A token is not used in its last seconds, so that it does not end on its way."""

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class _Held:
    value: str
    usable_until: float


class Tokens:
    def __init__(self, http: httpx.AsyncClient, credentials: Credentials, proofs: ProofKey) -> None:
        self._http = http
        self._credentials = credentials
        self._proofs = proofs
        self._held: _Held | None = None
        self._one_at_a_time = asyncio.Lock()

    async def token(self) -> str:
        """One attempt: the call that needs the token persists, and fetches it again with each of its own."""
        async with self._one_at_a_time:
            if self._held is None or time.monotonic() >= self._held.usable_until:
                self._held = await self._fetch()
            return self._held.value

    def forget(self, token: str) -> None:
        """The hub did not take this one; the next call fetches another."""
        if self._held is not None and self._held.value == token:
            self._held = None

    async def _fetch(self) -> _Held:
        url = f"{self._credentials.hub}/oauth/token"
        form = {
            "grant_type": "client_credentials",
            "scope": " ".join(self._credentials.scopes),
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }
        asked_at = time.monotonic()
        try:
            answer = await self._http.post(url, data=form, headers={"DPoP": self._proofs.proof("POST", url)})
        except httpx.TransportError as error:
            raise unreachable(error) from error
        if not answer.is_success:
            raise problem_of(answer)
        granted = answer.json()
        usable = max(granted["expires_in"] - RENEW_BEFORE_SECONDS, granted["expires_in"] / 2)
        return _Held(granted["access_token"], asked_at + usable)

    def _assertion(self) -> str:
        now = int(time.time())
        claims = {
            "iss": str(self._credentials.centre),
            "sub": str(self._credentials.centre),
            "aud": self._credentials.hub,
            "jti": str(uuid4()),
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        key = self._credentials.oauth_key
        return compact({"kid": key.kid, "typ": "JWT"}, json.dumps(claims).encode(), key)
