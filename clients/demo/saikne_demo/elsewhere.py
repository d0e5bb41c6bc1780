"""The demo's copies that are to be had elsewhere: one centre refuses, the other one is not in the hub.

Source: method S57, S77, S89, S108; domain 2.1. The outside centre gets the request as a letter and answers on
paper; what it did says the centre that asked, signs that, and keeps the proofs.
"""

import asyncio
from uuid import UUID

from saikne.hub import Hub
from saikne.request_letter import RequestLetter, compose_request_letter
from saikne.statements import compose
from saikne.worker import Reached
from saikne_demo import clock
from saikne_demo.certified import certified
from saikne_demo.claim import hold
from saikne_demo.family import OZOLI, ZEMGALES
from saikne_demo.story import Story
from saikne_schemas.enrolment import LegalEntity
from saikne_schemas.manifests import Receipt, RequestForCopies
from saikne_schemas.outside import NameOutsideCentre, OutsideCentreView
from saikne_schemas.paper import PaperAnswer, PaperDocument, PaperReceipt, Posted, PostOutcome
from saikne_schemas.refusals import Refuse
from saikne_schemas.statements import CameBy, ForOutside
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    Derivative,
    ExchangeKind,
    ExchangeState,
    FormType,
    LegalBasis,
    Original,
    PostalOutcome,
    Purpose,
    RefuseReason,
)

CHILD = "OZ-2024/6-B2"
MAILBOX = "birojs@ozoli.example"
"""Of the outside centre: the hub writes nothing to it."""
REACHED = Reached(address="Parauga iela 1, Jelgava, LV-3001")
BY_POST = Receipt(channel=DeliveryChannel.REGISTERED_POST)


async def ask(story: Story) -> None:
    """Of a child who comes to a family of the new centre from somewhere else."""
    with story.step("refusal") as told:
        exchange = (await story.requester.tell(_request(story, story.third.centre))).exchange
        async with Hub(story.third.credentials()) as third:
            refused = await third.tell(compose(Refuse, exchange=exchange, reason=RefuseReason.NOT_OUR_FAMILY))
        hold(refused.state is ExchangeState.REFUSED, "a refusal ends the request")
        told |= {"third": story.third.name}
    with story.step("letter") as told:
        outside = await story.requester.tell(_named())
        exchange = (await story.requester.tell(_request(story, outside.id))).exchange
        told |= {"centre": outside.name, "due": await _write(story, exchange, outside)}
    with story.step("paper") as told:
        await _answered(story, exchange, outside.id)
        receipt = compose(
            PaperReceipt, exchange=exchange, round=1, arrived=True, readable=True, complete=True
        )
        confirmed = await story.requester.tell(receipt)
        hold(confirmed.state is ExchangeState.CONFIRMED, "the copies on paper are confirmed")
        said = await story.requester.statements(exchange)
        hold({one.author for one in said} == {story.new.centre}, "one centre signs all that is said")
        hold(not story.stage.mailbox.inbox(MAILBOX), "the hub writes to nobody who is not in it")
        told |= {"centre": outside.name}


def _request(story: Story, holder: UUID) -> RequestForCopies:
    return compose(
        RequestForCopies,
        requester=story.new.centre,
        holder=holder,
        kind=ExchangeKind.CHILD_IAP,
        children=[CHILD],
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        purpose=Purpose.CARE_OF_PLACED_CHILD,
        receipt=BY_POST,
    )


def _named() -> NameOutsideCentre:
    return compose(
        NameOutsideCentre,
        name="Atbalsta centrs „Ozoli”",
        legal_entity=LegalEntity(name="Biedrība „Ozolu aleja”", registration_number="40008000102"),
        postal_address="Skolas iela 3, Liepsala, LV-0000",
        email=MAILBOX,
    )


async def _write(story: Story, exchange: UUID, outside: OutsideCentreView) -> object:
    """The letter, to be signed and sent; by when it is to be answered."""
    view = await story.requester.exchange(exchange)
    own = next(one for one in await story.requester.centres() if one.id == story.new.centre)
    signs = (ZEMGALES.officer, ZEMGALES.position)
    facts = RequestLetter(view, own, outside, *signs, clock.today(), reached=REACHED)
    letter = await asyncio.to_thread(compose_request_letter, facts)
    (story.scene / "letter.pdf").write_bytes(letter)
    hold(letter.startswith(b"%PDF-") and view.due_on is not None, "a letter asks for copies by a day")
    return view.due_on


async def _answered(story: Story, exchange: UUID, outside: UUID) -> None:
    """What came by post, said in the outside centre's place: what it holds, its dispatch, its arrival."""
    today = clock.today()
    scan = await story.requester.send_proof(story.scene / "letter.pdf")
    in_its_place = ForOutside(centre=outside, on=today, came_by=CameBy.REGISTERED_POST, proofs=[scan])
    copy = PaperDocument(
        no=1,
        form=FormType.IAP,
        subject=CHILD,
        pages=12,
        original=Original.PAPER,
        derivative=Derivative.COPY,
    )
    answer = compose(
        PaperAnswer,
        exchange=exchange,
        way=BY_POST.channel,
        children=[CHILD],
        certification=certified(OZOLI),
        documents=[copy],
        for_outside=in_its_place,
    )
    await story.requester.tell(answer)
    posted = compose(
        Posted,
        exchange=exchange,
        round=1,
        item_number="RR123456785LV",
        posted_on=today,
        proofs=[scan],
        for_outside=in_its_place,
    )
    await story.requester.tell(posted)
    delivered = compose(
        PostOutcome,
        exchange=exchange,
        round=1,
        outcome=PostalOutcome.DELIVERED,
        on=today,
        for_outside=in_its_place,
    )
    await story.requester.tell(delivered)
