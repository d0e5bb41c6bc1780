"""Copies on paper: declared, handed over against signature or posted as a registered item, and confirmed.

Source: method S58, S78, S88, S89, S134; domain 1.5 (the term is met by the hand-over or the dispatch, not by
the receipt), 2.3, 4.5; features N5. What is handed to whom is said by the holder and shown by its proofs; the
hub never sees a page.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hub.centres import store as centres
from hub.centres.casework import active
from hub.centres.contacts import is_listed
from hub.duties import casework as duties
from hub.duties import store as duty_rows
from hub.duties.duty import DutyKind
from hub.evidence.event import EventKind, Fact
from hub.exchange import store, ways
from hub.exchange.casework.answering import Round, check_missing, lacking_forms, open_round, receipt_of
from hub.exchange.casework.closing import countersigned
from hub.exchange.casework.statements import Case, Desk, NotFound, keep, tell
from hub.exchange.documents import certifications
from hub.exchange.postal_item import is_s10
from hub.exchange.steps import Action
from hub.kernel.clock import riga_day
from hub.kernel.days import happened
from hub.kernel.ids import StatementId
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Step
from hub.proofs import casework as proofs
from hub.signing.statement import SignedStatement
from saikne_schemas.manifests import Receipt
from saikne_schemas.paper import HandedOver, PaperAnswer, PaperReceipt, Posted, PostOutcome
from saikne_schemas.reading import kept
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import PAPER_WAYS, Authority, DeliveryChannel, ExchangeState, PostalOutcome

Statement = HandedOver | Posted | PostOutcome | PaperReceipt


class PersonNotListed(Refusal):
    """Said to be a listed representative, and the requester has notified nobody of that name and position."""

    code = "exchange.person-not-listed"


class OutcomeKnown(Refusal):
    """How the item ended was told before."""

    code = "exchange.outcome-known"


async def answer_on_paper(
    desk: Desk, case: Case, statement: SignedStatement, manifest: PaperAnswer
) -> Accepted:
    """Open a new round on paper: no password, nothing to send to the hub."""
    step = case.step(Action.ANSWER_ON_PAPER)
    lacking = lacking_forms(case, manifest)
    ways.check_departure(receipt_of(case.row), Receipt(channel=manifest.way), manifest.departure)
    await active(desk.tx, [case.requester])
    return await open_round(desk, case, statement, Round(manifest, lacking, manifest.way, step))


async def hand_over(desk: Desk, case: Case, statement: SignedStatement, manifest: HandedOver) -> Accepted:
    """The papers are in the hands of the new centre's representative: the term is met."""
    step = case.step(Action.HAND_OVER_IN_PERSON)
    answer = await _on_paper(desk, case, manifest.round, DeliveryChannel.IN_PERSON)
    await _check_day(desk, case, answer, manifest.handed_over_on)
    check_missing(answer, manifest.incomplete_because)
    if manifest.authority is Authority.LISTED_REPRESENTATIVE:
        listed = (await centres.contacts(desk.tx, case.requester)).contacts.authorised_persons
        if not is_listed(manifest.to, listed):
            raise PersonNotListed(position=manifest.to.position)
    told = {
        "sent_on": manifest.handed_over_on,
        "handed_over_to": manifest.to.model_dump(mode="json"),
        "authority": manifest.authority.value,
    }
    facts: dict[str, Fact] = {
        "position": manifest.to.position,
        "authority": manifest.authority.value,
        "handed_over_on": manifest.handed_over_on.isoformat(),
    }
    await tell(desk.tx, case.identity, case.requester, "answer_handed_over")
    sent = Sent(told, facts, EventKind.ANSWER_HANDED_OVER, step)
    return await _sent(desk, case, statement, manifest, sent)


async def post(desk: Desk, case: Case, statement: SignedStatement, manifest: Posted) -> Accepted:
    """The papers are a registered item under way: the term is met. An unusual number is noted only."""
    step = case.step(Action.POST)
    answer = await _on_paper(desk, case, manifest.round, DeliveryChannel.REGISTERED_POST)
    await _check_day(desk, case, answer, manifest.posted_on)
    check_missing(answer, manifest.incomplete_because)
    checked = is_s10(manifest.item_number)
    told = {
        "sent_on": manifest.posted_on,
        "item_number": manifest.item_number,
        "item_number_checked": checked,
    }
    facts: dict[str, Fact] = {
        "item_number": manifest.item_number,
        "item_number_checked": checked,
        "posted_on": manifest.posted_on.isoformat(),
    }
    await tell(desk.tx, case.identity, case.requester, "answer_posted")
    sent = Sent(told, facts, EventKind.ANSWER_POSTED, step)
    return await _sent(desk, case, statement, manifest, sent)


@dataclass(frozen=True, slots=True)
class Sent:
    """How papers left the holder: what is kept of it, and what evidence says."""

    told: dict[str, object]
    facts: dict[str, Fact]
    event: EventKind
    step: Step[ExchangeState]


