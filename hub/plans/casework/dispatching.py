"""The hub is told to send a plan to its family: the archive is made whole, and the mail promised.

The password waits for the archive: it is promised only when the family's mail server has taken that
(`mailing`). Source: method S133.
"""

from collections.abc import Sequence
from functools import partial

from hub.evidence.event import EventKind
from hub.kernel.clock import end_of
from hub.kernel.ids import CentreId
from hub.matters.casework.matters import engine_of
from hub.matters.casework.records import Desk
from hub.matters.workflow import AnyVerb, Held, Scene, Verb, knowing
from hub.parcels.casework import Part, Whole, made_whole
from hub.parcels.store import sealed, segments
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause
from hub.plans import store
from hub.plans.activities import NothingToAgree
from hub.plans.casework.ending import end, handover_of
from hub.plans.casework.plans import SUPPORT_PLANS
from hub.plans.sending import (
    DocumentsDiffer,
    Going,
    Prepared,
    RecipientDiffers,
    SendingUnknown,
    check,
    dispatched,
)
from hub.plans.steps import Action
from hub.plumbing.blobs import Blobs, BlobsFull, BlobsUnavailable
from hub.plumbing.promises import promise
from saikne_schemas.plan_sendings import PlanDispatch
from saikne_schemas.plans import Plan

ENGINE = engine_of(SUPPORT_PLANS)
MAIL = "plans.mail"
NOTHING = Whole(b"", 0, b"")
"""Where only the description of a dispatch is wanted."""


async def prepared(desk: Desk, author: CentreId, _plan: Plan, said: PlanDispatch) -> Prepared:
    """What was sealed under the name that the statement gives."""
    row = await store.find_sending(desk.tx, said.matter, said.sending)
    if row is None or not store.prepared(row):
        raise SendingUnknown
    rows = await segments(desk.tx, handover_of(said.matter, row.number, author))
    lies = [(one.no, one.name, one.plain_bytes, one.sha256) for one in rows]
    return Prepared(row.number, row.recipient_sha256, lies)


class Assembly:
    """One attempt to make an archive whole; `load` inside a transaction, `finish` outside of any."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._parts: list[Part] = []

    async def load(self, desk: Desk, author: CentreId, said: PlanDispatch, plan: Held[Plan]) -> None:
        """Read what the archive is made of; refuses what the rule would refuse of it."""
        SUPPORT_PLANS.steps.require(plan.state, Action.DISPATCH, plan.roles[author])
        found = await prepared(desk, author, plan.content, said)
        check(said, found)
        rows = await segments(desk.tx, handover_of(said.matter, found.number, author))
        self._parts = [(one.path, sealed(one)) for one in rows]

    async def finish(self) -> Whole:
        return await made_whole(self._blobs, self._parts)


def dispatching(whole: Whole) -> AnyVerb[Plan, Scene, Plan]:
    """Needs more than being taken: the archive is made whole between two transactions."""

    async def send(desk: Desk, plan: Held[Plan], going: Sequence[Going], scene: Scene) -> None:
        """1. What was sent before ends. 2. The archive is what it is. 3. Its mail is promised."""
        for one in going:
            handover = handover_of(plan.identity, one.number, scene.author)
            await end(desk, plan.identity, scene.author, ErasedBecause.DISCARDED, but=one.number)
            await store.change_sending(
                desk.tx,
                plan.identity,
                one.number,
                dispatched_at=scene.now,
                directory=whole.directory,
                archive_bytes=whole.archive_bytes,
                archive_sha256=whole.archive_sha256,
            )
            await passwords.hand_over(desk.tx, handover, scene.now, end_of(one.until), waits=True)
            await promise(desk.tx, MAIL, handover.payload())

    return Verb(
        statement=PlanDispatch,
        operation="dispatchPlan",
        event=EventKind.PLAN_DISPATCHED,
        action=Action.DISPATCH,
        rule=knowing(prepared, partial(dispatched, whole.archive_sha256)),
        refuses=(
            SendingUnknown,
            RecipientDiffers,
            DocumentsDiffer,
            NothingToAgree,
            BlobsUnavailable,
            BlobsFull,
        ),
        beside=send,
    )
