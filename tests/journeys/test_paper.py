"""Copies on paper by the command of both centres, and an archive that came to a wrong recipient."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from saikne import Hub, compose
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.paper import HandedOver
from saikne_schemas.vocabulary import Authority
from tests.journeys.by_command import done, refused, to_do, told
from tests.journeys.play import CHILD, Play, chain_of, code_of, pdf, until

CERTIFIED = ("--officer", "Solvita Krēsliņa", "--position", "vadītāja")
ILZE = "Ilze Kalniņa;vadītāja"
RIGA = ZoneInfo("Europe/Riga")


async def asked(play: Play, receipt: str) -> str:
    given = await done(
        play, play.requester, "request", "--holder", str(play.holder.credentials.centre),
        "--kind", "child_iap", "--child", CHILD, "--legal-basis", "method_child_move",
        "--purpose", "care_of_placed_child", "--receipt", receipt, "--despite", "other_family",
    )  # fmt: skip
    assert given["exchange"]["receipt"] == {"channel": receipt, "password_channel": None}
    return str(given["accepted"]["exchange"])


def scan(play: Play) -> str:
    """A signed sheet, or the post's receipt, as a scanner leaves it."""
    path = play.new_folder().with_suffix(".pdf")
    path.write_bytes(pdf(str(path)))
    return str(path)


async def kinds(hub: Hub, exchange: str) -> list[str]:
    return [event.kind for event in (await chain_of(hub))[0] if event.about == UUID(exchange)]


async def test_copies_are_handed_over_in_person_and_confirmed(play: Play) -> None:
    exchange = await asked(play, "in_person")
    view = await done(play, play.holder, "answer-on-paper", exchange, f"iap:{CHILD}=12", *CERTIFIED)
    assert (view["state"], view["answer"]["way"]) == ("preparing", "in_person")
    assert await to_do(play, play.holder, exchange) == [
        "handed-over",
        "refuse",
        "propose-extension",
        "discard",
    ]
    code, printed = await told(
        play, play.holder, "handed-over", exchange, "--to", ILZE, "--proof", scan(play), language="lv"
    )
    assert code == 0, printed
    assert await to_do(play, play.requester, exchange) == ["confirm", "dispute"]
    assert await to_do(play, play.holder, exchange) == []
    assert "saņēma Ilze Kalniņa" in printed
    await play.mailed(ZEMGALE.notices, UUID(exchange), "izsniegtas")
    _, status = await told(play, play.requester, "status", exchange)
    assert "Ilze Kalniņa, vadītāja (listed representative)" in status
    assert await refused(play, play.requester, "confirm", exchange, scan(play)) == (
        2,
        "confirm.paper-takes-no-archive",
    )
    assert (await done(play, play.requester, "confirm", exchange))["state"] == "confirmed"
    certified = (await done(play, play.holder, "receipt", exchange))["certified"]
    assert (certified["channel"], certified["documents"][0]["pages"]) == ("in_person", 12)
    for hub in (play.requester, play.holder):
        assert {"exchange.answer.handed_over", "exchange.receipt.confirmed"} <= set(
            await kinds(hub, exchange)
        )
    statements = await done(play, play.holder, "statements", exchange)
    assert [one["kind"] for one in statements] == [
        "saikne.request/1",
        "saikne.paper-answer/1",
        "saikne.handed-over/1",
        "saikne.paper-receipt/1",
    ]


