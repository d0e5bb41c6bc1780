"""Every address of the application, asked in every way: the same manners wherever the answer comes from."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from hub.app import create_app
from hub.parts import assemble
from hub.settings import Settings
from hub.web.media_types import media_type
from tests.web.conftest import client_of

IDENTITY = "3f9d2c71-5a84-4e0b-9c36-7d1e8b2a4f60"
PUBLIC = {"/oauth/jwks", "/.well-known/oauth-authorization-server"}
ALWAYS = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


def application(home: Path, public_url: str = "http://hub.example") -> Litestar:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    settings = Settings(home=home, database_url=nowhere, public_url=public_url, plain_hosts="hub.example")
    return create_app(assemble(settings))


def every_call(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Method, address and handler of all that the application has, OPTIONS and the API's description too."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            for method in handler.http_methods:
                yield str(method), _filled(route.path_format), handler


def _filled(path: str) -> str:
    for name, value in (
        ("{no}", "1"),
        ("{round_no}", "1"),
        ("{month}", "2026-11"),
        ("{code}", "http.failed"),
    ):
        path = path.replace(name, value)
    return "/".join(IDENTITY if part.startswith("{") else part for part in path.split("/"))


def test_there_are_as_many_calls_as_ever(tmp_path: Path) -> None:
    assert sum(1 for _ in every_call(application(tmp_path))) > 150


async def test_whatever_can_be_read_answers_head_as_get_without_its_body(tmp_path: Path) -> None:
    app = application(tmp_path)
    wrong = []
    async with client_of(app) as client:
        for method, path, _ in every_call(app):
            if method == "GET":
                whole, head = await client.get(path), await client.head(path)
                for answer in (head, whole):
                    del answer.headers["x-request-id"]  # each has its own
                if (head.status_code, head.headers) != (whole.status_code, whole.headers) or head.content:
                    wrong.append(path)
                assert whole.content
    assert wrong == []


async def test_every_answer_carries_the_same_manners(tmp_path: Path) -> None:
    app = application(tmp_path)
    asked = [(method, path) for method, path, _ in every_call(app)]
    asked += [("DELETE", path) for _, path in asked] + [("GET", "/nowhere"), ("BREW", "/v1/health")]
    async with client_of(app) as client:
        for method, path in asked:
            answer = await client.request(method, path)
            shown = {name: answer.headers.get(name) for name in ALWAYS}
            stored = "max-age=300, public" if path in PUBLIC and method == "GET" else "no-store"
            assert (shown, answer.headers["cache-control"]) == (ALWAYS, stored), (method, path)
            assert "strict-transport-security" not in answer.headers
            if answer.status_code == 405:
                allowed = set(answer.headers["allow"].split(", "))
                assert method not in allowed
                assert ("GET" in allowed) == ("HEAD" in allowed)


@pytest.mark.parametrize("path", ["/v1/health", "/nowhere", "/oauth/jwks"])
async def test_a_hub_that_is_reached_by_tls_says_so(tmp_path: Path, path: str) -> None:
    async with client_of(application(tmp_path, "https://hub.example")) as client:
        answer = await client.get(path)
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "coding", ["gzip", "br", "deflate", "x-gzip", "identity, GZip", "zstd,identity", "aes128gcm"]
)
async def test_no_call_takes_a_body_in_a_coding_that_nobody_undoes(tmp_path: Path, coding: str) -> None:
    app = application(tmp_path)
    async with client_of(app) as client:
        for method, path, _ in every_call(app):
            answer = await client.request(method, path, headers={"Content-Encoding": coding}, content=b"{}")
            assert (answer.status_code, answer.json()["code"]) == (415, "http.encoding-not-taken"), path
            assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("coding", ["identity", "Identity", "", "identity, "])
async def test_a_body_without_a_coding_may_say_so(tmp_path: Path, coding: str) -> None:
    async with client_of(application(tmp_path)) as client:
        answer = await client.post("/v1/exchanges", headers={"Content-Encoding": coding}, content=b"{}")
    assert answer.json()["code"] == "access.token-missing"


@pytest.mark.parametrize("coding", ["gzip, chunked", "identity", "Chunked, deflate", "chunked;q=1"])
async def test_no_transfer_coding_but_chunked_is_taken(tmp_path: Path, coding: str) -> None:
    async with client_of(application(tmp_path)) as client:
        answer = await client.post("/v1/exchanges", headers={"Transfer-Encoding": coding}, content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (501, "http.transfer-coding-not-taken")


async def test_chunked_is_taken_in_any_case(tmp_path: Path) -> None:
    async with client_of(application(tmp_path)) as client:
        answer = await client.post("/v1/exchanges", headers={"Transfer-Encoding": "CHUNKED"}, content=b"{}")
    assert answer.json()["code"] == "access.token-missing"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("Host", []),
        ("Host", [""]),
        ("Host", ["hub.example", "hub.example"]),
        ("Host", ["hub.example", "other.example"]),
        ("Content-Type", ["application/json", "application/json"]),
        ("Content-Type", ["application/x-www-form-urlencoded", "text/plain"]),
    ],
)
async def test_a_field_that_says_one_thing_stands_once(tmp_path: Path, field: str, values: list[str]) -> None:
    app = application(tmp_path)
    async with client_of(app) as client:
        for path in ("/v1/exchanges", "/oauth/token", "/v1/health", "/nowhere"):
            request = client.build_request("POST", path, content=b"{}")
            request.headers.pop(field, None)
            said = [*request.headers.raw, *((field.encode(), value.encode()) for value in values)]
            request.headers = httpx.Headers(said)
            answer = await client.send(request)
            assert (answer.status_code, answer.json()["code"]) == (400, "http.head-unclear"), path
            assert answer.json()["field"] == field


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("application/json", "application/json"),
        ("application/JSON; Charset=utf-8", "application/json"),
        ("Application/Json;charset=UTF-8", "application/json"),
        ('application/json ; charset="utf-8"; Profile=x', "application/json"),
        (" application/pdf\t", "application/pdf"),
        ("application/json; charset=utf-16", None),
        ("application/json; charset=iso-8859-13", None),
        ("application/json;charset=", None),
        ("json", None),
        ("application/", None),
        ("/json", None),
        ("application/json/x", None),
        ("application/json, text/plain", None),
        ("", None),
        (None, None),
    ],
)
def test_a_media_type_is_read_in_any_case_and_by_its_charset(written: str | None, read: str | None) -> None:
    assert media_type(written) == read
