"""Training of a family by another centre: the contract, what follows, and the money (method S92-S104)."""

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from saikne.command import ceilings, training_papers
from saikne.command.choices import listed
from saikne.command.connection import connected, counterpart, said_once
from saikne.command.correcting import tell_remedies
from saikne.command.given import PERSON, SignedBy, amount, day, person
from saikne.command.given import month as month_of
from saikne.command.known import either, sums
from saikne.command.manners import verb
from saikne.command.matters import Matter, state
from saikne.command.speech import Console, say
from saikne.euros import euros
from saikne.statements import compose
from saikne_schemas.latvian_values import meant
from saikne_schemas.training_lists import (
    PaymentOrder,
    Premises,
    TrainingCancelled,
    TrainingCost,
    TrainingDeclined,
    TrainingForm,
    TrainingKind,
    TrainingRole,
    TrainingTopic,
)

if TYPE_CHECKING:
    from saikne_schemas.training import CostLine, Session

_SESSION = re.compile(r"(\S+) (\d\d?)[:.](\d\d)[-–](\d\d?)[:.](\d\d)")  # as people write it
_MINUTES_AN_HOUR = 60
_HALF_HOURS = re.compile(r"(\d{1,3})(?:[.,]([05]))?")
_Day = Annotated[date, typer.Option(parser=day, metavar="YYYY-MM-DD")]


