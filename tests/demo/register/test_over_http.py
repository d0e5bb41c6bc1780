"""The register over real HTTP: what it demands, what it answers, and each fault as it says."""

import base64
import hashlib
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import trustme

from saikne_demo.register import Deed, Fault, Faults, Manners, Register
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry, RegisterExtract
from saikne_schemas.register_files import canonical, entry_sha256
from saikne_schemas.register_words import EntryState, RegisterResult, RejectedBecause
from tests.peers.sealed_entries import entry, new_key, withdrawal

GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def register() -> Iterator[Register]:
    with Register(faults=Faults(seed=3, manners=Manners(slow_seconds=60, retry_after_seconds=7))) as register:
        yield register


@pytest.fixture
def http(register: Register) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=register.url, trust_env=False, timeout=10) as client:
        client.headers["Authorization"] = bearer(client)
        yield client


def bearer(client: httpx.Client, auth: tuple[str, str] = ("saikne-hub", "register-secret")) -> str:
    token = client.post("/token", data=GRANT, auth=auth).raise_for_status().json()
    assert token["token_type"] == "Bearer"
    return f"Bearer {token['access_token']}"


def content_digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def put(http: httpx.Client, one: RegisterEntry, **headers: str) -> httpx.Response:
    body = canonical(one)
    sent = {"Content-Type": "application/json", "Content-Digest": content_digest(body), **headers}
    return http.put(f"/transfers/{one.key}", content=body, headers=sent)


def get(http: httpx.Client, key: UUID) -> httpx.Response:
    return http.get(f"/transfers/{key}")


def answer(response: httpx.Response) -> RegisterAnswer:
    return RegisterAnswer.model_validate_json(response.content)


def test_an_entry_is_registered_and_is_found_under_its_key(register: Register, http: httpx.Client) -> None:
    one = entry(register.jwk)
    response = put(http, one)
    assert (response.status_code, answer(response).result) == (200, RegisterResult.REGISTERED)
    assert answer(response).entry_sha256 == entry_sha256(one)
    assert answer(get(http, one.key)) == answer(put(http, one)) == answer(response)
    assert register.book.effects(one.key) == (1,)


def test_the_register_has_nothing_under_a_key_it_never_got(http: httpx.Client) -> None:
    assert get(http, new_key()).status_code == 404
    assert http.get("/transfers/no-key").status_code == 404
    assert http.get("/other").status_code == 404


def test_a_rejected_entry_is_told_with_its_reason(register: Register, http: httpx.Client) -> None:
    one = entry(register.jwk)
    put(http, one)
    others = [
        (entry(register.jwk, one.key), 409, RejectedBecause.KEY_REUSED),
        (entry(register.jwk, sealed=None), 400, RejectedBecause.MALFORMED),
        (entry(register.jwk, sealed_sha256="0" * 64), 422, RejectedBecause.SEAL_NOT_OPENED),
    ]
    for other, status, reason in others:
        response = put(http, other)
        assert (response.status_code, answer(response).reason) == (status, reason)
    put(http, withdrawal(one.key))
    response = put(http, one)
    assert (response.status_code, answer(response).reason) == (409, RejectedBecause.SUPERSEDED)


@pytest.mark.parametrize(
    "body", [b"{}", b"", b"[]", b'{"revision":4}', b"\xff"], ids=["object", "none", "list", "half", "binary"]
)
def test_what_is_no_entry_is_malformed(http: httpx.Client, body: bytes) -> None:
    key = new_key()
    headers = {"Content-Digest": content_digest(body)}
    response = http.put(f"/transfers/{key}", content=body, headers=headers)
    assert response.status_code == 400
    told = answer(response)
    assert (told.key, told.reason, told.entry_sha256) == (key, RejectedBecause.MALFORMED, None)


def test_an_entry_counts_only_whole_canonical_and_at_its_own_address(
    register: Register, http: httpx.Client
) -> None:
    one = entry(register.jwk)
    body = canonical(one)
    assert put(http, one, **{"Content-Digest": content_digest(b"")}).status_code == 400
    assert http.put(f"/transfers/{one.key}", content=body).status_code == 400
    headers = {"Content-Digest": content_digest(body)}
    assert http.put(f"/transfers/{new_key()}", content=body, headers=headers).status_code == 400
    loose = body.replace(b",", b", ")
    headers = {"Content-Digest": content_digest(loose)}
    assert http.put(f"/transfers/{one.key}", content=loose, headers=headers).status_code == 400
    long = b" " * (80 * 1024)
    assert http.put(f"/transfers/{one.key}", content=long).status_code == 413
    assert register.book.effects(one.key) == ()
    assert put(http, one).status_code == 200


