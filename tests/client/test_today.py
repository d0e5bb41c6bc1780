"""`saikne today`: what is to be done, the most urgent first, each with the command that does it."""

import csv
import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import typer.main

from saikne.command import application
from saikne.command.owed import (
    ACTS,
    ACTS_BY_WORKFLOW,
    ANSWERING,
    AWAITING,
    BESIDE_AN_ANSWER,
    LETTER,
    POSTED,
    SENT_BY,
    Stands,
    acts,
)
from saikne_schemas.examples.matters import REGISTER
from saikne_schemas.matters import DutyView
from saikne_schemas.vocabulary import PAPER_WAYS, DeliveryChannel, DutyKind, ExchangeState
from tests.client.command_line import Centre
from tests.client.hub_peer import HubPeer

TODAY, SOON, LATER = {"working_days_left": 1}, {"working_days_left": 3}, {"working_days_left": 8}
LATE = {"overdue": True, "working_days_left": 0, "working_days_late": 2, "due_on": "2026-03-02"}


def owed(kind: str, workflow: str, **stands: Any) -> dict[str, Any]:
    return REGISTER | {"id": str(uuid4()), "kind": kind, "workflow": workflow, "stake": "owes"} | stands


@pytest.fixture(autouse=True)
def some(peer: HubPeer) -> None:
    peer.duties = [
        owed("answer", "copies", **LATE),
        owed("answer_proposal", "training", by_method=False, **TODAY),
        owed("register", "family_move", **SOON),
        owed("send_plan", "support_plan", by_method=False, **LATER),
        owed("answer", "copies", **(LATER | {"stake": "awaits", "owner_name": "=SUM(1)"})),
    ]


def test_the_most_urgent_comes_first_with_its_command(saule: Centre, peer: HubPeer) -> None:
    ids = [duty["concerns"] for duty in peer.duties]
    result = saule("today")
    assert result.code == 0
    lines = result.out.splitlines()
    assert [line for line in lines if not line.startswith("  ")] == [
        "Overdue (1)",
        "Today (1)",
        "Within three working days (1)",
        "Later (1)",
        "* the method names no term; the hub sets the day",
        f"What else may be done the case itself shows, for instance: saikne status {ids[0][:8]}",
    ]
    for line, act in zip(
        [line for line in lines if line.startswith("  ")],
        (
            *("answer", "training accept", "or saikne training decline", "move registered"),
            *("plan send", "or saikne plan confirmed"),
        ),
        strict=True,
    ):
        assert line.endswith(f"{'' if act.startswith('or ') else 'saikne '}{act} {ids[0][:8]}")
    assert "02.03.2026 " in lines[1]
    assert "OVERDUE by 2 working days" in lines[1]


def test_programs_get_the_same(saule: Centre) -> None:
    shown = saule.done("today")
    assert {name: [one["kind"] for one in found] for name, found in shown.items()} == {
        "overdue": ["answer"],
        "today": ["answer_proposal"],
        "soon": ["register"],
        "later": ["send_plan"],
        "may": [],
    }
    within = saule.done("today", "--within", "1")
    assert [name for name, found in within.items() if found] == ["overdue", "today"]


def test_what_is_awaited_from_others_names_them_and_no_command(saule: Centre) -> None:
    (awaited,) = saule.done("today", "--awaited")["later"]
    assert (awaited["owner_name"], awaited["act"], awaited["other_acts"]) == ("=SUM(1)", None, [])
    assert "=SUM(1)" in saule("today", "--awaited").out


def test_what_others_are_late_with_is_to_be_done_once_one_can_do_something(
    saule: Centre, peer: HubPeer
) -> None:
    silent = {"stake": "awaits", "owner_name": "Ligzda", "basis": "notice_asked"}
    peer.duties = [
        owed("acknowledge_notice", "family_move", **(LATE | silent)),
        owed("acknowledge_notice", "family_move", **(LATER | silent)),  # it has time
        owed("acknowledge_notice", "family_move", **(LATE | silent | {"basis": "notice_claimed"})),
        owed("answer", "copies", **(LATE | silent)),  # nothing but waiting
    ]
    (late,) = saule.done("today")["overdue"]
    assert [late["act"], *late["other_acts"]] == [
        f"saikne {does} {late['concerns']}" for does in ("move notice-claimed", "move ask-notice")
    ]
    assert "Ligzda: " in saule("today").out


def test_the_inbox_says_what_else_there_is_to_do(saule: Centre, peer: HubPeer) -> None:
    assert saule("inbox").out == (
        "Nothing waits among requests for copies.\nTo be done: 4. It is shown by: saikne today\n"
    )
    peer.duties = []
    assert saule("inbox").out == "Nothing waits for this centre.\n"


