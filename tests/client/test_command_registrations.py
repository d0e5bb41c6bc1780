"""`saikne register` and its sisters: sealed here, handed over once, followed by key, and no name in clear."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey

from saikne.installation import Installation
from saikne_schemas.examples.family_moves import EXAMPLES
from saikne_schemas.examples.matters import MATTER, REGISTER
from saikne_schemas.family_moves import FamilyMoveView
from saikne_schemas.register_entries import RegisterFacts, registration_key
from tests.client.command_line import Centre
from tests.client.hub_peer import Fault, HubPeer

PERSONAL = ("Anna", "Bērziņa", "Uldis", "Ņikiforovs", "16117519997", "161175-19997", "328673", "AGIS-4711")
TYPED = (
    *("--agis-id", "AGIS-4711", "--spouse", "Anna Bērziņa;161175-19997", "--specialised", "disability"),
    *("--child", "AG-7741-B1=Uldis Ņikiforovs;328673-00679"),
)
BY = ("--by", "Ilze Kalna;vadītāja")
DAY = "2026-04-01"
STATED = f"/v1/family-moves/{MATTER}/registration"


@pytest.fixture(scope="module")
def register_key() -> ECKey:
    return ECKey.generate_key("P-256")


@pytest.fixture
def move(peer: HubPeer, saule: Centre, meness: Centre, register_key: ECKey) -> dict[str, Any]:
    """A move from Mēness to Saule, whose day is fixed, and a register that is reached by machine."""
    shown: dict[str, Any] = deepcopy(EXAMPLES[FamilyMoveView])
    for party, centre in zip(shown["parties"], (saule, meness), strict=True):
        party["centre"] = str(Installation.at(centre.home).centre)
    shown["duties"] = [REGISTER | {"alt_due_on": "2026-04-09"}]
    peer.matters[f"/v1/family-moves/{MATTER}"] = shown
    jwk = register_key.as_dict(private=False)
    peer.register.view = {"machine": True, "keys": [{"kid": register_key.thumbprint(), "jwk": jwk}]}
    peer.seen.clear()
    return shown


def own_key(saule: Centre) -> str:
    return str(registration_key(UUID(MATTER), DAY, Installation.at(saule.home).centre))


def opened(sealed: bytes, key: ECKey) -> RegisterFacts:
    found = jwe.decrypt_compact(sealed.decode(), key, algorithms=["ECDH-ES", "A256GCM"])
    assert found.plaintext is not None
    return RegisterFacts.model_validate_json(found.plaintext)


def kept_by(saule: Centre) -> list[Path]:
    return sorted((saule.home / "journal").glob("*"))


def stated(peer: HubPeer) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in peer.calls("POST", STATED)]


@pytest.mark.usefixtures("move")
def test_facts_are_sealed_stated_and_handed_over(
    peer: HubPeer, saule: Centre, register_key: ECKey, tmp_path: Path
) -> None:
    facts = tmp_path / "facts.json"
    written = {"spouses": [{"name": "Anna Bērziņa", "code": "161175-19997"}], "specialised": "none"}
    facts.write_text(json.dumps(written), encoding="utf-8")
    made = saule.done("register", MATTER, "--facts", str(facts), *TYPED[-4:], *BY)
    key = own_key(saule)
    assert (made["registration"]["key"], made["registration"]["state"]) == (key, "queued")
    assert made["due"] == [
        {"calendar": "statutory", "on": "2026-04-08", "own": True},
        {"calendar": "moved", "on": "2026-04-09", "own": False},
    ]
    found = opened(peer.register.sealed[key], register_key)
    assert (str(found.key), found.effective_on.isoformat()) == (key, DAY)
    assert (found.agreement, found.agreed_on.isoformat()) == ("V-2026/31", "2026-03-09")
    assert [(one.name, one.code) for one in found.spouses + found.children] == [
        ("Anna Bērziņa", "16117519997"),
        ("Uldis Ņikiforovs", "32867300679"),
    ]
    assert (found.specialised.value, found.agis_id) == ("disability", None)
    (said,) = stated(peer)
    assert said["register_key"] == register_key.thumbprint()
    assert said["sealed_bytes"] == len(peer.register.sealed[key])
    assert said["prepared_by"] == {"name": "Ilze Kalna", "position": "vadītāja"}


@pytest.mark.usefixtures("move")
def test_no_request_carries_a_name_or_a_code_in_clear_and_nothing_stays(peer: HubPeer, saule: Centre) -> None:
    saule.done("register", MATTER, *TYPED, *BY)
    assert [one.method for one in peer.seen if "regist" in one.target] == ["GET", "POST", "PUT"]
    for call in peer.seen:
        told = " ".join([call.target, *call.headers.values(), call.body.decode()])
        assert not [part for part in PERSONAL if part in told]
    assert kept_by(saule) == []


@pytest.mark.usefixtures("move")
@pytest.mark.parametrize("path_end", ["/registration", "/sealed"])
def test_a_run_that_broke_off_goes_on_with_the_same_seal(peer: HubPeer, saule: Centre, path_end: str) -> None:
    peer.faults.append(Fault(path_end, "busy", times=2))
    assert saule.refused("register", MATTER, *TYPED, *BY)[0] == 3
    (kept,) = kept_by(saule)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert not [part for part in PERSONAL if part in kept.read_text()]
    saule.done("register", MATTER, *TYPED, *BY)
    first, *others = stated(peer)
    assert others
    assert all(one == first for one in others)
    assert peer.register.registrations[own_key(saule)]["revision"] == 1
    assert len({one.body for one in peer.calls("PUT", "/sealed")}) == 1
    assert kept_by(saule) == []


@pytest.mark.usefixtures("move")
@pytest.mark.parametrize(
    ("other", "spouses"),
    [
        ((*TYPED, "--spouse", "Jānis Kalns;161175-19990", *BY), ["Anna Bērziņa", "Jānis Kalns"]),
        ((*TYPED, "--by", "Jānis Kalns;sociālais darbinieks"), ["Anna Bērziņa"]),
    ],
)
def test_what_was_put_right_meanwhile_is_sealed_anew(
    peer: HubPeer, saule: Centre, register_key: ECKey, other: tuple[str, ...], spouses: list[str]
) -> None:
    peer.faults.append(Fault("/sealed", "busy", times=2))
    assert saule.refused("register", MATTER, *TYPED, *BY)[0] == 3
    saule.done("register", MATTER, *other)
    first, second = stated(peer)
    assert first["id"] != second["id"]
    found = opened(peer.register.sealed[own_key(saule)], register_key)
    assert [one.name for one in found.spouses] == spouses
    assert kept_by(saule) == []


@pytest.mark.usefixtures("move")
def test_a_refused_statement_is_not_said_again(peer: HubPeer, saule: Centre) -> None:
    peer.faults.append(Fault("/registration", "busy", status=409))
    assert saule.refused("register", MATTER, *TYPED, *BY) == (1, "database.unavailable")
    assert kept_by(saule) == []


@pytest.mark.usefixtures("move")
def test_without_a_machine_way_the_worksheet_is_named_and_nothing_is_sealed(
    peer: HubPeer, saule: Centre
) -> None:
    peer.register.view = {"machine": False, "keys": []}
    assert saule.refused("register", MATTER, *BY) == (2, "register.no-machine-way")
    assert f"saikne register-worksheet {MATTER}\n" in saule("register", MATTER, *BY).err
    assert peer.calls("POST", STATED) == []
    assert kept_by(saule) == []


@pytest.mark.usefixtures("move")
def test_another_key_is_sealed_to_only_once_it_is_named(peer: HubPeer, saule: Centre) -> None:
    """Else a hub could show a key of its own, and read what it passes on."""
    saule.done("register", MATTER, *TYPED, *BY)
    before, other = peer.register.view["keys"][0], ECKey.generate_key("P-256")
    new: dict[str, Any] = {"kid": other.thumbprint(), "jwk": other.as_dict(private=False)}
    words = ("register", MATTER, *TYPED, *BY)
    peer.register.view["keys"] = [new]
    assert saule.refused(*words) == (2, "register.key-new")
    assert f"so far. The hub now shows:\n  {new['kid']}\n" in saule(*words).err
    assert saule.refused(*words, "--register-key", before["kid"]) == (2, "register.key-not-shown")
    peer.register.view["keys"] = [new, before]
    assert saule.done(*words)["registration"]["register_key"] == before["kid"]
    assert saule.done(*words, "--register-key", new["kid"])["registration"]["register_key"] == new["kid"]
    assert saule.done(*words)["registration"]["register_key"] == new["kid"]
    assert opened(peer.register.sealed[own_key(saule)], other).agis_id == "AGIS-4711"
    assert (saule.home / "register-keys.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kid", ["AAAA", "0" * 43])
@pytest.mark.usefixtures("move")
def test_a_key_under_another_name_gets_nothing(peer: HubPeer, saule: Centre, kid: str) -> None:
    peer.register.view["keys"][0]["kid"] = kid
    assert saule.refused("register", MATTER, *TYPED, *BY) == (2, "register.key-misnamed")
    assert peer.calls("POST", STATED) == []
    assert not (saule.home / "register-keys.json").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "previous"}, "worksheet.not-the-new-centre"),
        ({"state": "cancelled"}, "worksheet.move-cancelled"),
    ],
)
def test_who_has_nothing_to_enter_is_told_so(
    move: dict[str, Any], saule: Centre, changes: dict[str, str], code: str
) -> None:
    move.update(changes)
    assert saule.refused("register", MATTER, *TYPED, *BY) == (2, code)


@pytest.mark.usefixtures("move")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((*TYPED[:2], *BY), "register.incomplete"),
        ((*TYPED[:-2], *BY), "register.incomplete"),
        ((*TYPED, "--child", "AG-7741-B9=Anna Kalna;328674-00679", *BY), "worksheet.child-not-of-the-move"),
        ((*TYPED, "--spouse", "Jānis Kalns", *BY), "input.refused"),
        ((*TYPED, "--by", "Ilze Kalna"), "input.refused"),
        (TYPED, "usage.wrong"),
    ],
)
def test_what_cannot_be_entered_so_is_refused_before_anything_is_said(
    peer: HubPeer, saule: Centre, words: tuple[str, ...], code: str
) -> None:
    assert saule.refused("register", MATTER, *words) == (2, code)
    assert peer.calls("POST", STATED) == []
    assert kept_by(saule) == []


def confirmed(move: dict[str, Any], peer: HubPeer, key: str) -> None:
    """The register's answer has come, and the move knows it."""
    entered = {"registered_on": "2026-04-02", "register_id": "AGIS-1", "registration": key}
    move["content"]["registered"] = entered
    peer.register.registrations[key] |= {"state": "acknowledged", "waits_for": None, "next_at": None}