def test_only_the_known_client_gets_a_token(register: Register) -> None:
    with httpx.Client(base_url=register.url, trust_env=False) as client:
        for refused in (
            client.post("/token", data=GRANT),
            client.post("/token", data=GRANT, auth=("saikne-hub", "wrong")),
            client.post("/token", data=GRANT, auth=("somebody", "register-secret")),
            client.post("/token", data={"grant_type": "password"}, auth=("saikne-hub", "register-secret")),
        ):
            assert refused.status_code == 401
        assert client.get(f"/transfers/{uuid4()}").status_code == 401
        client.headers["Authorization"] = "Bearer invented"
        assert client.get(f"/transfers/{uuid4()}").status_code == 401


def test_a_revoked_token_is_refused_and_a_new_one_is_not(register: Register, http: httpx.Client) -> None:
    register.tokens.revoke_all()
    one = entry(register.jwk)
    assert put(http, one).status_code == 401
    http.headers["Authorization"] = bearer(http)
    assert put(http, one).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status", "waits"),
    [(Fault.DOWN, 503, "7"), (Fault.BUSY, 429, "7"), (Fault.ERROR_BEFORE, 500, None)],
)
def test_a_register_that_is_away_takes_nothing(
    register: Register, http: httpx.Client, fault: Fault, status: int, waits: str | None
) -> None:
    register.faults.order(fault, times=2)
    one = entry(register.jwk)
    for _ in range(2):
        response = put(http, one)
        assert (response.status_code, response.headers.get("Retry-After")) == (status, waits)
    assert register.book.ask(one.key) is None
    assert put(http, one).status_code == 200
    assert register.faults.made == {fault: 2}


def test_an_entry_may_be_taken_although_no_answer_comes(register: Register, http: httpx.Client) -> None:
    register.faults.order(Fault.BREAKS_OFF)
    one = entry(register.jwk)
    with pytest.raises(httpx.RemoteProtocolError):
        put(http, one)
    assert answer(get(http, one.key)).result is RegisterResult.REGISTERED
    assert put(http, one).status_code == 200
    assert register.book.effects(one.key) == (1,)


def test_an_entry_may_be_taken_although_an_error_is_answered(register: Register, http: httpx.Client) -> None:
    register.faults.order(Fault.ERROR_AFTER)
    one = entry(register.jwk)
    response = put(http, one)
    assert (response.status_code, response.content) == (500, b"")
    assert register.book.effects(one.key) == (1,)


def test_a_slow_register_has_taken_what_the_caller_no_longer_waits_for(
    register: Register, http: httpx.Client
) -> None:
    register.faults.order(Fault.SLOW)
    one = entry(register.jwk)
    http.timeout = httpx.Timeout(10, read=0.3)
    with pytest.raises(httpx.ReadTimeout):
        put(http, one)
    assert register.book.effects(one.key) == (1,)


def test_a_slow_answer_comes_in_the_end(register: Register, http: httpx.Client) -> None:
    register.faults.manners = Manners(slow_seconds=0.01)
    register.faults.order(Fault.SLOW)
    assert put(http, entry(register.jwk)).status_code == 200


def test_an_entry_that_a_proxy_delivers_twice_takes_effect_once(
    register: Register, http: httpx.Client
) -> None:
    register.faults.order(Fault.DUPLICATE)
    one = entry(register.jwk)
    assert answer(put(http, one)).result is RegisterResult.REGISTERED
    assert register.book.effects(one.key) == (1,)
    assert register.faults.made == {Fault.DUPLICATE: 1}


def test_a_register_rejects_on_order_and_stays_with_it(register: Register, http: httpx.Client) -> None:
    register.faults.manners = Manners(rejects_because=RejectedBecause.OTHER_ENTRY_STANDS)
    register.faults.order(Fault.REJECTS)
    one = entry(register.jwk)
    for response in (put(http, one), put(http, one)):
        told = answer(response)
        assert (response.status_code, told.reason) == (409, RejectedBecause.OTHER_ENTRY_STANDS)
    assert register.book.effects(one.key) == ()


def test_a_late_acknowledgement_is_found_by_asking(register: Register, http: httpx.Client) -> None:
    register.faults.manners = Manners(late_asks=2, retry_after_seconds=5)
    register.faults.order(Fault.ACKNOWLEDGES_LATE)
    one = entry(register.jwk)
    response = put(http, one)
    assert (response.status_code, response.headers["Retry-After"]) == (202, "5")
    assert answer(get(http, one.key)).result is RegisterResult.IN_PROGRESS
    assert register.book.effects(one.key) == ()
    assert answer(get(http, one.key)).result is RegisterResult.REGISTERED
    assert register.book.effects(one.key) == (1,)


def test_an_entry_may_be_promised_and_forgotten(register: Register, http: httpx.Client) -> None:
    register.faults.order(Fault.FORGETS)
    one = entry(register.jwk)
    assert put(http, one).status_code == 202
    assert get(http, one.key).status_code == 404
    assert put(http, one).status_code == 200
    assert register.book.effects(one.key) == (1,)


def test_an_answer_may_name_another_entrys_digest(register: Register, http: httpx.Client) -> None:
    register.faults.order(Fault.WRONG_DIGEST)
    one = entry(register.jwk)
    assert answer(put(http, one)).entry_sha256 != entry_sha256(one)
    assert answer(get(http, one.key)).entry_sha256 == entry_sha256(one)


