"""The command tells the story to people and to programs, in two languages, and ends with the right code."""

import json
from base64 import b64decode
from pathlib import Path
from uuid import UUID

from saikne.installation import Installation
from saikne_schemas.enrolment import Enrolment, KeyRotation
from tests.client.archives import BODY
from tests.client.command_line import (
    ENTITY,
    OFFICER,
    PASSWORD,
    REQUEST,
    Centre,
    Run,
    answered,
    asked,
    password_file,
)
from tests.client.exchange_peer import NUMBER
from tests.client.hub_peer import Fault, HubPeer
from tests.client.test_enrolment import verified


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
    keys = [key.public().model_dump() for key in Installation.at(saule.home).keys().every()]
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
    assert [len(line) for line in groups] == [8] * 6


def test_new_keys_are_used_once_the_hub_takes_them(peer: HubPeer, saule: Centre, tmp_path: Path) -> None:
    old = Installation.at(saule.home).keys()
    file = tmp_path / "rotation.json"
    saule.done("keys", "rotate", "--out", str(file))
    new = Installation.at(saule.home).next_keys()
    assert saule.refused("keys", "use") == (1, "oauth.invalid_client")
    assert Installation.at(saule.home).keys().signing.kid == old.signing.kid
    signers = [old.signing.public(), *(key.public() for key in new.every())]
    rotation = KeyRotation.model_validate_json(
        verified(file.read_bytes(), [key.model_dump() for key in signers])
    )
    peer.admit("Saule", new, rotation.centre)
    saule.done("keys", "use")
    assert Installation.at(saule.home).keys().signing.kid == new.signing.kid
    assert {path.name for path in (saule.home / "keys").iterdir()} == {
        *(f"{key.use}-{key.kid}.jwk.json" for key in new.every()),
        f"encryption-{old.encryption.kid}.jwk.json" if old.encryption else "",
    }
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


def test_each_missing_thing_may_have_its_own_reason(
    peer: HubPeer, saule: Centre, meness: Centre, plan: Path
) -> None:
    exchange = asked(saule)
    kept = peer.exchanges[UUID(exchange)]
    kept.missing = [
        {"form": "iap", "subject": "B-0032"},
        {"form": "competence_review", "subject": "AG-2001", "spouse": 1},
        {"form": "competence_review", "subject": "AG-2001", "spouse": 2},
        {"form": "family_case", "subject": "AG-2001", "section": "capacity"},
    ]
    command = ("answer", exchange, f"iap:B-0031={plan}", *OFFICER)
    assert meness.refused(*command, "--missing", "iap") == (2, "answer.missing-not-described")
    assert meness.refused(*command, "--missing", "needs=not_drawn_up") == (2, "answer.not-missing")
    assert meness.refused(*command, "--missing", "iap:B-0031=not_drawn_up") == (2, "answer.not-missing")
    some = ("--missing", "kompetenču-pārskats:2=glabājas citur", "--missing", "kapacitāte=nav-sagatavots")
    result = meness(*command, *some)
    assert result.code == 2
    assert result.err.count("AG-2001") == 1  # the first spouse's review; what has its reason is not named
    assert meness.done(*command, *some, "--incomplete-because", "held_elsewhere")["state"] == "dispatched"
    (dispatch,) = [one for one in kept.statements if one["kind"] == "saikne.dispatch/1"]
    said = json.loads(b64decode(dispatch["manifest"]))
    assert said["incomplete_because"] == "held_elsewhere"
    assert [(one["form"], one.get("spouse"), one["because"]) for one in said["missing_because"]] == [
        *(("competence_review", 2, "held_elsewhere"), ("family_case", None, "not_drawn_up"))
    ]


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


def test_a_wrong_password_names_commands_only_with_the_number_of_the_exchange(
    saule: Centre, meness: Centre, plan: Path, tmp_path: Path
) -> None:
    exchange, archive = answered(saule, meness, plan), tmp_path / "archive.zip"
    saule.done("download", exchange, "--out", str(archive))
    opening = ("open", str(archive), "--to", str(tmp_path / "in"), "--lang", "lv", "--password-file")
    wrong = password_file(tmp_path, BODY[::-1])
    told = saule(*opening, wrong)
    assert f"saikne hand-over-again {exchange}" in told.out + told.err
    for fetched in (saule.home / "journal").glob("fetched-*"):
        fetched.unlink()
    told = saule(*opening, wrong)
    assert "saikne" not in told.out + told.err
    assert "parole neder" in told.out + told.err


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
    assert revealed.out.startswith(f"Call {NUMBER} and no other number")


def test_what_is_late_is_listed_with_its_days(peer: HubPeer, saule: Centre, meness: Centre) -> None:
    assert saule("overdue").out == "Nothing is late.\n"
    exchange = asked(saule)
    peer.exchanges[UUID(exchange)].late = True
    assert "2 working days late" in saule("overdue").out
    assert "2 working days late." in saule("status", exchange).out
    assert saule.done("overdue")["copies"][0]["exchange"] == exchange
    assert meness.done("status")[0]["overdue"]


def test_a_withdrawn_request_waits_for_nobody(saule: Centre, meness: Centre) -> None:
    exchange = asked(saule)
    assert saule.done("withdraw", exchange, "--reason", "duplicate")["state"] == "withdrawn"
    assert meness.done("inbox") == []
    assert meness.done("status") == []
