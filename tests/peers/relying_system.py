"""A centre's own web system on the loopback, into which people come through the hub; on Authlib's client.

It has a key of its own at the hub. Authlib makes its request, its challenge and its assertion, and exchanges
the code; it knows neither pushed requests nor DPoP, so that the request is posted and the proofs are made
here. Nothing here imports `hub`.
"""

import html
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from joserfc.jwk import ECKey

from tests.access.centre_system import CentreSystem

HOST, BACK = "127.0.0.1", "/atpakal"
"""By number, so that for a browser it is another site than the hub."""


class _ForTheIssuer(PrivateKeyJWT):  # type: ignore[misc]  # the library is untyped
    """The hub takes its own name alone as an audience, and minutes; the library means an hour."""

    def sign(self, auth: Any, _endpoint: str) -> str:
        signed: str = private_key_jwt_sign(
            auth.client_secret, auth.client_id, self.token_endpoint, alg="ES256", claims={}, expires_in=60
        )
        return signed


@dataclass
class RelyingSystem:
    centre: CentreSystem
    """Whose it is; its key for proofs is the one that a token is bound to."""
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"))
    port: int = 0
    kept: dict[str, str] = field(default_factory=dict)
    """Verifiers, by the state that was sent."""
    came: list[dict[str, str]] = field(default_factory=list)
    """What browsers brought back."""
    tokens: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def back(self) -> str:
        return f"{self.url}{BACK}"

    def public_key(self) -> dict[str, Any]:
        """For the hub to admit."""
        public: dict[str, Any] = self.key.as_dict(private=False)
        return {**public, "kid": self.key.thumbprint(), "alg": "ES256", "use": "oauth"}

    def client(self) -> Any:
        client = AsyncOAuth2Client(
            client_id=str(self.centre.centre),
            client_secret=self.key,
            token_endpoint_auth_method="private_key_jwt",
            scope="exchange",
            redirect_uri=self.back,
            code_challenge_method="S256",
            trust_env=False,
        )
        client.register_client_auth_method(_ForTheIssuer(self.centre.url))
        return client

    def _proof(self, endpoint: str) -> dict[str, str]:
        return {"DPoP": self.centre.proof("POST", endpoint)}

    async def pushed(self) -> str:
        """Where a browser is sent."""
        hub, verifier = self.centre.url, secrets.token_urlsafe(48)
        async with self.client() as client:
            asked, state = client.create_authorization_url(f"{hub}/oauth/authorize", code_verifier=verifier)
            answer = await client.request(
                "POST",
                f"{hub}/oauth/par",
                data=dict(parse_qsl(urlsplit(asked).query)),
                auth=client.client_auth("private_key_jwt"),
                headers=self._proof(f"{hub}/oauth/par"),
                withhold_token=True,
            )
        answer.raise_for_status()
        self.kept[state] = verifier
        brought = {"client_id": str(self.centre.centre), "request_uri": answer.json()["request_uri"]}
        return f"{hub}/oauth/authorize?{urlencode(brought)}"

    async def taken(self, address: str) -> dict[str, Any]:
        """The token for what a browser has brought; RFC 9207: and from nobody but the hub."""
        hub, said = self.centre.url, dict(parse_qsl(urlsplit(address).query))
        self.came.append(said)
        if said.get("iss") != hub:
            raise OAuthError("mix_up")
        verifier = self.kept.pop(said["state"])
        if "error" in said:
            raise OAuthError(said["error"])
        async with self.client() as client:
            token: dict[str, Any] = await client.fetch_token(
                f"{hub}/oauth/token",
                authorization_response=address,
                state=said["state"],
                redirect_uri=self.back,
                code_verifier=verifier,
                headers={"Accept": "application/json", **self._proof(f"{hub}/oauth/token")},
            )
        self.tokens.append(token)
        return token

    async def who(self, token: str) -> dict[str, Any]:
        """Whom the system has before it, as the hub says."""
        async with self.client() as client:
            answer = await client.introspect_token(f"{self.centre.url}/oauth/introspect", token=token)
        shown: dict[str, Any] = answer.json()
        return shown

    async def _front(self, _: web.Request) -> web.Response:
        return _page("Ligzdas sistēma", '<a href="/ienakt">Ienākt ar Saikni</a>')

    async def _out(self, _: web.Request) -> web.Response:
        raise web.HTTPSeeOther(await self.pushed())

    async def _in(self, request: web.Request) -> web.Response:
        try:
            token = await self.taken(str(request.url))
        except OAuthError as refused:
            return _page("Nav ienākts", html.escape(str(refused.error)))
        shown = await self.who(token["access_token"])
        return _page(f"Labdien, {shown['name']}", html.escape(shown["sub"]))


def _page(title: str, body: str) -> web.Response:
    title = html.escape(title)
    head = f'<title>{title}</title><link rel="icon" href="data:,">'
    whole = f'<!doctype html><html lang="lv">{head}<h1>{title}</h1><p>{body}</p>'
    return web.Response(text=whole, content_type="text/html")


@asynccontextmanager
async def relying_system(centre: CentreSystem) -> AsyncIterator[RelyingSystem]:
    system = RelyingSystem(centre)
    app = web.Application()
    app.router.add_get("/", system._front)
    app.router.add_get("/ienakt", system._out)
    app.router.add_get(BACK, system._in)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    system.port = runner.addresses[0][1]
    try:
        yield system
    finally:
        await runner.cleanup()
