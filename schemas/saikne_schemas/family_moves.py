"""A family's move to another centre on the wire: the notice, the day, and what both centres owe.

Source: method S72-S85, S39; domain 1.1, 1.5; features N2, N3, N12. References only: who the family and the
children are is known to the two centres. The copies themselves travel in an exchange of their own.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from saikne_schemas.beside import Despite, DespiteView
from saikne_schemas.corrections import MoveCorrection
from saikne_schemas.family_move_words import (
    CourtChannel,
    DatedBy,
    FamilyMoveRole,
    LateNoticeChoice,
    MoveCancelReason,
    NoticeChannel,
    ObjectionReason,
    OverrideReason,
    TalkForm,
    TalkTopic,
)
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.matters import About, Beginning, CopiesEnd, MatterView
from saikne_schemas.proofs import ProofRef
from saikne_schemas.vocabulary import CalendarPolicy, CopiesGivenUp, DutyKind
from saikne_schemas.wire import (
    SCHEMA,
    Day,
    EachOnce,
    Id,
    IdentityRefs,
    Moment,
    Reference,
    Sha256,
    Stated,
    TerritoryCode,
    View,
)

_PATH = "/v1/family-moves"
CHILDREN_AT_MOST = 30

Children = Annotated[list[Reference], Field(max_length=CHILDREN_AT_MOST), EachOnce]
Topics = Annotated[list[TalkTopic], Field(min_length=1, max_length=len(TalkTopic)), EachOnce]
Proofs = Annotated[list[ProofRef], Field(max_length=20), EachOnce]


class BeginFamilyMove(Beginning):
    """The new centre has an agreement with the family and opens its move."""

    goes_to: ClassVar[str] = _PATH
    schema_: Literal["saikne.family-move/1"] = SCHEMA
    new: Id
    previous: Id
    family: Reference
    children: Children = []
    """The children placed with the family."""
    agreement: Reference
    """The number of the family's agreement with the new centre (method S39, S73)."""
    agreed_on: Day
    territory: TerritoryCode
    """Of the family's declared residence: whose orphans' court is told."""
    identities: IdentityRefs = []
    """Who is meant, sealed to the centres that are to know it."""
    despite: Despite | None = None
    """Where a move of the same family between the same two centres is open."""


class NoticeReceived(About):
    """The previous centre records that the family's notice reached it; this day decides (method S74, S75)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/notice"
    schema_: Literal["saikne.notice-received/1"] = SCHEMA
    channel: NoticeChannel
    received_at: Moment
    proofs: Proofs
    """None is needed to confirm the day that the new centre has proved."""


class NoticeClaimed(About):
    """The new centre holds evidence that the family sent its notice.

    Receipt decides as long as the previous centre speaks; if it lets three working days go by, this does.
    """

    goes_to: ClassVar[str] = _PATH + "/{matter}/notice-claimed"
    schema_: Literal["saikne.notice-claimed/1"] = SCHEMA
    channel: NoticeChannel
    sent_at: Moment
    proofs: Proofs


class AskNotice(About):
    """The new centre asks whether the notice arrived (method S82)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/ask-notice"
    schema_: Literal["saikne.ask-notice/1"] = SCHEMA


class NoticeNotReceived(About):
    """The previous centre answers that no notice has reached it."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/notice-not-received"
    schema_: Literal["saikne.notice-not-received/1"] = SCHEMA


class DecideLateNotice(About):
    """The previous centre says whether it keeps to its right to continue (method S76)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/decide-late-notice"
    schema_: Literal["saikne.late-notice-decision/1"] = SCHEMA
    choice: LateNoticeChoice
    decided_by: AuthorisedPerson


class OverrideDate(About):
    """Either centre proposes a day that the rule does not give; the other one confirms it."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/override-date"
    schema_: Literal["saikne.date-override/1"] = SCHEMA
    effective_on: Day
    reason: OverrideReason
    proposed_by: AuthorisedPerson


class ConfirmOverride(About):
    """The other centre confirms the proposed day: it counts from now on.

    Where that centre has closed, a second person of the proposing one does.
    """

    goes_to: ClassVar[str] = _PATH + "/{matter}/confirm-override"
    schema_: Literal["saikne.date-override-confirmed/1"] = SCHEMA
    override: Id
    """The statement that proposed the day."""
    confirmed_by: AuthorisedPerson


class DeclineOverride(About):
    """The other centre does not agree to the proposed day: what counted before it counts on."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/decline-override"
    schema_: Literal["saikne.date-override-declined/1"] = SCHEMA
    override: Id
    """The statement that proposed the day."""
    declined_by: AuthorisedPerson


class ObjectToDate(About):
    """Either centre objects to a day that was established without the previous one.

    Within three working days. It names the day that it holds to be right, which the other centre confirms or
    declines as any proposed day; until then the established one counts.
    """

    goes_to: ClassVar[str] = _PATH + "/{matter}/object-to-date"
    schema_: Literal["saikne.date-objection/1"] = SCHEMA
    reason: ObjectionReason
    effective_on: Day
    objected_by: AuthorisedPerson


