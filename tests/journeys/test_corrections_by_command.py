"""What was told wrongly is put right by commands, as two social workers type them; both read both values."""

from pathlib import Path
from uuid import UUID

from hub.kernel.clock import now, riga_day
from saikne import Hub
from saikne_schemas.moments import for_people
from tests.journeys.by_command import done, refused, told
from tests.journeys.family_moves import known_in_time
from tests.journeys.play import Play, pdf

BY_PREVIOUS, BY_NEW = ("--by", "Solvita Krēsliņa;vadītāja"), ("--by", "Ieva Priede;vadītāja")
MISTYPED = ("--reason", "pārrakstīšanās")
CERTIFIED = ("--officer", "Solvita Krēsliņa", "--position", "vadītāja")


async def said(play: Play, hub: Hub, *words: str) -> str:
    code, printed = await told(play, hub, *words, language="lv")
    assert code == 0, printed
    return printed


async def begun(play: Play, family: str) -> str:
    matter = await done(
        play, play.requester, "move", "begin", "--previous", "Ligzda", "--family", family,
        "--agreement", "V-2026/42", "--agreed-on", "10.08.2026", "--territory", "LV-041",
    )  # fmt: skip
    return str(matter["matter"])


async def acts(play: Play, hub: Hub, about: str) -> set[str]:
    """What `today` tells a centre to do about it."""
    groups = await done(play, hub, "today")
    return {one["act"] for group in groups.values() for one in group if one["concerns"] == about}


def proof(tmp_path: Path, name: str) -> tuple[str, str]:
    file = tmp_path / f"{name}.pdf"
    file.write_bytes(pdf(str(file)))
    return ("--proof", str(file))


async def test_a_notices_day_is_put_right_and_the_move_is_dated_by_it(play: Play, tmp_path: Path) -> None:
    new, previous = play.requester, play.holder
    matter = await begun(play, "AG-8860")
    first = ("--received", "27.08.2026 09:15", "--channel", "e-pasts", *proof(tmp_path, "letter"))
    await said(play, previous, "move", "notice", matter, *first)
    assert f"saikne move decide {matter}" in await acts(play, previous, matter)
    await said(play, previous, "move", "decide", matter, "release", *BY_PREVIOUS)
    assert (await done(play, new, "matter", matter))["content"]["decision"]["choice"] == "release"
    right = ("--received", "20.08.2026 16:40", "--reason", "cits-pierādījumā", *BY_PREVIOUS)
    without = ("move", "correct-notice", matter, *right)
    assert await refused(play, previous, *without) == (1, "transfers.notice-without-evidence")
    printed = await said(play, previous, *without, *proof(tmp_path, "envelope"))
    assert "Pārejas datums: 01.09.2026." in printed
    assert f"saikne move decide {matter}" not in await acts(play, previous, matter)
    assert f"saikne move registered {matter}" in await acts(play, new, matter)
    for hub in (new, previous):
        shown = await said(play, hub, "matter", matter)
        assert "iepriekš: 27.08.2026; pareizi: 20.08.2026" in shown
        assert "Solvita Krēsliņa" in shown
        assert (await done(play, hub, "matter", matter))["content"]["decision"] is None
    later = (
        "--received",
        "28.08.2026 09:00",
        "--reason",
        "pārrakstīšanās",
        *BY_PREVIOUS,
        *proof(tmp_path, "third"),
    )
    late = await refused(play, previous, "move", "correct-notice", matter, *later)
    assert late == (1, "transfers.move-in-effect")


