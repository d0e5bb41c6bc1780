"""Copies on paper: what meets the term, what reopens it, and what is refused without moving anything."""

import base64
import json
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from hub.exchange.casework import reading
from hub.exchange.casework.case import find_case
from hub.exchange.casework.uploading import Arrival, receive
from hub.exchange.steps import StepNotAllowed
from hub.exchange.ways import DepartsFromWish, OtherWay
from hub.kernel.days import DateBeforeCause, DateInTheFuture
from hub.kernel.ids import CentreId, ExchangeId
from saikne import compose
from saikne_schemas.manifests import Dispatch, Dispute
from saikne_schemas.paper import PaperReceipt, PostOutcome
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import (
    Authority,
    DeliveryChannel,
    DepartureReason,
    Derivative,
    DisputeReason,
    ExchangeKind,
    ExchangeState,
    FormType,
    IncompleteBecause,
    LegalBasis,
    PostalOutcome,
    SupplementReason,
)
from tests.exchange.bureau import DUE, RECEIVED, Bureau, noon
from tests.exchange.papers import (
    BY_POST,
    CERTIFIED,
    HANDED,
    ILZE,
    IN_PERSON,
    TOLD,
    Desks,
    handed_over,
    paper_answer,
    posted,
)
from tests.exchange.papers import paper as sheet
from tests.terms import term_of

FAMILY = {
    "kind": ExchangeKind.FAMILY_CASE,
    "family": "AG-7741",
    "legal_basis": LegalBasis.METHOD_FAMILY_MOVE,
}


@pytest.fixture
def desks(bureau: Bureau, requester: CentreId, holder: CentreId) -> Desks:
    return Desks(bureau, requester, holder)


async def test_paper_is_asked_for_without_any_address(desks: Desks) -> None:
    exchange = await desks.ask(IN_PERSON)
    view = await desks.shown(exchange)
    assert (view.receipt, view.answer) == (IN_PERSON, None)
    async with desks.bureau.desk(noon(TOLD), desks.holder) as desk:
        record = (await find_case(desk.tx, desks.holder, exchange)).record
    assert (record.archive_address, record.password_address) == (None, None)