async def test_a_posted_item_comes_back_and_the_answer_goes_another_way(play: Play) -> None:
    exchange = await asked(play, "registered_post")
    assert await to_do(play, play.holder, exchange) == ["answer-on-paper", "refuse", "propose-extension"]
    await done(play, play.holder, "answer-on-paper", exchange, f"iap:{CHILD}=12", *CERTIFIED)
    assert await to_do(play, play.holder, exchange) == ["posted", "refuse", "propose-extension", "discard"]
    code, printed = await told(
        play, play.holder, "posted", exchange, "--item", "RR123456784LV", "--proof", scan(play)
    )
    assert (code, "Check the item number RR123456784LV" in printed) == (0, True), printed
    due = (await play.holder.exchange(UUID(exchange))).term
    assert await to_do(play, play.holder, exchange) == ["post-outcome"]
    assert await to_do(play, play.requester, exchange) == ["confirm"]
    _, awaited = await told(play, play.requester, "today", "--awaited")
    assert f"saikne confirm {exchange[:8]}" in awaited
    came = await done(play, play.holder, "post-outcome", exchange, "--outcome", "returned")
    assert await to_do(play, play.holder, exchange) == ["answer-on-paper", "propose-extension"]
    assert came["state"] == "disputed"
    await play.mailed(ZEMGALE.notices, UUID(exchange), "atgriezies")
    view = await play.holder.exchange(UUID(exchange))
    assert view.term is not None
    assert due is not None
    assert (view.term.due_on, view.term.met_at) == (due.due_on, None)
    said = ("answer-on-paper", exchange, f"iap:{CHILD}=12", *CERTIFIED, "--way", "in_person")
    assert await refused(play, play.holder, *said) == (1, "exchange.departs-from-wish")
    again = await done(play, play.holder, *said, "--departure", "addressee_unreachable")
    assert (again["receipt"]["channel"], again["answer"]["way"]) == ("registered_post", "in_person")
    _, status = await told(play, play.requester, "status", exchange)
    assert "Wished: registered post. Taken: in person against signature." in status


async def test_what_is_missing_on_paper_is_told_by_its_words(play: Play) -> None:
    exchange = await asked(play, "in_person")
    declared = ("answer-on-paper", exchange, f"other_child:{CHILD}=2", *CERTIFIED)
    _, printed = await told(play, play.holder, *declared)
    assert f"saikne discard {exchange}" in printed
    over = ("handed-over", exchange, "--to", ILZE, "--proof", scan(play))
    assert await refused(play, play.holder, *over) == (2, "answer.forms-missing")
    _, printed = await told(play, play.holder, *over, language="lv")
    assert f"individuālais attīstības plāns {CHILD}" in printed
    view = await done(play, play.holder, *over, "--incomplete-because", "not_drawn_up")
    assert view["state"] == "dispatched"
    _, confirmed = await told(play, play.requester, "confirm", exchange, language="lv")
    assert confirmed.startswith("Saņemšana ir apstiprināta: 1 dokuments. Kopijas nav pilnīgas.\n")
    for said in (
        f"individuālais attīstības plāns {CHILD}",
        "iemesls: nav sagatavots",
        f"saikne supplement {exchange}",
    ):
        assert said in confirmed


async def test_an_archive_takes_the_place_of_paper_where_the_requester_has_addresses(
    play: Play, tmp_path: Path
) -> None:
    exchange = await asked(play, "in_person")
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(pdf("plan"))
    said = ("answer", exchange, f"iap:{CHILD}={plan}", *CERTIFIED)
    assert await refused(play, play.holder, *said) == (1, "exchange.departs-from-wish")
    assert await refused(play, play.holder, *said, "--way", "hub") == (2, "answer.departure-not-given")
    view = await done(
        play, play.holder, *said, "--way", "hub", "--password", "sms", "--departure", "asked_by_requester"
    )
    assert (view["state"], view["answer"]["way"]) == ("dispatched", "hub")
    assert view["answer"]["password"]["channel"] == "sms"
    opened = await play.open((await play.fetch(UUID(exchange))).path, await play.texted(UUID(exchange)))
    accepted = await play.requester.tell(play.confirmation(UUID(exchange), 1, opened))
    assert accepted.state == "confirmed"


