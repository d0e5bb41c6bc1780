"""What a person at a centre's computer is told when things go as they go on an ordinary day."""

import ast
import shlex
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

import saikne_schemas
from hub.access.authorization import NOT_PROVED
from hub.centres.enrolment import read_enrolment
from hub.kernel.clock import now, riga_day
from saikne import personal_code
from saikne.command.given import day, moment
from saikne.installation import Installation
from saikne.wording import CATALOGUE
from saikne_schemas.enrolment import Enrolment, KeyRotation
from saikne_schemas.moments import RIGA, for_people
from tests.client.command_line import ENTITY, OFFICER, REQUEST, Centre, Run, answered, asked
from tests.client.hub_peer import HubPeer
from tests.client.test_enrolment import verified

INIT = ("init", "--name", "Saule", "--legal-entity", "Biedrība Saule", *ENTITY)
ALGORITHMS = "it must be one of EdDSA, ES256"
BREAKERS = {"Broken": 0, "Spelled": 1}
"""What names a rule, and at which place."""


def rules() -> set[str]:
    """Every rule that the wire documents name; what is a variable there is named where it came from."""
    of = [*Path(saikne_schemas.__file__).parent.glob("*.py"), Path(personal_code.__file__)]
    calls = [
        node
        for path in of
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in BREAKERS
    ]
    named = [one.args[BREAKERS[one.func.id]] for one in calls if isinstance(one.func, ast.Name)]
    return {str(one.value) for one in named if isinstance(one, ast.Constant)}


def test_a_file_in_the_way_of_an_enrolment_leaves_no_half_made_centre(
    peer: HubPeer, tmp_path: Path, run_in: Run
) -> None:
    taken, home = tmp_path / "taken.json", tmp_path / "home"
    taken.touch()
    centre = Centre(home, run_in)
    assert centre.refused(*INIT, "--hub", peer.url, "--out", str(taken)) == (2, "home.already-there")
    assert not home.exists()
    centre.done(*INIT, "--hub", peer.url, "--out", str(tmp_path / "enrolment.json"))


def test_a_telephone_number_may_be_written_for_the_eye(peer: HubPeer, tmp_path: Path, run_in: Run) -> None:
    centre, file = Centre(tmp_path / "home", run_in), tmp_path / "enrolment.json"
    centre.done(*INIT, "--hub", peer.url, "--out", str(file), "--password-phone", "+371 2000-00 01")
    keys = [key.public().model_dump() for key in Installation.at(centre.home).keys().every()]
    enrolment = Enrolment.model_validate_json(verified(file.read_bytes(), keys))
    assert enrolment.contacts.password_phone == "+37120000001"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--alg", "RSA"), f"--alg does not take this value: {ALGORITHMS}"),
        (
            ("--calendar", "lunar"),
            "'--calendar' does not take this value: it must be one of statutory, moved",
        ),
        (("--agreement-signed", "2030-13-01"), "2030-13-01 is not a day; write DD.MM.YYYY"),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_what_would(
    tmp_path: Path, run_in: Run, arguments: tuple[str, ...], told: str
) -> None:
    result = run_in(tmp_path / "home", (*INIT, "--hub", "https://hub.example", *arguments))
    assert (result.code, result.out) == (2, "")
    assert told in result.err


@pytest.mark.parametrize(
    "number", ["40008000001", "4000800010", "40008000102 ", "16117519997", "LV40008000102"]
)
@pytest.mark.parametrize(("language", "told"), [("en", "their check digit"), ("lv", "kontrolcipars")])
def test_a_number_that_no_hub_would_admit_makes_no_centre(
    tmp_path: Path, run_in: Run, number: str, language: str, told: str
) -> None:
    centre, file = Centre(tmp_path / "home", run_in), tmp_path / "enrolment.json"
    typed = (*INIT, "--registration-number", number, "--hub", "https://hub.example", "--out", str(file))
    assert centre.refused(*typed) == (2, "input.refused")
    assert told in centre(*typed, "--lang", language).err
    assert not centre.home.exists()
    assert not file.exists()


