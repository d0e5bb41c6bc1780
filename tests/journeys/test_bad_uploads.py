"""An upload that is not what was declared, is cut off, or names no document: refused, and nothing is kept."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from saikne import wire_bytes
from tests.journeys.play import Answered, Play, code_of, pdf


@pytest.fixture
async def declared(play: Play) -> Answered:
    """An answer that is declared, of which nothing was sent."""
    answered = await play.prepare(await play.ask(), size_bytes=200_000)
    await play.holder.tell(answered.manifest)
    return answered


def place(answered: Answered, no: int | str = 1, round_no: int | str = 1) -> str:
    return f"/v1/exchanges/{answered.exchange}/rounds/{round_no}/documents/{no}"


def content_of(answered: Answered) -> bytes:
    return answered.files[1].read_bytes()


async def nothing_was_kept(play: Play, answered: Answered) -> None:
    """No row, no object, not even a half-written file; and the document can still be sent."""
    rows = await play.sql("SELECT count(*) FROM hub.segment WHERE exchange_id = $1", answered.exchange)
    assert rows[0][0] == 0
    assert play.objects(answered.exchange) == []
    view = await play.send(answered)
    assert view.answer is not None
    assert all(document.sealed_at for document in view.answer.documents)


async def test_a_sender_that_is_refused_while_it_sends_hears_why(play: Play, declared: Answered) -> None:
    """Without that a refusal looks like a broken connection, and is tried again and again."""
    holder, long = await play.by_hand(play.holder), pdf("long", 5_000_000)
    stranger = await play.by_hand(play.stranger)
    for _ in range(10):
        answer = await holder.put(place(declared), long)
        assert code_of(answer) == (422, "exchange.document-not-as-declared")
        assert code_of(await stranger.put(place(declared), long)) == (404, "exchange.not-found")
    await nothing_was_kept(play, declared)


async def test_another_document_than_declared_is_refused_before_its_body(
    play: Play, declared: Answered
) -> None:
    holder, right = await play.by_hand(play.holder), content_of(declared)
    other = pdf("another", len(right))
    for body, media_type in (
        (other, "application/pdf"),
        (right[:-1], "application/pdf"),
        (right, "image/png"),
    ):
        headers = holder.for_upload(place(declared), body, media_type)
        answer = await holder.put(place(declared), body, headers)
        assert code_of(answer) == (422, "exchange.document-not-as-declared")
    await nothing_was_kept(play, declared)


async def test_other_bytes_under_the_declared_digest_are_refused(play: Play, declared: Answered) -> None:
    holder, right = await play.by_hand(play.holder), content_of(declared)
    wrong = right[:-1] + bytes([right[-1] ^ 1])
    headers = holder.for_upload(place(declared), right)
    assert code_of(await holder.put(place(declared), wrong, headers)) == (422, "sealing.digest-mismatch")
    await nothing_was_kept(play, declared)


@pytest.mark.parametrize(
    ("change", "code"), [(-1, "sealing.document-truncated"), (+70_000, "sealing.document-too-long")]
)
async def test_an_upload_of_another_length_is_refused(
    play: Play, declared: Answered, change: int, code: str
) -> None:
    holder, right = await play.by_hand(play.holder), content_of(declared)
    body = right[:change] if change < 0 else right + b"x" * change

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    answer = await holder.http.put(
        holder.uri(place(declared)), content=chunks(), headers=holder.for_upload(place(declared), right)
    )
    assert code_of(answer) == (422, code)
    await nothing_was_kept(play, declared)


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_upload_whose_sender_hangs_up_leaves_nothing(
    play: Play,
    declared: Answered,
    chunked: bool,  # noqa: FBT001
) -> None:
    holder, right = await play.by_hand(play.holder), content_of(declared)
    headers = holder.for_upload(place(declared), right)
    _, writer = await holder.begin_upload(place(declared), headers, None if chunked else len(right))
    piece = right[:100_000]
    writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if chunked else piece)
    await writer.drain()
    writer.transport.abort()
    await asyncio.sleep(0)
    await nothing_is_being_written(play, declared)
    await nothing_was_kept(play, declared)


async def nothing_is_being_written(play: Play, answered: Answered) -> None:
    for _ in range(200):
        if not play.objects(answered.exchange):
            return
        await asyncio.sleep(0.05)


async def test_a_document_sent_twice_side_by_side_is_kept_once(play: Play, declared: Answered) -> None:
    holder, right = await play.by_hand(play.holder), content_of(declared)
    answers = await asyncio.gather(*[holder.put(place(declared), right) for _ in range(4)])
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1
    assert len(play.objects(declared.exchange)) == 1
    told = await play.sql("SELECT kind FROM hub.event WHERE about_id = $1", declared.exchange)
    assert [row[0] for row in told].count("exchange.document.sealed") == 1


@pytest.mark.parametrize(
    ("round_no", "no", "refusal"),
    [
        (1, 2, (404, "exchange.document-not-declared")),
        (2, 1, (409, "exchange.other-round")),
        (1, 0, (400, "http.refused")),
        (0, 1, (400, "http.refused")),
        (1, -1, (400, "http.refused")),
        (1, 32768, (400, "http.refused")),
        (1, 10**30, (400, "http.refused")),
        (10**30, 1, (400, "http.refused")),
        (1, "dok-01.pdf", (404, "http.not-found")),
        (1, "..%2f..%2fkeys", (404, "http.not-found")),
        (1, "..%2F1", (404, "http.not-found")),
        (1, "%00", (404, "http.not-found")),
        (1, "%E2%91%A0", (404, "http.not-found")),
        (1, "1%2f..", (404, "http.not-found")),
        ("..", 1, (404, "http.not-found")),
        (1, "1e3", (404, "http.not-found")),
    ],
)
async def test_no_path_and_no_absurd_number_names_a_document(
    play: Play, declared: Answered, round_no: int | str, no: int | str, refusal: tuple[int, str]
) -> None:
    holder, right = await play.by_hand(play.holder), content_of(declared)
    path = place(declared, no, round_no)
    reader, writer = await holder.begin_upload(path, holder.for_upload(path, right), len(right))
    writer.write(right)
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    problem = json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])
    assert (int(head.split()[1]), problem["code"]) == refusal
    assert play.objects(declared.exchange) == []


async def test_an_absurd_entry_name_has_no_way_in(play: Play) -> None:
    exchange = await play.ask()
    document = json.loads(wire_bytes((await play.prepare(exchange)).manifest))
    holder = await play.by_hand(play.holder)
    for absurd in (
        {"name": "../../x.pdf"},
        {"no": 2},
        {"no": 10**30},
        {"bytes": 0},
        {"bytes": 10**15},
        {"sha256": "A" * 64},
    ):
        spoiled = {**document, "documents": [document["documents"][0] | absurd]}
        answer = await holder.post(f"/v1/exchanges/{exchange}/answer", json.dumps(spoiled).encode())
        assert code_of(answer) == (400, "manifest.malformed")
