"""The statements about copies on paper: what was copied, to whom it was handed, by which item it was posted.

Also what either centre says when copies came to a wrong recipient, by whatever way. Source: method S57, S58,
S88, S89, S134; domain 1.4, 2.3 (one certification for a set), 4.5 (registered items); features N5.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from saikne_schemas import spelling
from saikne_schemas.correction_words import ItemCorrected
from saikne_schemas.manifests import (
    DOCUMENTS_AT_MOST,
    AuthorisedPerson,
    Certification,
    DocumentNumber,
    WhyMissing,
    check_form,
    check_set,
)
from saikne_schemas.proofs import ProofRef
from saikne_schemas.rules import Broken
from saikne_schemas.spelling import Spelled
from saikne_schemas.statements import EXCHANGES, ExchangeStatement
from saikne_schemas.vocabulary import (
    PAPER_WAYS,
    Authority,
    CaseSection,
    DeliveryChannel,
    DepartureReason,
    Derivative,
    FormType,
    IncompleteBecause,
    Original,
    PostalOutcome,
    ResolveReason,
)
from saikne_schemas.wire import IDENTITY, SCHEMA, Count, Day, Id, RandomId, Reference, WireDocument, Yes

PAGES_AT_MOST = 5000
PROOFS_AT_MOST = 20


def _is_on_paper(value: DeliveryChannel) -> DeliveryChannel:
    if value not in PAPER_WAYS:
        raise Broken("way-of-paper", "paper goes in_person or by registered_post")
    return value


ItemNumber = Annotated[
    str,
    StringConstraints(max_length=40),
    Spelled(
        spelling.numbered("[A-Za-z]", "[ ./-]"),
        "item-number",
        "an item's number is as on the post's receipt, with at most four letters before one of its parts",
        {
            spelling.IN_A_REFERENCE: Broken(
                "item-names-nobody", "looks like a personal code; give the item's number"
            )
        },
    ),
    Field(description="As the post's receipt shows it. Another form than UPU S10 is noted, not refused."),
]
PaperWay = Annotated[
    DeliveryChannel,
    AfterValidator(_is_on_paper),
    WithJsonSchema({"enum": sorted(PAPER_WAYS), "type": "string"}),
]
Proofs = Annotated[list[ProofRef], Field(max_length=PROOFS_AT_MOST)]
ProofsNeeded = Annotated[list[ProofRef], Field(min_length=1, max_length=PROOFS_AT_MOST)]


class PaperDocument(WireDocument):
    """One document of an answer on paper: counted in pages, with no bytes and no digest."""

    no: DocumentNumber
    form: FormType
    subject: Reference
    """The family or the child that the document is about."""
    spouse: Annotated[int, Field(ge=1, le=2)] | None = None
    sections: list[CaseSection] = []
    """Of the family's case: which of its ten sections the document holds."""
    pages: Annotated[int, Field(ge=1, le=PAGES_AT_MOST)]
    original: Original
    derivative: Derivative
    certification: Certification | None = None

    @model_validator(mode="after")
    def _is_what_paper_can_be(self) -> "PaperDocument":
        if self.derivative is Derivative.ORIGINAL and self.original is Original.ELECTRONIC:
            raise Broken("printed-is-a-copy", "an electronic original that is printed is a copy")
        if self.derivative is Derivative.ORIGINAL and self.certification is not None:
            raise Broken("original-uncertified", "an original carries no certification")
        check_form(self.form, self.spouse, self.sections)
        return self


class PaperAnswer(ExchangeStatement):
    """The holder declares what it will hand over or post on paper (method S78, S88, S89)."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/paper-answer"
    schema_: Literal["saikne.paper-answer/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    way: PaperWay
    departure: DepartureReason | None = None
    """Why it goes another way than the wished one; absent where it goes as wished."""
    spouses: Annotated[int, Field(ge=1, le=2)] | None = None
    """How many spouses the family has (method S19); required for a family's case."""
    children: Annotated[list[Reference], Field(max_length=20)] = []
    """The children placed with the family, by the holder's knowledge."""
    certification: Certification | None = None
    """One for the whole set; each document then carries none (domain 2.3)."""
    accounted: Yes | None = None
    """The holder accounts for the whole case (method S48, S49): of its ten sections and the support plan,
    what no document holds counts as missing. Older programs do not say so, and are taken by what they say."""
    documents: Annotated[list[PaperDocument], Field(min_length=1, max_length=DOCUMENTS_AT_MOST)]

    @model_validator(mode="after")
    def _numbered_and_certified(self) -> "PaperAnswer":
        check_set(self.documents, self.certification)
        return self


class HandedOver(ExchangeStatement):
    """The papers were handed over in person against signature; this meets the term (method S58, S88)."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/handed-over"
    schema_: Literal["saikne.handed-over/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    to: AuthorisedPerson
    authority: Authority
    authority_reference: Reference | None = None
    """The number of the power of attorney or of the entry in the register."""
    handed_over_on: Day
    incomplete_because: IncompleteBecause | None = None
    missing_because: WhyMissing = []
    proofs: ProofsNeeded
    """The signed sheet."""


class Posted(ExchangeStatement):
    """The papers were posted as a registered item; this meets the term (method S89; domain 1.5)."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/posted"
    schema_: Literal["saikne.posted/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    item_number: ItemNumber
    posted_on: Day
    incomplete_because: IncompleteBecause | None = None
    missing_because: WhyMissing = []
    proofs: ProofsNeeded
    """The post's receipt."""


class CorrectItem(ExchangeStatement):
    """The holder puts the number of its registered item right; the requester sees both."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/correct-item"
    schema_: Literal["saikne.item-corrected/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    item_number: ItemNumber
    reason: ItemCorrected


class PostOutcome(ExchangeStatement):
    """How the registered item ended; one that came back opens the answer again."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/post-outcome"
    schema_: Literal["saikne.post-outcome/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    outcome: PostalOutcome
    on: Day
    proofs: Proofs = []


class PaperReceipt(ExchangeStatement):
    """The three-part receipt for paper: it arrived, it can be read, it is complete (method S134)."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/paper-receipt"
    schema_: Literal["saikne.paper-receipt/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    arrived: Yes
    readable: Yes
    complete: Yes


class WrongRecipient(ExchangeStatement):
    """Either centre says that the copies came to somebody they were not meant for; everything stops."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/wrong-recipient"
    schema_: Literal["saikne.wrong-recipient/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count


class Resolve(ExchangeStatement):
    """The holder says what became of the misdirected copies; the answer is open again."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/resolve"
    schema_: Literal["saikne.resolve/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    round: Count
    reason: ResolveReason