@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_example_of_the_help_makes_a_file_that_is_admitted(
    tmp_path: Path, run_in: Run, language: str
) -> None:
    shown = run_in(tmp_path, ("init", "--help", "--lang", language)).out
    example = shown[shown.index("saikne init --name") :].partition("\n\n")[0]
    words = shlex.split(" ".join(line.strip(" \\") for line in example.splitlines()))
    centre, file = Centre(tmp_path / "home", run_in), tmp_path / "enrolment.json"
    centre.done(*words[1:], "--out", str(file))
    admitted = read_enrolment(file.read_bytes(), riga_day(now()))
    assert admitted.document.name == "Atbalsta centrs Saule"


def test_what_is_no_identifier_is_told_in_the_wished_language(saule: Centre) -> None:
    result = saule("status", "D231308", "--lang", "lv")
    assert result.code == 2
    assert "D231308 nav numurs: vajag visu numuru vai vismaz tā pirmās astoņas zīmes" in result.err


@pytest.mark.parametrize("hour", [0, 9])
def test_a_day_and_a_moment_are_taken_as_they_are_shown(hour: int) -> None:
    at = datetime(2026, 3, 9, hour, 30 if hour else 0, tzinfo=RIGA)
    assert moment(for_people(at)) == moment(f"{at:%Y-%m-%d %H:%M}") == at
    assert day(for_people(at.date())) == day(at.date().isoformat()) == at.date()


def test_every_rule_of_the_wire_documents_has_a_sentence_by_its_name() -> None:
    said = {one.removeprefix("rule.") for one in CATALOGUE.identifiers("lv") if one.startswith("rule.")}
    assert len(said) > 40
    assert rules() == said


def test_a_broken_rule_is_told_in_the_wished_language(saule: Centre, meness: Centre) -> None:
    assert meness.home.exists()
    result = saule(*REQUEST, "--family", "AG-1", "--holder", "mēn", "--lang", "lv")
    assert result.code == 2
    assert "bērna IAP pieprasījums norāda vienu bērnu (--child) un nevienu ģimeni" in result.err


def test_a_missing_form_names_the_spouse_it_is_about(
    peer: HubPeer, saule: Centre, meness: Centre, plan: Path
) -> None:
    exchange = asked(saule)
    peer.exchanges[UUID(exchange)].missing = [{"form": "competence_review", "subject": "AG-1", "spouse": 2}]
    assert "competence review AG-1 (2)" in meness("answer", exchange, f"iap:B-0031={plan}", *OFFICER).err


def test_each_side_is_told_which_steps_are_for_the_other(saule: Centre, meness: Centre, plan: Path) -> None:
    exchange = answered(saule, meness, plan)
    answer = ("answer", exchange, f"iap:B-0031={plan}", *OFFICER)
    assert saule.refused(*answer) == (2, "exchange.other-side")
    assert "for Mēness." in saule(*answer).err
    assert meness.refused("confirm", exchange) == (2, "exchange.other-side")


def test_an_answer_that_is_kept_back_says_how_it_goes_on(saule: Centre, meness: Centre, plan: Path) -> None:
    told = meness("answer", asked(saule), f"iap:B-0031={plan}", *OFFICER, "--no-dispatch").out
    assert "without --no-dispatch" in told


def test_who_must_read_a_password_out_is_told_so_at_dispatch(
    saule: Centre, meness: Centre, plan: Path
) -> None:
    request = saule.done(*REQUEST, "--holder", "mēn", "--password", "voice")
    exchange = request["accepted"]["exchange"]
    told = meness("answer", exchange, f"iap:B-0031={plan}", *OFFICER).out
    assert f"saikne reveal {exchange}\n" in told


def test_a_disputed_answer_names_its_documents_and_its_successor_does_not_lie_in_its_way(
    saule: Centre, meness: Centre, plan: Path
) -> None:
    exchange = answered(saule, meness, plan)
    assert Path(saule.done("download", exchange)["path"]).name == f"saikne-{exchange}.zip"
    saule.done("dispute", exchange, "--reason", "unreadable", "--document", "1")
    assert "Disputed: unreadable.\nDocuments concerned: 1.\n" in meness("status", exchange).out
    meness.done("answer", exchange, f"iap:B-0031={plan}", *OFFICER)
    assert Path(saule.done("download", exchange)["path"]).name == f"saikne-{exchange}-2.zip"


