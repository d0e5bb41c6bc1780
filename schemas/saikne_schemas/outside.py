"""A centre that is not in the hub, as one that is names it, and what it does, as the other one says it.

Source: method S1, S57, S74, S88-S90 (a centre deals with centres, with a computer system or without); domain
2.1, 5.2. An outside centre signs nothing here: the member it deals with says what it did, on which day, how
that came, and keeps the proof.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from saikne_schemas.enrolment import Email, LegalEntity, Phone
from saikne_schemas.statements import EXCHANGES, ExchangeStatement, Statement
from saikne_schemas.wire import IDENTITY, SCHEMA, Id, Moment, OneLine, RandomId, View

OUTSIDE_CENTRES = "/v1/outside-centres"


class OutsideState(StrEnum):
    OUTSIDE = "outside"
    MEMBER = "member"
    """It was admitted since, and speaks for itself."""


class AddressCorrected(StrEnum):
    """Why an outside centre is reached elsewhere than a member said."""

    MISTYPED = "mistyped"
    MOVED = "moved"
    """It has another address, mailbox or telephone than before."""
    TOLD_OTHERWISE = "told_otherwise"
    """It says itself that it is reached elsewhere."""


class EarlierAddress(View):
    """How an outside centre was reached until a member corrected it."""

    postal_address: str
    email: str
    phone: str | None = None
    reason: AddressCorrected
    corrected_at: Moment


class OutsideCentreView(View):
    """A centre that is not in the hub; every member may know it."""

    id: Id
    """Stands for it in statements as a member's own does."""
    name: str
    legal_entity: str
    registration_number: str
    postal_address: str
    email: str
    phone: str | None = None
    state: OutsideState
    named_by: Id
    named_at: Moment
    earlier: list[EarlierAddress] = []
    """The oldest first."""


class NameOutsideCentre(Statement):
    """A member names a centre that is not in the hub, to deal with it here."""

    goes_to: ClassVar[str] = OUTSIDE_CENTRES
    answered_by: ClassVar[type[OutsideCentreView]] = OutsideCentreView
    schema_: Literal["saikne.name-outside-centre/1"] = SCHEMA
    id: RandomId = IDENTITY
    name: OneLine
    legal_entity: LegalEntity
    postal_address: Annotated[OneLine, Field(description="Of the organisation, on one line.")]
    email: Email
    """Gets an archive, where that way is chosen; never notices."""
    phone: Phone | None = None
    """A mobile number that gets passwords."""


class CorrectOutsideCentre(Statement):
    """Who named an outside centre says where it is reached from now on; what held before is kept too."""

    goes_to: ClassVar[str] = OUTSIDE_CENTRES + "/{centre}/correct"
    answered_by: ClassVar[type[OutsideCentreView]] = OutsideCentreView
    schema_: Literal["saikne.outside-centre-corrected/1"] = SCHEMA
    id: RandomId = IDENTITY
    centre: Id
    reason: AddressCorrected
    postal_address: Annotated[OneLine, Field(description="Of the organisation, on one line.")]
    email: Email
    phone: Phone | None = None


class RequestReceived(ExchangeStatement):
    """The written request came to a centre outside of the hub; its term runs from the day that is named."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/request-received"
    schema_: Literal["saikne.request-received/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
