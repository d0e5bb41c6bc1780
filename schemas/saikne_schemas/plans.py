"""A family's support plan as its centre states it: what is planned, sent, agreed and done.

What travels outside: the texts of the plan (goal and reason, actions, notes, progress), in which names may
stand. They are in the plan's file at the centre; a statement names the file by its digest. The address to
which the plan was sent is masked. Source: method S45, S49, S50, S122, S124, S131-S135; domain 2.2.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from saikne_schemas.matters import About, Beginning, MatterView
from saikne_schemas.plan_lists import (
    ActivityMark,
    ActivityParty,
    AgreedHow,
    ArchiveChannel,
    CompetenceCategory,
    ConfirmedHow,
    FamilyTells,
    PlanClosedBecause,
    PlanPasswordChannel,
    ServiceKind,
)
from saikne_schemas.plan_sendings import PLANS_LIE_AT as _PATH
from saikne_schemas.plan_sendings import PlanSending
from saikne_schemas.plan_talks import FamilyTalk, NextTalk
from saikne_schemas.proofs import ProofRef
from saikne_schemas.rules import Broken
from saikne_schemas.spelling import Spelled
from saikne_schemas.wire import SCHEMA, Day, EachOnce, Id, Reference, Sha256, Stated, View, WireDocument, Yes

ACTIVITIES_AT_MOST = 100
Number = Annotated[int, Field(ge=1, le=ACTIVITIES_AT_MOST)]
MaskedAddress = Annotated[
    str,
    Spelled(
        r"[A-Za-z0-9]\*\*\*@[A-Za-z0-9]\*\*\*\.[a-z]{2,18}",
        "masked-address",
        "an address is masked as a***@e***.lv",
    ),
]
"""The first letters of an e-mail address and its last part: `a***@e***.lv`."""


class PlannedActivity(WireDocument):
    """One row of the plan, without its texts (method S50)."""

    no: Number
    added_on: Day
    category: CompetenceCategory
    parties: Annotated[list[ActivityParty], Field(min_length=1, max_length=len(ActivityParty)), EachOnce]
    ends_on: Day
    """By when it is to be carried out."""

    @model_validator(mode="after")
    def _ends_after_it_is_added(self) -> "PlannedActivity":
        if self.ends_on < self.added_on:
            raise Broken("activity-ends", "an activity ends no earlier than it is added")
        return self


class SupportPlan(Beginning):
    """A centre has drawn up a family's support plan after the yearly talk (method S122, S131)."""

    goes_to: ClassVar[str] = _PATH
    schema_: Literal["saikne.support-plan/1"] = SCHEMA
    centre: Id
    family: Reference
    """The family's case number; it has one plan, whether it is a person or spouses."""
    year: Annotated[int, Field(ge=2020, le=2100)]
    talk_on: Day
    """When the yearly talk was held."""
    evaluation_on: Day | None = None
    """When the orphans' court evaluates the family; the talk comes before (method S124)."""
    plan_sha256: Sha256
    """Of the plan's file at the centre."""
    activities: Annotated[list[PlannedActivity], Field(min_length=1, max_length=ACTIVITIES_AT_MOST)]

    @model_validator(mode="after")
    def _numbered_from_one(self) -> "SupportPlan":
        if [activity.no for activity in self.activities] != list(range(1, len(self.activities) + 1)):
            raise Broken("activities-numbered", "activities are numbered 1, 2, 3 … in order")
        return self


class PlanSent(About):
    """The plan went to the family in two steps: an archive, and its password by another way (method S133)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/sent"
    schema_: Literal["saikne.plan-sent/1"] = SCHEMA
    sent_on: Day
    plan_sha256: Sha256
    """Of the plan's file as it was sent."""
    archive_sha256: Sha256
    archive_channel: ArchiveChannel
    password_channel: PlanPasswordChannel
    address: MaskedAddress
    """That the family named."""


class SignedActivity(WireDocument):
    no: Number
    on: Day