def test_what_the_register_has_confirmed_is_sent_again_only_as_a_correction(
    move: dict[str, Any], peer: HubPeer, saule: Centre
) -> None:
    saule.done("register", MATTER, *TYPED, *BY)
    confirmed(move, peer, own_key(saule))
    assert saule.refused("register", MATTER, *TYPED, *BY) == (2, "register.already-there")
    told = saule("register", MATTER, *TYPED, *BY).err
    assert "AĢIS has confirmed this move already: AGIS-1, 02.04.2026. Nothing was sent.\n" in told
    assert len(stated(peer)) == 1
    again = saule.done("register", MATTER, *TYPED, *BY, "--correct")["registration"]
    assert (again["revision"], again["state"]) == (2, "queued")


def test_what_the_register_lost_is_handed_over_anew_at_once(
    move: dict[str, Any], peer: HubPeer, saule: Centre
) -> None:
    saule.done("register", MATTER, *TYPED, *BY)
    confirmed(move, peer, own_key(saule))
    lost = {"state": "needs_person", "needs_person_because": "not_held"}
    peer.register.registrations[own_key(saule)] |= lost
    assert saule.done("register", MATTER, *TYPED, *BY)["registration"]["revision"] == 2


@pytest.mark.usefixtures("move")
@pytest.mark.parametrize(
    ("because", "commands"),
    [
        ("tried_too_often", ["register-again", "register", "register-worksheet", "register-withdraw"]),
        ("not_completed", ["register", "register-worksheet", "register-withdraw"]),
        ("not_held", ["register", "register-worksheet", "register-withdraw"]),
        ("day_changed", ["register", "register-withdraw"]),
        ("entered_by_hand", ["register-withdraw"]),
    ],
)
def test_a_person_is_told_only_what_can_be_done(
    peer: HubPeer, saule: Centre, because: str, commands: list[str]
) -> None:
    saule.done("register", MATTER, *TYPED, *BY)
    key = own_key(saule)
    peer.register.registrations[key] |= {"state": "needs_person", "needs_person_because": because}
    assert re.findall(r"saikne (\S+)", saule("registration", key).out) == commands


