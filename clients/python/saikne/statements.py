"""How a statement is composed, and the bytes that are signed, sent, kept and compared.

They are made once. Source: design.md 1. Loads no cryptography, so that a command can start at once; how a
stored statement is proved is `receipts`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar, cast, get_args
from uuid import uuid4

if TYPE_CHECKING:
    from saikne_schemas.wire import View, WireDocument

Fields = ParamSpec("Fields")
Document = TypeVar("Document", bound="WireDocument")
Acceptance_co = TypeVar("Acceptance_co", bound="View", covariant=True)


class Written(Protocol):
    """A wire document, as far as its bytes go."""

    def model_dump_json(self, *, by_alias: bool | None, exclude_none: bool) -> str: ...


class Sent(Written, Protocol):
    """A statement, which knows its address."""

    @property
    def path(self) -> str: ...


class Taken(Sent, Protocol[Acceptance_co]):
    """A statement that is answered by an acceptance, and by which."""

    @property
    def answered_by(self) -> type[Acceptance_co]: ...


def compose(kind: Callable[Fields, Document], /, *_: Fields.args, **fields: Fields.kwargs) -> Document:
    """A new wire document with an identity of its own: `compose(Dispatch, exchange=…, round=1)`.

    A type checker asks for the fields of the document that is named, no others and of no other type.
    """
    document = cast("type[Document]", kind)
    (schema,) = get_args(document.model_fields["schema_"].annotation)
    return document.model_validate({"schema": schema, "id": uuid4(), **fields})


def wire_bytes(document: Written) -> bytes:
    """The bytes that travel; what is not said is left out."""
    return document.model_dump_json(by_alias=True, exclude_none=True).encode()
