"""Which system gets a token from the hub, for how much, and how a token is shown and taken back."""

import asyncio
import json
import time
from base64 import urlsafe_b64decode
from typing import Any
from uuid import uuid4

import httpx
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwk as jose
from joserfc import jwt

from saikne_schemas.vocabulary import Scope
from tests.access.centre_system import CentreSystem, jwk, p256, thumbprint
from tests.access.conftest import SmallHub

Fields = dict[str, str]


def asking(**changes: str | None) -> Fields:
    fields = {"grant_type": "client_credentials", "scope": "exchange", **changes}
    return {name: value for name, value in fields.items() if value is not None}


async def ask(
    hub: SmallHub, centre: CentreSystem, fields: Fields | None = None, headers: Any = None
) -> httpx.Response:
    if headers is None:
        headers = {"DPoP": centre.proof("POST", f"{hub.url}/oauth/token")}
    return await hub.http.post(
        f"{hub.url}/oauth/token", data=centre.form(**(fields or asking())), headers=headers
    )


def error(answer: httpx.Response) -> str:
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    return "welcome" if answer.is_success else str(answer.json()["error"])


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    return claims


async def test_a_token_says_what_rfc_9068_asks_and_is_bound_to_the_proofs_key(
    hub: SmallHub, centre: CentreSystem
) -> None:
    answer = await ask(hub, centre)
    token = answer.json()["access_token"]
    claims = claims_of(token)
    assert answer.json() == {
        "access_token": token,
        "token_type": "DPoP",
        "expires_in": 300,
        "scope": "exchange",
    }
    assert answer.headers["cache-control"] == "no-store"
    assert claims["exp"] - claims["iat"] == 300
    assert claims | {"iat": 0, "exp": 0, "jti": ""} == {
        "iss": hub.url,
        "aud": f"{hub.url}/v1",
        "sub": str(centre.centre),
        "client_id": str(centre.centre),
        "tenant": str(centre.centre),
        "scope": "exchange",
        "cnf": {"jkt": thumbprint(centre.dpop)},
        "iat": 0,
        "exp": 0,
        "jti": "",
    }


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_another_library_verifies_a_token_by_the_published_keys(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    keys = jose.KeySet.import_key_set((await hub.http.get(f"{hub.url}/oauth/jwks")).json())
    read = jwt.decode(token, keys, algorithms=["EdDSA"])
    assert (read.header["typ"], read.claims["tenant"]) == ("at+jwt", str(centre.centre))


@pytest.mark.parametrize("key", [Ed25519PrivateKey.generate(), p256()], ids=["EdDSA", "ES256"])
async def test_both_sorts_of_client_keys_are_accepted(hub: SmallHub, key: Any) -> None:
    centre = await hub.enrol(Scope.EXCHANGE, oauth=key)
    assert error(await ask(hub, centre)) == "welcome"


async def test_the_new_name_of_eddsa_is_accepted(hub: SmallHub, centre: CentreSystem) -> None:
    assertion = centre.assertion(header={"alg": "Ed25519"})
    assert error(await ask(hub, centre, asking(client_assertion=assertion))) == "welcome"


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": None},
        {"aud": "https://other.example"},
        {"aud": ["https://hub.example"]},
        {"exp": int(time.time()) + 86_400},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**300},
        {"iat": int(time.time()) + 36_000},
        {"iat": int(time.time()) - 3_600},
        {"iat": "now"},
        {"nbf": int(time.time()) + 36_000},
        {"iss": "somebody"},
        {"iss": None},
        {"sub": "somebody"},
        {"sub": str(uuid4())},
        {"sub": None},
        {"sub": 1},
        {"jti": None},
        {"jti": 1},
        {"jti": "short"},
        {"key": Ed25519PrivateKey.generate()},
        {"header": {"alg": "HS256"}},
        {"header": {"alg": "RS256"}},
        {"header": {"alg": "none"}},
        {"header": {"kid": "another"}},
        {"header": {"crit": ["x"]}},
    ],
    ids=" ".join,
)
async def test_an_assertion_that_is_not_exactly_right_proves_no_client(
    hub: SmallHub, centre: CentreSystem, changes: dict[str, Any]
) -> None:
    answer = await ask(hub, centre, asking(client_assertion=centre.assertion(**changes)))
    assert (answer.status_code, error(answer)) == (400, "invalid_client")


