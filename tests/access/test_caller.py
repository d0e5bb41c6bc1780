"""Who is let in at a call under /v1, and what everybody else is told."""

import asyncio
import hashlib
import json
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.access import dpop
from hub.signing.keyring import LOOK_SECONDS, Keyring, Kind
from hub.signing.signature import ACCEPT_SIGNATURE, verify_record
from saikne_schemas.manifests import MANIFEST_BYTES
from saikne_schemas.vocabulary import Scope
from tests.access.centre_system import CentreSystem, b64url, digest_of, jwk, jws, p256, sign, thumbprint
from tests.access.conftest import SmallHub

BODY = b'{"schema":"saikne.request/1"}'


async def read(hub: SmallHub, headers: Any) -> str:
    """The code of a reading call's answer."""
    return code(await hub.http.get(f"{hub.url}/v1/things/a", headers=headers))


async def state(hub: SmallHub, headers: Any, body: bytes = BODY, query: str = "") -> str:
    """The code of a signed call's answer."""
    return code(await hub.http.post(f"{hub.url}/v1/things{query}", headers=headers, content=body))


def code(answer: httpx.Response) -> str:
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    return "welcome" if answer.is_success else str(answer.json()["code"])


def bearing(hub: SmallHub, centre: CentreSystem, sent: str, /, **changes: Any) -> dict[str, str]:
    proof = centre.proof("GET", f"{hub.url}/v1/things/a", **{"token": sent, **changes})
    return {"Authorization": f"DPoP {sent}", "DPoP": proof}


def signed(hub: SmallHub, centre: CentreSystem, token: str, **changes: Any) -> dict[str, str]:
    return centre.signed(token, "POST", f"{hub.url}/v1/things", BODY, **changes)


