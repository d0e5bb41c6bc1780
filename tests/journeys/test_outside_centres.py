"""A centre that is not in the hub, by the commands of who deals with it: asked, asking, moving, admitted."""

import asyncio
import os
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from hub.kernel.clock import now, riga_day
from saikne import Hub, Installation, compose
from saikne_demo.stage import ZEMGALE
from saikne_schemas.enrolment import LegalEntity
from saikne_schemas.outside import NameOutsideCentre
from tests.client.test_court_letter import pages
from tests.journeys.by_command import done, refused, to_do, told
from tests.journeys.play import CHILD, Play, pdf
from tests.peers.terminal import typed

CERTIFIED = ("--officer", "Solvita Krēsliņa", "--position", "vadītāja")
NUMBER = "40008321003"
MAILBOX = {
    "Ozols": "ozols", "Priede": "priede", "Kastanis": "kastanis", "Liepa": "liepa", "Egle": "egle",
    "Bērzs": "berzs", "Osis": "osis", "Pīlādzis": "piladzis", "Vītols": "vitols",
    "Lazda": "lazda",
}  # fmt: skip


IN_WRITING = "paziņojiet tam rakstiski"


def today() -> date:
    return riga_day(now())


def scan(play: Play) -> str:
    path = play.new_folder().with_suffix(".pdf")
    path.write_bytes(pdf(str(path)))
    return str(path)


async def named(play: Play, hub: Hub, name: str) -> str:
    """The number of an outside centre; an address and a telephone of its own."""
    view = await done(
        play, hub, "outside", "name", "--name", name, "--legal-entity", "Biedrība Ozola zars",
        "--registration-number", NUMBER, "--address", "Skolas iela 3, Alūksne, LV-4301",
        "--email", f"birojs@{MAILBOX[name]}.example", "--phone", "+37129000017",
    )  # fmt: skip
    assert (view["name"], view["state"]) == (name, "outside")
    return str(view["id"])


def says(
    centre: str, play: Play, *verb: str, on: date | None = None, shown: str | None = None
) -> tuple[str, ...]:
    """What the outside centre did, in front of the verb."""
    day = on or today()
    return (
        *("outside", "says", "--centre", centre, "--on", f"{day:%d.%m.%Y}"),
        *("--came-by", "post", "--proof", shown or scan(play), *verb),
    )


async def asked(play: Play, holder: str, child: str = CHILD) -> dict[str, Any]:
    given: dict[str, Any] = await done(
        play, play.requester, "request", "--holder", holder, "--kind", "child_iap", "--child", child,
        "--legal-basis", "method_child_move", "--purpose", "care_of_placed_child",
        "--receipt", "registered_post",
    )  # fmt: skip
    return given


async def asked_in_words(play: Play, holder: str) -> str:
    """The number that a person is told, with what brings the request to a centre outside of the hub."""
    printed = await said_of(
        play, play.requester, "request", "--holder", holder, "--kind", "child_iap", "--child", CHILD,
        "--legal-basis", "method_child_move", "--purpose", "care_of_placed_child",
        "--receipt", "registered_post",
    )  # fmt: skip
    assert "ir saņēmis" not in printed
    return printed.split("saikne outside letter ")[1].split()[0]


async def rows_of(play: Play, hub: Hub, about: str) -> list[dict[str, Any]]:
    grouped = await done(play, hub, "today")
    return [one for those in grouped.values() for one in those if one["concerns"] == about]


async def said_of(play: Play, hub: Hub, *words: str) -> str:
    """What people are told in Latvian."""
    code, printed = await told(play, hub, *words, language="lv")
    assert code == 0, printed
    return printed


async def at_terminal(play: Play, hub: Hub, *words: str, types: tuple[str, ...]) -> tuple[int, str]:
    """Exit code and what somebody saw who types these lines one after the other, in Latvian."""
    lines = iter(types)
    home = str(play.stage.home / "centres" / str(hub.credentials.centre))
    here = {**os.environ, "SAIKNE_HOME": home, "SAIKNE_LANG": "lv"}
    code, out, shown = await asyncio.to_thread(
        typed, "saikne", *words, environment=here, answering=lambda _: next(lines)
    )
    assert list(lines) == [], shown
    return code, out + shown


