"""A centre's system pushes a request, exchanges the code that a person approved, and acts in that name."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.access import approvals, store
from hub.access.approvals import BROUGHT_WITHIN, CODE_LIVES, DECIDED_WITHIN, OPEN_AT_MOST, Approved
from hub.access.return_address import AT_MOST, AddressNotTaken, checked, origin_of
from hub.kernel import clock
from hub.kernel.ids import CentreId
from saikne_schemas.vocabulary import Scope
from tests.access.centre_system import CentreSystem, b64url, p256
from tests.access.conftest import SmallHub
from tests.access.test_authorization import claims_of, error, introspect
from tests.access.test_caller import bearing, code, read, signed, state
from tests.access.test_person_keys import worker

BACK = "https://sistema.ligzda.example/atpakal?no=saikne"


@dataclass
class Relying:
    """A centre's web system, with what it keeps of one coming-in."""

    hub: SmallHub
    centre: CentreSystem
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def asking(self, **changes: str | None) -> dict[str, str]:
        said: dict[str, str | None] = {
            "response_type": "code",
            "client_id": str(self.centre.centre),
            "redirect_uri": BACK,
            "scope": "exchange",
            "state": "xyz",
            "code_challenge": b64url(hashlib.sha256(self.verifier.encode()).digest()),
            "code_challenge_method": "S256",
            **changes,
        }
        return {name: value for name, value in said.items() if value is not None}

    async def send(self, path: str, fields: Mapping[str, str], key: Any = None) -> httpx.Response:
        uri = f"{self.hub.url}/oauth/{path}"
        headers = {"DPoP": self.centre.proof("POST", uri, key=key)}
        return await self.hub.http.post(uri, data=self.centre.form(**fields), headers=headers)

    async def push(self, **changes: str | None) -> httpx.Response:
        return await self.send("par", self.asking(**changes))

    async def approved(
        self, person: UUID | None = None, acts: frozenset[str] = frozenset({"ask"}), **changes: str | None
    ) -> str:
        """The code, as the person's page makes it."""
        pushed = await self.push(**changes)
        assert pushed.status_code == 201, pushed.text
        request_uri, now = pushed.json()["request_uri"], clock.now()
        async with self.hub.database.transaction([CentreId(self.centre.centre)]) as tx:
            asked = await approvals.brought(tx, request_uri, now)
            assert asked is not None
            assert await approvals.decided(tx, request_uri)
            approved = Approved(person or uuid4(), acts)
            return await approvals.approve(tx, asked, approved, asked.scope, now)

    async def redeem(self, brought: str, key: Any = None, **changes: str | None) -> httpx.Response:
        said: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": brought,
            "redirect_uri": BACK,
            "code_verifier": self.verifier,
            **changes,
        }
        fields = {name: value for name, value in said.items() if value is not None}
        return await self.send("token", fields, key)

    async def token(self, person: UUID | None = None, acts: frozenset[str] = frozenset({"ask"})) -> str:
        answer = await self.redeem(await self.approved(person, acts))
        assert answer.status_code == 200, answer.text
        given: str = answer.json()["access_token"]
        return given


async def relying(hub: SmallHub, *scopes: Scope) -> Relying:
    system = Relying(hub, await hub.enrol(*scopes))
    centre = CentreId(system.centre.centre)
    async with hub.database.transaction([centre]) as tx:
        assert await approvals.add_address(tx, centre, BACK, uuid4(), clock.now())
    return system


@pytest.fixture
async def system(hub: SmallHub) -> Relying:
    return await relying(hub, Scope.EXCHANGE, Scope.REGISTER)


async def test_what_is_pushed_is_kept_under_a_name_of_a_minute(hub: SmallHub, system: Relying) -> None:
    answer = await system.push()
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    request_uri = answer.json()["request_uri"]
    assert answer.json() == {"request_uri": request_uri, "expires_in": 60}
    assert request_uri.startswith("urn:ietf:params:oauth:request_uri:")
    async with hub.owner.transaction() as tx:
        rows = await tx.exec_driver_sql("SELECT to_jsonb(one)::text FROM hub.pushed_request AS one")
        assert request_uri.rpartition(":")[2] not in "\n".join(row[0] for row in rows)


