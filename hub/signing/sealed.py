"""What a seal looks like from outside: to which key, by which algorithms, and nothing else in clear.

To the hub it is ciphertext. Its head is not: it holds what the agreed algorithms need and no member beside
it, so that no name can stand there. Source: RFC 7516; domain 3.3; security.md 4.
"""

from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter

from saikne_schemas import reading
from saikne_schemas.register_entries import Sealed

_SEALED = TypeAdapter(Sealed)
_Coordinate = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]


class NotASeal(ValueError):  # noqa: N818  # says what it is
    """Not a compact JWE by the algorithms that are agreed on, of the kind that was asked for."""


@dataclass(frozen=True, slots=True)
class Seal:
    text: str
    kid: str
    """As it says itself: a thumbprint's length, and whose key it is has to be looked up."""


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
    kid: _Coordinate
    epk: _Ephemeral


def read_seal(body: bytes, kind: str) -> Seal:
    """The seal as text, where it is one of this `typ`; agreed on directly, it holds no key of its own."""
    try:
        text = _SEALED.validate_python(body.decode("ascii"))
        head, inner_key, *_ = text.split(".")
        said = urlsafe_b64decode(head + "=" * (-len(head) % 4))
        found = reading.read(_Head, said)
    except (ValueError, NotBase64):
        raise NotASeal from None
    if found.typ != kind or inner_key:
        raise NotASeal
    return Seal(text, found.kid)
