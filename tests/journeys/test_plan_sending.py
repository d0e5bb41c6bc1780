"""The hub sends a plan to its family: the archive by mail, then its password by SMS; and forgets both."""

import asyncio
import hashlib
import os
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.kernel.clock import now, riga_day
from hub.passwords.handover import short_reference
from saikne import Hub, HubRefusal, compose, send_plan
from saikne.plan_archive import pack_plan
from saikne_schemas.matters import DutyView
from saikne_schemas.plan_lists import PlanUndelivered
from saikne_schemas.plan_sendings import PlanDispatch, PlanPasswordAgain, PlanProlong, PlanRecipient
from saikne_schemas.plans import PlanClosed, PlanConfirmed, SupportPlanView
from saikne_schemas.vocabulary import MediaType
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import Play, chain_of, code_of, pdf, seven_zip, until
from tests.journeys.test_canaries import hunt
from tests.journeys.test_plans import a_plan, said, step
from tests.peers.terminal import typed

FAMILIES = count(1)
NO_PARTS = {"received": None, "corrections_needed": None, "agreed": None}
LAPSE = "passwords.lapse.support_plan"


class Family:
    """Where one family is reached."""

    def __init__(self, play: Play) -> None:
        number = next(FAMILIES)
        self.play = play
        self.email = f"zanete.mezvejina{number}@gimene.example"
        self.phone = f"+3712944{number:04}"

    async def mail(self, count: int = 1) -> Any:
        box = self.play.stage.mailbox
        return await asyncio.to_thread(box.wait_for_message, self.email, count=count, timeout=40)

    async def text(self, count: int = 1) -> Any:
        phone = self.play.stage.phone
        return await asyncio.to_thread(phone.wait_for_message, self.phone, count=count, timeout=40)


@pytest.fixture
def family(play: Play) -> Family:
    return Family(play)


@pytest.fixture
def paper(play: Play) -> Path:
    folder = play.new_folder()
    folder.mkdir()
    path = folder / "Žanete Mežvējiņa.pdf"
    path.write_bytes(pdf(str(folder)))
    return path


def content(file: Path) -> bytes:
    return file.read_bytes()


async def drawn_up(play: Play, paper: Path | None = None) -> UUID:
    """`paper`: the plan's own file."""
    plan = a_plan(play.requester)
    if paper is not None:
        plan = plan.model_copy(update={"plan_sha256": hashlib.sha256(content(paper)).hexdigest()})
    return (await play.requester.tell(plan)).matter


async def sent(play: Play, family: Family, *files: Path) -> UUID:
    matter = await drawn_up(play)
    await send_plan(play.requester, matter, files, email=family.email, phone=family.phone)
    return matter


async def shown(play: Play, matter: UUID) -> SupportPlanView:
    return await play.requester.matter(SupportPlanView, matter)


async def in_state(play: Play, matter: UUID, state: str) -> SupportPlanView:
    return await until(lambda: shown(play, matter), lambda view: view.state == state)


def owed(view: SupportPlanView) -> list[DutyView]:
    return [duty for duty in view.duties if duty.ended_at is None]


async def kept(play: Play, matter: UUID) -> list[Any]:
    """What would open it, and whom it is for."""
    return await play.sql(
        "SELECT wrapped, wrapped_places FROM hub.password WHERE exchange_id = $1 AND wrapped IS NOT NULL",
        matter,
    )


async def arrived(play: Play, matter: UUID) -> bool:
    """Whether the gateway has said so."""
    rows = await play.sql("SELECT state FROM hub.password WHERE exchange_id = $1", matter)
    return [row[0] for row in rows] == ["delivered"]


def answer(matter: UUID, view: SupportPlanView, **changes: Any) -> PlanConfirmed:
    fields = {"confirmed_on": view.content.sent_on, **changes}
    confirmation: PlanConfirmed = said(PlanConfirmed, matter=matter, **fields)
    return confirmation


async def refusal(hub: Hub, statement: Any) -> tuple[int, str]:
    with pytest.raises(HubRefusal) as refused:
        await hub.tell(statement)
    return refused.value.status, refused.value.code


