"""The certificate of completed training and the invoice, in Latvian, as a PDF/A made on this machine.

Source: method S63, S101 (the certificate), S64, S98, S102, S104 (actual cost, the average, the ceiling, the
State-budget account), S66 (each cost divided by the participants, with an accounting note). Both say what the
hub has taken and checked; whose names stand on the certificate is known here only, and goes nowhere else.
Whether value-added tax applies is the centre's to say: nothing in the method does.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from saikne.court_letter import MARKING, Centre, NobodyNamed, Signing, in_nominative
from saikne.euros import euros
from saikne.problems import LocalRefusal
from saikne.typesetting import isolated, typeset
from saikne.wording import sentence
from saikne_schemas.moments import for_people
from saikne_schemas.training_price import average

if TYPE_CHECKING:
    from saikne_schemas.training import Training

_LV = "lv"
_MINUTES_AN_HOUR = 60


class NotIssuedYet(LocalRefusal):
    """The paper says what the hub was told: that comes first."""

    code = "training.not-issued-yet"


@dataclass(frozen=True)
class Signature:
    signer: str
    position: str
    signing: Signing = Signing.ELECTRONIC


def compose_certificate(
    training: "Training",
    trainer: Centre,
    persons: tuple[str, ...],
    signed: Signature,
    marking: str = MARKING,
) -> bytes:
    """PDF/A-2a and PDF/UA-1. The same facts give the same bytes, on every machine."""
    if training.certified_on is None or training.certificate is None:
        raise NotIssuedYet
    if not persons or not all(name.strip() for name in persons):
        raise NobodyNamed
    mark, _, basis = marking.partition("\n")
    said = {
        "trainer": asdict(trainer),
        "number": training.certificate,
        "issued_on": in_nominative(training.certified_on),
        "persons": [isolated(name) for name in persons],
        "rows": [
            *_about(training),
            ("Lektors", f"{training.lecturer.name}, {training.lecturer.position}"),
            ("Apmeklēts", _hours(training.attended_minutes or 0)),
        ],
        "characteristic": bool(training.characteristic),
        "marking": mark,
        "marking_basis": basis,
        **_signature(signed),
    }
    return typeset("training_certificate", said, training.certified_on)


def compose_invoice(
    training: "Training",
    trainer: Centre,
    payer: Centre,
    signed: Signature,
    *,
    account: str | None = None,
    vat: str | None = None,
) -> bytes:
    """The same as for the certificate. It names no person: the family by the number of its case only."""
    if training.invoiced_on is None or training.invoice is None:
        raise NotIssuedYet
    own, amount = training.own_participants or 1, training.amount_cents or 0
    participants = training.participants or 1
    ceiling = training.invoice_ceiling
    most = min(training.ceiling_cents, ceiling.ceiling_cents) if ceiling else training.ceiling_cents
    said = {
        "trainer": asdict(trainer),
        "payer": asdict(payer),
        "account": account,
        "number": training.invoice,
        "issued_on": in_nominative(training.invoiced_on),
        "issued_day": for_people(training.invoiced_on),
        "rows": [
            ("Līgums", training.reference),
            ("Audžuģimenes lietas numurs", training.family),
            *_about(training),
        ],
        "participants": str(participants),
        "own_participants": str(own),
        "price": euros(min(training.average_cents or 0, most)),
        "average": euros(training.average_cents or 0),
        "amount": euros(amount),
        "ceiling": euros(most),
        "contract": ceiling and ceiling.contract,
        "vat": vat,
        "pay_by": in_nominative(training.invoiced_on + timedelta(days=training.payment_days)),
        "total": euros(sum(line.amount_cents for line in training.costs)),
        "costs": [
            (
                _in_latvian("costs.kind", line.kind),
                euros(line.amount_cents),
                euros(average(line.amount_cents, participants)),
                euros(line.covered_cents),
            )
            for line in training.costs
        ],
        **_signature(signed),
    }
    return typeset("training_invoice", said, training.invoiced_on)


def _signature(signed: Signature) -> dict[str, str]:
    position = signed.position[:1].upper() + signed.position[1:]
    return {"signer": signed.signer, "position": position, "signing": signed.signing.value}


def _about(training: "Training") -> list[tuple[str, str]]:
    """The clauses of the contract by which the training is known (method S96)."""
    days = sorted({session.on for session in training.sessions})
    programme = [("Programma", training.course)] if training.course else []
    return [
        ("Mācību veids", _in_latvian("kind", training.kind)),
        ("Tēmas", ", ".join(_in_latvian("topics", topic) for topic in training.topics)),
        *programme,
        ("Apjoms", _hours(training.minutes)),
        ("Norises dienas", ", ".join(for_people(on) for on in days)),
        ("Norises forma", _in_latvian("form", training.form)),
        *_ended_otherwise(training, days[-1]),
    ]


def _ended_otherwise(training: "Training", planned: date) -> list[tuple[str, str]]:
    """On another day than was agreed."""
    if training.ended_on in {None, planned}:
        return []
    assert training.ended_on is not None  # noqa: S101  # just looked
    return [("Mācības beidzās", for_people(training.ended_on))]


def _hours(minutes: int) -> str:
    whole, rest = divmod(minutes, _MINUTES_AN_HOUR)
    return f"{whole} h {rest} min" if rest else f"{whole} h"


def _in_latvian(of: str, value: object) -> str:
    return sentence(f"training.{of}.{value}", _LV)
