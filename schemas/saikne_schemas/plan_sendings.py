"""A plan's way to its family through the hub: to which addresses, of which documents, for how long.

The hub packs the documents, sends the archive by mail, and only then its password by SMS. Where the family is
reached stands in one document alone, which the hub seals and does not keep as it was signed; what is kept
names it by its digest. Source: method S133.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from saikne_schemas.enrolment import Email, Phone
from saikne_schemas.manifests import DOCUMENT_BYTES
from saikne_schemas.matters import About
from saikne_schemas.plan_lists import PlanUndelivered
from saikne_schemas.rules import Broken
from saikne_schemas.statements import Statement
from saikne_schemas.vocabulary import MediaType
from saikne_schemas.wire import IDENTITY, SCHEMA, Day, Id, RandomId, Sha256, View, WireDocument

PLANS_LIE_AT = "/v1/support-plans"
DOCUMENTS_AT_MOST = 10
PlanDocumentNumber = Annotated[int, Field(ge=1, le=DOCUMENTS_AT_MOST)]
SendingNumber = Annotated[int, Field(ge=1, le=99)]
"""The first, second … time that the hub sends this plan."""


class PlanSendingBegun(View):
    """The hub has sealed the addresses and takes the documents of this sending."""

    matter: Id
    sending: Id
    number: SendingNumber


class PlanDocumentSealed(View):
    """One document of a sending is whole, and sealed."""

    matter: Id
    sending: Id
    no: PlanDocumentNumber
    bytes: int
    sha256: Sha256


class PlanRecipient(Statement):
    """Where the family wishes its plan to be sent: read, sealed, and not kept as it was signed."""

    goes_to: ClassVar[str] = PLANS_LIE_AT + "/{matter}/recipient"
    answered_by: ClassVar[type[PlanSendingBegun]] = PlanSendingBegun
    schema_: Literal["saikne.plan-recipient/1"] = SCHEMA
    id: RandomId = IDENTITY
    """Stands nowhere else: whoever guesses an address cannot find it again by this document's digest."""
    matter: Id
    sending: RandomId
    """Chosen by the centre; the documents and the dispatch name it."""
    email: Email
    """That the family named; it gets the archive."""
    phone: Phone
    """It gets the password by SMS."""


class PlanDocument(WireDocument):
    """One document of a sending as it was sealed."""

    no: PlanDocumentNumber
    media_type: MediaType
    bytes: Annotated[int, Field(ge=1, le=DOCUMENT_BYTES)]
    sha256: Sha256


class PlanDispatch(About):
    """The hub is to send the plan to its family: the archive first, then its password by another way."""

    goes_to: ClassVar[str] = PLANS_LIE_AT + "/{matter}/dispatch"
    schema_: Literal["saikne.plan-dispatch/1"] = SCHEMA
    sending: RandomId
    recipient_sha256: Sha256
    """Of the document that says where: the hub sends nowhere else."""
    documents: Annotated[list[PlanDocument], Field(min_length=1, max_length=DOCUMENTS_AT_MOST)]
    """The first is the plan itself."""

    @model_validator(mode="after")
    def _numbered_from_one(self) -> "PlanDispatch":
        if [document.no for document in self.documents] != list(range(1, len(self.documents) + 1)):
            raise Broken("documents-numbered", "documents are numbered 1, 2, 3 … in order")
        return self


class PlanProlong(About):
    """The family gets more time to answer; as long the hub can send the password once more."""

    goes_to: ClassVar[str] = PLANS_LIE_AT + "/{matter}/prolong"
    schema_: Literal["saikne.plan-prolong/1"] = SCHEMA
    number: SendingNumber


class PlanPasswordAgain(About):
    """The same password is to be sent to the family's telephone once more."""

    goes_to: ClassVar[str] = PLANS_LIE_AT + "/{matter}/hand-over-again"
    schema_: Literal["saikne.plan-hand-over-again/1"] = SCHEMA
    number: SendingNumber


class PlanSending(View):
    """How far the hub has come with sending the plan. Where it is sent is never shown."""

    number: SendingNumber
    dispatched_on: Day
    mailed_on: Day | None = None
    """The family's mail server took the archive; from then on its password is on its way."""
    answer_by: Day
    """Until when the family is asked for its answer; as long the hub can send the password once more."""
    prolonged: int = 0
    undelivered: PlanUndelivered | None = None