async def test_a_family_gets_its_plan_and_then_the_password_and_the_hub_forgets_both(
    play: Play, family: Family, paper: Path
) -> None:
    matter = await sent(play, family, paper)
    text = await family.text()
    assert len(play.stage.mailbox.inbox(family.email)) == 1, "the password came before the archive"
    mail = await family.mail()
    assert mail.at <= text.at
    ref = short_reference(matter)  # type: ignore[arg-type]
    assert mail.subject == f"Saikne {ref}: plāns šifrētā arhīvā"
    assert text.text.split()[:2] == ["Saikne", f"{ref}:"]
    (attached,) = mail.attachments
    archive, opened = paper.with_suffix(".zip"), paper.parent / "opened"
    await asyncio.to_thread(archive.write_bytes, attached.content)
    assert (await asyncio.to_thread(seven_zip, archive, text.text.split()[-1], opened)).returncode == 0
    assert content(opened / "dok-01.pdf") == content(paper)
    view = await until(lambda: shown(play, matter), lambda view: bool(view.content.sending.mailed_on))  # type: ignore[union-attr]
    assert (view.state, view.content.address) == ("sent", None)
    assert {one.sent_on for one in view.content.activities} == {view.content.sent_on}
    assert [duty.kind for duty in owed(view)] == ["confirm_plan"]
    assert len(await kept(play, matter)) == 1
    await until(lambda: arrived(play, matter), bool)
    assert (await play.requester.tell(answer(matter, view))).state == "agreed"
    assert await kept(play, matter) == []
    events, verdict = await until(
        lambda: chain_of(play.requester),
        lambda chain: any((one.kind, one.about) == ("plans.payload.erased", matter) for one in chain[0]),
    )
    assert await asyncio.to_thread(play.objects, matter) == []
    kinds = [event.kind for event in events if event.about == matter]
    assert verdict.holds
    assert kinds[:5] == [
        "plans.plan.drawn_up",
        "plans.recipient.sealed",
        "plans.document.sealed",
        "plans.plan.dispatched",
        "plans.plan.mailed",
    ]
    assert set(kinds[5:]) == {
        "passwords.handover.sent",
        "passwords.handover.delivered",
        "plans.plan.confirmed",
        "passwords.password.erased",
        "plans.payload.erased",
    }
    everything = b"".join(event.body for event in events if event.about == matter)
    assert family.email.encode() not in everything
    assert family.phone.encode() not in everything


async def test_a_mailbox_that_is_none_comes_back_to_the_centre_and_no_password_goes(
    play: Play, family: Family, paper: Path
) -> None:
    play.stage.mailbox.reject_next(status=550)
    matter = await sent(play, family, paper)
    view = await in_state(play, matter, "undelivered")
    assert view.content.sending is not None
    assert view.content.sending.undelivered is PlanUndelivered.ARCHIVE
    assert {one.sent_on for one in view.content.activities} == {None}
    assert [(duty.kind, duty.basis) for duty in owed(view)] == [("send_plan", "plan_undelivered")]
    assert [duty.ending for duty in view.duties if duty.basis == "plan_changed"] == ["met"]
    notice = await play.mailed_about(matter, play.requester, "saikne plan send")
    assert family.email not in notice.text
    assert await kept(play, matter) == []
    assert play.stage.phone.inbox(family.phone) == []
    assert await refusal(play.requester, answer(matter, view, confirmed_on="2026-03-06")) == (
        409,
        "matters.step-not-allowed",
    )
    other = Family(play)
    await send_plan(play.requester, matter, [paper], email=other.email, phone=other.phone)
    await other.text()
    again = await shown(play, matter)
    assert again.content.sending is not None
    assert (again.state, again.content.sending.number, again.content.sending.undelivered) == ("sent", 2, None)


@pytest.mark.parametrize("by", ["gateway", "report"])
async def test_a_number_that_no_sms_reaches_comes_back_to_the_centre(
    play: Play, family: Family, paper: Path, by: str
) -> None:
    if by == "gateway":
        play.stage.phone.fail_next(status=422)
    else:
        play.stage.phone.report_next("failed")
    matter = await sent(play, family, paper)
    view = await in_state(play, matter, "undelivered")
    assert view.content.sending is not None
    assert view.content.sending.undelivered is PlanUndelivered.PASSWORD
    assert [duty.kind for duty in owed(view)] == ["send_plan"]
    assert await kept(play, matter) == []
    signing = step("sign", matter)
    assert (await play.requester.tell(signing)).state == "agreed"


