"""Another centre's identifier gets the same answer as one that does not exist, at every endpoint there is."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from saikne import compose
from saikne.statements import wire_bytes
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.matters import About
from saikne_schemas.plan_sendings import PLANS_LIE_AT, PlanRecipient
from saikne_schemas.proofs import ReadSigned
from saikne_schemas.vocabulary import DeliveryChannel, PasswordChannel
from tests.journeys.play import ByHand, Play, pdf
from tests.journeys.test_agreements import proposal
from tests.journeys.test_matrix import SPOKEN, statement
from tests.journeys.test_plans import a_plan
from tests.peers import signed_files

NO_TENANTS_NAMES = {"code", "month"}
"""Parameters that name nothing of any centre: the code of a problem, a month."""
OF_AN_EXCHANGE = {"identity"}
TESTED_ELSEWHERE = {
    "proof": "test_proofs",
    "key": "test_registrations",
    "difference": "test_reconciliation",
}
"""Identifiers that name something of one centre alone, and may be another thing of another centre."""
NAMES_WHAT_COMES = {"/v1/sealed-identities/{identity}"}
"""The caller gives a new name to what it sends, of no matter yet: test_identities."""
OF_EVERYBODY = {"/v1/outside-centres/{identity}/correct"}
"""Outside centres stand in the directory for all: test_outside_centres."""
SAID_OF_MATTERS = {
    kind.goes_to.format(matter="{identity}"): kind
    for kind in EXAMPLES
    if issubclass(kind, About | PlanRecipient)
}
NUMBERS = {"round_no": "1", "no": "1"}
WITHIN = {"proof": uuid4(), "sending": uuid4()}
"""What lies within an exchange or a matter, and is there: only whose that is decides what is answered."""
COMES_AND_GOES = {"date", "server", "x-request-id"}

Called = Callable[[UUID], Awaitable[httpx.Response]]


async def endpoints(play: Play, *, matters: bool = False) -> list[tuple[str, str]]:
    """Every method and path that takes the identifier of an exchange, or of a matter, as the hub says."""
    described = (await play.http.get(f"{play.stage.url}/schema/openapi.json")).json()
    found = []
    for path, item in described["paths"].items():
        names = set(re.findall(r"{(\w+)}", path))
        for method in item.keys() & {"get", "put", "post", "delete", "patch"}:
            given = item[method].get("parameters", [])
            parameters = {one["name"] for one in given if one.get("in") == "path"}
            assert names == parameters, (path, parameters)
            if path in NAMES_WHAT_COMES | OF_EVERYBODY:
                continue
            tested_here = names - NO_TENANTS_NAMES - TESTED_ELSEWHERE.keys()
            if tested_here and path.startswith("/v1/exchanges/") is not matters:
                known = OF_AN_EXCHANGE | NUMBERS.keys() | WITHIN.keys()
                assert names <= known, f"a new identifier in {path}: test it here"
                found.append((method.upper(), path))
    return found


def bodies(method: str, path: str, exchange: UUID) -> Iterator[bytes]:
    """What a caller could say there: the right statement, and every other one."""
    last = path.rsplit("/", 1)[1]
    if method == "POST":
        if last == "answer":
            yield answer_about(exchange)
        elif last == "open":
            reading = compose(ReadSigned, exchange=exchange, proof=WITHIN["proof"])
            yield wire_bytes(reading)
        else:
            action = next(action for action, (verb, _) in SPOKEN.items() if verb == last)
            yield json.dumps(statement(action, exchange)).encode()
    elif method == "PUT":
        yield pdf("anything")
    else:
        yield b""


def answer_about(exchange: UUID) -> bytes:
    document = {
        "no": 1,
        "form": "iap",
        "subject": "AG-7741-B1",
        "media_type": "application/pdf",
        "bytes": 100,
        "sha256": "0" * 64,
        "original": "electronic",
        "derivative": "original",
    }
    wording = {"schema": "saikne.answer/1", "id": str(uuid4()), "exchange": str(exchange)}
    return json.dumps({**wording, "documents": [document]}).encode()


def statement_of(method: str, path: str, matter: UUID) -> bytes:
    """What a caller could say of a matter there, or send."""
    if method == "PUT":
        return pdf("anything")
    kind = SAID_OF_MATTERS.get(path)
    return json.dumps({**EXAMPLES[kind], "id": str(uuid4()), "matter": str(matter)}).encode() if kind else b""


async def call(caller: ByHand, method: str, path: str, exchange: UUID, body: bytes) -> httpx.Response:
    where = path.format(identity=exchange, **NUMBERS, **WITHIN)
    if method == "GET":
        return await caller.get(where)
    return await (caller.put(where, body) if method == "PUT" else caller.post(where, body))


def all_that_is_told(answer: httpx.Response, exchange: UUID) -> tuple[int, dict[str, str], str]:
    """But the number of the call and what was asked for, which differ in any two answers."""
    headers = {name: value for name, value in answer.headers.items() if name not in COMES_AND_GOES}
    text = answer.text.replace(answer.headers["x-request-id"], "<call>")
    return answer.status_code, headers, text.replace(str(exchange), "<asked>")


@pytest.fixture(scope="module")
async def theirs(play: Play) -> list[UUID]:
    """Other centres' exchanges: just asked, being answered, dispatched, confirmed."""
    by_voice = (DeliveryChannel.HUB, PasswordChannel.VOICE)
    file = play.new_folder().with_suffix(".edoc")
    file.write_bytes(signed_files.container())
    signed = await play.requester.send_proof(file, WITHIN["proof"])
    asked = (await play.requester.tell(play.request(by_voice, proofs=[signed]))).exchange
    prepared, dispatched = [await play.ask(by_voice) for _ in range(2)]
    await play.send(await play.prepare(prepared))
    await play.answer(dispatched)
    done = await play.answer(await play.ask())
    await play.finish(done)
    return [asked, prepared, dispatched, done.exchange]


