"""What was told wrongly is put right by commands, as two social workers type them; both read both values."""

from datetime import timedelta
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
    printed = await said(play, previous, "move", "notice", matter, *first)
    right_it = f"Ja paziņojuma saņemšanas diena norādīta nepareizi: saikne move correct-notice {matter}"
    assert right_it in printed
    again = await told(play, previous, "move", "notice", matter, *first, language="lv")
    assert (again[0], right_it in again[1]) == (1, True)
    assert right_it in await said(play, previous, "matter", matter)
    assert "correct-notice" not in await said(play, new, "matter", matter)
    assert f"saikne move decide {matter}" in await acts(play, previous, matter)
    await said(play, previous, "move", "decide", matter, "release", *BY_PREVIOUS)
    assert (await done(play, new, "matter", matter))["content"]["decision"]["choice"] == "release"
    right = ("--received", "20.08.2026 16:40", "--reason", "cits-pierādījumā", *BY_PREVIOUS)
    without = ("move", "correct-notice", matter, *right)
    assert await refused(play, previous, *without) == (1, "transfers.notice-without-evidence")
    printed = await said(play, previous, *without, *proof(tmp_path, "envelope"))
    assert "Pārejas datums: 01.09.2026." in printed
    assert "iepriekš: 27.08.2026; pareizi: 20.08.2026; iemesls: pierādījumā ir cits datums" in printed
    another_day = f"apstiprina otrs centrs: saikne move override {matter}"
    assert (right_it in printed, another_day in printed) == (False, True)
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
    _, printed = await told(play, previous, "move", "correct-notice", matter, *later, language="lv")
    assert (right_it in printed, another_day in printed) == (False, True)


async def test_a_day_in_the_register_is_put_right_and_the_term_is_judged_by_it(
    play: Play, tmp_path: Path
) -> None:
    new, previous = play.requester, play.holder
    matter = await begun(play, "AG-8861")
    notice = ("--received", "20.08.2026 09:15", "--channel", "email", *proof(tmp_path, "letter"))
    await said(play, previous, "move", "notice", matter, *notice)
    await known_in_time(play, UUID(matter))
    entered = ("move", "registered", matter, "--on", "09.09.2026", *BY_NEW)
    printed = await said(play, new, *entered)
    right_it = f"saikne move correct-registration {matter}"
    assert right_it in printed
    assert right_it in await said(play, new, "matter", matter)
    assert "izpildīts 09.09.2026, nokavēts par" in printed
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
    assert "izpildīts termiņā, 03.09.2026" in printed
    assert "iepriekš: 09.09.2026; pareizi: 03.09.2026; iemesls: pārrakstīšanās kļūda" in printed
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
    sent = ("posted", exchange, "--item", "RR123456785LV", *proof(tmp_path, "receipt"))
    right_it = f"Ja sūtījuma numurs norādīts nepareizi: saikne correct-item {exchange}"
    assert right_it in await said(play, play.holder, *sent)
    code, printed = await told(play, play.holder, *sent, language="lv")
    assert (code, right_it in printed) == (1, True)
    assert right_it in await said(play, play.holder, "status", exchange)
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


async def test_how_an_item_ended_is_noted_in_words_and_what_may_follow_is_named(
    play: Play, tmp_path: Path
) -> None:
    asked = await done(
        play, play.requester, "request", "--holder", "Ligzda", "--kind", "bērna-iap",
        "--child", "AG-8865-B1", "--legal-basis", "metodika-3", "--purpose", "bērna-aprūpe",
        "--receipt", "ierakstīts-sūtījums",
    )  # fmt: skip
    exchange = asked["accepted"]["exchange"]
    await done(play, play.holder, "answer-on-paper", exchange, "iap:AG-8865-B1=12", *CERTIFIED)
    await done(play, play.holder, "posted", exchange, "--item", "RR473124829LV", *proof(tmp_path, "item"))
    ended = ("post-outcome", exchange, "--outcome", "piegādāts", *proof(tmp_path, "delivered"))
    printed = await said(play, play.holder, *ended)
    assert f"izsniegts adresātam, {for_people(riga_day(now()))}" in printed
    astray = f"saikne wrong-recipient {exchange}"
    assert astray in printed
    code, printed = await told(play, play.holder, *ended, language="lv")
    assert code == 1
    assert "(exchange.outcome-known)" in printed
    assert astray in printed
    assert f"saikne status {exchange}" in printed


async def test_what_a_correction_takes_from_the_other_centre_is_told_to_it(
    play: Play, tmp_path: Path
) -> None:
    """The family's day lies ahead: it can still be opened again."""
    new, previous = play.requester, play.holder
    matter = await begun(play, "AG-8866")
    in_time = riga_day(now()).replace(day=1)
    first = ("--received", for_people(in_time), "--channel", "e-pasts", *proof(tmp_path, "letter"))
    await done(play, previous, "move", "notice", matter, *first)
    steps = await acts(play, new, matter)
    assert f"saikne move request-copies {matter}" in steps
    late = in_time - timedelta(days=1)
    right = ("--received", for_people(late), "--reason", "pārrakstīšanās", *BY_PREVIOUS)
    printed = await said(play, previous, "move", "correct-notice", matter, *right, *proof(tmp_path, "second"))
    for told_to in (printed, await said(play, new, "matter", matter)):
        assert f"iepriekš: {for_people(in_time)}; pareizi: {for_people(late)}" in told_to
        assert "vairs nav jādara: reģistrēt pāreju AĢIS, rakstiski informēt bāriņtiesu" in told_to
    assert await acts(play, new, matter) != steps


async def test_what_is_not_allowed_now_is_answered_by_what_is(play: Play) -> None:
    """Of a matter and of an exchange; the other side's step is named with its owner, without its commands."""
    matter = await begun(play, "AG-8867")
    code, printed = await told(play, play.requester, "move", "archived", matter, "--on", "01.09.2026",
        "--reference", "A-1", language="lv")  # fmt: skip
    assert code == 1
    assert "(matters.step-not-allowed)" in printed
    assert "Pašreizējais stāvoklis: " in printed
    assert "Ligzda" in printed
    assert f"saikne move cancel {matter}" in printed
    assert f"saikne matter {matter}" in printed
    shortened = await told(
        play, play.requester, "move", "decide", matter[:8], "release", *BY_NEW, language="lv"
    )
    assert f"saikne matter {matter}" in shortened[1]
    made = await done(
        play, play.holder, "offer", "--receiver", "Zemgale", "--child", "AG-8868-B1", "--receipt", "hub",
        "--password", "sms",
    )  # fmt: skip
    exchange = made["accepted"]["exchange"]
    code, printed = await told(play, play.holder, "confirm", exchange, language="lv")
    assert code != 0
    assert f"saikne answer {exchange}" in printed
    assert f"saikne take-back {exchange}" in printed
