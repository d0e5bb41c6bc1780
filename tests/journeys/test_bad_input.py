"""What bad input gets: a refusal with its own code, and afterwards nothing half-done and nothing lost."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from saikne import HubRefusal, compose, wire_bytes
from saikne_schemas.manifests import Discard
from saikne_schemas.vocabulary import ExchangeKind, FormType, SideRole
from tests.access.centre_system import COVERED, CentreSystem
from tests.journeys.conftest import centre
from tests.journeys.play import FAMILY, ByHand, Play, code_of

Contents = dict[str, Any]


async def asked_so_far(play: Play) -> int:
    return int((await play.sql("SELECT count(*) FROM hub.matter"))[0][0])


@pytest.fixture
async def nothing_asked(play: Play) -> AsyncIterator[None]:
    """Whatever is tried here, no request comes of it."""
    before = await asked_so_far(play)
    yield
    assert await asked_so_far(play) == before


# Who calls --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_asked")
async def test_a_centre_that_was_never_admitted_gets_no_token(play: Play) -> None:
    nobody = CentreSystem(play.stage.url)
    answer = await play.http.post(
        f"{play.stage.url}/oauth/token",
        data=nobody.form(grant_type="client_credentials", scope="exchange"),
        headers={"DPoP": nobody.proof("POST", f"{play.stage.url}/oauth/token")},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


async def test_a_suspended_centre_is_refused_at_once_and_loses_nothing(play: Play) -> None:
    caller = await play.by_hand(play.stranger)
    await play.sql("UPDATE hub.centre SET state = 'suspended' WHERE id = $1", caller.system.centre)
    try:
        for answer in (await caller.get("/v1/exchanges"), await caller.post("/v1/exchanges", b"{}")):
            assert code_of(answer) == (403, "access.centre-suspended")
    finally:
        await play.sql("UPDATE hub.centre SET state = 'active' WHERE id = $1", caller.system.centre)
    assert (await caller.get("/v1/exchanges")).status_code == 200


@pytest.mark.usefixtures("nothing_asked")
async def test_a_centre_asks_only_in_its_own_name(play: Play, caller: ByHand) -> None:
    forged = play.request(requester=play.stranger.credentials.centre)
    assert code_of(await caller.post("/v1/exchanges", wire_bytes(forged))) == (
        403,
        "exchange.not-your-centre",
    )


@pytest.mark.usefixtures("nothing_asked")
@pytest.mark.parametrize("holder", ["unknown", "overseer", "itself"])
async def test_only_another_active_centre_can_be_asked(play: Play, caller: ByHand, holder: str) -> None:
    asked = {"unknown": uuid4(), "overseer": play.overseer.credentials.centre, "itself": caller.system.centre}
    answer = await caller.post("/v1/exchanges", wire_bytes(play.request(holder=asked[holder])))
    wanted = (400, "exchange.asked-of-yourself") if holder == "itself" else (422, "exchange.holder-unknown")
    assert code_of(answer) == wanted


@pytest.mark.usefixtures("nothing_asked")
async def test_a_request_signed_by_another_centres_key_is_refused(play: Play, caller: ByHand) -> None:
    stranger = await play.by_hand(play.stranger)
    body = wire_bytes(play.request(children=["AG-7700-B1"]))
    headers = caller.signed("/v1/exchanges", body, key=stranger.system.signing)
    assert code_of(await caller.post("/v1/exchanges", body, headers)) == (401, "signing.unknown-key")


# How it is signed -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_asked")
async def test_an_unsigned_request_is_refused(play: Play, caller: ByHand) -> None:
    body = wire_bytes(play.request(children=["AG-7700-B1"]))
    headers = {
        name: value
        for name, value in caller.signed("/v1/exchanges", body).items()
        if not name.lower().startswith("signature")
    }
    answer = await caller.post("/v1/exchanges", body, headers)
    assert code_of(answer) == (401, "signing.missing")


async def test_the_same_signed_bytes_count_once(play: Play, caller: ByHand) -> None:
    body = wire_bytes(play.request(children=["AG-7700-B1"]))
    headers = caller.signed("/v1/exchanges", body)
    assert (await caller.post("/v1/exchanges", body, headers)).status_code == 201
    before = await asked_so_far(play)
    assert code_of(await caller.post("/v1/exchanges", body, headers)) == (401, "signing.replayed")
    assert await asked_so_far(play) == before


@pytest.mark.usefixtures("nothing_asked")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"created": timedelta(seconds=-61)}, "signing.expired"),
        ({"created": timedelta(seconds=40)}, "signing.not-yet-valid"),
        ({"covered_component_ids": COVERED[:-1]}, "signing.wrong-coverage"),
        ({"covered_component_ids": COVERED[1:]}, "signing.wrong-coverage"),
        ({"tag": "another-tag"}, "signing.wrong-coverage"),
        ({"nonce": "short"}, "signing.malformed"),
    ],
)
async def test_a_signature_must_be_fresh_and_cover_everything(
    play: Play, caller: ByHand, changes: Contents, code: str
) -> None:
    changes = dict(changes)
    if "created" in changes:
        changes["created"] = datetime.now(UTC) + changes["created"]
    body = wire_bytes(play.request(children=["AG-7700-B1"]))
    answer = await caller.post("/v1/exchanges", body, caller.signed("/v1/exchanges", body, **changes))
    assert code_of(answer) == (401, code)


async def test_a_request_signed_for_one_address_does_not_count_at_another(play: Play, caller: ByHand) -> None:
    exchange = await play.ask()
    body = json.dumps(
        {
            "schema": "saikne.withdrawal/1",
            "id": str(uuid4()),
            "exchange": str(exchange),
            "reason": "duplicate",
        }
    ).encode()
    elsewhere = caller.signed(f"/v1/exchanges/{exchange}/dispute", body)
    uri = caller.uri(f"/v1/exchanges/{exchange}/withdraw")
    elsewhere["DPoP"] = caller.system.proof("POST", uri, token=caller.token)
    answer = await caller.post(f"/v1/exchanges/{exchange}/withdraw", body, elsewhere)
    assert code_of(answer) == (401, "signing.invalid")
    assert await play.state(exchange) == "requested"


async def test_a_statement_about_another_exchange_than_its_address_is_refused(
    play: Play, caller: ByHand
) -> None:
    one, other = await play.ask(), await play.ask()
    body = json.dumps(
        {"schema": "saikne.withdrawal/1", "id": str(uuid4()), "exchange": str(one), "reason": "duplicate"}
    ).encode()
    answer = await caller.post(f"/v1/exchanges/{other}/withdraw", body)
    assert code_of(answer) == (400, "exchange.other-exchange")
    assert [await play.state(exchange) for exchange in (one, other)] == ["requested", "requested"]


@pytest.mark.usefixtures("nothing_asked")
async def test_other_bytes_than_were_signed_are_refused(play: Play, caller: ByHand) -> None:
    body = wire_bytes(play.request(children=["AG-7700-B1"]))
    headers = caller.signed("/v1/exchanges", body)
    answer = await caller.post("/v1/exchanges", body.replace(b"B1", b"B2"), headers)
    assert code_of(answer) == (400, "signing.digest-mismatch")


# What a statement says --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_asked")
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_manifest_of_2_mb_is_refused_unread(caller: ByHand, chunked: bool) -> None:  # noqa: FBT001
    body = b'{"schema":"' + b"a" * 2_000_000 + b'"}'

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    answer = await caller.http.post(
        caller.uri("/v1/exchanges"),
        content=pieces() if chunked else body,
        headers=caller.signed("/v1/exchanges", body),
    )
    assert code_of(answer) == (413, "manifest.too-large")


@pytest.mark.usefixtures("nothing_asked")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document | {"note": "Jānis"},
        lambda document: document | {"schema": "saikne.request/2"},
        lambda document: document | {"id": "00000000-0000-1000-8000-000000000000"},
        lambda document: document | {"family": "Bērziņu ģimene"},
        lambda document: document | {"family": "010190-12345"},
        lambda document: document | {"children": ["AG-1"] * 21},
        lambda document: document | {"children": ["AG-1", "AG-1"]},
        lambda document: document | {"legal_basis": "because"},
        lambda document: document | {"receipt": {"channel": "hub"}},
        lambda document: document | {"requester": 7},
        lambda document: [document],
        lambda _: None,
    ],
)
async def test_a_malformed_manifest_is_refused_with_the_places_and_without_its_words(
    play: Play, caller: ByHand, spoil: Any
) -> None:
    document = json.loads(wire_bytes(play.request(kind=ExchangeKind.FAMILY_CASE)))
    answer = await caller.post("/v1/exchanges", json.dumps(spoil(document), ensure_ascii=False).encode())
    assert code_of(answer) == (400, "manifest.malformed")
    assert answer.json()["errors"]
    for word in ("Jānis", "Bērziņu", "010190"):
        assert word not in answer.text


@pytest.mark.usefixtures("nothing_asked")
@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"schema": "saikne.request/1", "schema": 1}', b"NaN"]
)
async def test_what_is_no_json_is_refused(caller: ByHand, body: bytes) -> None:
    assert code_of(await caller.post("/v1/exchanges", body)) == (400, "manifest.malformed")


@pytest.mark.usefixtures("nothing_asked")
async def test_ways_of_receipt_that_meet_are_refused(play: Play, caller: ByHand) -> None:
    request = json.loads(wire_bytes(play.request()))
    for channel, password_channel, wanted in (
        ("email_two_step", "email", (422, "passwords.same-channel")),
        ("in_person", "sms", (400, "manifest.malformed")),
        ("registered_post", "sms", (400, "manifest.malformed")),
    ):
        request |= {"id": str(uuid4()), "receipt": {"channel": channel, "password_channel": password_channel}}
        assert code_of(await caller.post("/v1/exchanges", json.dumps(request).encode())) == wanted


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        ("child_iap", {"form": FormType.FAMILY_CASE, "subject": FAMILY}, "exchange.document-may-not-travel"),
        ("child_iap", {"form": FormType.OTHER_FAMILY}, "exchange.document-may-not-travel"),
        ("child_iap", {"subject": "AG-1-B9"}, "exchange.subject-not-asked"),
        ("family_case", {"subject": FAMILY}, "exchange.subject-not-asked"),
        ("child_iap", {"derivative": "extract"}, "exchange.certification-does-not-fit"),
    ],
)
async def test_a_document_that_may_not_travel_is_refused_before_it_is_sent(
    play: Play, kind: str, change: Contents, code: str
) -> None:
    exchange = await play.ask(kind=ExchangeKind(kind))
    answered = await play.prepare(exchange)
    document = json.loads(wire_bytes(answered.manifest))
    document["documents"][0] |= change
    holder = await play.by_hand(play.holder)
    before = await play.traces(exchange)
    answer = await holder.post(f"/v1/exchanges/{exchange}/answer", json.dumps(document).encode())
    assert code_of(answer) == (422, code)
    assert await play.traces(exchange) == before


async def test_a_familys_answer_says_how_many_spouses_there_are(play: Play) -> None:
    exchange = await play.ask(kind=ExchangeKind.FAMILY_CASE)
    answered = await play.prepare(exchange)
    silent = answered.manifest.model_copy(update={"spouses": None})
    with pytest.raises(HubRefusal, match=r"exchange\.spouses-not-stated"):
        await play.holder.tell(silent)


async def test_a_second_answer_is_refused_while_one_is_under_way_or_gone(play: Play) -> None:
    exchange = await play.ask()
    first = await play.prepare(exchange)
    await play.send(first)
    second = await play.prepare(exchange)
    with pytest.raises(HubRefusal, match=r"exchange\.step-not-allowed"):
        await play.holder.tell(second.manifest)
    await play.dispatch(first)
    with pytest.raises(HubRefusal, match=r"exchange\.step-not-allowed"):
        await play.holder.tell(second.manifest)
    assert (await play.finish(first)).state.value == "confirmed"


async def test_a_statement_about_an_older_answer_is_refused(play: Play) -> None:
    exchange = await play.ask()
    first = await play.prepare(exchange)
    await play.send(first)
    await play.holder.tell(compose(Discard, exchange=exchange, round=1))
    await play.send(await play.prepare(exchange))
    with pytest.raises(HubRefusal, match=r"exchange\.other-round") as refused:
        await play.holder.tell(compose(Discard, exchange=exchange, round=1))
    assert refused.value.facts["newest"] == 2


# What is looked for --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/v1/exchanges/..%2f..", "/v1/exchanges/1", "/v1/exchanges/%00", "/v1/nothing"]
)
async def test_what_names_no_exchange_is_not_found(caller: ByHand, path: str) -> None:
    assert code_of(await caller.get(path)) == (404, "http.not-found")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=many", "state=lost", "role=king", "cursor=" + "x" * 401],
)
async def test_a_page_that_cannot_be_is_refused(caller: ByHand, query: str) -> None:
    assert code_of(await caller.get(f"/v1/exchanges?{query}")) == (400, "http.refused")


@pytest.mark.parametrize("cursor", ["x", "W10=", "WyJhIiwiYiJd", "bnVsbA==", "%F0%9F%98%80"])
async def test_a_cursor_of_nobodys_making_is_refused(caller: ByHand, cursor: str) -> None:
    for path in ("/v1/exchanges", "/v1/overdue"):
        answer = await caller.get(f"{path}?cursor={cursor}")
        assert code_of(answer) == (400, "http.cursor-malformed")


async def test_refusals_tell_in_the_callers_language_what_to_do(caller: ByHand) -> None:
    path = f"/v1/exchanges/{uuid4()}"
    for wish, language in (("lv", "lv"), ("en-GB,en;q=0.9", "en"), ("de", "lv"), ("", "lv")):
        answer = await caller.get(path, **{"Accept-Language": wish})
        assert answer.headers["content-language"] == language
        assert answer.json()["detail"]


async def test_a_newly_admitted_centre_sees_nothing_of_others(play: Play) -> None:
    from saikne import Hub
    from saikne_schemas.enrolment import Contacts

    newcomer = await centre(play.stage, "Jaunais", "40008000028", Contacts(notices="j@jaunais.example"))
    async with Hub(newcomer) as hub:
        assert [one async for one in hub.exchanges()] == []
        assert [one async for one in hub.exchanges(SideRole.HOLDER)] == []
        assert [one async for one in hub.overdue()] == []
        assert play.requester.credentials.centre in {one.id for one in await hub.centres()}
