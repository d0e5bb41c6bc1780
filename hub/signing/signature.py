"""When a request counts as signed: one RFC 9421 signature over exactly what makes up the request, and fresh.

Source: security.md 2; RFC 9421, RFC 9530. Label `saikne`, tag `saikne-request-1`, six components in one
order, six parameters. Structured fields are read by `http_sf`; the base is built here, because with one
fixed coverage that is six lines, and costs a third of the general library's (a test holds both equal).
Does not know whether a nonce was used before, nor whether the key may be used: `access.caller` asks that.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import http_sf

from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Refusal
from hub.signing.public_key import NotAPublicKey, PublicKey, Unproved, public_key

LABEL = "saikne"
TAG = "saikne-request-1"
COVERED = ("@method", "@target-uri", "authorization", "dpop", "content-type", "content-digest")
PARAMETERS = frozenset({"created", "expires", "nonce", "keyid", "alg", "tag"})
OLDEST = timedelta(seconds=60)
AHEAD = timedelta(seconds=10)
"""A sender's clock may run this far ahead."""

_COMPONENTS = "(" + " ".join(f'"{name}"' for name in COVERED) + ")"
ACCEPT_SIGNATURE = f'{LABEL}={_COMPONENTS};created;expires;nonce;keyid;alg;tag="{TAG}"'
"""RFC 9421 5.1: what a refused caller is told to sign."""

_LONGEST = {
    "signature-input": 1024,
    "signature": 256,
    "authorization": 4096 + len("DPoP "),
    "dpop": 4096,
    "content-type": 128,
    "content-digest": 256,
}
_TARGET_AT_MOST = 4096
_NONCE = re.compile(r"[!#-\[\]-~]{16,64}")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_SECONDS = 10_000_000_000  # the year 2286: later moments are not times


class SignatureRefused(Refusal):
    """The request is not signed as every call that changes something must be."""


class SignatureMissing(SignatureRefused):
    code = "signing.missing"


class SignatureMalformed(SignatureRefused):
    code = "signing.malformed"


class WrongCoverage(SignatureRefused):
    code = "signing.wrong-coverage"


class WrongAlgorithm(SignatureRefused):
    code = "signing.wrong-algorithm"


class SignatureExpired(SignatureRefused):
    code = "signing.expired"


class SignatureFromTheFuture(SignatureRefused):
    code = "signing.not-yet-valid"


class UnknownKey(SignatureRefused):
    code = "signing.unknown-key"


class SignatureInvalid(SignatureRefused):
    code = "signing.invalid"


class SignatureReplayed(SignatureRefused):
    code = "signing.replayed"