async def test_a_plan_that_nobody_answered_lapses_and_may_still_be_answered(
    play: Play, family: Family, paper: Path
) -> None:
    matter = await sent(play, family, paper)
    await family.text()
    await play.time_passes(LAPSE, matter)
    view = await in_state(play, matter, "lapsed")
    assert [(duty.kind, duty.basis, duty.by_method) for duty in owed(view)] == [
        ("send_plan", "password_lapsed", False)
    ]
    assert {one.sent_on for one in view.content.activities} == {view.content.sent_on}
    assert await kept(play, matter) == []
    await play.mailed_about(matter, play.requester, "saikne plan send")
    for statement in (
        compose(PlanProlong, matter=matter, number=1),
        compose(PlanPasswordAgain, matter=matter, number=1),
    ):
        assert await refusal(play.requester, statement) == (409, "matters.step-not-allowed")
    late = await play.requester.tell(answer(matter, view))
    assert (late.state, owed(await shown(play, matter))) == ("agreed", [])


async def test_a_lapsed_plan_is_sent_again_with_another_password(
    play: Play, family: Family, paper: Path
) -> None:
    matter = await sent(play, family, paper)
    first = (await family.text()).text
    await play.time_passes(LAPSE, matter)
    await in_state(play, matter, "lapsed")
    await send_plan(play.requester, matter, [paper], email=family.email, phone=family.phone)
    assert (await family.text(2)).text.split()[-1] != first.split()[-1]
    one, two = [mail.attachments[0].content for mail in play.stage.mailbox.inbox(family.email)]
    assert one != two
    assert (await shown(play, matter)).state == "sent"


async def test_the_family_gets_more_time_three_times_and_its_password_once_more(
    play: Play, family: Family, paper: Path
) -> None:
    matter = await sent(play, family, paper)
    text = await family.text()
    before = await until(lambda: shown(play, matter), lambda view: bool(view.content.sending.mailed_on))  # type: ignore[union-attr]
    for times in (1, 2, 3):
        await play.requester.tell(compose(PlanProlong, matter=matter, number=1))
        view = await shown(play, matter)
        assert view.content.sending is not None
        assert view.content.sending.prolonged == times
        assert [duty.due_on for duty in owed(view)] == [view.content.sending.answer_by]
    assert before.content.sending is not None
    assert view.content.sending.answer_by > before.content.sending.answer_by  # type: ignore[union-attr]
    more = compose(PlanProlong, matter=matter, number=1)
    assert await refusal(play.requester, more) == (409, "passwords.prolonged-too-often")
    again = compose(PlanPasswordAgain, matter=matter, number=1)
    assert await refusal(play.requester, again) == (409, "passwords.too-many-tries")
    await play.sql(
        "UPDATE hub.password SET asked_at = asked_at - interval '2 minutes' WHERE exchange_id = $1", matter
    )
    await play.requester.tell(again)
    assert (await family.text(2)).text == text.text
    other = compose(PlanPasswordAgain, matter=matter, number=2)
    assert await refusal(play.requester, other) == (409, "plans.other-sending")