async def test_a_day_in_the_register_is_put_right_and_the_term_is_judged_by_it(
    play: Play, tmp_path: Path
) -> None:
    new, previous = play.requester, play.holder
    matter = await begun(play, "AG-8861")
    notice = ("--received", "20.08.2026 09:15", "--channel", "email", *proof(tmp_path, "letter"))
    await said(play, previous, "move", "notice", matter, *notice)
    await known_in_time(play, UUID(matter))
    printed = await said(play, new, "move", "registered", matter, "--on", "09.09.2026", *BY_NEW)
    assert "izpildīts PĒC TERMIŅA, 09.09.2026" in printed
    right = (
        "move",
        "correct-registration",
        matter,
        "--on",
        "03.09.2026",
        "--reason",
        "pārrakstīšanās",
        *BY_NEW,
    )
    printed = await said(play, new, *right)
    assert "izpildīts laikus, 03.09.2026" in printed
    assert await refused(play, new, *right) == (1, "transfers.nothing-to-correct")
    for hub in (new, previous):
        assert "iepriekš: 09.09.2026; pareizi: 03.09.2026" in await said(play, hub, "matter", matter)
    assert "done in time, 03.09.2026" in (await told(play, new, "matter", matter))[1]


async def test_a_wrong_number_of_a_registered_item_is_put_right(play: Play, tmp_path: Path) -> None:
    asked = await done(
        play, play.requester, "request", "--holder", "Ligzda", "--kind", "bērna-iap",
        "--child", "AG-8862-B1", "--legal-basis", "metodika-3", "--purpose", "bērna-aprūpe",
        "--receipt", "ierakstīts-sūtījums",
    )  # fmt: skip
    exchange = asked["accepted"]["exchange"]
    await done(play, play.holder, "answer-on-paper", exchange, "iap:AG-8862-B1=12", *CERTIFIED)
    await said(play, play.holder, "posted", exchange, "--item", "RR123456785LV", *proof(tmp_path, "receipt"))
    right = ("correct-item", exchange, "--item", "RR473124829LV", *MISTYPED)
    printed = await said(play, play.holder, *right)
    assert "RR473124829LV" in printed
    assert "RR123456785LV" in printed
    assert await refused(play, play.holder, *right) == (1, "exchange.same-item")
    assert await refused(play, play.requester, *right) == (2, "exchange.other-side")
    for hub in (play.requester, play.holder):
        shown = await said(play, hub, "status", exchange)
        assert "RR473124829LV" in shown
        assert f"Labots {for_people(riga_day(now()))}: sūtījuma numurs iepriekš bija RR123456785LV" in shown


async def test_an_offer_is_taken_back_and_nobody_waits_for_it_any_more(play: Play) -> None:
    told_of = ("offer", "--receiver", "Zemgale", "--child", "AG-8863-B1", "--receipt", "hub")
    made = await done(play, play.holder, *told_of, "--password", "sms")
    exchange = made["accepted"]["exchange"]
    assert await acts(play, play.holder, exchange) == {f"saikne answer {exchange}"}
    back = ("take-back", exchange, "--reason", "cits-bērns")
    assert (await refused(play, play.requester, *back))[1] == "exchange.step-not-allowed"
    assert "Zemgale" in await said(play, play.holder, *back)
    assert await acts(play, play.holder, exchange) == set()
    for hub in (play.requester, play.holder):
        assert (await done(play, hub, "status", exchange))["state"] == "withdrawn"
    assert await refused(play, play.holder, *back) == (1, "exchange.step-not-allowed")


async def test_what_was_sent_is_not_taken_back(play: Play, tmp_path: Path) -> None:
    child, file = "AG-8864-B1", tmp_path / "needs.pdf"
    file.write_bytes(pdf(str(file)))
    told_of = ("offer", "--receiver", "Zemgale", "--child", child, "--receipt", "hub", "--password", "sms")
    exchange = (await done(play, play.holder, *told_of))["accepted"]["exchange"]
    forms = [f"{form}:{child}={file}" for form in ("vajadzības", "aprūpētāju-maiņa", "labklājības-mērķis")]
    await done(play, play.holder, "answer", exchange, *forms, *CERTIFIED)
    back = ("take-back", exchange, "--reason", "pāreja-atcelta")
    assert await refused(play, play.holder, *back) == (1, "exchange.step-not-allowed")
