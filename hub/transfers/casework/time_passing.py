"""What time alone does to moves: a silent centre's days run out, and nothing open is left without an owner.

Source: domain 1.5; method S74-S76. Found by what the rows say, not by a message, so that nothing is lost
while nobody works; each move in a transaction of its own. Doing it twice changes nothing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog
from pydantic import BaseModel

from hub.duties import store as duties
from hub.evidence.event import EventKind
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters import store as matters
from hub.matters.casework.happening import Happening, happen, owe
from hub.matters.casework.matters import Matters
from hub.matters.casework.records import Desk
from hub.matters.office import MattersOffice
from hub.matters.workflow import Outcome, Owed, Workflow
from hub.transfers import child_move
from hub.transfers.casework.child_moves import CHILD_MOVES
from hub.transfers.casework.family_moves import FAMILY_MOVES
from hub.transfers.casework.hearing import CHILDS, FAMILYS, Ear, hear_one
from hub.transfers.family import silence
from hub.transfers.family.awaiting import awaited
from hub.transfers.family.steps import Action
from hub.transfers.hand import Hand
from saikne_schemas.child_vocabulary import ChildMoveState
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState

log = structlog.get_logger(__name__)

AT_ONCE = 200
C = TypeVar("C", bound=BaseModel)
Passing = Callable[[Desk, MatterId], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Watched(Generic[C]):
    """A workflow whose open matters are looked after."""

    workflow: Workflow[C]
    states: tuple[str, ...]
    """Those that are not final."""
    awaited: Callable[..., tuple[Owed, ...]]
    ear: Ear[C]


_FAMILYS = Watched(
    FAMILY_MOVES,
    (FamilyMoveState.AGREED, FamilyMoveState.LATE, FamilyMoveState.DATED),
    awaited,
    FAMILYS,
)
_CHILDS = Watched(CHILD_MOVES, (ChildMoveState.PLANNED, ChildMoveState.PLACED), child_move.awaited, CHILDS)


async def establish_days(office: MattersOffice) -> None:
    """Date the moves about which the previous centre has said nothing for as long as it had to."""
    async with office.desk(OVERSIGHT) as desk:
        kind, before = FAMILY_MOVES.kind, riga_day(desk.now)
        silent = await duties.overdue(
            desk.tx, OVERSIGHT, kind, silence.COUNTS_FROM, before=before, limit=AT_ONCE
        )
    for owed in silent:
        await _alone(office, owed.owner_id, owed.matter_id, _establish)


async def _establish(desk: Desk, identity: MatterId) -> None:
    """Asked again under the lock: the centre may have spoken meanwhile."""
    records = Matters(FAMILY_MOVES)
    held = await records.held(desk, identity)
    scene = await records.moment(desk, next(iter(held.roles)), held)
    rows = await duties.all_about(desk.tx, OVERSIGHT, identity)
    late = [row for row in rows if row.ended_at is None and row.due_on < scene.today]
    still_silent = any(row.basis in silence.COUNTS_FROM for row in late)
    if still_silent and silence.is_over(held.content, scene):
        what = Happening(
            EventKind.MOVE_DATE_ESTABLISHED,
            Hand.HUB,
            Action.ESTABLISH_DATE,
            silence.establish,
            identity,
            {},
            in_place_of=FamilyMoveRole.PREVIOUS,
        )
        await happen(desk, FAMILY_MOVES, identity, what, also_for=(OVERSIGHT,))
    else:
        log.info("the centre has spoken meanwhile", matter=identity)


async def make_up_for(office: MattersOffice) -> None:
    """Open what an older version has left open without an owner, from today on."""
    await _make_up_for(office, _FAMILYS)
    await _make_up_for(office, _CHILDS)


async def _make_up_for(office: MattersOffice, watched: Watched[C]) -> None:
    after, more = None, True
    while more:
        async with office.desk(OVERSIGHT) as desk:
            found = await matters.open_of(
                desk.tx, OVERSIGHT, watched.workflow.kind, watched.states, after=after, limit=AT_ONCE
            )
        for row in found:
            await _alone(office, row.parties[0], row.matter_id, _lacking(watched))
        more = len(found) == AT_ONCE
        after = found[-1].matter_id if found else None


def _lacking(watched: Watched[C]) -> Passing:
    async def open_what_lacks(desk: Desk, identity: MatterId) -> None:
        await hear_one(desk, watched.ear, identity)
        records = Matters(watched.workflow)
        held = await records.held(desk, identity)
        scene = await records.moment(desk, next(iter(held.roles)), held)
        rows = await duties.all_about(desk.tx, OVERSIGHT, identity)
        stands = {row.kind: row.basis for row in rows if row.ended_at is None}
        is_open = held.state in watched.states  # it may have ended meanwhile
        lacks = [
            owed
            for owed in (watched.awaited(held.content, held.state, scene) if is_open else ())
            if owed.kind not in stands
            or (owed.basis in silence.COUNTS_FROM and stands[owed.kind] != owed.basis)
        ]
        if lacks:
            log.warning("owed by nobody", matter=identity, duties=[owed.kind for owed in lacks])
            anew = Outcome(held.content, drops=tuple(owed.kind for owed in lacks), opens=tuple(lacks))
            await owe(desk, watched.workflow, held, scene, anew)

    return open_what_lacks


async def _alone(office: MattersOffice, party: CentreId, identity: MatterId, happens: Passing) -> None:
    try:
        async with office.desk(party) as desk:
            await happens(desk, identity)
    except Refusal as refusal:  # a year that nobody has entered: the others do not wait for it
        log.exception("time did not pass for a move", matter=identity, code=refusal.code)