class Registered(About):
    """The new centre has entered the move in AĢIS (method S80)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/registered"
    schema_: Literal["saikne.registered/1"] = SCHEMA
    registered_on: Day
    registered_by: AuthorisedPerson
    register_id: Reference | None = None


class CourtTold(About):
    """The new centre has told the family's orphans' court in writing (method S81)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/court-told"
    schema_: Literal["saikne.court-told/1"] = SCHEMA
    court: Annotated[TerritoryCode, Field(description="The territory in which it sits.")]
    channel: CourtChannel
    sent_on: Day
    proofs: Annotated[list[ProofRef], Field(min_length=1, max_length=20), EachOnce]
    """Of sending: the post's receipt, the e-address's confirmation, the signed copy."""
    letter_sha256: Sha256 | None = None


class Talked(About):
    """The two centres' social workers have spoken (method S82-S85)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/talked"
    schema_: Literal["saikne.talked/1"] = SCHEMA
    held_on: Day
    form: TalkForm
    topics: Topics
    psychologist: bool = False
    agreed_by_both: bool = False
    """That a psychologist takes part: needed where one did (method S85)."""


class CopiesAsked(About):
    """The new centre has asked for copies by this exchange (method S77)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/copies-asked"
    schema_: Literal["saikne.copies-asked/1"] = SCHEMA
    exchange: Id


class GiveUpCopies(About):
    """The new centre says that it does without the copies: no request for them is open."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/copies-given-up"
    schema_: Literal["saikne.copies-given-up/1"] = SCHEMA
    reason: CopiesGivenUp
    given_up_by: AuthorisedPerson


class Archived(About):
    """The previous centre has archived the family's case (method S79)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/archived"
    schema_: Literal["saikne.archived/1"] = SCHEMA
    archived_on: Day
    archive_reference: Reference


class CancelMove(About):
    """Either centre records, before it takes effect, that the family does not move."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/cancel"
    schema_: Literal["saikne.move-cancelled/1"] = SCHEMA
    reason: MoveCancelReason


class CountedMove(View):
    """What one calendar says of a notice, with what it was counted from (method S75, S76)."""

    calendar: CalendarPolicy
    on_time: bool
    last_working_days: list[Day]
    """Those that must all lie after the notice."""
    latest_on_time_notice: Day
    effective_on: Day
    latest_if_continued: Day | None = None
    calendar_version: str
    confirmed: bool
    """False where the Cabinet may still move a day of that year."""


class Notice(View):
    channel: NoticeChannel
    received_at: Moment
    on_time: bool
    decisive: CalendarPolicy
    """By which the previous centre counts: its result is the one that binds."""
    proofs: int
    """How many; each is seen by the previous centre only."""


class Claim(View):
    channel: NoticeChannel
    sent_at: Moment
    proofs: int
    shown_at: Moment | None = None
    """When the new centre showed it; absent in what was told to an older hub."""


class LateDecision(View):
    choice: LateNoticeChoice
    decided_by: AuthorisedPerson


class Override(View):
    """A proposed day that awaits the other centre."""

    id: Id
    effective_on: Day
    reason: OverrideReason
    side: FamilyMoveRole
    """Which of the two centres proposes it."""
    proposed_by: AuthorisedPerson


class Objection(View):
    """What a centre holds against a day that was established without the previous one."""

    side: FamilyMoveRole
    reason: ObjectionReason
    effective_on: Day
    """The day that it holds to be right."""
    objected_on: Day
    objected_by: AuthorisedPerson
    declined_on: Day | None = None
    """When the other centre declined that day."""


class Registration(View):
    registered_on: Day
    register_id: str | None = None
    registration: Id | None = None
    """The key of the registration that the register confirmed; absent where a person entered it by hand."""


class CourtNotice(View):
    court: str
    channel: CourtChannel
    sent_on: Day
    letter_sha256: str | None = None


class Talk(View):
    held_on: Day
    form: TalkForm
    topics: list[TalkTopic]
    psychologist: bool


class Archive(View):
    archived_on: Day
    archive_reference: str


class FamilyMove(View):
    """Where a move stands, for both centres alike."""

    family: Stated
    children: list[Stated]
    agreement: Stated
    agreed_on: Day
    territory: str
    court: str
    """That serves the territory on the day the move was opened."""
    court_name: str
    despite: DespiteView | None = None
    """What was open about the same family when it began, and why it began all the same."""
    effective_on: Day | None = None
    """Absent while the day is not fixed: it is never assumed."""
    dated_by: DatedBy | None = None
    known_on: Day | None = None
    """When that day became known in the hub: no term that runs from the move begins before it."""
    objections_until: Day | None = None
    """The last day on which a centre may object; only to a day established without the previous centre."""
    objections: list[Objection] = []
    notice: Notice | None = None
    counted: list[CountedMove] = []
    """By the previous centre's calendar first, then by the other one."""
    claim: Claim | None = None
    """The newest."""
    asked_at: Moment | None = None
    """When the new centre last asked whether the notice arrived."""
    not_received_at: Moment | None = None
    """When the previous centre last answered that it had not."""
    decision: LateDecision | None = None
    override: Override | None = None
    registered: Registration | None = None
    court_told: CourtNotice | None = None
    talked: Talk | None = None
    copies: Id | None = None
    """The exchange by which the copies were asked for."""
    copies_end: CopiesEnd | None = None
    """Absent as long as they are awaited."""
    archived: Archive | None = None
    cancelled: MoveCancelReason | None = None
    corrections: list[MoveCorrection] = []
    """The oldest first."""
    remaining: list[DutyKind]
    """What is still to be done by either centre before the move is closed."""


class FamilyMoveView(MatterView):
    """A family's move as one of the two centres sees it."""

    lies_at: ClassVar[str] = _PATH
    content: FamilyMove