async def test_an_audience_of_several_is_refused_even_with_the_hub_among_them(
    hub: SmallHub, centre: CentreSystem
) -> None:
    for aud in ([hub.url], [hub.url, "https://evil.example"]):
        assertion = centre.assertion(aud=aud)
        assert error(await ask(hub, centre, asking(client_assertion=assertion))) == "invalid_client"


async def test_an_assertion_by_the_request_signing_key_is_refused(
    hub: SmallHub, centre: CentreSystem
) -> None:
    assertion = centre.assertion(key=centre.signing)
    assert error(await ask(hub, centre, asking(client_assertion=assertion))) == "invalid_client"


async def test_an_assertion_of_another_centre_under_our_name_is_refused(
    hub: SmallHub, centre: CentreSystem
) -> None:
    other = await hub.enrol(Scope.EXCHANGE)
    assertion = other.assertion(sub=str(centre.centre), iss=str(centre.centre))
    assert error(await ask(hub, centre, asking(client_assertion=assertion))) == "invalid_client"
    named = asking(client_assertion=other.assertion(), client_id=str(centre.centre))
    assert error(await ask(hub, centre, named)) == "invalid_client"


async def test_an_assertion_is_good_for_one_token(hub: SmallHub, centre: CentreSystem) -> None:
    fields = asking(client_assertion=centre.assertion())
    assert [error(await ask(hub, centre, fields)) for _ in range(2)] == ["welcome", "invalid_client"]


async def test_an_assertion_stays_used_when_its_request_was_refused(
    hub: SmallHub, centre: CentreSystem
) -> None:
    assertion = centre.assertion()
    refused = await ask(hub, centre, asking(client_assertion=assertion, scope="oversight"))
    again = await ask(hub, centre, asking(client_assertion=assertion))
    assert [error(refused), error(again)] == ["invalid_scope", "invalid_client"]


async def test_of_eight_equal_requests_at_once_one_gets_a_token(hub: SmallHub, centre: CentreSystem) -> None:
    fields = asking(client_assertion=centre.assertion())
    errors = await asyncio.gather(*(ask(hub, centre, fields) for _ in range(8)))
    assert sorted(error(answer) for answer in errors) == ["invalid_client"] * 7 + ["welcome"]


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htu": "https://evil.example/oauth/token"},
        {"iat": int(time.time()) - 61},
        {"iat": int(time.time()) + 36_000},
        {"jti": None},
        {"header": {"typ": "JWT"}},
        {"header": {"alg": "HS256"}},
        {"header": {"jwk": {**jwk(p256()), "d": "A" * 43}}},
    ],
    ids=" ".join,
)
async def test_a_proof_that_does_not_fit_gets_no_token(
    hub: SmallHub, centre: CentreSystem, changes: dict[str, Any]
) -> None:
    proof = centre.proof("POST", f"{hub.url}/oauth/token", **changes)
    assert error(await ask(hub, centre, headers={"DPoP": proof})) == "invalid_dpop_proof"


async def test_an_assertion_named_by_half_a_character_is_good_for_one_token_too(
    hub: SmallHub, centre: CentreSystem
) -> None:
    fields = asking(client_assertion=centre.assertion(jti="\ud800 of sixteen"))
    assert [error(await ask(hub, centre, fields)) for _ in range(2)] == ["welcome", "invalid_client"]


async def test_a_proof_is_good_for_one_token(hub: SmallHub, centre: CentreSystem) -> None:
    headers = {"DPoP": centre.proof("POST", f"{hub.url}/oauth/token")}
    errors = [error(await ask(hub, centre, headers=headers)) for _ in range(2)]
    assert errors == ["welcome", "invalid_dpop_proof"]


async def test_a_token_is_never_given_without_exactly_one_proof(hub: SmallHub, centre: CentreSystem) -> None:
    two = [("DPoP", centre.proof("POST", f"{hub.url}/oauth/token")) for _ in range(2)]
    none: list[tuple[str, str]] = []
    for headers in (none, two):
        assert error(await ask(hub, centre, headers=headers)) == "invalid_dpop_proof"


