"""What one centre may leave lying about: each quota at its bound and one over, nobody else's touched."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from saikne import Hub, Patience, compose, prepare_answer, wire_bytes
from saikne_schemas.manifests import Discard, Receipt, Withdrawal
from saikne_schemas.offers import Offer
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    ExchangeKind,
    LegalBasis,
    PasswordChannel,
    WithdrawReason,
)
from tests.conftest import Cluster
from tests.journeys.conftest import playing
from tests.journeys.play import CHILD, Play, pdf
from tests.peers.stage import Stage

ASK, OFFER = "/v1/exchanges", "/v1/exchanges/offers"
NOT_SOON_SECONDS = 3600
OPEN, DOCUMENT_BYTES, PROOF_BYTES = 5, 1500, 100_000
BOUNDS = {
    "HUB_CENTRE_OPEN_REQUESTS": str(OPEN),
    "HUB_CENTRE_UNUSED_PROOFS_BYTES": str(2 * PROOF_BYTES),
    "HUB_CENTRE_PREPARED_BYTES": str(2 * DOCUMENT_BYTES),
}
LETTER = pdf("a letter", PROOF_BYTES)


@pytest.fixture(scope="module")
async def bounded(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Play]:
    name = await cluster.create(template)
    stage = Stage(tmp_path_factory.mktemp("bounded"), database_url=cluster.url(name), environment=BOUNDS)
    await asyncio.to_thread(stage.set_up)
    await asyncio.to_thread(stage.start, "serve")
    async with playing(stage, tmp_path_factory.mktemp("bounded-play"), Patience(attempts=1)) as play:
        yield play
    await asyncio.to_thread(stage.stop)
    await cluster.drop(name)


async def written(play: Play) -> list[int]:
    """How many rows there are of all that a statement or a file adds to."""
    tables = ("party", "matter", "statement", "document", "password", "proof", "event", "duty")
    count = "SELECT count(*) FROM hub.{}"
    return [(await play.sql(count.format(name)))[0][0] for name in tables]


async def full(play: Play, asked: Awaitable[httpx.Response], code: str) -> dict[str, Any]:
    """Refused for now, and nothing is changed by it; what the refusal says."""
    before = await written(play)
    answer = await asked
    assert (answer.status_code, answer.json()["code"]) == (429, code)
    assert int(answer.headers["retry-after"]) == NOT_SOON_SECONDS
    assert await written(play) == before
    told: dict[str, Any] = answer.json()
    return told


def offer(teller: Hub, receiver: Hub) -> Offer:
    way = Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS)
    return compose(
        Offer,
        holder=teller.credentials.centre,
        receiver=receiver.credentials.centre,
        child=CHILD,
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        receipt=way,
    )


async def test_requests_that_wait_upon_one_centre(bounded: Play) -> None:
    asker, other = await bounded.by_hand(bounded.requester), await bounded.by_hand(bounded.holder)
    asked = bounded.stranger.credentials.centre
    said = [
        wire_bytes(bounded.request(holder=asked, children=[f"AG-7741-B{number}"]))
        for number in range(OPEN + 1)
    ]
    first = [await asker.post(ASK, body) for body in said[:OPEN]]
    assert {answer.status_code for answer in first} == {201}
    told = await full(bounded, asker.post(ASK, said[OPEN]), "exchange.too-many-open")
    assert told["open"] == OPEN
    again = await asker.post(ASK, said[0])
    assert (again.status_code, again.json()) == (201, first[0].json())
    reused = bounded.request(holder=asked, id=UUID(json.loads(said[0])["id"]), children=["AG-7741-B2"])
    assert (await asker.post(ASK, wire_bytes(reused))).json()["code"] == "exchange.identity-reused"
    assert (await asker.post(ASK, wire_bytes(bounded.request()))).status_code == 201
    of_another = bounded.request(requester=bounded.holder.credentials.centre, holder=asked)
    assert (await other.post(ASK, wire_bytes(of_another))).status_code == 201
    gone = compose(Withdrawal, exchange=first[0].json()["exchange"], reason=WithdrawReason.DUPLICATE)
    await bounded.requester.tell(gone)
    assert (await asker.post(ASK, said[OPEN])).status_code == 201


async def test_offers_that_wait_for_one_centre_and_count_for_who_makes_them_alone(bounded: Play) -> None:
    teller, told = await bounded.by_hand(bounded.holder), await bounded.by_hand(bounded.requester)
    said = [wire_bytes(offer(bounded.holder, bounded.requester)) for _ in range(OPEN + 1)]
    first = [await teller.post(OFFER, body) for body in said[:OPEN]]
    assert {answer.status_code for answer in first} == {201}
    await full(bounded, teller.post(OFFER, said[OPEN]), "exchange.too-many-open")
    again = await teller.post(OFFER, said[0])
    assert (again.status_code, again.json()) == (201, first[0].json())
    back = wire_bytes(offer(bounded.requester, bounded.holder))
    assert (await told.post(OFFER, back)).status_code == 201
    assert (await told.post(ASK, wire_bytes(bounded.request(children=["AG-7791-B1"])))).status_code == 201


async def test_proofs_that_no_statement_has_named(bounded: Play) -> None:
    sender, other = await bounded.by_hand(bounded.requester), await bounded.by_hand(bounded.stranger)
    places = [f"/v1/proofs/{uuid4()}" for _ in range(3)]
    first = [await sender.put(place, LETTER) for place in places[:2]]
    assert {answer.status_code for answer in first} == {200}
    for content in (LETTER, pdf("a note", 200)):
        told = await full(bounded, sender.put(places[2], content), "proofs.too-much-unused")
        assert told["unused_bytes"] == told["bytes_at_most"] == len(first) * PROOF_BYTES
    again = await sender.put(places[0], LETTER)
    assert (again.status_code, again.json()) == (200, first[0].json())
    assert (await other.put(places[2], LETTER)).status_code == 200
    naming = "UPDATE hub.proof SET concerns = id, named_at = now() WHERE id = $1"
    await bounded.sql(naming, UUID(places[0][-36:]))
    assert (await sender.put(places[2], LETTER)).status_code == 200


async def test_a_small_proof_counts_as_a_larger_one_before_it_is_kept_too(bounded: Play) -> None:
    sender = await bounded.by_hand(bounded.holder)
    letters = [await sender.put(f"/v1/proofs/{uuid4()}", pdf(str(number), 200)) for number in range(4)]
    assert [answer.status_code for answer in letters] == [200, 200, 200, 429]


async def test_documents_that_are_declared_and_not_dispatched(bounded: Play) -> None:
    answering, other = await bounded.by_hand(bounded.holder), await bounded.by_hand(bounded.requester)
    said = [await declared(bounded, bounded.requester, bounded.holder) for _ in range(3)]
    first = [await answering.post(*declaration) for declaration in said[:2]]
    assert {answer.status_code for answer in first} == {200}
    told = await full(bounded, answering.post(*said[2]), "exchange.too-much-prepared")
    assert told["prepared_bytes"] == told["bytes_at_most"] == 2 * DOCUMENT_BYTES
    again = await answering.post(*said[0])
    assert (again.status_code, again.json()) == (200, first[0].json())
    theirs = await declared(bounded, bounded.holder, bounded.requester)
    assert (await other.post(*theirs)).status_code == 200
    await bounded.holder.tell(compose(Discard, exchange=first[0].json()["exchange"], round=1))
    assert (await answering.post(*said[2])).status_code == 200


async def declared(play: Play, asker: Hub, holder: Hub) -> tuple[str, bytes]:
    """Where an answer of one small document is declared, and what says so."""
    sides: dict[str, Any] = {"requester": asker.credentials.centre, "holder": holder.credentials.centre}
    exchange = (await asker.tell(play.request(**sides))).exchange
    manifest = await prepare_answer(exchange, play.papers(ExchangeKind.CHILD_IAP, DOCUMENT_BYTES))
    return f"/v1/exchanges/{exchange}/answer", wire_bytes(manifest)