async def test_nothing_goes_out_that_was_changed_on_its_way(play: Play, family: Family, paper: Path) -> None:
    matter, sending = await drawn_up(play), uuid4()
    hands = await play.by_hand(play.requester)
    recipient = compose(PlanRecipient, matter=matter, sending=sending, email=family.email, phone=family.phone)
    begun = await play.requester.tell(recipient)
    assert await play.requester.tell(recipient) == begun
    elsewhere = recipient.model_copy(update={"email": "cits@gimene.example"})
    assert await refusal(play.requester, elsewhere) == (409, "plans.sending-reused")
    assert await refusal(play.stranger, recipient) == (404, "matters.not-found")
    place, body = f"/v1/support-plans/{matter}/sendings/{sending}/documents/1", content(paper)
    wrong = hands.for_upload(place, body)
    assert code_of(await hands.put(place, body[:-1] + b"!", wrong)) == (422, "sealing.digest-mismatch")
    unknown = place.replace(str(sending), str(uuid4()))
    assert code_of(await hands.put(unknown, body)) == (404, "plans.sending-unknown")
    assert code_of(await hands.put(place, body, hands.for_upload(place, body, "text/html"))) == (
        422,
        "sealing.media-type-not-carried",
    )
    large = pdf("large", 120_000)
    assert code_of(await hands.put(place, large)) == (413, "plans.too-large-to-mail")
    first = await hands.put(place, body)
    assert first.status_code == 200, first.text
    assert (await hands.put(place, body)).json() == first.json()
    other = pdf("another plan")
    assert code_of(await hands.put(place, other)) == (409, "plans.sending-reused")
    sealed = {"no": 1, "media_type": MediaType.PDF, "bytes": len(body), "sha256": first.json()["sha256"]}
    right = {
        "matter": matter,
        "sending": sending,
        "recipient_sha256": digest(recipient),
        "documents": [sealed],
    }
    for changes, refused_as in (
        ({"recipient_sha256": "00" * 32}, (422, "plans.recipient-differs")),
        ({"documents": [{**sealed, "sha256": "00" * 32}]}, (422, "plans.documents-differ")),
        ({"documents": [sealed, {**sealed, "no": 2}]}, (422, "plans.documents-differ")),
        ({"sending": uuid4()}, (404, "plans.sending-unknown")),
    ):
        assert await refusal(play.requester, dispatch(**{**right, **changes})) == refused_as
    assert (await shown(play, matter)).state == "drawn_up"
    going = dispatch(**right)
    accepted = await play.requester.tell(going)
    assert await play.requester.tell(going) == accepted
    await family.text()
    assert len(play.stage.mailbox.inbox(family.email)) == 1
    assert await refusal(play.requester, dispatch(**right)) == (404, "plans.sending-unknown")


def digest(recipient: PlanRecipient) -> str:
    from hashlib import sha256

    from saikne.statements import wire_bytes

    return sha256(wire_bytes(recipient)).hexdigest()


def dispatch(**fields: Any) -> PlanDispatch:
    return compose(PlanDispatch, **fields)


async def test_what_was_begun_and_not_sent_is_taken_back(play: Play, family: Family, paper: Path) -> None:
    matter, sending = await drawn_up(play), uuid4()
    recipient = compose(PlanRecipient, matter=matter, sending=sending, email=family.email, phone=family.phone)
    await play.requester.tell(recipient)
    hands = await play.by_hand(play.requester)
    place = f"/v1/support-plans/{matter}/sendings/{sending}/documents/1"
    assert (await hands.put(place, content(paper))).status_code == 200
    assert len(await kept(play, matter)) == 1
    await play.time_passes("plans.abandon", matter)
    await until(lambda: kept(play, matter), lambda rows: rows == [])
    await until(lambda: asyncio.to_thread(play.objects, matter), lambda files: files == [])
    assert code_of(await hands.put(place, content(paper))) == (404, "plans.sending-unknown")
    assert play.stage.mailbox.inbox(family.email) == []


async def test_a_plan_that_is_closed_under_way_takes_everything_with_it(
    play: Play, family: Family, paper: Path
) -> None:
    matter = await sent(play, family, paper)
    view = await shown(play, matter)
    closing = said(PlanClosed, matter=matter, reason="year_over", closed_on=view.content.sent_on)
    assert (await play.requester.tell(closing.model_copy(update={"exit_talk_on": None}))).state == "closed"
    assert await kept(play, matter) == []


async def test_no_address_and_no_telephone_is_left_anywhere(play: Play, paper: Path) -> None:
    """Whatever became of it: answered, refused, lapsed, still under way."""
    families = [Family(play) for _ in range(3)]
    matters = [await sent(play, family, paper) for family in families]
    texts = [(await family.text()).text.split()[-1] for family in families]
    await play.time_passes(LAPSE, matters[1])
    await in_state(play, matters[1], "lapsed")
    await play.requester.tell(answer(matters[0], await shown(play, matters[0])))
    lost = Family(play)
    play.stage.mailbox.reject_next(status=550)
    await in_state(play, await sent(play, lost, paper), "undelivered")
    words = [word for one in (*families, lost) for word in (one.email, one.phone, one.phone[4:])]
    assert await hunt(play, [*words, "Mežvējiņa", "mezvejina"], texts) == []


