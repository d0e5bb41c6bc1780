"""A move hears of the exchange in which its copies were asked for, when that ends or goes on after its end.

Source: method S77, S108, S134; design.md 7. The exchange promises it with the step that it took, and knows no
moves; what it stands at is read when the promise is kept, so that neither order nor repetition matters. Each
move in a transaction of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from pydantic import BaseModel

from hub.evidence.event import EventKind, Fact
from hub.exchange.casework.exchanges import Moved
from hub.kernel.documents import JsonObject
from hub.kernel.ids import OVERSIGHT, MatterId
from hub.matters import store as matters
from hub.matters.casework.happening import Happening, happen
from hub.matters.casework.matters import Matters
from hub.matters.casework.records import Desk
from hub.matters.office import MattersOffice
from hub.matters.workflow import Outcome, Scene, Workflow
from hub.plumbing.promises import Overtaken
from hub.plumbing.sweep import AT_ONCE, sweep
from hub.transfers import childs_copies, copies
from hub.transfers.casework.child_moves import CHILD_MOVES
from hub.transfers.casework.family_moves import FAMILY_MOVES
from hub.transfers.casework.named import exchange_of
from hub.transfers.child_move import Action as ChildAction
from hub.transfers.copies import News
from hub.transfers.family import copies as familys_copies
from hub.transfers.family.steps import Action
from hub.transfers.fitting_exchange import NamedExchange
from hub.transfers.hand import Hand
from saikne_schemas.child_vocabulary import ChildMoveRole
from saikne_schemas.family_move_words import FamilyMoveRole

C = TypeVar("C", bound=BaseModel)

_EVENTS = MappingProxyType(
    {
        News.ENDED: EventKind.MOVE_COPIES_ENDED,
        News.AWAITED: EventKind.MOVE_COPIES_AWAITED,
        News.WITHDRAWN: EventKind.MOVE_COPIES_AWAITED,
    }
)


@dataclass(frozen=True, slots=True)
class Ear(Generic[C]):
    """A workflow whose matters wait for copies, and where such a matter says so."""

    workflow: Workflow[C]
    action: StrEnum
    new: StrEnum
    asked_in: str
    """The field that names the exchange."""
    end: str
    heard: Callable[[C, Scene, NamedExchange], Outcome[C]]

    @property
    def states(self) -> list[str]:
        """In which a matter may still hear anything."""
        return [state.value for state, action in self.workflow.steps.listed if action is self.action]


FAMILYS = Ear(
    FAMILY_MOVES,
    Action.HEAR_OF_COPIES,
    FamilyMoveRole.NEW,
    "copies",
    "copies_end",
    familys_copies.heard,
)
CHILDS = Ear(
    CHILD_MOVES,
    ChildAction.HEAR_OF_COPIES,
    ChildMoveRole.NEW,
    "plan_asked",
    "plan_end",
    childs_copies.heard,
)


async def hear(office: MattersOffice, payload: JsonObject) -> None:
    """Keep the promise of an exchange that it is heard of."""
    moved = Moved.of(payload)
    heard = await _hear(office, FAMILYS, moved) + await _hear(office, CHILDS, moved)
    if not heard:
        raise Overtaken("no move waits for it")


async def _hear(office: MattersOffice, ear: Ear[C], moved: Moved) -> int:
    """How many moves name the exchange."""
    async with office.desk(moved.requester) as desk:
        kind, states = ear.workflow.kind, ear.states
        rows = await matters.between(desk.tx, moved.requester, moved.holder, kind, states)
    asked_in = str(moved.exchange)
    named = [MatterId(row["matter_id"]) for row in rows if row["content"].get(ear.asked_in) == asked_in]
    for identity in named:
        async with office.desk(moved.requester) as desk:
            await hear_one(desk, ear, identity)
    return len(named)


async def hear_all(office: MattersOffice) -> None:
    """Whatever no promise has told, as an older version of the hub did not."""
    await _hear_all(office, FAMILYS)
    await _hear_all(office, CHILDS)


async def _hear_all(office: MattersOffice, ear: Ear[C]) -> int:
    states = sorted(ear.workflow.awaiting.intersection(ear.states))

    async def page(after: UUID | None) -> Sequence[matters.PartyRow]:
        async with office.desk(OVERSIGHT) as desk:
            kind = ear.workflow.kind
            return await matters.open_of(desk.tx, OVERSIGHT, kind, states, after=after, limit=AT_ONCE)

    async def each(row: matters.PartyRow) -> bool:
        async with office.desk(row.parties[0]) as desk:
            return await hear_one(desk, ear, row.matter_id)

    return await sweep(page, lambda row: row.matter_id, each)


async def hear_one(desk: Desk, ear: Ear[C], identity: MatterId) -> bool:
    """What its exchange came to, where the matter does not know it yet; whether anything was heard."""
    held = await Matters(ear.workflow).held(desk, identity)
    asked_in: UUID | None = getattr(held.content, ear.asked_in)
    exchange = None if asked_in is None else await exchange_of(desk, asked_in)
    told = copies.news(exchange, getattr(held.content, ear.end)) if exchange else None
    if exchange is None or told is None or held.state.value not in ear.states:
        return False
    facts: dict[str, Fact] = {"exchange": str(asked_in), "copies": exchange.state.value}
    by = uuid4()  # of its own: what is heard again is told again
    what = Happening(
        _EVENTS[told], Hand.HUB, ear.action, _rule(ear, exchange), by, facts, in_place_of=ear.new
    )
    await happen(desk, ear.workflow, identity, what, also_for=(OVERSIGHT,))
    return True


def _rule(ear: Ear[C], exchange: NamedExchange) -> Callable[[C, Scene], Outcome[C]]:
    def heard(content: C, scene: Scene) -> Outcome[C]:
        return ear.heard(content, scene, exchange)

    return heard
