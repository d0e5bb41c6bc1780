"""What a statement is: who states it signs it, it knows where it goes, and the hub says that it took it.

A statement's identity is its `id`. Source: design.md 1.
"""

from typing import ClassVar

from saikne_schemas.vocabulary import ExchangeState
from saikne_schemas.wire import Id, View, WireDocument

EXCHANGES = "/v1/exchanges"


class Statement(WireDocument):
    """What a centre signs and sends to an address."""

    goes_to: ClassVar[str]
    """The path it is sent to, with its own fields' names in braces."""
    answered_by: ClassVar[type[View]]

    @property
    def path(self) -> str:
        return self.goes_to.format_map(vars(self))


class RecordView(View):
    """How a party is shown what statements are about."""

    lies_at: ClassVar[str]
    """The path of them all."""


class Accepted(View):
    """The hub's answer to a statement: where the exchange stands, and the hub's signature under it.

    `acceptance` is a compact JWS by a key of the hub's JWKS. Its payload names the statement by SHA-256 and
    the link of the centre's own evidence chain.
    """

    exchange: Id
    state: ExchangeState
    acceptance: str


class ExchangeStatement(Statement):
    """Opens an exchange of copies, or moves one that is open."""

    answered_by: ClassVar[type[Accepted]] = Accepted
