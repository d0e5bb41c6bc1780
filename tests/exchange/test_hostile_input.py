"""What a centre may try against another, or against the hub, and what comes of it."""

from tests.journeys.play import Play, pdf


async def test_a_sealed_document_is_there_for_the_same_bytes_only(quiet: Play) -> None:
    answered = await quiet.prepare(await quiet.ask())
    await quiet.send(answered)
    hand, path = await quiet.by_hand(quiet.holder), f"/v1/exchanges/{answered.exchange}/rounds/1/documents/1"
    assert (await hand.put(path, answered.files[1].read_bytes())).status_code == 200
    other = await hand.put(path, pdf("something else"))
    assert (other.status_code, other.json()["code"]) == (422, "exchange.document-not-as-declared")
