"""The families in a centre's care: which plan is the newest of each, and by when it is talked with next.

One row a family, written with the deed that changes it, and gone when the cooperation ends. What the day is,
decides `talks`; that it has come near is `nearing`. Source: method S122, S124.
"""

from collections.abc import Sequence
from uuid import UUID

from hub.duties import store as duties
from hub.duties.duty import Ending
from hub.kernel.ids import CentreId, MatterId
from hub.matters.casework.records import Desk
from hub.matters.workflow import Held, Scene
from hub.plans import store
from hub.plans.talks import InCare, next_talk
from saikne_schemas.plan_talks import TalkHeld, TalkNeeded
from saikne_schemas.plans import Plan, SupportPlan
from saikne_schemas.vocabulary import DutyKind

OWED = (DutyKind.YEARLY_TALK,)


async def newest(desk: Desk, author: CentreId, plan: Plan, _said: TalkHeld | TalkNeeded) -> UUID | None:
    """The matter of the family's newest plan."""
    row = await store.care_of(desk.tx, author, plan.family)
    return row.matter_id if row else None


async def keep_day(desk: Desk, plan: Held[Plan], known: Sequence[InCare], scene: Scene) -> None:
    for one in known:
        await store.take_into_care(desk.tx, scene.author, plan.identity, one)


async def go_on_with(desk: Desk, author: CentreId, plan: SupportPlan, identity: MatterId) -> None:
    """A new plan begins with its talk: what was owed with the one before is done, or owed with this one."""
    before = await store.care_of(desk.tx, author, plan.family)
    talked = max(plan.talk_on, before.talk_on) if before else plan.talk_on
    known = InCare(plan.family, plan.talk_on, next_talk(plan.talk_on).by)
    if before is not None and before.matter_id != identity:
        how = Ending.MET if talked > before.talk_on else Ending.WITHDRAWN
        done_on = plan.talk_on if how is Ending.MET else None
        await duties.end(desk.tx, before.matter_id, OWED, duties.Deed(how, desk.now, plan.id, done_on))
    await store.take_into_care(desk.tx, author, identity, known)
