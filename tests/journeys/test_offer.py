"""Before a child moves its centre tells the next one, unasked: nobody is late, and the rest is as ever."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from saikne import HubRefusal, compose, prepare_answer
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.extensions import AcceptExtension
from saikne_schemas.manifests import Dispatch, Dispute, Receipt
from saikne_schemas.offers import Offer
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    DisputeReason,
    ExchangeState,
    FormType,
    IncompleteBecause,
    LegalBasis,
    PasswordChannel,
    SupplementReason,
)
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import CHILD, FAMILY, Answered, Play
from tests.journeys.test_supplement import papers

ALL_TOLD = (FormType.NEEDS, FormType.CAREGIVER_HISTORY, FormType.WELFARE_GOAL)


def offer(play: Play, **changes: Any) -> Offer:
    fields = {
        "holder": play.holder.credentials.centre,
        "receiver": play.requester.credentials.centre,
        "child": CHILD,
        "legal_basis": LegalBasis.METHOD_CHILD_MOVE,
        "receipt": Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS),
    }
    return compose(Offer, **{**fields, **changes})


async def prepared(play: Play, exchange: UUID, *forms: FormType, round_no: int = 1) -> Answered:
    files = papers(play, *((form, CHILD) for form in forms))
    manifest = await prepare_answer(exchange, files)
    return Answered(exchange, manifest, {n: f.path for n, f in enumerate(files, 1)}, round=round_no)


async def sent(play: Play, exchange: UUID, *forms: FormType, round_no: int = 1) -> Answered:
    answered = await prepared(play, exchange, *forms, round_no=round_no)
    await play.send(answered)
    await play.dispatch(answered)
    return answered


async def test_what_is_told_of_a_child_arrives_without_having_been_asked_for(play: Play) -> None:
    how = ("--receipt", "hub", "--password", "sms")
    made = await done(play, play.holder, "offer", "--receiver", "Zemgale", "--child", CHILD, *how)
    exchange = UUID(made["accepted"]["exchange"])
    assert (made["exchange"]["kind"], made["exchange"]["term"]) == ("child_information", None)
    await play.mailed(ZEMGALE.notices, exchange, "informāciju")
    for hub, role in ((play.holder, "holder"), (play.requester, "requester")):
        view = await hub.exchange(exchange)
        assert (view.role.value, view.term, view.children) == (role, None, [CHILD])
        (listed,) = [one async for one in hub.exchanges() if one.id == exchange]
        assert (listed.due_on, listed.overdue) == (None, False)
        code, status = await told(play, hub, "status", str(exchange), language="en")
        assert (code, "Biedrība" in status or "Ligzda" in status) == (0, True)
    assert [one.id async for one in play.holder.inbox() if one.id == exchange] == [exchange]

    answered = await sent(play, exchange, *ALL_TOLD, FormType.OTHER_CHILD)
    await play.mailed(ZEMGALE.notices, exchange, "nosūtīta")
    assert (await play.finish(answered)).state is ExchangeState.CONFIRMED
    owed = await play.sql(
        "SELECT kind, ending FROM hub.duty WHERE matter_id = $1 AND stake = 'owes' ORDER BY 1", exchange
    )
    assert [(row[0], row[1]) for row in owed] == [("confirm_copies", "met"), ("send_offered", "met")]


async def test_what_is_missing_needs_a_reason_and_a_dispute_opens_it_again(play: Play) -> None:
    exchange = (await play.holder.tell(offer(play))).exchange
    answered = await prepared(play, exchange, FormType.NEEDS)
    view = await play.send(answered)
    assert view.answer is not None
    assert [one.form for one in view.answer.missing] == [FormType.CAREGIVER_HISTORY, FormType.WELFARE_GOAL]
    with pytest.raises(HubRefusal, match=r"exchange\.forms-missing"):
        await play.holder.tell(compose(Dispatch, exchange=exchange, round=1))
    reason = IncompleteBecause.NOT_DRAWN_UP
    await play.holder.tell(compose(Dispatch, exchange=exchange, round=1, incomplete_because=reason))
    dispute = compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.INCOMPLETE)
    assert (await play.requester.tell(dispute)).state is ExchangeState.DISPUTED
    mail = await play.mailed(LIGZDA.notices, exchange, "norāda trūkumus")
    assert "termiņš" not in mail.text
    answered = await sent(play, exchange, *ALL_TOLD, round_no=2)
    assert (await play.finish(answered)).state is ExchangeState.CONFIRMED


@pytest.mark.parametrize("form", [FormType.FAMILY_CASE, FormType.SUPPORT_PLAN, FormType.IAP])
async def test_nothing_else_travels_with_it(play: Play, form: FormType) -> None:
    exchange = (await play.holder.tell(offer(play))).exchange
    before = await play.traces(exchange)
    subject = CHILD if form is FormType.IAP else FAMILY
    files = papers(play, (form, subject))
    with pytest.raises(HubRefusal, match=r"exchange\.document-may-not-travel"):
        await play.holder.tell(await prepare_answer(exchange, files))
    assert await play.traces(exchange) == before


async def test_where_nothing_is_owed_by_a_day_no_day_is_moved_and_nothing_added(play: Play) -> None:
    exchange = (await play.holder.tell(offer(play))).exchange
    before = await play.traces(exchange)
    until = ("--until", "2026-12-14", "--reason", "volume")
    assert await refused(play, play.holder, "propose-extension", str(exchange), *until) == (
        1,
        "exchange.no-term",
    )
    accept = compose(AcceptExtension, exchange=exchange, proposal=uuid4())
    with pytest.raises(HubRefusal, match=r"exchange\.no-term"):
        await play.requester.tell(accept)
    more = compose(
        Supplement, exchange=exchange, forms=[FormType.NEEDS], reason=SupplementReason.FOUND_MISSING
    )
    with pytest.raises(HubRefusal, match=r"exchange\.nothing-was-asked"):
        await play.requester.tell(more)
    assert await play.traces(exchange) == before


async def test_an_offer_made_again_is_the_first_one(play: Play) -> None:
    said = offer(play)
    first = await play.holder.tell(said)
    assert await play.holder.tell(said) == first
    other = said.model_copy(update={"child": "AG-7741-B9"})
    with pytest.raises(HubRefusal, match=r"exchange\.identity-reused"):
        await play.holder.tell(other)


async def test_an_offer_that_may_not_be_made_is_refused_by_name(play: Play) -> None:
    stranger = play.stranger.credentials.centre
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"holder": stranger}, "exchange.not-your-centre"),
        ({"receiver": play.holder.credentials.centre}, "exchange.offered-to-yourself"),
        ({"receiver": uuid4()}, "exchange.receiver-unknown"),
        ({"legal_basis": LegalBasis.METHOD_FAMILY_MOVE}, "exchange.basis-does-not-fit"),
        ({"receiver": stranger}, "passwords.no-contact"),
        ({"receipt": Receipt(channel=DeliveryChannel.IN_PERSON)}, "passwords.channel-not-offered"),
    ]
    count = "SELECT count(*) FROM hub.matter"
    before = await play.sql(count)
    for change, code in wrong:
        with pytest.raises(HubRefusal) as refusal:
            await play.holder.tell(offer(play, **change))
        assert refusal.value.code == code
    assert await play.sql(count) == before


async def test_information_is_not_asked_for(play: Play) -> None:
    caller = await play.by_hand(play.requester)
    body = json.loads(play.request().model_dump_json(by_alias=True, exclude_none=True))
    answer = await caller.post("/v1/exchanges", json.dumps({**body, "kind": "child_information"}).encode())
    assert (answer.status_code, answer.json()["code"]) == (400, "manifest.malformed")
    assert "offered, not asked for" in answer.json()["errors"][0]