@pytest.mark.parametrize("scope", [None, "", "oversight", "exchange oversight", "exchange admin", "*"])
async def test_no_scope_beyond_those_admitted_and_none_by_default(
    hub: SmallHub, centre: CentreSystem, scope: str | None
) -> None:
    assert error(await ask(hub, centre, asking(scope=scope))) == "invalid_scope"


async def test_several_admitted_scopes_come_in_one_token(hub: SmallHub, centre: CentreSystem) -> None:
    answer = await ask(hub, centre, asking(scope="register exchange"))
    assert answer.json()["scope"] == "register exchange"


@pytest.mark.parametrize("endpoint", ["token", "par", "introspect", "revoke"])
async def test_unknown_suspended_and_wrong_clients_look_alike(
    hub: SmallHub, token: str, endpoint: str
) -> None:
    suspended, known = await hub.enrol(Scope.EXCHANGE), await hub.enrol(Scope.EXCHANGE)
    await hub.as_owner("UPDATE hub.centre SET state = 'suspended' WHERE id = $1", suspended.centre)
    unknown, stranger = CentreSystem(hub.url), Ed25519PrivateKey.generate()
    proof = {"DPoP": known.proof("POST", f"{hub.url}/oauth/{endpoint}")}
    told = []
    for assertion in (
        suspended.assertion(),
        suspended.assertion(key=stranger),
        unknown.assertion(),
        unknown.assertion(header={"kid": thumbprint(known.oauth)}),
        known.assertion(key=stranger),
        known.assertion(key=stranger, header={"kid": thumbprint(known.oauth)}),
        known.assertion(sub="somebody", iss="somebody"),
        known.assertion(aud="https://other.example"),
        "a.b.c",
    ):
        fields = known.form(**asking(client_assertion=assertion, token=token))
        answer = await hub.http.post(f"{hub.url}/oauth/{endpoint}", data=fields, headers=proof)
        kept = {name: value for name, value in answer.headers.items() if name != "date"}
        told.append((answer.status_code, answer.content, kept))
    assert told == [told[0]] * len(told)
    assert (told[0][0], json.loads(told[0][1])["error"]) == (400, "invalid_client")


async def test_no_published_key_proves_a_centre_that_has_none(hub: SmallHub) -> None:
    """RFC 8037 A.1: the private key of the one that is tried where a centre has none."""
    private = urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    published = Ed25519PrivateKey.from_private_bytes(private)
    for centre in (CentreSystem(hub.url, oauth=published), await hub.enrol(Scope.EXCHANGE)):
        assertion = centre.assertion(key=published)
        assert error(await ask(hub, centre, asking(client_assertion=assertion))) == "invalid_client"


async def test_a_revoked_client_key_gets_no_token(hub: SmallHub, centre: CentreSystem) -> None:
    await hub.as_owner(
        "UPDATE hub.client_key SET revoked_at = now(), revoked_because = 'compromised' WHERE key_id = $1",
        thumbprint(centre.oauth),
    )
    assert error(await ask(hub, centre)) == "invalid_client"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
        ({"client_assertion": ""}, "invalid_client"),
        ({"client_assertion": "a.b.c"}, "invalid_client"),
        ({"client_assertion": "[" * 4000}, "invalid_client"),
        ({"client_assertion_type": "urn:other"}, "invalid_client"),
    ],
)
async def test_what_is_not_a_request_for_a_token_is_told_so(
    hub: SmallHub, centre: CentreSystem, fields: dict[str, str | None], expected: str
) -> None:
    assert error(await ask(hub, centre, asking(**fields))) == expected


