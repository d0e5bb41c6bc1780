"""Training of a family by another centre than its own, from the contract to the payment, as statements.

What travels outside: the family's name, surname and contacts, and the address of the training, which may be
the family's home. The method wants them in the contract (S96); the paper contract holds them (`reference`,
`family_contacts_in`), and the statement says whose premises these are and in which territory.
Money is whole cents. Source: method S62-S66, S92-S104; domain 1.3.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from saikne_schemas import spelling
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.matters import About, Beginning, MatterView
from saikne_schemas.money import Cents
from saikne_schemas.rules import Broken
from saikne_schemas.spelling import Spelled
from saikne_schemas.training_lists import (
    IncomeAccount,
    IncomeUse,
    PaymentOrder,
    Premises,
    TrainingCancelled,
    TrainingCost,
    TrainingDeclined,
    TrainingForm,
    TrainingKind,
    TrainingRole,
    TrainingTopic,
)
from saikne_schemas.wire import SCHEMA, Day, Id, Month, Reference, Stated, TerritoryCode, View, WireDocument

_PATH = "/v1/trainings"
Hour = Annotated[str, Spelled(spelling.HOUR, "hour", "an hour is written as 09:30")]


class Session(WireDocument):
    on: Day
    begins: Hour
    ends: Hour

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Session":
        if self.ends <= self.begins:
            raise Broken("session-ends", "a session ends after it begins")
        return self


class TrainingContract(Beginning):
    """A centre proposes the written contract about training one family (method S95, S96).

    Clauses may be left out here, so that a contract that lacks some is refused with all of them named.
    """

    goes_to: ClassVar[str] = _PATH
    schema_: Literal["saikne.training-contract/1"] = SCHEMA
    trainer: Id
    familys: Id
    """The centre of the family that is trained."""
    reference: Reference
    """The number of the paper contract."""
    kind: TrainingKind
    topics: Annotated[list[TrainingTopic], Field(max_length=len(TrainingTopic))] = []
    course: Reference | None = None
    """The code of the training's programme, where it has one."""
    minutes: Annotated[int, Field(ge=30, le=30_000, multiple_of=30)] | None = None
    """How long it is, in steps of half an hour."""
    sessions: Annotated[list[Session], Field(max_length=60)] = []
    form: TrainingForm | None = None
    premises: Premises | None = None
    """Whose premises it is held in; required in person. The address stands in the paper contract."""
    territory: TerritoryCode | None = None
    """Where these are; required in person."""
    lecturer: AuthorisedPerson | None = None
    family: Reference | None = None
    """The family's case number or register id."""
    family_contacts_in: Reference | None = None
    """Which paper holds the family's name, surname and contacts: the contract or its annex."""
    charged_at_cost: bool = False
    """The contract says that the actual cost is charged, at most the ceiling (method S98)."""
    ceiling_cents: Cents | None = None
    """The most that the training centre's own contract with the State allows for a participant; left out
    where that centre has stated it for the year (`price-ceiling`)."""
    price_cents: Cents | None = None
    """What is expected for a participant, where the contract says so; the invoice follows the actual cost."""
    payment: PaymentOrder | None = None
    payment_days: Annotated[int, Field(ge=1, le=90)] | None = None
    """Within how many days after the invoice it is paid."""
    characteristic_agreed: bool = False
    """A characteristic of the family goes with the certificate (method S101)."""
    signed_by: AuthorisedPerson


class AcceptContract(About):
    """The other centre signs too: the contract is in force."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/accept"
    schema_: Literal["saikne.training-accepted/1"] = SCHEMA
    signed_by: AuthorisedPerson


class DeclineContract(About):
    """The other centre does not sign."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/decline"
    schema_: Literal["saikne.training-declined/1"] = SCHEMA
    reason: TrainingDeclined


class InformedFamily(About):
    """The family's centre has given it all it needs to take part (method S99)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/informed"
    schema_: Literal["saikne.family-informed/1"] = SCHEMA
    informed_on: Day


class TrainingHeld(About):
    """The training is over (method S100); certificate and invoice are owed from now on."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/held"
    schema_: Literal["saikne.training-held/1"] = SCHEMA
    ended_on: Day
    attended_minutes: Annotated[int, Field(ge=0, le=30_000)]
    """For how long this family took part."""


