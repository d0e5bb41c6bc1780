"""What a centre is to the hub, whose rows it reads, and when it may take part.

Source: method S1, S17; domain 2.1 (a legal entity may run several centres: the tenant is the centre), 8.
An overseer is enrolled like a centre, with an id and keys of its own; what it reads are the rows of the
common oversight tenant, because which body oversees can change and there may be several.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId
from hub.kernel.refusal import Refusal
from saikne_schemas.vocabulary import CalendarPolicy, Scope


class CentreRole(StrEnum):
    CENTRE = "centre"
    OVERSIGHT = "oversight"
    REGISTER = "register"
    """A job on the register's side; what it reads are the rows of the common registry tenant."""


class CentreState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    OUTSIDE = "outside"
    """Not in the hub: named by a member that deals with it. It has no keys, and nobody writes to it."""


class StateChange(StrEnum):
    SUSPEND = "suspend"
    RESUME = "resume"


STATES: Mapping[tuple[CentreState, StateChange], CentreState] = {
    (CentreState.ACTIVE, StateChange.SUSPEND): CentreState.SUSPENDED,
    (CentreState.SUSPENDED, StateChange.RESUME): CentreState.ACTIVE,
}


class SuspendedBecause(StrEnum):
    KEYS_COMPROMISED = "keys_compromised"
    AGREEMENT_ENDED = "agreement_ended"
    CENTRE_CLOSED = "centre_closed"
    OTHER = "other"


class CentreUnknown(Refusal):
    code = "centres.unknown"


class CentreSuspended(Refusal):
    code = "centres.suspended"


class StateUnchanged(Refusal):
    """It is suspended already, or was not suspended."""

    code = "centres.state-unchanged"


@dataclass(frozen=True, slots=True)
class Centre:
    id: CentreId
    registration_number: str
    legal_entity: str
    name: str
    role: CentreRole
    state: CentreState
    scopes: frozenset[Scope]
    calendar: CalendarPolicy
    agreement_version: str | None
    agreement_signed_on: date | None
    """With the hub; an outside centre has none."""
    admitted_at: datetime
    """When it was named, of an outside centre."""

    @property
    def active(self) -> bool:
        return self.state is CentreState.ACTIVE

    @property
    def outside(self) -> bool:
        return self.state is CentreState.OUTSIDE

    @property
    def takes_part(self) -> bool:
        """By its own hand, or by that of a member which speaks for it."""
        return self.active or self.outside


def tenant_of(centre: Centre) -> CentreId:
    """Whose rows it reads and whose chain tells of it: its own, or those of oversight or the registry."""
    common = {CentreRole.OVERSIGHT: OVERSIGHT, CentreRole.REGISTER: REGISTRY}
    return common.get(centre.role, centre.id)


def after(centre: Centre, change: StateChange) -> CentreState:
    """The centre's state once it is changed; what `STATES` does not list is refused."""
    state = STATES.get((centre.state, change))
    if state is None:
        raise StateUnchanged(centre=str(centre.id), state=centre.state.value)
    return state


def taking_part(centre: Centre | None) -> Centre:
    """The centre, if it is admitted or named, and not suspended."""
    if centre is None:
        raise CentreUnknown
    if not centre.takes_part:
        raise CentreSuspended(centre=str(centre.id))
    return centre
