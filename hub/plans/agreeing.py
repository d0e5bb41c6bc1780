"""How a family comes to agree to its plan: sent in two steps and confirmed, or signed in person.

Source: method S45, S132 (column 10), S133 (archive and password never by the same way), S134 (an e-signature,
or a confirmation in three parts). What is in the plan is `activities`.
"""

from collections.abc import Mapping
from datetime import date

from hub.kernel.days import happened
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from hub.passwords.handover import ErasedBecause
from hub.plans.activities import ActivityUnknown, NothingToAgree, pending, recorded, to_confirm, to_send
from saikne_schemas.plan_lists import AgreedHow, ConfirmedHow
from saikne_schemas.plans import Plan, PlanConfirmed, PlanSent
from saikne_schemas.vocabulary import DutyKind


class SameChannel(Refusal):
    """The password travels by another way than the archive."""

    code = "plans.same-channel"


class NotAnArchive(Refusal):
    """What was sent is the plan's own file, which anybody can read: the family gets it in an archive."""

    code = "plans.not-an-archive"


class ProofMissing(Refusal):
    """An e-signature is stated with the signed file as proof."""

    code = "plans.proof-missing"


class ConfirmationContradictory(Refusal):
    """A family does not agree to a plan that it wants corrected."""

    code = "plans.confirmation-contradictory"


class ActivityNotSigned(Refusal):
    """In person, every activity that awaits agreement is signed; those left out are named."""

    code = "plans.activity-not-signed"


AFTER_LAPSE = "plans.confirmed-after-lapse"
"""Taken, although its time was over: the family has answered, whenever it did."""


def sent(plan: Plan, sending: PlanSent, scene: Scene) -> Outcome[Plan, ErasedBecause]:
    """By the centre itself, outside of the hub."""
    if sending.password_channel.value == sending.archive_channel.value:
        raise SameChannel
    if sending.archive_sha256 == sending.plan_sha256:
        raise NotAnArchive
    awaited = pending(plan)
    if not awaited:
        raise NothingToAgree
    causes = (plan.talk_on, *(activity.added_on for activity in awaited))
    happened(sending.sent_on, scene.today, after=max(causes))
    said = sending.model_dump(
        include={
            *("sent_on", "plan_sha256", "archive_sha256", "archive_channel", "password_channel", "address"),
        }
    )
    return Outcome(
        recorded(plan, sending.sent_on).model_copy(update={**said, "sending": None}),
        meets=(DutyKind.SEND_PLAN,),
        done_on=sending.sent_on,
        drops=(DutyKind.CONFIRM_PLAN,),
        opens=(to_confirm(sending.sent_on, scene),),
        facts={"plan": sending.plan_sha256, "archive": sending.archive_sha256},
        beside=(ErasedBecause.DISCARDED,),
    )


def wants_corrections(confirmation: PlanConfirmed) -> bool:
    """Whether the plan is to be signed or sent again; a family that does not agree is talked to first."""
    three_part = confirmation.how is ConfirmedHow.THREE_PART
    return three_part and bool(confirmation.corrections_needed or not confirmation.agreed)


def confirmed(plan: Plan, confirmation: PlanConfirmed, scene: Scene) -> Outcome[Plan, ErasedBecause]:
    if confirmation.corrections_needed and confirmation.agreed:
        raise ConfirmationContradictory
    if confirmation.how is ConfirmedHow.E_SIGNED and not confirmation.proofs:
        raise ProofMissing
    in_person = confirmation.how is ConfirmedHow.IN_PERSON
    happened(confirmation.confirmed_on, scene.today, after=plan.talk_on if in_person else plan.sent_on)
    said = {
        "confirmed_on": confirmation.confirmed_on,
        "confirmed_how": confirmation.how,
        "corrections_needed": confirmation.corrections_needed,
    }
    corrected = wants_corrections(confirmation)
    if not corrected:
        days = _signed(plan, confirmation, scene) if in_person else _all_on(plan, confirmation.confirmed_on)
        how = AgreedHow.IN_PERSON_COLUMN_10 if in_person else AgreedHow.ELECTRONIC
        plan = _agreed(plan, days, how)
    facts = {"how": confirmation.how.value, "confirmed_on": confirmation.confirmed_on.isoformat()}
    late = not in_person and plan.sending is not None and confirmation.confirmed_on > plan.sending.answer_by
    return Outcome(
        plan.model_copy(update=said),
        meets=(DutyKind.CONFIRM_PLAN,) if corrected else (DutyKind.CONFIRM_PLAN, DutyKind.SEND_PLAN),
        done_on=confirmation.confirmed_on,
        drops=(DutyKind.SEND_PLAN,) if corrected else (),  # after a lapse it is owed already: counted anew
        opens=(to_send(scene),) if corrected else (),
        facts=facts,
        warnings=(AFTER_LAPSE,) if late else (),
        beside=(ErasedBecause.DISPUTED if corrected else ErasedBecause.CONFIRMED,),
    )


def _all_on(plan: Plan, day: date) -> Mapping[int, date]:
    return {one.no: day for one in pending(plan)}


def _signed(plan: Plan, confirmation: PlanConfirmed, scene: Scene) -> Mapping[int, date]:
    days, awaited = {one.no: one.on for one in confirmation.signed}, {one.no: one for one in pending(plan)}
    if unknown := sorted(days.keys() - {one.no for one in plan.activities}):
        raise ActivityUnknown(given=unknown[0])
    if not awaited:
        raise NothingToAgree
    if unsigned := sorted(awaited.keys() - days.keys()):
        raise ActivityNotSigned(unsigned=unsigned)
    for no, activity in awaited.items():
        happened(days[no], scene.today, after=activity.added_on)
    return {no: days[no] for no in awaited}


def _agreed(plan: Plan, days: Mapping[int, date], how: AgreedHow) -> Plan:
    activities = [
        one.model_copy(update={"agreed_on": days[one.no], "agreed_how": how}) if one.no in days else one
        for one in plan.activities
    ]
    return plan.model_copy(update={"activities": activities})