@pytest.mark.usefixtures("move")
@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "lv",
            [
                "Šifrēts ar AĢIS atslēgu {kid}.",
                "Reģistrācija AĢIS {key}, redakcija 1",
                f"Audžuģimenes pāreja: {MATTER}; pārejas datums: 01.04.2026",
                "Stāvoklis: gaida nosūtīšanu",
                "Tālāk rīkojas: sinhronizācija; 01.04.2026 11.00",
                (
                    "Pašlaik nekas nav jādara: to nosūta, sākot ar pārejas dienu. Stāvokli rāda: "
                    "saikne registration {key}"
                ),
                "Ja nodots kļūdaini, atsauciet: saikne register-withdraw {key}",
                "Metodikā noteiktais termiņš: 08.04.2026 (kalendārs bez pārceltajām darba dienām).",
            ],
        ),
        (
            "en",
            [
                "Sealed to the register's key {kid}.",
                "Registration in AĢIS {key}, revision 1",
                f"Family's move: {MATTER}; takes effect on 01.04.2026",
                "State: waits to be sent",
                "Acts next: the synchronisation; 01.04.2026 11.00",
                (
                    "Nothing to do now: it is sent from the day of the move on. How it stands shows: "
                    "saikne registration {key}"
                ),
                "If it was handed over wrongly, take it back: saikne register-withdraw {key}",
                "Term set by the method: 08.04.2026 (statutory calendar).",
            ],
        ),
    ],
)
def test_it_is_said_how_it_stands_and_by_when_it_is_due(
    saule: Centre, register_key: ECKey, language: str, lines: list[str]
) -> None:
    told = saule("register", MATTER, *TYPED, *BY, "--lang", language)
    whole = "\n".join(lines).format(key=own_key(saule), kid=register_key.thumbprint())
    assert (told.code, told.out, told.err) == (0, whole + "\n", "")


