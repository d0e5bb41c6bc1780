"""A simulated hub on loopback: real HTTP, tokens, proofs and signatures; its exchanges live in memory.

It verifies what a client sends with libraries that are not the client's own code, remembers what it saw, and
fails on demand: busy, connection reset, answer lost after the deed, download cut short.
"""

import base64
import hashlib
import json
import socket
import ssl
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver, algorithms

from hub.access.authorization import NOT_PROVED
from saikne import jws
from saikne.credentials import Credentials
from saikne.enrolment import CentreKeys
from saikne.keys import CentreKey
from saikne.signatures import COVERED, TAG
from saikne_schemas.enrolment import KeyUse
from tests.client.archives import signature_base
from tests.client.exchange_peer import ExchangePeer, Refused
from tests.client.register_peer import RegisterPeer

NOT_LET_IN = "oauth.invalid_client"
REGISTER_PATHS = ("/v1/regist", "/v1/family-moves/")
ISSUER_KEY = CentreKey.generate(KeyUse.SIGNING)


@dataclass
class Fault:
    """What goes wrong with the next calls to a path that ends so."""

    path_end: str
    kind: str
    """busy, reset, lost; in the midst of an answer: cut, killed, silent; and chunked, which is none"""
    times: int = 1
    retry_after: str | None = None
    status: int = 503
    after_bytes: int = 0
    hung_up: threading.Event = field(default_factory=threading.Event)
    """The caller did, while we were silent."""


@dataclass
class Seen:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    nonce: str | None = None


