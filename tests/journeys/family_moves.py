"""A family's move as two centres' programs make it, in days that lie behind every run of these tests."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from hub.kernel.clock import now, riga_day
from hub.workdays.deadlines import term
from hub.workdays.seed import seed_calendars
from saikne import Hub, compose
from saikne_schemas.correction_words import CorrectionReason
from saikne_schemas.corrections import CorrectNotice, CorrectRegistration
from saikne_schemas.family_move_words import (
    CourtChannel,
    LateNoticeChoice,
    MoveCancelReason,
    NoticeChannel,
    ObjectionReason,
    OverrideReason,
    TalkForm,
    TalkTopic,
)
from saikne_schemas.family_moves import (
    Archived,
    AskNotice,
    BeginFamilyMove,
    CancelMove,
    ConfirmOverride,
    CopiesAsked,
    CourtTold,
    DecideLateNotice,
    DeclineOverride,
    FamilyMoveView,
    GiveUpCopies,
    NoticeClaimed,
    NoticeNotReceived,
    NoticeReceived,
    ObjectToDate,
    OverrideDate,
    Registered,
    Talked,
)
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.matters import MatterStatement
from saikne_schemas.proofs import ProofRef
from saikne_schemas.register_words import RegistrationWithdrawnBecause
from saikne_schemas.registrations import PrepareRegistration, TryRegistrationAgain, WithdrawRegistration
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import CopiesGivenUp, ExchangeKind
from tests.journeys.play import FAMILY, Play, pdf

IEVA = AuthorisedPerson(name="Ieva Priede", position="vadītāja")
SOLVITA = AuthorisedPerson(name="Solvita Krēsliņa", position="vadītāja")
ON_TIME, LATE = "2026-08-20T09:15:00+03:00", "2026-08-27T09:15:00+03:00"
"""August 2026 ends with the working days 27, 28 and 31."""


def begun(play: Play, **changes: Any) -> BeginFamilyMove:
    fields: dict[str, Any] = {
        "new": play.requester.credentials.centre,
        "previous": play.holder.credentials.centre,
        "family": FAMILY,
        "children": [f"{FAMILY}-B1"],
        "agreement": "V-2026/31",
        "agreed_on": date(2026, 8, 10),
        "territory": "LV-041",
    }
    return compose(BeginFamilyMove, **{**fields, **changes})


def in_working_days(count: int) -> date:
    """When a term ends that begins today: the day of these moves becomes known long after it."""
    return term(riga_day(now()), count, seed_calendars().statutory).due_on


async def known_in_time(play: Play, matter: UUID) -> None:
    """As if the day of the move, 1 September, had been known in August."""
    await play.sql(
        "UPDATE hub.duty SET starts_on = '2026-09-01', due_on = '2026-09-04', basis = 'move_effective'"
        " WHERE matter_id = $1 AND kind IN ('register', 'court_notice')",
        matter,
    )


async def agreed(play: Play) -> UUID:
    return (await play.requester.tell(begun(play))).matter


async def proof(play: Play, hub: Hub) -> ProofRef:
    """A file of that centre's own, sent to be named."""
    folder = play.new_folder()
    folder.mkdir()
    file = folder / "proof.pdf"
    file.write_bytes(pdf(str(folder)))
    return await hub.send_proof(file)


async def noticed(play: Play, matter: UUID, received: str) -> NoticeReceived:
    return compose(
        NoticeReceived,
        matter=matter,
        channel=NoticeChannel.EMAIL,
        received_at=datetime.fromisoformat(received),
        proofs=[await proof(play, play.holder)],
    )


async def late(play: Play) -> UUID:
    matter = await agreed(play)
    await play.holder.tell(await noticed(play, matter, LATE))
    return matter


async def dated(play: Play) -> UUID:
    matter = await agreed(play)
    await play.holder.tell(await noticed(play, matter, ON_TIME))
    return matter


async def cancelled(play: Play) -> UUID:
    matter = await agreed(play)
    await play.holder.tell(compose(CancelMove, matter=matter, reason=MoveCancelReason.FAMILY_STAYS))
    return matter


async def done(
    play: Play, matter: UUID, since: date, *, registered: bool = True, copies: bool = True
) -> list[str]:
    """Everything that is owed since a day, one after the other; the state after each."""
    told = compose(
        CourtTold,
        matter=matter,
        court="LV-041",
        channel=CourtChannel.E_ADDRESS,
        sent_on=since,
        proofs=[await proof(play, play.requester)],
    )
    steps: list[tuple[Hub, MatterStatement]] = [
        (play.requester, compose(Talked, matter=matter, held_on=since, **TALK)),
        (play.requester, compose(Registered, matter=matter, registered_on=since, registered_by=IEVA)),
        (play.requester, told),
        (play.holder, compose(Archived, matter=matter, archived_on=since, archive_reference="ARH-2026/18")),
    ]
    if copies:
        exchange = (await confirmed(play)).exchange
        steps.append((play.requester, compose(CopiesAsked, matter=matter, exchange=exchange)))
    if not registered:  # by hand, that is
        del steps[1]
    return [(await hub.tell(statement)).state for hub, statement in steps]


