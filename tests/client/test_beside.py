"""What a matter waits for and what may be done in it is named with its command, as long as it can be done."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from saikne.command import instead, replacing
from saikne.command.beside import CHOICES, Choice, acts_in, may_be_done, waiting
from saikne.command.correcting import remedies
from saikne.command.given import today_in_riga
from saikne.command.matters import tell_matter
from saikne.command.moving import finish
from saikne.command.owed import acts
from saikne.command.speech import Console
from saikne.wording import CATALOGUE
from saikne_schemas.catalogue import LANGUAGES
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.examples.matters import REGISTER
from saikne_schemas.family_moves import FamilyMoveView
from saikne_schemas.matters import MatterAccepted
from saikne_schemas.plans import SupportPlanView
from saikne_schemas.vocabulary import DutyKind
from tests.client.command_line import Centre
from tests.client.printed import NUMBER, commands_in, unfit

TODAY = today_in_riga()
CLAIM = {"channel": "email", "sent_at": "2026-03-10T08:41:00Z", "proofs": 1}


def duty(kind: DutyKind, **told: Any) -> dict[str, Any]:
    return REGISTER | {"id": str(uuid4()), "kind": kind.value, "stake": "owes", "due_on": str(TODAY)} | told


def move(state: str, role: str = "new", duties: Any = (), **content: Any) -> Any:
    shown: dict[str, Any] = EXAMPLES[FamilyMoveView]
    bare: dict[str, Any] = {"effective_on": None, "dated_by": None, "notice": None, "counted": []}
    told = {"state": state, "role": role, "duties": list(duties)}
    return FamilyMoveView.model_validate(shown | told | {"content": shown["content"] | bare | content})


def plan(state: str = "sent", **sending: Any) -> Any:
    shown: dict[str, Any] = EXAMPLES[SupportPlanView]
    under_way = {"number": 1, "dispatched_on": str(TODAY), "answer_by": str(TODAY)} | sending
    return SupportPlanView.model_validate(
        shown | {"state": state, "content": shown["content"] | {"sending": under_way}}
    )


def named(lines: Any) -> list[str]:
    return [" ".join(command[:-1]) for line in lines for command in commands_in(line)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "choice", [one for those in CHOICES.values() for one in those], ids=lambda one: one.verb
)
def test_every_choice_has_its_sentence_and_runs_as_printed(choice: Choice, language: str) -> None:
    said = CATALOGUE.text(choice.sentence, language, act=f"saikne {choice.verb} {NUMBER}", until=TODAY)
    (command,) = commands_in(said)
    assert unfit(command) is None


@pytest.mark.parametrize("role", ["new", "previous"])
def test_who_may_object_to_a_day_is_told_so_until_the_last_one(role: str) -> None:
    established = {"effective_on": TODAY, "dated_by": "previous_silent"}
    assert named(may_be_done(move("dated", role, **established, objections_until=TODAY))) == [
        "move object-to-date"
    ]
    over = move("dated", role, **established, objections_until=TODAY - timedelta(days=1))
    assert named(may_be_done(over)) == []


@pytest.mark.parametrize("role", ["new", "previous"])
def test_who_has_objected_is_not_told_to_object_or_to_confirm_its_own_day(
    role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    by = {"name": "Solvita Krēsliņa", "position": "vadītāja"}
    proposal = {"id": str(uuid4()), "reason": "error_corrected", "proposed_by": by, "effective_on": TODAY}
    established = {"effective_on": TODAY, "dated_by": "previous_silent", "objections_until": TODAY}
    for side in ("new", "previous"):
        view = move("dated", role, **established, override=proposal | {"side": side})
        assert named(may_be_done(view)) == ([] if side == role else ["move object-to-date"])
        taken = MatterAccepted.model_validate(EXAMPLES[MatterAccepted])
        finish(Console(as_json=False), taken, view)
        after = capsys.readouterr().out
        assert ("move object-to-date" in after, "move confirm-override" in after) == (side != role,) * 2


@pytest.mark.parametrize(
    ("dated_by", "day", "remedy"),
    [
        ("notice_on_time", TODAY + timedelta(days=1), "move correct-notice"),
        ("notice_on_time", TODAY, "move override"),
        ("override", TODAY, "move correct-notice"),
    ],
)
def test_a_wrong_notice_is_put_right_by_what_the_hub_takes(dated_by: str, day: Any, remedy: str) -> None:
    received = {
        "channel": "email",
        "received_at": "2026-03-10T08:41:00Z",
        "on_time": True,
        "proofs": 1,
        "decisive": "statutory",
    }
    told = {"effective_on": day, "dated_by": dated_by, "notice": received}
    found = [one.verb for one, _ in remedies(move("dated", "previous", **told), "move notice")]
    assert found == [remedy]
    assert [one.verb for one, _ in remedies(move("dated", "new", **told), "move notice")] == []


def test_a_cancelled_move_has_no_day(capsys: pytest.CaptureFixture[str]) -> None:
    label = CATALOGUE.text("family_move.effective_on", "lv")
    for state in ("dated", "cancelled"):
        tell_matter(Console(as_json=False), move(state, effective_on=TODAY, dated_by="override"))
        assert (label in capsys.readouterr().out) is (state == "dated")


def test_a_new_centre_is_told_what_it_can_do_about_a_silent_one() -> None:
    moment = datetime.now(UTC)
    asked, claimed = move("agreed", asked_at=moment), move("agreed", claim=CLAIM | {"shown_at": moment})
    for view in (move("agreed"), asked, claimed):
        assert named(waiting(view)) == ["move ask-notice", "move notice-claimed"]
    assert waiting(move("dated")) == []


def test_both_centres_are_told_by_when_silence_counts() -> None:
    word = duty(DutyKind.ACKNOWLEDGE_NOTICE, basis="notice_claimed")
    proved = {"claim": CLAIM | {"shown_at": datetime.now(UTC)}, "duties": [word]}
    for role in ("new", "previous"):
        assert f"{TODAY:%d.%m.%Y}" in waiting(move("agreed", role, **proved))[-1]
    unproved = move("agreed", "previous", duties=[duty(DutyKind.ACKNOWLEDGE_NOTICE)])
    assert waiting(unproved)[-1] == CATALOGUE.text("move.silence.unproved", "lv")


def test_a_matter_names_the_commands_of_all_that_is_owed(capsys: pytest.CaptureFixture[str]) -> None:
    kinds = [DutyKind.REGISTER, DutyKind.COURT_NOTICE, DutyKind.RECEIVE_COPIES]
    asked = uuid4()
    view = move("dated", duties=[duty(one) for one in kinds], copies=asked)
    tell_matter(Console(as_json=False), view)
    printed = capsys.readouterr().out
    for one in view.duties[:2]:
        assert all(act in printed for act in acts(one)), one.kind
    for act in (f"saikne status {asked}", f"saikne move copies-given-up {view.id}"):
        assert act in printed
    assert f"saikne matter {view.id}" not in printed


def test_copies_that_nobody_asked_for_can_still_be_given_up() -> None:
    view = move("dated", duties=[duty(DutyKind.RECEIVE_COPIES)])
    assert acts_in(view, view.duties[0]) == [f"saikne move copies-given-up {view.id}"]


def test_a_sent_plan_names_what_can_be_done_while_its_family_is_silent() -> None:
    assert named(may_be_done(plan(mailed_on=TODAY))) == ["plan hand-over-again", "plan prolong"]
    assert named(may_be_done(plan())) == ["plan prolong"]  # nothing has gone yet
    assert named(may_be_done(plan(mailed_on=TODAY, prolonged=3))) == ["plan hand-over-again"]
    assert named(may_be_done(plan(mailed_on=TODAY, answer_by=TODAY - timedelta(days=1)))) == []
    assert named(may_be_done(plan("lapsed", mailed_on=TODAY))) == []


@pytest.mark.parametrize("anything", [True, False])
def test_a_list_is_introduced_only_where_one_follows(
    capsys: pytest.CaptureFixture[str], *, anything: bool
) -> None:
    instead._tell_whether(Console(as_json=False), anything=anything)
    assert capsys.readouterr().out.rstrip().endswith(":") is anything


def test_a_day_proposed_by_an_objection_shows_the_reason_that_was_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    by = {"name": "Solvita Krēsliņa", "position": "vadītāja"}
    day = {"side": "previous", "effective_on": TODAY}
    objection = day | {"reason": "notice_came_later", "objected_on": TODAY, "objected_by": by}
    proposal = day | {"id": str(uuid4()), "reason": "error_corrected", "proposed_by": by}
    tell_matter(Console(as_json=False), move("dated", override=proposal, objections=[objection]))
    printed = capsys.readouterr().out
    (line,) = [
        one for one in printed.splitlines() if one.startswith(CATALOGUE.text("family_move.override", "lv"))
    ]
    assert CATALOGUE.text("family_move.objections.reason.notice_came_later", "lv") in line
    assert CATALOGUE.text("family_move.override.reason.error_corrected", "lv") not in printed


@pytest.mark.parametrize("verb", ["notice", "notice-claimed", "correct-notice"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_help_says_of_a_proof_that_it_is_demanded(saule: Centre, verb: str, language: str) -> None:
    printed = saule("move", verb, "--help", "--lang", language).out
    of_proof = printed.partition("  --proof ")[2].partition("\n  --")[0]
    assert f"[{CATALOGUE.text('help.required', language)}" in of_proof


@pytest.mark.parametrize(("state", "told"), [("sent", True), ("lapsed", True), ("agreed", False)])
def test_an_answer_to_an_earlier_sending_is_told_as_such(state: str, *, told: bool) -> None:
    assert bool(waiting(plan(state))) is told


@pytest.mark.parametrize(("said", "lacks"), [(None, "other_file"), (False, None)])
def test_a_plan_of_other_bytes_goes_only_if_that_is_said(*, said: bool | None, lacks: str | None) -> None:
    was = plan().content.plan_sha256
    replacing.check_same_file(plan(), was, other=said)
    replacing.check_same_file(plan(), "ab" * 32, other=True)
    with pytest.raises(replacing.OtherFile) as refused:
        replacing.check_same_file(plan(), "ab" * 32, other=said)
    assert refused.value.lacks == lacks
    assert refused.value.facts == {"before": was[:12], "after": "ab" * 6}