async def at_terminal(play: Play, hub: Hub, words: tuple[str, ...], answer: str) -> tuple[int, str]:
    """Exit code and what somebody is shown who answers every question so."""
    home = play.stage.home / "centres" / str(hub.credentials.centre)
    here = {**os.environ, "SAIKNE_HOME": str(home), "SAIKNE_LANG": "lv"}
    code, _, shown_to = await asyncio.to_thread(
        typed, "saikne", *words, environment=here, answering=lambda _: answer
    )
    return code, shown_to


async def test_a_plan_is_sent_by_commands_and_today_says_what_comes_next(
    play: Play, family: Family, paper: Path
) -> None:
    hub = play.requester
    activity = ("--activity", "developmental_needs;2026-03-02;2026-09-30;family,centre")
    about = ("--family", f"PS-{next(FAMILIES)}", "--year", "2026", "--talk-on", "2026-03-02")
    matter = (await done(play, hub, "plan", "begin", str(paper), *about, *activity))["matter"]
    assert f"saikne plan send {matter[:8]}" in (await told(play, hub, "today"))[1]
    way = ("plan", "send", matter, str(paper), "--address", family.email, "--phone")
    assert (await refused(play, hub, *way, "12"))[1] == "plan.phone-not-read"
    code, printed = await told(play, hub, *way, family.phone[4:], language="lv")
    assert (code, "10. kolonnā" in printed) == (0, True), printed
    assert family.email not in printed
    await family.text()
    _, printed = await told(play, hub, *way, family.phone[4:], language="lv")
    assert "Plāns ģimenei jau nosūtīts" in printed
    again = (*way, family.phone[4:])
    code, shown_to = await at_terminal(play, hub, again, "nē")
    assert (code, "(--again)" in shown_to) == (2, True), shown_to
    assert (await done(play, hub, *again, "--again"))["state"] == "sent"
    await family.text(count=2)
    assert f"saikne plan confirmed {matter[:8]}" in (await told(play, hub, "today"))[1]
    _, seen = await told(play, hub, "matter", matter, language="lv")
    assert "Saiknes sūtījums: " in seen
    assert "nosūtīta: " in seen
    assert (await done(play, hub, "plan", "prolong", matter))["state"] == "sent"
    unsealed = ("plan", "sent", matter, str(paper), "--archive", str(paper), "--on", "2026-03-03")
    by_itself = (*unsealed, "--address", "z@example.lv", "--password-by", "sms")
    assert (await refused(play, hub, *by_itself))[1] == "plan.not-an-archive"
    today = (await shown(play, UUID(matter))).content.sent_on
    confirming = ("plan", "confirmed", matter, "--how", "three_part", "--on", str(today))
    assert (await done(play, hub, *confirming, "--no-corrections", "--agreed"))["state"] == "agreed"
    assert await kept(play, UUID(matter)) == []


async def test_another_file_than_the_plan_goes_only_if_that_is_said(
    play: Play, family: Family, paper: Path, tmp_path: Path
) -> None:
    """Before the first sending as after it, by the hub or by the centre itself (method S132, S133)."""
    hub, matter = play.requester, await drawn_up(play, paper)
    other = tmp_path / "dok-03.pdf"
    other.write_bytes(pdf("another document"))
    way = ("plan", "send", str(matter), str(other), "--address", family.email, "--phone", family.phone)
    code, printed = await told(play, hub, *way, language="lv")
    assert (code, "--other-file" in printed) == (2, True), printed
    for file in (paper, other):
        assert hashlib.sha256(file.read_bytes()).hexdigest()[:12] in printed
    code, shown_to = await at_terminal(play, hub, way, "nē")
    assert (code, "(--other-file)" in shown_to) == (2, True), shown_to
    archive = pack_plan([other], tmp_path / "packed").archive
    by_itself = (
        *("plan", "sent", str(matter), str(other), "--archive", str(archive), "--on"),
        *(f"{riga_day(now()):%Y-%m-%d}", "--address", "z@example.lv", "--password-by", "sms"),
    )
    assert (await refused(play, hub, *by_itself))[1] == "plan.other-file"
    assert (await shown(play, matter)).state == "drawn_up"
    assert (await done(play, hub, *way, "--other-file"))["state"] == "sent"
    back = (*way[:3], str(paper), *way[4:], "--again")
    assert (await refused(play, hub, *back))[1] == "plan.other-file"
    assert (await done(play, hub, *by_itself))["state"] == "sent"
