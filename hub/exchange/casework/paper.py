"""Copies on paper: handed over against signature or posted as a registered item, and how that ended.

Source: method S58, S78, S88, S89, S134; domain 1.5 (the term is met by the hand-over or the dispatch, not by
the receipt), 2.3, 4.5; features N5. What is handed to whom is said by the holder and shown by its proofs; the
hub never sees a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hub.centres import store as centres
from hub.centres.contacts import is_listed
from hub.duties import store as duties
from hub.duties.duty import DutyKind
from hub.evidence.event import EventKind, Fact
from hub.exchange import owed, store, ways
from hub.exchange.casework.answering import kept_missing, missing_of
from hub.exchange.casework.beside import Effect, change_answer
from hub.exchange.casework.case import Case, Desk, declared_by, newest_answer
from hub.exchange.documents import certifications
from hub.exchange.incomplete import with_reasons
from hub.exchange.postal_item import is_s10
from hub.exchange.steps import Action
from hub.kernel.clock import riga_day
from hub.kernel.days import happened
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Moment, Outcome
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.paper import CorrectItem, HandedOver, PaperAnswer, Posted, PostOutcome
from saikne_schemas.reading import kept
from saikne_schemas.views import ItemCorrection
from saikne_schemas.vocabulary import PAPER_WAYS, Authority, DeliveryChannel, PostalOutcome


class PersonNotListed(Refusal):
    """Said to be a listed representative, and the requester has notified nobody of that name and position."""

    code = "exchange.person-not-listed"


class SameItem(Refusal):
    """That number was told already."""

    code = "exchange.same-item"


class OutcomeKnown(Refusal):
    """How the item ended was told before."""

    code = "exchange.outcome-known"


@dataclass(frozen=True, slots=True)
class Papers:
    """What is known of an answer on paper when the holder says what it did with it."""

    answer: store.AnswerRow
    causes: Sequence[date] = ()
    """Nothing goes before it was asked for and certified, nor before an earlier item came back."""
    listed: Sequence[AuthorisedPerson] = ()
    """Whom the requester has notified; asked only where one of them is said to be."""

    def going(self, way: DeliveryChannel) -> store.AnswerRow:
        """The answer, if it goes this way."""
        ways.check_way(self.answer.way, way)
        return self.answer


async def papers(desk: Desk, author: CentreId, case: Case, said: HandedOver | Posted) -> Papers:
    answer = await newest_answer(desk.tx, case, said.round)
    if answer.way not in PAPER_WAYS:
        return Papers(answer)
    declared = await declared_by(desk.tx, case, answer)
    duty = await duties.of_exchange(desk.tx, author, case.identity)
    causes = (
        riga_day(case.opened_at),
        duty.starts_on if duty else None,
        await store.newest_outcome(desk.tx, case.identity),
        *(how.on for how in certifications(kept(PaperAnswer, declared.body))),
    )
    days = [day for day in causes if day is not None]
    if isinstance(said, Posted) or said.authority is not Authority.LISTED_REPRESENTATIVE:
        return Papers(answer, days)
    listed = (await centres.contacts(desk.tx, case.requester)).contacts.authorised_persons
    return Papers(answer, days, listed)


async def posted_papers(desk: Desk, _author: CentreId, case: Case, said: PostOutcome | CorrectItem) -> Papers:
    return Papers(await newest_answer(desk.tx, case, said.round))


def hand_over(case: Case, said: HandedOver, moment: Moment, known: Papers) -> Effect:
    """The papers are in the hands of the new centre's representative: the term is met."""
    answer = known.going(DeliveryChannel.IN_PERSON)
    happened(said.handed_over_on, moment.today, after=max(known.causes))
    missing = with_reasons(missing_of(answer), said)
    listed = said.authority is not Authority.LISTED_REPRESENTATIVE or is_listed(said.to, known.listed)
    if not listed:
        raise PersonNotListed(position=said.to.position)
    columns = {
        "missing": kept_missing(missing),
        "sent_on": said.handed_over_on,
        "handed_over_to": said.to.model_dump(mode="json"),
        "authority": said.authority.value,
    }
    facts: dict[str, Fact] = {
        "position": said.to.position,
        "authority": said.authority.value,
        "handed_over_on": said.handed_over_on.isoformat(),
    }
    return _sent(case, said, moment, Left(columns, facts, DutyKind.CONFIRM_COPIES, "answer_handed_over"))