class CertificateIssued(About):
    """The training centre has issued the certificate, and the characteristic if agreed (method S101)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/certificate"
    schema_: Literal["saikne.certificate-issued/1"] = SCHEMA
    certificate: Reference
    issued_on: Day
    characteristic: bool


class CostLine(WireDocument):
    kind: TrainingCost
    amount_cents: Cents


class Invoice(About):
    """The training centre invoices at actual cost, after the training (method S98, S102, S104)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/invoice"
    schema_: Literal["saikne.training-invoice/1"] = SCHEMA
    invoice: Reference
    issued_on: Day
    costs: Annotated[list[CostLine], Field(min_length=1, max_length=50)]
    """The actual costs of the whole training."""
    participants: Annotated[int, Field(ge=1, le=500)]
    """Of the whole training."""
    own_participants: Annotated[int, Field(ge=1, le=2)]
    """Of this family: one spouse or both."""
    average_cents: Cents
    """The average cost of a participant, as it must stand in the invoice."""
    amount_cents: Cents
    """What is charged: for each of this family the average, at most the ceiling."""

    @model_validator(mode="after")
    def _family_is_among_participants(self) -> "Invoice":
        if self.own_participants > self.participants:
            raise Broken("participants", "the family's participants are among all participants")
        return self


class InvoicePaid(About):
    """The family's centre has paid, and reports the cost for a month (method S103)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/paid"
    schema_: Literal["saikne.invoice-paid/1"] = SCHEMA
    paid_on: Day
    reported_month: Month
    """In which month's financial report the cost stands."""


class CancelTraining(About):
    """Either centre cancels before the training was held."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/cancel"
    schema_: Literal["saikne.training-cancelled/1"] = SCHEMA
    reason: TrainingCancelled


class CostView(View):
    """An actual cost, and the part of it that this invoice covers: what the accounting note says (S66)."""

    kind: TrainingCost
    amount_cents: int
    covered_cents: int


class CeilingUsed(View):
    """The year's ceiling as the training centre has stated it, when contract or invoice was checked.

    Both centres see it.
    """

    year: int
    ceiling_cents: int
    contract: Stated
    """The number of its contract with the State."""
    on: Day


class Training(View):
    reference: Stated
    proposed_by: TrainingRole
    kind: TrainingKind
    topics: list[TrainingTopic]
    course: Stated | None = None
    minutes: int
    sessions: list[Session]
    form: TrainingForm
    premises: Premises | None = None
    territory: TerritoryCode | None = None
    lecturer: AuthorisedPerson
    family: Stated
    family_contacts_in: Stated
    ceiling_cents: int
    """As agreed: nothing above it is invoiced, whatever the year's ceiling becomes."""
    contract_ceiling: CeilingUsed | None = None
    """What the contract was checked against; None where the contract alone names a ceiling."""
    invoice_ceiling: CeilingUsed | None = None
    """What the invoice was checked against."""
    price_cents: int | None = None
    payment: PaymentOrder
    payment_days: int
    characteristic_agreed: bool
    informed_on: Day | None = None
    ended_on: Day | None = None
    attended_minutes: int | None = None
    certificate: Stated | None = None
    certified_on: Day | None = None
    characteristic: bool | None = None
    invoice: Stated | None = None
    invoiced_on: Day | None = None
    costs: list[CostView] = []
    participants: int | None = None
    own_participants: int | None = None
    average_cents: int | None = None
    amount_cents: int | None = None
    reported_by: TrainingRole | None = None
    """Whose monthly report holds the cost; the other centre must not report it (method S102, S103)."""
    income_account: IncomeAccount | None = None
    income_use: IncomeUse | None = None
    paid_on: Day | None = None
    reported_month: Month | None = None
    declined_because: TrainingDeclined | None = None
    cancelled_because: TrainingCancelled | None = None


class TrainingView(MatterView):
    """A training between two centres as one of them sees it."""

    lies_at: ClassVar[str] = _PATH
    content: Training