@dataclass
class HubPeer:
    url: str = ""
    exchanges: dict[UUID, ExchangePeer] = field(default_factory=dict)
    duties: list[dict[str, Any]] = field(default_factory=list)
    names: dict[UUID, str] = field(default_factory=dict)
    oauth_keys: dict[str, list[CentreKey]] = field(default_factory=dict)
    signing_keys: dict[str, CentreKey] = field(default_factory=dict)
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Access token: centre and the thumbprint of the proof key."""
    courts: list[dict[str, Any]] = field(default_factory=list)
    matters: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By their addresses: what every party is shown there."""
    register: RegisterPeer = field(default_factory=RegisterPeer)
    faults: list[Fault] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    nonces: set[str] = field(default_factory=set)
    token_seconds: int = 300
    lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, name: str, keys: CentreKeys | None = None, centre: UUID | None = None) -> Credentials:
        centre, keys = centre or uuid4(), keys or CentreKeys.generate()
        self.names[centre] = name
        self.oauth_keys[str(centre)] = [keys.oauth]
        self.signing_keys[keys.signing.kid] = keys.signing
        return Credentials(self.url, centre, keys.oauth, keys.signing)

    def calls(self, method: str, path_end: str) -> list[Seen]:
        return [
            one
            for one in self.seen
            if one.method == method and one.target.partition("?")[0].endswith(path_end)
        ]

    def fault_for(self, path: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if path.endswith(fault.path_end) and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None

    def sign(self, kind: str, payload: dict[str, Any]) -> str:
        return jws.compact({"typ": kind, "kid": ISSUER_KEY.kid}, json.dumps(payload).encode(), ISSUER_KEY)


@contextmanager
def running_hub(tls: ssl.SSLContext | None = None) -> Iterator[HubPeer]:
    peer = HubPeer()

    class Handler(_Handler):
        hub = peer

    server = _Server(("127.0.0.1", 0), Handler)
    peer.url = f"http://127.0.0.1:{server.server_port}"
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        peer.url = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hung up is part of the story; anything else is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    hub: HubPeer
    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        fault = self.hub.fault_for(parts.path)
        if fault and fault.kind == "reset":
            self._reset()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, body)
        self.hub.seen.append(seen)
        if fault and fault.kind == "busy":
            extra = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
            self._problem(fault.status, "database.unavailable", extra)
            return
        try:
            answer = self._answer(
                parts.path, {name: " ".join(said) for name, said in parse_qs(parts.query).items()}, seen
            )
        except Refused as refused:
            if refused.code == NOT_LET_IN:
                told = {"error": "invalid_client", "error_description": NOT_PROVED}
                self._send(refused.status, json.dumps(told).encode(), {"Content-Type": "application/json"})
            else:
                self._problem(refused.status, refused.code)
            return
        if fault and fault.kind == "lost":
            self._reset()
        elif isinstance(answer, bytes):
            self._send_range(answer, fault)
        else:
            self._send_json(answer)

    def _answer(self, path: str, query: dict[str, str], seen: Seen) -> Any:
        if path == "/oauth/token":
            return self._token(seen)
        if path == "/oauth/jwks":
            return {
                "keys": [{**ISSUER_KEY.public_jwk(), "kid": ISSUER_KEY.kid, "alg": "EdDSA", "use": "sig"}]
            }
        centre = UUID(self._caller(seen))
        if seen.method != "GET":
            self._signed(seen)
        if path in {"/v1/centres", "/v1/outside-centres"}:
            known = self.hub.names if path == "/v1/centres" else {}
            return [_centre(identity, name) for identity, name in known.items()]
        if path == "/v1/courts":
            return self._courts(query)
        if path in self.hub.matters:
            return self.hub.matters[path]
        of_register = path.startswith(REGISTER_PATHS)
        answer = self.hub.register.answer_call if of_register else self._exchanges
        return answer(centre, path, query, seen)

    def _courts(self, query: dict[str, str]) -> Any:
        wanted = query.get("territory")
        found = [one for one in self.hub.courts if wanted in {None, *(t["code"] for t in one["territories"])}]
        if wanted is not None and not found:
            raise Refused(404, "transfers.territory-unknown")
        return found

    def _exchanges(self, centre: UUID, path: str, query: dict[str, str], seen: Seen) -> Any:
        if path == "/v1/exchanges" and seen.method == "POST":
            return ExchangePeer.begin(self.hub, seen).accepted
        if path == "/v1/exchanges":
            return self._page(
                [one.side(centre) for one in self.hub.exchanges.values() if one.fits(centre, query)], query
            )
        if path == "/v1/overdue":
            late = [one.overdue(centre) for one in self.hub.exchanges.values() if one.late]
            return self._page(late, query) | {"today": datetime.now(UTC).date().isoformat()}
        if path == "/v1/duties":
            return self._page([one for one in self.hub.duties if _wished(one, query)], query)
        if path == "/v1/numbers":
            return self._numbers(centre, query["begins"])
        _, _, _, identity, *rest = path.split("/")
        exchange = self.hub.exchanges.get(UUID(identity))
        if exchange is None or centre not in exchange.sides:
            raise Refused(404, "exchange.not-found")
        return exchange.answer_call(centre, rest, seen)

    def _numbers(self, centre: UUID, begins: str) -> list[dict[str, str]]:
        own = [one for one, exchange in self.hub.exchanges.items() if centre in exchange.sides]
        return [{"id": str(one), "workflow": "copies"} for one in own if one.hex.startswith(begins)]

    def _page(self, items: list[Any], query: dict[str, str]) -> dict[str, Any]:
        start, limit = int(query.get("cursor", 0)), int(query.get("limit", 50))
        following = start + limit
        return {"items": items[start:following], "next": str(following) if following < len(items) else None}

    def _token(self, seen: Seen) -> dict[str, Any]:
        form = dict(parse_qsl(seen.body.decode()))
        header, claims = _unpacked(form["client_assertion"])
        keys = [key for key in self.hub.oauth_keys.get(claims["sub"], []) if key.kid == header["kid"]]
        if not keys or claims["aud"] != self.hub.url or claims["exp"] - claims["iat"] > 300:
            raise Refused(401, NOT_LET_IN)
        _verify(form["client_assertion"], keys[0])
        token = str(uuid4())
        self.hub.tokens[token] = (claims["sub"], self._proof(seen, None))
        return {"access_token": token, "token_type": "DPoP", "expires_in": self.hub.token_seconds}

    def _caller(self, seen: Seen) -> str:
        scheme, _, token = seen.headers.get("authorization", "").partition(" ")
        known = self.hub.tokens.get(token)
        if scheme != "DPoP" or known is None or self._proof(seen, token) != known[1]:
            raise Refused(401, "access.token-invalid")
        return known[0]

    def _proof(self, seen: Seen, token: str | None) -> str:
        """Verify the DPoP proof; its key's thumbprint."""
        proof = seen.headers["dpop"]
        header, claims = _unpacked(proof)
        key = CentreKey(KeyUse.OAUTH, jws.KeySet.import_key_set({"keys": [header["jwk"]]}).keys[0])  # type: ignore[arg-type, attr-defined]
        _verify(proof, key)
        ath = None if token is None else _b64(hashlib.sha256(token.encode()).digest())
        expected = ("dpop+jwt", seen.method, self.hub.url + seen.target.partition("?")[0], ath)
        fresh = (
            abs(claims["iat"] - datetime.now(UTC).timestamp()) < 60 and claims["jti"] not in self.hub.nonces
        )
        self.hub.nonces.add(claims["jti"])
        if (header["typ"], claims["htm"], claims["htu"], claims.get("ath")) != expected or not fresh:
            raise Refused(401, "access.proof-invalid")
        return key.kid

    def _signed(self, seen: Seen) -> None:
        verifier = HTTPMessageVerifier(
            signature_algorithm=algorithms.ED25519,
            key_resolver=MappingKeyResolver(
                public_keys={kid: key.private_key.public_key() for kid, key in self.hub.signing_keys.items()},
                private_keys={},
            ),
        )
        message = _Message(seen.method, self.hub.url + seen.target, seen.headers)
        (result,) = verifier.verify(
            message, max_age=timedelta(seconds=60), expect_tag=TAG, require_components=COVERED
        )
        digest = base64.b64encode(hashlib.sha256(seen.body).digest()).decode()
        seen.nonce = str(result.nonce)
        if seen.nonce in self.hub.nonces:
            raise Refused(401, "signing.replayed")
        if seen.headers["content-digest"] != f"sha-256=:{digest}:":
            raise Refused(422, "signing.digest-mismatch")
        self.hub.nonces.add(seen.nonce)
        seen.headers["x-base"] = base64.b64encode(
            signature_base(seen.method, message.url, seen.headers)
        ).decode()
        seen.headers["x-key"] = str(result.parameters["keyid"])

    def _send_json(self, answer: Any) -> None:
        self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    def _problem(self, status: int, code: str, extra: dict[str, str] | None = None) -> None:
        language = self.headers.get("Accept-Language", "")
        body = {"type": f"/problems/{code}", "title": f"{code} ({language})", "status": status, "code": code}
        headers = {"Content-Type": "application/problem+json"} | (extra or {})
        self._send(status, json.dumps(body | {"detail": "What to do next.", "why": "test"}).encode(), headers)

    def _send_range(self, content: bytes, fault: Fault | None) -> None:
        asked = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-")
        start = int(asked)
        self.send_response(206 if start else 200)
        if fault and fault.kind == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(content) - start, content[start:]))
            return
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if fault is None:
            self.wfile.write(content[start:])
            return
        self.close_connection = True
        with suppress(ConnectionError, ssl.SSLError):
            self.wfile.write(content[start : start + fault.after_bytes])
            self.wfile.flush()
            if fault.kind == "silent":
                self.connection.recv(1)
        fault.hung_up.set()
        if fault.kind == "killed":
            self._reset()

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """Close with a TCP reset, as a killed server's machine does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RD)
        self.close_connection = True


@dataclass
class _Message:
    method: str
    url: str
    headers: dict[str, str]


def _unpacked(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    header, payload, _ = (
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")
    )
    return json.loads(header), json.loads(payload)


def _verify(token: str, key: CentreKey) -> None:
    """By cryptography alone; raises if the signature does not hold."""
    signed, _, signature = token.rpartition(".")
    public = key.private_key.public_key() if key.jose.is_private else key.jose.public_key
    raw, data = base64.urlsafe_b64decode(signature + "=="), signed.encode()
    if isinstance(public, Ed25519PublicKey):
        public.verify(raw, data)
        return
    assert isinstance(public, EllipticCurvePublicKey)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    public.verify(encode_dss_signature(r, s), data, ECDSA(SHA256()))


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _wished(duty: dict[str, Any], query: dict[str, str]) -> bool:
    """As the hub keeps to what is asked of the list of duties."""
    near = duty.get("overdue") or duty["working_days_left"] <= int(query.get("within", 999))
    of_it = duty["stake"] == query.get("stake", duty["stake"])
    return of_it and near and (duty.get("overdue") or "overdue" not in query)


def _centre(identity: UUID, name: str) -> dict[str, str]:
    return {
        "id": str(identity),
        "name": name,
        "legal_entity": name,
        "registration_number": "40008000102",
        "role": "centre",
        "state": "active",
    }