async def test_an_archive_with_a_wrong_recipient_is_erased_and_everybody_is_told(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    await play.fetch(exchange)
    await done(play, play.requester, "wrong-recipient", str(exchange))
    for address in (ZEMGALE.notices, LIGZDA.notices, "bac@bac.example"):
        await play.mailed(address, exchange, "nepareiza")
    await until(lambda: erased(play, exchange), lambda gone: gone)
    caller = await play.by_hand(play.requester)
    answer = await caller.get(f"/v1/exchanges/{exchange}/archive")
    assert code_of(answer) == (409, "exchange.step-not-allowed")
    view = await play.holder.exchange(exchange)
    assert view.answer is not None
    assert view.answer.password is not None
    assert (view.state, view.answer.password.state, view.answer.archive_available) == (
        "frozen",
        "erased",
        False,
    )
    assert view.id in [item.id async for item in play.holder.inbox()]
    resolved = await done(play, play.holder, "resolve", str(exchange), "--reason", "recovered")
    assert resolved["state"] == "disputed"
    for hub in (play.requester, play.holder):
        assert {"exchange.recipient.wrong", "exchange.recipient.resolved"} <= set(
            await kinds(hub, str(exchange))
        )
    second = await play.answer(exchange)
    assert (await play.finish(second)).state == "confirmed"


async def erased(play: Play, exchange: UUID) -> bool:
    return not play.objects(exchange)


def handed(exchange: str, **changes: Any) -> dict[str, Any]:
    said = {
        "schema": "saikne.handed-over/1",
        "id": str(uuid4()),
        "exchange": exchange,
        "round": 1,
        "to": {"name": "Ilze Kalniņa", "position": "vadītāja"},
        "authority": "listed_representative",
        "handed_over_on": "2020-01-02",
        "proofs": [{"id": str(uuid4()), "sha256": "0" * 64}],
    }
    return {**said, **changes}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"proofs": []}, (400, "manifest.malformed")),
        ({"to": {"name": "", "position": "vadītāja"}}, (400, "manifest.malformed")),
        ({"note": "x"}, (400, "manifest.malformed")),
        ({"round": 2}, (409, "exchange.other-round")),
        ({}, (422, "days.before-cause")),
        ({"handed_over_on": "2099-01-02"}, (422, "days.in-the-future")),
    ],
)
async def test_a_hand_over_worded_by_hand_is_refused_with_its_code_and_moves_nothing(
    play: Play, changes: dict[str, Any], wanted: tuple[int, str]
) -> None:
    exchange = await asked(play, "in_person")
    await done(play, play.holder, "answer-on-paper", exchange, f"iap:{CHILD}=12", *CERTIFIED)
    before = await play.traces(UUID(exchange))
    caller = await play.by_hand(play.holder)
    body = json.dumps(handed(exchange, **changes)).encode()
    answer = await caller.post(f"/v1/exchanges/{exchange}/handed-over", body)
    assert code_of(answer) == wanted
    assert await play.traces(UUID(exchange)) == before


@pytest.mark.parametrize(
    "receipt",
    [{"channel": "in_person", "password_channel": "sms"}, {"channel": "hub"}, {"channel": "pigeon"}],
)
async def test_a_wish_that_is_no_way_is_malformed(play: Play, receipt: dict[str, str]) -> None:
    caller = await play.by_hand(play.requester)
    said = json.loads(play.request().model_dump_json(by_alias=True, exclude_none=True)) | {"receipt": receipt}
    answer = await caller.post("/v1/exchanges", json.dumps(said).encode())
    assert code_of(answer) == (400, "manifest.malformed")


async def test_the_same_hand_over_is_answered_as_the_first_and_another_under_its_identity_is_refused(
    play: Play, tmp_path: Path
) -> None:
    exchange = await asked(play, "in_person")
    await done(play, play.holder, "answer-on-paper", exchange, f"iap:{CHILD}=12", *CERTIFIED)
    sheet = tmp_path / "sheet.pdf"
    sheet.write_bytes(pdf("sheet"))
    proof = await play.holder.send_proof(sheet)
    today = (await play.holder.exchange(UUID(exchange))).requested_at.astimezone(RIGA).date()
    said = compose(
        HandedOver,
        exchange=UUID(exchange),
        round=1,
        to=AuthorisedPerson(name="Jānis Ozols", position="kurjers"),
        authority=Authority.POWER_OF_ATTORNEY,
        authority_reference="P-17",
        handed_over_on=today,
        proofs=[proof],
    )
    first = await play.holder.tell(said)
    assert await play.holder.tell(said) == first
    caller = await play.by_hand(play.holder)
    other = said.model_copy(update={"authority": Authority.OFFICE_HOLDER})
    body = other.model_dump_json(by_alias=True, exclude_none=True).encode()
    answer = await caller.post(f"/v1/exchanges/{exchange}/handed-over", body)
    assert code_of(answer) == (409, "exchange.identity-reused")
