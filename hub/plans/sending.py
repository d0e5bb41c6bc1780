"""When the hub may send a plan to its family, and what follows when it arrives, lapses or does not arrive.

Source: method S133 (archive to the address that the family named, password by another way, recorded in
column 10), S134. The method names no term: the family is asked for its answer within the hub's own, and as
long the password can be sent once more. How it travels is `casework`; the answer itself is `agreeing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.duties.duty import WORKING_DAYS, Basis
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Extension, Outcome, Owed, Scene
from hub.plans.activities import TO_AGREE, NothingToAgree, pending, recorded, to_confirm, to_send
from hub.sealing.archive import document_name
from hub.workdays.deadlines import both
from saikne_schemas.plan_lists import ArchiveChannel, PlanPasswordChannel, PlanState, PlanUndelivered
from saikne_schemas.plan_sendings import PlanDispatch, PlanPasswordAgain, PlanProlong, PlanSending
from saikne_schemas.plans import Plan
from saikne_schemas.vocabulary import DutyKind

SENDINGS_AT_MOST = 99
"""Of one plan; more is no sending any more."""
Sealed = tuple[int, str, int, bytes]
"""A document under its number: its name in the archive, its length, its digest."""


class SendingUnknown(Refusal):
    """Nothing was begun under this name, or it was taken back, or sent already."""

    code = "plans.sending-unknown"


class OtherSending(Refusal):
    """The statement is about a sending that is not the last one, or the plan was sent outside of the hub."""

    code = "plans.other-sending"


class SendingReused(Refusal):
    """Under this name another address was given, or another document under this number."""

    code = "plans.sending-reused"


class RecipientDiffers(Refusal):
    """The dispatch names another document than that which said where the plan goes."""

    code = "plans.recipient-differs"


class DocumentsDiffer(Refusal):
    """What is to be sent is not what was sealed: the numbers that differ are named."""

    code = "plans.documents-differ"


class TooLargeToMail(Refusal):
    """The archive goes to the family as an attachment; a larger one is handed over in person."""

    code = "plans.too-large-to-mail"


class TooManySendings(Refusal):
    code = "plans.too-many-sendings"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was sealed for one sending."""

    number: int
    recipient_sha256: bytes
    sealed: Sequence[Sealed]


@dataclass(frozen=True, slots=True)
class Going:
    """What is sent from here on, and how long its password lives."""

    number: int
    until: date


def check(said: PlanDispatch, prepared: Prepared) -> None:
    """What is to be sent is what was sealed, and goes where it was sealed for."""
    if bytes.fromhex(said.recipient_sha256) != prepared.recipient_sha256:
        raise RecipientDiffers
    wanted = {
        (one.no, document_name(one.no, one.media_type), one.bytes, bytes.fromhex(one.sha256))
        for one in said.documents
    }
    if differing := wanted ^ set(prepared.sealed):
        raise DocumentsDiffer(documents=sorted({no for no, *_ in differing}))


def dispatched(
    archive_sha256: bytes, plan: Plan, said: PlanDispatch, scene: Scene, prepared: Prepared
) -> Outcome[Plan, Going]:
    if not pending(plan):
        raise NothingToAgree
    check(said, prepared)
    until = answer_by(scene.today, scene)
    sending = PlanSending(number=prepared.number, dispatched_on=scene.today, answer_by=until)
    after = {
        "sent_on": scene.today,
        "plan_sha256": said.documents[0].sha256,
        "archive_sha256": archive_sha256.hex(),
        "archive_channel": ArchiveChannel.EMAIL,
        "password_channel": PlanPasswordChannel.SMS,
        "address": None,
        "sending": sending,
    }
    return Outcome(
        recorded(plan, scene.today).model_copy(update=after),
        meets=(DutyKind.SEND_PLAN,),
        drops=(DutyKind.CONFIRM_PLAN,),
        opens=(to_confirm(scene.today, scene),),
        facts={
            "sending": prepared.number,
            "plan": said.documents[0].sha256,
            "archive": archive_sha256.hex(),
            "documents": len(prepared.sealed),
            "answer_by": until.isoformat(),
        },
        beside=(Going(prepared.number, until),),
    )


