"""A push service on the loopback, by TLS, and browsers subscribed to it: RFC 8030, 8291, 8292 as they stand.

It holds a sender to its time to live, to the key that a subscription was made with, to its own address in the
sender's token, and to 4,096 bytes; it keeps what it gets, and answers otherwise where a test says so. What a
browser reads is opened by another implementation of RFC 8291 than the hub's.
"""

import base64
import json
import re
import secrets
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Self

import http_ece
import httpx
import trustme
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from tests.peers.serving import Serving

LARGEST = 4096
A_DAY = 86_400


def b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Pushed:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    answered: int


@dataclass
class SubscribedBrowser:
    """Somebody's browser that has let the hub push to it."""

    endpoint: str
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def path(self) -> str:
        return "/" + self.endpoint.split("/", 3)[3]

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def json(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON` writes it."""
        keys = {"p256dh": b64url(self.point), "auth": b64url(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    def opened(self, message: Pushed) -> bytes:
        """What the message says, padding and all taken off."""
        opened: bytes = http_ece.decrypt(
            message.body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"
        )
        return opened

    def read(self, message: Pushed) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.opened(message))
        return said


@dataclass
class PushService(Serving):
    next: list[int] = field(default_factory=list)
    """How the next messages are answered; after that as they deserve."""
    pushed: list[Pushed] = field(default_factory=list)
    now: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        self._keys: dict[str, bytes] = {}
        self._authority = trustme.CA()

    def __enter__(self) -> Self:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("localhost").configure_cert(context)
        self.serve(_handler(self), context)
        return self

    @property
    def host(self) -> str:
        """As an operator lets it be called."""
        return f"localhost:{self._server.server_port}"

    def client(self) -> httpx.AsyncClient:
        """Which believes this service's certificate, and is the hub's otherwise."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._authority.configure_trust(context)
        return httpx.AsyncClient(verify=context, trust_env=False, follow_redirects=False, timeout=15)

    def subscribe(self, shown: str) -> SubscribedBrowser:
        """`shown`: the hub's key as its page shows it (`applicationServerKey`)."""
        browser = SubscribedBrowser(f"https://{self.host}/push/{secrets.token_urlsafe(24)}")
        self._keys[browser.path] = raw_of(shown)
        return browser

    def unsubscribe(self, browser: SubscribedBrowser) -> None:
        del self._keys[browser.path]

    def judge(self, path: str, headers: dict[str, str], body: bytes) -> int:
        if self.next:
            return self.next.pop(0)
        if (key := self._keys.get(path)) is None:
            return 410
        topic = headers.get("topic", "")
        if (
            not headers.get("ttl", "").isdecimal()
            or headers.get("content-encoding") != "aes128gcm"
            or headers.get("urgency") not in {"very-low", "low", "normal", "high"}
            or not re.fullmatch(r"[A-Za-z0-9_-]{0,32}", topic)
        ):
            return 400
        if len(body) > LARGEST:
            return 413
        return 201 if self._known(headers.get("authorization", ""), key) else 403

    def _known(self, said: str, key: bytes) -> bool:
        """Whether the sender's token is for here, soon over, and by the subscription's own key (RFC 8292)."""
        scheme, _, words = said.partition(" ")
        given = dict(word.strip().split("=", 1) for word in words.split(","))
        if scheme != "vapid" or raw_of(given["k"]) != key:
            return False
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key)
        try:
            claims = jwt.decode(given["t"], ECKey.import_key(public), algorithms=["ES256"]).claims
        except JoseError:
            return False
        left = claims["exp"] - self.now()
        return claims["aud"] == f"https://{self.host}" and 0 < left <= A_DAY and ":" in claims["sub"]


def _handler(service: PushService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            status = service.judge(self.path, headers, body)
            service.pushed.append(Pushed(self.path, headers, body, status))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if status in {301, 302, 307}:
                self.send_header("Location", f"https://{service.host}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    return Handler
