"""The demo's neighbouring workflows: siblings' contact, training, a support plan, an agreement on signatures.

Source: method S92-S104, S116-S121, S131-S135; MK 473 p. 3. Each statement says what its published example
says, of these centres and today's matter.
"""

import asyncio
import json
from io import BytesIO
from typing import Any, TypeVar
from uuid import UUID, uuid4

from saikne.ae2 import SealedArchive
from saikne.hub import Hub
from saikne.plan_sending import send_plan
from saikne_demo import clock
from saikne_demo.claim import hold
from saikne_demo.story import Story
from saikne_schemas.agreements import AcceptAgreement, ProposeAgreement
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.matters import MatterAccepted, MatterStatement
from saikne_schemas.plans import PlanConfirmed, SupportPlan
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
from saikne_schemas.vocabulary import FormType

_FAMILYS_MAIL, _FAMILYS_PHONE = "gimene@pasts.example", "+37120000061"
"""Of the invented family."""
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
    """The hub brings the family its new support plan in two steps; it comes back agreed in three parts."""
    drawn_up = _said(SupportPlan, centre=story.new.centre, family=story.family)
    matter = (await story.requester.tell(drawn_up)).matter
    plan = next(one.path for one in story.documents if one.form is FormType.SUPPORT_PLAN)
    await send_plan(story.requester, matter, [plan], email=_FAMILYS_MAIL, phone=_FAMILYS_PHONE)
    text = await asyncio.to_thread(story.stage.phone.wait_for_message, _FAMILYS_PHONE)
    (archive,) = story.stage.mailbox.attachments(_FAMILYS_MAIL)  # it came first: the password waits for it
    opened = await asyncio.to_thread(_only_entry, archive.content, text.text.split()[-1])
    hold(opened == await asyncio.to_thread(plan.read_bytes), "the family reads the plan that was sent")
    confirmed = await story.requester.tell(_said(PlanConfirmed, matter=matter, confirmed_on=clock.today()))
    hold(confirmed.state == "agreed", "the family agrees to its plan")


def _only_entry(archive: bytes, password: str) -> bytes:
    """As the family opens it, with any program that knows AES."""
    with SealedArchive(BytesIO(archive)) as parcel:
        parcel.setpassword(password.encode())
        (name,) = parcel.namelist()
        content: bytes = parcel.read(name)
    return content


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
