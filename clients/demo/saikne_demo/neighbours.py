"""The demo's neighbouring workflows: siblings' contact, training, a support plan, an agreement on signatures.

Source: method S92-S104, S116-S121, S131-S135; MK 473 p. 3. Each statement says what its published example
says, of these centres and today's matter.
"""

import json
from typing import Any, TypeVar
from uuid import UUID, uuid4

from saikne.hub import Hub
from saikne_demo import clock
from saikne_demo.claim import hold
from saikne_demo.story import Story
from saikne_schemas.agreements import AcceptAgreement, ProposeAgreement
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.matters import MatterAccepted, MatterStatement
from saikne_schemas.plans import PlanConfirmed, PlanSent, SupportPlan
from saikne_schemas.sibling_contacts import AgreeContact, ProposeContact, RecordedInCase
from saikne_schemas.training import (
    AcceptContract,
    CertificateIssued,
    InformedFamily,
    Invoice,
    InvoicePaid,
    TrainingContract,
    TrainingHeld,
)

S = TypeVar("S", bound=MatterStatement)


async def live_on(story: Story) -> None:
    """What the centres go on doing together after the moves."""
    async with Hub(story.third.credentials()) as third:
        with story.step("siblings"):
            await _siblings(story, third)
        with story.step("training"):
            await _training(story, third)
        with story.step("plan_agreed"):
            await _plan(story)
        with story.step("agreement"):
            await _agreement(story, third)


async def _siblings(story: Story, third: Hub) -> None:
    """One child went on to the third centre, the other stayed: the two centres see that they meet."""
    ours, theirs = story.new.centre, story.third.centre
    moved, stayed = story.children
    centres = [{"centre": str(ours), "children": [stayed]}, {"centre": str(theirs), "children": [moved]}]
    proposal = _said(ProposeContact, proposer=ours, centres=centres)
    matter = (await story.requester.tell(proposal)).matter
    agreed = await third.tell(_said(AgreeContact, matter=matter, proposal=proposal.id))
    hold(agreed.state == "agreed", "both centres agree on the siblings' contact")
    today = clock.today()
    for hub, child in ((story.requester, stayed), (third, moved)):
        await hub.tell(_said(RecordedInCase, matter=matter, recorded_on=today, children=[child]))


async def _training(story: Story, third: Hub) -> None:
    """The family's centre has it trained by the third one, and pays what it cost."""
    contract = _said(TrainingContract, trainer=story.third.centre, familys=story.new.centre)
    matter = (await third.tell(contract)).matter
    turns = (
        (story.requester, AcceptContract),
        (story.requester, InformedFamily),
        (third, TrainingHeld),
        (third, CertificateIssued),
        (third, Invoice),
        (story.requester, InvoicePaid),
    )
    for hub, statement in turns:
        after = await hub.tell(_said(statement, matter=matter))
    hold(after.state == "closed", "the training is certified, invoiced, paid and reported")


async def _plan(story: Story) -> None:
    """The family's new support plan goes to it in two steps, and comes back agreed in three parts."""
    plan = _said(SupportPlan, centre=story.new.centre, family=story.family)
    matter = (await story.requester.tell(plan)).matter
    await story.requester.tell(_said(PlanSent, matter=matter))
    confirmed = await story.requester.tell(_said(PlanConfirmed, matter=matter))
    hold(confirmed.state == "agreed", "the family agrees to its plan")


async def _agreement(story: Story, third: Hub) -> MatterAccepted:
    """A written agreement of two centres: the hub's signed statements suffice between them."""
    paper = _said(ProposeAgreement, proposer=story.new.centre, addressee=story.third.centre)
    matter = (await story.requester.tell(paper)).matter
    accepted = await third.tell(_said(AcceptAgreement, matter=matter))
    hold(accepted.state == "in_force", "the agreement is in force")
    return accepted


def _said(kind: type[S], **changes: Any) -> S:
    """The published example under a new identity, with what differs."""
    fields = {**EXAMPLES[kind], "id": uuid4(), **changes}
    return kind.model_validate_json(json.dumps(fields, default=_written))


def _written(value: object) -> str:
    return str(value) if isinstance(value, UUID) else value.isoformat()  # type: ignore[attr-defined]  # a day
