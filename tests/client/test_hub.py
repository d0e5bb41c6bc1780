"""The library tells the whole story to a hub that fails, and says each thing once."""

import asyncio
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from saikne.answer import AnswerDiffers, NothingToAnswer, prepare_answer, send_answer
from saikne.blocks import FileChanged
from saikne.credentials import HubAddressRefused, hub_address
from saikne.hub import Hub
from saikne.jws import NotSignedByTheHub
from saikne.parcel import open_parcel
from saikne.passwords import check_symbol
from saikne.problems import HubOutage, HubRefusal
from saikne.receipts import verify_receipt, verify_statement
from saikne.retries import Patience
from saikne.signatures import SignatureNotProved
from saikne.statements import compose
from saikne_schemas.manifests import Confirmation, Discard, Dispute
from saikne_schemas.vocabulary import (
    DisputeReason,
    ExchangeState,
    Purpose,
)
from tests.client.archives import BODY
from tests.client.hub_peer import Fault, HubPeer
from tests.client.story import PAGES, asked, dispatched, request_of, written


async def test_a_request_is_answered_opened_and_confirmed(
    requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    assert [item.id async for item in requester.inbox()] == [exchange]
    got = await requester.download(exchange, tmp_path / "archive.zip")
    opened = open_parcel(got.path, BODY + check_symbol(BODY), tmp_path / "opened")
    assert [opened.files[number].read_bytes() for number in (1, 2)] == list(PAGES)
    accepted = await requester.tell(
        compose(
            Confirmation,
            exchange=exchange,
            round=got.round,
            arrived=True,
            opens=True,
            complete=True,
            archive_sha256=opened.archive_sha256,
            documents=opened.checked,
        )
    )
    assert accepted.state is ExchangeState.CONFIRMED
    jwks = await holder.jwks()
    certified = verify_receipt((await holder.receipt(exchange)).receipt, jwks)
    assert certified == {"exchange": str(exchange), "documents": 2}
    statements = await holder.statements(exchange)
    assert [one.kind for one in statements] == [
        f"saikne.{kind}/1" for kind in ("request", "answer", "dispatch", "confirmation")
    ]
    for statement in statements:
        assert verify_statement(statement, jwks)["@method"] == "POST"


async def test_an_edited_statement_is_not_proved(requester: Hub, holder: Hub) -> None:
    exchange = await asked(requester, holder)
    (statement,) = await holder.statements(exchange)
    jwks = await holder.jwks()
    for changes in (
        {"manifest": "e30="},
        {"signature": "A" * 86 + "=="},
        {"public_key": holder.credentials.signing_key.public_jwk()},
    ):
        with pytest.raises(SignatureNotProved, match=r"^statement\.not-proved$"):
            verify_statement(statement.model_copy(update=changes), jwks)
    with pytest.raises(NotSignedByTheHub, match=r"^receipt\.not-signed-by-hub$"):
        verify_statement(statement.model_copy(update={"acceptance": "a.b.c"}), jwks)


async def test_an_acceptance_is_not_taken_for_a_receipt(requester: Hub, holder: Hub) -> None:
    accepted = await requester.tell(request_of(requester, holder))
    with pytest.raises(NotSignedByTheHub, match=r"^receipt\.not-signed-by-hub$"):
        verify_receipt(accepted.acceptance, await requester.jwks())


@pytest.mark.parametrize("kind", ["reset", "lost", "busy"])
async def test_a_statement_is_said_again_with_its_bytes_and_a_new_signature(
    peer: HubPeer, requester: Hub, holder: Hub, kind: str
) -> None:
    peer.faults.append(Fault("/v1/exchanges", kind, times=2))
    request = request_of(requester, holder)
    accepted = await requester.tell(request)
    assert accepted.exchange == request.id
    assert len(peer.exchanges) == 1
    sent = peer.calls("POST", "/v1/exchanges")
    assert {one.body for one in sent} == {sent[0].body}
    assert len({one.headers["signature"] for one in sent}) == len(sent)
    assert len({one.headers["dpop"] for one in sent}) == len(sent)
    assert len(sent) == {"reset": 1, "lost": 3, "busy": 3}[kind]


async def test_other_bytes_under_one_identity_are_refused(requester: Hub, holder: Hub) -> None:
    request = request_of(requester, holder)
    await requester.tell(request)
    with pytest.raises(HubRefusal) as refusal:
        await requester.tell(request.model_copy(update={"purpose": Purpose.CONTINUITY_OF_SUPPORT}))
    assert refusal.value.code == "exchange.identity-reused"
    assert refusal.value.status == 409
    assert refusal.value.title == "exchange.identity-reused (en)"
    assert refusal.value.detail == "What to do next."
    assert refusal.value.facts == {"why": "test"}


async def test_a_refusal_is_final(peer: HubPeer, requester: Hub) -> None:
    with pytest.raises(HubRefusal) as refusal:
        await requester.exchange(uuid4())
    assert refusal.value.code == "exchange.not-found"
    assert len(peer.calls("GET", "")) == 1


async def test_patience_ends(peer: HubPeer, requester: Hub) -> None:
    peer.faults.append(Fault("/v1/centres", "busy", times=99))
    with pytest.raises(HubOutage) as outage:
        await requester.centres()
    assert outage.value.code == "database.unavailable"
    assert len(peer.calls("GET", "/v1/centres")) == 4


async def test_a_fault_of_the_hubs_own_is_not_asked_for_again(peer: HubPeer, requester: Hub) -> None:
    peer.faults.append(Fault("/v1/centres", "busy", times=99, status=500))
    with pytest.raises(HubOutage) as outage:
        await requester.centres()
    assert not outage.value.again
    assert len(peer.calls("GET", "/v1/centres")) == 1


async def test_retry_after_is_waited_for(peer: HubPeer, requester: Hub) -> None:
    await requester.centres()
    peer.faults.append(Fault("/v1/centres", "busy", retry_after="1"))
    began = asyncio.get_running_loop().time()
    await requester.centres()
    assert asyncio.get_running_loop().time() - began >= 1


async def test_a_retry_after_beyond_patience_is_told_at_once(peer: HubPeer, requester: Hub) -> None:
    peer.faults.append(Fault("/v1/centres", "busy", retry_after="3600"))
    with pytest.raises(HubOutage) as outage:
        await requester.centres()
    assert outage.value.retry_after is not None
    assert outage.value.retry_after.total_seconds() == 3600


async def test_nobody_at_the_address_is_an_outage(peer: HubPeer) -> None:
    credentials = peer.admit("Atbalsta centrs Zeme")
    gone = replace(credentials, hub="http://127.0.0.1:1")
    async with Hub(gone, patience=Patience(attempts=1)) as hub:
        with pytest.raises(HubOutage) as outage:
            await hub.centres()
    assert outage.value.code == "hub.unreachable"


async def test_many_calls_share_one_token(peer: HubPeer, requester: Hub) -> None:
    await asyncio.gather(*(requester.centres() for _ in range(20)))
    assert len(peer.calls("POST", "/oauth/token")) == 1
    assert len({one.headers["dpop"] for one in peer.seen}) == 21


async def test_a_token_is_renewed_before_it_ends(peer: HubPeer, requester: Hub) -> None:
    peer.token_seconds = 0
    await requester.centres()
    await requester.centres()
    assert len(peer.calls("POST", "/oauth/token")) == 2


async def test_a_revoked_token_is_replaced_at_once(peer: HubPeer, requester: Hub) -> None:
    await requester.centres()
    peer.tokens.clear()
    assert len(await requester.centres()) == 1


async def test_a_centre_that_is_not_admitted_is_refused(peer: HubPeer) -> None:
    credentials = peer.admit("Atbalsta centrs Zeme")
    peer.oauth_keys.clear()
    async with Hub(credentials) as hub:
        with pytest.raises(HubRefusal) as refusal:
            await hub.knows_us()
    assert refusal.value.code == "oauth.invalid_client"


async def test_an_interrupted_answer_sends_only_what_is_awaited(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange, files = await asked(requester, holder), written(tmp_path)
    paths = {no: file.path for no, file in enumerate(files, start=1)}
    manifest = await prepare_answer(exchange, files, children=["B-0031"])
    peer.faults.append(Fault("/documents/2", "reset", times=99))
    with pytest.raises(HubOutage):
        await send_answer(holder, manifest, paths, at_once=1)
    assert set(peer.exchanges[exchange].sealed) == {1}
    peer.faults.clear()
    seen: list[tuple[int, int, int]] = []
    view = await send_answer(holder, manifest, paths, progress=lambda *step: seen.append(step))
    assert view.answer is not None
    assert [document.sealed_at is not None for document in view.answer.documents] == [True, True]
    assert len(peer.calls("PUT", "/documents/1")) == 1
    assert len(peer.calls("POST", "/answer")) == 1
    assert (2, len(PAGES[1]), len(PAGES[1])) in seen


async def test_an_answer_made_anew_goes_on_with_the_one_declared(
    requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange, files = await asked(requester, holder), written(tmp_path)
    paths = {no: file.path for no, file in enumerate(files, start=1)}
    await holder.tell(await prepare_answer(exchange, files, children=["B-0031"]))
    view = await send_answer(holder, await prepare_answer(exchange, files, children=["B-0031"]), paths)
    assert view.answer is not None
    assert view.answer.round == 1


async def test_an_answer_taken_back_can_be_declared_again(
    requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange, files = await asked(requester, holder), written(tmp_path)
    manifest = await prepare_answer(exchange, files, children=["B-0031"])
    await holder.tell(manifest)
    await holder.tell(compose(Discard, exchange=exchange, round=1))
    view = await send_answer(holder, manifest, {no: file.path for no, file in enumerate(files, start=1)})
    assert view.state is ExchangeState.PREPARING


async def test_another_answer_than_the_declared_one_is_refused(
    requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange, files = await asked(requester, holder), written(tmp_path)
    await holder.tell(await prepare_answer(exchange, files, children=["B-0031"]))
    with pytest.raises(AnswerDiffers, match=r"^answer\.differs-from-declared$"):
        await send_answer(holder, await prepare_answer(exchange, files[:1]), {1: files[0].path})


async def test_what_was_dispatched_is_not_answered_again(requester: Hub, holder: Hub, tmp_path: Path) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    with pytest.raises(NothingToAnswer, match=r"^answer\.not-awaited$"):
        await send_answer(holder, await prepare_answer(exchange, written(tmp_path)[:1]), {})


async def test_a_disputed_answer_gets_a_second_round(requester: Hub, holder: Hub, tmp_path: Path) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    await requester.tell(compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.UNREADABLE))
    files = written(tmp_path)[:1]
    view = await send_answer(holder, await prepare_answer(exchange, files), {1: files[0].path})
    assert view.answer is not None
    assert view.answer.round == 2


async def test_a_document_that_grew_since_it_was_declared_is_not_sent(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange, files = await asked(requester, holder), written(tmp_path)
    manifest = await prepare_answer(exchange, files)
    files[1].path.write_bytes(PAGES[1] + b" and more")
    with pytest.raises(FileChanged, match=r"^document\.changed-since-declared$"):
        await send_answer(holder, manifest, {1: files[0].path, 2: files[1].path})
    assert not peer.calls("PUT", "/documents/2")


async def test_the_hub_refuses_a_document_of_another_digest(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange, files = await asked(requester, holder), written(tmp_path)
    manifest = await prepare_answer(exchange, files)
    files[1].path.write_bytes(PAGES[1].upper())
    with pytest.raises(HubRefusal) as refusal:
        await send_answer(holder, manifest, {1: files[0].path, 2: files[1].path})
    assert refusal.value.code == "signing.digest-mismatch"
    assert 2 not in peer.exchanges[exchange].sealed


async def test_the_inbox_is_one_list_of_all_that_waits_and_of_nothing_else(
    peer: HubPeer, requester: Hub, holder: Hub
) -> None:
    every = {state: await asked(requester, holder) for state in ExchangeState}
    for state, exchange in every.items():
        peer.exchanges[exchange].state = state.value
    found = {
        state: {item.state async for item in hub.inbox()}
        for hub, state in ((requester, "asked"), (holder, "was asked"))
    }
    assert found == {
        "asked": {ExchangeState.DISPATCHED, ExchangeState.LAPSED},
        "was asked": {
            ExchangeState.REQUESTED,
            ExchangeState.PREPARING,
            ExchangeState.DISPUTED,
            ExchangeState.LAPSED,
            ExchangeState.FROZEN,
        },
    }
    assert len(peer.calls("GET", "/v1/exchanges")) == 2


async def test_lists_are_read_page_by_page(peer: HubPeer, requester: Hub, holder: Hub) -> None:
    exchanges = {await asked(requester, holder) for _ in range(5)}
    assert {item.id async for item in holder.exchanges(page_size=2)} == exchanges
    assert len(peer.calls("GET", "/v1/exchanges")) == 3
    peer.exchanges[min(exchanges)].late = True
    assert [item.working_days_late async for item in holder.overdue()] == [2]


@pytest.mark.parametrize(
    "url",
    [
        "http://hub.example",
        "ftp://hub.example",
        "hub.example",
        "https://",
        "https://u@hub.example",
        "https://h/?a",
    ],
)
def test_documents_do_not_travel_in_clear(url: str) -> None:
    with pytest.raises(HubAddressRefused, match=r"^hub\.address-refused$"):
        hub_address(url)


@pytest.mark.parametrize("url", ["https://hub.example/", "http://localhost:8080", "http://127.0.0.1:1/"])
def test_a_safe_address_is_taken_without_its_last_slash(url: str) -> None:
    assert hub_address(url) == url.rstrip("/")