def test_nothing_to_do_is_said(saule: Centre, peer: HubPeer) -> None:
    peer.duties = []
    assert saule("today").out == "There is nothing to do.\n"
    assert saule("today", "--awaited", "--lang", "lv").out == "No citiem nekas netiek gaidīts.\n"


def test_a_spreadsheet_gets_a_table_without_formulas(saule: Centre, tmp_path: Path) -> None:
    file = tmp_path / "darbi.csv"
    assert saule.done("today", "--awaited", "--csv", str(file))["later"][0]["kind"] == "answer"
    heads, row = csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";")
    assert (len(heads), heads[0], row[3]) == (len(row), "Due", "'=SUM(1)")
    assert saule("today", "--csv", str(tmp_path / "mani.csv")).out.startswith("4 lines written")


def test_duties_are_one_sides_or_both_so_many_and_counted(saule: Centre, peer: HubPeer) -> None:
    assert len(saule.done("duties")) == 5
    assert {one["stake"] for one in saule.done("duties", "--mine")} == {"owes"}
    assert {one["stake"] for one in saule.done("duties", "--awaited")} == {"awaits"}
    assert [one["kind"] for one in saule.done("duties", "--within", "1")] == ["answer", "answer_proposal"]
    assert [one["kind"] for one in saule.done("duties", "--overdue")] == ["answer"]
    asked = len(peer.seen)
    assert len(saule.done("duties", "--limit", "2")) == 2
    assert [one.target for one in peer.seen[asked:] if "/v1/duties" in one.target] == ["/v1/duties?limit=2"]
    assert saule("duties").out.endswith("5 duties in all; overdue: 1.\n")
    assert "Kopā 5 pienākumi; nokavēto skaits – 1.\n" in saule("duties", "--lang", "lv").out
    assert saule.refused("duties", "--mine", "--awaited") == (2, "usage.wrong")


def test_duties_are_written_for_a_spreadsheet(saule: Centre, tmp_path: Path) -> None:
    file = tmp_path / "pienakumi.csv"
    assert len(saule.done("duties", "--csv", str(file))) == 5
    assert len(list(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))) == 6


def test_every_duty_has_its_command() -> None:
    assert ACTS.keys() | {kind for kind, _ in ACTS_BY_WORKFLOW} == set(DutyKind)


EVERY = [*ACTS.values(), *ACTS_BY_WORKFLOW.values(), *BESIDE_AN_ANSWER.values(), *AWAITING.values()]
ANYWHERE = [Stands(state, way) for state in ExchangeState for way in DeliveryChannel]


@pytest.mark.parametrize(
    "act",
    sorted({*SENT_BY.values(), "answer-on-paper", "confirm", *(act for those in EVERY for act in those)}),
)
def test_every_command_that_is_named_takes_what_the_duty_is_about(act: str) -> None:
    command: Any = typer.main.get_command(application(act.split(maxsplit=1)[0]))
    for name in act.split():
        command = command.commands[name]
    first = command.params[0]
    assert (first.param_type_name, first.required) == ("argument", True)
    assert first.metavar in {"ID", "EXCHANGE", "MATTER"}


def verbs(kind: str, at: Stands, **whose: Any) -> list[str]:
    """With which verbs a duty is done where its exchange stands so."""
    duty = DutyView.model_validate(owed(kind, "copies", **whose))
    return [act.removeprefix("saikne ").rpartition(" ")[0] for act in acts(duty, at)]


@pytest.mark.parametrize("kind", ["answer", "send_again", "send_offered"])
def test_an_answer_goes_the_way_that_it_takes(kind: str) -> None:
    leaves = {DeliveryChannel.IN_PERSON: "handed-over", DeliveryChannel.REGISTERED_POST: "posted"}
    for at in ANYWHERE:
        if at.state is ExchangeState.FROZEN:
            continue
        does, *else_ = verbs(kind, at)
        beside = BESIDE_AN_ANSWER.get(at.state, ()) if kind == "answer" and at.state else ()
        on_paper = leaves.get(at.way) if at.way and at.state is ExchangeState.PREPARING else "answer-on-paper"
        assert (does, tuple(else_)) == (on_paper if at.way in PAPER_WAYS else "answer", beside), at


