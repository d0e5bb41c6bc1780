"""What time alone does to registrations: leases end, nobody comes, a person is told again.

Source: features N10. Runs every minute; each registration in a transaction of its own, so many at a time.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from hub.agis import store
from hub.agis.casework.halting import give_up, remind
from hub.agis.steps import Action, Actor, taken
from hub.agis.tables import RegistrationRow
from hub.agis.tries import TAKEN_WITHIN
from hub.kernel.ids import REGISTRY
from hub.matters.casework.records import Desk
from hub.matters.office import MattersOffice
from saikne_schemas.register_words import NeedsPersonBecause, RegistrationState

AT_ONCE = 500
_S = RegistrationState


async def pass_time(office: MattersOffice) -> None:
    async with office.desk(REGISTRY) as desk:
        await store.time_out(desk.tx, _S.SENT, taken(_S.SENT, Action.TIME_OUT, Actor.HUB), desk.now)
    await _each(office, {_S.DRAFT}, timedelta(), _never_completed)
    await _each(office, {_S.QUEUED, _S.UNKNOWN, _S.SENT}, TAKEN_WITHIN, _nobody_came)
    await _each(office, {_S.REJECTED, _S.NEEDS_PERSON}, timedelta(), remind)


async def _never_completed(desk: Desk, row: RegistrationRow) -> None:
    await give_up(desk, row, row.state, NeedsPersonBecause.NOT_COMPLETED)


async def _nobody_came(desk: Desk, row: RegistrationRow) -> None:
    await give_up(desk, row, row.state, NeedsPersonBecause.NOBODY_TAKES_IT)


async def _each(
    office: MattersOffice,
    states: set[RegistrationState],
    waited: timedelta,
    happen: Callable[[Desk, RegistrationRow], Awaitable[None]],
) -> None:
    async with office.desk(REGISTRY) as desk:
        found = await store.waiting(desk.tx, states, desk.now - waited, AT_ONCE)
    for seen in found:
        async with office.desk(REGISTRY, seen.centre_id) as desk:
            row = await store.lock(desk.tx, seen.key)
            if row and row.state in states and row.next_at and row.next_at <= desk.now - waited:
                await happen(desk, row)