async def asked(play: Play) -> UUID:
    """The exchange by which a move's copies are asked for."""
    return await play.ask(kind=ExchangeKind.FAMILY_CASE)


async def confirmed(play: Play) -> Accepted:
    return await play.finish(await play.answer(await asked(play)))


async def closed(play: Play) -> UUID:
    matter = await dated(play)
    assert (await done(play, matter, date(2026, 9, 1)))[-1] == "closed"
    return matter


async def seen(hub: Hub, matter: UUID) -> FamilyMoveView:
    return await hub.matter(FamilyMoveView, matter)


TALK: dict[str, Any] = {"form": TalkForm.PHONE, "topics": [TalkTopic.REASONS, TalkTopic.WORK_DONE]}


def statements_about(matter: UUID) -> dict[str, MatterStatement]:
    """One of each; the evidence that they name was never sent."""
    proofs = [ProofRef(id=uuid4(), sha256="4f" * 32)]
    when, channel = datetime.fromisoformat(ON_TIME), NoticeChannel.SMS
    first = date(2026, 9, 1)
    return {
        "notice": compose(NoticeReceived, matter=matter, channel=channel, received_at=when, proofs=proofs),
        "late notice": compose(
            NoticeReceived,
            matter=matter,
            channel=channel,
            received_at=datetime.fromisoformat(LATE),
            proofs=proofs,
        ),
        "claim": compose(NoticeClaimed, matter=matter, channel=channel, sent_at=when, proofs=proofs),
        "ask": compose(AskNotice, matter=matter),
        "deny": compose(NoticeNotReceived, matter=matter),
        "decide": compose(
            DecideLateNotice, matter=matter, choice=LateNoticeChoice.RELEASE, decided_by=SOLVITA
        ),
        "decline": compose(DeclineOverride, matter=matter, override=uuid4(), declined_by=IEVA),
        "object": compose(
            ObjectToDate,
            matter=matter,
            reason=ObjectionReason.NOTICE_CAME_LATER,
            effective_on=first,
            objected_by=IEVA,
        ),
        "propose": compose(
            OverrideDate,
            matter=matter,
            effective_on=date(2026, 10, 1),
            reason=OverrideReason.COURT_DECISION,
            proposed_by=IEVA,
        ),
        "confirm": compose(ConfirmOverride, matter=matter, override=uuid4(), confirmed_by=SOLVITA),
        "register": compose(Registered, matter=matter, registered_on=first, registered_by=IEVA),
        "court": compose(
            CourtTold,
            matter=matter,
            court="LV-041",
            channel=CourtChannel.IN_PERSON,
            sent_on=first,
            proofs=proofs,
        ),
        "talk": compose(Talked, matter=matter, held_on=first, **TALK),
        "copies": compose(CopiesAsked, matter=matter, exchange=uuid4()),
        "correct notice": compose(
            CorrectNotice,
            matter=matter,
            received_at=datetime.fromisoformat("2026-08-19T09:15:00+03:00"),
            reason=CorrectionReason.MISTYPED,
            corrected_by=SOLVITA,
            proofs=proofs,
        ),
        "correct entry": compose(
            CorrectRegistration,
            matter=matter,
            registered_on=date(2026, 9, 2),
            reason=CorrectionReason.MISTYPED,
            corrected_by=IEVA,
        ),
        "give up": compose(GiveUpCopies, matter=matter, reason=CopiesGivenUp.NOT_KEPT, given_up_by=IEVA),
        "archive": compose(Archived, matter=matter, archived_on=first, archive_reference="ARH-1"),
        "prepare": compose(
            PrepareRegistration,
            matter=matter,
            effective_on=first,
            sealed_sha256="4f" * 32,
            sealed_bytes=1000,
            register_key="no-key-of-the-register",
            prepared_by=IEVA,
        ),
        "again": compose(TryRegistrationAgain, matter=matter, key=uuid4(), decided_by=IEVA),
        "take back": compose(
            WithdrawRegistration,
            matter=matter,
            key=uuid4(),
            reason=RegistrationWithdrawnBecause.WRONG_FAMILY,
            decided_by=IEVA,
        ),
        "cancel": compose(CancelMove, matter=matter, reason=MoveCancelReason.RECORDED_IN_ERROR),
    }
