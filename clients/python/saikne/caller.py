"""One call to the hub: token, proof, signature where something changes, and another try after an outage.

A 401 under a token from the cache is asked once more under a fresh one: tokens can be revoked or keys rotated
while one is held. Every attempt is signed anew. Decides; `calls` carries out.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

import httpx

from saikne.credentials import Credentials
from saikne.problems import problem_of
from saikne.proofs import ProofKey
from saikne.retries import Patience, persist
from saikne.signatures import content_digest, sign_request
from saikne.steps import FileBody, Flow, Headers, Need, Query, Request
from saikne.tokens import Tokens

Answered = Flow[httpx.Response]


class Caller:
    """A centre as one that calls: what it sends, whose answers it believes."""

    def __init__(self, credentials: Credentials, patience: Patience, language: str) -> None:
        self.hub = credentials.hub
        self.patience = patience
        self._signing_key = credentials.signing_key
        self._proofs = ProofKey()
        self.tokens = Tokens(credentials, self._proofs)
        self._headers = {"Accept-Language": language, "Accept": "application/json"}

    def token(self) -> Flow[str]:
        def attempt(_now: datetime) -> Flow[str]:
            token, _ = yield Need.TOKEN
            return str(token)

        return persist(attempt, self.patience)

    def public(self, path: str) -> Answered:
        """What the hub shows to everybody."""

        def attempt(_now: datetime) -> Answered:
            answer, now = yield Request("GET", self.hub + path, self._headers)
            return accepted(answer, now)

        return persist(attempt, self.patience)

    def read(self, path: str, query: Query | None = None) -> Answered:
        url = str(httpx.URL(self.hub + path, params=query or None))
        return persist(self._attempt("GET", url, {}), self.patience)

    def state(self, path: str, statement: bytes) -> Answered:
        """Send a statement; the same bytes however often it takes."""
        return self._say("POST", path, statement, "application/json")

    def put(self, path: str, content: bytes, media_type: str) -> Answered:
        """Send what a statement announced, whole and by its digest."""
        return self._say("PUT", path, content, media_type)

    def send_file(self, path: str, body: FileBody) -> Answered:
        fields = {
            "Content-Type": body.media_type,
            "Content-Digest": content_digest(body.sha256),
            "Content-Length": str(body.bytes),
        }
        return persist(self._attempt("PUT", self.hub + path, fields, body), self.patience)

    def headers(self, method: str, url: str, token: str, now: datetime, fields: Headers) -> Headers:
        """Of a request under a token, with a fresh proof; signed where it has fields of a body."""
        proof = self._proofs.proof(method, url, now, token)
        headers = self._headers | {"Authorization": f"DPoP {token}", "DPoP": proof} | fields
        if fields:
            sign_request(method, url, headers, self._signing_key, now)
        return headers

    def _say(self, method: str, path: str, content: bytes, media_type: str) -> Answered:
        fields = {
            "Content-Type": media_type,
            "Content-Digest": content_digest(hashlib.sha256(content).digest()),
        }
        return persist(self._attempt(method, self.hub + path, fields, content), self.patience)

    def _attempt(
        self, method: str, url: str, fields: Headers, content: bytes | FileBody | None = None
    ) -> Callable[[datetime], Answered]:
        def sent() -> Flow[tuple[str, httpx.Response, datetime]]:
            token, now = yield Need.TOKEN
            answer, now = yield Request(method, url, self.headers(method, url, token, now, fields), content)
            return token, answer, now

        def attempt(_now: datetime) -> Answered:
            token, answer, now = yield from sent()
            if answer.status_code == HTTPStatus.UNAUTHORIZED:
                self.tokens.forget(token)
                _, answer, now = yield from sent()
            return accepted(answer, now)

        return attempt


def accepted(answer: httpx.Response, now: datetime) -> httpx.Response:
    if not answer.is_success:
        raise problem_of(answer, now)
    return answer