@pytest.mark.parametrize("whose", [{}, {"stake": "awaits", "owner_outside": True}], ids=["own", "outside"])
@pytest.mark.parametrize("way", DeliveryChannel)
def test_nothing_is_answered_while_everything_is_stopped(way: DeliveryChannel, whose: dict[str, Any]) -> None:
    """Copies that went astray are found first: the hub refuses every answer until then."""
    at = Stands(ExchangeState.FROZEN, way)
    for kind in ANSWERING:
        assert verbs(kind.value, at, **whose) == []
    assert [one.rpartition(" ")[2] for one in verbs("resolve_astray", at, **whose)] == ["resolve"]


def test_who_is_asked_may_say_no_or_ask_for_a_later_day() -> None:
    at = Stands(ExchangeState.REQUESTED, DeliveryChannel.HUB, refusable=True)
    assert verbs("answer", at) == ["answer", "refuse", "propose-extension"]
    for state in (ExchangeState.REQUESTED, ExchangeState.PREPARING, ExchangeState.DISPUTED):
        assert verbs("answer", Stands(state, at.way)) == ["answer", "propose-extension"]


def test_who_awaits_the_post_confirms_what_has_come() -> None:
    for at in ANYWHERE:
        assert verbs("tell_post_outcome", at, stake="awaits") == ["confirm"], at
        assert verbs("tell_post_outcome", at) == ["post-outcome"], at
        assert verbs("tell_post_outcome", at, stake="oversees") == [], at


def test_papers_from_an_outside_centre_are_confirmed_beside_what_the_post_says() -> None:
    outside = {"stake": "awaits", "owner_outside": True}
    says = f"outside says --centre {REGISTER['owner']} post-outcome"
    for at in ANYWHERE:
        assert verbs("tell_post_outcome", at, **outside) == [says, "confirm"], at


def test_papers_on_their_way_can_be_confirmed_before_anything_is_late(saule: Centre, peer: HubPeer) -> None:
    awaits = {"stake": "awaits", "owner_name": "Ligzda"}
    peer.duties = [
        owed("tell_post_outcome", "copies", **(LATER | awaits)),
        owed("tell_post_outcome", "copies", **(LATER | {"stake": "oversees"})),
        owed("confirm_copies", "copies", **(LATER | awaits)),
    ]
    (posted,) = saule.done("today")["later"]
    assert (posted["act"], posted["other_acts"]) == (f"saikne confirm {posted['concerns']}", [])
    assert "Ligzda: " in saule("today").out
    assert "To be done: 1." in saule("inbox").out


def test_no_is_said_as_long_as_nothing_was_sent() -> None:
    for state in (ExchangeState.PREPARING, ExchangeState.DISPUTED):
        at = Stands(state, DeliveryChannel.HUB, refusable=True)
        assert verbs("answer", at) == ["answer", "refuse", "propose-extension"]


def test_what_was_opened_here_is_confirmed_also_after_the_lapse() -> None:
    sent = Stands(ExchangeState.DISPATCHED, DeliveryChannel.HUB, opened=True)
    assert verbs("confirm_copies", sent) == ["confirm", "dispute"]
    lapsed = Stands(ExchangeState.LAPSED, DeliveryChannel.HUB, opened=True)
    assert verbs("send_again", lapsed, stake="awaits") == ["confirm", "dispute"]
    assert verbs("send_again", Stands(ExchangeState.LAPSED, DeliveryChannel.HUB), stake="awaits") == []
    assert verbs("send_again", lapsed) == ["answer"]


def test_what_came_is_confirmed_the_way_that_it_came() -> None:
    for at in ANYWHERE:
        usual = "confirm" if at.way in PAPER_WAYS else "download"
        assert verbs("confirm_copies", at) == [usual, "dispute"], at


@pytest.mark.parametrize("kind", sorted(kind for kind in ACTS))
def test_what_an_outside_centre_owes_is_said_in_its_place(kind: DutyKind) -> None:
    outside = {"stake": "awaits", "owner_outside": True}
    says = f"outside says --centre {REGISTER['owner']} "
    for at in ANYWHERE:
        done = [one for one in verbs(kind, at, **outside) if one not in LETTER]
        nothing = at.state is ExchangeState.FROZEN and kind in ANSWERING
        assert (done == []) is nothing, at
        own = AWAITING[kind] if kind in POSTED else ()
        assert {one.startswith(says) for one in done if one not in own} <= {True}, at
        assert not {"answer", "download"} & {one.removeprefix(says) for one in done}, at


def test_a_letter_is_named_until_its_receipt_is_told() -> None:
    at = Stands(ExchangeState.REQUESTED, DeliveryChannel.IN_PERSON)
    outside = {"stake": "awaits", "owner_outside": True}
    assert tuple(verbs("answer", at, **outside, basis="request_made"))[:2] == LETTER
    assert not {*LETTER} & {*verbs("answer", at, **outside, basis="request_received")}
