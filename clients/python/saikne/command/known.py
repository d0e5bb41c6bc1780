"""What the hub knows already, so that no command asks for it again.

A move names its centres, its day and its court; a contract its ceiling; one proposal is open at a time. What
is typed goes before what is looked up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from saikne.command.given import StillNeeded
from saikne.problems import LocalRefusal
from saikne_schemas.child_vocabulary import ChildMoveRole
from saikne_schemas.family_move_words import FamilyMoveRole
from saikne_schemas.training_lists import CeilingState

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.family_moves import FamilyMoveView
    from saikne_schemas.manifests import RequestForCopies
    from saikne_schemas.training import CostLine

T = TypeVar("T")


class NoDayProposed(LocalRefusal):
    """No day of the move awaits a word."""

    code = "move.no-day-proposed"
    not_now = True


@dataclass(frozen=True)
class MoveTold:
    """What a letter to the orphans' court says of a family's move."""

    reference: str
    previous: str
    moved_on: date
    court: str


async def move_told(hub: "Hub", move: UUID | None, typed: Mapping[str, Any]) -> MoveTold:
    """As typed; the rest as the move says, where one is named."""
    said: dict[str, Any] = {}
    if move is not None:
        from saikne_schemas.family_moves import FamilyMoveView

        view = await hub.matter(FamilyMoveView, move)
        (left,) = (one.centre for one in view.parties if one.role == FamilyMoveRole.PREVIOUS)
        said = {"reference": view.content.family, "previous": str(left), "court": view.content.court}
        said |= {"moved_on": view.content.effective_on}
    return MoveTold(**{name: either(name, typed[name], said.get(name)) for name in typed})


def either(parameter: str, typed: T | None, known: T | None) -> T:
    """What was typed, else what is known; else the parameter is still to be given."""
    value = typed if typed is not None else known
    if value is None:
        raise StillNeeded(parameter)
    return value


def proposed_day(view: "FamilyMoveView", given: UUID | None) -> UUID:
    """The proposal that is answered: the one that was named, else the one that stands."""
    if given is not None:
        return given
    if view.content.override is None:
        raise NoDayProposed(matter=str(view.id))
    return view.content.override.id


async def sums(
    hub: "Hub", matter: UUID, costs: Sequence["CostLine"], participants: int, own: int
) -> tuple[int, int]:
    """A training's average cost and the amount to be invoiced, by the same rule as the hub's."""
    from saikne_schemas.training import TrainingView
    from saikne_schemas.training_price import price

    contract = (await hub.matter(TrainingView, matter)).content
    stated = await years_ceiling(hub, max(session.on.year for session in contract.sessions))
    ceiling = min(contract.ceiling_cents, stated) if stated else contract.ceiling_cents
    due = price(sum(one.amount_cents for one in costs), participants, own, ceiling)
    return due.average_cents, due.amount_cents


async def years_ceiling(hub: "Hub", year: int) -> int | None:
    """What this centre has stated as its price ceiling of a year."""
    from saikne_schemas.price_ceilings import PriceCeilingView
    from saikne_schemas.vocabulary import Workflow

    async for line in hub.matters(Workflow.PRICE_CEILING):
        if line.state == CeilingState.IN_FORCE:
            content = (await hub.matter(PriceCeilingView, line.id)).content
            if content.year == year:
                return content.ceiling_cents
    return None


async def iap_asked_for(hub: "Hub", matter: UUID, **ways: Any) -> "RequestForCopies":
    """The request for the copy of a child's IAP, of which its move says all but the ways of receipt."""
    from saikne.statements import compose
    from saikne_schemas.child_moves import ChildMoveView
    from saikne_schemas.manifests import RequestForCopies
    from saikne_schemas.vocabulary import ExchangeKind, LegalBasis, Purpose

    view = await hub.matter(ChildMoveView, matter)
    (holder,) = (one.centre for one in view.parties if one.role == ChildMoveRole.PREVIOUS)
    return compose(
        RequestForCopies,
        requester=hub.credentials.centre,
        holder=holder,
        kind=ExchangeKind.CHILD_IAP,
        children=[view.content.child],
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        purpose=Purpose.CARE_OF_PLACED_CHILD,
        **ways,
    )
