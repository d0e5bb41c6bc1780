"""What sealed facts look like from outside: to which key, by which algorithms, and nothing else in clear.

Source: method S80; domain 3.3; RFC 7516. To the hub they are ciphertext. The head of a seal is not: it holds
what the agreed algorithms need and no member beside it, so that no name can stand there.
"""

from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter

from hub.kernel.refusal import Refusal
from saikne_schemas import reading
from saikne_schemas.register_entries import SEAL_TYPE, Sealed

_SEALED = TypeAdapter(Sealed)
_Coordinate = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class SealMalformed(Refusal):
    """Not a compact JWE by the algorithms that are agreed on, to the key that was stated."""

    code = "agis.seal-malformed"


class _OnlyThis(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Ephemeral(_OnlyThis):
    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: _Coordinate
    y: _Coordinate


class _Head(_OnlyThis):
    alg: Literal["ECDH-ES"]
    enc: Literal["A256GCM"]
    typ: str
    kid: str
    epk: _Ephemeral


def sealed_facts(body: bytes, kid: str | None) -> str:
    """The seal as text, where it is one to this key; agreed on directly, it holds no key of its own."""
    try:
        facts = _SEALED.validate_python(body.decode("ascii"))
        head, inner_key, *_ = facts.split(".")
        said = urlsafe_b64decode(head + "=" * (-len(head) % 4))
        found = reading.read(_Head, said)
    except (ValueError, NotBase64):
        raise SealMalformed from None
    if (found.kid, found.typ) != (kid, SEAL_TYPE) or inner_key:
        raise SealMalformed
    return facts
