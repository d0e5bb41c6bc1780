"""The main story over real HTTP, PostgreSQL, SMTP and an SMS gateway: asked, answered, opened, confirmed."""

import json
from base64 import b64decode
from uuid import UUID

import pytest

from saikne import (
    HubRefusal,
    WrongPassword,
    compose,
    verify_acceptance,
    verify_receipt,
    verify_statement,
)
from saikne.passwords import ALPHABET, SYMBOLS
from saikne.signatures import components_proved
from saikne.statements import wire_bytes
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.manifests import (
    AuthorisedPerson,
    Reveal,
)
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    ExchangeKind,
    ExchangeState,
    PasswordChannel,
)
from tests.journeys.conftest import ATTACHMENT_BYTES
from tests.journeys.play import CHILD, FAMILY, Answered, Play, chain_of, seven_zip, until
from tests.terms import term_of

SPEAKER = AuthorisedPerson(name="Solvita Krēsliņa", position="sociālā darbiniece")
WAYS = [
    (DeliveryChannel.HUB, PasswordChannel.SMS, ExchangeKind.FAMILY_CASE),
    (DeliveryChannel.HUB, PasswordChannel.EMAIL, ExchangeKind.CHILD_IAP),
    (DeliveryChannel.HUB, PasswordChannel.VOICE, ExchangeKind.FAMILY_CASE),
    (DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.SMS, ExchangeKind.CHILD_IAP),
    (DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.VOICE, ExchangeKind.FAMILY_CASE),
]


async def password_by(play: Play, answered: Answered, channel: PasswordChannel) -> str:
    """What a person of the requester's holds in the end, whichever way it came."""
    if channel is PasswordChannel.SMS:
        return await play.texted(answered.exchange, answered.round)
    if channel is PasswordChannel.EMAIL:
        mail = await play.mailed(str(ZEMGALE.password_email), answered.exchange)
        return str(next(line for line in mail.text.splitlines() if is_password(line.strip())).strip())
    reveal = compose(Reveal, exchange=answered.exchange, round=answered.round, spoken_by=SPEAKER)
    revealed = await play.holder.reveal(reveal)
    assert revealed.to == ZEMGALE.voice_phone
    return revealed.password


def is_password(line: str) -> bool:
    """By its alphabet and length: one in four hundred passwords has no digit."""
    return len(line) == SYMBOLS and set(line) <= set(ALPHABET)


@pytest.mark.parametrize(("channel", "password_channel", "kind"), WAYS)
async def test_what_was_sent_is_what_arrives_whichever_way_it_goes(
    play: Play, channel: DeliveryChannel, password_channel: PasswordChannel, kind: ExchangeKind
) -> None:
    exchange = await play.ask((channel, password_channel), kind)
    answered = await play.answer(exchange)
    archive = (await play.fetch(exchange)).path
    if channel is DeliveryChannel.EMAIL_TWO_STEP:
        mail = await play.mailed(str(ZEMGALE.archive_email), exchange)
        (attachment,) = mail.attachments
        assert attachment.content == archive.read_bytes()
    opened = await play.open(archive, await password_by(play, answered, password_channel))
    assert {no: path.read_bytes() for no, path in opened.files.items()} == {
        no: path.read_bytes() for no, path in answered.files.items()
    }
    done = await play.requester.tell(play.confirmation(exchange, 1, opened))
    assert done.state is ExchangeState.CONFIRMED


async def test_7z_opens_the_archive_with_the_texted_password_and_no_other(play: Play) -> None:
    exchange = await play.ask(kind=ExchangeKind.FAMILY_CASE)
    answered = await play.answer(exchange)
    archive, password = (await play.fetch(exchange)).path, await play.texted(exchange)
    into = play.new_folder()
    assert seven_zip(archive, password, into).returncode == 0
    for no, path in answered.files.items():
        assert (into / f"dok-{no:02}.pdf").read_bytes() == path.read_bytes()
    assert (into / "manifest.json").read_bytes() == wire_bytes(answered.manifest)
    for wrong in (password[:-1] + ("0" if password[-1] != "0" else "1"), password.lower(), password[::-1]):
        assert seven_zip(archive, wrong, play.new_folder()).returncode != 0


