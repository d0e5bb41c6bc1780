"""An OpenID provider on the loopback that keeps to the specification, and breaks it where a test says so.

It signs in whoever its `subject` is, without asking; it holds a client to its secret, its address, its code
(once) and its verifier, as a provider has to. What it says and does may be changed while it serves.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.peers.serving import Serving

CLIENT, SECRET = "saikne & co", "noslēpums: 100%"
Sign = Callable[[dict[str, Any]], str]


@dataclass
class Answering:
    """One way of answering a request of the hub's."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    before_seconds: float = 0.0
    body: Callable[[bytes], bytes] = bytes


@dataclass
class OpenIdProvider(Serving):
    subject: str = "darbinieks-7"
    says: dict[str, Any] = field(default_factory=dict)
    """In its discovery document, in the place of what it would say."""
    claims: dict[str, Any] = field(default_factory=dict)
    """The same of its tokens; None leaves a claim out."""
    back: dict[str, str | None] = field(default_factory=dict)
    """The same of what a browser brings back."""
    sign: Sign | None = None
    answering: dict[str, Answering] = field(default_factory=dict)
    """By path."""
    asked: list[str] = field(default_factory=list)
    """Paths, as they were asked for."""
    wished: list[dict[str, str]] = field(default_factory=list)
    """What browsers were sent with."""

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, parameters={"kid": "pirmā", "use": "sig"})
        self.codes: dict[str, dict[str, str]] = {}

    def __enter__(self) -> Self:
        self.serve(_handler(self))
        return self

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def discovery(self) -> dict[str, Any]:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?realm=ligzda",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return without_nothing(said | self.says)

    def authorize(self, wished: dict[str, str]) -> str:
        """Where the browser goes back to; nobody is asked anything."""
        self.wished.append(wished)
        code = secrets.token_urlsafe(24)
        self.codes[code] = wished
        said: dict[str, str | None] = {"code": code, "state": wished["state"], "iss": self.issuer}
        return f"{wished['redirect_uri']}?{urlencode(without_nothing(said | self.back))}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """RFC 6749 4.1.3, RFC 7636 4.6."""
        if self.says.get("token_endpoint_auth_methods_supported"):
            shown = form.get("client_id"), form.get("client_secret")
        else:
            name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
            shown = unquote(name), unquote(secret)
        if shown != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        wished = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            wished is None
            or wished["code_challenge"] != challenge
            or wished["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        claims = without_nothing(self.usual_claims(wished["nonce"]) | self.claims)
        token = self.sign(claims) if self.sign else self.signed(claims)
        return 200, {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": token}

    def usual_claims(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        return {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": nonce,
        }

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)


def without_nothing(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


def _handler(provider: OpenIdProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(_fields(parts.query)))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            found = {"/jwks": provider.keys, "/.well-known/openid-configuration": provider.discovery()}
            self._answer(parts.path, 200, found[parts.path])

        def do_POST(self) -> None:
            form = _fields(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer(self.path, *provider.token(form, self.headers.get("Authorization", "")))

        def _answer(self, path: str, status: int, document: dict[str, Any]) -> None:
            provider.asked.append(path)
            how = provider.answering.get(path, Answering(status))
            body = how.body(json.dumps(document).encode())
            time.sleep(how.before_seconds)
            try:
                self.send_response(how.status)
                for name, value in how.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:  # the hub has heard enough
                self.close_connection = True

    return Handler


def _fields(said: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(said, keep_blank_values=True).items()}


def under_the_public_key(key: RSAKey) -> Sign:
    """The oldest trick (RFC 8725 2.1): the public key taken for the secret of a code."""

    def sign(claims: dict[str, Any]) -> str:
        public = key.as_pem(private=False)
        head = part({"alg": "HS256", "kid": key.kid})
        signed = f"{head}.{part(claims)}"
        code = hmac.digest(public, signed.encode(), "sha256")
        return f"{signed}.{base64.urlsafe_b64encode(code).rstrip(b'=').decode()}"

    return sign


def unsigned(claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none'})}.{part(claims)}."


def part(said: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
