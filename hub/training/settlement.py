"""What follows from a training that was held: the certificate, the invoice, the payment, and who reports it.

The training centre must not put this family into its own monthly report; the family's centre must. The income
goes to the State-budget account and is spent on training only. Source: method S38, S66, S100-S104. How much
may be charged is `price`.
"""

from datetime import date

from hub.duties.duty import Basis
from hub.kernel.days import DateBeforeCause, DateInTheFuture, happened
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Owed, Scene
from hub.training.ceiling import YearsCeiling, at_most, used
from hub.training.clauses import OverCeiling
from saikne_schemas.training import (
    CertificateIssued,
    CostView,
    Invoice,
    InvoicePaid,
    Training,
    TrainingHeld,
)
from saikne_schemas.training_lists import IncomeAccount, IncomeUse, TrainingRole
from saikne_schemas.training_price import covered, price
from saikne_schemas.vocabulary import DutyKind

NOT_INFORMED = "training.family-not-informed"
"""Taken, although nobody has said that the family was told (method S99)."""
ATTENDED_LESS = "training.attended-less"
"""Taken, although the family took part for less time than was agreed."""
NO_CHARACTERISTIC = "training.characteristic-missing"
"""Taken, although a characteristic was agreed (method S101)."""


class CharacteristicNotAgreed(Refusal):
    """A characteristic goes with the certificate only if the contract says so."""

    code = "training.characteristic-not-agreed"


class AmountDoesNotFit(Refusal):
    """The stated average or amount is not what follows from the costs; what follows is named."""

    code = "training.amount-does-not-fit"


def held(content: Training, end: TrainingHeld, scene: Scene) -> Outcome[Training]:
    happened(end.ended_on, scene.today, after=min(session.on for session in content.sessions))
    familys = scene.who(TrainingRole.FAMILYS)
    warnings = [NOT_INFORMED] if content.informed_on is None else []
    if end.attended_minutes < content.minutes:
        warnings.append(ATTENDED_LESS)
    said = {"ended_on": end.ended_on, "attended_minutes": end.attended_minutes}
    after = content.model_copy(update=said)
    return Outcome(
        after,
        meets=(DutyKind.HOLD_TRAINING,),
        done_on=end.ended_on,
        drops=(DutyKind.TELL_FAMILY,),
        opens=to_settle(after, scene),
        tells=((familys, "held"),),
        facts={"ended_on": end.ended_on.isoformat()},
        warnings=tuple(warnings),
    )


def to_settle(content: Training, scene: Scene) -> tuple[Owed, ...]:
    """What is owed when the training is over: the certificate, the invoice, and that it is paid."""
    trainer, familys = scene.who(TrainingRole.TRAINER), scene.who(TrainingRole.FAMILYS)
    ended_on = content.ended_on or scene.today
    lacking = {DutyKind.CERTIFICATE: content.certified_on, DutyKind.INVOICE: content.invoiced_on}
    return tuple(
        Owed(kind, trainer, ended_on, Basis.TRAINING_ENDED, awaited_by=(familys,))
        for kind, done_on in lacking.items()
        if done_on is None
    )


def certified(content: Training, paper: CertificateIssued, scene: Scene) -> Outcome[Training]:
    happened(paper.issued_on, scene.today, after=content.ended_on)
    if paper.characteristic and not content.characteristic_agreed:
        raise CharacteristicNotAgreed
    lacking = content.characteristic_agreed and not paper.characteristic
    said = {
        "certificate": paper.certificate,
        "certified_on": paper.issued_on,
        "characteristic": paper.characteristic,
    }
    return Outcome(
        content.model_copy(update=said),
        meets=(DutyKind.CERTIFICATE,),
        done_on=paper.issued_on,
        tells=((scene.other(), "certified"),),
        facts={"certificate": paper.certificate},
        warnings=(NO_CHARACTERISTIC,) if lacking else (),
    )


def invoiced(
    content: Training, paper: Invoice, scene: Scene, known: YearsCeiling | None = None
) -> Outcome[Training]:
    """`known`: what the training centre has stated for the training's year, as it is now."""
    happened(paper.issued_on, scene.today, after=content.ended_on)
    _charges_what_follows(paper, at_most(content, known))
    amounts = [line.amount_cents for line in paper.costs]
    parts = covered(paper.amount_cents, amounts)
    costs = [
        CostView(kind=line.kind, amount_cents=line.amount_cents, covered_cents=part)
        for line, part in zip(paper.costs, parts, strict=True)
    ]
    said = {
        "invoice": paper.invoice,
        "invoiced_on": paper.issued_on,
        "costs": costs,
        "participants": paper.participants,
        "own_participants": paper.own_participants,
        "average_cents": paper.average_cents,
        "amount_cents": paper.amount_cents,
        "reported_by": TrainingRole.FAMILYS,
        "income_account": IncomeAccount.STATE_BUDGET,
        "income_use": IncomeUse.TRAINING_COSTS_ONLY,
        "invoice_ceiling": used(known, scene),
    }
    familys = scene.who(TrainingRole.FAMILYS)
    return Outcome(
        content.model_copy(update=said),
        meets=(DutyKind.INVOICE,),
        done_on=paper.issued_on,
        opens=(to_report(scene),),
        tells=((familys, "invoiced"),),
        facts={"invoice": paper.invoice, "amount_cents": paper.amount_cents},
    )


def to_report(scene: Scene) -> Owed:
    """Counted from the day on which the family's centre learns of the invoice, whatever day it bears."""
    trainer, familys = scene.who(TrainingRole.TRAINER), scene.who(TrainingRole.FAMILYS)
    return Owed(DutyKind.REPORT_COST, familys, scene.today, Basis.INVOICED, awaited_by=(trainer,))


def _charges_what_follows(paper: Invoice, ceiling_cents: int) -> None:
    total = sum(line.amount_cents for line in paper.costs)
    right = price(total, paper.participants, paper.own_participants, ceiling_cents)
    if paper.amount_cents > right.most_cents:
        raise OverCeiling(
            amount_cents=paper.amount_cents,
            most_cents=right.most_cents,
            average_cents=right.average_cents,
        )
    if (paper.average_cents, paper.amount_cents) != (right.average_cents, right.amount_cents):
        raise AmountDoesNotFit(
            average_cents=right.average_cents,
            amount_cents=right.amount_cents,
            stated_average_cents=paper.average_cents,
            stated_amount_cents=paper.amount_cents,
        )


def paid(content: Training, payment: InvoicePaid, scene: Scene) -> Outcome[Training]:
    happened(payment.paid_on, scene.today, after=content.invoiced_on)
    _reported(payment.reported_month, scene.today, content.invoiced_on)
    said = {"paid_on": payment.paid_on, "reported_month": payment.reported_month}
    return Outcome(
        content.model_copy(update=said),
        meets=(DutyKind.REPORT_COST,),
        done_on=payment.paid_on,
        tells=((scene.other(), "paid"),),
        facts={"paid_on": payment.paid_on.isoformat(), "reported_month": payment.reported_month},
    )


def _reported(month: str, today: date, invoiced_on: date | None) -> None:
    """A month's report is of a month that has begun, and cannot hold what was invoiced after it."""
    if month > f"{today:%Y-%m}":
        raise DateInTheFuture(day=month, today=today.isoformat())
    if invoiced_on is not None and month < f"{invoiced_on:%Y-%m}":
        raise DateBeforeCause(day=month, not_before=f"{invoiced_on:%Y-%m}")