REFUSED: dict[str, tuple[dict[str, str | None], str]] = {
    "no redirect_uri": ({"redirect_uri": None}, "invalid_request"),
    "another address": ({"redirect_uri": "https://sistema.ligzda.example/"}, "invalid_request"),
    "an address that begins so": ({"redirect_uri": f"{BACK}&x=1"}, "invalid_request"),
    "the same without its query": ({"redirect_uri": BACK.partition("?")[0]}, "invalid_request"),
    "the same in capitals": ({"redirect_uri": BACK.replace("ligzda", "LIGZDA")}, "invalid_request"),
    "an address with a quotation mark": ({"redirect_uri": f'{BACK}"'}, "invalid_request"),
    "no response_type": ({"response_type": None}, "unsupported_response_type"),
    "another response_type": ({"response_type": "token"}, "unsupported_response_type"),
    "an answer behind a #": ({"response_mode": "fragment"}, "invalid_request"),
    "no client": ({"client_id": None}, "invalid_request"),
    "another client": ({"client_id": str(uuid4())}, "invalid_client"),
    "no scope": ({"scope": None}, "invalid_scope"),
    "a scope that it has not": ({"scope": "exchange oversight"}, "invalid_scope"),
    "a scope that there is not": ({"scope": "openid"}, "invalid_scope"),
    "no challenge": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    "a plain challenge": ({"code_challenge_method": "plain"}, "invalid_request"),
    "a challenge without its method": ({"code_challenge_method": None}, "invalid_request"),
    "a short challenge": ({"code_challenge": "x" * 42}, "invalid_request"),
    "a request object": ({"request": "eyJhbGciOiJub25lIn0.e30."}, "invalid_request"),
    "a request elsewhere": ({"request_uri": "https://sistema.ligzda.example/r"}, "invalid_request"),
    "a long state": ({"state": "x" * 513}, "invalid_request"),
    "a state of other letters": ({"state": "ā"}, "invalid_request"),
    "another key": ({"dpop_jkt": "x" * 43}, "invalid_request"),
}


@pytest.mark.parametrize("wrong", sorted(REFUSED))
async def test_what_may_not_be_asked_is_refused_and_nobody_is_sent_anywhere(
    system: Relying, wrong: str
) -> None:
    changes, expected = REFUSED[wrong]
    answer = await system.push(**changes)
    assert (answer.status_code, error(answer)) == (400, expected)
    assert "location" not in answer.headers


async def test_who_pushes_proves_itself_and_its_key(hub: SmallHub, system: Relying) -> None:
    uri = f"{hub.url}/oauth/par"
    proof = {"DPoP": system.centre.proof("POST", uri)}
    stranger = CentreSystem(hub.url).form(**system.asking(client_id=None))
    assert error(await hub.http.post(uri, data=stranger, headers=proof)) == "invalid_client"
    assert error(await hub.http.post(uri, data=system.asking(), headers=proof)) == "invalid_client"
    for headers in (
        {},
        {"DPoP": system.centre.proof("POST", f"{hub.url}/oauth/token")},
        {"DPoP": system.centre.proof("GET", uri)},
    ):
        answer = await hub.http.post(uri, data=system.centre.form(**system.asking()), headers=headers)
        assert error(answer) == "invalid_dpop_proof"
    for expected in ("welcome", "invalid_dpop_proof"):
        answer = await hub.http.post(uri, data=system.centre.form(**system.asking()), headers=proof)
        assert error(answer) == expected


async def test_requests_that_are_open_are_so_many_and_not_more(hub: SmallHub, system: Relying) -> None:
    asked = approvals.Asked(CentreId(system.centre.centre), BACK, "exchange", None, "x" * 43, "j")
    async with hub.database.transaction([asked.centre]) as tx:
        for _ in range(OPEN_AT_MOST - 1):
            await tx.run_sync(lambda connection: approvals.push(connection, asked, clock.now()))
    assert (await system.push()).status_code == 201
    answer = await system.push()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert error(answer) == "temporarily_unavailable"
    assert (await (await relying(hub)).push()).status_code == 201
    await hub.as_owner(
        "UPDATE hub.pushed_request SET bring_by = now() WHERE centre_id = $1", system.centre.centre
    )
    assert (await system.push()).status_code == 201, "those that nobody has brought in time are not open"


