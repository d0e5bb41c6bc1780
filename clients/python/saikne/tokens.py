"""How an access token is got and kept: `private_key_jwt`, bound to a DPoP key, renewed in time.

Many calls may want a token at once; whoever carries them out lets one of them fetch it. Source: RFC 7523,
RFC 9449; security.md 1 (audience is the issuer, as one string; assertions live for a minute).
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

from saikne.credentials import Credentials
from saikne.jws import compact
from saikne.problems import problem_of
from saikne.proofs import ProofKey
from saikne.steps import Flow, Need, Request

ASSERTION_SECONDS = 60
RENEW_BEFORE_SECONDS = 30
"""A token is not used in its last seconds, so that it does not end on its way."""

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class _Held:
    value: str
    usable_until: datetime


class Tokens:
    def __init__(self, credentials: Credentials, proofs: ProofKey) -> None:
        self._credentials = credentials
        self._proofs = proofs
        self._held: _Held | None = None

    def held(self) -> Flow[str]:
        """One attempt: the call that needs the token persists, and asks again with each of its own."""
        _, now = yield Need.TIME
        if self._held is None or now >= self._held.usable_until:
            answer, then = yield self._wish(now)
            if not answer.is_success:
                raise problem_of(answer, then)
            granted = answer.json()
            usable = max(granted["expires_in"] - RENEW_BEFORE_SECONDS, granted["expires_in"] / 2)
            self._held = _Held(granted["access_token"], now + timedelta(seconds=usable))
        return self._held.value

    def forget(self, token: str) -> None:
        """The hub did not take this one; the next call fetches another."""
        if self._held is not None and self._held.value == token:
            self._held = None

    def _wish(self, now: datetime) -> Request:
        url = f"{self._credentials.hub}/oauth/token"
        form = {
            "grant_type": "client_credentials",
            "scope": " ".join(self._credentials.scopes),
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": self._assertion(now),
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "DPoP": self._proofs.proof("POST", url, now),
        }
        return Request("POST", url, headers, urlencode(form).encode())

    def _assertion(self, now: datetime) -> str:
        made_at = int(now.timestamp())
        claims = {
            "iss": str(self._credentials.centre),
            "sub": str(self._credentials.centre),
            "aud": self._credentials.hub,
            "jti": str(uuid4()),
            "iat": made_at,
            "exp": made_at + ASSERTION_SECONDS,
        }
        key = self._credentials.oauth_key
        return compact({"kid": key.kid, "typ": "JWT"}, json.dumps(claims).encode(), key)