@pytest.mark.usefixtures("move")
def test_registrations_are_listed_and_one_is_shown_by_the_beginning_of_its_key(
    peer: HubPeer, saule: Centre
) -> None:
    assert saule("registrations").out == "There are no registrations.\n"
    saule.done("register", MATTER, *TYPED, *BY)
    key = own_key(saule)
    row = f"{key[:8]}  {MATTER}  01.04.2026  waits to be sent  the synchronisation  01.04.2026 11.00\n"
    assert saule("registrations").out == row
    assert [one["key"] for one in saule.done("registrations", "--state", "queued")] == [key]
    assert saule.done("registrations", "--state", "rejected") == []
    assert saule.done("registration", key[:8].upper()) == saule.done("registration", key)
    assert saule.refused("registration", "0" * 8) == (2, "registration.key-unknown")
    assert saule.refused("registration", key[:7]) == (2, "registration.key-unknown")
    peer.register.registrations[key[:8] + "-0000-5000-8000-000000000000"] = {
        **peer.register.registrations[key],
        "key": key[:8] + "-0000-5000-8000-000000000000",
    }
    assert saule.refused("registration", key[:8]) == (2, "registration.key-unknown")


@pytest.mark.usefixtures("move")
def test_the_registers_side_sees_whose_each_registration_is(saule: Centre, meness: Centre) -> None:
    saule.done("register", MATTER, *TYPED, *BY)
    assert "the synchronisation  Saule  01.04.2026 11.00" in meness("registrations").out


