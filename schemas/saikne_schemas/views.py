"""What the hub answers: exchanges as one side sees them, acceptances, overdue lists, problems."""

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import Field

from saikne_schemas.beside import DespiteView
from saikne_schemas.manifests import Receipt
from saikne_schemas.paper_views import ItemCorrection as ItemCorrection  # noqa: PLC0414  # as of Accepted
from saikne_schemas.paper_views import PaperDocumentView as PaperDocumentView  # noqa: PLC0414  # as above
from saikne_schemas.paper_views import PaperView as PaperView  # noqa: PLC0414  # as above
from saikne_schemas.proofs import ProofView
from saikne_schemas.refusals import RefusalView
from saikne_schemas.statements import EXCHANGES, RecordView
from saikne_schemas.statements import Accepted as Accepted  # noqa: PLC0414  # answers are spoken of from here
from saikne_schemas.vocabulary import (
    CalendarPolicy,
    CaseSection,
    DeliveryChannel,
    DepartureReason,
    DisputeReason,
    DutyKind,
    ExchangeKind,
    ExchangeState,
    ExtensionReason,
    FormType,
    IncompleteBecause,
    MediaType,
    RequestSignatures,
    SideRole,
    Workflow,
)
from saikne_schemas.wire import Day, Id, Moment, Sha256, Stated, Thumbprint
from saikne_schemas.wire import View as View  # noqa: PLC0414  # as above


class EncryptionKeyView(View):
    """A key that opens on a centre's own machine, and nowhere else, what is sealed to it."""

    kid: Thumbprint
    jwk: dict[str, str]
    """P-256, for `ECDH-ES`."""


class CentreView(View):
    id: Id
    name: str
    legal_entity: str
    registration_number: str
    role: str
    state: str
    encryption_keys: list[EncryptionKeyView] = []
    """In force, the newest first; a centre that has none cannot yet be sent who is meant."""


class DayCount(View):
    """One day of a term and why it counted or did not."""

    day: Day
    counted: bool
    why: str


class DayOffView(View):
    """A day that does not count any more, and what that rests on."""

    day: Day
    name: str
    source: str


class MovedByLawView(View):
    """Why a term ends later than it did: days off that came after it was counted."""

    before: Day
    """When it ended until then."""
    days_off: list[DayOffView]
    edition: int
    """Of the calendars, as the operator numbers them."""


class TermView(View):
    """The ten working days of an answer, by both calendars (method S78; domain 1.5, 6)."""

    due_on: Day
    """The day that counts; a later one than counted where both sides agreed on it or the law moved it."""
    original_due_on: Day | None = None
    """The day as first counted, where a later one counts."""
    moved_by: MovedByLawView | None = None
    """Where the term moved by law: a day off was proclaimed, or one was moved."""
    extended_by: Id | None = None
    """The requester's statement that agreed to the later day."""
    alt_due_on: Day
    """As counted by the other calendar."""
    starts_on: Day
    basis: str
    working_days: int
    calendar: CalendarPolicy
    calendar_version: str
    confirmed: bool
    """False while a year it touches may still get moved or proclaimed days off."""
    days: list[DayCount] = []
    met_at: Moment | None = None
    met_on: Day | None = None
    """The day that counts: of what was done, where it was told of later."""
    met_late_by: int | None = None
    """Working days after the term, by the owner's calendar: 0 in time, and on days off right after it."""
    overdue: bool = False
    working_days_late: int = 0
    working_days_left: int = 0


class DutyView(TermView):
    """One thing owed by a day, as the asking centre's row of it says."""

    id: Id
    kind: DutyKind
    workflow: Workflow
    concerns: Id
    """The exchange or the matter."""
    owner: Id
    owner_name: str
    owner_outside: bool = False
    """It is not in the hub: who deals with it sees to it, and says here what it did."""
    stake: str
    """`owes`, `awaits` or `oversees`."""
    by_method: bool
    """False where the method names no term and the day is the hub's own reminder."""
    objections_until: Day | None = None
    """Until when a centre may object to the day that it counts from, where the hub established that day."""
    ended_at: Moment | None = None
    ending: str | None = None


class DocumentView(View):
    no: int
    form: FormType
    subject: Stated
    spouse: int | None = None
    media_type: MediaType
    bytes: int
    sha256: Sha256
    sealed_at: Moment | None = None
    """When the hub had received, checked and sealed it; absent while it is awaited."""


class MissingForm(View):
    """A mandatory form that the answer does not hold (method S47-S55)."""

    form: FormType
    subject: str | None = None
    spouse: int | None = None
    section: CaseSection | None = None
    """Of a family's case whose sections are stated: the one that no document holds (method S48)."""
    because: IncompleteBecause | None = None
    """As the holder said when it sent the answer."""


class HandoverView(View):
    """How the password travels; never what it is."""

    channel: str
    address: str
    """Masked."""
    state: str
    at: Moment | None = None
    expires_at: Moment | None = None
    """The end, in Riga, of the last day on which it opens the archive for sure; then it is erased."""
    last_day: Day | None = None
    """The same as a day."""
    prolonged: int = 0
    """How often the requester has asked for three working days more."""
    weaker: bool = False
    """By mail as its archive goes, to another mailbox, as the two centres have agreed."""


