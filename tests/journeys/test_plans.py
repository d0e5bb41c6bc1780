"""A family's support plan: drawn up, sent in two steps, agreed, supplemented and closed by its own centre."""

import asyncio
import json
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from saikne import Hub, HubRefusal
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.matters import MatterStatement
from saikne_schemas.plan_lists import PlanState
from saikne_schemas.plan_talks import TalkHeld, TalkNeeded
from saikne_schemas.plans import (
    ActivityAdded,
    ActivityEnded,
    FamilyReported,
    PlanClosed,
    PlanConfirmed,
    PlanSent,
    ServiceGiven,
    SupportPlan,
    SupportPlanView,
)
from saikne_schemas.vocabulary import Workflow
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import Play, chain_of, code_of, pdf

IRRELEVANT = {"mark": "no_longer_relevant"}
NO_PARTS = {"received": None, "corrections_needed": None, "agreed": None}
ADDED: Any = EXAMPLES[ActivityAdded]["activity"]
SAID: Mapping[str, tuple[type[MatterStatement], dict[str, Any]]] = {
    "send": (PlanSent, {}),
    "agree": (PlanConfirmed, {}),
    "correct": (PlanConfirmed, {"corrections_needed": True, "agreed": False}),
    "sign": (PlanConfirmed, {"how": "in_person", **NO_PARTS}),
    "add": (ActivityAdded, {}),
    "mark": (ActivityEnded, IRRELEVANT),
    "serve": (ServiceGiven, {}),
    "report": (FamilyReported, {}),
    "talk": (TalkHeld, {}),
    "need_talk": (TalkNeeded, {"by": date.today() + timedelta(days=60)}),  # noqa: DTZ011  # some day to come
    "close": (PlanClosed, {}),
}
WAY: Mapping[str, tuple[str, ...]] = {
    "drawn_up": (),
    "sent": ("send",),
    "correcting": ("send", "correct"),
    "agreed": ("send", "agree"),
    "supplemented": ("sign", "add"),
    "closed": ("close",),
}
BESIDE = ("serve", "report", "talk", "need_talk")
ALLOWED = {
    ("drawn_up", "send"): "sent",
    ("drawn_up", "sign"): "agreed",
    ("drawn_up", "add"): "drawn_up",
    ("drawn_up", "mark"): "drawn_up",
    ("drawn_up", "close"): "closed",
    ("sent", "send"): "sent",
    ("sent", "agree"): "agreed",
    ("sent", "correct"): "correcting",
    ("sent", "sign"): "agreed",
    ("sent", "mark"): "sent",
    ("sent", "close"): "closed",
    ("correcting", "send"): "sent",
    ("correcting", "sign"): "agreed",
    ("correcting", "add"): "correcting",
    ("correcting", "mark"): "correcting",
    ("correcting", "close"): "closed",
    ("agreed", "add"): "supplemented",
    ("agreed", "mark"): "agreed",
    ("agreed", "close"): "closed",
    ("supplemented", "send"): "sent",
    ("supplemented", "sign"): "agreed",
    ("supplemented", "add"): "supplemented",
    ("supplemented", "mark"): "supplemented",
    ("supplemented", "close"): "closed",
    **{(state, action): state for state in WAY if state != "closed" for action in BESIDE},
}
FAMILIES = count(1)


def said(kind: type[MatterStatement], **changes: Any) -> Any:
    """The example's words under a new identity; `None` leaves a field out."""
    fields = {**EXAMPLES[kind], "id": uuid4(), **changes}
    given = {name: value for name, value in fields.items() if value is not None}
    return kind.model_validate_json(json.dumps(given, default=str))


def step(action: str, matter: UUID, state: str = "drawn_up") -> Any:
    """A supplemented plan has a third activity: it is the one to sign, and a fourth the one to add."""
    kind, changes = SAID[action]
    numbers, following = ((3,), 4) if state == "supplemented" else ((1, 2), 3)
    if action == "sign":
        changes = {**changes, "signed": [{"no": number, "on": "2026-06-12"} for number in numbers]}
    if action == "add":
        changes = {"activity": {**ADDED, "no": following}}
    if action == "send" and state == "supplemented":
        changes = {"sent_on": "2026-06-12"}
    if action == "correct" and state == "supplemented":
        changes = {**changes, "confirmed_on": "2026-06-12"}
    return said(kind, matter=matter, **changes)


def a_plan(hub: Hub, **changes: Any) -> SupportPlan:
    """Of a family that has none yet."""
    fresh = {"centre": hub.credentials.centre, "family": f"PL-{next(FAMILIES)}"}
    plan: SupportPlan = said(SupportPlan, **{**fresh, **changes})
    return plan