def hours(written: str) -> int:
    """Minutes of hours as typed, with half hours: `6`, `6,5`."""
    typed = _HALF_HOURS.fullmatch(written)
    if typed is None:
        raise typer.BadParameter(say("usage.not-hours", given=written))
    return int(typed[1]) * _MINUTES_AN_HOUR + (_MINUTES_AN_HOUR // 2 if typed[2] == "5" else 0)


def _session(written: str) -> "Session":
    from saikne_schemas.training import Session

    typed = _SESSION.fullmatch(written.strip())
    if typed is None:
        raise typer.BadParameter(say("usage.not-a-session", given=written), param_hint="--session")
    on, *clock = typed.groups()
    begins, ends = (f"{int(hour):02}:{minute}" for hour, minute in (clock[:2], clock[2:]))
    return Session.model_validate({"on": str(day(on)), "begins": begins, "ends": ends})


def _cost(written: str) -> "CostLine":
    from saikne_schemas.training import CostLine

    named, _, typed = written.partition("=")
    kind = meant(TrainingCost, named)
    if kind is None:
        message = say("usage.not-a-cost", given=written, kinds=listed(tuple(TrainingCost)))
        raise typer.BadParameter(message, param_hint="--cost")
    return CostLine(kind=kind, amount_cents=amount(typed, "--cost"))


_Euros = Annotated[int | None, typer.Option(parser=amount, metavar="EUR")]


@verb
async def propose(
    console: Console,
    *,
    centre: Annotated[str, typer.Option("--with")],
    side: Annotated[TrainingRole, typer.Option("--as")],
    reference: Annotated[str, typer.Option("--reference")],
    kind: Annotated[TrainingKind, typer.Option("--kind")],
    signed_by: SignedBy,
    topic: Annotated[list[TrainingTopic] | None, typer.Option("--topic")] = None,
    course: Annotated[str | None, typer.Option("--course")] = None,
    minutes: Annotated[int | None, typer.Option("--hours", parser=hours, metavar="HOURS")] = None,
    session: Annotated[list[str] | None, typer.Option("--session", metavar="DAY HH:MM-HH:MM")] = None,
    form: Annotated[TrainingForm | None, typer.Option("--form")] = None,
    premises: Annotated[Premises | None, typer.Option("--premises")] = None,
    territory: Annotated[str | None, typer.Option("--territory")] = None,
    lecturer: Annotated[str | None, typer.Option("--lecturer", metavar=PERSON)] = None,
    family: Annotated[str | None, typer.Option("--family")] = None,
    contacts_in: Annotated[str | None, typer.Option("--contacts-in")] = None,
    charged_at_cost: Annotated[bool, typer.Option("--charged-at-cost")] = False,
    ceiling: _Euros = None,
    price: _Euros = None,
    payment: Annotated[PaymentOrder | None, typer.Option("--payment")] = None,
    payment_days: Annotated[int | None, typer.Option("--payment-days")] = None,
    characteristic: Annotated[bool, typer.Option("--characteristic")] = False,
) -> None:
    """Propose the written contract about training one family."""
    from saikne_schemas.training import TrainingContract, TrainingView

    async with connected() as hub:
        own, theirs = hub.credentials.centre, await counterpart(hub, centre)
        trains = side is TrainingRole.TRAINER
        statement = compose(
            TrainingContract,
            trainer=own if trains else theirs,
            familys=theirs if trains else own,
            reference=reference,
            kind=kind,
            topics=topic or [],
            course=course,
            minutes=minutes,
            sessions=[_session(one) for one in session or []],
            form=form,
            premises=premises,
            territory=territory,
            lecturer=person(lecturer) if lecturer else None,
            family=family,
            family_contacts_in=contacts_in,
            charged_at_cost=charged_at_cost,
            ceiling_cents=ceiling,
            price_cents=price,
            payment=payment,
            payment_days=payment_days,
            characteristic_agreed=characteristic,
            signed_by=person(signed_by),
        )
        accepted = await said_once(hub.tell, statement)
        view = await hub.matter(TrainingView, accepted.matter)
    console.tell("training.proposed", matter=accepted.matter)
    tell_remedies(console, view, "training propose")
    for warning in accepted.warnings:
        console.warn(f"warning.{warning}")
    console.document(accepted)


@verb
async def accept(console: Console, matter: Matter, *, signed_by: SignedBy) -> None:
    """Sign the contract that the other centre proposed."""
    from saikne_schemas.training import AcceptContract

    said = compose(AcceptContract, matter=matter, signed_by=person(signed_by))
    await state(console, said, act="training accept")
    console.tell("training.accepted", matter=matter)


@verb
async def decline(
    console: Console, matter: Matter, *, reason: Annotated[TrainingDeclined, typer.Option("--reason")]
) -> None:
    """Do not sign it."""
    from saikne_schemas.training import DeclineContract

    await state(console, compose(DeclineContract, matter=matter, reason=reason))


@verb
async def informed(console: Console, matter: Matter, *, on: _Day) -> None:
    """Record that the family was told all it needs to take part."""
    from saikne_schemas.training import InformedFamily

    await state(console, compose(InformedFamily, matter=matter, informed_on=on))


@verb
async def held(
    console: Console,
    matter: Matter,
    *,
    ended_on: _Day,
    attended: Annotated[int, typer.Option("--attended", parser=hours, metavar="HOURS")],
) -> None:
    """Record that the training is over."""
    from saikne_schemas.training import TrainingHeld

    await state(console, compose(TrainingHeld, matter=matter, ended_on=ended_on, attended_minutes=attended))
    console.tell("training.held", matter=matter)


@verb
async def certificate(
    console: Console,
    matter: Matter,
    *,
    reference: Annotated[str, typer.Option("--reference")],
    issued_on: _Day,
    characteristic: Annotated[bool, typer.Option("--characteristic")] = False,
) -> None:
    """Record that the certificate was issued."""
    from saikne_schemas.training import CertificateIssued

    statement = compose(
        CertificateIssued,
        matter=matter,
        certificate=reference,
        issued_on=issued_on,
        characteristic=characteristic,
    )
    await state(console, statement)


@verb
async def invoice(
    console: Console,
    matter: Matter,
    *,
    reference: Annotated[str, typer.Option("--reference")],
    issued_on: _Day,
    cost: Annotated[list[str], typer.Option("--cost", metavar="KIND=EUR")],
    participants: Annotated[int, typer.Option("--participants")],
    own: Annotated[int, typer.Option("--own")],
    average: _Euros = None,
    total: Annotated[int | None, typer.Option("--amount", parser=amount, metavar="EUR")] = None,
) -> None:
    """Record the invoice, whose amount follows from the actual costs and the contract."""
    from saikne_schemas.training import Invoice

    costs = [_cost(one) for one in cost]
    if average is None or total is None:
        async with connected() as hub:
            right = await sums(hub, matter, costs, participants, own)
        average, total = either("average", average, right[0]), either("total", total, right[1])
    statement = compose(
        Invoice,
        matter=matter,
        invoice=reference,
        issued_on=issued_on,
        costs=costs,
        participants=participants,
        own_participants=own,
        average_cents=average,
        amount_cents=total,
    )
    await state(console, statement)
    console.tell("training.charged", average=euros(average), amount=euros(total))
    console.tell("training.invoiced", matter=matter)


@verb
async def paid(
    console: Console,
    matter: Matter,
    *,
    on: _Day,
    month: Annotated[str, typer.Option("--month", parser=month_of, metavar="YYYY-MM")],
) -> None:
    """Record that the invoice was paid and in which month's report its cost stands."""
    from saikne_schemas.training import InvoicePaid

    await state(console, compose(InvoicePaid, matter=matter, paid_on=on, reported_month=month))


@verb
async def cancel(
    console: Console, matter: Matter, *, reason: Annotated[TrainingCancelled, typer.Option("--reason")]
) -> None:
    """Cancel before the training was held."""
    from saikne_schemas.training import CancelTraining

    await state(console, compose(CancelTraining, matter=matter, reason=reason))


VERBS = (
    ("propose", propose),
    ("accept", accept),
    ("decline", decline),
    ("informed", informed),
    ("held", held),
    ("certificate", certificate),
    ("invoice", invoice),
    ("paid", paid),
    ("cancel", cancel),
    *ceilings.VERBS,
    *training_papers.VERBS,
)
