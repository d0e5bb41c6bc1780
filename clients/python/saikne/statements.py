"""How a statement is composed, and how a stored one is proved without the hub.

A statement is a small JSON document. Its exact bytes are what is signed, sent, kept and compared; they are
made once. Source: design.md 1; security.md 2 (a record that verifies years later from itself alone).
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar, get_args
from uuid import uuid4

from saikne import jws
from saikne.signatures import COVERED, TAG, SignatureNotProved, components_proved, content_digest, thumbprint
from saikne_schemas.views import StatementView
from saikne_schemas.wire import View, WireDocument

Document = TypeVar("Document", bound=WireDocument)

A_co = TypeVar("A_co", covariant=True, bound=View)


class Written(Protocol):
    """A wire document, as far as its bytes go."""

    def model_dump_json(self, *, by_alias: bool | None, exclude_none: bool) -> str: ...


class Sent(Written, Protocol):
    """A statement, which knows its address."""

    @property
    def path(self) -> str: ...


class Taken(Sent, Protocol[A_co]):
    """A statement that is answered by an acceptance, and by which."""

    @property
    def answered_by(self) -> type[A_co]: ...


ACCEPTANCE = "saikne-acceptance+jws"


def compose(kind: type[Document], /, **fields: object) -> Document:
    """A new wire document with an identity of its own: `compose(Dispatch, exchange=…, round=1)`."""
    (schema,) = get_args(kind.model_fields["schema_"].annotation)
    return kind.model_validate({"schema": schema, "id": uuid4(), **fields})


def wire_bytes(document: Written) -> bytes:
    """The bytes that travel; what is not said is left out."""
    return document.model_dump_json(by_alias=True, exclude_none=True).encode()


def verify_statement(statement: StatementView, hub_jwks: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Prove that the named key signed these very bytes; needs no network.

    Returns the signed components. With the hub's JWKS its acceptance is proved too: that the hub took this
    statement and no other. Whose the key is, the centre's enrolment says.
    """
    manifest = base64.b64decode(statement.manifest, validate=True)
    components = components_proved(
        base64.b64decode(statement.signature_base, validate=True),
        base64.b64decode(statement.signature, validate=True),
        statement.public_key,
    )
    covers(components, manifest, statement.public_key)
    if hub_jwks is not None:
        _accepted_by_hub(statement.acceptance, manifest, hub_jwks)
    return components


def covers(components: Mapping[str, str], manifest: bytes, public_jwk: Mapping[str, Any]) -> None:
    """Refuse a signature that is not over these bytes, or is not a request's signature of ours."""
    parameters = components.get("@signature-params", "")
    if not set(COVERED) <= set(components) or f';tag="{TAG}"' not in parameters:
        raise SignatureNotProved(what="coverage")
    if components["content-digest"] != content_digest(hashlib.sha256(manifest).digest()):
        raise SignatureNotProved(what="bytes")
    if f';keyid="{thumbprint(public_jwk)}"' not in parameters:
        raise SignatureNotProved(what="key")


def _accepted_by_hub(acceptance: str, manifest: bytes, hub_jwks: Mapping[str, Any]) -> None:
    accepted = json.loads(jws.proved(acceptance, hub_jwks, kind=ACCEPTANCE))
    if accepted.get("statement", {}).get("sha256") != hashlib.sha256(manifest).hexdigest():
        raise SignatureNotProved(what="acceptance")
