"""What a statement is: who states it signs it, it knows where it goes, and the hub says that it took it.

A statement's identity is its `id`. Source: design.md 1.
"""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from saikne_schemas.vocabulary import ExchangeState
from saikne_schemas.wire import Day, Id, ProofRef, View, WireDocument

EXCHANGES = "/v1/exchanges"


class Statement(WireDocument):
    """What a centre signs and sends to an address."""

    goes_to: ClassVar[str]
    """The path it is sent to, with its own fields' names in braces."""
    answered_by: ClassVar[type[View]]
    by_itself: ClassVar[bool] = False
    """Nobody says it in the place of an outside centre: it goes with files that the hub has itself."""

    @property
    def path(self) -> str:
        return self.goes_to.format_map(vars(self))


class CameBy(StrEnum):
    """How word of a centre that is not in the hub reached the one that is."""

    IN_PERSON = "in_person"
    REGISTERED_POST = "registered_post"
    POST = "post"
    EMAIL = "email"
    E_ADDRESS = "e_address"


class ForOutside(WireDocument):
    """Said by a member in the place of a centre outside of the hub: that one did so, and how it is known.

    The statement that bears it means what it would mean from the outside centre, on the day that is named.
    """

    centre: Id
    on: Day
    """When the outside centre did so."""
    came_by: CameBy
    proofs: Annotated[list[ProofRef], Field(min_length=1, max_length=10)]
    """What came: a scan, a message, the post's receipt. Kept for whoever says this, as all its proofs are."""


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
    for_outside: ForOutside | None = None
