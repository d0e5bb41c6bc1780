"""One range of bytes, from its first to its last, of an archive that is still the one that was meant."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, Request, Response, get
from litestar.types import Receive, Scope, Send

from hub.web.manners import mannered
from hub.web.problems import HANDLERS
from hub.web.ranges import HANDLERS as RANGES
from hub.web.ranges import RangeNotSatisfiable, archive_answer, asked_range, wanted
from tests.web.conftest import client_of


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("", None),
        ("bytes=0-", (0, 1000)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=999-", (999, 1000)),
        ("bytes=10-5000", (10, 1000)),
        ("bytes=-5", (995, 1000)),
        ("bytes=-5000", (0, 1000)),
        ("Bytes= 0-1", (0, 2)),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=0-1 ", None),
        ("bytes=٣-٤", None),
        ("bytes=9999999999999999-", None),
    ],
)
def test_a_range_is_read_as_rfc_9110_has_it(header: str | None, wanted: tuple[int, int] | None) -> None:
    assert asked_range(header, 1000) == wanted


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=5-4", "bytes=-0"])
def test_a_range_that_is_not_there_is_refused_with_the_size(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as refusal:
        asked_range(header, 1000)
    assert refusal.value.facts == {"size": 1000}


@given(start=st.integers(0, 2000), end=st.integers(0, 2000), size=st.integers(1, 1500))
def test_what_is_given_lies_within_the_archive(start: int, end: int, size: int) -> None:
    try:
        wanted = asked_range(f"bytes={start}-{end}", size)
    except RangeNotSatisfiable:
        assert start >= size or end < start
    else:
        assert wanted == (start, min(end + 1, size))


@given(header=st.text(max_size=50))
def test_no_header_whatever_is_our_fault(header: str) -> None:
    try:
        asked_range(header, 1000)
    except RangeNotSatisfiable:
        assert header.lower().startswith("bytes=")


ARCHIVE = bytes(range(250)) * 4
SHA256 = b"\x9f" * 32
TAG = f'"{SHA256.hex()}"'


@get("/archive")
async def fetch(request: Request[Any, Any, Any]) -> Response[Any]:
    part = wanted(request, size=len(ARCHIVE), sha256=SHA256)

    async def pieces() -> AsyncIterator[bytes]:
        yield ARCHIVE[part.start : part.end]

    return archive_answer(pieces(), part, "archive.zip")


class Small(Litestar):
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def inner(scope: Scope, receive: Receive, send: Send) -> None:
            await super(Small, self).__call__(scope, receive, send)

        await mannered(inner, "http://hub.example")(scope, receive, send)


async def fetched(method: str = "GET", **fields: str) -> httpx.Response:
    app = Small([fetch], exception_handlers={**HANDLERS, **RANGES}, openapi_config=None)
    async with client_of(app) as client:
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        return await client.request(method, "/archive", headers=headers)


OTHER = '"' + "0" * 64 + '"'
YESTERDAY = "Sat, 28 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 200),
        ({"Range": "bytes=10-19"}, 206),
        ({"Range": "bytes=10-19", "If_Range": TAG}, 206),
        ({"Range": "bytes=10-19", "If_Range": OTHER}, 200),
        ({"Range": "bytes=10-19", "If_Range": f"W/{TAG}"}, 200),
        ({"Range": "bytes=10-19", "If_Range": YESTERDAY}, 200),
        ({"Range": "bytes=5000-", "If_Range": OTHER}, 200),
        ({"Range": "bytes=5000-", "If_Range": TAG}, 416),
        ({"If_Match": TAG}, 200),
        ({"If_Match": "*"}, 200),
        ({"If_Match": f"{OTHER}, {TAG}"}, 200),
        ({"If_Match": f"{OTHER} ,{TAG}", "Range": "bytes=0-0"}, 206),
        ({"If_Match": OTHER}, 412),
        ({"If_Match": f"W/{TAG}"}, 412),
        ({"If_Match": SHA256.hex()}, 412),
        ({"If_Match": OTHER, "If_None_Match": TAG}, 412),
        ({"If_Match": OTHER, "Range": "bytes=5000-"}, 412),
        ({"If_None_Match": TAG}, 304),
        ({"If_None_Match": f"W/{TAG}"}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": f"{OTHER}, {TAG}", "Range": "bytes=0-0"}, 304),
        ({"If_None_Match": OTHER}, 200),
        ({"If_None_Match": ""}, 200),
    ],
)
async def test_conditions_come_before_ranges_and_each_as_rfc_9110_has_it(
    fields: dict[str, str], status: int
) -> None:
    answer = await fetched(**fields)
    assert answer.status_code == status
    if status < 400:
        assert answer.headers["etag"] == TAG
    if status == 200:
        assert answer.content == ARCHIVE
    if status == 206:
        start, _, end = (
            answer.headers["content-range"].removeprefix("bytes ").partition("/")[0].partition("-")
        )
        assert answer.content == ARCHIVE[int(start) : int(end) + 1]
    if status == 304:
        assert answer.content == b""


async def test_a_range_that_is_not_there_is_told_the_size_in_content_range() -> None:
    answer = await fetched(Range="bytes=1000-")
    assert (answer.status_code, answer.json()["code"]) == (416, "http.range-not-satisfiable")
    assert answer.headers["content-range"] == "bytes */1000"


@pytest.mark.parametrize("fields", [{}, {"Range": "bytes=10-19"}, {"Range": "bytes=5000-"}])
async def test_head_tells_of_the_whole_archive_whatever_range_is_named(fields: dict[str, str]) -> None:
    whole, head = await fetched(), await fetched("HEAD", **fields)
    assert (head.status_code, head.headers, head.content) == (200, whole.headers, b"")