async def _sent(
    desk: Desk, case: Case, statement: SignedStatement, manifest: HandedOver | Posted, sent: Sent
) -> Accepted:
    await proofs.require(desk.tx, case.holder, manifest.proofs, case.identity, desk.now)
    await store.change_answer(
        desk.tx,
        case.identity,
        manifest.round,
        dispatched_at=desk.now,
        incomplete_because=manifest.incomplete_because,
        **sent.told,
    )
    await store.move(desk.tx, case.identity, sent.step, desk.now)
    await duties.meet(desk.tx, case.identity, DutyKind.ANSWER, desk.now, StatementId(manifest.id))
    facts = {"round": manifest.round, **sent.facts}
    taken = case.taken(manifest, sent.event, sent.step, facts)
    return await keep(desk, taken, statement, case.parties)


async def tell_outcome(desk: Desk, case: Case, statement: SignedStatement, manifest: PostOutcome) -> Accepted:
    """How the item ended; one that came back opens the answer again, due when it was due at first."""
    came_back = manifest.outcome is not PostalOutcome.DELIVERED
    step = case.step(Action.TELL_POST_RETURNED if came_back else Action.TELL_POST_DELIVERED)
    answer = await _on_paper(desk, case, manifest.round, DeliveryChannel.REGISTERED_POST)
    if answer.outcome is not None:
        raise OutcomeKnown(outcome=answer.outcome)
    happened(manifest.on, riga_day(desk.now), after=answer.sent_on)
    await proofs.require(desk.tx, case.holder, manifest.proofs, case.identity, desk.now)
    await store.change_answer(
        desk.tx, case.identity, manifest.round, outcome=manifest.outcome.value, outcome_on=manifest.on
    )
    if came_back:
        await duties.reopen(desk.tx, case.identity, DutyKind.ANSWER)
        await tell(desk.tx, case.identity, case.requester, "post_returned")
    await store.move(desk.tx, case.identity, step, desk.now)
    facts: dict[str, Fact] = {
        "round": manifest.round,
        "outcome": manifest.outcome.value,
        "on": manifest.on.isoformat(),
    }
    event = EventKind.POST_RETURNED if came_back else EventKind.POST_DELIVERED
    taken = case.taken(manifest, event, step, facts)
    return await keep(desk, taken, statement, case.parties)


async def confirm(desk: Desk, case: Case, statement: SignedStatement, manifest: PaperReceipt) -> Accepted:
    """Close the exchange on what the requester holds in its hands, and countersign the receipt."""
    step = case.step(Action.CONFIRM_PAPER)
    answer = await _on_paper(desk, case, manifest.round, *PAPER_WAYS)
    declared = await store.documents(desk.tx, case.identity, manifest.round)
    receipt = await countersigned(desk, case, statement, answer, _as_confirmed(answer, declared))
    await store.move(desk.tx, case.identity, step, desk.now, receipt=receipt)
    await tell(desk.tx, case.identity, case.holder, "confirmed")
    facts: dict[str, Fact] = {"round": manifest.round, "way": answer.way}
    taken = case.taken(manifest, EventKind.RECEIPT_CONFIRMED, step, facts)
    return await keep(desk, taken, statement, case.parties)


def _as_confirmed(answer: Any, declared: Any) -> dict[str, object]:
    """What the receipt names: the way with its own proof, and every document."""
    names = ("handed_over_to", "authority", "item_number", "outcome")
    days = {"sent_on": answer.sent_on.isoformat()}
    if answer.outcome_on is not None:
        days["outcome_on"] = answer.outcome_on.isoformat()
    documents = [
        {"no": one.no, "form": one.form, "subject": one.subject, "spouse": one.spouse, "pages": one.pages}
        for one in declared
    ]
    how = {name: value for name in names if (value := getattr(answer, name)) is not None}
    return {"channel": answer.way, **how, **days, "documents": documents}


async def _on_paper(desk: Desk, case: Case, round_no: int, *way: DeliveryChannel) -> Any:
    """The newest answer, if it goes this way."""
    case.check_round(round_no)
    answer = await store.find_answer(desk.tx, case.identity, round_no)
    if answer is None:
        raise NotFound
    ways.check_way(answer.way, *way)
    return answer


async def _check_day(desk: Desk, case: Case, answer: Any, stated: date) -> None:
    """Nothing goes before it was asked for and certified, nor before an earlier item came back."""
    duty = await duty_rows.of_exchange(desk.tx, case.caller, case.identity)
    causes = (
        riga_day(case.row.requested_at),
        duty and duty.starts_on,
        await store.newest_outcome(desk.tx, case.identity),
        *await _certified_on(desk, case, answer),
    )
    happened(stated, riga_day(desk.now), after=max(day for day in causes if day is not None))


async def _certified_on(desk: Desk, case: Case, answer: Any) -> list[date]:
    """The days that the inscriptions bear, as the answer declared them."""
    declared = await store.earlier_statement(desk.tx, case.caller, StatementId(answer.statement_id))
    if declared is None:
        raise NotFound
    return [how.on for how in certifications(kept(PaperAnswer, declared.body))]
