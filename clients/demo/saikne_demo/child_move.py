"""The demo's child moves on to a third centre: told and met before, placed, its plan asked for, contact kept.

Source: method S105-S115. No register and no court stand in this part, because the method names none.
"""

import asyncio
import json
from datetime import UTC, datetime, time
from pathlib import Path
from uuid import UUID

from saikne.answer import AnswerFile, prepare_answer, send_answer
from saikne.hub import Hub
from saikne.parcel import open_parcel
from saikne.statements import compose
from saikne_demo import clock
from saikne_demo.certified import certified
from saikne_demo.claim import hold
from saikne_demo.documents import typeset
from saikne_demo.family import ZEMGALES, case_facts
from saikne_demo.stage import BERZKALNI
from saikne_demo.story import Story
from saikne_schemas.child_moves import (
    AcquaintanceHeld,
    BeginChildMove,
    ChildMoveView,
    ChildPlaced,
    FormerFamilyContact,
    IapArchived,
    IapAsked,
    InformedBefore,
)
from saikne_schemas.child_vocabulary import ContactKind, FamilyTold, Regularity
from saikne_schemas.manifests import Confirmation, Dispatch, Receipt, RequestForCopies
from saikne_schemas.offers import Offer
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    ExchangeKind,
    ExchangeState,
    FormType,
    LegalBasis,
    PasswordChannel,
    Purpose,
)

WAY = Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS)
TOLD = (FormType.NEEDS, FormType.CAREGIVER_HISTORY, FormType.WELFARE_GOAL)


async def move_on(story: Story) -> UUID:
    """The first child goes from the family's new centre to a third one."""
    async with Hub(story.third.credentials()) as receiver:
        with story.step("child_move"):
            begun = await story.requester.tell(
                compose(
                    BeginChildMove,
                    new=story.third.centre,
                    previous=story.new.centre,
                    child=story.children[0],
                )
            )
        await _before(story, receiver, begun.matter)
        await _after(story, receiver, begun.matter)
    return begun.matter


async def _before(story: Story, receiver: Hub, move: UUID) -> None:
    """What the child needs travels sealed, the new family meets the child, and it is placed."""
    child, previous, today = story.children[0], story.requester, clock.today()
    with story.step("information"):
        exchange = (await previous.tell(_offer(story, child))).exchange
        papers = await asyncio.to_thread(_information, story.scene / "information", child)
        await _carry(story, previous, receiver, exchange, papers)
        informed = compose(
            InformedBefore,
            matter=move,
            exchange=exchange,
            family_told=FamilyTold.FAMILY_WITH_CENTRE,
            told_on=today,
        )
        await previous.tell(informed)
        await previous.tell(compose(AcquaintanceHeld, matter=move, visits=[today]))
    with story.step("placement"):
        placed = await receiver.tell(compose(ChildPlaced, matter=move, placed_on=today))
        hold(placed.warnings == [], "the child was told about and met before it came")


async def _after(story: Story, receiver: Hub, move: UUID) -> None:
    """The plan is asked for and archived, contact with the former family is arranged."""
    child, previous, today = story.children[0], story.requester, clock.today()
    with story.step("plan"):
        asked = await receiver.tell(_request(story, child))
        await _carry(story, previous, receiver, asked.exchange, _plan(story, child))
        await receiver.tell(compose(IapAsked, matter=move, exchange=asked.exchange))
    with story.step("child_moved"):
        archived = compose(IapArchived, matter=move, archived_on=today, archive_reference="ARH-2026/31")
        await previous.tell(archived)
        contact = compose(
            FormerFamilyContact,
            matter=move,
            kinds=[ContactKind.VISIT, ContactKind.VIDEO],
            regularity=Regularity.WEEKLY,
            begins_on=today,
        )
        await receiver.tell(contact)
        view = await receiver.matter(ChildMoveView, move)
        hold(view.state == "closed", "nothing is left to be done for the child's move")
        kinds = {duty.kind.value for duty in view.duties}
        hold(not kinds & {"register", "court_notice"}, "a child's move has no register and no court step")


def _offer(story: Story, child: str) -> Offer:
    return compose(
        Offer,
        holder=story.new.centre,
        receiver=story.third.centre,
        child=child,
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        receipt=WAY,
    )


async def _carry(story: Story, sender: Hub, receiver: Hub, exchange: UUID, papers: list[AnswerFile]) -> None:
    """Declared, sent, dispatched; fetched, opened with the texted password, confirmed."""
    number = str(BERZKALNI.password_phone)
    before = len(story.stage.phone.inbox(number))
    manifest = await prepare_answer(exchange, papers)
    await send_answer(sender, manifest, {no: paper.path for no, paper in enumerate(papers, start=1)})
    await sender.tell(compose(Dispatch, exchange=exchange, round=1))
    arrived = await asyncio.to_thread(
        story.stage.phone.wait_for, lambda phone: len(phone.inbox(number)) > before
    )
    hold(arrived, "the password reached the telephone")
    password = story.stage.phone.inbox(number)[-1].text.rsplit(" ", 1)[-1]
    folder = story.scene / str(exchange)
    fetched = await receiver.download(exchange, folder.with_suffix(".zip"))
    opened = await asyncio.to_thread(open_parcel, fetched.path, password, folder)
    confirmation = compose(
        Confirmation,
        exchange=exchange,
        round=1,
        arrived=True,
        opens=True,
        complete=True,
        archive_sha256=opened.archive_sha256,
        documents=opened.checked,
    )
    confirmed = await receiver.tell(confirmation)
    hold(confirmed.state is ExchangeState.CONFIRMED, "the copies are confirmed")


def _information(folder: Path, child: str) -> list[AnswerFile]:
    folder.mkdir()
    facts = json.dumps(case_facts(child, ZEMGALES))
    at = datetime.combine(ZEMGALES.on, time(12), UTC)
    papers = []
    for number, form in enumerate(TOLD, start=1):
        path = folder / f"dok-{number:02}.pdf"
        (pdf,) = typeset("child_information", {"facts": facts, "child": "0", "form": form.value}, at)
        path.write_bytes(pdf)
        papers.append(AnswerFile(path, form, child, certification=certified(ZEMGALES)))
    return papers


def _plan(story: Story, child: str) -> list[AnswerFile]:
    plan = next(one for one in story.documents if one.form is FormType.IAP and one.child == child)
    return [AnswerFile(plan.path, plan.form, child, certification=certified(ZEMGALES))]


def _request(story: Story, child: str) -> RequestForCopies:
    return compose(
        RequestForCopies,
        requester=story.third.centre,
        holder=story.new.centre,
        kind=ExchangeKind.CHILD_IAP,
        children=[child],
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        purpose=Purpose.CARE_OF_PLACED_CHILD,
        receipt=WAY,
    )