class PlanConfirmed(About):
    """The family confirmed its plan, asked for corrections, or signed it in person (method S132, S134)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/confirmed"
    schema_: Literal["saikne.plan-confirmed/1"] = SCHEMA
    how: ConfirmedHow
    confirmed_on: Day
    proofs: Annotated[list[ProofRef], Field(max_length=20)] = []
    """The e-signed plan or the family's message; an e-signature is never stated without one."""
    received: Yes | None = None
    """Part one of three: the plan arrived."""
    corrections_needed: bool | None = None
    """Part two."""
    agreed: bool | None = None
    """Part three."""
    signed: Annotated[list[SignedActivity], Field(max_length=ACTIVITIES_AT_MOST)] = []
    """Signed in column 10, each activity with its day."""

    @model_validator(mode="after")
    def _says_what_its_manner_asks(self) -> "PlanConfirmed":
        parts = (self.received, self.corrections_needed, self.agreed)
        wanted = 3 if self.how is ConfirmedHow.THREE_PART else 0
        if sum(part is not None for part in parts) != wanted:
            raise Broken("three-parts", "the three parts are given all for three_part, and none otherwise")
        if bool(self.signed) is not (self.how is ConfirmedHow.IN_PERSON):
            raise Broken("signed-in-person", "signed activities are named for in_person, and only then")
        return self


class ActivityAdded(About):
    """An activity is added during the year; the family's agreement to it follows (method S135)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/add"
    schema_: Literal["saikne.activity-added/1"] = SCHEMA
    activity: PlannedActivity
    plan_sha256: Sha256
    """Of the plan's file with it."""


class ActivityEnded(About):
    """An activity is done, or is no longer relevant (fields 6 and 7 of the plan)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/done"
    schema_: Literal["saikne.activity-ended/1"] = SCHEMA
    no: Number
    mark: ActivityMark
    on: Day


class PlanClosed(About):
    """The year is over, or the cooperation with the family has ended (method S155)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/close"
    schema_: Literal["saikne.plan-closed/1"] = SCHEMA
    reason: PlanClosedBecause
    closed_on: Day
    exit_talk_on: Day | None = None
    """When the family was asked how it rates support and cooperation."""


class ServiceGiven(About):
    """A service that the centre gave the family, or sent to its orphans' court, beside the plan."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/service"
    schema_: Literal["saikne.service-given/1"] = SCHEMA
    service: ServiceKind
    on: Day
    family_agreed: bool = False
    """Needed where a specialist takes part in the competence review (method S20)."""


class FamilyReported(About):
    """What the family told its centre at once: why it cannot take a child, or what stands in its way."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/reported"
    schema_: Literal["saikne.family-reported/1"] = SCHEMA
    what: FamilyTells
    on: Day


class Service(View):
    service: ServiceKind
    on: Day


class Report(View):
    what: FamilyTells
    on: Day


class ActivityView(View):
    no: int
    added_on: Day
    category: CompetenceCategory
    parties: list[ActivityParty]
    ends_on: Day
    sent_on: Day | None = None
    """When it was sent to the family, by the hub or by the centre itself: recorded in column 10 (S133)."""
    agreed_on: Day | None = None
    agreed_how: AgreedHow | None = None
    mark: ActivityMark | None = None
    marked_on: Day | None = None


class Plan(View):
    family: Stated
    year: int
    talk_on: Day
    evaluation_on: Day | None = None
    plan_sha256: Sha256
    activities: list[ActivityView]
    sent_on: Day | None = None
    address: MaskedAddress | None = None
    archive_channel: ArchiveChannel | None = None
    password_channel: PlanPasswordChannel | None = None
    archive_sha256: Sha256 | None = None
    sending: PlanSending | None = None
    """The last one of the hub's own."""
    confirmed_on: Day | None = None
    confirmed_how: ConfirmedHow | None = None
    corrections_needed: bool | None = None
    closed_on: Day | None = None
    closed_because: PlanClosedBecause | None = None
    exit_talk_on: Day | None = None
    services: list[Service] = []
    reports: list[Report] = []
    talks: list[FamilyTalk] = []
    """Held since the one that the plan was drawn up after."""
    next_talk: NextTalk | None = None
    """None in what an older hub wrote, until the plan moves; and where the cooperation has ended."""


class SupportPlanView(MatterView):
    """A family's support plan as its centre sees it."""

    lies_at: ClassVar[str] = _PATH
    content: Plan
