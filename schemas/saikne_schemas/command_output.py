"""What commands print with `--json`: one document a run, or one a line where they say so.

All verbs of `saikne` and `agis-sync`, and `hub jobs list`, which a watch may read.
Most are answers of the hub as they came. Like those they may grow: a script ignores what it does not know.
Published as `json/commands.json`, one definition a verb.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import TypeAdapter

from saikne_schemas.agreements import AgreementView
from saikne_schemas.child_moves import ChildMoveView
from saikne_schemas.court_views import CourtView
from saikne_schemas.duty_reports import DutyReport
from saikne_schemas.export import DIALECT, PUBLISHED, Described
from saikne_schemas.family_moves import FamilyMoveView
from saikne_schemas.identities import Identity
from saikne_schemas.machine_output import (
    JobEvent,
    JobFailed,
    JobSummary,
    JobWaiting,
    PageTaken,
    Reached,
    WayMissing,
)
from saikne_schemas.matters import DutyView, MatterAccepted, MatterLine
from saikne_schemas.outside import OutsideCentreView
from saikne_schemas.plans import SupportPlanView
from saikne_schemas.proofs import ProofFetched, SignedFilesFetched
from saikne_schemas.reconciliation import DecisionTaken, DifferenceView, ExtractTaken, RegisterReport
from saikne_schemas.registrations import (
    PrepareRegistration,
    RegistrationLine,
    RegistrationView,
    TryRegistrationAgain,
    WithdrawRegistration,
)
from saikne_schemas.sibling_contacts import SiblingContactView
from saikne_schemas.statements import Statement
from saikne_schemas.training import TrainingView
from saikne_schemas.training_reports import TrainingReport
from saikne_schemas.views import (
    Accepted,
    CentreView,
    ExchangeView,
    OverdueView,
    RevealedPassword,
    SideView,
    StatementView,
    View,
)
from saikne_schemas.vocabulary import Workflow

IDENTITY = "urn:saikne:schema:commands"


class Trouble(View):
    code: str
    """Permanent: a code of the hub's (`/problems/<code>`), or the command's own."""
    title: str
    """For people, in the language of the run."""
    detail: str | None = None
    facts: dict[str, Any]


class Failed(View):
    """Instead of any other document, whatever the verb, where the exit code is not 0."""

    problem: Trouble


class OwnKey(View):
    use: str
    kid: str
    alg: str
    fingerprint: str
    """In groups of four, to be compared by telephone."""


class WhoWorksHere(View):
    """What fills in names and positions at this computer, and how the centre is reached."""

    name: str | None = None
    position: str | None = None
    organisation: str | None = None
    address: str | None = None
    email: str | None = None
    phone: str | None = None


class KeysMade(View):
    centre: UUID
    file: str
    """What the hub's operator is to be handed."""
    keys: list[OwnKey]


class Initialised(KeysMade):
    home: str


class KeysInForce(View):
    centre: UUID
    keys: list[OwnKey]


class FamilyMatched(View):
    case: str
    sure: Literal["code", "name_and_address", "name", "other_code"]
    children: dict[str, str]
    """The centre's own numbers of the children, by those that the other centre uses."""


class WhoIsMeant(View):
    author: UUID
    """The centre whose word it is."""
    sent_at: datetime
    identity: Identity | None
    """None where it did not open; `refused` says why."""
    matches: list[FamilyMatched]
    """Families of the centre's own list, as sure as any is."""
    refused: str | None


class FamiliesKept(View):
    families: int
    people: int


class Asked(View):
    accepted: Accepted
    exchange: ExchangeView


class Inscription(View):
    inscription: str


class Downloaded(View):
    path: str
    bytes: int
    sha256: str
    round: int


class Opened(View):
    exchange: UUID
    directory: str
    archive_sha256: str
    manifest_sha256: str
    key_id: str
    documents: list[dict[str, Any]]
    """As the holder declared them (`answer`), each with its `file`."""


class Overdue(View):
    copies: list[OverdueView]
    """Requests for copies that are late."""
    duties: list[DutyView]
    """What else is late in matters between centres."""


class ToDo(DutyView):
    act: str | None
    """The command that does it; absent where another centre owes it."""
    other_acts: list[str]
    """What may be done instead, or is done first."""


class MayDo(View):
    """What a centre may do until a day, where it does not agree; nobody owes it."""

    what: Literal["object_to_date"]
    """To object to the day of a move that was established without the previous centre."""
    workflow: Workflow
    concerns: UUID
    until: date
    act: str
    other_acts: list[str]


class Today(View):
    """What is to be done, or awaited, by how urgent it is; each list by its days."""

    overdue: list[ToDo]
    today: list[ToDo]
    soon: list[ToDo]
    """Within three working days."""
    later: list[ToDo]
    may: list[MayDo]
    """What is a right and no duty, by its last day."""


class CertifiedReceipt(View):
    exchange: UUID
    receipt: str
    certified: dict[str, Any]


class Proved(View):
    what: str
    id: UUID | str
    certified: dict[str, Any] | None = None
    """Of a receipt."""
    signed: dict[str, Any] | None = None
    """Of a statement: the components that its signature covers."""


class CourtLetter(View):
    file: str
    court: str
    e_address_link: str | None


class DueBy(View):
    calendar: str
    on: date
    own: bool
    """Whether it is the calendar by which this centre counts."""


class Worksheet(View):
    matter: UUID
    file: str | None
    due: list[DueBy]
    rows: list[dict[str, Any]]


class Registered(View):
    registration: RegistrationView
    due: list[DueBy]


class PlanPacked(View):
    archive: str
    password_file: str
    sha256: str


