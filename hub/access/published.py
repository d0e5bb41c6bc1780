"""What the two doors of /v1 want to see and may refuse, for the published description of the API.

Source: security.md 1 and 2. The doors themselves are `caller`; what they say in headers is `challenge`. The
OAuth endpoints answer their errors as RFC 6749 has them, not as problem documents.
"""

from hub.access.caller import (
    CentreSuspended,
    CentreUnknown,
    PersonMayNot,
    PersonSuspended,
    ScopeMissing,
    SigningKeyEnded,
    SigningKeyRevoked,
    TokenOfAPerson,
    TooManyCalls,
    TooManyStatements,
)
from hub.access.dpop import ProofInvalid, ProofReplayed
from hub.access.store import MemoryLost
from hub.access.tokens import TokenExpired, TokenInvalid, TokenMissing, TokenRevoked
from hub.kernel.documents import JsonObject
from hub.signing.signature import (
    DigestMismatch,
    SignatureExpired,
    SignatureFromTheFuture,
    SignatureInvalid,
    SignatureMalformed,
    SignatureMissing,
    SignatureReplayed,
    UnknownKey,
    WrongAlgorithm,
    WrongCoverage,
)
from hub.web.openapi import Contract, Door, DoorRules, News, header, open_to_all
from hub.web.strangers import TooManyRefused
from hub.web.turns import TooManyAtOnce

SECURITY: list[JsonObject] = [{"dpop": []}]

_CALLER: tuple[News, ...] = (
    TooManyRefused,
    TokenMissing,
    TokenInvalid,
    TokenExpired,
    TokenRevoked,
    TokenOfAPerson,
    ProofInvalid,
    ProofReplayed,
    CentreUnknown,
    CentreSuspended,
    ScopeMissing,
    PersonMayNot,
    MemoryLost,
    TooManyCalls,
    TooManyAtOnce,
)
_SIGNATURE: tuple[News, ...] = (
    SignatureMissing,
    SignatureMalformed,
    WrongCoverage,
    WrongAlgorithm,
    SignatureExpired,
    SignatureFromTheFuture,
    UnknownKey,
    SigningKeyRevoked,
    SigningKeyEnded,
    PersonSuspended,
    PersonMayNot,
    SignatureInvalid,
    SignatureReplayed,
    DigestMismatch,
    TooManyStatements,
)
_PROOF = header(
    "DPoP",
    "A proof (RFC 9449) made for this very call: `htm`, `htu` without the query, `iat`, `jti`, `ath`.",
    example="eyJ0eXAiOiJkcG9wK2p3dCJ9.eyJodG0iOiJQT1NUIn0.c2lnbmF0dXJl",
)
_SIGNED = [
    header(
        "Content-Digest",
        "SHA-256 of the body (RFC 9530).",
        example="sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
    ),
    header(
        "Signature-Input",
        "RFC 9421, label `saikne`. Covered, in this order: `@method`, `@target-uri`, `authorization`, "
        "`dpop`, `content-type`, `content-digest`; parameters `created`, `expires` (at most 60 seconds "
        "later), `nonce` (at least 16 bytes, never used again), `keyid` (RFC 7638 thumbprint), `alg` "
        "(`ed25519` or `ecdsa-p256-sha256`) and `tag` (`saikne-request-1`).",
        example='saikne=("@method" "@target-uri" "authorization" "dpop" "content-type" "content-digest")'
        ";created=1772443800;expires=1772443860"
        ';nonce="p0FVhqJ2Ks9YbTt3xqgMRw";keyid="kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"'
        ';alg="ed25519";tag="saikne-request-1"',
    ),
    header("Signature", "The signature itself.", example="saikne=:c2lnbmF0dXJl:"),
]
_CHALLENGES = {
    "WWW-Authenticate": {"description": "`DPoP`, with the error.", "schema": {"type": "string"}},
}
_ACCEPT_SIGNATURE = {
    "Accept-Signature": {"description": "What a signature must cover.", "schema": {"type": "string"}},
}

DOORS = {
    Door.OPEN: DoorRules(security=[], refuses=(TooManyRefused,)),
    Door.READING: DoorRules(SECURITY, [_PROOF], _CALLER, _CHALLENGES),
    Door.SIGNED: DoorRules(
        SECURITY, [_PROOF, *_SIGNED], (*_CALLER, *_SIGNATURE), {**_CHALLENGES, **_ACCEPT_SIGNATURE}
    ),
}


def _form(answer: JsonObject, status: int = 200, /, **fields: str) -> Contract:
    """An OAuth endpoint: a form with a client assertion, an answer in JSON."""
    form = {
        **fields,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiLigKYifQ.c2lnbmF0dXJl",
    }
    schema = {
        "type": "object",
        "required": [name for name in form if name not in {"scope", "state"}],
        "properties": {name: {"type": "string"} for name in form},
    }
    return open_to_all(
        takes={"application/x-www-form-urlencoded": {"schema": schema, "example": form}},
        answers={
            str(status): {"content": {"application/json": {"schema": {"type": "object"}, "example": answer}}},
            "400": _oauth_error("invalid_client"),
        },
    )


def _oauth_error(error: str) -> JsonObject:
    body = {"schema": {"type": "object"}, "example": {"error": error}}
    return {"description": "An error as RFC 6749 5.2 has it.", "content": {"application/json": body}}


_TOKEN = "eyJ0eXAiOiJhdCtqd3QifQ.e30.c2lnbmF0dXJl"  # noqa: S105  # an example
TOKEN = _form(
    {"access_token": _TOKEN, "token_type": "DPoP", "expires_in": 300},
    grant_type="client_credentials",
    scope="exchange",
)
PUSH = _form(
    {"request_uri": "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c", "expires_in": 60},
    201,
    response_type="code",
    client_id="5f0c7d2e-8a41-4b6f-9d3c-2e1f0a9b8c7d",
    redirect_uri="https%3A%2F%2Fsistema.centrs.example%2Fatpakal",
    scope="exchange",
    state="af0ifjsldkj",
    code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method="S256",
)
INTROSPECT = _form({"active": True, "scope": "exchange", "token_type": "DPoP"}, token=_TOKEN)
REVOKE = _form({}, token=_TOKEN)
