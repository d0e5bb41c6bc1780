"""How a file from a centre proves that it has the private keys whose public halves it names.

A JWS in general JSON form (RFC 7515 7.2.1): each key signs the same payload. Keys are found by `kid` in
protected headers and their one algorithm by the key itself; a header can ask for nothing else.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from hub.kernel.refusal import Refusal
from hub.signing.public_key import PublicKey
from saikne_schemas.brought import Brought, FileFaulty
from saikne_schemas.wire import WireDocument

Document = TypeVar("Document", bound=WireDocument)

LONGEST_BYTES = 64 * 1024
_ALGORITHMS = {"EdDSA": "ed25519", "Ed25519": "ed25519", "ES256": "ecdsa-p256-sha256"}


class FileMalformed(Refusal):
    """Not such a file; `fields` says where it is wrong."""

    code = "centres.file-malformed"


class ProofInvalid(Refusal):
    """A key that the file names did not sign it, or a signature is not what it says."""

    code = "centres.proof-invalid"


class _Header(WireDocument):
    alg: Literal["EdDSA", "Ed25519", "ES256"]
    kid: Annotated[str, Field(max_length=64)]
    typ: Annotated[str, Field(max_length=64)] | None = None


class _Signature(WireDocument):
    protected: Annotated[str, Field(max_length=1000)]
    signature: Annotated[str, Field(max_length=200)]


class _File(WireDocument):
    payload: Annotated[str, Field(max_length=LONGEST_BYTES)]
    signatures: Annotated[list[_Signature], Field(min_length=1, max_length=4)]


@dataclass(frozen=True, slots=True)
class Signature:
    kid: str
    algorithm: str
    value: bytes
    over: bytes


@dataclass(frozen=True, slots=True)
class SignedFile:
    raw: bytes
    """The file as it came: kept as the proof of whose the keys are."""
    payload: bytes
    signatures: tuple[Signature, ...]


def open_file(raw: bytes) -> SignedFile:
    """Take the file apart; nothing in it is proven yet."""
    if len(raw) > LONGEST_BYTES:
        raise FileMalformed(fields=["longer than a file can be"])
    file = _parsed(_File, raw)
    signatures = tuple(_signature(file.payload, signed) for signed in file.signatures)
    return SignedFile(raw, _decoded(file.payload, "payload"), signatures)


def document(file: SignedFile, kind: type[Document]) -> Document:
    """The payload as a document of this kind; still unproven."""
    return _parsed(kind, file.payload)


def prove(file: SignedFile, keys: Iterable[PublicKey], *, others: bool = False) -> None:
    """Every one of `keys` signed the file, once; `others`: signatures by further keys are left unread."""
    wanted = {key.key_id: key for key in keys}
    signed = [signature.kid for signature in file.signatures if signature.kid in wanted]
    if sorted(signed) != sorted(wanted) or not (others or len(signed) == len(file.signatures)):
        raise ProofInvalid(keys=sorted(wanted.keys() - set(signed)))
    for signature in file.signatures:
        key = wanted.get(signature.kid)
        if key is None:
            continue
        if signature.algorithm != key.algorithm or not key.verify(signature.value, signature.over):
            raise ProofInvalid(keys=[key.key_id])


def _signature(payload: str, signed: _Signature) -> Signature:
    header = _parsed(_Header, _decoded(signed.protected, "protected"))
    value = _decoded(signed.signature, "signature")
    over = f"{signed.protected}.{payload}".encode()
    return Signature(header.kid, _ALGORITHMS[header.alg], value, over)


def _parsed(kind: type[Document], raw: bytes) -> Document:
    try:
        return Brought(raw).document(kind)
    except ValidationError as error:
        places = [".".join(str(step) for step in fault["loc"]) or "document" for fault in error.errors()]
        raise FileMalformed(fields=places[:20]) from error
    except FileFaulty as error:
        raise FileMalformed(fields=["document"]) from error


def _decoded(text: str, field: str) -> bytes:
    """Unpadded base64url, and only as RFC 7515 writes it."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise FileMalformed(fields=[field]) from error
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise FileMalformed(fields=[field])
    return data