class ContactTexts(View):
    case: str
    plans: dict[str, str]


class PaperWritten(View):
    file: str
    number: str


_ABOUT = {
    "agreements": ("agreement", "record"),
    "trainings": ("training", "propose"),
    "family-moves": ("move", "begin"),
    "child-moves": ("child-move", "begin"),
    "support-plans": ("plan", "begin"),
    "sibling-contacts": ("siblings", "propose"),
    "price-ceilings": ("training", "ceiling"),
}
"""By where matters lie: the group of their verbs, and the one that opens a matter."""
_SHORTER = {
    "notice-not-received": "not-received",
    "decide-late-notice": "decide",
    "override-date": "override",
}
_WITHIN_OTHERS = (
    "/answer",
    "/dispatch",
    "/paper-answer",
    "/paper-receipt",
    "/recipient",
    "/request-received",
)
"""Stated by verbs that do more than that."""
_BY_MACHINE = (PrepareRegistration, TryRegistrationAgain, WithdrawRegistration)
"""About a move, by verbs of the register."""


def _stated() -> Iterator[tuple[str, type[View]]]:
    """Verbs that state one thing are called as its address ends, and print how it was accepted."""
    for document in PUBLISHED:
        if not issubclass(document, Statement) or document.goes_to.endswith(_WITHIN_OTHERS):
            continue
        lies_at, *said = document.goes_to.removeprefix("/v1/").split("/")
        if lies_at in _ABOUT and not issubclass(document, _BY_MACHINE):
            group, opening = _ABOUT[lies_at]
            verb = said[-1] if said else opening
            yield f"saikne {group} {_SHORTER.get(verb, verb)}", MatterAccepted
        elif "{exchange}" in said:
            yield f"saikne {said[-1]}", Accepted


OUTPUT: dict[str, Any] = {
    **dict(_stated()),
    "saikne move request-copies": MatterAccepted,
    "saikne child-move request-iap": MatterAccepted,
    "saikne init": Initialised,
    "saikne profile": WhoWorksHere,
    "saikne keys rotate": KeysMade,
    "saikne keys use": KeysInForce,
    "saikne keys show": KeysInForce,
    "saikne names": list[WhoIsMeant],
    "saikne families import": FamiliesKept,
    "saikne centres": list[CentreView],
    "saikne request": Asked,
    "saikne offer": Asked,
    "saikne inbox": list[SideView],
    "saikne status": ExchangeView | list[SideView],
    "saikne answer": ExchangeView | Inscription,
    "saikne certification-preview": Inscription,
    "saikne answer-on-paper": ExchangeView | Inscription,
    "saikne handed-over": ExchangeView,
    "saikne posted": ExchangeView,
    "saikne supplement": ExchangeView,
    "saikne reveal": RevealedPassword,
    "saikne download": Downloaded,
    "saikne open": Opened,
    "saikne today": Today,
    "saikne overdue": Overdue,
    "saikne duties": list[DutyView],
    "saikne matters": list[MatterLine],
    "saikne matter": AgreementView
    | ChildMoveView
    | FamilyMoveView
    | SiblingContactView
    | SupportPlanView
    | TrainingView,
    "saikne receipt": CertifiedReceipt,
    "saikne statements": list[StatementView],
    "saikne verify": list[Proved],
    "saikne proof": ProofFetched,
    "saikne signed": SignedFilesFetched,
    "saikne courts": list[CourtView],
    "saikne court-letter": CourtLetter,
    "saikne register-worksheet": Worksheet,
    "saikne register": Registered,
    "saikne registrations": list[RegistrationLine],
    "saikne registration": RegistrationView,
    "saikne register-again": RegistrationView,
    "saikne register-withdraw": RegistrationView,
    "saikne register-compare": list[ExtractTaken],
    "saikne register-differences": list[DifferenceView],
    "saikne register-difference-resolve": DecisionTaken,
    "saikne register-report": RegisterReport,
    "saikne duty-report": DutyReport,
    "saikne plan pack": PlanPacked,
    "saikne plan form": dict[str, str],
    "saikne training certificate-paper": PaperWritten,
    "saikne training invoice-paper": PaperWritten,
    "saikne training report": TrainingReport,
    "saikne plan review-form": dict[str, dict[str, str]],
    "saikne plan send": MatterAccepted,
    "saikne outside name": OutsideCentreView,
    "saikne outside list": list[OutsideCentreView],
    "saikne outside correct": OutsideCentreView,
    "saikne outside letter": dict[str, str | None],
    "saikne outside received": ExchangeView,
    "saikne outside says": dict[str, Any] | list[Any],
    "saikne siblings text": ContactTexts,
    "agis-sync check": Reached,
    "agis-sync extract": PageTaken,
    "agis-sync run": JobSummary | JobEvent,
    "hub jobs list": JobFailed | JobWaiting | WayMissing,
}
"""By the words of the verb. Of `agis-sync` and `hub` it is one line's document."""


def commands_schema() -> dict[str, Any]:
    """The published schema: `$defs` has one a verb, and `failed` for what any of them prints instead."""
    kinds = {"failed": Failed, **OUTPUT}
    wanted = [(verb, "serialization", TypeAdapter(kind)) for verb, kind in kinds.items()]
    found, joined = TypeAdapter.json_schemas(
        wanted,  # type: ignore[arg-type]  # names and modes as one list
        schema_generator=Described,
    )
    return {
        "$schema": DIALECT,
        "$id": IDENTITY,
        "description": "What each verb prints with --json.",
        "$defs": {**joined["$defs"], **{verb: schema for (verb, _), schema in found.items()}},
    }