async def test_a_paper_answer_is_counted_in_pages_and_has_no_password(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    view = await desks.shown(exchange)
    assert view.state is ExchangeState.PREPARING
    assert view.answer is not None
    assert view.answer.paper is not None
    assert (view.answer.way, view.answer.documents, view.answer.password) == ("in_person", [], None)
    assert [(one.form, one.pages) for one in view.answer.paper.documents] == [(FormType.IAP, 12)]
    assert term_of(view).met_at is None


async def test_a_hand_over_meets_the_term_on_its_own_day(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    assert await desks.late() == [DUE]
    await desks.say(handed_over(exchange, await desks.proof(), HANDED))
    view = await desks.shown(exchange)
    assert (view.state, term_of(view).met_at, term_of(view).met_on) == ("dispatched", noon(TOLD), HANDED)
    assert view.answer is not None
    assert view.answer.paper is not None
    told = view.answer.paper
    assert (told.handed_over_to, told.authority, told.sent_on) == (ILZE, "listed_representative", HANDED)
    assert not view.answer.archive_available
    assert await desks.late() == []


async def test_a_posted_item_meets_the_term_by_its_dispatch(desks: Desks) -> None:
    exchange = await desks.declared(BY_POST)
    await desks.say(posted(exchange, await desks.proof(), TOLD))
    view = await desks.shown(exchange)
    assert (view.state, term_of(view).met_on) == ("dispatched", TOLD)
    assert view.answer is not None
    assert view.answer.paper is not None
    assert (view.answer.paper.item_number, view.answer.paper.item_number_checked) == ("RR123456785LV", True)


@pytest.mark.parametrize("item", ["RR123456784LV", "2026-77", "rr 12"])
async def test_an_unusual_item_number_is_noted_and_not_refused(desks: Desks, item: str) -> None:
    exchange = await desks.declared(BY_POST)
    await desks.say(posted(exchange, await desks.proof(), TOLD, item_number=item))
    view = await desks.shown(exchange)
    assert view.answer is not None
    assert view.answer.paper is not None
    assert (view.answer.paper.item_number, view.answer.paper.item_number_checked) == (item, False)
    async with desks.bureau.desk(noon(TOLD), desks.holder) as desk:
        (told,) = [one for one in await reading.statements(desk, exchange) if one.kind == "saikne.posted/1"]
    payload = told.acceptance.split(".")[1]
    accepted = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert accepted["item_number_checked"] is False


@pytest.mark.parametrize("outcome", [PostalOutcome.RETURNED, PostalOutcome.RECALLED])
async def test_an_item_that_came_back_opens_the_answer_again_by_its_first_date(
    desks: Desks, outcome: PostalOutcome
) -> None:
    exchange = await desks.declared(BY_POST)
    await desks.say(posted(exchange, await desks.proof(), TOLD))
    told = compose(PostOutcome, exchange=exchange, round=1, outcome=outcome, on=TOLD)
    await desks.say(told)
    view = await desks.shown(exchange)
    assert (view.state, term_of(view).due_on, term_of(view).met_at) == ("disputed", DUE, None)
    assert await desks.late() == [DUE]
    again = paper_answer(exchange, DeliveryChannel.IN_PERSON, departure=DepartureReason.ADDRESSEE_UNREACHABLE)
    await desks.say(again)
    assert (await desks.shown(exchange)).state is ExchangeState.PREPARING


async def test_a_delivered_item_changes_nothing_and_is_told_once(desks: Desks) -> None:
    exchange = await desks.declared(BY_POST)
    await desks.say(posted(exchange, await desks.proof(), HANDED))
    told: dict[str, Any] = {"exchange": exchange, "round": 1, "on": TOLD}
    delivered = compose(PostOutcome, outcome=PostalOutcome.DELIVERED, **told)
    await desks.say(delivered)
    view = await desks.shown(exchange)
    assert (view.state, term_of(view).met_on) == ("dispatched", HANDED)
    assert view.answer is not None
    assert view.answer.paper is not None
    assert (view.answer.paper.outcome, view.answer.paper.outcome_on) == ("delivered", TOLD)
    other = compose(PostOutcome, outcome=PostalOutcome.RETURNED, **told)
    assert (await desks.refused(other)).code == "exchange.outcome-known"


async def test_an_item_does_not_end_before_it_was_posted(desks: Desks) -> None:
    exchange = await desks.declared(BY_POST)
    await desks.say(posted(exchange, await desks.proof(), HANDED))
    early = compose(
        PostOutcome,
        exchange=exchange,
        round=1,
        outcome=PostalOutcome.DELIVERED,
        on=HANDED - timedelta(days=1),
    )
    assert (await desks.refused(early)).code == "days.before-cause"


async def test_paper_is_confirmed_and_countersigned_with_what_was_handed_over(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    await desks.say(handed_over(exchange, await desks.proof(), HANDED))
    said = compose(PaperReceipt, exchange=exchange, round=1, arrived=True, readable=True, complete=True)
    await desks.say(said, by=desks.requester)
    assert (await desks.shown(exchange)).state is ExchangeState.CONFIRMED
    certified = await desks.receipt(exchange)
    assert (certified["channel"], certified["sent_on"]) == ("in_person", "2026-11-12")
    assert certified["handed_over_to"] == {"name": "Ilze Kalniņa", "position": "vadītāja"}
    assert [one["form"] for one in certified["documents"]] == ["iap"]
    assert "saikne.handed-over/1" in {one["kind"] for one in certified["statements"]}
    assert "item_number" not in certified


async def test_a_receipt_for_a_posted_answer_names_the_item(desks: Desks) -> None:
    exchange = await desks.declared(BY_POST)
    await desks.say(posted(exchange, await desks.proof(), HANDED))
    said = compose(PaperReceipt, exchange=exchange, round=1, arrived=True, readable=True, complete=True)
    await desks.say(said, by=desks.requester)
    certified = await desks.receipt(exchange)
    assert (certified["channel"], certified["item_number"]) == ("registered_post", "RR123456785LV")


async def test_paper_may_be_disputed_but_not_for_its_password(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    await desks.say(handed_over(exchange, await desks.proof(), HANDED))
    wrong = compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.WRONG_PASSWORD)
    refusal = await desks.refused(wrong, by=desks.requester)
    assert refusal.code == "exchange.reason-does-not-fit"
    said = compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.INCOMPLETE, documents=[1])
    await desks.say(said, by=desks.requester)
    view = await desks.shown(exchange)
    assert (view.state, term_of(view).met_at, term_of(view).due_on) == ("disputed", None, DUE)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"handed_over_on": RECEIVED.date() - timedelta(days=1)}, DateBeforeCause.code),
        ({"handed_over_on": TOLD + timedelta(days=1)}, DateInTheFuture.code),
        ({"to": {"name": "Ilze Kalniņa", "position": "sargs"}}, "exchange.person-not-listed"),
        ({"round": 2}, "exchange.other-round"),
    ],
)
async def test_a_hand_over_that_cannot_be_is_refused(
    desks: Desks, changes: dict[str, Any], code: str
) -> None:
    exchange = await desks.declared(IN_PERSON)
    said = handed_over(exchange, await desks.proof(), HANDED, **changes)
    assert (await desks.refused(said)).code == code