async def test_a_request_is_brought_within_a_minute_and_decided_within_ten(
    hub: SmallHub, system: Relying
) -> None:
    async def counts(request_uri: str, after: timedelta) -> bool:
        async with hub.database.transaction() as tx:
            return await approvals.brought(tx, request_uri, clock.now() + after) is not None

    request_uri = (await system.push()).json()["request_uri"]
    second = timedelta(seconds=1)
    assert await counts(request_uri, BROUGHT_WITHIN - second)
    assert not await counts(request_uri, BROUGHT_WITHIN + second)
    async with hub.database.transaction([CentreId(system.centre.centre)]) as tx:
        await approvals.note_brought(tx, request_uri, clock.now())
    assert await counts(request_uri, DECIDED_WITHIN - second)
    assert not await counts(request_uri, DECIDED_WITHIN + second)
    assert not await counts(request_uri[:-1], timedelta())
    async with hub.database.transaction([CentreId(system.centre.centre)]) as tx:
        await approvals.remove_address(tx, CentreId(system.centre.centre), BACK)
    assert not await counts(request_uri, timedelta()), "nobody is sent to an address that was removed"


async def test_the_token_says_in_whose_name_and_is_bound_to_the_key(hub: SmallHub, system: Relying) -> None:
    person = uuid4()
    answer = await system.redeem(await system.approved(person))
    assert answer.json().keys() == {"access_token", "token_type", "expires_in", "scope"}
    token = answer.json()["access_token"]
    claims = claims_of(token)
    assert (claims["sub"], claims["client_id"]) == (str(person), str(system.centre.centre))
    assert claims["tenant"] == str(system.centre.centre)
    shown = await introspect(hub, system.centre, token)
    assert shown == claims | {"active": True, "token_type": "DPoP"}
    assert await read(hub, bearing(hub, system.centre, token)) == "welcome"
    thief = CentreSystem(hub.url)
    assert await read(hub, bearing(hub, thief, token)) == "access.proof-invalid"


async def test_a_code_shown_twice_gives_nothing_and_ends_what_it_gave(hub: SmallHub, system: Relying) -> None:
    brought = await system.approved()
    token = (await system.redeem(brought)).json()["access_token"]
    assert await read(hub, bearing(hub, system.centre, token)) == "welcome"
    for _ in range(2):
        assert error(await system.redeem(brought)) == "invalid_grant"
        assert await read(hub, bearing(hub, system.centre, token)) == "access.token-revoked"
        assert await introspect(hub, system.centre, token) == {"active": False}


async def test_of_eight_who_show_a_code_at_once_at_most_one_gets_a_token(system: Relying) -> None:
    brought = await system.approved()
    errors = sorted(error(one) for one in await asyncio.gather(*(system.redeem(brought) for _ in range(8))))
    assert errors == ["invalid_grant"] * 7 + ["welcome"]


SPOILT: dict[str, tuple[dict[str, Any], str]] = {
    "another key": ({"key": p256()}, "invalid_grant"),
    "another address": ({"redirect_uri": "https://sistema.ligzda.example/"}, "invalid_grant"),
    "no address": ({"redirect_uri": None}, "invalid_grant"),
    "another verifier": ({"code_verifier": "x" * 43}, "invalid_grant"),
    "no verifier": ({"code_verifier": None}, "invalid_request"),
    "the challenge for a verifier": ({"code_verifier": "challenge"}, "invalid_request"),
}


@pytest.mark.parametrize("wrong", sorted(SPOILT))
async def test_a_code_that_is_shown_with_anything_else_is_used_up(system: Relying, wrong: str) -> None:
    changes, expected = SPOILT[wrong]
    brought = await system.approved()
    assert error(await system.redeem(brought, **changes)) == expected
    assert error(await system.redeem(brought)) == "invalid_grant"


async def test_a_code_is_of_one_system(hub: SmallHub, system: Relying) -> None:
    other = await relying(hub)
    other.verifier = system.verifier
    other.centre.dpop = system.centre.dpop
    brought = await system.approved()
    assert error(await other.redeem(brought)) == "invalid_grant"
    assert error(await system.redeem(brought)) == "welcome", "another's try spoils nothing"


async def test_a_code_counts_for_a_minute(hub: SmallHub, system: Relying) -> None:
    brought = await system.approved()
    await hub.as_owner(
        "UPDATE hub.approval SET expires_at = expires_at - $1::interval WHERE key = $2",
        CODE_LIVES,
        approvals.key_of(brought),
    )
    assert error(await system.redeem(brought)) == "invalid_grant"


