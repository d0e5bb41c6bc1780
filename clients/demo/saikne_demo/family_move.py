"""The demo's family moves late in the month: agreed, noticed, decided; then what is done beside the copies.

Source: method S73-S82; domain 1.5. The notice comes on the last day of last month, so the previous centre has
a choice, and it chooses to go on: the move takes effect on the first of next month, whatever today is. At
first it writes down the day before, which is as late, and puts that right.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from saikne.statements import compose
from saikne_demo import clock
from saikne_demo.claim import hold
from saikne_demo.story import Story
from saikne_schemas.correction_words import CorrectionReason
from saikne_schemas.corrections import CorrectNotice
from saikne_schemas.family_move_words import LateNoticeChoice, NoticeChannel, TalkForm, TalkTopic
from saikne_schemas.family_moves import (
    BeginFamilyMove,
    CopiesAsked,
    DecideLateNotice,
    FamilyMoveView,
    NoticeReceived,
    Talked,
)
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.moments import RIGA

TERRITORY = "LV-RIX"
MESSAGE = "Labdien! No nākamā mēneša pārejam pie cita atbalsta centra. Žanete Mežvējiņa"
HEAD = AuthorisedPerson(name="Solvita Krēsliņa", position="vadītāja")


async def agree(story: Story) -> UUID:
    """Until the day is fixed."""
    last_day = clock.today().replace(day=1) - timedelta(days=1)
    with story.step("move"):
        begun = await story.requester.tell(
            compose(
                BeginFamilyMove,
                new=story.new.centre,
                previous=story.previous.centre,
                family=story.family,
                children=story.children,
                agreement="VIEN-2026/17",
                agreed_on=last_day,
                territory=TERRITORY,
            )
        )
    await _notice(story, begun.matter, last_day)
    with story.step("decision") as told:
        decision = compose(
            DecideLateNotice, matter=begun.matter, choice=LateNoticeChoice.CONTINUE, decided_by=HEAD
        )
        await story.holder.tell(decision)
        view = await story.requester.matter(FamilyMoveView, begun.matter)
        effective = view.content.effective_on
        hold(effective is not None and effective > last_day + timedelta(days=28), "the day is fixed")
        told |= {"on": effective}
    return begun.matter


async def _notice(story: Story, move: UUID, last_day: date) -> None:
    """Told with a slip, and put right."""
    wrong_day = last_day - timedelta(days=1)
    with story.step("notice") as told:
        message = story.scene / "zina.txt"
        message.write_text(MESSAGE, encoding="utf-8")
        proof = await story.holder.send_proof(message)
        received = await story.holder.tell(
            compose(
                NoticeReceived,
                matter=move,
                channel=NoticeChannel.SMS,
                received_at=_noon(wrong_day),
                proofs=[proof],
            )
        )
        hold(received.state == "late", "a notice in the month's last two days is late")
        told |= {"on": wrong_day}
    with story.step("correction") as told:
        corrected = compose(
            CorrectNotice,
            matter=move,
            received_at=_noon(last_day),
            reason=CorrectionReason.MISTYPED,
            corrected_by=HEAD,
            proofs=[proof],
        )
        await story.holder.tell(corrected)
        view = await story.requester.matter(FamilyMoveView, move)
        both = [(one.before, one.after) for one in view.content.corrections]
        hold(both == [(wrong_day, last_day)], "the other centre sees both days")
        told |= {"before": wrong_day, "on": last_day}


async def follow(story: Story, move: UUID, exchange: UUID) -> None:
    """What is done beside the copies, none waiting for another; and what is owed when they have come."""
    with story.step("beside"):
        await story.requester.tell(compose(CopiesAsked, matter=move, exchange=exchange))
        talked = compose(
            Talked,
            matter=move,
            held_on=clock.today(),
            form=TalkForm.PHONE,
            topics=[TalkTopic.REASONS, TalkTopic.NOTICE_ARRIVED],
        )
        await story.requester.tell(talked)
    with story.step("owed") as told:
        owed = [duty async for duty in story.requester.duties() if duty.concerns == move]
        kinds = {duty.kind.value for duty in owed if duty.stake == "owes"}
        hold(kinds == {"register", "court_notice"}, "the register and the court are still to be told")
        told |= {"due": min(duty.due_on for duty in owed if duty.stake == "owes")}


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), RIGA)