def test_an_answer_that_was_taken_back_is_no_longer_shown(saule: Centre, meness: Centre, plan: Path) -> None:
    exchange = asked(saule)
    meness.done("answer", exchange, f"iap:B-0031={plan}", *OFFICER, "--no-dispatch")
    assert "Answer, round 1" in meness("status", exchange).out
    meness.done("discard", exchange)
    assert "Answer, round 1" not in meness("status", exchange).out


def test_a_centre_that_is_not_admitted_yet_is_told_to_wait(
    peer: HubPeer, tmp_path: Path, run_in: Run
) -> None:
    centre = Centre(tmp_path / "home", run_in)
    centre.done(*INIT, "--hub", peer.url, "--out", str(tmp_path / "enrolment.json"))
    result = centre("inbox")
    assert result.code == 1
    assert result.err.startswith("The hub does not let this centre in.\n")
    assert "wait for the hub's operator to admit them" in result.err
    assert f"The hub's reason: {NOT_PROVED}" in result.err


def test_a_hub_out_of_reach_is_told_with_what_to_do(tmp_path: Path, run_in: Run) -> None:
    centre = Centre(tmp_path / "home", run_in)
    centre.done(*INIT, "--hub", "http://127.0.0.1:1", "--out", str(tmp_path / "enrolment.json"))
    result = centre("inbox", "--lang", "lv")
    assert result.code == 3
    assert result.err.startswith("Saikne pašlaik nav pieejama.\nPārbaudiet tīklu un Saiknes adresi")


def test_keys_that_wait_are_announced_again_and_not_made_anew(saule: Centre, tmp_path: Path) -> None:
    files = [tmp_path / "first.json", tmp_path / "second.json"]
    made = [saule.done("keys", "rotate", "--out", str(file))["keys"] for file in files]
    assert made[0] == made[1]
    assert files[0].read_bytes() != files[1].read_bytes()


def test_a_centre_that_lost_its_keys_announces_new_ones_without_proof_by_the_old(
    peer: HubPeer, saule: Centre, tmp_path: Path
) -> None:
    for key in (saule.home / "keys").iterdir():
        key.unlink()
    assert saule.refused("keys", "rotate") == (2, "keys.unreadable")
    file = tmp_path / "rotation.json"
    assert "must vouch" in saule("keys", "rotate", "--lost", "--out", str(file)).out
    new = Installation.at(saule.home).next_keys()
    signers = [key.public().model_dump() for key in new.every()]
    rotation = KeyRotation.model_validate_json(verified(file.read_bytes(), signers))
    peer.admit("Saule", new, rotation.centre)
    saule.done("keys", "use")
    assert saule.done("inbox") == []


def test_a_centre_that_lost_its_machine_comes_back_under_its_identifier(
    peer: HubPeer, saule: Centre, tmp_path: Path, run_in: Run
) -> None:
    lost = Installation.at(saule.home).centre
    again, file = Centre(tmp_path / "again", run_in), tmp_path / "again.json"
    made = again.done(*INIT, "--hub", peer.url, "--centre", str(lost), "--out", str(file))
    assert made["centre"] == str(lost)
    keys = Installation.at(again.home).keys()
    signers = [key.public().model_dump() for key in keys.every()]
    assert KeyRotation.model_validate_json(verified(file.read_bytes(), signers)).centre == lost
    peer.admit("Saule", keys, lost)
    assert again.done("inbox") == []


def test_an_interrupted_command_says_that_nothing_is_lost(saule: Centre) -> None:
    interruptible = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from saikne.command import main; main(['inbox', '--watch', '--lang', 'en'])"
    )
    command = subprocess.Popen(
        [sys.executable, "-u", "-c", interruptible],
        env={"SAIKNE_HOME": str(saule.home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline() == "Nothing waits for this centre.\n"
        command.send_signal(signal.SIGINT)
        told = command.stderr.read()
    assert command.returncode == 130
    assert told == "\nInterrupted. What was done is not lost. Give the same command again.\n"