async def test_a_reading_call_with_a_bound_token_is_let_in(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    answer = await hub.http.get(f"{hub.url}/v1/things/a", headers=bearing(hub, centre, token))
    assert answer.json() == {"name": "a", "centre": str(centre.centre), "scopes": ["exchange"]}


async def test_a_statement_keeps_all_that_proves_it_years_later(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    answer = await hub.http.post(f"{hub.url}/v1/things", headers=signed(hub, centre, token), content=BODY)
    kept = answer.json()
    covered = verify_record(
        signature_base=kept["base"].encode(),
        signature=bytes.fromhex(kept["signature"]),
        public_jwk=kept["jwk"],
        manifest=kept["body"].encode(),
    )
    assert (covered["@method"], covered["@target-uri"]) == ("POST", f"{hub.url}/v1/things")
    assert kept["jwk"]["kid"] == thumbprint(centre.signing)


@pytest.mark.parametrize("keys", [{}, {"signing": p256(), "dpop": Ed25519PrivateKey.generate()}])
async def test_both_sorts_of_keys_sign_and_prove(hub: SmallHub, keys: dict[str, Any]) -> None:
    centre = await hub.enrol(**keys)
    headers = signed(hub, centre, await centre.token(hub.http))
    assert await state(hub, headers) == "welcome"


async def test_a_document_of_many_blocks_is_let_in_by_its_headers(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    body, uri = bytes(range(256)) * 8192, f"{hub.url}/v1/things/a"
    headers = centre.signed(token, "PUT", uri, body)
    assert code(await hub.http.put(uri, headers=headers, content=body)) == "welcome"


async def test_the_query_belongs_to_the_signed_target(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    uri = f"{hub.url}/v1/things?round=1"
    first, second = (centre.signed(token, "POST", uri, BODY) for _ in range(2))
    assert await state(hub, first, query="?round=1") == "welcome"
    assert await state(hub, second, query="?round=2") == "signing.invalid"


async def test_an_empty_query_is_signed_as_it_was_written(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    """RFC 9421 2.2.2: `…/things?` is another target than `…/things`, and asks the same."""
    uri = f"{hub.url}/v1/things"
    written = [centre.signed(token, "POST", f"{uri}?", BODY) for _ in range(2)]
    plain = [centre.signed(token, "POST", uri, BODY) for _ in range(2)]
    assert [await state(hub, headers, query="?") for headers in (written[0], plain[0])] == ["welcome"] * 2
    assert [await state(hub, headers) for headers in (written[1], plain[1])] == ["welcome"] * 2
    asked = centre.signed(token, "POST", f"{uri}?", BODY)
    assert await state(hub, asked, query="?round=1") == "signing.invalid"
    other = centre.signed(token, "POST", f"{uri}??", BODY)
    assert await state(hub, other) == "signing.invalid"


HTU = "https://Hub.example:443/v1/a%2Fb/~c"


@pytest.mark.parametrize(
    ("htu", "same"),
    [
        (HTU, True),
        ("HTTPS://hub.EXAMPLE/v1/a%2fb/%7Ec", True),
        ("https://hub.example:/v1/./x/../a%2Fb/%7ec?query#fragment", True),
        ("https://hub.example/v1/%61%2fb/~c", True),
        ("https://hub.example/v1/a/b/~c", False),
        ("https://hub.example/v1/a%252Fb/~c", False),
        ("https://hub.example/v1/A%2Fb/~c", False),
        ("https://hub.example/v1/a%2Fb/~c/", False),
        ("https://hub.example/v1/a%2Fb/~c/..", False),
        ("https://hub.example:8443/v1/a%2Fb/~c", False),
        ("http://hub.example/v1/a%2Fb/~c", False),
        ("https://hub.example.evil/v1/a%2Fb/~c", False),
        ("https://somebody@hub.example/v1/a%2Fb/~c", False),
        (" https://hub.example/v1/a%2Fb/~c", False),
        ("https://hub.example/v1/a%2Fb/\n~c", False),
        ("https://hub.example/v1/a%2Fb/~c%", False),
        ("https://hub.example/v1/a%2Fb/~c\u0101", False),
        ("", False),
        (None, False),
        (["https://hub.example/v1/a%2Fb/~c"], False),
    ],
)
def test_a_proofs_target_is_compared_after_rfc_3986_normalisation(htu: Any, same: bool) -> None:  # noqa: FBT001
    assert dpop._same_target(htu, HTU) is same


@pytest.mark.parametrize(
    "uri", ["https://hub.example", "https://hub.example/", "HTTPS://HUB.example:443?x=1"]
)
def test_an_empty_path_is_the_root(uri: str) -> None:
    assert dpop._same_target(uri, "https://hub.example/")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"htm": "POST"}, "htm"),
        ({"htu": "https://evil.example/v1/things/a"}, "htu"),
        ({"htu": None}, "htu"),
        ({"iat": int(time.time()) - 61}, "iat"),
        ({"iat": int(time.time()) + 36_000}, "iat"),
        ({"iat": "now"}, "iat"),
        ({"iat": 10**400}, "iat"),
        ({"iat": None}, "iat"),
        ({"jti": None}, "jti"),
        ({"jti": "short"}, "jti"),
        ({"token": "another token"}, "ath"),
        ({"token": None}, "ath"),
        ({"header": {"typ": "JWT"}}, "typ"),
        ({"header": {"alg": "HS256"}}, "signature"),
        ({"header": {"alg": "none"}}, "signature"),
        ({"header": {"alg": "RS256"}}, "signature"),
        ({"header": {"jwk": {"kty": "oct", "k": "AAAA"}}}, "jwk"),
        ({"header": {"jwk": None}}, "jwk"),
        ({"header": {"jwk": ["a"]}}, "jwk"),
        ({"header": {"jwk": jwk(p256())}}, "signature"),
        ({"header": {"crit": ["exp"]}}, "signature"),
        ({"key": p256()}, "jwk"),
    ],
)
async def test_a_proof_that_does_not_fit_the_call_is_refused(
    hub: SmallHub, centre: CentreSystem, token: str, changes: dict[str, Any], why: str
) -> None:
    answer = await hub.http.get(f"{hub.url}/v1/things/a", headers=bearing(hub, centre, token, **changes))
    assert (answer.status_code, answer.json()["code"]) == (401, "access.proof-invalid")
    assert answer.json()["why"] == why
    assert 'DPoP error="invalid_dpop_proof"' in answer.headers["www-authenticate"]


async def test_a_proof_that_shows_its_private_key_is_refused(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    number = p256().private_numbers().private_value
    private = {**jwk(centre.dpop), "d": b64url(number.to_bytes(32, "big"))}
    headers = bearing(hub, centre, token, header={"jwk": private})
    assert await read(hub, headers) == "access.proof-invalid"


async def test_a_proof_named_by_half_a_character_is_good_for_one_call_too(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    headers = bearing(hub, centre, token, jti="\ud800 of sixteen")
    assert [await read(hub, headers), await read(hub, headers)] == ["welcome", "access.proof-replayed"]


async def test_a_proof_is_good_for_one_call(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    headers = bearing(hub, centre, token)
    assert [await read(hub, headers) for _ in range(2)] == ["welcome", "access.proof-replayed"]


async def test_of_eight_equal_calls_at_once_one_is_let_in(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    headers = signed(hub, centre, token)
    codes = await asyncio.gather(*(state(hub, headers) for _ in range(8)))
    assert sorted(codes) == ["signing.replayed"] * 7 + ["welcome"]


async def test_a_nonce_is_good_for_one_signature_even_with_a_new_proof(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    nonce = "0123456789abcdef"
    first, second = (signed(hub, centre, token, nonce=nonce) for _ in range(2))
    assert [await state(hub, headers) for headers in (first, second)] == ["welcome", "signing.replayed"]


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer {token}", "DPoP", "Basic e30=", "{token}"],
)
async def test_a_token_that_is_not_sent_as_bound_is_no_token(
    hub: SmallHub, centre: CentreSystem, token: str, authorization: str | None
) -> None:
    headers = bearing(hub, centre, token)
    del headers["Authorization"]
    if authorization is not None:
        headers["Authorization"] = authorization.format(token=token)
    answer = await hub.http.get(f"{hub.url}/v1/things/a", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "access.token-missing")
    assert answer.headers["www-authenticate"] == 'DPoP algs="EdDSA ES256"'


def _not_the_hubs(hub: SmallHub, token: str) -> dict[str, str]:
    header, claims, _ = token.split(".")
    padded = json.loads(_decoded(claims))
    kid = json.loads(_decoded(header))["kid"]
    own = Ed25519PrivateKey.generate()
    receipt = hub.keyring.sign_jws("at+jwt", json.dumps(padded).encode())
    return {
        "garbage": "a.b.c",
        "cut": token[:-5],
        "other key": jws({"typ": "at+jwt", "kid": kid}, padded, own),
        "unknown kid": jws({"typ": "at+jwt", "kid": "../token"}, padded, own),
        "its own key": jws({"typ": "at+jwt", "jwk": jwk(own)}, padded, own),
        "receipt key": receipt,
        "none": f"{b64url(json.dumps({'alg': 'none', 'typ': 'at+jwt', 'kid': kid}).encode())}.{claims}.",
        "another hub's": hub.keyring.sign_token(padded | {"iss": "https://other.example"}),
        "another audience": hub.keyring.sign_token(padded | {"aud": "https://other.example/v1"}),
        "lives too long": hub.keyring.sign_token(padded | {"exp": padded["iat"] + 301}),
        "of tomorrow": hub.keyring.sign_token(
            padded | {"iat": padded["iat"] + 86_400, "exp": padded["exp"] + 86_400}
        ),
        "without a beginning": hub.keyring.sign_token({n: v for n, v in padded.items() if n != "iat"}),
        "too long": "a" * 5000,
    }


def _decoded(part: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(part + "==")


@pytest.mark.parametrize(
    "which",
    [
        "garbage",
        "cut",
        "other key",
        "unknown kid",
        "its own key",
        "receipt key",
        "none",
        "another hub's",
        "another audience",
        "lives too long",
        "of tomorrow",
        "without a beginning",
        "too long",
    ],
)
async def test_a_token_that_is_not_this_hubs_is_refused(
    hub: SmallHub, centre: CentreSystem, token: str, which: str
) -> None:
    forged = _not_the_hubs(hub, token)[which]
    answer = await hub.http.get(f"{hub.url}/v1/things/a", headers=bearing(hub, centre, forged))
    assert (answer.status_code, answer.json()["code"]) == (401, "access.token-invalid")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_a_token_counts_until_its_last_second(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    claims = json.loads(_decoded(token.split(".")[1]))
    old = hub.keyring.sign_token(claims | {"exp": int(time.time()) - 1})
    assert await read(hub, bearing(hub, centre, old)) == "access.token-expired"


async def test_a_token_lasts_through_a_renewal_of_the_hubs_key_and_ends_with_its_withdrawal(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    old = json.loads(_decoded(token.split(".", maxsplit=1)[0]))["kid"]
    another_process = Keyring(hub.keyring._directory)
    another_process.renew(Kind.TOKEN)
    await asyncio.sleep(LOOK_SECONDS)
    newer = await centre.token(hub.http)
    assert json.loads(_decoded(newer.split(".")[0]))["kid"] != old
    assert [await read(hub, bearing(hub, centre, one)) for one in (token, newer)] == ["welcome"] * 2
    another_process.retire(Kind.TOKEN, old)
    await asyncio.sleep(LOOK_SECONDS)
    assert await read(hub, bearing(hub, centre, token)) == "access.token-invalid"
    assert await read(hub, bearing(hub, centre, newer)) == "welcome"


async def test_a_revoked_token_stops_at_once(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    assert await read(hub, bearing(hub, centre, token)) == "welcome"
    await hub.http.post(f"{hub.url}/oauth/revoke", data=centre.form(token=token))
    assert await read(hub, bearing(hub, centre, token)) == "access.token-revoked"


async def test_a_suspended_centre_stops_at_once_and_resumes_at_once(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    codes = []
    for condition in ("suspended", "active"):
        await hub.as_owner("UPDATE hub.centre SET state = $1 WHERE id = $2", condition, centre.centre)
        codes.append(await state(hub, signed(hub, centre, token)))
    assert codes == ["access.centre-suspended", "welcome"]


async def test_a_token_without_the_scope_of_the_call_is_told_so(hub: SmallHub, centre: CentreSystem) -> None:
    token = await centre.token(hub.http, "register")
    answer = await hub.http.get(f"{hub.url}/v1/things/a", headers=bearing(hub, centre, token))
    assert (answer.status_code, answer.json()["code"]) == (403, "access.scope-missing")
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert 'scope="exchange"' in answer.headers["www-authenticate"]


async def test_a_scope_taken_from_the_centre_is_gone_from_its_tokens(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    await hub.as_owner("UPDATE hub.centre SET scopes = $1 WHERE id = $2", ["register"], centre.centre)
    assert await read(hub, bearing(hub, centre, token)) == "access.scope-missing"


async def test_a_token_of_a_centre_the_hub_does_not_know_is_refused(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    claims = json.loads(_decoded(token.split(".")[1]))
    stranger = hub.keyring.sign_token(claims | {"tenant": "6f1f2a8e-5d0c-4c0b-9d55-000000000000"})
    assert await read(hub, bearing(hub, centre, stranger)) == "access.centre-unknown"


async def test_another_centres_signing_key_signs_nothing_of_ours(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    other = await hub.enrol(Scope.EXCHANGE)
    assert await state(hub, signed(hub, other, await other.token(hub.http))) == "welcome"
    assert await state(hub, signed(hub, centre, token, key=other.signing)) == "signing.unknown-key"


async def test_a_key_for_tokens_signs_no_requests(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    assert await state(hub, signed(hub, centre, token, key=centre.oauth)) == "signing.unknown-key"


async def test_a_key_nobody_admitted_is_unknown(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    assert await state(hub, signed(hub, centre, token, key=p256())) == "signing.unknown-key"


async def test_a_revoked_signing_key_stops_at_once(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    assert await state(hub, signed(hub, centre, token)) == "welcome"
    await hub.as_owner(
        "UPDATE hub.client_key SET revoked_at = now(), revoked_because = 'rotated' WHERE key_id = $1",
        thumbprint(centre.signing),
    )
    assert await state(hub, signed(hub, centre, token)) == "signing.key-revoked"


async def test_an_unsigned_statement_is_told_what_to_sign(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    uri = f"{hub.url}/v1/things"
    headers = centre.bearing(token, "POST", uri) | {
        "Content-Type": "application/json",
        "Content-Digest": digest_of(BODY),
    }
    answer = await hub.http.post(uri, headers=headers, content=BODY)
    assert (answer.status_code, answer.json()["code"]) == (401, "signing.missing")
    assert answer.headers["accept-signature"] == ACCEPT_SIGNATURE
    assert answer.headers["www-authenticate"].startswith("DPoP ")


async def test_a_changed_body_is_refused(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    changed = BODY.replace(b"/1", b"/2")
    assert await state(hub, signed(hub, centre, token), changed) == "signing.digest-mismatch"


@pytest.mark.parametrize(
    "name", ["Authorization", "DPoP", "Signature", "Signature-Input", "Content-Digest", "Content-Type"]
)
async def test_a_field_sent_twice_is_refused(
    hub: SmallHub, centre: CentreSystem, token: str, name: str
) -> None:
    headers = signed(hub, centre, token)
    doubled = [*headers.items(), (name, headers[name])]
    assert await state(hub, doubled) in {
        "signing.malformed",
        "access.token-missing",
        "access.proof-invalid",
    }


@pytest.mark.parametrize(
    "spoof",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/x"},
        {"Forwarded": "host=evil.example;proto=https"},
    ],
)
async def test_the_target_is_the_configured_one_whatever_host_the_call_names(
    hub: SmallHub, centre: CentreSystem, token: str, spoof: dict[str, str]
) -> None:
    evil = "https://evil.example/v1/things"
    assert await state(hub, signed(hub, centre, token) | spoof) == "welcome"
    assert await state(hub, centre.signed(token, "POST", evil, BODY) | spoof) == "access.proof-invalid"
    retargeted = sign(
        "POST",
        evil,
        centre.bearing(token, "POST", f"{hub.url}/v1/things")
        | {"Content-Type": "application/json", "Content-Digest": digest_of(BODY)},
        centre.signing,
    )
    assert await state(hub, retargeted | spoof) == "signing.invalid"


async def test_a_manifest_of_two_megabytes_is_refused_before_anything_is_verified(hub: SmallHub) -> None:
    answer = await hub.http.post(f"{hub.url}/v1/things", content=b"x" * 2_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "manifest.too-large")


async def test_a_manifest_of_unannounced_length_is_read_no_further_than_allowed(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    body = b"x" * 2_000_000

    async def blocks() -> Any:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    uri = f"{hub.url}/v1/things"
    headers = centre.signed(token, "POST", uri, body)
    answer = await hub.http.post(uri, headers=headers, content=blocks())
    assert (answer.status_code, answer.json()["code"]) == (413, "manifest.too-large")


async def test_a_manifest_of_exactly_the_allowed_length_is_taken(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    body, uri = b"x" * MANIFEST_BYTES, f"{hub.url}/v1/things"
    assert await state(hub, centre.signed(token, "POST", uri, body), body) == "welcome"


async def test_a_body_that_stops_early_leaves_nothing_but_its_nonce_used(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    headers = signed(hub, centre, token)
    place = urlsplit(hub.url)
    _, writer = await asyncio.open_connection(place.hostname, place.port)
    lines = [f"{name}: {value}" for name, value in headers.items()]
    head = ["POST /v1/things HTTP/1.1", "Host: hub", f"Content-Length: {len(BODY)}", *lines, "", ""]
    writer.write("\r\n".join(head).encode() + BODY[:5])
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert await state(hub, signed(hub, centre, token)) == "welcome"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80).map(str.strip),
    name=st.sampled_from(["Signature-Input", "Signature", "DPoP", "Authorization", "Content-Digest"]),
)
async def test_no_text_in_a_header_breaks_the_hub(
    hub: SmallHub, centre: CentreSystem, token: str, text: str, name: str
) -> None:
    refused = await state(hub, signed(hub, centre, token) | {name: text})
    assert refused.partition(".")[0] in {"signing", "access"}


async def test_a_crash_of_the_database_lets_no_older_proof_in_again(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    """What a crash does to UNLOGGED tables: both are empty afterwards."""
    headers = signed(hub, centre, token)
    assert await state(hub, headers) == "welcome"
    await hub.as_owner("TRUNCATE hub.seen, hub.memory")
    answers = [await state(hub, headers), await state(hub, headers)]
    assert answers == ["access.memory-lost", "access.memory-lost"]
    await hub.as_owner("UPDATE hub.memory SET whole_since = now() - interval '10 seconds'")
    fresh = signed(hub, centre, token)
    assert await state(hub, fresh) == "welcome"


async def test_connections_the_database_closed_are_an_outage_and_then_replaced(
    hub: SmallHub, centre: CentreSystem, token: str
) -> None:
    await asyncio.gather(*(read(hub, bearing(hub, centre, token)) for _ in range(5)))
    async with hub.owner.transaction() as tx:
        await tx.exec_driver_sql("SET LOCAL ROLE NONE")
        await tx.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    codes = [await read(hub, bearing(hub, centre, token)) for _ in range(6)]
    assert set(codes) <= {"database.unavailable", "welcome"}
    assert codes[-1] == "welcome"


async def test_a_call_writes_nothing_for_a_stranger(hub: SmallHub, centre: CentreSystem, token: str) -> None:
    await hub.as_owner("TRUNCATE hub.seen")
    await read(hub, bearing(hub, centre, token, key=p256()))
    await state(hub, signed(hub, centre, token, key=p256()))
    async with hub.owner.transaction() as tx:
        assert (await tx.exec_driver_sql("SELECT count(*) FROM hub.seen")).scalar_one() == 0


def test_the_thumbprint_is_that_of_rfc_8037_a_3() -> None:
    x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    canonical = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": x}, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).digest()
    assert b64url(digest) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