async def test_an_outside_centre_is_asked_and_answers_on_paper(play: Play) -> None:
    centre = await named(play, play.requester, "Ozols")
    assert await named(play, play.holder, "Ozols") == centre
    exchange = await asked_in_words(play, "Ozols")
    (owed,) = await rows_of(play, play.requester, exchange)
    assert (owed["kind"], owed["owner_outside"], owed["owner_name"]) == ("answer", True, "Ozols")
    in_its_place = f"outside says --centre {centre} "
    assert await to_do(play, play.requester, exchange) == [
        "outside letter",
        "outside received",
        *(f"{in_its_place}{does}" for does in ("answer-on-paper", "refuse", "propose-extension")),
    ]
    assert "Ozols: izsniegt vai nosūtīt kopijas" in await said_of(play, play.requester, "today")
    letter = play.new_folder().with_suffix(".pdf")
    signed = (*("outside", "letter", exchange, "--signer", "Ieva Priede;vadītāja"), "--out")
    assert await refused(play, play.requester, *signed, str(letter)) == (2, "outside.sender-not-reached")
    own = "Parauga iela 1, Jelgava, LV-3001"
    code, printed = await at_terminal(play, play.requester, *signed, str(letter), types=(own,))
    assert code == 0, printed
    assert "Ozols, Skolas iela 3" in printed
    assert f"saglabāts (pasta adrese: {own})" in printed
    assert f"saikne outside received {exchange}" in printed
    due = (await done(play, play.requester, "status", exchange))["term"]["due_on"]
    (said,) = pages(letter.read_bytes())
    assert f"līdz {date.fromisoformat(due):%d.%m.%Y}. " in said
    assert f"ierakstītā pasta sūtījumā; adrese: {own}" in said
    again = play.new_folder().with_suffix(".pdf")
    assert (await done(play, play.requester, *signed, str(again)))["due_on"] == due, "it is asked once"
    came = ("--on", f"{today():%d.%m.%Y}", "--came-by", "registered_post", "--proof", scan(play))
    view = await done(play, play.requester, "outside", "received", exchange, *came)
    assert (view["term"]["basis"], view["term"]["due_on"]) == ("request_received", due)

    one_scan = scan(play)
    declared = ("answer-on-paper", exchange, f"iap:{CHILD}=12", *CERTIFIED)
    printed = await said_of(play, play.requester, *says(centre, play, *declared, shown=one_scan))
    assert f"saikne {in_its_place}posted {exchange}\n" in printed
    takes_back = f"saikne {in_its_place}discard {exchange}\n"
    assert takes_back in printed
    assert takes_back in await said_of(play, play.requester, "status", exchange)
    assert await refused(play, play.requester, "discard", exchange) == (2, "exchange.other-side")
    printed = await said_of(play, play.requester, *says(centre, play, "discard", exchange, shown=one_scan))
    assert f"saikne {in_its_place}answer-on-paper {exchange}\n" in printed
    await done(play, play.requester, *says(centre, play, *declared, shown=one_scan))
    assert await to_do(play, play.requester, exchange) == [
        f"{in_its_place}{does}" for does in ("posted", "refuse", "propose-extension", "discard")
    ]
    posted = ("posted", exchange, "--item", "RR123456785LV")
    assert f"saikne {in_its_place}post-outcome {exchange}\n" in await said_of(
        play, play.requester, *says(centre, play, *posted, shown=one_scan)
    )
    assert await to_do(play, play.requester, exchange) == [f"{in_its_place}post-outcome", "confirm"]
    assert f"saikne confirm {exchange}\n" in await said_of(play, play.requester, "status", exchange)
    arrived = ("post-outcome", exchange, "--outcome", "delivered", "--on", f"{today():%d.%m.%Y}")
    assert f"saikne confirm {exchange}\n" in await said_of(
        play, play.requester, *says(centre, play, *arrived, shown=one_scan)
    )
    assert await to_do(play, play.requester, exchange) == ["confirm", "dispute"]
    assert (await done(play, play.requester, "confirm", exchange))["state"] == "confirmed"
    assert await to_do(play, play.requester, exchange) == []
    kept = await done(play, play.requester, "statements", exchange)
    assert {one["author"] for one in kept} == {str(play.requester.credentials.centre)}
    assert play.stage.mailbox.inbox("birojs@ozols.example") == []