async def test_the_client_says_which_way_a_password_is_wrong(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    archive = (await play.fetch(exchange)).path
    other = "0123456789ABCDEF"
    for wrong, hint in ((other, "other-archive"), (other + "?", "mistyped"), ("short", "not-a-password")):
        with pytest.raises(WrongPassword) as refused:
            await play.open(archive, wrong)
        assert (refused.value.code, refused.value.hint) == ("password.wrong", hint)
    assert not list(play.folder.glob(".*"))


async def test_an_archive_above_the_limit_goes_as_a_link_that_needs_sign_in(play: Play) -> None:
    exchange = await play.ask((DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.SMS))
    answered = await play.answer(exchange, size_bytes=ATTACHMENT_BYTES)
    link = f"{play.stage.url}/v1/exchanges/{exchange}/archive"
    mail = await play.mailed(str(ZEMGALE.archive_email), exchange, link)
    assert mail.attachments == []
    assert (await play.http.get(link)).json()["code"] == "access.token-missing"
    await until(lambda: play.requester.exchange(exchange), lambda view: view.answer.delivery == "linked")  # type: ignore[union-attr]
    assert (await play.finish(answered)).state is ExchangeState.CONFIRMED


async def test_the_parcel_carries_its_manifest_and_the_holders_signature(play: Play) -> None:
    exchange = await play.ask(kind=ExchangeKind.FAMILY_CASE)
    answered = await play.answer(exchange)
    opened = await play.open((await play.fetch(exchange)).path, await play.texted(exchange))
    record = json.loads((opened.directory / "manifest.sig.json").read_bytes())
    base, signature = b64decode(record["signature_base"]), b64decode(record["signature"])
    components = components_proved(base, signature, record["public_key"])
    assert components["@target-uri"] == f"{play.stage.url}/v1/exchanges/{exchange}/answer"
    assert opened.manifest == answered.manifest
    assert opened.key_id == play.holder.credentials.signing_key.kid
    words = (opened.directory / "apliecinajums.txt").read_text()
    assert "dok-01.pdf: KOPIJA PAREIZA. vadītāja, Biedrība „Ligzda”, Solvita Krēsliņa, 20.11.2026." in words


@pytest.fixture(scope="module")
async def told(play: Play) -> tuple[UUID, Answered]:
    """A story that has been told to its end."""
    exchange = await play.ask(kind=ExchangeKind.FAMILY_CASE)
    answered = await play.answer(exchange)
    await play.finish(answered)
    return exchange, answered


async def test_either_side_proves_every_statement_without_the_hub(
    play: Play, told: tuple[UUID, Answered]
) -> None:
    jwks = await play.requester.jwks()
    kinds = ["saikne.request/1", "saikne.answer/1", "saikne.dispatch/1", "saikne.confirmation/1"]
    for hub in (play.requester, play.holder):
        statements = await hub.statements(told[0])
        assert [statement.kind for statement in statements] == kinds
        for statement in statements:
            assert verify_statement(statement, jwks)["@method"] == "POST"


async def test_the_receipt_binds_every_statement_and_holds_the_confirmation(
    play: Play, told: tuple[UUID, Answered]
) -> None:
    exchange, answered = told
    jwks = await play.holder.jwks()
    view = await play.holder.exchange(exchange)
    receipt = verify_receipt((await play.holder.receipt(exchange)).receipt, jwks)
    assert view.answer is not None
    assert receipt["archive_sha256"] == view.answer.archive_sha256
    statements = await play.holder.statements(exchange)
    digests = {verify_acceptance(s.acceptance, jwks)["statement"]["sha256"] for s in statements[:-1]}
    assert {one["sha256"] for one in receipt["statements"]} == digests
    signed = receipt["confirmation"]
    components_proved(
        signed["signature_base"].encode(), bytes.fromhex(signed["signature"]), signed["public_key"]
    )
    confirmed = json.loads(signed["body"])
    assert [d["sha256"] for d in confirmed["documents"]] == [d.sha256 for d in answered.manifest.documents]
    assert await play.requester.receipt(exchange) == await play.holder.receipt(exchange)


async def test_every_acceptance_names_a_link_of_its_authors_own_chain(
    play: Play, told: tuple[UUID, Answered]
) -> None:
    jwks = await play.requester.jwks()
    for hub in (play.requester, play.holder):
        events, verdict = await chain_of(hub)
        assert verdict.holds
        links = {(event.seq, event.hash.hex()): event for event in events}
        mine = [s for s in await hub.statements(told[0]) if s.author == hub.credentials.centre]
        assert mine
        for statement in mine:
            accepted = verify_acceptance(statement.acceptance, jwks)
            event = links[accepted["evidence"]["seq"], accepted["evidence"]["hash"]]
            assert json.loads(event.body)["statement"]["sha256"] == accepted["statement"]["sha256"]


async def test_each_chain_tells_the_whole_story_in_order(play: Play, told: tuple[UUID, Answered]) -> None:
    events, _ = await chain_of(play.requester)
    kinds = [event.kind for event in events if event.about == told[0]]
    spoken = [
        "request.opened",
        "answer.declared",
        "answer.dispatched",
        "archive.downloaded",
        "receipt.confirmed",
    ]
    assert [kind for kind in kinds if kind.removeprefix("exchange.") in spoken] == [
        f"exchange.{one}" for one in spoken
    ]
    assert {"passwords.handover.sent", "passwords.password.erased"} <= set(kinds)


async def test_notices_name_the_exchange_and_neither_family_nor_child(
    play: Play, told: tuple[UUID, Answered]
) -> None:
    told_of = [
        await play.mailed(LIGZDA.notices, told[0], "pieprasījums"),
        await play.mailed(ZEMGALE.notices, told[0], "nosūtītas"),
        await play.mailed(LIGZDA.notices, told[0], "apstiprin"),
    ]
    password = await play.texted(told[0])
    for mail in told_of:
        for secret in (FAMILY, CHILD, password, "Krēsliņa"):
            assert secret not in mail.text + mail.subject


async def test_the_password_is_gone_from_the_hub_once_receipt_is_confirmed(
    play: Play, told: tuple[UUID, Answered]
) -> None:
    rows = await play.sql(
        "SELECT wrapped, state, erased_because FROM hub.password WHERE exchange_id = $1", told[0]
    )
    assert [tuple(row) for row in rows] == [(None, "erased", "confirmed")]


async def test_the_term_is_met_by_the_dispatch_and_explained_day_by_day(
    play: Play, told: tuple[UUID, Answered]
) -> None:
    view = await play.requester.exchange(told[0])
    assert view.answer is not None
    assert term_of(view).met_at == view.answer.dispatched_at
    assert sum(day.counted for day in term_of(view).days) == 10
    assert term_of(view).days[-1].day == term_of(view).due_on


async def test_a_download_that_broke_off_goes_on_from_its_last_byte(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange, size_bytes=300_000)
    whole = (await play.fetch(exchange)).path.read_bytes()
    caller, path = await play.by_hand(play.requester), f"/v1/exchanges/{exchange}/archive"
    assert (await caller.get(path)).content == whole
    for start in (1, 29, 70_000, len(whole) - 1):
        rest = await caller.get(path, Range=f"bytes={start}-")
        assert rest.status_code == 206
        assert rest.headers["content-range"] == f"bytes {start}-{len(whole) - 1}/{len(whole)}"
        assert rest.content == whole[start:]
    middle = await caller.get(path, Range="bytes=100-199")
    assert middle.content == whole[100:200]
    beyond = await caller.get(path, Range=f"bytes={len(whole)}-")
    assert (beyond.status_code, beyond.json()["code"]) == (416, "http.range-not-satisfiable")
    downloads = [e for e in (await chain_of(play.holder))[0] if e.about == exchange and "download" in e.kind]
    assert len(downloads) == 2 + 4 + 1


async def test_a_download_confirms_nothing(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    await play.fetch(exchange)
    assert await play.state(exchange) == "dispatched"
    with pytest.raises(HubRefusal, match=r"exchange\.no-receipt-yet"):
        await play.holder.receipt(exchange)
