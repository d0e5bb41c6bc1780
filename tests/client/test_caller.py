"""A call to the hub decides what is sent and what an answer means, with neither a network nor a clock."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from saikne import CentreKeys, Credentials, HubOutage, HubRefusal, Patience
from saikne.caller import Caller
from saikne.problems import UNREACHABLE
from saikne.steps import Flow, Need, Pause, Request, Step
from tests.client.hub_peer import _unpacked

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
SOON = timedelta(seconds=1)
HUB = "https://hub.example"
LOST = HubOutage(UNREACHABLE)


def caller(attempts: int = 3) -> Caller:
    keys = CentreKeys.generate()
    patience = Patience(attempts=attempts, first_pause=SOON, longest_pause=timedelta(seconds=20))
    return Caller(Credentials(HUB, uuid4(), keys.oauth, keys.signing), patience, "lv")


def steps(flow: Flow[Any], *came: Any, at: datetime = NOW) -> list[Step | Any]:
    """What a call asks for, each step answered by what came of it; at last its outcome."""
    asked: list[Step | Any] = [next(flow)]
    try:
        for one in came:
            step = flow.throw(one) if isinstance(one, Exception) else flow.send((one, at))
            asked.append(step)
    except StopIteration as end:
        asked.append(end.value)
    except (HubOutage, HubRefusal) as problem:
        asked.append(problem)
    return asked


def told(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers=headers, json={"code": "some.code", "title": "Some"})


def granted(seconds: int = 300) -> httpx.Response:
    return httpx.Response(200, json={"access_token": "token", "token_type": "DPoP", "expires_in": seconds})


def sent(step: Step | Any) -> Request:
    assert isinstance(step, Request)
    return step


def test_a_statement_is_signed_under_a_token_and_a_proof_of_the_moment() -> None:
    done = told(200)
    asked = steps(caller().state("/v1/exchanges", b"{}"), None, "token", done)
    assert asked[:2] == [Need.TIME, Need.TOKEN]
    assert asked[3] is done
    request = sent(asked[2])
    assert (request.method, request.url, request.content) == ("POST", f"{HUB}/v1/exchanges", b"{}")
    header, claims = _unpacked(request.headers["DPoP"])
    assert (header["typ"], claims["htm"], claims["htu"]) == ("dpop+jwt", "POST", request.url)
    assert claims["iat"] == NOW.timestamp()
    signed, made = request.headers["Signature-Input"], int(NOW.timestamp())
    assert f"created={made};" in signed
    assert f"expires={made + 60};" in signed


def test_what_is_only_read_is_not_signed() -> None:
    request = sent(steps(caller().read("/v1/exchanges", {"limit": "50"}), None, "token")[2])
    assert (request.url, request.content) == (f"{HUB}/v1/exchanges?limit=50", None)
    assert not {"Signature", "Content-Digest"} & request.headers.keys()


def test_a_token_that_the_hub_does_not_take_is_asked_for_again_once() -> None:
    one = caller()
    assert steps(one.tokens.held(), None, granted())[-1] == "token"
    asked = steps(one.read("/v1/centres"), None, "token", told(401), "other", told(401))
    assert [type(step) for step in asked] == [Need, Need, Request, Need, Request, HubRefusal]
    assert sent(asked[4]).headers["Authorization"] == "DPoP other"
    assert isinstance(steps(one.tokens.held(), None)[-1], Request)  # the one that was not taken is forgotten


@pytest.mark.parametrize(("seconds", "is_used"), [(269, True), (270, False)])
def test_a_token_is_used_until_shortly_before_its_end(*, seconds: int, is_used: bool) -> None:
    one = caller()
    steps(one.tokens.held(), None, granted(300))
    asked = steps(one.tokens.held(), None, at=NOW + timedelta(seconds=seconds))
    assert (asked[-1] == "token") is is_used


def test_a_busy_hub_is_asked_again_when_it_said_and_by_a_new_signature() -> None:
    busy = told(503, **{"Retry-After": "7"})
    asked = steps(caller().state("/v1/x", b"{}"), None, "token", busy, None, "token", busy)
    assert asked[3] == asked[6] == Pause(timedelta(seconds=7))
    first, second = sent(asked[2]), sent(asked[5])
    assert first.content == second.content
    assert {first.headers[name] == second.headers[name] for name in ("Signature", "DPoP")} == {False}


def test_a_moment_to_come_back_at_is_counted_from_the_answer() -> None:
    busy = told(503, **{"Retry-After": "Mon, 30 Nov 2026 09:00:05 GMT"})
    assert steps(caller().read("/v1/x"), None, "token", busy)[-1] == Pause(timedelta(seconds=5))


def test_patience_ends_with_the_last_outage() -> None:
    asked = steps(caller(attempts=2).public("/x"), None, told(502), None, told(503))
    assert [type(step) for step in asked] == [Need, Request, Pause, Request, HubOutage]
    assert isinstance(asked[2], Pause)
    assert asked[2].duration <= SOON


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_a_refusal_is_final_and_so_is_a_fault_of_the_hubs_own(status: int) -> None:
    asked = steps(caller().public("/x"), None, told(status))
    assert isinstance(asked[-1], HubOutage if status == 500 else HubRefusal)


def test_who_finds_the_hub_out_of_reach_asks_for_others_that_try() -> None:
    asked = steps(caller().public("/x"), None, LOST, True, told(200))
    assert asked[2] is Need.OTHERS
    assert isinstance(asked[3], Request)  # at once, since the hub is back
    alone = steps(caller().public("/x"), None, LOST, False, None, LOST, None, LOST)
    assert [type(step) for step in alone[2:]] == [Need, Pause, Request, Pause, Request, HubOutage]


def test_a_clock_that_is_off_is_told_beside_a_refused_authorisation() -> None:
    late = told(401, Date="Mon, 30 Nov 2026 09:05:00 GMT")
    refused = steps(caller().read("/v1/x"), None, "token", late, "token", late)[-1]
    assert isinstance(refused, HubRefusal)
    assert refused.clock_off_by == -timedelta(minutes=5)
