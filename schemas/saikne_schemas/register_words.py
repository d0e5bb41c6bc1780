"""The closed lists of registrations in AĢIS. They only grow; a value is what is stored and signed.

Source: method S33, S80; domain 3.3; features N10. Stands without pydantic, so that the command's help need
not load it.
"""

from enum import StrEnum
from typing import Literal


class RegistrationState(StrEnum):
    """Where a registration stands on its way into the register."""

    DRAFT = "draft"
    """The centre has said what it will register; the sealed facts have not come yet."""
    QUEUED = "queued"
    """Waits for a job to take it, not before the day on which the move takes effect."""
    SENT = "sent"
    """A job has it: it may be in the register, or be on the way."""
    ACKNOWLEDGED = "acknowledged"
    """The register has confirmed it."""
    REJECTED = "rejected"
    """The register will not take it as it is: the centre prepares it anew."""
    UNKNOWN = "unknown"
    """Nobody knows whether it arrived: the register is asked before anything is sent again."""
    NEEDS_PERSON = "needs_person"
    """No machine goes on with it: the centre says what is to be done."""
    WITHDRAWN = "withdrawn"
    """The register does not hold it, and is not to."""


OPEN = frozenset(
    {
        RegistrationState.DRAFT,
        RegistrationState.QUEUED,
        RegistrationState.SENT,
        RegistrationState.UNKNOWN,
        RegistrationState.REJECTED,
        RegistrationState.NEEDS_PERSON,
    }
)
"""Somebody still has to do something: `waits_for` says who, `next_at` when."""


class RegisterOperation(StrEnum):
    """What the register is asked to do."""

    TRANSFER = "transfer_support_centre"
    """The family belongs to the new centre from the day on; a later revision puts an earlier one right."""
    WITHDRAW = "withdraw_transfer"
    """What was said under this key never took place."""


class WaitsFor(StrEnum):
    """Who does the next thing."""

    CENTRE = "centre"
    JOB = "job"
    REGISTER = "register"


class JobResult(StrEnum):
    """What came of one attempt, as a job reports it."""

    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"
    PENDING = "pending"
    """The register has it and answers later."""
    NOT_SENT = "not_sent"
    """Certainly not sent, or certainly not taken: the register was away, or asked to wait."""
    UNKNOWN = "unknown"
    """Sent, and no answer came: it may have arrived."""


class RegisterResult(StrEnum):
    """What the register says of one entry."""

    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"
    IN_PROGRESS = "in_progress"
    REJECTED = "rejected"


class WordOf(StrEnum):
    """Who says that the register has confirmed."""

    REGISTER = "register"
    """Its own signature, verified by the hub."""
    JOB = "job"
    """The job that asked it: the hub has no key of the register to verify one by."""


class RejectedBecause(StrEnum):
    """Why the register does not take an entry."""

    MALFORMED = "malformed"
    SEAL_NOT_OPENED = "seal_not_opened"
    """The sealed facts cannot be opened with the register's key, or are of another entry."""
    KEY_REUSED = "key_reused"
    """Another entry came under this key and revision before."""
    SUPERSEDED = "superseded"
    """A later revision is there, or the key was replaced or withdrawn."""
    FAMILY_UNKNOWN = "family_unknown"
    PERSON_UNKNOWN = "person_unknown"
    CENTRE_UNKNOWN = "centre_unknown"
    OTHER_ENTRY_STANDS = "other_entry_stands"
    """The family is with another centre from a day that does not fit."""
    NOT_ALLOWED = "not_allowed"
    OTHER = "other"


class NeedsPersonBecause(StrEnum):
    """Why no machine goes on with a registration."""

    NOT_COMPLETED = "not_completed"
    """The sealed facts never came."""
    NOBODY_TAKES_IT = "nobody_takes_it"
    """No job has asked for it since it could be taken."""
    TRIED_TOO_OFTEN = "tried_too_often"
    DAY_CHANGED = "day_changed"
    """The move has another day now, or was cancelled."""
    ENTERED_BY_HAND = "entered_by_hand"
    """It may have arrived before it was entered by hand: the register may hold it twice."""
    NOT_HELD = "not_held"
    """The register does not hold what it had confirmed: the centre prepares it anew."""
    CONFIRMED_ODDLY = "confirmed_oddly"
    """The register confirms it with a day that cannot be."""


class RegistrationWithdrawnBecause(StrEnum):
    """Why a centre takes a registration back."""

    ENTERED_BY_HAND = "entered_by_hand"
    DAY_CHANGED = "day_changed"
    MOVE_CANCELLED = "move_cancelled"
    WRONG_FAMILY = "wrong_family"
    REPLACED = "replaced"
    """By the registration of another day of the same move; the hub itself says so."""


WithdrawalReason = Literal[
    RegistrationWithdrawnBecause.ENTERED_BY_HAND,
    RegistrationWithdrawnBecause.DAY_CHANGED,
    RegistrationWithdrawnBecause.MOVE_CANCELLED,
    RegistrationWithdrawnBecause.WRONG_FAMILY,
]
"""What a centre may give as its reason: that one was replaced, only the hub can tell."""


class EntryState(StrEnum):
    """How an entry stands in the register, as an extract of it says."""

    IN_FORCE = "in_force"
    ENDED = "ended"


class DifferenceKind(StrEnum):
    """How the register and the hub differ about one move."""

    ADD = "add"
    """The hub knows it registered, the register does not hold it."""
    CHANGE = "change"
    """Both hold it, with another day, centre or number."""
    END = "end"
    """The register holds in force what was withdrawn or replaced here."""
    CONFLICT = "conflict"
    """The register holds what the hub knows nothing of."""


class DifferenceResolution(StrEnum):
    """What a person decided about a difference."""

    SEND_AGAIN = "send_again"
    """The hub is right: the registration is taken up again."""
    REGISTER_IS_RIGHT = "register_is_right"
    """The centre puts its own record right; the hub changes nothing by itself."""
    CORRECTED_IN_REGISTER = "corrected_in_register"
    """Somebody has put the register right by hand."""
    NO_DIFFERENCE = "no_difference"
    """Looked at: the two mean the same."""


class Specialised(StrEnum):
    """Whether the family is a specialised one, and of which kind (domain 2.1)."""

    NONE = "none"
    CRISIS = "crisis"
    DISABILITY = "disability"
    BOTH = "both"
