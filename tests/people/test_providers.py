"""How the hub speaks to an organisation's OpenID provider: one on the loopback, kept to and misused."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from joserfc.jwk import RSAKey

from hub.kernel.ids import CentreId
from hub.kernel.secret import Secret
from hub.people.gateways.discovery import IssuerMalformed
from hub.people.gateways.providers import AT_ONCE, LONGEST_BYTES, Brought, Providers
from hub.people.journey import Purpose, ReturnUnknown, Ticket, address
from hub.people.provider import Discovered, NotBelieved, Provider, ProviderAway, ProviderDoesNotFit
from tests.peers.openid_provider import CLIENT, SECRET, Answering, OpenIdProvider

BACK = "https://hub.example/sign-in/organisation/back"
DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def peer() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as peer:
        yield peer


@pytest.fixture
async def providers() -> AsyncIterator[Providers]:
    providers = Providers(patience=30.0, looked_again=2.0)
    yield providers
    await providers.close()


@pytest.fixture
async def hurried() -> AsyncIterator[Providers]:
    providers = Providers(patience=0.5)
    yield providers
    await providers.close()


def registered(peer: OpenIdProvider) -> Provider:
    hosts = frozenset({peer.issuer.removeprefix("http://")})
    return Provider(CentreId(uuid4()), peer.issuer, CLIENT, Secret(SECRET), hosts)


def gone_to(peer: OpenIdProvider, found: Discovered, ticket: Ticket) -> Brought:
    """What a browser brings back that was there."""
    asked = parse_qs(urlsplit(address(found, CLIENT, BACK, ticket, Purpose.SIGN_IN)).query)
    back = peer.authorize({name: values[0] for name, values in asked.items()})
    return Brought(parse_qs(urlsplit(back).query)["code"][0], ticket.verifier, BACK)


async def test_a_code_is_given_for_a_token_with_secret_verifier_and_address(
    peer: OpenIdProvider, providers: Providers
) -> None:
    provider, ticket = registered(peer), Ticket.new()
    found = await providers.known(provider)
    brought = gone_to(peer, found, ticket)
    token = await providers.id_token(provider, found, brought)
    assert [key.kid for key in await providers.keys(provider, found, token)] == ["pirmā"]
    assert peer.wished[0]["realm"] == "ligzda"
    with pytest.raises(ReturnUnknown):  # a code counts once
        await providers.id_token(provider, found, brought)


@pytest.mark.parametrize("by", ["a header", "the form"])
async def test_the_secret_is_shown_as_the_provider_wants_it(
    peer: OpenIdProvider, providers: Providers, by: str
) -> None:
    if by == "the form":
        peer.says["token_endpoint_auth_methods_supported"] = ["private_key_jwt", "client_secret_post"]
    provider, ticket = registered(peer), Ticket.new()
    found = await providers.known(provider)
    assert await providers.id_token(provider, found, gone_to(peer, found, ticket))
    wrong = replace(provider, secret=Secret("cits"))
    with pytest.raises(ProviderAway):
        await providers.id_token(wrong, found, gone_to(peer, found, ticket))


async def test_without_the_right_verifier_there_is_no_token(
    peer: OpenIdProvider, providers: Providers
) -> None:
    provider = registered(peer)
    found = await providers.known(provider)
    stolen = gone_to(peer, found, Ticket.new())
    with pytest.raises(ReturnUnknown):
        await providers.id_token(provider, found, Brought(stolen.code, Ticket.new().verifier, BACK))


UNFIT: dict[str, dict[str, Any]] = {
    "issuer": {"issuer": "http://127.0.0.1:1"},
    "authorization_endpoint": {"authorization_endpoint": "http://id.ligzda.example/authorize"},
    "token_endpoint": {"token_endpoint": None},
    "jwks_uri": {"jwks_uri": "https://id.ligzda.example@127.0.0.1/jwks"},
    "response_types_supported": {"response_types_supported": ["id_token"]},
    "code_challenge_methods_supported": {"code_challenge_methods_supported": ["plain"]},
    "id_token_signing_alg_values_supported": {"id_token_signing_alg_values_supported": ["HS256", 7]},
    "token_endpoint_auth_methods_supported": {"token_endpoint_auth_methods_supported": ["none"]},
}


@pytest.mark.parametrize("field", sorted(UNFIT))
async def test_a_provider_that_does_not_fit_is_not_registered_and_not_used(
    peer: OpenIdProvider, providers: Providers, field: str
) -> None:
    peer.says.update(UNFIT[field])
    with pytest.raises(ProviderDoesNotFit) as refused:
        await providers.look(peer.issuer)
    assert refused.value.facts == {"why": field}
    with pytest.raises(ProviderAway):
        await providers.known(registered(peer))


@pytest.mark.parametrize(
    "issuer",
    [
        "http://id.ligzda.example",
        "https://id.ligzda.example/?tenant=1",
        "https://id.ligzda.example/#a",
        "https://vards@id.ligzda.example",
        "https://id.ligzda.example:port",
        "https://",
        "https://id.ligzda.example/\n",
        "https://īd.ligzda.example",
        "file:///etc/passwd",
        "id.ligzda.example",
        "",
    ],
)
async def test_what_is_no_issuers_address_is_not_asked(providers: Providers, issuer: str) -> None:
    with pytest.raises(IssuerMalformed):
        await providers.look(issuer)


async def test_a_host_that_the_operator_has_not_seen_is_not_called(
    peer: OpenIdProvider, providers: Providers
) -> None:
    with OpenIdProvider() as elsewhere:
        peer.says["token_endpoint"] = f"{elsewhere.issuer}/token"
        with pytest.raises(ProviderAway):
            await providers.known(registered(peer))
        assert elsewhere.asked == []


BROKEN = {
    "fails": Answering(500),
    "is slow": Answering(before_seconds=0.8),
    "says too much": Answering(body=lambda said: said + b" " * LONGEST_BYTES),
    "packs its answer": Answering(
        headers={"Content-Encoding": "gzip"}, body=lambda said: gzip.compress(said + b" " * 9_000_000)
    ),
    "sends elsewhere": Answering(302, headers={"Location": "http://127.0.0.1:1/"}),
    "answers with a page": Answering(body=lambda _: b"<h1>Apkope</h1>"),
    "answers with a list": Answering(body=lambda _: b"[]"),
    "answers with nesting": Answering(body=lambda _: b"[" * 100_000),
    "answers with nothing": Answering(body=lambda _: b""),
}


@pytest.mark.parametrize("how", sorted(BROKEN))
async def test_a_provider_that_answers_as_none_does_is_away(
    peer: OpenIdProvider, providers: Providers, hurried: Providers, how: str
) -> None:
    provider, ticket = registered(peer), Ticket.new()
    found = await providers.known(provider)
    brought = gone_to(peer, found, ticket)
    token = await providers.id_token(provider, found, brought)
    peer.answering = dict.fromkeys((DISCOVERY, "/token", "/jwks"), BROKEN[how])
    now = hurried if how == "is slow" else providers
    with pytest.raises(ProviderAway):
        await now.look(peer.issuer)
    with pytest.raises(ProviderAway):
        await now.id_token(provider, found, brought)
    with pytest.raises(ProviderAway):
        await now.keys(provider, found, token)


async def test_a_provider_that_is_down_is_away(providers: Providers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(ProviderAway):
        await providers.look(f"http://127.0.0.1:{port}")


async def test_of_one_slow_provider_few_calls_wait_and_no_other_provider_does(
    peer: OpenIdProvider, providers: Providers
) -> None:
    peer.answering[DISCOVERY] = Answering(before_seconds=1.0)
    with OpenIdProvider() as other:
        asked = [registered(peer)] * (AT_ONCE + 3) + [registered(other)]
        heard = await asyncio.gather(*map(providers.known, asked), return_exceptions=True)
    assert [isinstance(one, Discovered) for one in heard] == [True] * AT_ONCE + [False] * 3 + [True]
    assert {type(one) for one in heard[AT_ONCE:-1]} == {ProviderAway}


async def test_what_was_learnt_is_not_asked_for_again_but_a_new_key_is_now_and_then(
    peer: OpenIdProvider, providers: Providers
) -> None:
    provider, second = registered(peer), RSAKey.generate_key(2048, parameters={"kid": "otrā"})

    async def kids() -> list[str | None]:
        found = await providers.known(provider)
        token = peer.signed(peer.usual_claims("n"))
        return [key.kid for key in await providers.keys(provider, found, token)]

    assert [await kids() for _ in range(3)] == [["pirmā"]] * 3
    peer.key = second
    assert [await kids() for _ in range(3)] == [["pirmā"]] * 3  # a minute has not passed; here two seconds
    await asyncio.sleep(2.1)
    assert await kids() == ["otrā"]
    assert peer.asked == [DISCOVERY, "/jwks", "/jwks"]


async def test_an_answer_without_an_id_token_proves_nobody(
    peer: OpenIdProvider, providers: Providers
) -> None:
    provider, ticket = registered(peer), Ticket.new()
    found = await providers.known(provider)
    peer.answering["/token"] = Answering(body=lambda _: b'{"access_token": "x", "id_token": 7}')
    with pytest.raises(NotBelieved):
        await providers.id_token(provider, found, gone_to(peer, found, ticket))
