"""The command tells the story to people and to programs, in two languages, and ends with the right code."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from saikne.command import COMMANDS, KEY_COMMANDS, main
from saikne.installation import Installation
from saikne.passwords import check_symbol
from saikne_schemas.enrolment import Enrolment, KeyRotation
from tests.client.archives import BODY
from tests.client.hub_peer import Fault, HubPeer
from tests.client.test_enrolment import verified

PASSWORD = f"{BODY[:4]} {BODY[4:8]} {BODY[8:12]} {BODY[12:]} {check_symbol(BODY)}"
REQUEST = (
    *("request", "--kind", "child_iap", "--child", "B-0031"),
    *("--legal-basis", "method_child_move", "--purpose", "care_of_placed_child"),
)
ENTITY = ("--registration-number", "40008000001", "--notices", "lietvediba@example.org")
OFFICER = ("--officer", "Ilze Bērziņa", "--position", "lietvede", "--on", "2026-03-02")


@dataclass
class Result:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Result]


@dataclass
class Centre:
    """A centre's computer: its own home, and the command."""

    home: Path
    run_in: Callable[[Path, tuple[str, ...]], Result]

    def __call__(self, *arguments: str) -> Result:
        return self.run_in(self.home, arguments)

    def done(self, *arguments: str) -> Any:
        """Run it for a program; it must succeed and print one JSON document."""
        result = self(*arguments, "--json")
        assert result.code == 0, result.out + result.err
        return result.document

    def refused(self, *arguments: str) -> tuple[int, str]:
        result = self(*arguments, "--json")
        return result.code, result.document["problem"]["code"]


@pytest.fixture
def run_in(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path, tuple[str, ...]], Result]:
    def run(home: Path, arguments: tuple[str, ...]) -> Result:
        monkeypatch.setenv("SAIKNE_HOME", str(home))
        monkeypatch.setenv("SAIKNE_LANG", "en")
        monkeypatch.setenv("SAIKNE_ATTEMPTS", "2")
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main(arguments)
        out, err = capfd.readouterr()
        return Result(int(end.value.code or 0), out, err)

    return run


def set_up(peer: HubPeer, home: Path, name: str, run_in: Callable[[Path, tuple[str, ...]], Result]) -> Centre:
    """Initialise a centre and admit it as the operator would."""
    centre = Centre(home, run_in)
    made = centre.done(
        *("init", "--name", name, "--legal-entity", f"Biedrība {name}", *ENTITY),
        *("--hub", peer.url, "--out", str(home / "enrolment.json")),
    )
    peer.admit(name, Installation.at(home).keys(), UUID(made["centre"]))
    return centre


@pytest.fixture
def saule(peer: HubPeer, tmp_path: Path, run_in: Callable[[Path, tuple[str, ...]], Result]) -> Centre:
    return set_up(peer, tmp_path / "saule", "Saule", run_in)


@pytest.fixture
def meness(peer: HubPeer, tmp_path: Path, run_in: Callable[[Path, tuple[str, ...]], Result]) -> Centre:
    return set_up(peer, tmp_path / "meness", "Mēness", run_in)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF-1.7 plan" * 50_000)
    return path


def asked(saule: Centre) -> str:
    exchange: str = saule.done(*REQUEST, "--holder", "mēn")["accepted"]["exchange"]
    return exchange


def answered(saule: Centre, meness: Centre, plan: Path) -> str:
    exchange = asked(saule)
    view = meness.done("answer", exchange, f"iap:B-0031={plan}", *OFFICER)
    assert view["state"] == "dispatched"
    return exchange


def password_file(directory: Path, written: str = PASSWORD) -> str:
    file = directory / "password.txt"
    file.write_text(written + "\n")
    return str(file)