class AnswerView(View):
    round: int
    declared_at: Moment
    way: DeliveryChannel | None = None
    """The way it goes; the exchange's `receipt` is the way that was wished."""
    departure: DepartureReason | None = None
    """Why it goes another way than the wished one."""
    documents: list[DocumentView]
    """Those of an archive; what goes on paper stands in `paper`."""
    missing: list[MissingForm]
    dispatched_at: Moment | None = None
    archive_bytes: int | None = None
    archive_sha256: Sha256 | None = None
    archive_available: bool = False
    delivery: str | None = None
    """How the archive's own sending stands, for channels that send it."""
    password: HandoverView | None = None
    dispute: DisputeReason | None = None
    paper: PaperView | None = None
    certified_by: ProofView | None = None
    """The signed file that certifies the set, and what the hub found in it."""


class ExtensionView(View):
    """A later day that the holder has proposed and the requester has not answered."""

    proposal: Id
    until: Day
    reason: ExtensionReason


class SupplementView(View):
    """What was asked for beside the first request."""

    children: list[Stated]
    forms: list[FormType]
    answered_before: bool
    """The first request is answered and confirmed: only this is awaited now."""


class ExchangeView(RecordView):
    lies_at: ClassVar[str] = EXCHANGES
    id: Id
    role: SideRole
    state: ExchangeState
    kind: ExchangeKind
    requester: Id
    requester_name: str
    holder: Id
    holder_name: str
    family: Stated | None = None
    children: list[Stated] = []
    legal_basis: str
    purpose: str
    receipt: Receipt
    weaker_way: bool = False
    """Archive and password are both wished by mail, to two mailboxes."""
    signatures: RequestSignatures = RequestSignatures.PLAIN
    """What the request relies on. `qualified_claimed`: a signed file is kept with it that was not traced to a
    trusted list, so the holder may ask to see it."""
    signed_request: ProofView | None = None
    """The request as a signed file, and what the hub found in it."""
    requested_at: Moment
    moved_at: Moment
    term: TermView | None = None
    """Absent where nothing is owed by a day: what a holder offered unasked (`child_information`)."""
    extension: ExtensionView | None = None
    supplement: SupplementView | None = None
    refusal: RefusalView | None = None
    despite: DespiteView | None = None
    """What was asked for already when this was, and why it was asked for again."""
    answer: AnswerView | None = None
    refusable: bool = False
    """The holder may refuse it: an answer is owed, and nothing of what is asked now was sent."""
    duties: list[DutyView] = []
    """What is owed now, the most urgent first: every open exchange has somebody who owes its next step."""

    @property
    def due_on(self) -> date | None:
        """The day that counts, where there is one."""
        return None if self.term is None else self.term.due_on


class SideView(View):
    """One line of a list: what a centre sees of an exchange without opening it."""

    id: Id
    role: SideRole
    state: ExchangeState
    kind: ExchangeKind
    counterpart: Id
    counterpart_name: str
    requested_at: Moment
    moved_at: Moment
    due_on: Day | None = None
    """Absent where nothing is owed by a day."""
    original_due_on: Day | None = None
    """The day as first counted, where a later one counts."""
    moved_by: MovedByLawView | None = None
    overdue: bool
    next: DutyKind | None = None
    """The next step that is owed: the asking centre's own before what it awaits, the most urgent first."""
    next_stake: str | None = None
    """What that is to the asking centre: `owes`, `awaits` or `oversees`."""
    next_due_on: Day | None = None
    next_by_method: bool | None = None
    """False where the method names no term for it and the day is the hub's own."""
    next_overdue: bool = False
    way: DeliveryChannel | None = None
    """By which the newest answer goes; before any, as it is wished."""
    archive_sha256: Sha256 | None = None
    """Of the newest answer's archive, once dispatched: an archive of other bytes is an earlier sending."""
    refusable: bool = False
    """The holder may refuse it: an answer is owed, and nothing of what is asked now was sent."""


class Page(View):
    items: list[SideView]
    next: str | None = None
    """Pass as `cursor` to read on; absent on the last page."""


class OverdueView(View):
    exchange: Id
    role: SideRole
    kind: ExchangeKind
    state: ExchangeState
    requester: Id
    requester_name: str
    holder: Id
    holder_name: str
    due_on: Day
    original_due_on: Day | None = None
    moved_by: MovedByLawView | None = None
    alt_due_on: Day
    calendar: CalendarPolicy
    confirmed: bool
    working_days_late: int


class OverduePage(View):
    today: Day
    items: list[OverdueView]
    next: str | None = None


class SentDocument(View):
    """The hub's answer to a document: received whole, checked and sealed."""

    exchange: Id
    round: int
    no: int
    bytes: int
    sha256: Sha256
    awaited: Annotated[list[int], Field(description="Numbers of the documents still awaited.")]


class RevealedPassword(View):
    password: str
    """With its check symbol, in groups, for reading out."""
    to: str | None = None
    """The registered number of the requester to which it is to be read out, and no other."""
    accepted: Accepted


class StatementView(View):
    """A statement with everything needed to verify it without the hub (security.md 2)."""

    id: Id
    kind: str
    author: Id
    received_at: Moment
    manifest: str
    """base64 of the exact bytes."""
    signature_base: str
    signature: str
    public_key: dict[str, Any]
    acceptance: str


class ReceiptView(View):
    """The countersigned receipt of a confirmed exchange: a compact JWS by a key of the hub's JWKS."""

    exchange: Id
    receipt: str
    earlier: list[str] = []
    """Receipts of what was confirmed before the request was supplemented, the oldest first."""


class Problem(View):
    """RFC 9457. `code` is permanent; `title` and `detail` follow Accept-Language (lv, en)."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