async def test_what_today_prints_asks_for_all_that_it_lacks(play: Play) -> None:
    centre = await named(play, play.requester, "Lazda")
    exchange = (await asked(play, "Lazda"))["accepted"]["exchange"]
    code, printed = await told(play, play.requester, "matter", exchange[:8], language="lv")
    assert (code, f"saikne status {exchange}" in printed) == (1, True), printed
    code, printed = await told(play, play.stranger, "matter", exchange, language="lv")
    assert (code, "saikne status" in printed) == (1, False), printed
    one_scan, yesterday = scan(play), today() - timedelta(days=1)
    says_so = ("outside", "says", "--centre", centre)
    code, shown = await at_terminal(
        play, play.requester, *says_so, "refuse", exchange,
        types=(f"{today():%d.%m.%Y}.", "pasts", one_scan, "", "nav-mūsu"),
    )  # fmt: skip
    assert (code, "(--proof)" in shown) == (0, True), shown
    another = (await asked(play, centre, "B-0098"))["accepted"]["exchange"]
    declared = ("answer-on-paper", another, "iap:B-0098=12", *CERTIFIED)
    await done(play, play.requester, *says(centre, play, *declared, shown=one_scan))
    assert (await to_do(play, play.requester, another))[0] == f"outside says --centre {centre} posted"
    posted = ("posted", another, "--item", "RR123456785LV")
    too_early = says(centre, play, *posted, shown=one_scan, on=yesterday)
    assert (await refused(play, play.requester, *too_early))[1] == "days.before-cause"
    code, shown = await at_terminal(
        play, play.requester, *says_so, "posted", another,
        types=(f"{today():%d.%m.%Y}.", "pasts", one_scan, "", "RR123456785LV"),
    )  # fmt: skip
    assert (code, shown.count("(--proof)")) == (0, 1), shown
    paper = (await done(play, play.requester, "status", another))["answer"]["paper"]
    assert (paper["item_number"], paper["sent_on"]) == ("RR123456785LV", today().isoformat())
    printed = await said_of(play, play.requester, "dispute", another, "--reason", "nav-pilnīgs")
    assert (IN_WRITING in printed, "ir informēts" in printed) == (True, False)
    assert IN_WRITING in await said_of(play, play.requester, "withdraw", another, "--reason", "vairs-negaida")


async def test_it_is_asked_for_no_archive(play: Play) -> None:
    await named(play, play.requester, "Priede")
    wish = (
        *("request", "--holder", "Priede", "--kind", "child_iap", "--child", "B-0097"),
        *("--legal-basis", "method_child_move", "--purpose", "care_of_placed_child"),
        *("--receipt", "email_two_step", "--password", "sms"),
    )
    assert await refused(play, play.requester, *wish) == (1, "exchange.cannot-send")
    code, shown = await at_terminal(play, play.requester, *wish, types=("1",))
    assert code == 0, shown
    assert re.findall(r"(\d)  (\S+)\r", shown) == [("1", "personīgi"), ("2", "ierakstīts-sūtījums")]


async def test_which_verb_it_was_is_asked_too_and_of_no_program(play: Play) -> None:
    centre = await named(play, play.requester, "Liepa")
    exchange = (await asked(play, centre))["accepted"]["exchange"]
    lacks_all = says(centre, play)
    assert await refused(play, play.requester, *lacks_all) == (2, "outside.nothing-said")
    code, shown = await at_terminal(
        play, play.requester, *lacks_all, types=(f"refuse {exchange} --reason nav-mūsu",)
    )
    assert code == 0, shown
    unproved = ("outside", "says", "--centre", centre, "--on", "10.11.2026", "--came-by", "post", "refuse")
    assert await refused(play, play.requester, *unproved, exchange) == (2, "usage.wrong")


async def test_its_refusal_counts_on_the_day_on_which_it_was_made(play: Play) -> None:
    centre = await named(play, play.requester, "Priede")
    exchange = (await asked(play, centre))["accepted"]["exchange"]
    no, one_scan = ("refuse", exchange, "--reason", "not_our_family"), scan(play)
    accepted = await done(play, play.requester, *says(centre, play, *no, shown=one_scan))
    assert accepted["state"] == "refused"
    assert await to_do(play, play.requester, exchange) == ["dispute-refusal", "accept-refusal"]
    assert IN_WRITING in await said_of(play, play.requester, "accept-refusal", exchange)
    early = says(centre, play, "dispute-refusal", exchange, "--reason", "is_yours")
    assert (await refused(play, play.requester, *early))[1] == "exchange.other-side"
    another = (await asked(play, centre, "B-0099"))["accepted"]["exchange"]
    again = ("refuse", another, "--reason", "not_our_family")
    accepted = await done(play, play.requester, *says(centre, play, *again, shown=one_scan))
    assert accepted["state"] == "refused"