async def brought(play: Play, state: str) -> UUID:
    matter = (await play.requester.tell(a_plan(play.requester))).matter
    for action in WAY[state]:
        await play.requester.tell(step(action, matter))
    return matter


async def outcome(hub: Hub, statement: MatterStatement) -> tuple[int, str]:
    with pytest.raises(HubRefusal) as refusal:
        await hub.tell(statement)
    return refusal.value.status, refusal.value.code


def test_every_state_has_its_way() -> None:
    brought_by_the_hub = {PlanState.LAPSED, PlanState.UNDELIVERED}  # `test_plan_sending`
    assert WAY.keys() == set(PlanState) - brought_by_the_hub


@pytest.mark.parametrize("state", WAY)
async def test_only_listed_steps_are_taken_by_the_plans_own_centre(play: Play, state: str) -> None:
    matter = await brought(play, state)
    for action in SAID:
        assert await outcome(play.stranger, step(action, matter)) == (404, "matters.not-found")
        assert await outcome(play.overseer, step(action, matter)) == (403, "access.scope-missing")
        after = ALLOWED.get((state, action))
        if after is None:
            refusal = await outcome(play.requester, step(action, matter, state))
            assert refusal == (409, "matters.step-not-allowed"), action
        else:
            taken = await play.requester.tell(step(action, await brought(play, state), state))
            assert (action, taken.state) == (action, after)
    assert (await play.requester.matter(SupportPlanView, matter)).state == state


async def test_a_plan_is_agreed_when_the_last_thing_to_agree_becomes_irrelevant(play: Play) -> None:
    for way in ((), ("send",), ("send", "correct")):
        matter = await brought(play, "supplemented")
        for action in way:
            await play.requester.tell(step(action, matter, "supplemented"))
        irrelevant = said(ActivityEnded, matter=matter, no=3, **IRRELEVANT)
        assert (await play.requester.tell(irrelevant)).state == "agreed"
        view = await play.requester.matter(SupportPlanView, matter)
        assert not [duty for duty in view.duties if duty.ended_at is None]


async def test_a_plan_is_told_from_the_talk_to_the_end_of_the_year(play: Play) -> None:
    matter = await brought(play, "correcting")
    await play.requester.tell(step("send", matter))
    (awaited,) = [
        duty
        for duty in (await play.requester.matter(SupportPlanView, matter)).duties
        if duty.ended_at is None
    ]
    assert (awaited.kind, awaited.stake, awaited.by_method) == ("confirm_plan", "owes", False)
    assert (await play.requester.tell(step("agree", matter))).state == "agreed"
    await play.requester.tell(said(ActivityEnded, matter=matter))
    closing = await play.requester.tell(said(PlanClosed, matter=matter, reason="year_over"))
    assert (closing.state, closing.warnings) == ("closed", [])
    view = await play.requester.matter(SupportPlanView, matter)
    assert [(party.name, party.role) for party in view.parties] == [("Zemgale", "centre")]
    assert sorted(f"{duty.kind} {duty.ending}" for duty in view.duties) == [
        *("confirm_plan met", "confirm_plan met"),
        *("send_plan met", "send_plan met"),
    ]
    assert (view.content.activities[0].mark, view.content.address) == ("done", "z***@e***.lv")
    lines = [line async for line in play.requester.matters(Workflow.SUPPORT_PLAN) if line.id == matter]
    assert [line.others for line in lines] == [[]]
    events, verdict = await chain_of(play.requester)
    assert verdict.holds
    assert [event.kind for event in events if event.about == matter] == [
        "plans.plan.drawn_up",
        "plans.plan.sent",
        "plans.plan.confirmed",
        "plans.plan.sent",
        "plans.plan.confirmed",
        "plans.activity.ended",
        "plans.plan.closed",
    ]


async def test_a_plan_is_no_others_to_see(play: Play) -> None:
    matter = await brought(play, "drawn_up")
    for path in (f"/v1/support-plans/{matter}", f"/v1/matters/{matter}/statements"):
        answer = await (await play.by_hand(play.holder)).get(path)
        assert code_of(answer) == (404, "matters.not-found")
    foreign = a_plan(play.requester)
    assert await outcome(play.holder, foreign) == (403, "matters.not-your-matter")


async def test_a_family_has_one_open_plan_at_its_centre(play: Play) -> None:
    first = a_plan(play.requester)
    begun = await play.requester.tell(first)
    again = said(SupportPlan, centre=first.centre, family=first.family, year=2027)
    assert await outcome(play.requester, again) == (409, "plans.one-per-family")
    elsewhere = await play.holder.tell(a_plan(play.holder, family=first.family))
    assert elsewhere.state == "drawn_up"
    assert await play.requester.tell(first) == begun
    await play.requester.tell(step("close", begun.matter))
    assert (await play.requester.tell(again)).state == "drawn_up"


