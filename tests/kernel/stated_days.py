"""Of which kind each day is that a wire document names: one table, and none stands outside it.

DONE: something was done on it. PAPER: a paper bears it. PLANNED: it was arranged. TOLD: another system's,
compared and never changed. After the kind stands what it may not lie before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from saikne_schemas.export import schema_of
from tests.schemas.manifest_vectors import DOCUMENTS

Json = dict[str, Any]


class Kind(Enum):
    DONE = auto()
    PAPER = auto()
    PLANNED = auto()
    TOLD = auto()


@dataclass(frozen=True)
class Stated:
    kind: Kind
    after: str | None = None
    """The field of the matter's content that holds the cause; `self.` one of the statement's own."""
    early: str = "days.before-cause"
    """The code of a day before the cause."""
    old: str = "days.out-of-range"
    far: str = "days.out-of-range"


_ORDER = "agreements.days-out-of-order"
_KEY = "people.key-does-not-fit"
DONE, PAPER, PLANNED, TOLD = (Stated(kind) for kind in Kind)
STATED: dict[str, Stated] = {
    "acquaintance-held.visits": DONE,
    "activity-added.activity.added_on": DONE,
    "activity-added.activity.ends_on": Stated(Kind.PLANNED, old="manifest.malformed"),
    "activity-ended.on": Stated(Kind.DONE, "activities.0.agreed_on"),
    "agreement-ended.last_day": Stated(Kind.PLANNED, old="agreements.ends-in-the-past"),
    "agreement.signed_on": PAPER,
    "agreement.valid_from": Stated(Kind.PLANNED, "self.signed_on", early=_ORDER),
    "agreement.valid_to": Stated(Kind.PLANNED, "self.valid_from", early=_ORDER),
    "answer.certification.on": PAPER,
    "answer.documents.certification.on": PAPER,
    "archived.archived_on": Stated(Kind.DONE, "effective_on"),
    "certificate-issued.issued_on": Stated(Kind.DONE, "ended_on"),
    "child-move.planned_on": PLANNED,
    "child-placed.placed_on": Stated(Kind.DONE, "told_on"),
    "court-told.sent_on": Stated(Kind.DONE, "agreed_on"),
    "date-objection.effective_on": Stated(Kind.PLANNED, "agreed_on"),
    "date-override.effective_on": Stated(Kind.PLANNED, "agreed_on"),
    "enrolment.agreement.signed_on": PAPER,
    "family-informed.informed_on": DONE,
    "family-move.agreed_on": DONE,
    "family-reported.on": DONE,
    "former-family-contact.begins_on": Stated(Kind.PLANNED, "placed_on"),
    "handed-over.handed_over_on": DONE,
    "iap-archived.archived_on": Stated(Kind.DONE, "placed_on"),
    "informed-before.told_on": DONE,
    "invoice-paid.paid_on": Stated(Kind.DONE, "invoiced_on"),
    "meeting-held.held_on": DONE,
    "notice-claimed.sent_at": DONE,
    "notice-corrected.received_at": DONE,
    "notice-received.received_at": DONE,
    "paper-answer.certification.on": PAPER,
    "paper-answer.documents.certification.on": PAPER,
    "person-key.until": Stated(Kind.PLANNED, old=_KEY, far=_KEY),
    "plan-closed.closed_on": Stated(Kind.DONE, "confirmed_on"),
    "plan-closed.exit_talk_on": Stated(Kind.DONE, "talk_on"),
    "plan-confirmed.confirmed_on": Stated(Kind.DONE, "sent_on"),
    "plan-confirmed.signed.on": DONE,
    "plan-sent.sent_on": Stated(Kind.DONE, "talk_on"),
    "post-outcome.on": DONE,
    "posted.posted_on": DONE,
    "price-ceiling.signed_on": PAPER,
    "propose-extension.until": PLANNED,
    "refuse.since": DONE,
    "register-answer.registered_on": TOLD,
    "register-entry.effective_on": TOLD,
    "register-extract.entries.effective_on": TOLD,
    "register-extract.entries.registered_on": TOLD,
    "register-extract.taken_at": TOLD,
    "register-facts.agreed_on": TOLD,
    "register-facts.effective_on": TOLD,
    "registered.registered_on": Stated(Kind.DONE, "effective_on"),
    "registration-corrected.registered_on": Stated(Kind.DONE, "effective_on"),
    "registration-outcomes.outcomes.registered_on": DONE,
    "registration.effective_on": TOLD,
    "service-given.on": DONE,
    "sibling-contact-difficulty.found_on": DONE,
    "sibling-contact-ended.ended_on": Stated(Kind.DONE, "agreed_on"),
    "sibling-contact-recorded.recorded_on": Stated(Kind.DONE, "agreed_on"),
    "support-plan.activities.added_on": DONE,
    "support-plan.activities.ends_on": Stated(Kind.PLANNED, old="manifest.malformed"),
    "support-plan.evaluation_on": PLANNED,
    "support-plan.talk_on": DONE,
    "talk-held.evaluation_on": PLANNED,
    "talk-held.held_on": Stated(Kind.DONE, "talk_on"),
    "talk-needed.by": PLANNED,
    "talk-needed.evaluation_on": PLANNED,
    "talked.held_on": Stated(Kind.DONE, "agreed_on"),
    "training-contract.sessions.on": PLANNED,
    "training-held.ended_on": Stated(Kind.DONE, "sessions.0.on"),
    "training-invoice.issued_on": Stated(Kind.DONE, "ended_on"),
}


OF_ANOTHER = "for_outside.on"
"""Of every statement: when a centre outside of the hub did so. `matters.casework.outside` judges it."""


def days_on_the_wire() -> set[str]:
    """Every day and moment that a document from a centre or a job may name."""
    found: set[str] = set()
    for name, document in DOCUMENTS.items():
        schema = schema_of(document)
        found |= {f"{name}.{place}" for place in _days(schema, schema) if place != OF_ANOTHER}
    return found


def _days(schema: Json, whole: Json) -> Iterator[str]:
    if schema.get("format") in {"date", "date-time"}:
        yield ""
    inner = [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
    if "$ref" in schema:
        inner.append(whole["$defs"][schema["$ref"].rpartition("/")[2]])
    for one in inner:
        yield from _days(one, whole)
    for name, one in schema.get("properties", {}).items():
        yield from (f"{name}.{place}".rstrip(".") for place in _days(one, whole))