@pytest.mark.parametrize("whole", [True, False], ids=["the whole set", "each copy"])
async def test_papers_do_not_leave_before_they_were_certified(desks: Desks, *, whole: bool) -> None:
    certified = CERTIFIED.model_copy(update={"on": HANDED})
    changes = (
        {"certification": certified}
        if whole
        else {
            "certification": None,
            "documents": [sheet(certification=certified)],
        }
    )
    exchange = await desks.declared(IN_PERSON, **changes)
    early = handed_over(exchange, await desks.proof(), HANDED - timedelta(days=1))
    refusal = await desks.refused(early)
    assert (refusal.code, refusal.facts["not_before"]) == (DateBeforeCause.code, HANDED.isoformat())
    await desks.say(handed_over(exchange, await desks.proof(), HANDED))


async def test_what_is_handed_over_again_goes_after_the_item_that_came_back(desks: Desks) -> None:
    exchange = await desks.declared(BY_POST)
    await desks.say(posted(exchange, await desks.proof(), HANDED))
    back = HANDED + timedelta(days=4)
    told = compose(PostOutcome, exchange=exchange, round=1, outcome=PostalOutcome.RETURNED, on=back)
    await desks.say(told)
    unreachable = DepartureReason.ADDRESSEE_UNREACHABLE
    again = paper_answer(exchange, DeliveryChannel.IN_PERSON, departure=unreachable)
    await desks.say(again)
    early = handed_over(exchange, await desks.proof(), back - timedelta(days=1), round=2)
    refusal = await desks.refused(early)
    assert (refusal.code, refusal.facts["not_before"]) == ("days.before-cause", back.isoformat())
    await desks.say(handed_over(exchange, await desks.proof(), back, round=2))
    assert term_of(await desks.shown(exchange)).met_on == back


async def test_what_was_asked_for_in_a_supplement_is_posted_after_it(desks: Desks) -> None:
    exchange = await desks.ask(BY_POST, **FAMILY)
    because = IncompleteBecause.NOT_DRAWN_UP
    first = paper_answer(
        exchange,
        DeliveryChannel.REGISTERED_POST,
        spouses=1,
        documents=[sheet(FormType.FAMILY_CASE, "AG-7741")],
    )
    await desks.say(first)
    sent = posted(exchange, await desks.proof(), HANDED, incomplete_because=because)
    await desks.say(sent)
    arrived = compose(PaperReceipt, exchange=exchange, round=1, arrived=True, readable=True, complete=True)
    await desks.say(arrived, by=desks.requester)
    more = compose(
        Supplement, exchange=exchange, forms=[FormType.SUPPORT_PLAN], reason=SupplementReason.FOUND_MISSING
    )
    asked_again = TOLD - timedelta(days=2)
    await desks.say(more, asked_again, by=desks.requester)
    second = paper_answer(
        exchange,
        DeliveryChannel.REGISTERED_POST,
        spouses=1,
        documents=[sheet(FormType.SUPPORT_PLAN, "AG-7741")],
    )
    await desks.say(second)
    early = posted(exchange, await desks.proof(), asked_again - timedelta(days=1), round=2)
    refusal = await desks.refused(early)
    assert (refusal.code, refusal.facts["not_before"]) == ("days.before-cause", asked_again.isoformat())
    await desks.say(posted(exchange, await desks.proof(), asked_again, round=2))
    assert (await desks.shown(exchange)).state is ExchangeState.DISPATCHED