def test_a_stopped_register_refuses_connections_and_keeps_its_book(
    register: Register, http: httpx.Client
) -> None:
    one = entry(register.jwk)
    put(http, one)
    register.stop()
    with pytest.raises(httpx.TransportError):
        get(http, one.key)
    with pytest.raises(httpx.ConnectError):
        get(http, one.key)
    register.start()
    assert answer(get(http, one.key)).result is RegisterResult.REGISTERED


@pytest.mark.parametrize("deed", [Deed.ASK, Deed.EXTRACT, Deed.TOKEN])
def test_a_question_can_meet_a_fault_too(register: Register, http: httpx.Client, deed: Deed) -> None:
    def asked() -> httpx.Response:
        if deed is Deed.TOKEN:
            return http.post("/token", data=GRANT, auth=("saikne-hub", "register-secret"))
        return http.get("/transfers" if deed is Deed.EXTRACT else f"/transfers/{known.key}")

    known = entry(register.jwk)
    put(http, known)
    register.faults.order(Fault.BUSY, on=deed)
    register.faults.order(Fault.BREAKS_OFF, on=deed)
    assert asked().status_code == 429
    with pytest.raises(httpx.RemoteProtocolError):
        asked()
    assert asked().status_code == 200


def test_an_extract_says_in_pages_what_stood_when_it_was_taken(
    register: Register, http: httpx.Client
) -> None:
    for _ in range(501):
        register.book.enter_by_hand("40003521600", date(2026, 4, 1))
    withdrawn = entry(register.jwk)
    put(http, withdrawn)
    put(http, withdrawal(withdrawn.key))
    pages = [page(http, page=1)]
    register.book.enter_by_hand("40003521600", date(2026, 4, 1))
    put(http, entry(register.jwk))
    pages.append(page(http, page=2, taken_at=pages[0].taken_at.isoformat()))
    assert [(one.page, one.last, len(one.entries)) for one in pages] == [(1, False, 500), (2, True, 2)]
    assert pages[0].taken_at == pages[1].taken_at
    last = pages[1].entries[-1]
    assert (last.key, last.state, last.revision) == (withdrawn.key, EntryState.ENDED, 2)
    assert not page(http).last
    taken_at = pages[0].taken_at.isoformat()
    for missing in ({"page": "3", "taken_at": taken_at}, {"page": "2"}, {"page": "x"}):
        assert http.get("/transfers", params=missing).status_code == 404


def page(http: httpx.Client, **asked: Any) -> RegisterExtract:
    return RegisterExtract.model_validate_json(
        http.get("/transfers", params=asked).raise_for_status().content
    )


def test_an_empty_register_has_one_empty_page(http: httpx.Client) -> None:
    only = page(http)
    assert (only.last, only.entries) == (True, [])


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def test_a_register_can_demand_a_client_certificate(authority: trustme.CA) -> None:
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(serving)
    authority.configure_trust(serving)
    serving.verify_mode = ssl.CERT_REQUIRED
    ours, strangers = ssl.create_default_context(), ssl.create_default_context()
    for context in (ours, strangers):
        authority.configure_trust(context)
    authority.issue_cert("job@example.lv").configure_cert(ours)
    with Register(tls=serving) as register:
        with httpx.Client(base_url=register.url, verify=ours, trust_env=False) as client:
            client.headers["Authorization"] = bearer(client)
            assert put(client, entry(register.jwk)).status_code == 200
        with httpx.Client(base_url=register.url, verify=strangers, trust_env=False) as client:  # noqa: SIM117
            with pytest.raises(httpx.TransportError):
                client.post("/token", data=GRANT, auth=("saikne-hub", "register-secret"))


def test_many_callers_at_once_with_every_fault_lose_and_double_nothing(register: Register) -> None:
    register.faults.manners = Manners(slow_seconds=0.01, late_asks=1)
    for fault in Fault:
        if fault is not Fault.REJECTS:
            register.faults.chance(fault, 0.04)
    entries = [entry(register.jwk) for _ in range(200)]

    def deliver(some: list[RegisterEntry]) -> None:
        with httpx.Client(base_url=register.url, trust_env=False, timeout=10) as client:
            client.headers["Authorization"] = bearer(client)
            for one in some:
                while not settled(client, one):
                    pass

    with ThreadPoolExecutor(8) as callers:
        list(callers.map(deliver, [entries[start::8] for start in range(8)]))
    assert register.book.in_force().keys() == {one.key for one in entries}
    assert set(register.book.took_effect().values()) == {(1,)}
    assert len(register.faults.made) == len(Fault) - 1


def settled(client: httpx.Client, one: RegisterEntry) -> bool:
    try:
        response = put(client, one)
    except httpx.RemoteProtocolError:
        return False
    done = response.status_code == 200 and answer(response).entry_sha256 == entry_sha256(one)
    return done and answer(response).result is RegisterResult.REGISTERED
