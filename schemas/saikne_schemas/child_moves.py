"""A child moves to a family of another centre, as its two centres record it.

Only the child's individual development plan travels; there is no rule about the day of the move, nothing is
entered in a register and no court is told by this (method S115). Source: method S105-S114; domain 1.2.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from saikne_schemas.beside import Despite, DespiteView
from saikne_schemas.child_vocabulary import (
    ChildMoveCancelled,
    ContactKind,
    FamilyTold,
    MeetingParticipant,
    Regularity,
)
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.matters import About, Beginning, CopiesEnd, MatterView
from saikne_schemas.vocabulary import CopiesGivenUp
from saikne_schemas.wire import (
    SCHEMA,
    Day,
    EachOnce,
    Id,
    IdentityRefs,
    Reference,
    Stated,
    TerritoryCode,
    View,
)

_PATH = "/v1/child-moves"


class BeginChildMove(Beginning):
    """Either centre records that a child is to move to a family of the new one."""

    goes_to: ClassVar[str] = _PATH
    schema_: Literal["saikne.child-move/1"] = SCHEMA
    new: Id
    previous: Id
    child: Reference
    territory: TerritoryCode | None = None
    """Whose orphans' court places the child."""
    planned_on: Day | None = None
    identities: IdentityRefs = []
    """Who is meant, sealed to the centres that are to know it."""
    despite: Despite | None = None
    """Where a move of the same child between the same two centres is open."""


class InformedBefore(About):
    """The previous centre has told the new family and its centre about the child (method S106)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/informed"
    schema_: Literal["saikne.informed-before/1"] = SCHEMA
    exchange: Id
    """In which the information went to the new centre, sealed: of the kind `child_information`."""
    family_told: FamilyTold
    told_on: Day


class MeetingHeld(About):
    """Both centres have met with others before the move, where that was needed (method S107)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/meeting"
    schema_: Literal["saikne.meeting-held/1"] = SCHEMA
    held_on: Day
    participants: Annotated[list[MeetingParticipant], Field(min_length=1, max_length=5), EachOnce]


class AcquaintanceHeld(About):
    """The new family has visited and met the child before the placement (method S112)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/acquaintance"
    schema_: Literal["saikne.acquaintance-held/1"] = SCHEMA
    visits: Annotated[list[Day], Field(min_length=1, max_length=31), EachOnce]


class ChildPlaced(About):
    """The child lives with the new family from this day."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/placed"
    schema_: Literal["saikne.child-placed/1"] = SCHEMA
    placed_on: Day


class IapAsked(About):
    """The new centre has asked for the copy of the child's plan (method S108)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/iap-asked"
    schema_: Literal["saikne.iap-asked/1"] = SCHEMA
    exchange: Id


class GiveUpIap(About):
    """The new centre says that it does without the plan's copy: no request for it is open."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/iap-given-up"
    schema_: Literal["saikne.iap-given-up/1"] = SCHEMA
    reason: CopiesGivenUp
    given_up_by: AuthorisedPerson


class IapArchived(About):
    """The previous centre has taken the plan's part out of its case and archived it (method S110)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/iap-archived"
    schema_: Literal["saikne.iap-archived/1"] = SCHEMA
    archived_on: Day
    archive_reference: Reference


class FormerFamilyContact(About):
    """The new centre has arranged how the child keeps its ties with the former family (method S111)."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/contact"
    schema_: Literal["saikne.former-family-contact/1"] = SCHEMA
    kinds: Annotated[list[ContactKind], Field(min_length=1, max_length=6), EachOnce]
    regularity: Regularity
    begins_on: Day


class CancelChildMove(About):
    """The child does not move: either centre before the placement, the new one afterwards."""

    goes_to: ClassVar[str] = _PATH + "/{matter}/cancel"
    schema_: Literal["saikne.child-move-cancelled/1"] = SCHEMA
    reason: ChildMoveCancelled


class Meeting(View):
    held_on: Day
    participants: list[MeetingParticipant]


class FormerFamily(View):
    """How the child keeps its ties with the former family."""

    kinds: list[ContactKind]
    regularity: Regularity
    begins_on: Day


class ChildMove(View):
    child: Stated
    court: str | None = None
    """The orphans' court that places the child: the code of the territory in which it sits."""
    planned_on: Day | None = None
    despite: DespiteView | None = None
    """What was open about the same child when it began, and why it began all the same."""
    information: Id | None = None
    """The exchange in which the new centre was told about the child."""
    family_told: FamilyTold | None = None
    told_on: Day | None = None
    meetings: list[Meeting] = []
    visits: list[Day] = []
    placed_on: Day | None = None
    plan_asked: Id | None = None
    """The exchange in which the copy of the plan is asked for."""
    plan_end: CopiesEnd | None = None
    """How it ended with that copy; absent as long as it is awaited."""
    archived_on: Day | None = None
    archive_reference: Stated | None = None
    former_family: FormerFamily | None = None
    cancelled: ChildMoveCancelled | None = None


class ChildMoveView(MatterView):
    """A child's move as one of its two centres sees it."""

    lies_at: ClassVar[str] = _PATH
    content: ChildMove