@pytest.mark.usefixtures("move")
def test_one_registration_shows_every_attempt_and_what_to_do(peer: HubPeer, saule: Centre) -> None:
    saule.done("register", MATTER, *TYPED, *BY)
    key = own_key(saule)
    at = "2026-04-02T06:00:00Z"
    attempt = {"revision": 1, "ask_first": False, "claimed_at": at, "client": "agis-sync"}
    peer.register.registrations[key] |= {
        "state": "rejected",
        "rejected_because": "person_unknown",
        "waits_for": "centre",
        "tried": [
            {**attempt, "attempt": 1, "result": "unknown"},
            {**attempt, "attempt": 2, "ask_first": True, "result": "rejected", "reason": "person_unknown"},
            {**attempt, "attempt": 3},
        ],
    }
    assert saule("registration", key).out == (
        f"Registration in AĢIS {key}, revision 1\n"
        f"Family's move: {MATTER}; takes effect on 01.04.2026\n"
        "State: rejected by AĢIS\n"
        "  AĢIS does not find a person: check names and personal codes\n"
        "Acts next: the centre; 01.04.2026 11.00\n"
        f"Put right what is wrong and hand it over anew: saikne register {MATTER}\n"
        f"Or take it back: saikne register-withdraw {key}\n"
        "Attempts (with the revision):\n"
        "  1. (1) 02.04.2026 09.00; agis-sync; sent, no answer came\n"
        "  2. (1) 02.04.2026 09.00; agis-sync; rejected by AĢIS; "
        "AĢIS does not find a person: check names and personal codes; AĢIS was to be asked first\n"
        "  3. (1) 02.04.2026 09.00; agis-sync; not reported yet\n"
    )


@pytest.mark.usefixtures("move")
def test_a_person_lets_it_go_on_or_takes_it_back(peer: HubPeer, saule: Centre) -> None:
    saule.done("register", MATTER, *TYPED, *BY)
    key = own_key(saule)
    peer.register.registrations[key]["state"] = "needs_person"
    assert saule.done("register-again", key[:8], *BY)["state"] == "queued"
    replaced = saule("register-withdraw", key, "--reason", "replaced", *BY)
    assert (replaced.code, "replaced" in replaced.err) == (2, False)
    gone = saule.done("register-withdraw", key, "--reason", "entered_by_hand", *BY)
    assert (gone["state"], gone["withdrawn_because"]) == ("withdrawn", "entered_by_hand")
    again, withdrawn = (
        json.loads(call.body)
        for verb in ("registration-again", "registration-withdrawn")
        for call in peer.calls("POST", f"/v1/family-moves/{MATTER}/{verb}")
    )
    decided = {"name": "Ilze Kalna", "position": "vadītāja"}
    assert (again["key"], again["decided_by"]) == (key, decided)
    assert (withdrawn["key"], withdrawn["reason"]) == (key, "entered_by_hand")
    assert kept_by(saule) == []


def test_the_registers_side_is_enrolled_with_one_scope(tmp_path: Path, run_in: Callable[..., Any]) -> None:
    entity = ("--registration-number", "40008000102", "--notices", "agis@example.org")
    words = (
        "init",
        "--name",
        "AĢIS",
        "--legal-entity",
        "Ministrija",
        *entity,
        "--hub",
        "https://hub.example",
    )
    for option, scopes in (("--register-side", ["register_side"]), ("--register", ["exchange", "register"])):
        home = tmp_path / option
        Centre(home, run_in).done(*words, option, "--out", str(home / "file.json"))
        assert [scope.value for scope in Installation.at(home).scopes] == scopes
    for together in (("--register-side", "--oversight"), ("--register-side", "--register")):
        assert Centre(tmp_path / "none", run_in).refused(*words, *together) == (2, "usage.wrong")
    assert not (tmp_path / "none").exists()
