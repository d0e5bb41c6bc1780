"""The closed list of what a chain may say: room, subject, verb in the past tense; and how facts are written.

The values stand in chains that are kept for years. Add; never rename or reuse. Source: design.md
6. Facts are references, digests, dates and counts: a person's name never.
"""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

Fact: TypeAlias = "str | int | bool | list[Fact] | dict[str, Fact] | None"


class EventKind(StrEnum):
    CENTRE_ADMITTED = "centres.centre.admitted"
    CENTRE_SUSPENDED = "centres.centre.suspended"
    CENTRE_RESUMED = "centres.centre.resumed"
    KEY_ADMITTED = "centres.key.admitted"
    KEY_REVOKED = "centres.key.revoked"
    CONTACTS_CHANGED = "centres.contacts.changed"
    OUTSIDE_CENTRE_NAMED = "centres.outside.named"
    OUTSIDE_CENTRE_CORRECTED = "centres.outside.corrected"
    RETURN_ADDRESS_ADDED = "centres.return_address.added"
    RETURN_ADDRESS_REMOVED = "centres.return_address.removed"

    PERSON_INVITED = "people.person.invited"
    PERSON_SUSPENDED = "people.person.suspended"
    PERSON_RESUMED = "people.person.resumed"
    PERSON_ROLE_CHANGED = "people.person.role_changed"
    PERSON_WAY_ADDED = "people.person.way_added"
    PERSON_WAY_REMOVED = "people.person.way_removed"
    PERSON_SIGNED_IN = "people.person.signed_in"
    PERSON_KEY_APPROVED = "people.key.approved"
    PERSON_KEY_ENDED = "people.key.ended"
    SYSTEM_LET_IN = "people.system.let_in"
    """A person lets the centre's own system act in his name, for some minutes."""
    PROVIDER_REGISTERED = "people.provider.registered"
    PROVIDER_REMOVED = "people.provider.removed"

    REQUEST_OPENED = "exchange.request.opened"
    INFORMATION_OFFERED = "exchange.information.offered"
    INFORMATION_TAKEN_BACK = "exchange.information.taken_back"
    REQUEST_SUPPLEMENTED = "exchange.request.supplemented"
    ANSWER_DECLARED = "exchange.answer.declared"
    DOCUMENT_SEALED = "exchange.document.sealed"
    ANSWER_DISCARDED = "exchange.answer.discarded"
    ANSWER_DISPATCHED = "exchange.answer.dispatched"
    ARCHIVE_MAILED = "exchange.archive.mailed"
    ARCHIVE_DOWNLOADED = "exchange.archive.downloaded"
    RECEIPT_CONFIRMED = "exchange.receipt.confirmed"
    ANSWER_DISPUTED = "exchange.answer.disputed"
    REQUEST_WITHDRAWN = "exchange.request.withdrawn"
    REQUEST_RECEIVED = "exchange.request.received"
    REQUEST_REFUSED = "exchange.request.refused"
    REFUSAL_DISPUTED = "exchange.refusal.disputed"
    REFUSAL_ACCEPTED = "exchange.refusal.accepted"
    EXTENSION_PROPOSED = "exchange.extension.proposed"
    EXTENSION_AGREED = "exchange.extension.agreed"
    EXTENSION_DECLINED = "exchange.extension.declined"
    ANSWER_HANDED_OVER = "exchange.answer.handed_over"
    ANSWER_POSTED = "exchange.answer.posted"
    POST_DELIVERED = "exchange.post.delivered"
    POST_RETURNED = "exchange.post.returned"
    POST_CORRECTED = "exchange.post.corrected"
    RECIPIENT_WRONG = "exchange.recipient.wrong"
    RECIPIENT_RESOLVED = "exchange.recipient.resolved"
    ANSWER_LAPSED = "exchange.answer.lapsed"
    PAYLOAD_ERASED = "exchange.payload.erased"

    HANDOVER_SENT = "passwords.handover.sent"
    HANDOVER_ASKED_AGAIN = "passwords.handover.asked_again"
    HANDOVER_REVEAL_ASKED = "passwords.handover.reveal_asked"
    HANDOVER_PROLONGED = "passwords.handover.prolonged"
    HANDOVER_DELIVERED = "passwords.handover.delivered"
    HANDOVER_FAILED = "passwords.handover.failed"
    HANDOVER_REVEALED = "passwords.handover.revealed"
    PASSWORD_ERASED = "passwords.password.erased"  # noqa: S105  # a kind, not a password

    PROOF_SEALED = "proofs.proof.sealed"
    PROOF_FETCHED = "proofs.proof.fetched"
    PROOF_OPENED = "proofs.proof.opened"
    PROOF_ERASED = "proofs.proof.erased"
    AGREEMENT_PROPOSED = "agreements.agreement.proposed"
    AGREEMENT_ACCEPTED = "agreements.agreement.accepted"
    AGREEMENT_REFUSED = "agreements.agreement.refused"
    AGREEMENT_ENDED = "agreements.agreement.ended"
    TRAINING_PROPOSED = "training.contract.proposed"
    TRAINING_ACCEPTED = "training.contract.accepted"
    TRAINING_DECLINED = "training.contract.declined"
    CEILING_STATED = "training.ceiling.stated"
    CEILING_CORRECTED = "training.ceiling.corrected"
    CEILING_WITHDRAWN = "training.ceiling.withdrawn"
    TRAINING_CANCELLED = "training.contract.cancelled"
    FAMILY_INFORMED = "training.family.informed"
    TRAINING_HELD = "training.course.held"
    CERTIFICATE_ISSUED = "training.certificate.issued"
    TRAINING_INVOICED = "training.invoice.issued"
    INVOICE_PAID = "training.invoice.paid"
    PLAN_DRAWN_UP = "plans.plan.drawn_up"
    PLAN_SENT = "plans.plan.sent"
    PLAN_CONFIRMED = "plans.plan.confirmed"
    PLAN_RECIPIENT_SEALED = "plans.recipient.sealed"
    PLAN_DOCUMENT_SEALED = "plans.document.sealed"
    PLAN_DISPATCHED = "plans.plan.dispatched"
    PLAN_MAILED = "plans.plan.mailed"
    PLAN_UNDELIVERED = "plans.plan.undelivered"
    PLAN_LAPSED = "plans.plan.lapsed"
    PLAN_PAYLOAD_ERASED = "plans.payload.erased"
    PLAN_CLOSED = "plans.plan.closed"
    SERVICE_GIVEN = "plans.service.given"
    FAMILY_REPORTED = "plans.family.reported"
    TALK_HELD = "plans.talk.held"
    TALK_NEEDED = "plans.talk.needed"
    TALK_NEARS = "plans.talk.nears"
    ACTIVITY_ADDED = "plans.activity.added"
    ACTIVITY_ENDED = "plans.activity.ended"

    FAMILY_MOVE_AGREED = "transfers.family_move.agreed"
    NOTICE_RECEIVED = "transfers.notice.received"
    NOTICE_CLAIMED = "transfers.notice.claimed"
    NOTICE_ASKED = "transfers.notice.asked"
    NOTICE_DENIED = "transfers.notice.denied"
    NOTICE_CORRECTED = "transfers.notice.corrected"
    LATE_NOTICE_DECIDED = "transfers.late_notice.decided"
    MOVE_DATE_PROPOSED = "transfers.move_date.proposed"
    MOVE_DATE_CONFIRMED = "transfers.move_date.confirmed"
    MOVE_DATE_DECLINED = "transfers.move_date.declined"
    MOVE_DATE_ESTABLISHED = "transfers.move_date.established"
    """By the rule and without the previous centre, which let its time go by (domain 1.5)."""
    MOVE_DATE_OBJECTED = "transfers.move_date.objected"
    FAMILY_MOVE_REGISTERED = "transfers.family_move.registered"
    REGISTRATION_DAY_CORRECTED = "transfers.registration.corrected"
    COURT_TOLD = "transfers.court.told"
    MOVE_TALK_HELD = "transfers.talk.held"
    FAMILY_COPIES_ASKED = "transfers.family_copies.asked"
    FAMILY_CASE_ARCHIVED = "transfers.family_case.archived"
    FAMILY_MOVE_CANCELLED = "transfers.family_move.cancelled"
    CHILD_MOVE_BEGUN = "transfers.child_move.begun"
    CHILD_MOVE_INFORMED = "transfers.child_move.informed"
    CHILD_MOVE_MET = "transfers.child_move.met"
    CHILD_MOVE_ACQUAINTED = "transfers.child_move.acquainted"
    CHILD_MOVE_PLACED = "transfers.child_move.placed"
    CHILD_MOVE_IAP_ASKED = "transfers.child_move.iap_asked"
    CHILD_MOVE_IAP_ARCHIVED = "transfers.child_move.iap_archived"
    CHILD_MOVE_CONTACT_ARRANGED = "transfers.child_move.contact_arranged"
    CHILD_MOVE_CANCELLED = "transfers.child_move.cancelled"
    MOVE_COPIES_ENDED = "transfers.copies.ended"
    """Confirmed or refused, as the exchange says by which a move asked for them."""
    MOVE_COPIES_AWAITED = "transfers.copies.awaited"
    """The same, where that was withdrawn, or is open again."""
    MOVE_COPIES_GIVEN_UP = "transfers.copies.given_up"

    SIBLING_CONTACT_PROPOSED = "siblings.contact.proposed"
    SIBLING_CONTACT_AGREED = "siblings.contact.agreed"
    SIBLING_CONTACT_DECLINED = "siblings.contact.declined"
    SIBLING_CONTACT_CHANGED = "siblings.contact.changed"
    SIBLING_CONTACT_DIFFICULTY_FOUND = "siblings.contact.difficulty_found"
    SIBLING_CONTACT_RECORDED = "siblings.contact.recorded"
    SIBLING_CONTACT_ENDED = "siblings.contact.ended"

    EXTRACT_COMPARED = "reconciliation.extract.compared"
    DIFFERENCE_RESOLVED = "reconciliation.difference.resolved"

    REMINDER_SENT = "duties.reminder.sent"
    DUTY_OVERDUE = "duties.duty.overdue"
    DUTY_MOVED = "duties.duty.moved"
    DUTY_BEGUN = "duties.duty.begun"
    """By the hub, where a record was found whose next step nobody owed; all others begin with a statement."""

    REGISTRATION_PREPARED = "agis.registration.prepared"
    REGISTRATION_SEALED = "agis.registration.sealed"
    REGISTRATION_LET_GO_ON = "agis.registration.let_go_on"
    REGISTRATION_TAKEN_BACK = "agis.registration.taken_back"
    REGISTRATION_REJECTED = "agis.registration.rejected"
    REGISTRATION_HALTED = "agis.registration.halted"
    REGISTRATION_CONFIRMED = "agis.registration.confirmed"
    REGISTER_REPORTED = "agis.outcomes.reported"


def canonical(facts: Mapping[str, Fact]) -> bytes:
    """The one way to write facts: RFC 8785 for what is allowed here (ASCII keys, whole numbers)."""
    _check(dict(facts))
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check(fact: object) -> None:
    """Fractions have many spellings and moments have many forms: neither is a fact. Saying so is our bug."""
    if isinstance(fact, dict):
        for key, inner in fact.items():
            if not (isinstance(key, str) and key.isascii()):
                raise TypeError(f"a fact's name is ASCII text: {key!r}")
            _check(inner)
    elif isinstance(fact, list):
        for inner in fact:
            _check(inner)
    elif fact is not None and not isinstance(fact, (str, int)):
        raise TypeError(f"not a fact: {fact!r}")