async def test_client_passwords_do_not_exist(hub: SmallHub, centre: CentreSystem) -> None:
    answer = await hub.http.post(
        f"{hub.url}/oauth/token",
        data=asking(client_id=str(centre.centre), client_secret="x"),
        headers={"DPoP": centre.proof("POST", f"{hub.url}/oauth/token")},
        auth=(str(centre.centre), "x"),
    )
    assert error(answer) == "invalid_client"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"grant_type=client_credentials&grant_type=client_credentials", "application/x-www-form-urlencoded"),
        (b'{"grant_type":"client_credentials"}', "application/json"),
        (b"a" * 20_000, "application/x-www-form-urlencoded"),
        (b"&".join([b"a=1"] * 50), "application/x-www-form-urlencoded"),
        ("scope=ā".encode(), "application/x-www-form-urlencoded"),
    ],
)
async def test_a_body_that_is_no_short_plain_form_is_refused(
    hub: SmallHub, body: bytes, media_type: str
) -> None:
    answer = await hub.http.post(f"{hub.url}/oauth/token", content=body, headers={"Content-Type": media_type})
    assert (answer.status_code, error(answer)) == (400, "invalid_request")


async def introspect(hub: SmallHub, centre: CentreSystem, token: str) -> dict[str, Any]:
    answer = await hub.http.post(f"{hub.url}/oauth/introspect", data=centre.form(token=token))
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_centre_sees_what_its_own_token_says(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    shown = await introspect(hub, centre, token)
    assert shown == claims_of(token) | {"active": True, "token_type": "DPoP"}


async def test_another_centres_token_and_no_token_look_the_same(hub: SmallHub, token: str) -> None:
    other = await hub.enrol(Scope.EXCHANGE)
    answers = [await introspect(hub, other, shown) for shown in (token, "a.b.c", token[:-4])]
    assert answers == [{"active": False}] * 3


async def test_a_revoked_token_is_no_longer_active(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    for _ in range(2):
        answer = await hub.http.post(f"{hub.url}/oauth/revoke", data=centre.form(token=token))
        assert answer.status_code == 200
    assert await introspect(hub, centre, token) == {"active": False}


async def test_another_centre_cannot_take_our_token_back(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    other = await hub.enrol(Scope.EXCHANGE)
    answers = [
        await hub.http.post(f"{hub.url}/oauth/revoke", data=other.form(token=shown))
        for shown in (token, "a.b.c", token[:-4], "")
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, {})] * 4
    assert (await introspect(hub, centre, token))["active"] is True


@pytest.mark.parametrize("endpoint", ["introspect", "revoke"])
async def test_nobody_asks_about_tokens_without_proving_who_they_are(
    hub: SmallHub, token: str, endpoint: str
) -> None:
    answer = await hub.http.post(f"{hub.url}/oauth/{endpoint}", data={"token": token})
    assert error(answer) == "invalid_client"


async def test_the_metadata_is_valid_and_names_what_the_hub_does(hub: SmallHub) -> None:
    shown = (await hub.http.get(f"{hub.url}/.well-known/oauth-authorization-server")).json()
    for name in ("token_endpoint_auth_methods_supported", "grant_types_supported", "scopes_supported"):
        getattr(AuthorizationServerMetadata(shown), f"validate_{name}")()
    assert shown["issuer"] == hub.url
    assert shown["token_endpoint"] == f"{hub.url}/oauth/token"
    assert shown["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert shown["token_endpoint_auth_signing_alg_values_supported"] == ["EdDSA", "ES256"]
    assert shown["dpop_signing_alg_values_supported"] == ["EdDSA", "ES256"]


async def test_a_crash_of_the_database_lets_no_older_assertion_in_again(
    hub: SmallHub, centre: CentreSystem
) -> None:
    fields = asking(client_assertion=centre.assertion())
    assert error(await ask(hub, centre, fields)) == "welcome"
    await hub.as_owner("TRUNCATE hub.seen, hub.memory")
    answer = await ask(hub, centre, fields)
    assert (answer.status_code, error(answer)) == (503, "temporarily_unavailable")
    assert answer.headers["retry-after"] == "11"
    await hub.as_owner("UPDATE hub.memory SET whole_since = now() - interval '10 seconds'")
    assert error(await ask(hub, centre)) == "welcome"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), name=st.sampled_from(["client_assertion", "scope", "grant_type", "token"]))
async def test_no_text_in_a_form_breaks_the_hub(
    hub: SmallHub, centre: CentreSystem, text: str, name: str
) -> None:
    assert error(await ask(hub, centre, asking(**{name: text}))) != "server_error"
