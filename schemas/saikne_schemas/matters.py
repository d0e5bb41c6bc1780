"""What all matters have in common on the wire: how they begin, how they go on, how one party sees them.

A matter is what centres deal with together by signed statements beside a request for copies: a move, contact
of siblings, training, a plan, an agreement. Every statement knows where it goes. Source: design.md 1-4.
"""

from typing import ClassVar

from saikne_schemas.statements import ForOutside, RecordView, Statement
from saikne_schemas.views import DutyView as DutyView  # noqa: PLC0414  # matters have duties
from saikne_schemas.vocabulary import CopiesEnded, CopiesGivenUp, Workflow
from saikne_schemas.wire import IDENTITY, Day, Id, Moment, RandomId, View


class MatterAccepted(View):
    """The hub's answer to a statement about a matter; `acceptance` is a compact JWS by a key of the hub's."""

    matter: Id
    workflow: Workflow
    state: str
    warnings: list[str] = []
    """Codes of what was taken although it looks wrong."""
    acceptance: str


class MatterStatement(Statement):
    """What a party states about a matter; `id` is chosen by the centre and is the statement's identity."""

    answered_by: ClassVar[type[MatterAccepted]] = MatterAccepted
    id: RandomId = IDENTITY
    for_outside: ForOutside | None = None


class Beginning(MatterStatement):
    """Opens a matter."""


class About(MatterStatement):
    """Moves a matter that is open."""

    matter: Id


class PartyView(View):
    centre: Id
    name: str
    role: str


class CopiesEnd(View):
    """How it ended with the copies that a move needs."""

    how: CopiesEnded
    ended_on: Day
    """When the hub was told."""
    reason: CopiesGivenUp | None = None
    """Why they were given up."""


class DutyPage(View):
    items: list[DutyView]
    next: str | None = None
    """Pass as `cursor` to read on; absent on the last page."""


class MatterView(RecordView):
    """What every matter shows to a party; each workflow adds its `content`."""

    id: Id
    workflow: Workflow
    role: str
    """The asking centre's own."""
    state: str
    parties: list[PartyView]
    opened_at: Moment
    moved_at: Moment
    duties: list[DutyView]
    """Those in which the asking centre has a stake."""


class NumberLine(View):
    """What a number that was given by its beginning is of."""

    id: Id
    workflow: Workflow


class MatterLine(View):
    """One line of a list: what a centre sees of a matter without opening it."""

    id: Id
    workflow: Workflow
    role: str
    state: str
    others: list[str]
    """The names of the other parties."""
    opened_at: Moment
    moved_at: Moment


class MatterPage(View):
    items: list[MatterLine]
    next: str | None = None
    """Pass as `cursor` to read on; absent on the last page."""