def test_two_centres_tell_the_whole_story(
    peer: HubPeer, saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    exchange = answered(saule, meness, plan)
    assert [item["id"] for item in saule.done("inbox")] == [exchange]
    archive = tmp_path / "archive.zip"
    saule.done("download", exchange, "--out", str(archive))
    opened = saule.done(
        "open", str(archive), "--to", str(tmp_path / "in"), "--password-file", password_file(tmp_path)
    )
    assert Path(opened["documents"][0]["file"]).read_bytes() == plan.read_bytes()
    assert saule.done("confirm", exchange, str(archive))["state"] == "confirmed"
    receipt = tmp_path / "receipt.json"
    assert meness.done("receipt", exchange, "--out", str(receipt))["certified"]["exchange"] == exchange
    said = tmp_path / "statements.json"
    assert len(meness.done("statements", exchange, "--out", str(said))) == 4
    assert [one["what"] for one in saule.done("verify", str(receipt))] == ["receipt"]
    kinds = [one["what"] for one in saule.done("verify", str(said))]
    assert kinds == [f"saikne.{kind}/1" for kind in ("request", "answer", "dispatch", "confirmation")]
    assert saule.done("inbox") == []
    certified = json.loads(peer.exchanges[UUID(exchange)].manifest)["documents"][0]["certification"]
    assert certified == {
        "words": "KOPIJA PAREIZA",
        "officer": "Ilze Bērziņa",
        "position": "lietvede",
        "organisation": "Biedrība Mēness",
        "on": "2026-03-02",
    }


def test_the_enrolment_is_signed_and_its_keys_are_private(saule: Centre) -> None:
    file = (saule.home / "enrolment.json").read_bytes()
    keys = [key.public().model_dump() for key in Installation.at(saule.home).keys().both()]
    assert Enrolment.model_validate_json(verified(file, keys)).name == "Saule"
    assert {path.stat().st_mode & 0o777 for path in (saule.home / "keys").iterdir()} == {0o600}


def test_init_never_overwrites_a_centre(saule: Centre) -> None:
    before = {path: path.read_bytes() for path in saule.home.rglob("*.json")}
    code = saule.refused(
        *("init", "--name", "X", "--legal-entity", "Y", *ENTITY),
        *("--hub", "https://hub.example", "--out", str(saule.home / "second.json")),
    )
    assert code == (2, "home.already-there")
    assert {path: path.read_bytes() for path in saule.home.rglob("*.json")} == before


def test_init_prints_fingerprints_to_compare(tmp_path: Path, run_in: Run) -> None:
    result = Centre(tmp_path / "home", run_in)(
        *("init", "--name", "X", "--legal-entity", "Y", *ENTITY, "--alg", "ES256"),
        *("--hub", "https://hub.example", "--out", str(tmp_path / "e.json")),
    )
    assert result.code == 0
    groups = [line.split() for line in result.out.splitlines() if line.startswith("    ")]
    assert [len(line) for line in groups] == [8, 8, 8, 8]


def test_new_keys_are_used_once_the_hub_takes_them(peer: HubPeer, saule: Centre, tmp_path: Path) -> None:
    old = Installation.at(saule.home).keys()
    file = tmp_path / "rotation.json"
    saule.done("keys", "rotate", "--out", str(file))
    new = Installation.at(saule.home).next_keys()
    assert saule.refused("keys", "use") == (1, "oauth.invalid_client")
    assert Installation.at(saule.home).keys().signing.kid == old.signing.kid
    signers = [old.signing.public(), *(key.public() for key in new.both())]
    rotation = KeyRotation.model_validate_json(
        verified(file.read_bytes(), [key.model_dump() for key in signers])
    )
    peer.admit("Saule", new, rotation.centre)
    saule.done("keys", "use")
    assert Installation.at(saule.home).keys().signing.kid == new.signing.kid
    assert old.signing.kid not in " ".join(path.name for path in (saule.home / "keys").iterdir())
    assert saule.refused("keys", "use") == (2, "keys.none-waiting")


def test_a_lost_answer_does_not_make_a_second_request(peer: HubPeer, saule: Centre, meness: Centre) -> None:
    peer.faults.append(Fault("/v1/exchanges", "lost", times=99))
    assert saule.refused(*REQUEST, "--holder", str(list(peer.names)[1])) == (3, "hub.unreachable")
    peer.faults.clear()
    asked(saule)
    assert len(peer.exchanges) == 1
    asked(saule)
    assert len(peer.exchanges) == 2
    assert meness.home != saule.home


def test_an_interrupted_answer_goes_on_with_the_same_command(
    peer: HubPeer, saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    exchange, annex = asked(saule), tmp_path / "annex.pdf"
    annex.write_bytes(b"%PDF-1.7 annex")
    command = ("answer", exchange, f"iap:B-0031={plan}", f"other_child:B-0031={annex}", *OFFICER)
    peer.faults.append(Fault("/documents/2", "reset", times=99))
    assert meness.refused(*command) == (3, "hub.unreachable")
    peer.faults.clear()
    assert meness.done(*command)["state"] == "dispatched"
    assert len(peer.calls("PUT", "/documents/1")) == 1
    assert len(peer.calls("POST", "/answer")) == 1


def test_missing_forms_are_named_and_need_a_reason(
    peer: HubPeer, saule: Centre, meness: Centre, plan: Path
) -> None:
    exchange = asked(saule)
    peer.exchanges[UUID(exchange)].missing = [{"form": "iap", "subject": "B-0032"}]
    command = ("answer", exchange, f"iap:B-0031={plan}", *OFFICER)
    result = meness(*command)
    assert result.code == 2
    assert "individual development plan B-0032" in result.err
    assert meness.done(*command, "--incomplete-because", "held_elsewhere")["state"] == "dispatched"


def test_an_answer_can_be_described_in_a_file(
    peer: HubPeer, saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    exchange = asked(saule)
    signed = tmp_path / "signed.asice"
    signed.write_bytes(b"PK\x03\x04 container")
    described = {
        "children": ["B-0031"],
        "certification": {
            "officer": "Anna",
            "position": "vadītāja",
            "organisation": "Mēness",
            "on": "2026-03-01",
        },
        "documents": [
            {"path": plan.name, "form": "iap", "subject": "B-0031", "derivative": "true_copy"},
            {"path": signed.name, "form": "other_child", "subject": "B-0031", "derivative": "original"},
        ],
    }
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(described))
    assert meness.done("answer", exchange, "--manifest", str(file), "--no-dispatch")["state"] == "preparing"
    first, second = json.loads(peer.exchanges[UUID(exchange)].manifest)["documents"]
    assert first["certification"]["words"] == "NORAKSTS PAREIZS"
    assert first["certification"]["on"] == "2026-03-01"
    assert "certification" not in second
    assert meness.done("discard", exchange)["state"] == "requested"


def test_a_mistyped_password_is_told_from_a_wrong_one(
    saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive.zip"
    saule.done("download", answered(saule, meness, plan), "--out", str(archive))
    opening = ("open", str(archive), "--to", str(tmp_path / "in"), "--password-file")
    mistyped = password_file(tmp_path, PASSWORD.replace("3", "8"))
    assert saule.refused(*opening, mistyped) == (2, "password.wrong.mistyped")
    other = BODY[::-1]
    assert saule.refused(*opening, password_file(tmp_path, other)) == (2, "password.wrong.other-archive")
    assert not (tmp_path / "in").exists()


def test_what_was_not_opened_is_not_confirmed(
    saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    exchange = answered(saule, meness, plan)
    assert saule.refused("confirm", exchange) == (2, "confirm.not-opened")
    assert saule.refused("confirm", exchange, str(plan)) == (2, "confirm.other-archive")
    assert saule.done("dispute", exchange, "--reason", "unreadable")["state"] == "disputed"
    assert tmp_path.exists()


def test_a_manifest_by_a_stranger_is_not_confirmed(
    peer: HubPeer, saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    exchange, archive = answered(saule, meness, plan), tmp_path / "archive.zip"
    saule.done("download", exchange, "--out", str(archive))
    saule.done("open", str(archive), "--to", str(tmp_path / "in"), "--password-file", password_file(tmp_path))
    peer.exchanges[UUID(exchange)].statements.pop(1)
    assert saule.refused("confirm", exchange) == (2, "confirm.other-statement")


def test_the_password_is_shown_to_be_read_out(saule: Centre, meness: Centre, plan: Path) -> None:
    exchange = answered(saule, meness, plan)
    revealed = meness("reveal", exchange, "--spoken-by", "Ilze Bērziņa;lietvede")
    assert (revealed.code, BODY in revealed.out) == (0, True)


def test_what_is_late_is_listed_with_its_days(peer: HubPeer, saule: Centre, meness: Centre) -> None:
    assert saule("overdue").out == "Nothing is late.\n"
    exchange = asked(saule)
    peer.exchanges[UUID(exchange)].late = True
    assert "working days late: 2" in saule("overdue").out
    assert "Working days late: 2." in saule("status", exchange).out
    assert saule.done("overdue")[0]["exchange"] == exchange
    assert meness.done("status")[0]["overdue"]


def test_a_withdrawn_request_waits_for_nobody(saule: Centre, meness: Centre) -> None:
    exchange = asked(saule)
    assert saule.done("withdraw", exchange, "--reason", "duplicate")["state"] == "withdrawn"
    assert meness.done("inbox") == []
    assert meness.done("status") == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("request", "--holder", "X"), "usage.wrong"),
        (("status", "not-an-id"), "usage.wrong"),
        (("bogus",), "usage.wrong"),
        (("inbox", "--watch"), "inbox.watch-has-no-end"),
        ((*REQUEST, "--holder", "Zeme"), "centre.unknown"),
        ((*REQUEST, "--holder", "M", "--child", "Anna"), "input.refused"),
        (("answer", str(uuid4()), "plan.pdf"), "document.not-described"),
        (("answer", str(uuid4())), "answer.no-documents-given"),
        (("open", "absent.zip", "--to", "x", "--password-file", "absent"), "disk.problem"),
        (("verify", "absent.json"), "disk.problem"),
    ],
)
def test_bad_input_ends_with_2(saule: Centre, meness: Centre, arguments: tuple[str, ...], code: str) -> None:
    assert saule.refused(*arguments) == (2, code)
    assert meness.home.exists()


def test_a_name_is_refused_where_a_reference_belongs(saule: Centre, meness: Centre) -> None:
    result = saule(*REQUEST, "--holder", "Mēness", "--child", "Anna Bērziņa")
    assert result.code == 2
    assert "never names or personal codes" in result.err
    assert meness.done("inbox") == []


def test_the_hubs_refusal_ends_with_1_and_speaks_the_wished_language(saule: Centre) -> None:
    assert saule.refused("status", str(uuid4())) == (1, "exchange.not-found")
    assert "exchange.not-found (lv)" in saule("status", str(uuid4()), "--lang", "lv").err
    assert "exchange.not-found (en)" in saule("status", str(uuid4()), "--lang", "en").err


def test_without_a_centre_the_command_says_what_to_do(tmp_path: Path, run_in: Run) -> None:
    nobody = Centre(tmp_path / "nobody", run_in)
    assert nobody.refused("inbox") == (2, "home.not-initialised")
    assert "saikne init" in nobody("inbox").err
    assert "Palaidiet saikne init" in nobody("--lang=lv", "inbox").err


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("verb", [("--help",), *((name, "--help") for name, _ in COMMANDS)])
def test_every_verb_helps_in_both_languages(
    tmp_path: Path, run_in: Run, verb: tuple[str, ...], language: str
) -> None:
    result = Centre(tmp_path, run_in)(*verb, "--lang", language)
    assert result.code == 0
    assert "help." not in result.out
    assert ("Lietojums:" in result.out) is (language == "lv")
    assert len(KEY_COMMANDS) == 2


def test_the_password_is_read_from_standard_input(
    saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive.zip"
    saule.done("download", answered(saule, meness, plan), "--out", str(archive))
    opening = [
        sys.executable,
        "-c",
        "from saikne.command import main; main()",
        "open",
        str(archive),
        "--json",
    ]
    done = subprocess.run(
        [*opening, "--to", str(tmp_path / "in"), "--password-file", "-"],
        input=PASSWORD.lower(),
        capture_output=True,
        check=True,
        text=True,
        env={"SAIKNE_HOME": str(saule.home)},
    )
    assert len(json.loads(done.stdout)["documents"]) == 1
    assert done.stderr == ""


def test_a_full_disk_leaves_nothing_half_written(
    saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive.zip"
    saule.done("download", answered(saule, meness, plan), "--out", str(archive))
    script = 'ulimit -f 64; exec "$0" -c "from saikne.command import main; main()" open "$1" --to "$2" --json'
    done = subprocess.run(
        ["bash", "-c", script, sys.executable, str(archive), str(tmp_path / "in")],
        input=PASSWORD,
        capture_output=True,
        check=False,
        text=True,
        env={"SAIKNE_HOME": str(saule.home)},
    )
    assert (done.returncode, json.loads(done.stdout)["problem"]["code"]) == (2, "disk.full")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".in", "in"))] == []


def test_help_does_not_load_what_it_does_not_need() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, saikne.command; print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()
    heavy = {"httpx", "pydantic", "joserfc", "cryptography", "pyzipper", "http_message_signatures", "rich"}
    assert not heavy & set(loaded)


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