async def test_an_outside_centre_asks_and_gets_an_archive_in_two_steps(play: Play) -> None:
    centre = await named(play, play.holder, "Kastanis")
    last_week = today() - timedelta(days=7)
    wish = (
        *("request", "--holder", str(play.holder.credentials.centre), "--kind", "child_iap"),
        *("--child", CHILD, "--legal-basis", "method_child_move", "--purpose", "care_of_placed_child"),
    )
    by_hub = says(centre, play, *wish, "--receipt", "hub", "--password", "sms")
    assert await refused(play, play.holder, *by_hub) == (1, "exchange.cannot-collect")
    given = await done(
        play,
        play.holder,
        *says(centre, play, *wish, "--receipt", "email_two_step", "--password", "sms", on=last_week),
    )
    exchange, view = given["accepted"]["exchange"], given["exchange"]
    assert (view["requester_name"], view["term"]["starts_on"]) == ("Kastanis", last_week.isoformat())
    document = scan(play)
    await done(play, play.holder, "answer", exchange, f"iap:{CHILD}={document}", *CERTIFIED)
    mail = await play.mailed("birojs@kastanis.example", UUID(exchange), "arhīvs")
    assert mail is not None
    in_its_place = f"outside says --centre {centre} "
    assert await to_do(play, play.holder, exchange) == [f"{in_its_place}confirm", f"{in_its_place}dispute"]
    accepted = await done(play, play.holder, *says(centre, play, "confirm", exchange))
    assert accepted["state"] == "confirmed"


async def test_a_family_moves_from_an_outside_centre(play: Play) -> None:
    centre = await named(play, play.requester, "Liepa")
    begun = await done(
        play, play.requester, "move", "begin", "--previous", "Liepa", "--family", "AG-9911",
        "--agreement", "V-2026/77", "--agreed-on", f"{today():%d.%m.%Y}", "--territory", "LV-041",
    )  # fmt: skip
    matter = begun["matter"]
    code, printed = await told(play, play.requester, "status", matter, language="lv")
    assert (code, f"saikne matter {matter}" in printed) == (1, True), printed
    assert (await refused(play, play.requester, "matters", "--workflow", "kopijas")) == (
        2,
        "matters.copies-elsewhere",
    )
    await done(play, play.requester, "move", "ask-notice", matter)
    owed = await rows_of(play, play.requester, matter)
    assert [one["owner_name"] for one in owed if one["kind"] == "acknowledge_notice"] == ["Liepa"]
    in_its_place = f"outside says --centre {centre} move "
    assert (await to_do(play, play.requester, matter))[:2] == [
        f"{in_its_place}notice",
        f"{in_its_place}not-received",
    ]
    received = ("--channel", "email", "--received", f"{today():%Y-%m-%d} 00:05", "--proof", scan(play))
    accepted = await done(play, play.requester, *says(centre, play, "move", "notice", matter, *received))
    assert accepted["state"] in {"late", "dated"}
    letter = play.new_folder().with_suffix(".pdf")
    told_of = ("--reference", "AG-9911", "--previous", "Liepa", "--moved-on", f"{today():%d.%m.%Y}")
    signed = ("--court", "LV-041", "--family", "Anna Paraudziņa", "--signer", "Ilze Kalna;vadītāja")
    written = await done(play, play.requester, "court-letter", *told_of, *signed, "--to", str(letter))
    assert written["court"] == "LV-041"