async def test_every_endpoint_answers_for_a_foreign_exchange_as_for_none(
    play: Play, theirs: list[UUID]
) -> None:
    caller, tried = await play.by_hand(play.stranger), set()
    for method, path in await endpoints(play):
        for exchange in theirs:
            for body in bodies(method, path, exchange):
                foreign = await call(caller, method, path, exchange, body)
                absent_id = uuid4()
                absent_body = body.replace(str(exchange).encode(), str(absent_id).encode())
                absent = await call(caller, method, path, absent_id, absent_body)
                assert all_that_is_told(foreign, exchange) == all_that_is_told(absent, absent_id)
                assert (foreign.status_code, foreign.json()["code"]) == (404, "exchange.not-found")
                tried.add((method, path))
    assert len(tried) >= 13


async def being_sent(play: Play) -> UUID:
    """A support plan of which the hub knows whither it goes, and waits for its documents."""
    matter = (await play.requester.tell(a_plan(play.requester))).matter
    whither: dict[str, Any] = {"email": "anna@gimene.example", "phone": "+37129440099"}
    recipient = compose(PlanRecipient, matter=matter, sending=WITHIN["sending"], **whither)
    await play.requester.tell(recipient)
    return matter


async def test_every_endpoint_answers_for_a_foreign_matter_as_for_none(play: Play) -> None:
    caller, tried = await play.by_hand(play.stranger), set()
    agreement = (await play.requester.tell(proposal(play))).matter
    plan = await being_sent(play)
    for method, path in await endpoints(play, matters=True):
        foreign_id, absent_id = plan if path.startswith(PLANS_LIE_AT) else agreement, uuid4()
        foreign = await call(caller, method, path, foreign_id, statement_of(method, path, foreign_id))
        absent = await call(caller, method, path, absent_id, statement_of(method, path, absent_id))
        assert all_that_is_told(foreign, foreign_id) == all_that_is_told(absent, absent_id)
        assert (foreign.status_code, foreign.json()["code"]) == (404, "matters.not-found")
        tried.add(path)
    assert SAID_OF_MATTERS.keys() <= tried


async def test_the_same_calls_do_find_what_is_ones_own(play: Play, theirs: list[UUID]) -> None:
    """The opposite case: what answers 404 to a stranger answers otherwise to a side."""
    for method, path in await endpoints(play):
        for body in bodies(method, path, theirs[0]):
            answer = await call(await play.by_hand(play.holder), method, path, theirs[0], body)
            assert answer.status_code != 404, (method, path)
            break


async def test_lists_and_chains_of_a_stranger_hold_nothing_of_others(play: Play, theirs: list[UUID]) -> None:
    caller = await play.by_hand(play.stranger)
    for path in ("/v1/exchanges", "/v1/exchanges?role=requester", "/v1/overdue", "/v1/evidence/events"):
        answer: dict[str, Any] = (await caller.get(path)).json()
        assert not [one for one in theirs if str(one) in json.dumps(answer)]


async def test_a_cursor_of_another_centre_opens_nothing(play: Play, theirs: list[UUID]) -> None:
    full = await (await play.by_hand(play.requester)).get("/v1/exchanges?limit=1")
    cursor = full.json()["next"]
    assert cursor
    answer = await (await play.by_hand(play.stranger)).get(f"/v1/exchanges?limit=50&cursor={cursor}")
    assert answer.json()["items"] == []
    assert theirs


async def test_oversight_sees_dates_and_never_an_exchange(play: Play, theirs: list[UUID]) -> None:
    caller = await play.by_hand(play.overseer)
    for method, path in await endpoints(play):
        for body in bodies(method, path, theirs[0]):
            answer = await call(caller, method, path, theirs[0], body)
            assert (answer.status_code, answer.json()["code"]) == (403, "access.scope-missing")
    assert (await caller.get("/v1/exchanges")).json()["code"] == "access.scope-missing"
    assert (await caller.get("/v1/overdue")).status_code == 200
