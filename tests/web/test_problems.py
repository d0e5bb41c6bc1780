"""Bad news is a problem document: in the caller's language, with a permanent code, without our insides."""

from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar import Litestar, get
from litestar.params import FromPath

from hub.kernel.refusal import Outage, Refusal
from hub.web.problems import HANDLERS
from hub.web.status import STATUS
from tests.web.conftest import client_of

EXCHANGE = "3f9d2c71-5a84-4e0b-9c36-7d1e8b2a4f60"
POSTS = [
    "/v1/exchanges",
    *(
        f"/v1/exchanges/{EXCHANGE}/{verb}"
        for verb in (
            "answer",
            "discard",
            "dispatch",
            "confirm",
            "dispute",
            "withdraw",
            "reveal",
            "hand-over-again",
        )
    ),
    "/v1/gateway/sms/reports",
    "/oauth/token",
    "/oauth/par",
    "/oauth/introspect",
    "/oauth/revoke",
]
GETS = [
    "/v1/centres",
    "/v1/overdue",
    "/v1/evidence/events",
    "/v1/exchanges",
    *(f"/v1/exchanges/{EXCHANGE}{part}" for part in ("", "/statements", "/receipt", "/archive")),
]


def problem(answer: httpx.Response) -> dict[str, Any]:
    """What every problem document has to be."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    told: dict[str, Any] = answer.json()
    assert told["status"] == answer.status_code == STATUS[told["code"]]
    assert told["type"] == f"/problems/{told['code']}"
    return told


@pytest.mark.parametrize(
    "path", ["/nothing", "/v1", "/v2/exchanges", "/v1/exchanges/not-an-id", "/%2e%2e/etc/passwd"]
)
async def test_where_nothing_is_a_caller_is_told_so(web: httpx.AsyncClient, path: str) -> None:
    assert problem(await web.get(path))["code"] == "http.not-found"


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/v1/exchanges"), ("PUT", "/v1/health"), ("PATCH", f"/v1/exchanges/{EXCHANGE}")],
)
async def test_a_method_that_is_not_there_is_told_with_those_that_are(
    web: httpx.AsyncClient, method: str, path: str
) -> None:
    answer = await web.request(method, path)
    assert problem(answer)["code"] == "http.method-not-allowed"
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", "))


@pytest.mark.parametrize(
    ("wished", "language", "title"),
    [
        ("lv", "lv", "Šeit nekā nav."),
        ("en-GB,en;q=0.8", "en", "There is nothing here."),
        ("ru", "lv", "Šeit nekā nav."),
        ("\N{LATIN SMALL LETTER SHARP S}", "lv", "Šeit nekā nav."),
    ],
)
async def test_a_problem_is_told_in_the_callers_language(
    web: httpx.AsyncClient, wished: str, language: str, title: str
) -> None:
    answer = await web.get("/nowhere", headers=[(b"accept-language", wished.encode("latin-1"))])
    assert (answer.headers["content-language"], problem(answer)["title"]) == (language, title)


@pytest.mark.parametrize("path", GETS)
async def test_a_reading_call_without_a_token_is_challenged(web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(path)
    assert problem(answer)["code"] == "access.token-missing"
    assert answer.headers["www-authenticate"].startswith("DPoP ")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=many", "role=cook", "state=lost"])
async def test_a_parameter_that_cannot_be_is_refused(web: httpx.AsyncClient, query: str) -> None:
    assert problem(await web.get(f"/v1/exchanges?{query}"))["code"] == "http.refused"


@pytest.mark.parametrize("path", POSTS)
@settings(max_examples=15, deadline=None)
@given(body=st.binary(max_size=300) | st.sampled_from([b"{", b"[" * 5000, b"\xff\xfe", b'{"a":1}']))
async def test_no_body_whatever_is_our_fault(web: httpx.AsyncClient, path: str, body: bytes) -> None:
    for media_type in ("application/json", "application/x-www-form-urlencoded", "\x00"):
        answer = await web.post(path, content=body, headers={"content-type": media_type})
        assert 400 <= answer.status_code < 500


async def test_a_report_longer_than_any_is_not_read(web: httpx.AsyncClient) -> None:
    answer = await web.post("/v1/gateway/sms/reports", content=b" " * 20_000)
    assert problem(answer)["code"] == "http.too-large"


async def test_a_manifest_that_announces_two_megabytes_is_refused_unread(web: httpx.AsyncClient) -> None:
    answer = await web.post("/v1/exchanges", content=b" " * 2_000_000)
    assert problem(answer)["status"] == 413


class Wet(Refusal):
    code = "exchange.not-found"


class Away(Outage):
    code = "blobs.unavailable"


@get("/{news:str}")
async def bring(news: FromPath[str]) -> None:
    raise {"refusal": Wet(place="3"), "outage": Away(), "bug": ZeroDivisionError("secret")}[news]


@pytest.fixture
def small() -> Litestar:
    return Litestar([bring], exception_handlers=HANDLERS, openapi_config=None)


async def test_a_refusals_facts_stand_beside_its_sentences(small: Litestar) -> None:
    async with client_of(small) as client:
        assert problem(await client.get("/refusal"))["place"] == "3"


async def test_an_outage_says_when_to_come_again(small: Litestar) -> None:
    async with client_of(small) as client:
        answer = await client.get("/outage")
    assert (problem(answer)["code"], answer.headers["retry-after"]) == ("blobs.unavailable", "5")


async def test_a_fault_of_ours_is_told_without_its_insides(small: Litestar) -> None:
    async with client_of(small) as client:
        answer = await client.get("/bug")
    assert problem(answer)["code"] == "http.failed"
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize("code", ["exchange.not-found", "signing.replayed", "http.failed"])
async def test_a_codes_page_explains_it_in_both_languages(web: httpx.AsyncClient, code: str) -> None:
    page = await web.get(f"/problems/{code}")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"] == "default-src 'none'"
    assert page.text.count("<section") == 2


@pytest.mark.parametrize("code", ["nothing", "<script>", "exchange.not-found.detail"])
async def test_a_code_that_is_none_has_no_page(web: httpx.AsyncClient, code: str) -> None:
    answer = await web.get(f"/problems/{code}")
    assert problem(answer)["code"] == "http.not-found"
    assert "<script>" not in answer.text
