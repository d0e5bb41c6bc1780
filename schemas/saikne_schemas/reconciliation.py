"""The register beside the hub on the wire: extracts taken, differences for a person, a month in figures.

Source: method S80; domain 3.3; features N10. References, centres, days and counts: nobody is named but people
at work who decide. Neither side is changed by a comparison.
"""

from enum import StrEnum
from typing import ClassVar, Literal

from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.register_words import (
    DifferenceKind,
    DifferenceResolution,
    EntryState,
)
from saikne_schemas.statements import Statement
from saikne_schemas.wire import IDENTITY, SCHEMA, Day, Id, Moment, Month, RandomId, Sha256, View

PAGES_AT_MOST = 200
"""In one extract."""


class Standing(StrEnum):
    """What the hub expects the register to hold of a registration."""

    HELD = "held"
    """It is there, in force: confirmed by the register, or entered by hand."""
    UNDER_WAY = "under_way"
    """On its way; whether it is there, the next asking will find."""
    STUCK = "stuck"
    """Rejected, or waiting for a person: it is not known to be there."""
    GONE = "gone"
    """Withdrawn, or replaced by another day's entry: it is not in force there."""


class DifferenceState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    VANISHED = "vanished"
    """A later extract no longer shows it; nobody had to decide."""


class HubSide(View):
    """A registration as the hub knew it when the two were compared."""

    standing: Standing
    key: Id | None = None
    """Absent where it was entered by hand."""
    revision: int | None = None
    ending: bool = False
    """On its way out: it is being withdrawn, or another day is taking its place."""
    new: str
    """The registration number of the new centre's legal entity."""
    effective_on: Day
    registered_on: Day | None = None
    register_id: str | None = None


class RegisterSide(View):
    """The entry as the extract holds it."""

    register_id: str
    key: Id | None = None
    revision: int | None = None
    new: str
    effective_on: Day
    registered_on: Day
    state: EntryState


class Compared(View):
    """What came of comparing a whole extract."""

    pages: int
    entries: int
    sha256: Sha256
    """Of the pages' own digests, in their order: what is left of an extract once it is compared."""
    elsewhere: int
    """Entries that concern no centre it was compared for."""
    found: int
    """New differences."""
    still_open: int
    """Found before and still there."""
    vanished: int
    """Open before and no longer there: closed by this extract."""
    news: list[Id]
    """Keys under way at the hub and in force in the register: the job's next asking will find them."""


class ExtractTaken(View):
    """The hub has a page of an extract. The same page again gets the same answer."""

    taken_at: Moment
    page: int
    sha256: Sha256
    """Of the page as it was signed."""
    awaited: list[int]
    """Pages that were not there yet when this one came, as far as it was known."""
    compared: Compared | None = None
    """Stands in the answer to the page that made the extract whole."""


class DifferenceView(View):
    """The register and the hub differ about one move; both sides as they were found."""

    id: Id
    kind: DifferenceKind
    state: DifferenceState
    centre: Id
    """Which decides about it."""
    key: Id | None = None
    matter: Id | None = None
    """Absent where the hub knows nothing of the entry."""
    found_at: Moment
    seen_at: Moment
    """When the newest extract that shows it was taken."""
    at_hub: HubSide | None = None
    in_register: RegisterSide | None = None
    how: DifferenceResolution | None = None
    resolved_by: AuthorisedPerson | None = None
    closed_at: Moment | None = None
    """When it was resolved or found to be gone."""


class DifferencePage(View):
    items: list[DifferenceView]
    next: str | None = None
    """Pass as `cursor` to read on; absent on the last page."""


class DecisionTaken(View):
    difference: Id
    how: DifferenceResolution
    acceptance: str
    """The hub's own word that it took this decision: a compact JWS."""


class ResolveDifference(Statement):
    """A person of the centre has looked at both sides and says what follows."""

    goes_to: ClassVar[str] = "/v1/register-differences/{difference}/resolve"
    answered_by: ClassVar[type[DecisionTaken]] = DecisionTaken
    schema_: Literal["saikne.difference-resolved/1"] = SCHEMA
    id: RandomId = IDENTITY
    difference: Id
    how: DifferenceResolution
    decided_by: AuthorisedPerson


class LateRegistration(View):
    """A registration that was, or is, late."""

    centre: Id
    matter: Id
    due_on: Day
    registered_on: Day | None = None
    """Absent while it is open."""
    working_days_late: int
    by_machine: bool = False


class ReportCounts(View):
    """Registrations that fell due in the month, and differences that were found in it."""

    due: int = 0
    in_time: int = 0
    late: int = 0
    working_days_late: int = 0
    """Of all that were made late, together."""
    open: int = 0
    """Not made yet, whether their day is over or not."""
    overdue: int = 0
    """Of the open ones."""
    by_hand: int = 0
    by_machine: int = 0
    corrected: int = 0
    """Put right in the register after it was made: a later revision, or another day."""
    withdrawn: int = 0
    """No longer owed: the move was cancelled, or has another day."""
    rejected: int = 0
    """The register does not take it as it is, now."""
    needs_person: int = 0
    """No machine goes on with it, now."""
    differences_found: int = 0
    differences_resolved: dict[DifferenceResolution, int] = {}
    differences_vanished: int = 0
    differences_open: int = 0


class CentreReport(ReportCounts):
    centre: Id
    name: str


class RegisterReport(View):
    """A month's registrations: a centre's own; of all centres for the register's side and oversight."""

    month: Month
    as_of: Moment
    total: ReportCounts
    centres: list[CentreReport]
    late: list[LateRegistration] = []
    """Made late, or open and overdue; not for oversight."""