@pytest.mark.parametrize("authority", [Authority.POWER_OF_ATTORNEY, Authority.OFFICE_HOLDER])
async def test_another_authority_needs_no_listing(desks: Desks, authority: Authority) -> None:
    exchange = await desks.declared(IN_PERSON)
    courier = {"name": "Jānis Ozols", "position": "kurjers"}
    said = handed_over(
        exchange, await desks.proof(), HANDED, to=courier, authority=authority, authority_reference="P-17"
    )
    await desks.say(said)
    assert (await desks.shown(exchange)).state is ExchangeState.DISPATCHED


async def test_a_hand_over_names_a_proof_that_was_sent(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    unsent = (await desks.proof()).model_copy(update={"id": uuid4()})
    said = handed_over(exchange, unsent, HANDED)
    assert (await desks.refused(said)).code == "proofs.unknown"
    used = await desks.proof()
    other = await desks.declared(IN_PERSON)
    await desks.say(handed_over(other, used, HANDED))
    said = handed_over(exchange, used, HANDED)
    assert (await desks.refused(said)).code == "proofs.named-elsewhere"


async def test_what_is_missing_on_paper_needs_a_reason_too(desks: Desks) -> None:
    exchange = await desks.ask(IN_PERSON, **FAMILY)
    said = paper_answer(
        exchange,
        DeliveryChannel.IN_PERSON,
        spouses=1,
        documents=[sheet(FormType.FAMILY_CASE, "AG-7741")],
    )
    await desks.say(said)
    handed = handed_over(exchange, await desks.proof(), HANDED)
    assert (await desks.refused(handed)).code == "exchange.forms-missing"
    because = IncompleteBecause.NOT_DRAWN_UP
    await desks.say(handed_over(exchange, await desks.proof(), HANDED, incomplete_because=because))
    assert (await desks.shown(exchange)).state is ExchangeState.DISPATCHED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"documents": [sheet(FormType.FAMILY_CASE, "AG-7741")]}, "exchange.document-may-not-travel"),
        ({"documents": [sheet(subject="AG-1-B2")]}, "exchange.subject-not-asked"),
        (
            {"documents": [sheet(derivative=Derivative.EXTRACT)]},
            "exchange.certification-does-not-fit",
        ),
        (
            {"documents": [sheet(), sheet(no=2, derivative=Derivative.TRUE_COPY)]},
            "exchange.certification-mixed",
        ),
        (
            {
                "certification": None,
                "documents": [sheet(derivative=Derivative.EXTRACT, certification=CERTIFIED)],
            },
            "exchange.certification-does-not-fit",
        ),
    ],
)
async def test_the_same_may_travel_on_paper_as_in_an_archive(
    desks: Desks, changes: dict[str, Any], code: str
) -> None:
    exchange = await desks.ask(IN_PERSON)
    said = paper_answer(exchange, DeliveryChannel.IN_PERSON, **changes)
    assert (await desks.refused(said)).code == code


async def test_paper_where_an_archive_was_wished_needs_a_reason(desks: Desks, asked: ExchangeId) -> None:
    said = paper_answer(asked, DeliveryChannel.IN_PERSON)
    refusal = await desks.refused(said)
    assert (refusal.code, refusal.facts) == (DepartsFromWish.code, {"wish": "hub", "way": "in_person"})
    because = DepartureReason.NOT_KEPT_ELECTRONICALLY
    await desks.say(paper_answer(asked, DeliveryChannel.IN_PERSON, departure=because))
    view = await desks.shown(asked)
    assert view.answer is not None
    assert (view.receipt.channel, view.answer.way) == ("hub", "in_person")
    assert view.answer.departure is because


async def test_each_step_belongs_to_the_way_that_is_taken(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    by_post = posted(exchange, await desks.proof(), HANDED)
    assert (await desks.refused(by_post)).code == OtherWay.code
    sent = compose(Dispatch, exchange=exchange, round=1)
    assert (await desks.refused(sent)).code == OtherWay.code
    unread: Any = None
    arrival = Arrival(exchange=exchange, round=1, no=1, head=unread, media_type="", length=None)
    with pytest.raises(OtherWay):
        await receive(partial(desks.bureau.desk, noon(TOLD)), unread, desks.holder, arrival, unread)


async def test_nothing_is_confirmed_that_was_only_declared(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    said = compose(PaperReceipt, exchange=exchange, round=1, arrived=True, readable=True, complete=True)
    refusal = await desks.refused(said, by=desks.requester)
    assert refusal.code == StepNotAllowed.code