async def test_a_token_ends_with_what_the_person_approved(hub: SmallHub, system: Relying) -> None:
    """As suspension, another role and a sign-out everywhere end it; others' go on."""
    one, other = uuid4(), uuid4()
    tokens = [await system.token(one), await system.token(other)]
    centre = CentreId(system.centre.centre)
    by_itself = await system.centre.token(hub.http)

    async def told() -> list[str]:
        return [await read(hub, bearing(hub, system.centre, token)) for token in (*tokens, by_itself)]

    assert await told() == ["welcome"] * 3
    async with hub.database.transaction([centre]) as tx:
        await approvals.end_approvals(tx, centre, one)
    assert await told() == ["access.token-revoked", "welcome", "welcome"]
    async with hub.database.transaction([CentreId(uuid4())]) as tx:
        await approvals.end_approvals(tx, centre)
    assert await told() == ["access.token-revoked", "welcome", "welcome"], "another centre ends nothing"
    async with hub.database.transaction([centre]) as tx:
        await approvals.end_approvals(tx, centre)
    assert await told() == ["access.token-revoked", "access.token-revoked", "welcome"]


async def test_a_code_ends_with_what_the_person_approved(hub: SmallHub, system: Relying) -> None:
    person, centre = uuid4(), CentreId(system.centre.centre)
    brought = await system.approved(person)
    async with hub.database.transaction([centre]) as tx:
        await approvals.end_approvals(tx, centre, person)
    assert error(await system.redeem(brought)) == "invalid_grant"


async def test_a_system_acts_as_far_as_the_person_in_whose_name_it_does(
    hub: SmallHub, system: Relying
) -> None:
    asks, agrees = await system.token(acts=frozenset({"ask"})), await system.token(acts=frozenset({"agree"}))
    by_itself, reads = await system.centre.token(hub.http), await system.token(acts=frozenset())
    for token, asking, stating in (
        (asks, "welcome", "access.person-may-not"),
        (agrees, "access.person-may-not", "access.person-may-not"),
        (reads, "access.person-may-not", "access.person-may-not"),
        (by_itself, "welcome", "welcome"),
    ):
        uri = f"{hub.url}/v1/questions"
        headers = system.centre.signed(token, "POST", uri, b"{}")
        assert code(await hub.http.post(uri, headers=headers, content=b"{}")) == asking
        assert await state(hub, signed(hub, system.centre, token)) == stating
        assert await read(hub, bearing(hub, system.centre, token)) == "welcome"


async def test_a_call_names_the_person_and_the_next_one_by_the_system_nobody(
    hub: SmallHub, system: Relying
) -> None:
    """Over one connection, and many at once."""
    people = [uuid4() for _ in range(4)]
    tokens = {await system.token(person): str(person) for person in people}
    tokens[await system.centre.token(hub.http)] = ""

    async def asked(token: str) -> str:
        uri = f"{hub.url}/v1/questions"
        headers = system.centre.signed(token, "POST", uri, b"{}")
        answer = await hub.http.post(uri, headers=headers, content=b"{}")
        return str(answer.json()["person"])

    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as http:
        for token, person in [*tokens.items()] * 2:
            uri = f"{hub.url}/v1/questions"
            headers = system.centre.signed(token, "POST", uri, b"{}")
            answer = await http.post(uri, headers=headers, content=b"{}")
            assert answer.json() == {"person": person, "recorded": person}
    every = [*tokens] * 5
    assert await asyncio.gather(*map(asked, every)) == [tokens[token] for token in every]


async def test_what_is_over_is_swept(hub: SmallHub, system: Relying) -> None:
    await system.approved()
    await system.push()

    async def there() -> tuple[int, int]:
        async with hub.owner.transaction() as tx:
            mine = (system.centre.centre,)
            of = "SELECT count(*) FROM hub.{} WHERE centre_id = $1"
            tables = ("pushed_request", "approval")
            counted = [(await tx.exec_driver_sql(of.format(one), mine)).scalar_one() for one in tables]
            return counted[0], counted[1]

    async def clean() -> None:
        async with hub.database.transaction() as tx:
            await store.clean_up(tx, clock.now() + timedelta(days=1))

    await clean()
    assert await there() == (1, 1), "what counts by the database's clock is nobody's to forget"
    for table in ("pushed_request", "approval"):
        await hub.as_owner(f"UPDATE hub.{table} SET expires_at = now() - interval '1 second'")  # noqa: S608
    await clean()
    assert await there() == (0, 0)