def post(case: Case, said: Posted, moment: Moment, known: Papers) -> Effect:
    """The papers are a registered item under way: the term is met. An unusual number is noted only."""
    answer = known.going(DeliveryChannel.REGISTERED_POST)
    happened(said.posted_on, moment.today, after=max(known.causes))
    missing = with_reasons(missing_of(answer), said)
    item: dict[str, Fact] = {"item_number": said.item_number, "item_number_checked": is_s10(said.item_number)}
    columns: dict[str, object] = {"missing": kept_missing(missing), "sent_on": said.posted_on, **item}
    facts: dict[str, Fact] = {**item, "posted_on": said.posted_on.isoformat()}
    return _sent(case, said, moment, Left(columns, facts, DutyKind.TELL_POST_OUTCOME, "answer_posted"))


@dataclass(frozen=True, slots=True)
class Left:
    """How papers left the holder: what is kept of it, what evidence says, what the requester is told."""

    columns: dict[str, object]
    facts: dict[str, Fact]
    begins: DutyKind
    """Papers handed over are to be confirmed; of an item its sender first says how it ended."""
    notice: str


def _sent(case: Case, said: HandedOver | Posted, moment: Moment, left: Left) -> Effect:
    because = said.incomplete_because
    return Outcome(
        case.record,
        meets=owed.ANSWERING,
        drops=owed.PROPOSED,
        opens=(case.owes(left.begins, moment.today),),
        tells=((case.requester, left.notice),),
        facts={"round": said.round, **left.facts},
        beside=(change_answer(dispatched_at=moment.now, incomplete_because=because, **left.columns),),
    )


def outcome_step(said: PostOutcome) -> Action:
    return Action.TELL_POST_RETURNED if _came_back(said) else Action.TELL_POST_DELIVERED


def outcome_event(said: PostOutcome) -> EventKind:
    return EventKind.POST_RETURNED if _came_back(said) else EventKind.POST_DELIVERED


def _came_back(said: PostOutcome) -> bool:
    return said.outcome is not PostalOutcome.DELIVERED


def tell_outcome(case: Case, said: PostOutcome, moment: Moment, known: Papers) -> Effect:
    """How the item ended; one that came back opens the answer again, due when it was due at first."""
    came_back = _came_back(said)
    answer = known.going(DeliveryChannel.REGISTERED_POST)
    if answer.outcome is not None:
        raise OutcomeKnown(outcome=answer.outcome)
    happened(said.on, moment.today, after=answer.sent_on)
    return Outcome(
        case.record,
        meets=(DutyKind.TELL_POST_OUTCOME,),
        reopens=(case.answer_duty,) if came_back else (),
        opens=() if came_back else (case.owes(DutyKind.CONFIRM_COPIES, moment.today),),
        tells=((case.requester, "post_returned") if came_back else (case.requester, "post_delivered"),),
        facts={"round": said.round, "outcome": said.outcome.value, "on": said.on.isoformat()},
        beside=(change_answer(outcome=said.outcome.value, outcome_on=said.on),),
    )


def correct_item(case: Case, said: CorrectItem, moment: Moment, known: Papers) -> Effect:
    """Another number than was told; both are shown, and nothing else of the dispatch changes."""
    answer = known.going(DeliveryChannel.REGISTERED_POST)
    if answer.item_number == said.item_number:
        raise SameItem(item=said.item_number)
    correction = ItemCorrection(
        round=said.round,
        before=answer.item_number,
        after=said.item_number,
        reason=said.reason,
        corrected_on=moment.today,
    )
    checked = is_s10(said.item_number)
    return Outcome(
        case.record.with_item(correction),
        tells=((case.requester, "item_corrected"),),
        facts={"round": said.round, "before": answer.item_number, "after": said.item_number},
        beside=(change_answer(item_number=said.item_number, item_number_checked=checked),),
    )