async def test_who_may_speak_for_whom(play: Play) -> None:
    centre = await named(play, play.requester, "Egle")
    exchange = (await asked(play, centre))["accepted"]["exchange"]
    no = ("refuse", exchange, "--reason", "not_our_family")
    assert (await refused(play, play.stranger, *says(centre, play, *no)))[1] == "exchange.not-found"
    elsewhere = await named(play, play.requester, "Bērzs")
    assert (await refused(play, play.requester, *says(elsewhere, play, *no)))[
        1
    ] == "outside.not-between-the-two"
    tomorrow = says(centre, play, *no, on=today() + timedelta(days=1))
    assert (await refused(play, play.requester, *tomorrow))[1] == "days.in-the-future"
    member = await play.requester.centres()
    ligzda = next(one for one in member if one.name == "Ligzda")
    with pytest.raises(Exception, match=r"outside\.named-differently"):
        await play.holder.tell(
            compose(
                NameOutsideCentre,
                name="egle",
                legal_entity=LegalEntity(name="x", registration_number=NUMBER),
                postal_address="Rīga",
                email="cits@egle.example",
            )
        )
    entity = ("--legal-entity", "Cita biedrība", "--registration-number", NUMBER)
    other = ("outside", "name", "--name", "Kļava", *entity, "--address", "Rīga", "--email", "a@klava.example")
    assert (await refused(play, play.holder, *other))[1] == "outside.legal-name-differs"
    assert (
        "Zināmais nosaukums: Biedrība Ozola zars" in (await told(play, play.holder, *other, language="lv"))[1]
    )
    with pytest.raises(Exception, match=r"outside\.is-a-member"):
        await play.requester.tell(
            compose(
                NameOutsideCentre,
                name="LIGZDA",
                legal_entity=LegalEntity(name="x", registration_number=ligzda.registration_number),
                postal_address="Rīga",
                email="a@b.example",
            )
        )


async def test_who_named_it_corrects_where_it_is_reached(play: Play) -> None:
    centre = await named(play, play.requester, "Vītols")
    exchange = (await asked(play, centre))["accepted"]["exchange"]
    moved = ("outside", "correct", "Vītols", "--reason", "cita-adrese", "--email", "jaunais@vitols.example")
    assert (await refused(play, play.holder, *moved))[1] == "outside.not-named-by-you"
    new = ("--address", "Pils iela 7, Alūksne, LV-4301")
    view = await done(play, play.requester, *moved, *new)
    assert (view["email"], view["phone"]) == ("jaunais@vitols.example", "+37129000017")
    (before,) = view["earlier"]
    assert (before["email"], before["reason"]) == ("birojs@vitols.example", "moved")
    assert (await refused(play, play.requester, *moved, *new))[1] == "outside.same-address"
    code, printed = await told(play, play.requester, "outside", "list", language="lv")
    assert (code, "birojs@vitols.example (cita adrese)" in printed) == (0, True)
    letter = play.new_folder().with_suffix(".pdf")
    signer = ("--signer", "Ieva Priede", "--position", "vadītāja", "--own-address", "Rīga")
    code, printed = await told(
        play, play.requester, "outside", "letter", exchange, "--out", str(letter), *signer, language="lv"
    )
    assert (code, "Pils iela 7" in printed) == (0, True)
    reached = await play.sql("SELECT archive_email FROM hub.contact WHERE tenant_id = $1", UUID(centre))
    assert [row["archive_email"] for row in reached] == ["jaunais@vitols.example"]


async def test_once_admitted_it_sees_what_is_open_and_speaks_for_itself(play: Play) -> None:
    centre = await named(play, play.requester, "Osis")
    exchange = (await asked(play, centre))["accepted"]["exchange"]
    entity = LegalEntity(name="Biedrība Ozola zars", registration_number=NUMBER)
    with pytest.raises(Exception, match=r"centres\.named-outside"):
        await play.stage.enrol("Osis", legal_entity=entity, contacts=ZEMGALE)
    installation: Installation = await play.stage.enrol(
        "Osis", legal_entity=entity, contacts=ZEMGALE, known_as=UUID(centre)
    )
    async with Hub(installation.credentials()) as osis:
        view = await osis.exchange(UUID(exchange))
        assert view.role == "holder"
        (owed,) = [one async for one in osis.duties() if str(one.concerns) == exchange]
        assert (owed.stake, owed.owner_outside) == ("owes", False)
        no = says(centre, play, "refuse", exchange, "--reason", "not_our_family")
        assert (await refused(play, play.requester, *no))[1] == "outside.speaks-for-itself"
        elsewhere = ("outside", "correct", centre, "--reason", "moved", "--address", "Rīga")
        assert (await refused(play, play.requester, *elsewhere))[1] == "outside.is-a-member"
        assert (await done(play, osis, "refuse", exchange, "--reason", "not_our_family"))[
            "state"
        ] == "refused"