class DigestMismatch(Refusal):
    code = "signing.digest-mismatch"


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A request without its body. `target` comes from the hub's configuration, never from Host."""

    method: str
    target: str
    headers: Sequence[tuple[bytes, bytes]]
    """As received: lower-case names, repeated fields as they came."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """What a signature covers. The body is still to be compared with `digest`."""

    signature_base: bytes
    signature: bytes
    key_id: str
    alg: str
    nonce: str
    created: datetime
    expires: datetime
    digest: bytes
    """SHA-256 that the body must have."""
    public_jwk: dict[str, str]


def read(
    head: RequestHead, key_of: Callable[[str], PublicKey | None], now: datetime
) -> tuple[SignedHead, Unproved]:
    """What a request says is signed, its body still unread; `key_of` finds a key by its id.

    The arithmetic is still to be done: until then nothing is signed.
    """
    fields = {name: _field(head.headers, name) for name in _LONGEST}
    parameters = _signature_input(fields["signature-input"])
    signature = _signature(fields["signature"])
    created, expires = _times(parameters, now)
    digest = _digest(fields["content-digest"])
    base = _base(head, fields, parameters)
    key_id, alg = parameters["keyid"], parameters["alg"]
    if not _KEY_ID.fullmatch(key_id) or (key := key_of(key_id)) is None:
        raise UnknownKey
    if alg != key.algorithm:
        raise WrongAlgorithm
    nonce = parameters["nonce"]
    signed = SignedHead(base, signature, key_id, alg, nonce, created, expires, digest, key.jwk())
    return signed, Unproved(key, signature, base, SignatureInvalid())


def verify_body(head: SignedHead, body: bytes) -> None:
    if not hmac.compare_digest(hashlib.sha256(body).digest(), head.digest):
        raise DigestMismatch


def verify_record(
    *, signature_base: bytes, signature: bytes, public_jwk: JsonObject, manifest: bytes
) -> dict[str, str]:
    """Prove a stored statement from its record alone, years later; the covered values, by component.

    Needs neither database nor network. Raises SignatureInvalid or DigestMismatch.
    """
    try:
        key = public_key(public_jwk)
        lines = [line.split(": ", 1) for line in signature_base.decode("ascii").split("\n")]
        covered = {name.removeprefix('"').removesuffix('"'): value for name, value in lines}
    except (NotAPublicKey, ValueError) as error:
        raise SignatureInvalid from error
    if public_jwk.get("kid", key.key_id) != key.key_id or tuple(covered) != (*COVERED, "@signature-params"):
        raise SignatureInvalid
    parameters = covered["@signature-params"]
    if f';keyid="{key.key_id}"' not in parameters or f';alg="{key.algorithm}"' not in parameters:
        raise SignatureInvalid
    if not key.verify(signature, signature_base):
        raise SignatureInvalid
    if not hmac.compare_digest(hashlib.sha256(manifest).digest(), _digest(covered["content-digest"])):
        raise DigestMismatch
    return covered


def _field(headers: Sequence[tuple[bytes, bytes]], name: str) -> str:
    """The one value of a field; a repeated, over-long or unprintable one is refused."""
    key = name.encode()
    values = [value for field, value in headers if field == key]
    if not values:
        raise SignatureMissing(field=name)
    text = values[0].decode("latin-1").strip(" \t")
    if len(values) > 1 or len(text) > _LONGEST[name] or not (text.isascii() and text.isprintable()):
        raise SignatureMalformed(field=name)
    return text


def _dictionary(name: str, value: str) -> Any:
    """The single member labelled `saikne` of a structured dictionary."""

    def refuse(_key: str, _context: str) -> None:
        raise SignatureMalformed(field=name)

    try:
        members: Any = http_sf.parse(value.encode(), tltype="dictionary", on_duplicate_key=refuse)
    except (ValueError, TypeError, RecursionError) as error:
        raise SignatureMalformed(field=name) from error
    if list(members) != [LABEL]:
        raise WrongCoverage(field=name)
    return members[LABEL]


def _signature_input(value: str) -> JsonObject:
    """The signature's parameters in their order, once coverage and types are right."""
    components, parameters = _dictionary("signature-input", value)
    if not isinstance(components, list) or [item for item in components if item[1]]:
        raise WrongCoverage(field="signature-input")
    names = tuple(name for name, _ in components)
    if names != COVERED or not all(type(name) is str for name in names):
        raise WrongCoverage(field="signature-input")
    texts = [parameters.get(name) for name in ("nonce", "keyid", "alg", "tag")]
    times = [parameters.get(name) for name in ("created", "expires")]
    if set(parameters) != PARAMETERS or parameters["tag"] != TAG:
        raise WrongCoverage(field="signature-input")
    if not all(type(text) is str for text in texts) or not all(type(time) is int for time in times):
        raise SignatureMalformed(field="signature-input")
    if not _NONCE.fullmatch(parameters["nonce"]):
        raise SignatureMalformed(field="signature-input")
    if parameters["alg"] not in {"ed25519", "ecdsa-p256-sha256"}:
        raise WrongAlgorithm
    return dict(parameters)


def _signature(value: str) -> bytes:
    signature, parameters = _dictionary("signature", value)
    if not isinstance(signature, bytes) or parameters:
        raise SignatureMalformed(field="signature")
    return signature


def _times(parameters: JsonObject, now: datetime) -> tuple[datetime, datetime]:
    if not 0 < parameters["created"] < parameters["expires"] < _SECONDS:
        raise SignatureMalformed(field="signature-input")
    created = datetime.fromtimestamp(parameters["created"], UTC)
    expires = datetime.fromtimestamp(parameters["expires"], UTC)
    if expires - created > OLDEST:
        raise WrongCoverage(field="expires")
    if created > now + AHEAD:
        raise SignatureFromTheFuture
    if now > created + OLDEST or now > expires:
        raise SignatureExpired
    return created, expires


def _digest(value: str) -> bytes:
    """RFC 9530 with SHA-256 and nothing else: a second digest would be a second truth."""
    found = _DIGEST.fullmatch(value)
    if found is None:
        raise SignatureMalformed(field="content-digest")
    try:
        return base64.b64decode(found[1], validate=True)
    except ValueError as error:
        raise SignatureMalformed(field="content-digest") from error


def _base(head: RequestHead, fields: dict[str, str], parameters: JsonObject) -> bytes:
    """RFC 9421 2.5. Every text in `parameters` was checked to need no escape."""
    target_is_plain = head.target.isascii() and head.target.isprintable() and " " not in head.target
    if not target_is_plain or len(head.target) > _TARGET_AT_MOST or not head.method.isupper():
        raise SignatureMalformed(field="@target-uri")
    derived = {"@method": head.method, "@target-uri": head.target}
    signed_with = "".join(
        f";{name}={value}" if isinstance(value, int) else f';{name}="{value}"'
        for name, value in parameters.items()
    )
    lines = [f'"{name}": {derived.get(name) or fields[name]}' for name in COVERED]
    return "\n".join((*lines, f'"@signature-params": {_COMPONENTS}{signed_with}')).encode("ascii")