async def test_the_metadata_names_how_a_person_comes_in(hub: SmallHub) -> None:
    shown = (await hub.http.get(f"{hub.url}/.well-known/oauth-authorization-server")).json()
    assert shown["authorization_endpoint"] == f"{hub.url}/oauth/authorize"
    assert shown["pushed_authorization_request_endpoint"] == f"{hub.url}/oauth/par"
    assert shown["require_pushed_authorization_requests"] is True
    assert shown["authorization_response_iss_parameter_supported"] is True
    assert shown["response_types_supported"] == ["code"]
    assert shown["code_challenge_methods_supported"] == ["S256"]
    assert "authorization_code" in shown["grant_types_supported"]
    assert "refresh_token" not in shown["grant_types_supported"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60),
    name=st.sampled_from(["redirect_uri", "scope", "state", "code_challenge", "response_type", "client_id"]),
)
async def test_no_text_that_is_pushed_breaks_the_hub(system: Relying, text: str, name: str) -> None:
    assert (await system.push(**{name: text})).status_code in {201, 400, 429}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), name=st.sampled_from(["code", "redirect_uri", "code_verifier"]))
async def test_no_text_that_is_brought_with_a_code_breaks_the_hub(
    system: Relying, text: str, name: str
) -> None:
    assert (await system.redeem("x" * 43, **{name: text})).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "https://sistema.ligzda.example",
        "https://sistema.ligzda.example:8443/a/b?x=1&y=%20",
        "https://xn--bta-ela.example/",
        "http://localhost:8000/back",
        "http://127.0.0.1:8000/back",
    ],
)
def test_people_may_be_sent_back_to_such_an_address(address: str) -> None:
    assert checked(address) == address
    assert address.startswith(origin_of(address))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "characters"),
        ("https://a.example/\n", "characters"),
        ("https://a.example/ b", "characters"),
        ("https://ā.example/", "characters"),
        ('https://a.example/"', "characters"),
        ("https://a.example/<", "characters"),
        ("https://a.example\\@b.example/", "characters"),
        (f"https://a.example/{'x' * 400}", "characters"),
        ("https://", "host"),
        ("/back", "host"),
        ("https://user@a.example/", "host"),
        ("https://A.example/", "host"),
        ("https://a.example:99999/", "form"),
        ("https://a.example:/", "host"),
        ("https://*.example/", "host"),
        ("https://a.example;script-src/", "host"),
        ("https://a.example./", "host"),
        ("https://[::1]/", "host"),
        ("https://a.example/#x", "fragment"),
        ("https://a.example/#", "fragment"),
        ("http://a.example/", "scheme"),
        ("http://127.0.0.1.a.example/", "scheme"),
        ("http://localhost.a.example/", "scheme"),
        ("ftp://a.example/", "scheme"),
        ("com.example.app://a/b", "scheme"),
        ("javascript://a.example/%0aalert(1)", "scheme"),
    ],
)
def test_people_are_never_sent_back_to_such_an_address(address: str, why: str) -> None:
    with pytest.raises(AddressNotTaken) as refusal:
        checked(address)
    assert refusal.value.facts == {"why": why}


def test_a_centre_has_a_few_addresses() -> None:
    assert AT_MOST == 10


async def test_under_a_persons_key_a_token_is_good_for_that_persons_alone(hub: SmallHub) -> None:
    """And reaches as far as both: what the person approved and what the key was approved for."""
    one = await worker(hub)
    system, centre = Relying(hub, one.centre), CentreId(one.centre.centre)
    async with hub.database.transaction([centre]) as tx:
        await approvals.add_address(tx, centre, BACK, one.id, clock.now())
    tokens = {
        await system.token(one.id): "welcome",
        await system.token(uuid4()): "access.token-of-a-person",
        await system.token(one.id, frozenset({"agree"})): "access.person-may-not",
    }
    uri = f"{hub.url}/v1/wishes"
    for token, expected in tokens.items():
        headers = one.centre.signed(token, "POST", uri, b"{}", key=one.key)
        answer = await hub.http.post(uri, headers=headers, content=b"{}")
        assert code(answer) == expected
        assert answer.json().get("person", str(one.id)) == str(one.id)
