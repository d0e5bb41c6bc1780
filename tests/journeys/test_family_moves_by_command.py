"""A family moves by the commands alone, typed at two centres' computers."""

import itertools
from pathlib import Path
from uuid import UUID

import pytest

from hub.kernel.clock import now, riga_day
from saikne import Hub
from saikne.wording import known
from saikne_schemas.family_move_words import FamilyMoveRole
from tests.journeys.by_command import done, refused, to_do, told
from tests.journeys.family_moves import dated, in_working_days, known_in_time, seen
from tests.journeys.play import Play, pdf, until

BEGIN = (
    *("move", "begin", "--previous", "Ligzda", "--family", "AG-8800", "--child", "AG-8800-B1"),
    *("--agreement", "V-2026/40", "--agreed-on", "2026-08-10", "--territory", "LV-041"),
)
RECEIPT = ("--receipt", "hub", "--password", "sms")


async def said(play: Play, hub: Hub, *arguments: str) -> str:
    """What a command that succeeds tells a person."""
    code, printed = await told(play, hub, *arguments)
    assert code == 0, printed
    return printed


async def test_a_move_with_a_late_notice_is_told_by_commands(play: Play, tmp_path: Path) -> None:
    new, previous = play.requester, play.holder
    evidence, receipt = tmp_path / "notice.pdf", tmp_path / "receipt.pdf"
    evidence.write_bytes(pdf(str(evidence)))
    receipt.write_bytes(pdf(str(receipt)))
    matter = (await done(play, new, *BEGIN))["matter"]
    assert (await refused(play, new, "move", "request-copies", matter, *RECEIPT)) == (2, "move.not-dated")
    assert "await its answer" in await said(play, new, "move", "ask-notice", matter)
    assert await to_do(play, previous, matter) == ["move notice", "move not-received"]
    assert "Once the family's notice comes" in await said(play, previous, "move", "not-received", matter)
    proving = ["move notice-claimed", "move override"]
    assert [one for one in await to_do(play, new, matter) if one != "move talked"] == proving
    received = ("--channel", "email", "--received", "2026-08-27 09:15", "--proof", str(evidence))
    printed = await said(play, previous, "move", "notice", matter, *received)
    assert f"saikne move decide {matter}. " in printed
    assert "decide whether the family stays to the end of next month" in printed
    by = ("--by", "Solvita Krēsliņa;vadītāja")
    printed = await said(play, previous, "move", "decide", matter, "release", *by)
    assert "The move takes effect on 01.09.2026." in printed
    assert "archive the family's case" in printed
    printed = await said(play, new, "move", "request-copies", matter, *RECEIPT)
    assert "enter the move in AĢIS" in printed
    assert f"by {in_working_days(3):%d.%m.%Y}" in printed
    await known_in_time(play, UUID(matter))
    registered = ("--on", "2026-09-02", "--by", "Ieva Priede;vadītāja")
    assert "by 04.09.2026; done in time, 02.09.2026" in await said(
        play, new, "move", "registered", matter, *registered
    )
    sent = ("--channel", "registered_post", "--on", "2026-09-07", "--proof", str(receipt))
    printed = await said(play, new, "move", "court-told", matter, *sent, "--letter", str(receipt))
    assert "by 04.09.2026; done AFTER THE TERM, 07.09.2026; 1 working day late" in printed
    talk = ("--on", "2026-08-12", "--form", "phone", "--topic", "reasons", "--topic", "competences")
    printed = await said(play, new, "move", "talked", matter, *talk)
    assert "archive the family's case" in printed
    archived = ("--on", "2026-09-10", "--reference", "ARH-2026/18")
    printed = await said(play, previous, "move", "archived", matter, *archived)
    assert "The receipt of the copies is not confirmed yet" in printed
    exchange = UUID(printed.split("saikne status ")[1].split()[0])
    assert f"saikne matter {matter[:8]}" in await said(play, new, "today")
    assert str(exchange) in await said(play, new, "matter", matter)
    await said(play, previous, "refuse", str(exchange), "--reason", "no_ground")
    await until(lambda: seen(previous, UUID(matter)), lambda view: view.state == "closed")
    shown = await said(play, previous, "matter", matter)
    for line in (
        "Family's notice: e-mail; received: 27.08.2026 09.15; in time: no; decisive: statutory calendar",
        "last working days: 27.08.2026, 28.08.2026, 31.08.2026",
        "Decision on the late notice: the family moves on the 1st of next month; decided by: Solvita",
        "Orphans' court told: code: LV-041; registered post; 07.09.2026",
        "Talk: 12.08.2026; by phone; about: reasons for the move, the family's competences",
        "Case archived: 10.09.2026; archive's number: ARH-2026/18",
        f"How it ended with the copies: refused; when: {riga_day(now()):%d.%m.%Y}",
    ):
        assert line in shown
    assert "by 04.09.2026; done AFTER THE TERM, 07.09.2026" in await said(play, new, "matter", matter)


async def test_a_proposed_day_is_confirmed_by_command_and_a_move_cancelled(play: Play) -> None:
    new, previous = play.requester, play.holder
    matter = (await done(play, new, *BEGIN))["matter"]
    proposed = ("--effective-on", "2030-06-01", "--reason", "centre_closed", "--by", "Ieva Priede;vadītāja")
    printed = await said(play, new, "move", "override", matter, *proposed)
    assert "move confirm-override" not in printed
    assert "once the other centre confirms it" in printed
    assert "proposed by: Ieva Priede" in (shown := await said(play, previous, "matter", matter))
    assert "new centre" in shown
    confirm = ("move", "confirm-override", matter, "--by")
    assert await refused(play, new, *confirm, "Ieva Priede;lietvede") == (1, "transfers.second-person-needed")
    assert "01.06.2030" in await said(play, previous, *confirm, "Solvita Krēsliņa;vadītāja")
    assert await refused(play, previous, *confirm, "Solvita Krēsliņa;vadītāja") == (2, "move.no-day-proposed")
    printed = await said(play, new, "move", "cancel", matter, "--reason", "family_stays")
    assert "nothing is owed" in printed


async def test_copies_are_given_up_by_command_and_the_other_side_reads_why(play: Play) -> None:
    matter = str(await dated(play))
    giving_up = ("move", "copies-given-up", matter, "--reason", "not_kept", "--by", "Ieva Priede;vadītāja")
    assert "The matter is now: the day is fixed" in await said(play, play.requester, *giving_up)
    assert await refused(play, play.requester, *giving_up) == (1, "transfers.copies-have-ended")
    shown = await said(play, play.holder, "matter", matter)
    assert "given up by the new centre" in shown
    assert "reason: the previous centre has none" in shown


async def test_a_notice_without_evidence_and_a_wrong_hour_are_refused_in_words(play: Play) -> None:
    matter = (await done(play, play.requester, *BEGIN))["matter"]
    notice = ("move", "notice", matter, "--channel", "sms", "--received")
    assert await refused(play, play.holder, *notice, "2026-08-20") == (
        1,
        "transfers.notice-without-evidence",
    )
    code, printed = await told(play, play.holder, *notice, "20/08/2026")
    assert code == 2
    assert "write DD.MM.YYYY HH:MM" in printed


WITHOUT_A_DAY = [
    *itertools.product(("agreed", "asked", "denied", "late", "closed", "cancelled"), FamilyMoveRole)
]


@pytest.mark.parametrize(("waits", "role"), WITHOUT_A_DAY)
def test_both_centres_are_told_what_comes_next(waits: str, role: str) -> None:
    assert known(f"move.next.{waits}.{role}")
