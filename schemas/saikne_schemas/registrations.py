"""Registrations on the wire: what a centre says, what a job takes and reports, and how both see them.

Source: method S33, S80; domain 3.3; features N10. A registration belongs to a family's move; the hub knows
its key, day and centres. The facts about people are sealed to the register's key at the centre, and pass
through.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.matters import About
from saikne_schemas.register_entries import SEALED_BYTES, RegisterEntry, RegisterWord, Revision
from saikne_schemas.register_words import (
    JobResult,
    NeedsPersonBecause,
    RegisterOperation,
    RegistrationState,
    RegistrationWithdrawnBecause,
    RejectedBecause,
    WaitsFor,
    WithdrawalReason,
    WordOf,
)
from saikne_schemas.spelling import Spelled
from saikne_schemas.statements import Statement
from saikne_schemas.wire import (
    IDENTITY,
    SCHEMA,
    Count,
    Day,
    Id,
    Moment,
    RandomId,
    Reference,
    Sha256,
    View,
    WireDocument,
)

_MOVE = "/v1/family-moves/{matter}"
_REGISTRATIONS = "/v1/registrations"
AT_ONCE = 100
"""How many registrations one claim or one report names at most."""
LEASE_SECONDS = 300
"""For how long a job has what it claims; whoever says nothing in that time may have sent it."""


KeyName = Annotated[str, Spelled("[A-Za-z0-9_-]{1,64}", "key-name", "a key is named in base64url")]


class PrepareRegistration(About):
    """The new centre has sealed what is to be registered; its bytes follow, and the digest binds them."""

    goes_to: ClassVar[str] = _MOVE + "/registration"
    schema_: Literal["saikne.registration/1"] = SCHEMA
    effective_on: Day
    """As the move has it now."""
    sealed_sha256: Sha256
    sealed_bytes: Annotated[int, Field(ge=1, le=SEALED_BYTES)]
    register_key: KeyName
    """The thumbprint of the key it is sealed to."""
    prepared_by: AuthorisedPerson


class TryRegistrationAgain(About):
    """A person of the new centre lets the machines go on."""

    goes_to: ClassVar[str] = _MOVE + "/registration-again"
    schema_: Literal["saikne.registration-again/1"] = SCHEMA
    key: Id
    decided_by: AuthorisedPerson


class WithdrawRegistration(About):
    """The new centre takes a registration back; where it may have arrived, the register is told."""

    goes_to: ClassVar[str] = _MOVE + "/registration-withdrawn"
    schema_: Literal["saikne.registration-withdrawn/1"] = SCHEMA
    key: Id
    reason: WithdrawalReason
    decided_by: AuthorisedPerson


class ClaimRegistrations(Statement):
    """A job takes registrations to make; the same claim again gets the same ones."""

    goes_to: ClassVar[str] = _REGISTRATIONS + "/claims"
    schema_: Literal["saikne.claim-registrations/1"] = SCHEMA
    id: RandomId = IDENTITY
    at_most: Annotated[int, Field(ge=1, le=AT_ONCE)]
    lease_seconds: Annotated[int, Field(ge=5, le=3600)] = LEASE_SECONDS


class Outcome(WireDocument):
    """What came of one attempt."""

    key: Id
    revision: Revision
    attempt: Count
    """As the task named it."""
    result: JobResult
    entry_sha256: Sha256 | None = None
    """Of the canonical JSON as this attempt was handed out; it stands wherever the register answered."""
    register_id: Reference | None = None
    registered_on: Day | None = None
    """Both stand with `acknowledged`."""
    reason: RejectedBecause | None = None
    """Stands with `rejected`."""
    again_in_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    """The register asked to wait for so long."""
    word: RegisterWord | None = None
    """Of the answer, as it came. Where the hub has a signing key, no confirmation counts without it."""


class ReportOutcomes(Statement):
    """A job reports what came of its attempts; each is judged by itself. The same report: the same answer."""

    goes_to: ClassVar[str] = _REGISTRATIONS + "/outcomes"
    schema_: Literal["saikne.registration-outcomes/1"] = SCHEMA
    id: RandomId = IDENTITY
    outcomes: Annotated[list[Outcome], Field(min_length=1, max_length=AT_ONCE)]


class RegistrationTask(View):
    """One thing for a job to do."""

    attempt: int
    ask_first: bool
    """It may have arrived before: the register is asked by its key before anything is sent."""
    claimed_until: Moment
    entry: RegisterEntry


class ClaimedRegistrations(View):
    tasks: list[RegistrationTask]
    next_at: Moment | None = None
    """When the next one can be taken, where fewer were given than asked for; absent: none is waiting."""


class OutcomeTaken(View):
    key: Id
    attempt: int
    state: RegistrationState | None = None
    """After it; absent where the registration is not there."""
    refused: str | None = None
    """The code of why this outcome changes nothing."""


class OutcomesTaken(View):
    outcomes: list[OutcomeTaken]
    acceptance: str
    """The hub's own word that it got this report: a compact JWS."""


class AttemptView(View):
    """One attempt, as it was claimed and reported."""

    attempt: int
    revision: int
    ask_first: bool
    claimed_at: Moment
    client: str
    """Who claimed it."""
    result: JobResult | None = None
    reason: RejectedBecause | None = None
    entry_sha256: str | None = None
    reported_at: Moment | None = None
    word: str | None = None
    """What the register signed, as the hub verified it: a compact JWS."""


class RegistrationLine(View):
    """A registration as lists show it. While it is open it says who does the next thing, and when."""

    key: Id
    matter: Id
    centre: Id
    """The new one, which registers."""
    effective_on: Day
    operation: RegisterOperation
    revision: int
    state: RegistrationState
    waits_for: WaitsFor | None = None
    next_at: Moment | None = None
    rejected_because: RejectedBecause | None = None
    needs_person_because: NeedsPersonBecause | None = None
    withdrawn_because: RegistrationWithdrawnBecause | None = None
    replaces: Id | None = None
    attempts: int
    prepared_at: Moment
    changed_at: Moment
    registered_on: Day | None = None
    register_id: str | None = None
    confirmed_by: WordOf | None = None
    """Whose word the number and the day are."""


class RegistrationView(RegistrationLine):
    """A registration with every attempt that was made."""

    previous: Id
    register_key: str | None = None
    """The thumbprint of the key it is sealed to; absent for a withdrawal."""
    sealed_sha256: str | None = None
    sealed_erased: bool
    """Whether the hub still holds the sealed bytes: no longer than the register needs them."""
    tried: list[AttemptView]


class RegistrationPage(View):
    items: list[RegistrationLine]
    next: str | None = None
    """Pass as `cursor` to read on; absent on the last page."""


class RegisterKeyView(View):
    kid: str
    jwk: dict[str, str]
    """P-256: for `ECDH-ES` where facts are sealed to it, for `ES256` where the register signs by it."""


class RegisterView(View):
    """How the register is reached through this hub."""

    machine: bool
    """Whether registrations can be made by machine; where not, by the worksheet and by hand."""
    keys: list[RegisterKeyView] = []
    """Facts are sealed to the first."""
    signing_keys: list[RegisterKeyView] = []
    """By one of these the register signs what it confirms; where there is none, the job's word has to do."""