def answer_by(since: date, scene: Scene) -> date:
    """The last day of the term that is counted from a day, by the centre's calendar."""
    days = WORKING_DAYS[DutyKind.CONFIRM_PLAN]
    return both(since, days, scene.calendars, scene.policies[scene.author]).due_on


def under_way(plan: Plan, said: PlanProlong | PlanPasswordAgain) -> PlanSending:
    """The sending that a statement names, which is the last one."""
    sending = plan.sending
    if sending is None or sending.number != said.number:
        raise OtherSending(newest=sending.number if sending else 0)
    return sending


def prolonged(plan: Plan, said: PlanProlong, scene: Scene, duty: UUID | None) -> Outcome[Plan, date]:
    """The same term again, from where it ends now: whoever asks early loses nothing."""
    sending = under_way(plan, said)
    until = answer_by(max(sending.answer_by, scene.today), scene)
    later = sending.model_copy(update={"answer_by": until, "prolonged": sending.prolonged + 1})
    return Outcome(
        plan.model_copy(update={"sending": later}),
        extends=Extension(duty, until) if duty else None,
        facts={"sending": said.number, "answer_by": until.isoformat()},
        beside=(until,),
    )


def again(plan: Plan, said: PlanPasswordAgain, _: Scene) -> Outcome[Plan, int]:
    under_way(plan, said)
    return Outcome(plan, moves=False, facts={"sending": said.number}, beside=(said.number,))


def mailed(plan: Plan, scene: Scene) -> Outcome[Plan]:
    """The family's mail server took the archive."""
    return Outcome(_told(plan, mailed_on=scene.today))


def undelivered(what: PlanUndelivered, plan: Plan, scene: Scene) -> Outcome[Plan]:
    """Nothing was sent, as column 10 has it; what is owed now is to send it elsewhere, or to have it signed.

    The term within which it was to be sent has been met, and stays so.
    """
    return Outcome(
        _told(recorded(plan, None), undelivered=what).model_copy(update={"sent_on": None}),
        drops=TO_AGREE,
        opens=(_send_again(scene, Basis.PLAN_UNDELIVERED),),
        tells=((scene.author, "undelivered"),),
    )


def lapsed(plan: Plan, scene: Scene) -> Outcome[Plan]:
    """The family did not answer in time: it is to be sent again. That it was sent stays in column 10."""
    return Outcome(
        plan,
        drops=TO_AGREE,
        opens=(_send_again(scene, Basis.PASSWORD_LAPSED),),
        tells=((scene.author, "lapsed"),),
    )


def awaited(plan: Plan, state: PlanState, scene: Scene) -> tuple[Owed, ...]:
    """The plan is to be signed or sent, or its family's answer to be got."""
    if state in {PlanState.AGREED, PlanState.CLOSED}:
        return ()
    if state is PlanState.SENT:
        return (to_confirm(plan.sent_on or scene.today, scene),)
    failed = {PlanState.LAPSED: Basis.PASSWORD_LAPSED, PlanState.UNDELIVERED: Basis.PLAN_UNDELIVERED}
    return (_send_again(scene, failed[state]) if state in failed else to_send(scene),)


def _told(plan: Plan, **facts: object) -> Plan:
    assert plan.sending is not None  # noqa: S101  # only of a sending of the hub's anything is told
    return plan.model_copy(update={"sending": plan.sending.model_copy(update=facts)})


def _send_again(scene: Scene, basis: Basis) -> Owed:
    owed = to_send(scene)
    return Owed(owed.kind, owed.owner, scene.today, basis, working_days=WORKING_DAYS[DutyKind.SEND_AGAIN])