async def test_of_two_plans_begun_at_one_moment_one_is_taken(play: Play) -> None:
    family = f"PL-{next(FAMILIES)}"
    two = [a_plan(play.requester, family=family) for _ in range(2)]
    answers = await asyncio.gather(*map(play.requester.tell, two), return_exceptions=True)
    codes = [answer.code for answer in answers if isinstance(answer, HubRefusal)]
    assert codes == ["plans.one-per-family"]


async def test_a_refused_statement_changes_nothing(play: Play) -> None:
    matter = await brought(play, "sent")
    before = await play.requester.matter(SupportPlanView, matter)
    for kind, changes, code in (
        (PlanSent, {"password_channel": "email"}, "plans.same-channel"),
        (PlanConfirmed, {"how": "e_signed", **NO_PARTS}, "plans.proof-missing"),
        (PlanConfirmed, {"corrections_needed": True}, "plans.confirmation-contradictory"),
        (PlanConfirmed, {"confirmed_on": "2026-03-02"}, "days.before-cause"),
        (ActivityEnded, {"no": 1}, "plans.activity-not-agreed"),
        (ActivityEnded, {"no": 9}, "plans.activity-unknown"),
        (PlanClosed, {"closed_on": "2099-01-01"}, "days.in-the-future"),
    ):
        assert await outcome(play.requester, said(kind, matter=matter, **changes)) == (422, code)
    assert await play.requester.matter(SupportPlanView, matter) == before
    family = before.content.family
    held = await play.sql("SELECT matter_id FROM hub.open_plan WHERE family = $1", family)
    assert [row[0] for row in held] == [matter]


async def test_a_plan_is_told_by_commands_and_leaves_no_text_nor_address(play: Play) -> None:
    folder = play.new_folder()
    folder.mkdir()
    plan, signed = folder / "Žanete Mežvējiņa.pdf", folder / "parakstits.pdf"
    plan.write_bytes(pdf("plan"))
    signed.write_bytes(pdf("signed plan"))
    activity = ("--activity", "developmental_needs;2026-03-02;2026-09-30;family,centre")
    about = ("--family", f"PL-{next(FAMILIES)}", "--year", "2026", "--talk-on", "2026-03-02")
    hub = play.requester
    matter = (await done(play, hub, "plan", "begin", str(plan), *about, *activity))["matter"]
    assert (await refused(play, hub, "plan", "begin", str(plan), *about, *activity))[1] == (
        "plans.one-per-family"
    )
    packed = await done(play, hub, "plan", "pack", str(plan), "--to", str(folder / "out"))
    password = await asyncio.to_thread(Path(packed["password_file"]).read_bytes)
    sending = (
        *("plan", "sent", matter, str(plan), "--archive", packed["archive"], "--on", "2026-03-03"),
        *("--address", "zanete.mezvejina@example.lv"),
    )
    assert await refused(play, hub, *sending, "--password-by", "email") == (1, "plans.same-channel")
    code, printed = await told(play, hub, *sending, "--password-by", "phone", language="lv")
    assert (code, "10. kolonnā" in printed) == (0, True), printed
    answer = ("plan", "confirmed", matter, "--how", "e_signed", "--on", "2026-03-05")
    assert await refused(play, hub, *answer) == (1, "plans.proof-missing")
    assert (await done(play, hub, *answer, "--proof", str(signed)))["state"] == "agreed"
    more = (str(plan), "--activity", "teamwork;2026-06-01;2026-12-01;family")
    assert (await refused(play, hub, "plan", "add", matter, "3", *more))[1] == "plans.number-not-next"
    assert (await done(play, hub, "plan", "add", matter, "2", *more))["state"] == "supplemented"
    in_person = ("plan", "confirmed", matter, "--how", "in_person", "--on", "2026-06-02")
    assert (await done(play, hub, *in_person, "--signed", "2=2026-06-02"))["state"] == "agreed"
    await done(play, hub, "plan", "done", matter, "1", "--on", "2026-09-01")
    _, shown = await told(play, hub, "matter", matter, language="lv")
    assert "2; 01.06.2026; darbs komandā; audžuģimene; 01.12.2026; 02.06.2026; paraksts 10. kolonnā" in shown
    assert "Uz e-pasta adresi: z***@e***.lv" in shown
    ending = ("plan", "close", matter, "--reason", "cooperation_ended", "--on", "2026-11-02")
    code, printed = await told(play, hub, *ending, language="lv")
    assert (code, "bez noslēguma sarunas" in printed) == (0, True), printed
    said_of_it = await play.sql("SELECT body FROM hub.statement WHERE matter_id = $1", UUID(matter))
    everything = b"".join(row[0] for row in said_of_it).lower()
    assert b"mezvejina" not in everything
    assert password.strip().lower() not in everything
